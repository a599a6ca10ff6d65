//! Build script: the window's configuration, the one command it may call, and one linker flag.

fn main() {
    // WebKit brings its own SQLite. Without this our SQLCipher's symbols are exported and WebKit's
    // databases would run on it.
    #[cfg(target_os = "linux")]
    println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    let manifest = tauri_build::AppManifest::new().commands(&["call"]);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}
