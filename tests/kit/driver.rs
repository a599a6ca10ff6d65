//! The real window, driven as a person drives it: by keys, and by looking.
//!
//! [`Window::open`] starts the built binary on a [`Desktop`] through tauri-driver and WebKit's own
//! driver: one session is one process of the app, on a display of its own. Nothing here sleeps and
//! hopes: every look waits until what was asked for is there, for at most [`PATIENCE`], and a look
//! in vain fails with what the page showed instead. Windows take turns, across processes too,
//! because a crowded machine answers late.
//!
//! ```no_run
//! # use kit::{display::Desktop, driver::Window};
//! # async fn journey() {
//! let window = Window::open(&Desktop::start(), &["--sample"]).await;
//! window.press("g i").await;
//! window.see_role("heading", "Inbox").await;
//! window.close().await;
//! # }
//! ```

use crate::binary;
use crate::display::{Desktop, Display, Group};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};

/// How long a look waits before it fails, unless the window was asked to be more patient.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often a look looks again.
pub(crate) const GLANCE: Duration = Duration::from_millis(40);

/// One open window of Drumbeat.
pub struct Window {
    client: Client,
    log: PathBuf,
    patience: Duration,
    /// Where the app was started; it has no business there.
    place: PathBuf,
    // Dropped in this order: the app and its drivers, their display, our turn.
    driver: Group,
    display: Display,
    _turn: File,
}

impl Window {
    /// Start the binary with these words and wait until its page is there and stands still.
    pub async fn open(desktop: &Desktop, words: &[&str]) -> Window {
        let turn = tokio::task::spawn_blocking(take_turn).await.expect("a turn");
        let display = Display::start(desktop);
        let (port, native_port) = free_ports();
        let log = desktop.path("window.log");
        let mut driver = desktop.command(tauri_driver());
        driver.args(["--port", &port.to_string(), "--native-port", &native_port.to_string()]);
        let place = desktop.path("started-here");
        fs::create_dir_all(&place).expect("a folder");
        driver.current_dir(&place);
        driver.env("DISPLAY", display.name()).stdout(File::create(desktop.path("driver.log")).expect("a log file"));
        let driver = Group::start(&mut driver, &log);
        for port in [port, native_port] {
            wait_until_served(port, &log).await;
        }

        let options = json!({"application": binary::path(), "args": words});
        let wanted = json!({"tauri:options": options});
        let Value::Object(wanted) = wanted else { unreachable!("an object") };
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{port}/");
        let client = timeout(2 * PATIENCE, builder.capabilities(wanted).connect(&address))
            .await
            .unwrap_or_else(|_| panic!("the app started and opened no window\n{}", read(&log)))
            .unwrap_or_else(|why| panic!("no window opened: {why}\n{}", read(&log)));
        let window = Window { client, log, patience: PATIENCE, place, driver, display, _turn: turn };
        // A key that is pressed before the page listens is lost.
        window.until("a page", || async { !window.text().await.trim().is_empty() }).await;
        window.stand_still().await;
        window
    }

    /// Wait this long for what is looked for from now on: much data takes its time.
    pub fn be_patient(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Press keys one after another: `"g i"`, `"Ctrl+k"`, `"j j Enter"`, `"?"`. They go out together: on a
    /// crowded machine two messages may lie further apart than the keys of one sequence ever do.
    pub async fn press(&self, keys: &str) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for chord in keys.split_whitespace() {
            let letters = letters_of(chord);
            for value in &letters {
                actions = actions.then(KeyAction::Down { value: *value });
            }
            for value in letters.iter().rev() {
                actions = actions.then(KeyAction::Up { value: *value });
            }
        }
        let pressed = self.client.perform_actions(actions).await;
        pressed.unwrap_or_else(|why| panic!("{keys} could not be pressed: {why}"));
    }

