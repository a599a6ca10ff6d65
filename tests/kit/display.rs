//! A desktop of its own for one test: home folder, session bus, unlocked keyring, and a display.
//!
//! The product stores real secrets in a real Secret Service and opens real windows. A test that
//! needs either starts a [`Desktop`] and runs the binary on it, as often as it likes: the command
//! line and the window of one test share the keyring and the data folder, two tests share nothing,
//! and the developer's own session is never seen. Everything ends when the value is dropped.
//!
//! Needs dbus-daemon, gnome-keyring-daemon and, for windows, Xvfb. `cargo xtask test` installs them.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// A home folder, a session bus and, unless asked otherwise, an unlocked keyring.
pub struct Desktop {
    folder: TempDir,
    environment: Vec<(OsString, OsString)>,
    bus: Group,
}

/// How the keyring of a desktop is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyring {
    /// As after a login: it stores and gives secrets.
    Unlocked,
    /// There is a session bus and nobody on it keeps secrets.
    Missing,
}

impl Desktop {
    /// A desktop as after a login.
    pub fn start() -> Desktop {
        Desktop::with(Keyring::Unlocked)
    }

    /// A desktop whose keyring is as given.
    pub fn with(keyring: Keyring) -> Desktop {
        let folder = tempfile::Builder::new().prefix("drumbeat-desktop-").tempdir().expect("a temporary folder");
        let mut environment: Vec<(OsString, OsString)> = Vec::new();
        for (variable, name) in [
            ("HOME", "home"),
            ("XDG_RUNTIME_DIR", "run"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
            ("TMPDIR", "tmp"),
        ] {
            let path = folder.path().join(name);
            // Buses and keyrings refuse a runtime folder that others may read.
            DirBuilder::new().mode(0o700).create(&path).expect("a private folder");
            environment.push((variable.into(), path.into()));
        }
        // Reduced motion, as a person would ask for it: nothing is looked at half way.
        let gtk = folder.path().join("config/gtk-3.0");
        fs::create_dir(&gtk).expect("a folder");
        fs::write(gtk.join("settings.ini"), "[Settings]\ngtk-enable-animations=0\n").expect("settings");
        // Neither a graphics card nor an accessibility bus is there to be asked.
        environment.push(("WEBKIT_DISABLE_DMABUF_RENDERER".into(), "1".into()));
        environment.push(("NO_AT_BRIDGE".into(), "1".into()));
        if keyring == Keyring::Missing {
            // The bus starts services that it finds in these folders on demand, the keyring too.
            environment.push(("XDG_DATA_DIRS".into(), folder.path().join("nothing").into()));
        }

        let mut daemon = command_in("dbus-daemon", &environment);
        daemon.args(["--session", "--nofork", "--nopidfile", "--print-address=1"]);
        let (bus, address) = Group::start_and_hear(&mut daemon, &folder.path().join("bus.log"));
        environment.push(("DBUS_SESSION_BUS_ADDRESS".into(), address.into()));

        let desktop = Desktop { folder, environment, bus };
        if keyring == Keyring::Unlocked {
            desktop.unlock_keyring();
        }
        desktop
    }

    /// Set a variable for every program that is started on this desktop from now on.
    pub fn set(&mut self, variable: &str, value: impl AsRef<OsStr>) {
        self.environment.push((variable.into(), value.as_ref().into()));
    }

    /// A program on this desktop, with its home, bus and keyring.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        command_in(program, &self.environment)
    }

    /// A file or folder of this test's own, on this desktop.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// End the session bus, and with it the keyring, while programs still run.
    pub fn end_session(&mut self) {
        self.bus.end();
    }

    /// An empty password first creates, then opens the login keyring of a new home. The daemon goes
    /// to the background when it serves, and ends with the bus.
    fn unlock_keyring(&self) {
        let mut daemon = self.command("gnome-keyring-daemon");
        daemon.args(["--unlock", "--components=secrets"]).stdin(Stdio::piped()).stdout(Stdio::null());
        daemon.stderr(File::create(self.path("keyring.log")).expect("a log file"));
        let mut daemon = daemon.spawn().expect("gnome-keyring-daemon is installed");
        daemon.stdin.take().expect("a pipe").write_all(b"\n").expect("the keyring reads its password");
        assert!(daemon.wait().expect("the keyring daemon").success(), "the keyring did not unlock");
    }
}

