//! A desktop of our own for the tests: a display, a session bus and an unlocked keyring.
//!
//! The tests store real secrets in a real Secret Service and open real windows. Both happen in a
//! session that starts with the command and ends with it, with its own home folder, so that nothing
//! of the developer's own session is seen or touched. Cargo and rustup keep their homes.

use crate::place::{cargo_home, rustup_home};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An empty password unlocks (and first creates) the login keyring of the empty home.
const UNLOCK: &str = r#"printf '\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@""#;

/// The session's folders; they go away with this value.
pub struct Session {
    folder: PathBuf,
}

impl Session {
    /// Make the folders of an empty home.
    pub fn new() -> Result<Session, String> {
        let folder = std::env::temp_dir().join(format!("drumbeat-session-{}", std::process::id()));
        let session = Session { folder };
        for part in ["home", "run", "data", "config", "cache"] {
            private_folder(&session.folder.join(part))?;
        }
        Ok(session)
    }

    /// The same command, in this session.
    pub fn around(&self, command: &Command) -> Command {
        let mut inside = Command::new("xvfb-run");
        inside.args(["-a", "-s", "-screen 0 1920x1200x24 -nolisten tcp"]);
        inside.args(["dbus-run-session", "--", "sh", "-c", UNLOCK, "sh"]);
        inside.arg(command.get_program()).args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            inside.current_dir(folder);
        }
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => inside.env(name, value),
                None => inside.env_remove(name),
            };
        }
        inside.env("HOME", self.folder.join("home"));
        inside.env("XDG_RUNTIME_DIR", self.folder.join("run"));
        inside.env("XDG_DATA_HOME", self.folder.join("data"));
        inside.env("XDG_CONFIG_HOME", self.folder.join("config"));
        inside.env("XDG_CACHE_HOME", self.folder.join("cache"));
        inside.env("WEBKIT_DISABLE_DMABUF_RENDERER", "1").env("NO_AT_BRIDGE", "1");
        inside.env_remove("WAYLAND_DISPLAY").env_remove("DBUS_SESSION_BUS_ADDRESS");
        for (name, home) in [("CARGO_HOME", cargo_home()), ("RUSTUP_HOME", rustup_home())] {
            if let Some(home) = home {
                inside.env(name, home);
            }
        }
        inside
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Leftovers in the temporary folder harm nobody; the tests' outcome counts.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// D-Bus and the keyring refuse a runtime folder that others may read.
fn private_folder(path: &Path) -> Result<(), String> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(path).map_err(|why| format!("{}: {why}", path.display()))
}
