//! A picture of every screen: the real window on the sample workspace, in both themes and two sizes.
//!
//! `cargo xtask gallery DIR` builds and starts this. Each theme is one run of the app with a fixed
//! clock, walked by keyboard as a person would walk it; each picture is `screen-theme-WIDTHxHEIGHT.png`.
//! A picture is taken when the page stands still. Nothing is compared here: a person looks.

use kit::display::Desktop;
use kit::driver::Window;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The moment at which the sample workspace is looked at.
const NOW: &str = "2026-11-16T08:30:00Z";

/// GTK's names for the themes; the window follows the desktop's.
const THEMES: &[(&str, &str)] = &[("light", "Adwaita"), ("dark", "Adwaita:dark")];

const SIZES: &[(u32, u32)] = &[(1280, 800), (1920, 1080)];

/// The screens of the sample workspace, the keys that lead there, and where they then are.
const SCREENS: &[(&str, &str, &str)] = &[
    ("today", "g t", "/today"),
    ("inbox", "g i", "/inbox"),
    ("review", "g r", "/review"),
    ("deals", "g d", "/deals"),
    ("partners", "g p", "/partners"),
    ("metrics", "g m", "/metrics"),
    ("metrics-by-partner", "g m 3", "/metrics"),
    ("forecast", "g m 9", "/metrics"),
    ("packs", "g k", "/packs"),
    ("policy", "g y", "/policy"),
    ("conflicts", "g c", "/conflicts"),
    ("activity", "g a", "/activity"),
    ("settings", "g s", "/settings"),
];

#[tokio::main]
async fn main() -> ExitCode {
    let Some(directory) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("gallery DIR: writes a picture of every screen into DIR");
        return ExitCode::from(2);
    };
    if let Err(why) = std::fs::create_dir_all(&directory) {
        eprintln!("{}: {why}", directory.display());
        return ExitCode::FAILURE;
    }
    for (theme, gtk_theme) in THEMES {
        let mut desktop = Desktop::start();
        desktop.set("GTK_THEME", gtk_theme);
        sample(&desktop, &directory, theme).await;
        first_start(&desktop, &directory, theme).await;
    }
    ExitCode::SUCCESS
}

/// Every screen of the sample workspace, and the palette and the key sheet above one.
async fn sample(desktop: &Desktop, directory: &Path, theme: &str) {
    let window = Window::open(desktop, &["--sample", "--now", NOW]).await;
    for &(width, height) in SIZES {
        window.resize(width, height).await;
        for (screen, keys, place) in SCREENS {
            window.press(keys).await;
            window.arrive(place).await;
            take(&window, directory, screen, theme, (width, height)).await;
        }
        window.press("g i").await;
        window.arrive("/inbox").await;
        for (sheet, keys) in [("palette", "Ctrl+k"), ("keys", "?")] {
            window.press(keys).await;
            window.see("[role=dialog]").await;
            take(&window, directory, sheet, theme, (width, height)).await;
            window.press("Escape").await;
            window.see_no("[role=dialog]").await;
        }
    }
    for &size in SIZES {
        window.resize(size.0, size.1).await;
        deals(&window, directory, theme, size).await;
        dialogs(&window, directory, theme, size).await;
    }
    review(&window, directory, theme).await;
    window.close().await;
}

/// The deals as a board, one of them, and the dialog of a move.
async fn deals(window: &Window, directory: &Path, theme: &str, size: (u32, u32)) {
    window.press("g d").await;
    window.arrive("/deals").await;
    window.press("b").await;
    take(window, directory, "deals-board", theme, size).await;
    window.press("b").await;
    window.see("[role=grid] [role=row]").await;
    window.press("j").await;
    window.press("Enter").await;
    window.see_text("answers for it").await;
    take(window, directory, "deal", theme, size).await;
    window.press("m").await;
    window.see("[role=dialog]").await;
    take(window, directory, "deal-move", theme, size).await;
    window.press("Escape").await;
    window.see_no("[role=dialog]").await;
    window.press("Escape").await;
}

