//! `test`: install what is missing, then run every test there is.
//!
//! Everything is compiled in one go before the first test runs, with one set of features, so that
//! no crate is compiled twice. The Rust tests run in a private session ([`crate::session`]).

use crate::binary::{self, FEATURES, debug_binary, development, exports_no_sqlite};
use crate::command;
use crate::generated;
use crate::place::{Place, cargo_home, on_path};
use crate::python;
use crate::session::Session;
use crate::steps::Steps;
use crate::system::Purpose;
use crate::ui;
use std::process::Command;

/// The WebDriver bridge; newer majors are pre-releases.
const TAURI_DRIVER: &str = "2.1.0";

/// Run every test. The runners' own summaries are the last lines.
pub fn run_everything(place: &Place, steps: &mut Steps) -> Result<(), String> {
    binary::prepare(place, steps, Purpose::Test)?;
    steps.step("tauri-driver", || install_tauri_driver(place))?;
    steps.step("the vendors' clients", || ui::install_vendor_clients(place))?;
    steps.step("Python packages", || python::install(place))?;
    steps.step("lint the pages", || ui::script(place, "lint"))?;
    let mut summaries = steps.step("test the pages", || ui::test(place))?;
    steps.step("formatting", || command::run(place.cargo().args(["fmt", "--all", "--check"])))?;
    build(place, steps)?;
    steps.step("symbols", || exports_no_sqlite(&debug_binary(place)))?;
    steps.step("generated files", || generated::are_fresh(place))?;
    summaries.extend(run_rust(place, steps)?);
    summaries.extend(steps.step("hostile files", || fuzz(place))?);

    println!("\n{}", steps.table());
    for line in summaries {
        println!("{line}");
    }
    Ok(())
}

/// Compile the binary, the tests and the examples of the whole workspace.
pub fn build(place: &Place, steps: &mut Steps) -> Result<(), String> {
    steps.step("build everything", || {
        command::run(development(place).args([
            "build",
            "--workspace",
            "--all-targets",
            "--locked",
            "--features",
            FEATURES,
        ]))
    })
}

/// Feed changed tables, mails and policies to their readers, half a minute each, side by side.
fn fuzz(place: &Place) -> Result<Vec<String>, String> {
    let program = place.target.join("debug/examples").join(format!("fuzz{}", std::env::consts::EXE_SUFFIX));
    command::run_keeping(Command::new(program).arg("30"), |line| line.contains(" inputs in "))
}

/// Run the Rust tests in a private session; gives the runners' closing lines.
///
/// nextest runs each test in its own process and several windows one after another; it does not run
/// documentation examples, so cargo does. Without nextest, cargo runs everything.
fn run_rust(place: &Place, steps: &mut Steps) -> Result<Vec<String>, String> {
    let session = Session::new()?;
    let whole = ["--workspace", "--locked", "--features", FEATURES];
    let keep = |line: &str| ["Summary [", "test result:"].iter().any(|start| line.trim_start().starts_with(start));
    let mut run = |name: &str, words: &[&str]| {
        let mut tests = development(place);
        tests.args(words).args(whole);
        let kept = steps.step(name, || command::run_keeping(&mut in_session(&session, place, tests), keep));
        kept.map(|lines| lines.into_iter().filter(|line| !line.contains("ok. 0 passed")).collect::<Vec<_>>())
    };
    if !command::succeeds(place.cargo().args(["nextest", "--version"])) {
        println!("\ncargo-nextest is not installed: plain `cargo test` runs the same tests, one binary after another.");
        return run("Rust tests", &["test", "--no-fail-fast"]);
    }
    let mut summaries = run("documentation examples", &["test", "--doc"])?;
    summaries.extend(run("Rust tests", &["nextest", "run"])?);
    Ok(summaries)
}

/// Install the bridge between WebDriver and the window, unless this version is there.
pub fn install_tauri_driver(place: &Place) -> Result<(), String> {
    let installed = command::output(place.cargo().args(["install", "--list"]))?;
    let listed = installed.lines().find_map(|line| line.strip_prefix("tauri-driver v"));
    let usable = match listed {
        Some(version) => version.trim_end_matches(':') == TAURI_DRIVER,
        // Put there by other means than cargo: its owner chose the version.
        None => on_path("tauri-driver"),
    };
    if usable {
        println!("    installed");
        return Ok(());
    }
    command::run(place.cargo().args(["install", "tauri-driver", "--version", TAURI_DRIVER, "--locked"]))
}

/// `PATH` and the folder that `cargo install` writes to, which a bare shell need not have.
pub fn path_with_cargo_programs() -> Option<std::ffi::OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(cargo_home().map(|home| home.join("bin")));
    std::env::join_paths(folders).ok()
}

/// A command with the environment that window tests need, in `session`.
pub fn in_session(session: &Session, place: &Place, mut command: Command) -> Command {
    command.current_dir(&place.root).env("DRUMBEAT_BIN", debug_binary(place));
    command.env("DRUMBEAT_PYTHON", python::interpreter(place));
    if let Some(path) = path_with_cargo_programs() {
        command.env("PATH", path);
    }
    session.around(&command)
}
