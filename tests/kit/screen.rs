//! What a person does beside the page, on the screen itself: drag a file onto the window, answer the system's file dialogs.
//!
//! WebDriver knows the page only. This speaks X11 to the display of one test: as the program that a file is dragged out of
//! (the XDND protocol, as a file manager speaks it) and as the keyboard (the XTEST extension). There is no window manager on
//! that display, so a dialog is given the keyboard's focus here. Like every look of the kit it waits, and says what was
//! there when it waited in vain.

use crate::driver::{GLANCE, PATIENCE, Window};
use std::path::Path;
use std::time::Instant;
use tokio::time::interval;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, ImageFormat, InputFocus,
    KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MapState, PropMode, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent,
    SelectionRequestEvent, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_DEPTH_FROM_PARENT, CURRENT_TIME, NONE};

/// What a dragged file is given as.
const FILES: &str = "text/uri-list";
/// The version of XDND that is spoken.
const XDND: u32 = 5;
const RETURN: u32 = 0xff0d;
const CONTROL: u32 = 0xffe3;
const SHIFT: u32 = 0xffe1;

/// The screen that a window is on.
pub struct Screen {
    x: RustConnection,
    root: u32,
}

impl Screen {
    /// The screen of this window.
    pub fn of(window: &Window) -> Screen {
        let (x, number) = x11rb::connect(Some(window.display())).expect("the display answers");
        let root = x.setup().roots[number].root;
        Screen { x, root }
    }

    /// Take a file as from a file manager, to be dragged onto the window.
    pub async fn drag(&self, file: &Path) -> Drag<'_> {
        let target = self.window("Drumbeat").await;
        let source = self.x.generate_id().expect("an id");
        let class = WindowClass::INPUT_OUTPUT;
        let aux = CreateWindowAux::new();
        let made = self.x.create_window(COPY_DEPTH_FROM_PARENT, source, self.root, 0, 0, 1, 1, 0, class, 0, &aux);
        made.expect("a window to drag from");
        self.x.set_selection_owner(source, self.atom("XdndSelection"), CURRENT_TIME).expect("the selection");
        let size = self.x.get_geometry(target).expect("asked").reply().expect("a size");
        let place = (u32::from(size.width) / 2) << 16 | (u32::from(size.height) / 2);
        Drag { screen: self, source, target, place, files: format!("file://{}\r\n", file.display()) }
    }

    /// Answer the file dialog of this title with a path, by keyboard, and wait until it is gone.
    pub async fn answer(&self, title: &str, path: &Path) {
        let dialog = self.window(title).await;
        self.stand_still(dialog).await;
        self.x.set_input_focus(InputFocus::PARENT, dialog, CURRENT_TIME).expect("the focus");
        // This key opens the field for a path where there is none; what comes before the field does is lost.
        self.press(u32::from('/'), None);
        self.stand_still(dialog).await;
        self.press(u32::from('a'), Some(CONTROL));
        for letter in path.to_str().expect("a path in letters").chars() {
            self.press(u32::from(letter), None);
        }
        self.stand_still(dialog).await;
        self.press(RETURN, None);
        let mut glances = interval(GLANCE);
        let start = Instant::now();
        while self.windows().iter().any(|(id, _)| *id == dialog) {
            assert!(start.elapsed() < PATIENCE, "\"{title}\" did not take {}", path.display());
            glances.tick().await;
        }
    }

    /// Wait until several looks in a row see the same of a window.
    async fn stand_still(&self, id: u32) {
        let mut glances = interval(GLANCE);
        let start = Instant::now();
        let (mut last, mut same) = (Vec::new(), 0);
        while same < 5 {
            glances.tick().await;
            let size = self.x.get_geometry(id).expect("asked").reply().expect("a size");
            let image = self.x.get_image(ImageFormat::Z_PIXMAP, id, 0, 0, size.width, size.height, u32::MAX);
            let now = image.expect("asked").reply().expect("a picture").data;
            same = if now == last { same + 1 } else { 0 };
            last = now;
            assert!(start.elapsed() < PATIENCE, "the dialog never stood still");
        }
    }

    /// Press the key that gives this keysym, and a modifier with it.
    fn press(&self, keysym: u32, held: Option<u32>) {
        let (code, shifted) = self.key(keysym);
        let shift = shifted.then_some(SHIFT);
        let codes: Vec<u8> = held.into_iter().chain(shift).map(|keysym| self.key(keysym).0).chain([code]).collect();
        let send = |kind: u8, code: u8| {
            self.x.xtest_fake_input(kind, code, CURRENT_TIME, self.root, 0, 0, 0).expect("the keyboard's extension");
        };
        codes.iter().for_each(|code| send(KEY_PRESS_EVENT, *code));
        codes.iter().rev().for_each(|code| send(KEY_RELEASE_EVENT, *code));
        self.x.flush().expect("the display listens");
    }

    /// The key that gives a keysym, and whether Shift must be held.
    fn key(&self, keysym: u32) -> (u8, bool) {
        let setup = self.x.setup();
        let count = setup.max_keycode - setup.min_keycode + 1;
        let map = self.x.get_keyboard_mapping(setup.min_keycode, count).expect("asked").reply().expect("a keyboard");
        let rows = map.keysyms.chunks(usize::from(map.keysyms_per_keycode));
        let mut keys = (setup.min_keycode..=setup.max_keycode).zip(rows);
        let key = keys.find_map(|(code, row)| Some((code, row.iter().take(2).position(|it| *it == keysym)? == 1)));
        key.unwrap_or_else(|| panic!("no key gives {keysym:#x}"))
    }

    /// Wait for a window whose title has this.
    async fn window(&self, title: &str) -> u32 {
        let mut glances = interval(GLANCE);
        let start = Instant::now();
        loop {
            glances.tick().await;
            let windows = self.windows();
            if let Some((id, _)) = windows.iter().find(|(_, name)| name.contains(title)) {
                return *id;
            }
            assert!(start.elapsed() < PATIENCE, "no window is called \"{title}\": {windows:?}");
        }
    }

    /// The windows that are on the screen, with their titles.
    fn windows(&self) -> Vec<(u32, String)> {
        let all = self.x.query_tree(self.root).expect("asked").reply().expect("the windows").children;
        // One may go away between two questions.
        let seen = |id: u32| -> Option<(u32, String)> {
            let how = self.x.get_window_attributes(id).ok()?.reply().ok()?;
            let name = self.atom("_NET_WM_NAME");
            let title = self.x.get_property(false, id, name, AtomEnum::ANY, 0, 256).ok()?.reply().ok()?.value;
            let title = String::from_utf8_lossy(&title).into_owned();
            (how.map_state == MapState::VIEWABLE && !title.is_empty()).then_some((id, title))
        };
        all.into_iter().filter_map(seen).collect()
    }

    fn atom(&self, name: &str) -> u32 {
        self.x.intern_atom(false, name.as_bytes()).expect("asked").reply().expect("an atom").atom
    }
}