/// How packs look, while it is chosen; what a share would hold; the targets of a quarter.
async fn dialogs(window: &Window, directory: &Path, theme: &str, size: (u32, u32)) {
    window.press("g s").await;
    window.arrive("/settings").await;
    window.see_text("Change the look").await;
    window.press("p").await;
    window.see("[role=dialog] [role=img]").await;
    window.write("#0a5c36").await;
    take(window, directory, "pack-look", theme, size).await;
    window.press("Escape").await;
    window.see_no("[role=dialog]").await;
    window.press("g p").await;
    window.arrive("/partners").await;
    window.press("Shift+F").await;
    window.see_text("Not in it").await;
    take(window, directory, "share", theme, size).await;
    window.press("Escape").await;
    window.see_no("[role=dialog]").await;
    window.press("g m").await;
    window.arrive("/metrics").await;
    window.see_text("Partner revenue").await;
    window.press("t").await;
    window.see("[role=dialog] input").await;
    take(window, directory, "metrics-targets", theme, size).await;
    window.press("Escape").await;
    window.see_no("[role=dialog]").await;
}

/// A review: an item, what moved, the end, the minutes.
async fn review(window: &Window, directory: &Path, theme: &str) {
    let size = SIZES[0];
    window.resize(size.0, size.1).await;
    window.press("g r").await;
    window.arrive("/review").await;
    window.see_role("heading", "Start a review").await;
    window.press("Ctrl+Enter").await;
    window.see("[aria-label=Decision] textarea").await;
    take(window, directory, "review-item", theme, size).await;
    window.press("w").await;
    take(window, directory, "review-moved", theme, size).await;
    window.press("Shift+C").await;
    window.see_role("heading", "Clear the rest").await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    window.press("Shift+F").await;
    window.see_role("heading", "Finish the review").await;
    take(window, directory, "review-finish", theme, size).await;
    window.press("Ctrl+Enter").await;
    window.see("article").await;
    take(window, directory, "review-minutes", theme, size).await;
    lose_a_deal(window).await;
    window.press("g r").await;
    window.arrive("/review").await;
    window.press("n").await;
    window.see_role("heading", "Start a review").await;
    window.press("Ctrl+Enter").await;
    window.see("[aria-label=Decision] textarea").await;
    window.press("Shift+F").await;
    window.see_role("heading", "Finish the review").await;
    window.press("Ctrl+Enter").await;
    window.see("article").await;
    window.press("2").await;
    take(window, directory, "review-waterfall", theme, size).await;
}

/// The first deal of the list is closed as lost, past its gate.
async fn lose_a_deal(window: &Window) {
    window.press("g d").await;
    window.arrive("/deals").await;
    window.see("[role=grid] [role=row]").await;
    window.press("j").await;
    window.press("Enter").await;
    window.see_text("answers for it").await;
    window.press("m").await;
    window.see("[role=dialog]").await;
    window.press("6").await;
    window.see_text("nothing says why it was lost").await;
    window.run("document.querySelector('[role=dialog] textarea').focus()", vec![]).await;
    window.write("The customer keeps what it has").await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    window.press("Escape").await;
}

/// What a person sees who has no workspace yet.
async fn first_start(desktop: &Desktop, directory: &Path, theme: &str) {
    let window = Window::open(desktop, &["--now", NOW]).await;
    for &size in SIZES {
        window.resize(size.0, size.1).await;
        window.arrive("/welcome").await;
        take(&window, directory, "welcome", theme, size).await;
        window.press("3").await;
        window.see_role("heading", "Connect Salesforce").await;
        take(&window, directory, "connect", theme, size).await;
        window.press("Escape").await;
    }
    window.close().await;
}

async fn take(window: &Window, directory: &Path, screen: &str, theme: &str, (width, height): (u32, u32)) {
    let name = format!("{screen}-{theme}-{width}x{height}.png");
    window.picture(&directory.join(&name)).await;
    println!("{name}");
}
