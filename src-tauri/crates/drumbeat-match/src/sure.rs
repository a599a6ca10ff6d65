//! Which records are surely the company asked about, found by what a sure match must share.
//!
//! The one hard idea: who wants sure matches only need not look under a trade, a city or the sound of a word. A sure
//! match has a naming word in common, or the same letters in other words or another order, or an address; those lists
//! are few and short, and most accounts find nobody under them but themselves. Callers rely on the answer being that of
//! [`lookup`](crate::lookup) with what is below [`SURE`] left out, but for a few things. Two letters that have changed
//! places in one word, or an article more, with everything else the same and nothing known that differs, are surely a
//! slip. Names that each have a word which the other has not (Vellmar Foods, Vellmar Packaging) are sisters at best and
//! never sure here, unless they share a domain: a lookup may show them to a person, but to join them would join all
//! that begin with that word. And names whose words only begin alike (Quor Insu, Quoritec Insurance), or that one has
//! written together and a letter short at once (DovramontInsurance, Dovramont Insrance), are never sure here. What is less
//! than sure is not told.

use crate::compare::{Agreement, Comparison, compare};
use crate::index::{Found, Id, Index, Rarity, Term, letters_term, phone_term, probes, word_term};
use crate::name;
use crate::profile::Profile;
use crate::vocabulary::{self, Kind};
use crate::weights::{self, Level, SURE};

/// At most this many are compared: as many as a lookup compares where only what comes near counts.
const MOST: usize = 30;
/// Below this before its own words are counted a candidate is not looked into.
const HOPELESS: f32 = SURE * 0.1;
/// Shorter words are not taken for one with two letters exchanged: Nora and Roan.
const LONG_ENOUGH: usize = 6;

/// The records that are surely the same company, the most alike first; `but` is left out.
///
/// # Errors
/// What the index says.
#[expect(clippy::cast_precision_loss, reason = "a rarity needs three digits")]
pub fn sure<I: Index>(index: &I, asked: &Profile, but: Option<Id>) -> Result<Vec<Id>, I::Error> {
    let records = index.records()?;
    // As in a lookup: a telephone line that many share tells none of them apart.
    let shared = asked.phone.as_deref().map(|phone| index.frequency(phone_term(phone))).transpose()?;
    let asked = if shared.is_some_and(|count| count > weights::OF_ONE) {
        &Profile { phone: None, ..asked.clone() }
    } else {
        asked
    };
    let mut met: Vec<(Id, f32)> = Vec::new();
    for (term, worth) in keys(asked) {
        let (count, list) = index.postings(term)?;
        let rarity = ((records as f32 + 1.0) / (count as f32 + 0.5)).ln().max(0.1);
        met.extend(list.unwrap_or_default().into_iter().filter(|id| Some(*id) != but).map(|id| (id, worth * rarity)));
    }
    if met.is_empty() {
        return Ok(Vec::new());
    }
    met.sort_by_key(|(id, _)| *id);
    let sum = |same: &[(Id, f32)]| Some((same.first()?.0, same.iter().map(|(_, worth)| worth).sum::<f32>()));
    let mut all: Vec<(Id, f32)> = met.chunk_by(|x, y| x.0 == y.0).filter_map(sum).collect();
    all.sort_by(|x, y| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0)));
    let mut rarity = Rarity::among(records);
    rarity.learn(index, asked)?;
    let mut found = Vec::new();
    for (id, _) in all.into_iter().take(MOST) {
        let Some(other) = index.profile(id)? else { continue };
        let comparison = compare(asked, &other, &rarity);
        let mut probability = weights::probability(&comparison, Level::Company);
        if probability >= HOPELESS {
            rarity.learn(index, &other)?;
            probability = weights::probability(&compare(asked, &other, &rarity), Level::Company);
        }
        if (probability >= SURE || a_slip(asked, &other, &comparison)) && !each_its_own(asked, &other, &comparison) {
            found.push(id);
        }
    }
    Ok(found)
}

