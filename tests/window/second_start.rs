//! A second start of the window: the first one comes forward with what was asked for, the second one ends.

use crate::hand::NOW;
use kit::binary::drumbeat;
use kit::display::{Desktop, Display};
use kit::driver::Window;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_hands_over_to_the_first_and_ends() {
    let desktop = Desktop::start();
    let window = Window::open(&desktop, &["--now", NOW]).await;
    window.see_text("Explore with sample data").await;
    let second = |words: &'static [&'static str]| {
        let display = Display::start(&desktop);
        let begun = Instant::now();
        let answer = drumbeat(&desktop).env("DISPLAY", display.name()).args(words).run();
        assert_eq!(answer.code, 0, "{answer}");
        assert!(begun.elapsed() < Duration::from_secs(10), "it ends at once: {:?}", begun.elapsed());
    };
    second(&[]);
    window.see_text("Explore with sample data").await;
    second(&["--sample"]);
    window.arrive("/today").await;
    window.see("main [role=row]").await;
    window.close().await;
}
