//! What the operating system must bring: found out first, installed only where something is missing.
//!
//! On Debian and its children the packages are looked up with dpkg and installed with apt, through
//! `sudo` unless we are root. Elsewhere nothing is installed: what is missing is named, with the
//! command of that system's own package manager, and the command stops.

use crate::command;
use crate::place::on_path;
use std::ffi::OsStr;
use std::process::Command;

/// What a command needs of the system.
#[derive(Clone, Copy, PartialEq)]
pub enum Purpose {
    /// Compile and open the window.
    Run,
    /// That, and everything that the tests drive or read with.
    Test,
}

/// One thing that must be there.
struct Need {
    for_tests: bool,
    /// How any system is asked whether it is there.
    probe: Probe,
    debian: &'static str,
    fedora: &'static str,
    arch: &'static str,
}

enum Probe {
    /// A library that pkg-config knows.
    Library(&'static str),
    Program(&'static str),
    /// A font that fontconfig finds.
    Font(&'static str),
}

const fn need(for_tests: bool, probe: Probe, debian: &'static str, fedora: &'static str, arch: &'static str) -> Need {
    Need { for_tests, probe, debian, fedora, arch }
}

/// libwebkit2gtk-4.1-dev brings GTK, soup and D-Bus with it.
const NEEDS: &[Need] = &[
    need(false, Probe::Program("cc"), "build-essential", "gcc", "base-devel"),
    need(false, Probe::Program("make"), "make", "make", "base-devel"),
    need(false, Probe::Program("perl"), "perl", "perl", "perl"),
    need(false, Probe::Program("pkg-config"), "pkg-config", "pkgconf-pkg-config", "pkgconf"),
    need(false, Probe::Library("openssl"), "libssl-dev", "openssl-devel", "openssl"),
    need(false, Probe::Library("webkit2gtk-4.1"), "libwebkit2gtk-4.1-dev", "webkit2gtk4.1-devel", "webkit2gtk-4.1"),
    need(true, Probe::Program("WebKitWebDriver"), "webkit2gtk-driver", "webkit2gtk-driver", "webkit2gtk-4.1"),
    need(true, Probe::Program("Xvfb"), "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb"),
    need(true, Probe::Program("xauth"), "xauth", "xorg-x11-xauth", "xorg-xauth"),
    need(true, Probe::Program("dbus-run-session"), "dbus", "dbus-daemon", "dbus"),
    need(true, Probe::Program("dbus-launch"), "dbus-x11", "dbus-x11", "dbus"),
    need(true, Probe::Program("gnome-keyring-daemon"), "gnome-keyring", "gnome-keyring", "gnome-keyring"),
    need(true, Probe::Program("secret-tool"), "libsecret-tools", "libsecret", "libsecret"),
    need(true, Probe::Program("python3"), "python3-venv", "python3-pip", "python"),
    need(true, Probe::Program("pdftotext"), "poppler-utils", "poppler-utils", "poppler"),
    need(true, Probe::Program("soffice"), "libreoffice-calc", "libreoffice-calc", "libreoffice-fresh"),
    need(true, Probe::Program("simpress"), "libreoffice-impress", "libreoffice-impress", "libreoffice-fresh"),
    need(true, Probe::Program("convert"), "imagemagick", "ImageMagick", "imagemagick"),
    need(true, Probe::Font("DejaVu Sans"), "fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu"),
];

/// Make sure that everything for `purpose` is installed.
pub fn prepare(purpose: Purpose) -> Result<(), String> {
    if cfg!(not(target_os = "linux")) {
        return elsewhere(purpose);
    }
    if on_path("dpkg-query") && on_path("apt-get") { debian(purpose) } else { other_linux(purpose) }
}

fn needs(purpose: Purpose) -> impl Iterator<Item = &'static Need> {
    NEEDS.iter().filter(move |need| purpose == Purpose::Test || !need.for_tests)
}

fn debian(purpose: Purpose) -> Result<(), String> {
    let wanted: Vec<&str> = needs(purpose).map(|need| need.debian).collect();
    let missing = not_installed(&wanted);
    if missing.is_empty() {
        println!("    all {} packages are installed", wanted.len());
        return Ok(());
    }
    println!("    missing: {}", missing.join(" "));
    let install = ["install", "-y", "--no-install-recommends"];
    apt(&["update"])
        .and_then(|()| apt(&[&install[..], &missing].concat()))
        .map_err(|why| format!("{why}. Install by hand: sudo apt-get {} {}", install.join(" "), missing.join(" ")))
}

/// The packages that dpkg does not call installed.
fn not_installed<'a>(wanted: &[&'a str]) -> Vec<&'a str> {
    let installed = |package: &&str| {
        let mut ask = Command::new("dpkg-query");
        ask.args(["-W", "-f", "${db:Status-Abbrev}", package]);
        // dpkg-query fails, with words we need not show, for a package it has never heard of.
        ask.output().is_ok_and(|answer| answer.status.success() && answer.stdout.starts_with(b"ii"))
    };
    wanted.iter().copied().filter(|package| !installed(package)).collect()
}