/// The terms that a sure match shares at least one of, each with its worth beside its rarity.
fn keys(asked: &Profile) -> Vec<(Term, f32)> {
    let names = asked.words.iter().any(|word| word.kind == Kind::Name);
    let telling = |kind: Kind| if names { kind == Kind::Name } else { !matches!(kind, Kind::Link | Kind::Form) };
    let mut all: Vec<(Term, f32)> = asked
        .words
        .iter()
        .filter(|word| telling(word.kind))
        .map(|word| (word_term(word), Found::Word.worth()))
        .collect();
    let whole = |found: &Found| matches!(found, Found::Glued | Found::Address);
    all.extend(probes(asked).into_iter().filter(|(_, found)| whole(found)).map(|(term, found)| (term, found.worth())));
    all.extend(letters_term(asked).map(|term| (term, Found::Glued.worth())));
    all.sort_by(|x, y| x.0.cmp(&y.0).then(y.1.total_cmp(&x.1)));
    all.dedup_by_key(|(term, _)| *term);
    all
}

/// Whether each has a naming word or a trade that the other has not, and no domain says that they are one.
fn each_its_own(a: &Profile, b: &Profile, comparison: &Comparison) -> bool {
    let own = |profile: &Profile, left: &[usize]| {
        left.iter().any(|at| matches!(profile.words[*at].kind, Kind::Name | Kind::Trade))
    };
    comparison.domain != Agreement::Same && own(a, &comparison.left_a) && own(b, &comparison.left_b)
}

/// Whether nothing differs but an article, or two neighbouring letters that have changed places in one word, in one country.
///
/// Letters that were written for others (Vellmar, Vellmer) may be two companies; letters that changed places are a slip
/// where the rest of the name and the place are the same.
fn a_slip(a: &Profile, b: &Profile, comparison: &Comparison) -> bool {
    let known = comparison.country == Agreement::Same
        && matches!(comparison.city, Agreement::Same | Agreement::Unknown)
        && comparison.domain != Agreement::Differs
        && (a.form.is_none() || b.form.is_none() || a.form == b.form);
    if !known {
        return false;
    }
    let (all, others) = (own_words(a), own_words(b));
    // The legal form is often left out.
    let [x, y] = [&all, &others].map(|words| {
        let (from, to) = name::between_forms(words);
        &words[from..to]
    });
    at_most_exchanged(x, y) || at_most_exchanged(&all, &others)
}

/// The words as they were written, without articles and links: they come and go.
fn own_words(profile: &Profile) -> Vec<String> {
    let mut words = name::words(&profile.name);
    words.retain(|word| vocabulary::kind(word) != Kind::Link);
    words
}

fn at_most_exchanged(one: &[String], other: &[String]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let (same, differ): (Vec<_>, Vec<_>) = one.iter().zip(other).partition(|(x, y)| x == y);
    let named = || same.iter().any(|(word, _)| word.len() >= LONG_ENOUGH && vocabulary::kind(word) == Kind::Name);
    match differ[..] {
        [] => !one.is_empty(),
        [(x, y)] => neighbours_exchanged(x, y) && (x.len() >= LONG_ENOUGH || named()),
        _ => false,
    }
}