    /// Write text where the focus is.
    pub async fn write(&self, text: &str) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in text.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        let written = self.client.perform_actions(actions).await;
        written.unwrap_or_else(|why| panic!("\"{text}\" could not be written: {why}"));
    }

    /// Wait for a visible element of this CSS selector.
    pub async fn see(&self, css: &str) -> Element {
        self.seen(("css", css, None)).await
    }

    /// Wait for the innermost visible element that shows this text.
    pub async fn see_text(&self, text: &str) -> Element {
        self.seen(("text", text, None)).await
    }

    /// Wait for a visible element of this role whose accessible name contains `name`.
    pub async fn see_role(&self, role: &str, name: &str) -> Element {
        self.seen(("role", role, Some(name))).await
    }

    /// Whether a visible element of this CSS selector is there now.
    pub async fn shows(&self, css: &str) -> bool {
        self.look(("css", css, None)).await.is_some()
    }

    /// Whether this text is visible now.
    pub async fn shows_text(&self, text: &str) -> bool {
        self.look(("text", text, None)).await.is_some()
    }

    /// Wait until no visible element of this CSS selector is left.
    pub async fn see_no(&self, css: &str) {
        self.until(&format!("no {css}"), || async { !self.shows(css).await }).await;
    }

    /// Wait until this text is not visible.
    pub async fn see_no_text(&self, text: &str) {
        self.until(&format!("no text \"{text}\""), || async { !self.shows_text(text).await }).await;
    }

    /// Wait for this place: the path after the origin, `/inbox`, whatever its search part says.
    pub async fn arrive(&self, path: &str) {
        self.until(path, || async { self.place().await == path }).await;
    }

    /// Where the window is: the path after the origin.
    pub async fn place(&self) -> String {
        let place = self.run(
            "return location.hash.startsWith('#/') ? location.hash.slice(1).split('?')[0] : location.pathname",
            vec![],
        );
        place.await.as_str().unwrap_or_default().to_owned()
    }

    /// Everything that a person could read on the page now.
    pub async fn text(&self) -> String {
        self.run("return document.body.innerText", vec![]).await.as_str().unwrap_or_default().to_owned()
    }

    /// The accessible name, or else the text, of what has the focus.
    pub async fn focus(&self) -> String {
        let script =
            "const at = document.activeElement; return at.getAttribute('aria-label') ?? at.innerText ?? at.tagName";
        self.run(script, vec![]).await.as_str().unwrap_or_default().to_owned()
    }

    /// Run a script in the page, as the body of a function of `arguments`.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let answer = self.client.execute(script, arguments).await;
        answer.unwrap_or_else(|why| panic!("the page did not run a script: {why}\n{}", read(&self.log)))
    }

    /// Give the page this many CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        let set = self.client.set_window_size(width, height).await;
        set.unwrap_or_else(|why| panic!("the window cannot be {width}x{height}: {why}"));
        self.until(&format!("a page of {width}x{height}"), || async {
            self.run("return [innerWidth, innerHeight]", vec![]).await == json!([width, height])
        })
        .await;
    }

    /// Wait until the page stands still: its fonts are there, nothing is busy, and several looks in
    /// a row see the same markup. (Pictures cannot be compared: the clocks' dials move by a pixel.)
    pub async fn stand_still(&self) {
        let script = "return document.fonts.status !== 'loaded' || document.querySelector('[aria-busy=true]') \
                      ? null : document.documentElement.outerHTML";
        let mut glances = interval(GLANCE);
        let start = Instant::now();
        let (mut last, mut same) = (Value::Null, 0);
        while same < 5 {
            glances.tick().await;
            let now = self.run(script, vec![]).await;
            same = if now == last && !now.is_null() { same + 1 } else { 0 };
            last = now;
            if start.elapsed() > self.patience {
                panic!("the page never stood still. {}", self.state().await);
            }
        }
    }

    /// Write a PNG of the page to `path`, once it stands still.
    pub async fn picture(&self, path: &Path) {
        self.stand_still().await;
        fs::write(path, self.png().await).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    }

    /// WebKit answers with the next frame that it paints, and a page that stands still paints none:
    /// while the picture is taken something must move, by less than a colour's last bit.
    async fn png(&self) -> Vec<u8> {
        let moving =
            "document.body.animate({opacity: [1, 0.9999]}, {id: 'picture', duration: 1000, iterations: Infinity})";
        self.run(&format!("{moving}; return null"), vec![]).await;
        let png = timeout(PATIENCE, self.client.screenshot()).await.expect("WebKit answers").expect("a picture");
        let still =
            "document.getAnimations().filter((moving) => moving.id === 'picture').forEach((moving) => moving.cancel())";
        self.run(still, vec![]).await;
        png
    }

    /// Wait until `holds`; fails with what the page shows when it never does.
    pub async fn until<F: Future<Output = bool>>(&self, what: &str, holds: impl Fn() -> F) {
        let mut glances = interval(GLANCE);
        let start = Instant::now();
        loop {
            glances.tick().await;
            if holds().await {
                return;
            }
            if start.elapsed() > self.patience {
                panic!("the window never showed {what}. {}", self.state().await);
            }
        }
    }

    /// The display that it is on, as `DISPLAY` names it.
    pub fn display(&self) -> &str {
        self.display.name()
    }

    /// The client underneath, for what this has no word for.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// What the app wrote on standard error so far.
    pub fn log(&self) -> String {
        read(&self.log)
    }

    /// Close the window and wait for the app to end. It must have left nothing where it was started.
    pub async fn close(mut self) {
        self.client.clone().close().await.expect("the session closes");
        let place = self.place.clone();
        tokio::task::spawn_blocking(move || self.driver.end()).await.expect("the driver ends");
        let left: Vec<_> = fs::read_dir(&place).expect("the folder").flatten().map(|entry| entry.file_name()).collect();
        assert!(left.is_empty(), "the app left {left:?} in the folder that it was started in");
    }

    /// Kill the app in the middle of what it does, and its drivers with it.
    pub async fn kill(mut self) {
        tokio::task::spawn_blocking(move || self.driver.kill()).await.expect("the app is gone");
    }

    async fn seen(&self, wanted: Wanted<'_>) -> Element {
        let mut glances = interval(GLANCE);
        let start = Instant::now();
        loop {
            glances.tick().await;
            if let Some(element) = self.look(wanted).await {
                return element;
            }
            if start.elapsed() > self.patience {
                panic!("the window never showed {wanted:?}. {}", self.state().await);
            }
        }
    }

    async fn look(&self, (how, what, name): Wanted<'_>) -> Option<Element> {
        let asked = self.client.execute(include_str!("find.js"), vec![json!(how), json!(what), json!(name)]).await;
        let found = match asked {
            // Drawn anew between the look and the answer.
            Err(why) if why.to_string().contains("Stale element") => return None,
            asked => asked.unwrap_or_else(|why| panic!("the page was not looked at: {why}\n{}", read(&self.log))),
        };
        let id = found.as_object()?.values().next()?.as_str()?.to_owned();
        Some(Element::from_element_id(self.client.clone(), ElementRef::from(id)))
    }

    /// What a failure tells: where the window is, what it shows, and a picture of it.
    async fn state(&self) -> String {
        let (place, text) = (self.place().await, self.text().await);
        let picture = std::env::temp_dir().join(format!("drumbeat-failed-{}.png", std::process::id()));
        let taken = fs::write(&picture, self.png().await);
        let picture = taken.map_or_else(|_| String::new(), |()| format!(" (picture: {})", picture.display()));
        format!("It is at {place}{picture} and shows:\n{text}\n--- the app's log\n{}", read(&self.log))
    }
}

