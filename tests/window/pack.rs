//! A pack is written from the Packs screen into the person's own documents, as files that are what they say.

use crate::hand::NOW;
use crate::job::{files_below, write_pack};
use kit::display::Desktop;
use kit::driver::Window;
use std::fs;
use std::path::PathBuf;

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_is_written_for_a_partner_as_a_pdf_and_a_workbook() {
    let desktop = Desktop::start();
    let window = Window::open(&desktop, &["--sample", "--now", NOW]).await;
    write_pack(&window).await;
    window.close().await;

    let files: Vec<PathBuf> = files_below(&desktop.path("home")).into_iter().map(PathBuf::from).collect();
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