/// A screen that nobody sees, large enough for every size that is looked at.
pub struct Display {
    name: String,
    _server: Group,
}

impl Display {
    /// Start a display on `desktop`; it takes a number that nobody uses.
    pub fn start(desktop: &Desktop) -> Display {
        let mut server = desktop.command("Xvfb");
        server.args(["-displayfd", "1", "-screen", "0", "1920x1200x24", "-nolisten", "tcp", "-noreset"]);
        let (server, number) = Group::start_and_hear(&mut server, &desktop.path("display.log"));
        Display { name: format!(":{number}"), _server: server }
    }

    /// What `DISPLAY` must be.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// A program and everything that it starts; they are asked to end together when it is dropped.
pub(crate) struct Group {
    leader: Child,
    over: bool,
}

impl Group {
    /// Start `command` as the leader of its own process group; standard error goes to `log`, and so
    /// does standard output unless it is piped already.
    pub(crate) fn start(command: &mut Command, log: &Path) -> Group {
        let log = File::create(log).expect("a log file");
        command.stdin(Stdio::null()).stderr(log).process_group(0);
        let leader = command
            .spawn()
            .unwrap_or_else(|why| panic!("{} could not be started: {why}", command.get_program().to_string_lossy()));
        Group { leader, over: false }
    }

    /// Start a program that says one line when it is ready.
    pub(crate) fn start_and_hear(command: &mut Command, log: &Path) -> (Group, String) {
        let mut group = Group::start(command.stdout(Stdio::piped()), log);
        let mut line = String::new();
        let mut pipe = BufReader::new(group.leader.stdout.take().expect("a pipe"));
        pipe.read_line(&mut line).expect("text");
        if line.trim().is_empty() {
            let name = command.get_program().to_string_lossy();
            panic!("{name} ended before it was ready: {}", fs::read_to_string(log).unwrap_or_default());
        }
        // The pipe stays open: some programs end when nobody can hear them.
        group.leader.stdout = Some(pipe.into_inner());
        (group, line.trim().to_owned())
    }

    /// End the whole group as a power cut does: nobody is asked.
    pub(crate) fn kill(&mut self) {
        self.over = true;
        let everybody = format!("kill -KILL -{}", self.leader.id());
        let struck = Command::new("sh").args(["-c", &everybody]).stderr(Stdio::null()).status();
        assert!(struck.is_ok_and(|status| status.success()), "the group was not struck");
        let _ = self.leader.wait();
    }

    /// Ask the whole group to end, and wait for its leader.
    ///
    /// SIGTERM, not SIGKILL: the WebDriver bridge takes WebKit's driver with it only when asked.
    pub(crate) fn end(&mut self) {
        if self.over {
            return;
        }
        self.over = true;
        let everybody = format!("kill -TERM -{}", self.leader.id());
        let asked = Command::new("sh").args(["-c", &everybody]).stderr(Stdio::null()).status();
        if asked.is_ok() {
            let _ = self.leader.wait();
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

/// A program with `environment` and without what it would inherit of the real desktop.
fn command_in(program: impl AsRef<OsStr>, environment: &[(OsString, OsString)]) -> Command {
    let mut command = Command::new(program);
    for inherited in ["DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "GTK_THEME", "GNOME_KEYRING_CONTROL"] {
        command.env_remove(inherited);
    }
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    command
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Output;

    fn secret(desktop: &Desktop, words: &str) -> Output {
        desktop.command("sh").args(["-c", words]).output().expect("sh")
    }

    #[test]
    fn a_desktop_keeps_a_secret_and_the_next_one_does_not_know_it() {
        let one = Desktop::start();
        assert!(secret(&one, "printf kept | secret-tool store --label=test for test").status.success());
        assert_eq!(secret(&one, "secret-tool lookup for test").stdout, b"kept");
        assert_eq!(secret(&Desktop::start(), "secret-tool lookup for test").stdout, b"");
    }

    #[test]
    fn a_missing_keyring_is_missing() {
        let desktop = Desktop::with(Keyring::Missing);
        assert!(!secret(&desktop, "printf lost | secret-tool store --label=test for test").status.success());
    }

    #[test]
    fn a_desktop_has_its_own_home() {
        let desktop = Desktop::start();
        let home = secret(&desktop, "printf %s \"$HOME\"").stdout;
        assert_eq!(home, desktop.path("home").as_os_str().as_encoded_bytes());
    }
}
