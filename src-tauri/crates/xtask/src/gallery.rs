//! `gallery DIR`: a picture of every screen, taken in the real window on the sample workspace.
//!
//! The pictures are taken by the example `gallery` of the test package, which drives the window as
//! the window tests do; this only builds and starts it.

use crate::binary::{self, FEATURES, development};
use crate::command;
use crate::place::Place;
use crate::session::Session;
use crate::steps::Steps;
use crate::system::Purpose;
use crate::tests::{in_session, install_tauri_driver};
use std::path;
use std::process::Command;

/// Write the pictures into `directory`, which is made if it is not there.
pub fn take(place: &Place, steps: &mut Steps, directory: &str) -> Result<(), String> {
    let directory = path::absolute(directory).map_err(|why| format!("{directory}: {why}"))?;
    binary::prepare(place, steps, Purpose::Test)?;
    steps.step("tauri-driver", || install_tauri_driver(place))?;
    steps.step("build Drumbeat and the camera", || {
        let both = ["--bin", "drumbeat", "--example", "gallery"];
        command::run(development(place).args(["build", "--workspace"]).args(both).args(["--features", FEATURES]))
    })?;
    let session = Session::new()?;
    steps.step("pictures", || {
        let mut camera = Command::new(place.target.join("debug/examples/gallery"));
        camera.arg(&directory);
        command::run(&mut in_session(&session, place, camera))
    })?;
    println!("\n{}{}", steps.table(), directory.display());
    Ok(())
}
