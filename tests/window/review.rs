//! A review from start to minutes, by keyboard.

use crate::hand::NOW;
use crate::job::{REVIEWED, hold_review};
use kit::display::Desktop;
use kit::driver::Window;

#[tokio::test(flavor = "multi_thread")]
async fn a_review_goes_from_the_agenda_to_minutes_that_have_the_decision() {
    let desktop = Desktop::start();
    let window = Window::open(&desktop, &["--sample", "--now", NOW]).await;
    let minutes = hold_review(&window).await;
    for said in REVIEWED {
        assert!(minutes.contains(said), "{said}: {minutes}");
    }
    window.close().await;
}
