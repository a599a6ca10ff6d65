//! Build script: the window's configuration, and one linker flag.
fn main() {
    // WebKit brings its own SQLite. Without this our SQLCipher's symbols are exported and WebKit's
    // databases would run on it.
    #[cfg(target_os = "linux")]
    println!("cargo:rustc-link-arg-bins=-Wl,--exclude-libs,ALL");
    tauri_build::build();
}
