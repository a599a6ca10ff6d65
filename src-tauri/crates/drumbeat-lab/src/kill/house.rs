//! A workspace and a CRM as processes of their own: the binary under test, and the sandbox with its ledger.
//!
//! The workspace opens with a passphrase, so that no keyring is needed; its slot is made cheap, so that
//! a command spends its time in the store and not in the key derivation. Nothing of the person's own
//! session is seen: home, data and bus are the house's own.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use argon2::{Algorithm, Argon2, Params, Version};
use drumbeat_app::clock::Clock;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::events::NoEvents;
use drumbeat_app::keyslots::{self, Keyslots, Wrapped};
use drumbeat_app::secrets::Memory;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::crm::Vendor;
use drumbeat_model::ids::WorkspaceId;
use drumbeat_rules::policy::Policy;
use serde_json::Value;
use tempfile::TempDir;

use crate::sim::device::scratch;

/// What the workspace opens with.
pub const PASSPHRASE: &str = "a passphrase for nothing of value";
/// The least that a slot may cost.
const MEMORY: u32 = 8 * 1024;
const SALT: [u8; 16] = [7; 16];

/// What could not be done at all, as a sentence.
pub type Failure = String;

fn text(error: impl std::fmt::Display) -> Failure {
    error.to_string()
}

/// How a run of the binary ended.
#[derive(Debug, Clone)]
pub struct Ran {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// The one JSON document on standard output, if it is whole.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_str(&self.stdout).ok()
    }

    /// The binary broke instead of answering.
    #[must_use]
    pub fn broke(&self) -> bool {
        self.code == Some(101) || self.stderr.contains("panicked at")
    }
}

/// The processes and their files; everything ends with the value.
pub struct House {
    /// The binary under test.
    pub binary: PathBuf,
    folder: TempDir,
    crm: Child,
    /// Address, token and admin door of the CRM.
    hello: Value,
    /// The workspace.
    pub id: WorkspaceId,
}