/// How an element is looked for: the way, what, and the name.
type Wanted<'a> = (&'a str, &'a str, Option<&'a str>);

/// The characters that WebDriver knows for the keys of one chord, modifiers first.
fn letters_of(chord: &str) -> Vec<char> {
    let words = if chord == "+" { vec!["+"] } else { chord.split('+').collect() };
    words.into_iter().map(letter_of).collect()
}

fn letter_of(key: &str) -> char {
    const NAMED: &[(&str, char)] = &[
        ("Backspace", '\u{E003}'),
        ("Tab", '\u{E004}'),
        ("Enter", '\u{E007}'),
        ("Shift", '\u{E008}'),
        ("Ctrl", '\u{E009}'),
        ("Alt", '\u{E00A}'),
        ("Escape", '\u{E00C}'),
        ("Space", ' '),
        ("PageUp", '\u{E00E}'),
        ("PageDown", '\u{E00F}'),
        ("End", '\u{E010}'),
        ("Home", '\u{E011}'),
        ("Left", '\u{E012}'),
        ("Up", '\u{E013}'),
        ("Right", '\u{E014}'),
        ("Down", '\u{E015}'),
        ("Delete", '\u{E017}'),
        ("F8", '\u{E038}'),
    ];
    let named = NAMED.iter().find(|(name, _)| *name == key).map(|(_, letter)| *letter);
    let mut letters = key.chars();
    match (named, letters.next(), letters.next()) {
        (Some(letter), ..) | (None, Some(letter), None) => letter,
        _ => panic!("no key is called {key}"),
    }
}

/// Wait for the machine's one turn; it ends when the file is closed.
fn take_turn() -> File {
    let path = std::env::temp_dir().join("drumbeat-window-turn");
    let file = File::create(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    file.lock().expect("a turn");
    file
}

/// Two ports that nobody serves now.
pub(crate) fn free_ports() -> (u16, u16) {
    let ask = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let (one, two) = (ask(), ask());
    let port = |listener: &TcpListener| listener.local_addr().expect("an address").port();
    (port(&one), port(&two))
}

/// On `PATH`, or where `cargo install` puts it.
fn tauri_driver() -> OsString {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let installed = home.map(|home| home.join("bin/tauri-driver")).filter(|path| path.is_file());
    installed.map_or_else(|| "tauri-driver".into(), PathBuf::into_os_string)
}

pub(crate) async fn wait_until_served(port: u16, log: &Path) {
    let mut glances = interval(GLANCE);
    let start = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
        assert!(start.elapsed() < PATIENCE, "the window's driver never answered: {}", read(log));
        glances.tick().await;
    }
}

fn read(log: &Path) -> String {
    fs::read_to_string(log).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chords_are_pressed_modifiers_first() {
        for (chord, letters) in [
            ("g", vec!['g']),
            ("Ctrl+k", vec!['\u{E009}', 'k']),
            ("Ctrl+Shift+Enter", vec!['\u{E009}', '\u{E008}', '\u{E007}']),
            ("?", vec!['?']),
            ("+", vec!['+']),
        ] {
            assert_eq!(letters_of(chord), letters, "{chord}");
        }
    }

    #[test]
    #[should_panic(expected = "no key is called Return")]
    fn an_unknown_key_is_refused() {
        letters_of("Return");
    }
}
