//! What most use cases need at once: the time, the mapping in force, the names of people.
//!
//! The hard idea: mapping and schema are large JSON values that hardly ever change, and every look at
//! the store needs them. The store counts their changes, in the transaction that makes them; what was
//! parsed once is used while a view of the store has the same count, whoever made the change.

use std::sync::{Arc, Mutex};

use drumbeat_model::crm::{Owner, Schema};
use drumbeat_model::ids::OwnerId;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::time::{Day, Instant};
use drumbeat_store::Reader;

use crate::workspace::Workspace;

/// Mapping and schema, parsed.
#[derive(Debug)]
pub struct Setup {
    version: u64,
    /// The mapping in force.
    pub mapping: Arc<Mapping>,
    /// The CRM as described last.
    pub schema: Option<Arc<Schema>>,
}

impl Setup {
    /// Names of owners.
    #[must_use]
    pub fn names(&self) -> Names {
        Names(self.schema.clone())
    }
}

/// The latest setup that was parsed.
#[derive(Default)]
pub(crate) struct Setups(Mutex<Option<Arc<Setup>>>);

impl Setups {
    pub(crate) fn read(&self, reader: &Reader<'_>) -> drumbeat_store::Result<Arc<Setup>> {
        let version = reader.setup_version()?;
        let latest = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        if let Some(setup) = latest.filter(|setup| setup.version == version) {
            return Ok(setup);
        }
        let setup =
            Arc::new(Setup { version, mapping: Arc::new(reader.mapping()?), schema: reader.schema()?.map(Arc::new) });
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(Arc::clone(&setup));
        Ok(setup)
    }
}

/// Names of owners, for showing.
pub struct Names(Option<Arc<Schema>>);

impl Names {
    fn all(&self) -> &[Owner] {
        self.0.as_ref().map_or(&[], |schema| &schema.owners)
    }

    /// The name of an owner; the id when unknown.
    #[must_use]
    pub fn of(&self, id: Option<&OwnerId>) -> Option<String> {
        let id = id?;
        Some(self.owner(id).map_or_else(|| id.0.clone(), |owner| owner.name.clone()))
    }

    /// The owner with this id.
    #[must_use]
    pub fn owner(&self, id: &OwnerId) -> Option<&Owner> {
        self.all().iter().find(|owner| owner.id == id.0)
    }

    /// The owner with this e-mail address, in any case.
    #[must_use]
    pub fn at(&self, email: &str) -> Option<OwnerId> {
        let owner = self.all().iter().find(|owner| owner.email.eq_ignore_ascii_case(email.trim()))?;
        Some(OwnerId(owner.id.clone()))
    }

    /// All, as choices.
    #[must_use]
    pub fn choices(&self) -> Vec<drumbeat_model::deal::Choice> {
        let choice =
            |owner: &Owner| drumbeat_model::deal::Choice { value: owner.id.clone(), label: owner.name.clone() };
        self.all().iter().map(choice).collect()
    }
}

/// What most use cases need at once.
pub struct Scene {
    /// Now.
    pub now: Instant,
    /// Today.
    pub today: Day,
    /// The mapping in force.
    pub mapping: Arc<Mapping>,
    /// Names of owners.
    pub names: Names,
}

impl Scene {
    /// Reads it.
    ///
    /// # Errors
    /// What the store says.
    pub fn read(ws: &Workspace, reader: &Reader<'_>) -> drumbeat_store::Result<Self> {
        let setup = ws.setup(reader)?;
        Ok(Self {
            now: ws.clock.now(),
            today: ws.clock.today(),
            mapping: Arc::clone(&setup.mapping),
            names: setup.names(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use drumbeat_store::{Key, Plain, Store, Why};

    #[test]
    fn the_setup_is_parsed_once_and_anew_whoever_has_changed_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("store.db"), Key::new([7; 32]));
        let mine = Store::create(&path, &key, Arc::new(Plain)).unwrap();
        let other = Store::open(&path, &key, Arc::new(Plain)).unwrap();
        let setups = Setups::default();
        let read = || mine.read(|r| setups.read(r)).unwrap();
        let why = Why::Mirror { at: Instant::default() };
        let first = read();
        assert!(Arc::ptr_eq(&first, &read()), "parsed once");
        other.write(why, |w| w.put_value("theme", &"dark")).unwrap();
        assert!(Arc::ptr_eq(&first, &read()), "another setting is no change of it");
        for (store, me) in [(&mine, "1"), (&other, "2")] {
            let mapping = Mapping { me: Some(OwnerId(me.to_owned())), ..Mapping::default() };
            store.write(why, |w| w.put_mapping(&mapping)).unwrap();
            assert_eq!(*read().mapping, mapping);
        }
        let undone = other.write(why, |w| {
            w.put_mapping(&Mapping::default())?;
            Err::<(), _>(drumbeat_store::StoreError::Full)
        });
        assert!(undone.is_err());
        assert_eq!(read().mapping.me, Some(OwnerId("2".to_owned())), "what was not saved is not in force");
    }
}
