//! One record: a short sorted list of (interned name, value), with a past only where something changed.
//!
//! All values that never changed have exactly one version, from the record's creation; keeping it would double the memory of a
//! large book. Callers rely on: `versions` is newest first and never deeper than `HISTORY_DEPTH`.

use crate::clock::Millis;
use crate::hubspot::world::{KindIx, Sym};
pub(crate) use crate::request::Source;

#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) value: Box<str>,
    pub(crate) at: Millis,
    pub(crate) source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) kind: KindIx,
    pub(crate) to: u64,
    pub(crate) label: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) id: u64,
    pub(crate) created: Millis,
    pub(crate) updated: Millis,
    pub(crate) archived: Option<Millis>,
    /// The record that swallowed this one.
    pub(crate) merged_into: Option<u64>,
    values: Vec<(Sym, Box<str>)>,
    /// Newest first, only for values that changed after creation; never deeper than `HISTORY_DEPTH`.
    history: Vec<(Sym, Vec<Version>)>,
    /// Who made the record; `None` is the import every account starts with.
    pub(crate) maker: Option<Box<Source>>,
    pub(crate) links: Vec<Link>,
}

/// HubSpot keeps about twenty values of a deal property.
pub(crate) const HISTORY_DEPTH: usize = 20;

impl Record {
    pub(crate) fn new(id: u64, created: Millis, updated: Millis, mut values: Vec<(Sym, Box<str>)>) -> Self {
        values.retain(|(_, v)| !v.is_empty());
        values.sort_by_key(|(s, _)| *s);
        values.dedup_by(|later, kept| {
            // Two values for one name: the later one counts.
            let same = later.0 == kept.0;
            if same {
                std::mem::swap(&mut later.1, &mut kept.1);
            }
            same
        });
        values.shrink_to_fit();
        Record {
            id,
            created,
            updated,
            archived: None,
            merged_into: None,
            values,
            history: Vec::new(),
            maker: None,
            links: Vec::new(),
        }
    }

    pub(crate) fn get(&self, sym: Sym) -> Option<&str> {
        self.values.binary_search_by_key(&sym, |(s, _)| *s).ok().map(|i| &*self.values[i].1)
    }

    pub(crate) fn values(&self) -> &[(Sym, Box<str>)] {
        &self.values
    }

    /// Sets or (with an empty value) clears a value and records the version. False when nothing changed.
    pub(crate) fn set(&mut self, sym: Sym, value: &str, at: Millis, source: &Source) -> bool {
        let place = self.values.binary_search_by_key(&sym, |(s, _)| *s);
        let before = place.ok().map(|i| &*self.values[i].1).unwrap_or_default();
        if before == value {
            return false;
        }
        let first = self.first_version(sym);
        let i = match self.history.iter().position(|(s, _)| *s == sym) {
            Some(i) => i,
            None => {
                self.history.push((sym, first.into_iter().collect()));
                self.history.len() - 1
            }
        };
        let versions = &mut self.history[i].1;
        versions.insert(0, Version { value: value.into(), at, source: source.clone() });
        versions.truncate(HISTORY_DEPTH);
        match (place, value.is_empty()) {
            (Ok(i), true) => {
                self.values.remove(i);
            }
            (Ok(i), false) => self.values[i].1 = value.into(),
            (Err(_), true) => {}
            (Err(i), false) => self.values.insert(i, (sym, value.into())),
        }
        self.updated = self.updated.max(at);
        true
    }

    fn first_version(&self, sym: Sym) -> Option<Version> {
        let value = self.get(sym)?;
        let source = self.maker.as_deref().cloned().unwrap_or_else(Source::import);
        Some(Version { value: value.into(), at: self.created, source })
    }

    /// All kept versions of a value, newest first.
    pub(crate) fn versions(&self, sym: Sym) -> Vec<Version> {
        match self.history.iter().find(|(s, _)| *s == sym) {
            Some((_, versions)) => versions.clone(),
            None => self.first_version(sym).into_iter().collect(),
        }
    }

    /// Gives a value a past, for generated data; `past` is newest first and its head is the current value.
    pub(crate) fn set_past(&mut self, sym: Sym, past: Vec<Version>) {
        self.history.retain(|(s, _)| *s != sym);
        self.history.push((sym, past));
    }

    /// The value as it was at `at`, for a search index that lags.
    pub(crate) fn value_at(&self, sym: Sym, at: Millis) -> Option<&str> {
        match self.history.iter().find(|(s, _)| *s == sym) {
            Some((_, versions)) => versions.iter().find(|v| v.at <= at).map(|v| &*v.value).filter(|v| !v.is_empty()),
            None => self.get(sym),
        }
    }

    /// The newest modification not later than `at`.
    pub(crate) fn updated_at(&self, at: Millis) -> Millis {
        if self.updated <= at {
            return self.updated;
        }
        let stamps = self.history.iter().flat_map(|(_, v)| v.iter().map(|v| v.at)).filter(|t| *t <= at);
        stamps.max().unwrap_or(self.created)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source() -> Source {
        Source { kind: "API", id: "1".into(), user: None }
    }

    #[test]
    fn history_is_newest_first_and_twenty_deep() {
        let mut r = Record::new(1, 1000, 1000, vec![(3, "0".into())]);
        for i in 1..=30 {
            assert!(r.set(3, &i.to_string(), 1000 + i, &source()));
        }
        let versions = r.versions(3);
        assert_eq!(versions.len(), HISTORY_DEPTH);
        assert_eq!(&*versions[0].value, "30");
        assert!(versions.windows(2).all(|w| w[0].at > w[1].at));
        assert_eq!(r.updated, 1030);
    }

    #[test]
    fn the_same_value_again_is_no_change() {
        let mut r = Record::new(1, 0, 0, vec![(3, "a".into())]);
        assert!(!r.set(3, "a", 5, &source()));
        assert_eq!((r.updated, r.versions(3).len()), (0, 1));
    }

    #[test]
    fn a_lagging_index_sees_the_value_of_its_moment() {
        let mut r = Record::new(1, 100, 100, vec![(3, "old".into())]);
        r.set(3, "new", 200, &source());
        assert_eq!(r.value_at(3, 150), Some("old"));
        assert_eq!(r.value_at(3, 200), Some("new"));
        assert_eq!(r.updated_at(150), 100);
    }
}
