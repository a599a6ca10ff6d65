//! How packs look is chosen in Settings with the system's own dialog, and a partner's pipeline is shared as files.

use crate::hand::{focus_in, notices};
use crate::ready::{ask, open, synced};
use kit::display::Desktop;
use kit::screen::Screen;
use std::fs;

/// A PNG of one grey pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\x0aIDAT\x78\x9c\x63\x68\0\0\0\x82\0\x81\x77\xcd\x72\xb6\0\0\0\0IEND\xae\x42\x60\x82";

#[tokio::test(flavor = "multi_thread")]
async fn colours_typeface_and_logo_of_packs_are_chosen_by_keyboard_and_taken_back() {
    let desktop = Desktop::start();
    let _crm = synced(&desktop);
    let home = desktop.path("home");
    fs::write(home.join("logo.png"), PIXEL).expect("a picture");
    fs::write(home.join("photo.png"), b"\xff\xd8\xff\xe0 a photograph").expect("another kind");
    let window = open(&desktop).await;
    let screen = Screen::of(&window);
    window.press("g s").await;
    window.arrive("/settings").await;
    window.see_text("Change the look").await;
    window.press("p").await;
    // The first field has the focus: a colour is typed at once, and what nobody could read is told there.
    focus_in(&window, "[role=dialog] input").await;
    window.write("#ffe680").await;
    window.see_text("White text has a contrast of 1.2 on #FFE680, and needs 3").await;
    window.press("Ctrl+a").await;
    window.write("#0a5c36").await;
    window.see("[role=dialog] [role=img][aria-label='A cover and a chart in #0A5C36 and #7590DE']").await;
    window.press("Tab").await;
    window.press("Tab").await;
    window.write("Georgia").await;
    window.press("Ctrl+o").await;
    screen.answer("Choose the logo of packs", &home.join("photo.png")).await;
    window.see_text("the logo is not a PNG picture").await;
    window.press("Ctrl+o").await;
    screen.answer("Choose the logo of packs", &home.join("logo.png")).await;
    window.see("[role=dialog] img[alt='The logo, 1 by 1 pixels']").await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    window.see_text("1 × 1").await;
    let look = || ask(&desktop, &["brand", "--json"]).done().json();
    let kept = look();
    assert_eq!((&kept["accent"], &kept["font"]), (&"#0A5C36".into(), &"Georgia".into()), "{kept:#}");
    assert!(kept["logo_bytes"].as_u64() > Some(0), "{kept:#}");
    window.press("z").await;
    window.see_text("colours and typeface are Drumbeat’s own").await;
    assert_eq!(look()["accent"], "#2F56C6");
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partners_pipeline_is_shared_as_files_after_it_was_said_what_is_in_them() {
    let desktop = Desktop::start();
    let _crm = synced(&desktop);
    let folder = desktop.path("home").join("For the partner");
    fs::create_dir(&folder).expect("a folder");
    let window = open(&desktop).await;
    let screen = Screen::of(&window);
    window.press("g p").await;
    window.arrive("/partners").await;
    window.see_text("Call sheet").await;
    window.press("Shift+F").await;
    window.see_text("Not in it").await;
    for said in ["Stage notes", "Program comparison", "that it holds until"] {
        window.see_text(said).await;
    }
    window.press("Ctrl+Enter").await;
    let name = "return document.querySelector('[role=dialog] h2')?.innerText.replace('Share with ', '') ?? ''";
    let partner = window.run(name, vec![]).await.as_str().unwrap_or_default().to_owned();
    screen.answer(&format!("Choose a folder for what {partner} gets"), &folder).await;
    window.until("the files", || async { notices(&window).await.contains("2 files for") }).await;
    window.see("[aria-label=Shares] li").await;
    window.close().await;
    let mut endings: Vec<String> = fs::read_dir(&folder)
        .expect("the folder")
        .map(|file| file.expect("a file").path().extension().unwrap_or_default().to_string_lossy().into_owned())
        .collect();
    endings.sort();
    assert_eq!(endings, ["html", "xlsx"]);
    let trail = ask(&desktop, &["audit", "list", "--limit", "20", "--json"]).done().json();
    let logged = trail["rows"].as_array().expect("rows").iter().filter(|row| row["act"] == "share").count();
    assert_eq!(logged, 1, "V-02: {trail:#}");
}
