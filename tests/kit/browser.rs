//! A person's own web browser, apart from the app: WebKit's small one, on a display of its own, and what the system
//! opens addresses with.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Instant;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::time::{interval, timeout};

use crate::display::{Desktop, Display, Group};
use crate::driver::{GLANCE, PATIENCE, free_ports, wait_until_served};

/// An open browser.
pub struct Browser {
    client: Client,
    // Dropped in this order: the browser and its driver, their display.
    _driver: Group,
    _display: Display,
}

/// From now on an address that a program of this desktop has opened is written down instead.
#[must_use]
pub fn addresses_of(desktop: &mut Desktop) -> Addresses {
    let (folder, file) = (desktop.path("bin"), desktop.path("opened"));
    fs::create_dir_all(&folder).expect("a folder");
    let opener = folder.join("xdg-open");
    // Whole or not at all: it is read as soon as it is there.
    let script = format!("#!/bin/sh\nprintf %s \"$1\" > '{0}.part' && mv '{0}.part' '{0}'\n", file.display());
    fs::write(&opener, script).expect("a script");
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).expect("a script that runs");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let all = std::env::join_paths(std::iter::once(folder).chain(std::env::split_paths(&path))).expect("a path");
    desktop.set("PATH", all);
    Addresses(file)
}

/// The addresses that were opened.
pub struct Addresses(PathBuf);

impl Addresses {
    /// The next one, taken away.
    pub async fn next(&self) -> String {
        let (start, mut glances) = (Instant::now(), interval(GLANCE));
        loop {
            if let Ok(address) = fs::read_to_string(&self.0) {
                fs::remove_file(&self.0).expect("it is there");
                return address;
            }
            assert!(start.elapsed() < PATIENCE, "no address was opened");
            glances.tick().await;
        }
    }
}

impl Browser {
    /// Starts it, with nothing to see.
    pub async fn open(desktop: &Desktop) -> Browser {
        let display = Display::start(desktop);
        let (port, _) = free_ports();
        let log = desktop.path("browser.log");
        let mut driver = desktop.command("WebKitWebDriver");
        driver.args([format!("--port={port}"), "--host=127.0.0.1".to_owned()]).env("DISPLAY", display.name());
        let driver = Group::start(&mut driver, &log);
        wait_until_served(port, &log).await;
        let options = json!({ "binary": mini_browser(), "args": ["--automation"] });
        let Value::Object(wanted) = json!({ "webkitgtk:browserOptions": options }) else { unreachable!("an object") };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{port}/");
        let client = timeout(2 * PATIENCE, builder.capabilities(wanted).connect(&address)).await;
        let client = client.expect("the browser starts in time").expect("a browser");
        Browser { client, _driver: driver, _display: display }
    }

    /// Goes to an address; it may be one that nobody serves.
    pub async fn visit(&self, address: &str) {
        // Whether anybody was there is seen on the page.
        let _ = self.client.goto(address).await;
    }

    /// Presses the button that says this.
    pub async fn press(&self, button: &str) {
        let path = format!("//button[normalize-space()=\"{button}\"]");
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::XPath(&path)).await;
        found.expect("the button").click().await.expect("it can be pressed");
    }

    /// Waits for a page with this title.
    pub async fn see_title(&self, title: &str) {
        let (start, mut glances) = (Instant::now(), interval(GLANCE));
        while self.title().await != title {
            assert!(start.elapsed() < PATIENCE, "no page was called {title}");
            glances.tick().await;
        }
    }

    /// What the page is called; nothing while there is none.
    pub async fn title(&self) -> String {
        self.client.title().await.unwrap_or_default()
    }

    /// The address of the page.
    pub async fn address(&self) -> String {
        self.client.current_url().await.expect("an address").to_string()
    }

    /// Waits for an address with this in it, whether anybody answers there or not.
    pub async fn see_address(&self, part: &str) -> String {
        let (start, mut glances) = (Instant::now(), interval(GLANCE));
        loop {
            let address = self.address().await;
            if address.contains(part) {
                return address;
            }
            assert!(start.elapsed() < PATIENCE, "no address had {part}");
            glances.tick().await;
        }
    }

    /// Ends it.
    pub async fn close(self) {
        self.client.close().await.expect("it closes");
    }
}

/// WebKit's own, which comes with the library that the window is made with.
fn mini_browser() -> PathBuf {
    let libraries = fs::read_dir("/usr/lib").into_iter().flatten().flatten().map(|entry| entry.path());
    let found = libraries.map(|library| library.join("webkit2gtk-4.1/MiniBrowser")).find(|path| path.is_file());
    found.expect("WebKit's MiniBrowser is installed")
}