fn apt(words: &[&str]) -> Result<(), String> {
    let mut command = if is_root()? {
        Command::new("apt-get")
    } else if on_path("sudo") {
        let mut sudo = Command::new("sudo");
        sudo.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    } else {
        return Err("packages are missing, we are not root, and there is no sudo".to_owned());
    };
    command::run(command.env("DEBIAN_FRONTEND", "noninteractive").args(words))
}

fn is_root() -> Result<bool, String> {
    Ok(command::output(Command::new("id").arg("-u"))?.trim() == "0")
}

fn other_linux(purpose: Purpose) -> Result<(), String> {
    let missing: Vec<&Need> = needs(purpose).filter(|need| !need.probe.finds()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let names = |of: fn(&Need) -> &'static str| {
        let mut names: Vec<&str> = missing.iter().map(|need| of(need)).collect();
        names.sort_unstable();
        names.dedup();
        names.join(" ")
    };
    Err(if on_path("dnf") {
        format!("Install first: sudo dnf install {}", names(|need| need.fedora))
    } else if on_path("pacman") {
        format!("Install first: sudo pacman -S --needed {}", names(|need| need.arch))
    } else {
        format!("Install first what Debian calls: {}", names(|need| need.debian))
    })
}

fn elsewhere(purpose: Purpose) -> Result<(), String> {
    if purpose == Purpose::Test {
        return Err("The tests drive WebKitGTK under Xvfb and a Secret Service: they need Linux. \
                    `cargo xtask check` works here."
            .to_owned());
    }
    if cfg!(target_os = "macos") && !command::succeeds(Command::new("xcode-select").arg("-p")) {
        return Err("Install Apple's command line tools first: xcode-select --install".to_owned());
    }
    if cfg!(windows) && !on_path("perl.exe") {
        return Err("Install first: Visual Studio Build Tools (Desktop development with C++), the WebView2 runtime \
                    (part of Windows 11) and Strawberry Perl (winget install StrawberryPerl.StrawberryPerl)"
            .to_owned());
    }
    Ok(())
}

impl Probe {
    fn finds(&self) -> bool {
        match self {
            Probe::Library(name) => has_library(name),
            Probe::Program(name) => on_path(name),
            Probe::Font(name) => command::output(Command::new("fc-list").args([name, "family"]))
                .is_ok_and(|found| !found.trim().is_empty()),
        }
    }
}

/// Whether pkg-config knows this library.
pub fn has_library(name: impl AsRef<OsStr>) -> bool {
    command::succeeds(Command::new("pkg-config").arg("--exists").arg(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_nobody_has_is_missing_and_dpkg_itself_is_not() {
        if on_path("dpkg-query") {
            assert_eq!(not_installed(&["dpkg", "drumbeat-no-such-package"]), ["drumbeat-no-such-package"]);
        }
    }

    #[test]
    fn running_needs_less_than_testing() {
        assert!(needs(Purpose::Run).all(|need| !need.for_tests));
        assert_eq!(needs(Purpose::Test).count(), NEEDS.len());
    }
}
