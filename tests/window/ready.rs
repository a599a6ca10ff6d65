//! A desktop whose workspace is connected to a CRM of its own and synced, by the command line: where most journeys begin.

use crate::crm::Crm;
use crate::hand::NOW;
use crate::names::{HUBSPOT, Names};
use kit::binary::{Answer, drumbeat};
use kit::display::Desktop;
use kit::driver::Window;
use std::time::Duration;

/// Start HubSpot with its sample, connect to it, add what is missing there, and read it.
pub fn synced(desktop: &Desktop) -> Crm<'_> {
    synced_with(&HUBSPOT, desktop)
}

/// The same with a CRM of one's choice.
pub fn synced_with<'d>(names: &Names, desktop: &'d Desktop) -> Crm<'d> {
    let crm = Crm::of(names.crm, desktop, NOW, ["--seed", "7", "--unlimited"]);
    crm.connect(NOW).done();
    for words in [&["provision", "--apply"][..], &["sync"]] {
        ask(desktop, words).done();
    }
    crm
}

/// The window on that workspace.
pub async fn open(desktop: &Desktop) -> Window {
    let mut window = Window::open(desktop, &["--now", NOW]).await;
    window.be_patient(Duration::from_secs(40));
    window.arrive("/today").await;
    window
}

/// The command line on that workspace, at the same moment.
pub fn ask(desktop: &Desktop, words: &[&str]) -> Answer {
    drumbeat(desktop).args(["--now", NOW]).args(words).run()
}
