//! Files that the person chooses: the system's dialogs, and what is dropped on the window. The page sees neither
//! path nor content; it hears that an import is there.

use std::path::PathBuf;
use std::sync::Arc;

use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::events::AppEvent;
use drumbeat_app::files::{Files, Wanted};
use drumbeat_app::intake;
use tauri::{AppHandle, DragDropEvent, Manager, Window, WindowEvent};
use tauri_plugin_dialog::DialogExt;

struct Dialogs(AppHandle);

impl Files for Dialogs {
    fn open(&self, wanted: Wanted) -> Option<PathBuf> {
        let dialog = self.0.dialog().file().set_title(wanted.title).add_filter(wanted.kind, wanted.endings);
        dialog.blocking_pick_file()?.into_path().ok()
    }

    fn save(&self, wanted: Wanted, name: &str) -> Option<PathBuf> {
        let dialog = self.0.dialog().file().set_title(wanted.title).add_filter(wanted.kind, wanted.endings);
        dialog.set_file_name(name).blocking_save_file()?.into_path().ok()
    }

    fn folder(&self, title: &str) -> Option<PathBuf> {
        self.0.dialog().file().set_title(title).blocking_pick_folder()?.into_path().ok()
    }
}

/// From now on the program can ask for files.
pub fn attach(app: &Arc<Drumbeat>, handle: &AppHandle) {
    let _ = app.files.set(Arc::new(Dialogs(handle.clone())));
}

/// Something is dragged over the window, away from it or dropped on it.
pub fn dragged(window: &Window, event: &WindowEvent) {
    let WindowEvent::DragDrop(event) = event else { return };
    let app = Arc::clone(&window.state::<Arc<Drumbeat>>());
    match event {
        DragDropEvent::Enter { .. } => app.events.send(AppEvent::FileOver(true)),
        DragDropEvent::Leave => app.events.send(AppEvent::FileOver(false)),
        DragDropEvent::Drop { paths, .. } => {
            app.events.send(AppEvent::FileOver(false));
            let paths = paths.clone();
            tauri::async_runtime::spawn_blocking(move || intake::dropped(&app, &paths));
        }
        _ => {}
    }
}
