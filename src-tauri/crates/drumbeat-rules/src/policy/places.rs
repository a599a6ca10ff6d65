//! Countries and territories by plain name: which territory covers which country, and which names mean one
//! country. Made once per policy, because every registration asks.

use std::collections::{BTreeMap, BTreeSet};

use crate::normal::company_name as plain;

type Lists = BTreeMap<String, Vec<String>>;

/// Countries and territories by plain name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Plain name of any spelling of a country -> its name.
    countries: BTreeMap<String, String>,
    /// Plain name of a territory -> the names of the countries that it covers.
    territories: BTreeMap<String, BTreeSet<String>>,
}

impl Places {
    /// From the policy's lists.
    pub(super) fn of(territories: &Lists, names: &Lists) -> Self {
        let mut countries = BTreeMap::new();
        for (name, others) in names {
            for spelling in others.iter().chain([name]) {
                countries.insert(plain(spelling), name.clone());
            }
        }
        let by_name: BTreeMap<String, &Vec<String>> =
            territories.iter().map(|(name, list)| (plain(name), list)).collect();
        // A member that is no territory itself is a country, also one that has no other spelling.
        for member in territories.values().flatten() {
            let key = plain(member);
            if !by_name.contains_key(&key) {
                countries.entry(key).or_insert_with(|| member.clone());
            }
        }
        let covered = by_name.keys().map(|name| (name.clone(), members(name, &by_name, &countries))).collect();
        Self { countries, territories: covered }
    }

    /// The name of a country, whichever way it is written; the text itself when the policy does not know it.
    #[must_use]
    pub fn country(&self, text: &str) -> String {
        self.countries.get(&plain(text)).cloned().unwrap_or_else(|| text.trim().to_owned())
    }

    /// The countries that a territory or a country covers; `None` when the policy does not know the word.
    #[must_use]
    pub fn covered(&self, word: &str) -> Option<BTreeSet<String>> {
        let key = plain(word);
        let territory = || self.territories.get(&key).cloned();
        territory().or_else(|| self.countries.get(&key).map(|country| BTreeSet::from([country.clone()])))
    }
}

/// The countries inside a territory, through other territories; a circle of territories ends.
fn members(
    start: &str,
    by_name: &BTreeMap<String, &Vec<String>>,
    countries: &BTreeMap<String, String>,
) -> BTreeSet<String> {
    let (mut covered, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![start.to_owned()]);
    while let Some(word) = open.pop() {
        if !seen.insert(word.clone()) {
            continue;
        }
        match by_name.get(&word) {
            Some(inside) => open.extend(inside.iter().map(|member| plain(member))),
            None => covered.extend(countries.get(&word).cloned()),
        }
    }
    covered
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn a_country_is_known_by_every_name_and_a_territory_by_its_countries() {
        let policy = Policy::built_in();
        let places = policy.places();
        for (text, name) in [
            ("DE", "Germany"),
            ("deutschland", "Germany"),
            ("U.S.A.", "United States"),
            ("Österreich", "Austria"),
            ("Oesterreich", "Austria"),
            ("Atlantis ", "Atlantis"),
        ] {
            assert_eq!(places.country(text), name, "{text}");
        }
        assert!(places.covered("emea").unwrap().contains("Switzerland"));
        assert!(places.covered("Europe").unwrap().contains("Portugal"));
        assert_eq!(places.covered("Norge").unwrap(), BTreeSet::from(["Norway".to_owned()]));
        assert_eq!(places.covered("Central"), None);
    }

    #[test]
    fn territories_that_name_each_other_end() {
        let lists = |pairs: &[(&str, &[&str])]| -> Lists {
            pairs
                .iter()
                .map(|(name, list)| ((*name).to_owned(), list.iter().map(|&member| member.to_owned()).collect()))
                .collect()
        };
        let places = Places::of(&lists(&[("A", &["B", "X"]), ("B", &["A", "Y"])]), &Lists::new());
        assert_eq!(places.covered("A").unwrap(), BTreeSet::from(["X".to_owned(), "Y".to_owned()]));
    }
}
