//! The built binary, run as a person at a shell runs it.
//!
//! ```no_run
//! use kit::{binary::drumbeat, display::Desktop};
//! let desktop = Desktop::start();
//! let answer = drumbeat(&desktop).args(["status", "--json"]).run();
//! assert_eq!(answer.code, 0, "{answer}");
//! ```
//!
//! Cargo does not build another package's binary for a test: `cargo xtask test` builds it first and
//! names it in `DRUMBEAT_BIN`; by hand, `cargo build --features drumbeat/custom-protocol` puts it
//! where it is looked for.

use crate::display::{Desktop, Group};
use serde_json::Value;
use std::ffi::OsStr;
use std::fmt;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

/// Where the built binary is.
pub fn path() -> PathBuf {
    let beside_the_tests = || {
        let test = std::env::current_exe().expect("a test has a path");
        let folder = test.parent().and_then(|deps| deps.parent()).expect("target/debug/deps/test");
        folder.join(format!("drumbeat{}", std::env::consts::EXE_SUFFIX))
    };
    let path = std::env::var_os("DRUMBEAT_BIN").map_or_else(beside_the_tests, PathBuf::from);
    let build = "cargo build --features drumbeat/custom-protocol";
    assert!(path.is_file(), "{} is not built: {build}", path.display());
    path
}

/// One run of the binary, to be given its words and started.
pub struct Invocation {
    command: Command,
    input: Vec<u8>,
}

/// Drumbeat on this desktop, without any words yet.
pub fn drumbeat(desktop: &Desktop) -> Invocation {
    let mut command = desktop.command(path());
    command.current_dir(desktop.path("home"));
    Invocation { command, input: Vec::new() }
}

impl Invocation {
    /// Add words to the command line.
    pub fn args<W: AsRef<OsStr>>(mut self, words: impl IntoIterator<Item = W>) -> Invocation {
        self.command.args(words);
        self
    }

    /// Set a variable for this run only.
    pub fn env(mut self, variable: &str, value: impl AsRef<OsStr>) -> Invocation {
        self.command.env(variable, value);
        self
    }

    /// What the binary reads on standard input, once; without this it reads the end at once.
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Invocation {
        self.input = input.into();
        self
    }

    /// Run to the end.
    pub fn run(mut self) -> Answer {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("the binary starts");
        let mut pipe = child.stdin.take().expect("a pipe");
        let input = std::mem::take(&mut self.input);
        // On its own thread: a binary that writes much before it reads must not block us. One that
        // never reads closes the pipe, and that is its right.
        let writer = thread::spawn(move || drop(pipe.write_all(&input)));
        let output = child.wait_with_output().expect("the binary ends");
        writer.join().expect("the writer ends");
        Answer {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("results are text"),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// What one run of the binary said.
#[derive(Debug)]
pub struct Answer {
    /// The exit code; -1 when a signal ended it.
    pub code: i32,
    /// The results.
    pub stdout: String,
    /// Progress and complaints.
    pub stderr: String,
}

impl Answer {
    /// The one JSON document on standard output.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|why| panic!("not one JSON document ({why}): {self}"))
    }

    /// The same answer, if the run ended well.
    pub fn done(self) -> Answer {
        self.ends(0)
    }

    /// The same answer, if the run ended with this code.
    pub fn ends(self, code: i32) -> Answer {
        assert_eq!(self.code, code, "{self}");
        self
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "exit code {}\n--- stdout\n{}\n--- stderr\n{}", self.code, self.stdout, self.stderr)
    }
}

/// `drumbeat sandbox` in a process of its own: the local CRM as the product's users start it.
pub struct Sandbox {
    /// What it said on its first line: `url`, `token`, `crm`, `admin`.
    pub hello: Value,
    process: Group,
}

impl Sandbox {
    /// Start it with these words after `sandbox`, and wait until it serves.
    pub fn start<W: AsRef<OsStr>>(desktop: &Desktop, words: impl IntoIterator<Item = W>) -> Sandbox {
        let mut command = desktop.command(path());
        command.arg("sandbox").args(words);
        let (process, line) = Group::start_and_hear(&mut command, &desktop.path("sandbox.log"));
        let hello = serde_json::from_str(&line).unwrap_or_else(|why| panic!("not JSON ({why}): {line}"));
        Sandbox { hello, process }
    }

    /// Where it serves.
    pub fn url(&self) -> &str {
        self.said("url")
    }

    /// The token that it accepts.
    pub fn token(&self) -> &str {
        self.said("token")
    }

    /// Where faults are planted and the ledger is read.
    pub fn admin(&self) -> &str {
        self.said("admin")
    }

    /// Pull the plug: from now on nobody answers at its address.
    pub fn stop(&mut self) {
        self.process.end();
    }

    fn said(&self, key: &str) -> &str {
        self.hello[key].as_str().unwrap_or_else(|| panic!("the sandbox did not say its {key}: {}", self.hello))
    }
}