impl House {
    /// Starts a vendor's CRM of so many deals, connects a workspace to it, sets it up and syncs it.
    ///
    /// # Errors
    /// When one of these does not work.
    pub fn start(binary: &Path, crm: Vendor, deals: u32, seed: u64) -> Result<Self, Failure> {
        let vendor = match crm {
            Vendor::Hubspot => "hubspot",
            Vendor::Salesforce => "salesforce",
        };
        let folder = scratch().map_err(text)?;
        for name in ["home", "data"] {
            std::fs::create_dir(folder.path().join(name)).map_err(text)?;
        }
        let mut command = clean(binary, folder.path());
        command.args(["sandbox", "--crm", vendor, "--unlimited"]);
        command.args(["--synthetic", &deals.to_string(), "--seed", &seed.to_string()]);
        command.arg("--journal").arg(folder.path().join("crm.journal"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut crm = command.spawn().map_err(text)?;
        let mut line = String::new();
        let heard = crm.stdout.take().map(|out| BufReader::new(out).read_line(&mut line));
        let hello = serde_json::from_str(&line).map_err(|error| format!("the CRM did not start ({error}, {heard:?})"));
        let mut house = Self { binary: binary.to_owned(), folder, crm, hello: hello?, id: WorkspaceId(String::new()) };
        let base = house.said("url").to_owned();
        let mut connect = house.command(&["connect", vendor, "--token-stdin", "--base-url", &base]);
        let input = format!("{PASSPHRASE}\n{}\n", house.said("token"));
        let connected = ran(&mut connect, &input)?;
        let id = connected.json().and_then(|json| json["workspace"].as_str().map(str::to_owned));
        house.id = WorkspaceId(id.ok_or_else(|| format!("connect: {connected:?}"))?);
        house.make_cheap()?;
        // Where a lead can be converted an approval does it, so that the kills meet that request as well.
        let policy = Policy::built_in_text().replace("\"when_editable\"", "\"always\"");
        let file = house.path("policy.toml");
        std::fs::write(&file, policy).map_err(text)?;
        let file = file.to_string_lossy().into_owned();
        let rules = ["policy", "set", &file, "--reason", "leads are approved by converting them"];
        for words in [&["provision", "--apply"][..], &["sync"], &["sync"], &rules] {
            let ran = house.run(words)?;
            if ran.code != Some(0) {
                return Err(format!("{words:?}: {ran:?}"));
            }
        }
        Ok(house)
    }

    /// Wraps the key again at the least price.
    fn make_cheap(&self) -> Result<(), Failure> {
        let file = self.workspace().join(keyslots::FILE);
        let mut slots: Keyslots = serde_json::from_slice(&std::fs::read(&file).map_err(text)?).map_err(text)?;
        let key = slots.from_passphrase(PASSPHRASE).map_err(text)?;
        let mut wrapping = [0; 32];
        let params = Params::new(MEMORY, 1, 1, Some(32)).map_err(text)?;
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(PASSPHRASE.as_bytes(), &SALT, &mut wrapping)
            .map_err(text)?;
        slots.passphrase = Some(Wrapped {
            memory: MEMORY,
            passes: 1,
            salt: SALT.iter().map(|byte| format!("{byte:02x}")).collect(),
            key: keyslots::seal(&wrapping, key.expose()).map_err(text)?,
        });
        std::fs::write(&file, serde_json::to_vec(&slots).map_err(text)?).map_err(text)
    }

    fn said(&self, key: &str) -> &str {
        self.hello[key].as_str().unwrap_or_default()
    }

    /// The folder of the workspaces.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder of the workspace.
    #[must_use]
    pub fn workspace(&self) -> PathBuf {
        self.data().join(&self.id.0)
    }

    /// A file or folder of the house's own.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The binary on this workspace with these words.
    #[must_use]
    pub fn command(&self, words: &[&str]) -> Command {
        self.under(&self.binary, &[] as &[&str], words)
    }

    /// The same, run by another program.
    #[must_use]
    pub fn under<W: AsRef<OsStr>>(&self, program: &Path, before: &[W], words: &[&str]) -> Command {
        let mut command = clean(program, self.folder.path());
        command.args(before);
        if program != self.binary {
            command.arg(&self.binary);
        }
        command.args(["--json", "--quiet", "--passphrase-stdin", "--workspace"]).arg(self.data()).args(words);
        command
    }

    /// Runs the binary to its end.
    ///
    /// # Errors
    /// When it does not start.
    pub fn run(&self, words: &[&str]) -> Result<Ran, Failure> {
        ran(&mut self.command(words), &format!("{PASSPHRASE}\n"))
    }

    /// Opens the workspace here, as the window does.
    ///
    /// # Errors
    /// What is told to a person.
    pub fn open(&self) -> Result<(Arc<Drumbeat>, Arc<Workspace>), Failure> {
        let app = Drumbeat::new(self.data(), Clock::system(), Arc::new(NoEvents), Arc::new(Memory::default()), None);
        let ws = app.open(&self.id, Some(PASSPHRASE)).map_err(|error| format!("{}: {}", error.id, error.message))?;
        Ok((app, ws))
    }

    /// Every write that the CRM has applied, in order.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn ledger(&self) -> Result<Vec<Value>, Failure> {
        let answer = self.ask("GET", "/ledger", "")?;
        answer["entries"].as_array().cloned().ok_or_else(|| "the CRM has no ledger".to_owned())
    }

    /// Lets the CRM's time pass.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn wait(&self, seconds: u32) -> Result<(), Failure> {
        self.ask("POST", "/clock", &serde_json::json!({"advance_seconds": seconds}).to_string()).map(drop)
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Result<Value, Failure> {
        let admin = self.said("admin").trim_start_matches("http://");
        let (host, door) = admin.split_once('/').ok_or("no admin door")?;
        let mut stream = TcpStream::connect(host).map_err(text)?;
        let length = body.len();
        let request = format!(
            "{method} /{door}{path} HTTP/1.0\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).map_err(text)?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map_err(text)?;
        let (_, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
        serde_json::from_str(body).map_err(text)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.crm.kill();
        let _ = self.crm.wait();
    }
}

/// A program that sees nothing of this session.
fn clean(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).env("HOME", folder.join("home")).env("XDG_DATA_HOME", folder.join("home"));
    command
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .env_remove("DISPLAY")
        .env_remove("RUST_BACKTRACE");
    command
}

/// Runs a command to its end.
///
/// # Errors
/// When it does not start.
pub fn ran(command: &mut Command, input: &str) -> Result<Ran, Failure> {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(text)?;
    // One that ends before it reads is told by its exit code.
    let _ = child.stdin.take().map(|mut pipe| pipe.write_all(input.as_bytes()));
    let output = child.wait_with_output().map_err(text)?;
    Ok(Ran {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// Where strace is, if it is installed.
#[must_use]
pub fn strace() -> Option<PathBuf> {
    let found = ["/usr/bin/strace", "/bin/strace", "/usr/local/bin/strace"];
    found.iter().map(PathBuf::from).find(|path| path.is_file())
}
