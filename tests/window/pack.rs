//! A pack is written from the Packs screen into the person's own documents, as files that are what they say.

use crate::hand::{NOW, notices};
use kit::display::Desktop;
use kit::driver::Window;
use std::fs;
use std::path::{Path, PathBuf};

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_is_written_for_a_partner_as_a_pdf_and_a_workbook() {
    let desktop = Desktop::start();
    let window = Window::open(&desktop, &["--sample", "--now", NOW]).await;
    window.press("g k").await;
    window.arrive("/packs").await;
    window.see_text("No pack has been made").await;
    let chosen =
        "return document.querySelector('form[aria-label=\"New pack\"] button[aria-haspopup=listbox]')?.innerText ?? ''";
    window
        .until("a partner", || async {
            window.run(chosen, vec![]).await.as_str().is_some_and(|name| !name.is_empty() && !name.contains("choose"))
        })
        .await;
    window.press("Ctrl+Enter").await;
    window.until("that it is written", || async { notices(&window).await.contains("2 files written for") }).await;
    window.see_no_text("No pack has been made").await;
    window.close().await;

    let mut files = Vec::new();
    collect(&desktop.path("home"), &mut files);
    for (ending, start) in [("pdf", &b"%PDF"[..]), ("xlsx", &b"PK"[..])] {
        let found: Vec<&PathBuf> =
            files.iter().filter(|path| path.extension().is_some_and(|had| had == ending)).collect();
        assert_eq!(found.len(), 1, "one {ending} under the home folder: {files:#?}");
        assert!(found[0].components().any(|part| part.as_os_str() == "Drumbeat"), "in Drumbeat's folder: {found:?}");
        let bytes = fs::read(found[0]).expect("it can be read");
        assert!(
            bytes.starts_with(start) && bytes.len() > 2000,
            "{} of {} bytes is a {ending}",
            found[0].display(),
            bytes.len()
        );
    }
}

/// Every file below a folder.
fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        if entry.file_type().expect("its type").is_dir() {
            collect(&entry.path(), into);
        } else {
            into.push(entry.path());
        }
    }
}