/// A file on its way to the window.
pub struct Drag<'s> {
    screen: &'s Screen,
    source: u32,
    target: u32,
    /// The middle of the window, as the protocol writes it.
    place: u32,
    files: String,
}

impl Drag<'_> {
    /// Hold it over the window until the window would take it.
    pub async fn over(&self) {
        self.tell("XdndEnter", [XDND << 24, self.screen.atom(FILES), 0, 0]);
        let copy = self.screen.atom("XdndActionCopy");
        let status = self.screen.atom("XdndStatus");
        self.until(
            "would take it",
            || self.tell("XdndPosition", [0, self.place, CURRENT_TIME, copy]),
            |message| message.type_ == status && message.data.as_data32()[1] & 1 == 1,
        )
        .await;
    }

    /// Let it go, and wait until the window has it.
    pub async fn drop(self) {
        self.tell("XdndDrop", [0, CURRENT_TIME, 0, 0]);
        let finished = self.screen.atom("XdndFinished");
        self.until("took it", || {}, |message| message.type_ == finished).await;
        self.screen.x.destroy_window(self.source).expect("it goes");
        self.screen.x.flush().expect("the display listens");
    }

    fn tell(&self, what: &str, rest: [u32; 4]) {
        let data = [self.source, rest[0], rest[1], rest[2], rest[3]];
        let message = ClientMessageEvent::new(32, self.target, self.screen.atom(what), data);
        self.screen.x.send_event(false, self.target, EventMask::NO_EVENT, message).expect("the window is told");
        self.screen.x.flush().expect("the display listens");
    }

    /// Give the file to whoever asks, and say `again` something with each glance, until an answer is the one wanted.
    async fn until(&self, what: &str, again: impl Fn(), wanted: impl Fn(&ClientMessageEvent) -> bool) {
        let mut glances = interval(GLANCE);
        let start = Instant::now();
        loop {
            again();
            glances.tick().await;
            while let Some(event) = self.screen.x.poll_for_event().expect("the display speaks") {
                match event {
                    Event::SelectionRequest(asked) => self.give(&asked),
                    Event::ClientMessage(message) if wanted(&message) => return,
                    _ => {}
                }
            }
            assert!(start.elapsed() < PATIENCE, "the window never {what}: {}", self.files);
        }
    }

    fn give(&self, asked: &SelectionRequestEvent) {
        let x = &self.screen.x;
        let files = self.screen.atom(FILES);
        let (to, property) = (asked.requestor, asked.property);
        let given = if asked.target == files {
            x.change_property8(PropMode::REPLACE, to, property, files, self.files.as_bytes()).expect("the file's name");
            property
        } else if asked.target == self.screen.atom("TARGETS") {
            x.change_property32(PropMode::REPLACE, to, property, AtomEnum::ATOM, &[files]).expect("what there is");
            property
        } else {
            NONE
        };
        let told = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: asked.time,
            requestor: to,
            selection: asked.selection,
            target: asked.target,
            property: given,
        };
        x.send_event(false, to, EventMask::NO_EVENT, told).expect("it is given");
        x.flush().expect("the display listens");
    }
}