fn neighbours_exchanged(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len() != other.len() || one.iter().any(char::is_ascii_digit) {
        return false;
    }
    let differ: Vec<usize> = (0..one.len()).filter(|at| one[*at] != other[*at]).collect();
    matches!(differ[..], [x, y] if y == x + 1 && one[x] == other[y] && one[y] == other[x])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::compare::How;
    use crate::index::Memory;
    use crate::profile::Record;

    const FRONT: [&str; 14] = [
        "Arva", "Belno", "Cadri", "Dovra", "Harbor", "Juniper", "Merano", "Ostra", "Quori", "Rovan", "Summit", "Tarvi",
        "Vanto", "Zelmi",
    ];
    const BACK: [&str; 10] = ["tec", "lane", "works", "mark", "field", "gate", "line", "mont", "bridge", "loop"];
    const TRADE: [&str; 8] =
        ["Logistics", "Foods", "Medical", "Software", "Telecom", "Building", "Insurance", "Packaging"];
    const FORM: [&str; 7] = ["", "", "Ltd", "GmbH", "Inc.", "Holdings", "AG"];
    const PLACES: [(&str, &str); 4] =
        [("Germany", "Hamburg"), ("United States", "Denver"), ("United Kingdom", "Leeds"), ("", "")];
    const DOMAINS: [&str; 3] = ["", "", "own"];

    #[derive(Debug, Clone)]
    struct One {
        name: String,
        place: (&'static str, &'static str),
        domain: String,
    }

    fn profile(one: &One) -> Profile {
        let some = |text: &'static str| (!text.is_empty()).then_some(text);
        Profile::of(&Record {
            name: &one.name,
            country: some(one.place.0),
            city: some(one.place.1),
            domain: (!one.domain.is_empty()).then_some(one.domain.as_str()),
            ..Record::default()
        })
    }

    /// The same name as other people write it.
    fn dirty(name: &str, how: usize, at: usize) -> String {
        let mut letters: Vec<char> = name.chars().collect();
        let place = 1 + at % letters.len().saturating_sub(2).max(1);
        match how {
            0 => name.to_uppercase(),
            1 => format!("{name} {}", FORM[2 + at % 5]),
            2 => {
                let next = (place + 1).min(letters.len() - 1);
                letters.swap(place, next);
                letters.into_iter().collect()
            }
            3 => name.replace(' ', "-"),
            4 => format!("{name} Intl"),
            5 => format!("The {name}"),
            6 => name.replace(' ', ""),
            7 => name.split(' ').rev().collect::<Vec<_>>().join(" "),
            8 => {
                letters.remove(place);
                letters.into_iter().collect()
            }
            9 => name.split(' ').next().unwrap_or_default().to_owned(),
            10 => name.split(' ').map(|word| &word[..word.len().min(4)]).collect::<Vec<_>>().join(" "),
            _ => name.to_owned(),
        }
    }

    fn one() -> impl Strategy<Value = One> {
        let name = (0..FRONT.len(), 0..BACK.len(), 0..TRADE.len(), 0..FORM.len());
        (name, 0_usize..12, any::<u16>(), 0..PLACES.len(), 0..DOMAINS.len()).prop_map(
            |(name, how, at, place, domain)| {
                let (front, back, trade, form) = name;
                let clean = format!("{}{} {} {}", FRONT[front], BACK[back], TRADE[trade], FORM[form]);
                let domain = if DOMAINS[domain].is_empty() {
                    String::new()
                } else {
                    format!("{}{}.example", FRONT[front], BACK[back]).to_lowercase()
                };
                One { name: dirty(clean.trim(), how, at.into()), place: PLACES[place], domain }
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_a_lookup_is_sure_of_is_found_and_a_slip_more(book in prop::collection::vec(one(), 2..160)) {
            let mut index = Memory::default();
            for one in &book {
                index.add(profile(one));
            }
            for (at, one) in book.iter().enumerate() {
                let asked = profile(one);
                let id = Id::try_from(at).unwrap();
                let found = crate::lookup(&index, asked.clone(), Level::Company, weights::LOOK).unwrap();
                let begun = |other: &Profile| {
                    let comparison = compare(&asked, other, &Rarity::presumed());
                    let same_letters = letters_term(&asked) == letters_term(other);
                    comparison.domain != Agreement::Same
                        && !comparison.pairs.iter().any(|pair| {
                            (matches!(pair.how, How::Same | How::Meant) || pair.how == How::Glued && same_letters)
                                && asked.words[pair.a.clone()].iter().any(|word| word.kind == Kind::Name)
                        })
                };
                let looked: BTreeSet<Id> = found
                    .matches
                    .iter()
                    .filter(|other| other.id != id && other.probability >= SURE && !begun(&other.profile))
                    .filter(|other| {
                        let comparison = compare(&asked, &other.profile, &Rarity::presumed());
                        !each_its_own(&asked, &other.profile, &comparison)
                    })
                    .map(|other| other.id)
                    .collect();
                let here: BTreeSet<Id> = sure(&index, &asked, Some(id)).unwrap().into_iter().collect();
                // Beyond thirty that are as near as these neither of the two looks.
                if looked.len() < MOST - 1 {
                    prop_assert!(looked.is_subset(&here), "{one:?} misses {:?}", looked.difference(&here).map(|id| &book[*id as usize]).collect::<Vec<_>>());
                }
                let mut rarity = Rarity::among(index.records().unwrap());
                rarity.learn(&index, &asked).unwrap();
                for more in here.difference(&looked) {
                    let other = profile(&book[*more as usize]);
                    rarity.learn(&index, &other).unwrap();
                    let comparison = compare(&asked, &other, &rarity);
                    let is = weights::probability(&comparison, Level::Company) >= SURE;
                    prop_assert!(is || a_slip(&asked, &other, &comparison), "{one:?} and {other:?}");
                }
            }
        }
    }

    #[test]
    fn letters_that_changed_places_are_a_slip_and_other_letters_are_not() {
        let of = |name: &str, country: &str, city: &str| {
            let city = (!city.is_empty()).then_some(city);
            Profile::of(&Record { name, country: Some(country), city, ..Record::default() })
        };
        let first = of("Ostermoor Kuehlkette Logistik", "DE", "Kiel");
        for (name, country, city, is) in [
            ("Ostermoor Kuehlketet Logistik", "DE", "Kiel", true),
            ("Ostermoor Kuehlketet Logistik", "DE", "", true),
            ("Otsermoor Kuehlkette Logistik", "DE", "Kiel", true),
            ("Ostermoor Kuehlketet Logistik", "DE", "Bonn", false),
            ("Ostermoor Kuehlketet Logistik", "AT", "", false),
            ("Ostermaar Kuehlkette Logistik", "DE", "Kiel", false),
            ("Ostermoor Kuehlketet", "DE", "Kiel", false),
        ] {
            let other = of(name, country, city);
            let comparison = compare(&first, &other, &Rarity::presumed());
            assert_eq!(a_slip(&first, &other, &comparison), is, "{name} {country} {city}");
        }
        let (one, other) = (of("Nora", "DE", "Kiel"), of("Naro", "DE", "Kiel"));
        assert!(!a_slip(&one, &other, &compare(&one, &other, &Rarity::presumed())), "too short to tell");
    }

    #[test]
    fn names_with_a_word_of_their_own_each_are_two_companies_unless_they_share_a_domain() {
        let of = |name: &str, domain: &str| {
            let domain = (!domain.is_empty()).then_some(domain);
            Profile::of(&Record { name, country: Some("DE"), city: Some("Kiel"), domain, ..Record::default() })
        };
        for (name, domain, is) in [
            ("Pellavefield Packaging", "", true),
            ("PELLAVEFIELD PACKAGING GmbH", "", true),
            ("Pellavefield Packaging Intl", "", true),
            ("Pellavefeild-Packaging", "", true),
            ("Pellavefield Foods", "", false),
            ("Pellavefield Foods Group", "", false),
            ("Pellavefield Analytics", "", false),
            ("Pellavefield Foods", "pellavefield.example", true),
        ] {
            let mut index = Memory::default();
            for front in FRONT {
                index.add(of(&format!("{front}field Packaging"), ""));
            }
            let id = index.add(of("Pellavefield Packaging", "pellavefield.example"));
            let found = sure(&index, &of(name, domain), None).unwrap();
            assert_eq!(found.contains(&id), is, "{name} {domain}");
        }
    }

    #[test]
    fn every_kind_of_difference_is_surely_told_in_one_place() {
        for (form, hows) in
            [("", &[0, 1, 2, 3, 4, 5, 6][..]), (" GmbH", &[0, 2, 3, 4, 5]), (" Holdings", &[0, 2, 3, 4, 5])]
        {
            let mut index = Memory::default();
            let mut names = Vec::new();
            for (n, front) in FRONT.iter().enumerate() {
                for (m, back) in BACK.iter().enumerate() {
                    let name = format!("{front}{back} {}{form}", TRADE[(n + m) % TRADE.len()]);
                    index.add(profile(&One { name: name.clone(), place: PLACES[(n + m) % 3], domain: String::new() }));
                    names.push(((n + m) % 3, name));
                }
            }
            for how in hows {
                let mut missed = Vec::new();
                for (at, (place, name)) in names.iter().enumerate() {
                    let other = One { name: dirty(name, *how, at), place: PLACES[*place], domain: String::new() };
                    // Letters that change places with a space are two slips.
                    let words = |text: &str| text.split(' ').map(str::len).collect::<Vec<_>>();
                    if *how == 2 && words(&other.name) != words(name) {
                        continue;
                    }
                    let found = sure(&index, &profile(&other), None).unwrap();
                    if found != [Id::try_from(at).unwrap()] {
                        missed.push(other.name);
                    }
                }
                assert!(missed.is_empty(), "{form} {how}: {missed:?}");
            }
        }
    }
}
