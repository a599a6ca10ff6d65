//! Events on their way to the page.

use std::sync::OnceLock;

use drumbeat_app::events::{AppEvent, Events};
use tauri::{AppHandle, Emitter};

/// The window as a place for events; those before it is there are not missed by anyone.
#[derive(Default)]
pub struct Window(OnceLock<AppHandle>);

impl Window {
    /// From now on events go to this program's window.
    pub fn attach(&self, handle: AppHandle) {
        let _ = self.0.set(handle);
    }
}

impl Events for Window {
    fn send(&self, event: AppEvent) {
        if let Some(handle) = self.0.get()
            && let Err(error) = handle.emit_to("main", "app", event)
        {
            tracing::warn!(%error, "an event did not reach the window");
        }
    }
}
