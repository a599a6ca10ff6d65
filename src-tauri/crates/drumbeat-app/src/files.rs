//! Files that a person chooses. The window's page never names a path: the system's own dialog does, and the
//! program behind the page asks for it through this.

use std::path::PathBuf;
use std::sync::Arc;

use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError};

/// What kind of file is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// What the dialog says.
    pub title: &'static str,
    /// What the kind is called.
    pub kind: &'static str,
    /// How its names end.
    pub endings: &'static [&'static str],
}

/// The system's dialogs; each waits until the person has chosen, so call it from a blocking thread.
pub trait Files: Send + Sync {
    /// A file to read; absent when the person thinks better of it.
    fn open(&self, wanted: Wanted) -> Option<PathBuf>;
    /// A place to write to, with a name to begin with.
    fn save(&self, wanted: Wanted, name: &str) -> Option<PathBuf>;
    /// A folder to write several files into.
    fn folder(&self, title: &str) -> Option<PathBuf>;
}

/// The dialogs of this program.
///
/// # Errors
/// On the command line, which has none.
pub fn dialogs(app: &Drumbeat) -> Answer<Arc<dyn Files>> {
    app.files.get().cloned().ok_or_else(|| {
        ApiError::invalid("files.no_dialog", "There is no window to choose a file in").next("Name the file instead")
    })
}
