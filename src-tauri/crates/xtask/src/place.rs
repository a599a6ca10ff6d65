//! Where things are: the repository, cargo's target folder, cargo's own programs.
//!
//! All of it is found when xtask starts, because one target folder may serve several clones and
//! xtask may be called from any folder inside one of them.

use crate::command;
use crate::json::Json;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

/// The repository that xtask works on and the folder that its builds go to.
pub struct Place {
    /// The folder that holds the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder, wherever the environment or a cargo setting put it.
    pub target: PathBuf,
    /// What `cargo metadata` says of the workspace's own packages.
    pub metadata: Json,
}

impl Place {
    /// Ask cargo where the workspace and its target folder are.
    pub fn find() -> Result<Place, String> {
        let mut ask = Command::new(cargo());
        ask.args(["metadata", "--no-deps", "--format-version", "1"]);
        if let Some(own_folder) = std::env::var_os("CARGO_MANIFEST_DIR") {
            ask.current_dir(own_folder);
        }
        let metadata = Json::parse(&command::output(&mut ask)?)?;
        let folder = |key: &str| {
            let text = metadata.get(key).and_then(Json::text);
            text.map(PathBuf::from).ok_or_else(|| format!("cargo metadata did not say {key}"))
        };
        Ok(Place { root: folder("workspace_root")?, target: folder("target_directory")?, metadata })
    }

    /// The folder of the web pages.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// `cargo`, to be run at the top of the workspace.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(cargo());
        command.current_dir(&self.root).env("CARGO_TARGET_DIR", &self.target);
        command
    }
}

/// The cargo that runs xtask, so that a chosen toolchain stays chosen.
fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Where `cargo install` puts programs; it need not be on `PATH`.
pub fn cargo_home() -> Option<PathBuf> {
    home_of("CARGO_HOME", ".cargo")
}

/// Where rustup keeps the toolchains, if rustup is used at all.
pub fn rustup_home() -> Option<PathBuf> {
    home_of("RUSTUP_HOME", ".rustup").filter(|folder| folder.is_dir())
}

fn home_of(variable: &str, below_home: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from).or_else(|| std::env::home_dir().map(|home| home.join(below_home)))
}

/// Whether a program of this name is on `PATH`.
pub fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}
