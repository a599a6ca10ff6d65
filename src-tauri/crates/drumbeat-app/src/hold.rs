//! Who has a workspace's folder open: many that use it, or one that changes its files.
//!
//! Every open workspace shares `open.lock`; whoever puts another file in the store's place holds it
//! alone. The system lets go of it when the process ends, however it ends.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use drumbeat_store::StoreError;
use fs4::fs_std::FileExt;

/// A hold on a folder, until it is dropped.
pub struct Hold(#[allow(dead_code, reason = "held for its lock")] File);

/// Uses the folder beside others; `None` where the folder cannot be written and nobody can change it.
///
/// # Errors
/// [`StoreError::Busy`] while somebody holds it alone.
pub fn share(dir: &Path) -> drumbeat_store::Result<Option<Hold>> {
    match file(dir) {
        Ok(file) => taken(FileExt::try_lock_shared(&file)).map(|()| Some(Hold(file))),
        Err(_) => Ok(None),
    }
}

/// Has the folder alone.
///
/// # Errors
/// [`StoreError::Busy`] while somebody uses it.
pub fn alone(dir: &Path) -> drumbeat_store::Result<Hold> {
    let file = file(dir)?;
    taken(FileExt::try_lock_exclusive(&file))?;
    Ok(Hold(file))
}

fn file(dir: &Path) -> std::io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(dir.join("open.lock"))
}

fn taken(lock: std::io::Result<bool>) -> drumbeat_store::Result<()> {
    match lock {
        Ok(true) => Ok(()),
        Ok(false) => Err(StoreError::Busy),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Err(StoreError::Busy),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn many_use_a_folder_and_one_changes_it_but_never_both() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (share(folder.path()).unwrap(), share(folder.path()).unwrap());
        assert!(matches!(alone(folder.path()), Err(StoreError::Busy)));
        drop((first, second));
        let held = alone(folder.path()).unwrap();
        assert!(matches!(share(folder.path()), Err(StoreError::Busy)));
        drop(held);
        assert!(share(folder.path()).unwrap().is_some());
    }
}
