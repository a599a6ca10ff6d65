//! The one binary: built for trying out, for the tests, and for people.
//!
//! Every build has `custom-protocol`, so that the pages are inside the binary and no build asks for
//! a development server. Development and test builds link the system's OpenSSL where there is one
//! (compiling it costs minutes); release builds bring their own, so that the packages do not depend
//! on one version of it.

use crate::command;
use crate::place::Place;
use crate::steps::Steps;
use crate::system::{self, Purpose};
use crate::ui;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The features of every build that is not for measuring.
pub const FEATURES: &str = "drumbeat/custom-protocol";

/// `run`: open the window on the sample workspace, or run the demo where there is no display.
pub fn open_sample(place: &Place, steps: &mut Steps) -> Result<(), String> {
    prepare(place, steps, Purpose::Run)?;
    steps.step("build Drumbeat", || command::run(development(place).args(["build", "--features", FEATURES])))?;
    let binary = debug_binary(place);
    if has_display() {
        return steps
            .step("the window, on the sample workspace", || command::run(Command::new(binary).arg("--sample")));
    }
    let out = std::env::temp_dir().join(format!("drumbeat-demo-{}", std::process::id()));
    println!(
        "\nThere is no display, so this runs the demo instead of opening the window; its files go to {}.",
        out.display()
    );
    steps.step("the demo", || command::run(Command::new(binary).args(["demo", "--out"]).arg(&out)))
}

/// `build`: the release binary; prints its path last.
pub fn release(place: &Place, steps: &mut Steps, lab: bool) -> Result<(), String> {
    prepare(place, steps, Purpose::Run)?;
    let features = if lab { format!("{FEATURES},drumbeat/lab") } else { FEATURES.to_owned() };
    steps.step("build the release", || {
        command::run(place.cargo().args(["build", "--release", "--locked", "--features", &features]))
    })?;
    let binary = named(&place.target.join("release"));
    steps.step("symbols", || exports_no_sqlite(&binary))?;
    println!("\n{}{}", steps.table(), binary.display());
    Ok(())
}

/// `bundle`: the installable packages; prints their paths last.
pub fn bundle(place: &Place, steps: &mut Steps) -> Result<(), String> {
    prepare(place, steps, Purpose::Run)?;
    let tauri = place.ui().join("node_modules/.bin/tauri");
    let folder = place.target.join("release/bundle");
    steps.step("packages", || {
        if !tauri.exists() {
            return Err("@tauri-apps/cli is not among ui/package.json's devDependencies".to_owned());
        }
        // An older version's package must not be listed as if it were of this build.
        match fs::remove_dir_all(&folder) {
            Err(why) if why.kind() != std::io::ErrorKind::NotFound => {
                return Err(format!("{}: {why}", folder.display()));
            }
            _ => {}
        }
        let mut build = Command::new(&tauri);
        build.args(["build", "--ci", "--bundles", "deb,rpm", "--", "--locked"]);
        command::run(build.current_dir(&place.root).env("CARGO_TARGET_DIR", &place.target))
    })?;
    let mut paths = Vec::new();
    for kind in ["deb", "rpm"] {
        let folder = folder.join(kind);
        let files = fs::read_dir(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        let made = files.filter_map(Result::ok).map(|file| file.path());
        paths.extend(made.filter(|path| path.extension().is_some_and(|ending| ending == kind)));
    }
    println!("\n{}", steps.table());
    for path in &paths {
        println!("{}", path.display());
    }
    if paths.len() == 2 { Ok(()) } else { Err(format!("{} packages were made instead of 2", paths.len())) }
}

/// System packages, npm packages and the built pages: what every build of the binary starts from.
pub fn prepare(place: &Place, steps: &mut Steps, purpose: Purpose) -> Result<(), String> {
    steps.step("system packages", || system::prepare(purpose))?;
    steps.step("npm packages", || ui::install(place))?;
    steps.step("build the pages", || ui::script(place, "build"))
}

/// Cargo for development and test builds.
pub fn development(place: &Place) -> Command {
    let mut cargo = place.cargo();
    if system::has_library("openssl") {
        cargo.env("OPENSSL_NO_VENDOR", "1");
    }
    cargo
}

/// Where a development build leaves the binary.
pub fn debug_binary(place: &Place) -> PathBuf {
    named(&place.target.join("debug"))
}

fn named(folder: &Path) -> PathBuf {
    folder.join(format!("drumbeat{}", std::env::consts::EXE_SUFFIX))
}

fn has_display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// WebKit links the system's SQLite; if our binary exported SQLCipher's functions, WebKit's own
/// databases would run on them.
pub fn exports_no_sqlite(binary: &Path) -> Result<(), String> {
    if cfg!(not(target_os = "linux")) {
        return Ok(());
    }
    let symbols = command::output(Command::new("nm").args(["-D", "--defined-only"]).arg(binary))?;
    match symbols.lines().filter(|line| line.contains("sqlite3_")).count() {
        0 => Ok(()),
        count => Err(format!("{} exports {count} sqlite3_ functions; WebKit would use them", binary.display())),
    }
}
