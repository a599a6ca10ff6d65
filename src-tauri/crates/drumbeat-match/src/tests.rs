//! Tables of spellings, and the properties that hold for all of them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::HashMap;

use proptest::prelude::*;

use crate::compare::FEATURES;
use crate::index::{Found, Id, probes, terms};
use crate::weights::{LOOK, SURE, probability};
use crate::*;

fn named(name: &str) -> Profile {
    Profile::of(&Record { name, ..Record::default() })
}

fn at<'a>(name: &'a str, country: &'a str, city: &'a str) -> Profile {
    let some = |text: &'a str| (!text.is_empty()).then_some(text);
    Profile::of(&Record { name, country: some(country), city: some(city), ..Record::default() })
}

/// A book in which trades and places are as common as they are.
fn book() -> Memory {
    let mut book = Memory::default();
    for (i, first) in
        ["Aldera", "Brontis", "Celmar", "Dorvane", "Estolin", "Farquist", "Gilvane", "Hestrom"].iter().enumerate()
    {
        for (j, trade) in ["Logistics", "Trading", "Hotel", "Engineering", "Foods", "Motors"].iter().enumerate() {
            let city = ["Kiel", "Lyon", "Turin", "Leeds"][(i + j) % 4];
            let country = ["DE", "FR", "IT", "GB"][(i + j) % 4];
            book.add(at(&format!("{first}{j} {trade}"), country, city));
        }
    }
    book
}

fn best(name: &str, country: &str, city: &str, accounts: &[(&str, &str, &str)]) -> (Option<String>, f32) {
    let mut book = book();
    for (name, country, city) in accounts {
        book.add(at(name, country, city));
    }
    let found = lookup(&book, at(name, country, city), Level::Company, 0.0).unwrap();
    found.matches.first().map_or((None, 0.0), |m| (Some(m.profile.name.clone()), m.probability))
}

#[test]
fn spellings_of_an_account_find_it() {
    for (asked, account) in [
        ("Kuehlkette Nord", "Kühlkette Nord GmbH"),
        ("Ромашка Логистика", "Romashka Logistika OOO"),
        ("ООО \"Вектра Плюс\"", "Vectra Plus LLC"),
        ("Halver Steels", "Halversteel Ltd"),
        ("TravelQuick", "Travel Quick B.V."),
        ("K T R Vandoren", "KTR Vandoren Inc."),
        ("Brondal Intl", "Brondal International A/S"),
        ("Obermeier Maschinenbau", "Obermaier Maschinenbau AG"),
        ("Nordvik Shipyard II", "Nordvik Shipyard 2"),
        ("Second Avenue Brewing", "2nd Avenue Brewing LLC"),
        ("Thessaly Marble &amp; Stone", "Thessaly Marble and Stone S.A."),
        ("Quintas do Vale", "QUINTAS DO VALE LTDA"),
        ("Marble Thessaly", "Thessaly Marble"),
    ] {
        let (name, probability) = best(asked, "DE", "Kiel", &[(account, "DE", "Kiel")]);
        assert_eq!(name.as_deref(), Some(account), "{asked}");
        assert!(probability >= LOOK, "{asked} / {account}: {probability}");
    }
}

#[test]
fn look_alikes_are_not_taken_without_asking() {
    for (asked, account) in [
        ("Alderan Fund 2 GmbH", "Alderan Fund 3 GmbH"),
        ("Vellmar AG", "Vellmer AG"),
        ("Sibrand AG", "Sibrand GmbH"),
        ("Hotel Adler", "Hotel Krone"),
        ("Kiel Trading", "Lyon Trading"),
        ("Estran Hospital", "Estral Hospital"),
    ] {
        let (_, probability) = best(asked, "DE", "Kiel", &[(account, "DE", "Kiel")]);
        assert!(probability < SURE, "{asked} / {account}: {probability}");
    }
}

#[test]
fn other_companies_do_not_match() {
    for (asked, account) in [
        ("Hotel Adler", "Hotel Krone"),
        ("Brandis Trading", "Olafson Trading"),
        ("Zorvan Engineering", "Malik Engineering"),
    ] {
        let (a, b) = (at(asked, "DE", "Kiel"), at(account, "FR", "Lyon"));
        let comparison = compare(&a, &b, &Rarity::presumed());
        assert!(probability(&comparison, Level::Company) < LOOK, "{asked} / {account}");
        assert!(probability(&comparison, Level::Group) < LOOK, "{asked} / {account}");
    }
}

#[test]
fn sisters_are_one_group() {
    for (a, b) in [
        ("Brondal Chemicals India Pvt. Ltd.", "Brondal (Shanghai) Co., Ltd."),
        ("Vestergaard Tyre Polska Sp. z o.o.", "Vestergaard Tire Corp."),
    ] {
        let comparison = compare(&named(a), &named(b), &Rarity::presumed());
        assert!(probability(&comparison, Level::Group) >= LOOK, "{a} / {b}");
    }
}

#[test]
fn initials_find_the_words_they_stand_for() {
    let mut book = book();
    let id = book.add(named("Norvik Home Rescue Systems"));
    let found = candidates(&book, &named("NHRS")).unwrap();
    assert!(found.iter().any(|(other, _)| *other == id));
}

#[test]
fn a_domain_in_common_is_sure_and_free_mail_is_none() {
    let with = |name, email| Profile::of(&Record { name, email: Some(email), ..Record::default() });
    let own = compare(&with("Alpha", "a@kuehl.example"), &with("Omega", "b@kuehl.example"), &Rarity::presumed());
    let free = compare(&with("Alpha", "a@gmail.com"), &with("Omega", "b@gmail.com"), &Rarity::presumed());
    assert!(probability(&own, Level::Company) >= SURE);
    assert!(probability(&free, Level::Company) < LOOK);
}

#[test]
fn a_number_in_common_makes_a_person_look_and_nobody_sure() {
    let line = "+49 431 1234568";
    let with = |name, phone, country| {
        Profile::of(&Record { name, phone: Some(phone), country: Some(country), ..Record::default() })
    };
    let judged = |a: &Profile, b: &Profile| probability(&compare(a, b, &Rarity::presumed()), Level::Company);
    let asked = with("Nordlicht Gastro", line, "DE");
    for (name, country, looked_at) in
        [("Brontis Hotelbetrieb", "DE", true), ("Brontis Hotelbetrieb", "FR", false), ("Hotel Krone", "DE", true)]
    {
        let p = judged(&asked, &with(name, "0431 123 45 68", country));
        assert_eq!(p >= LOOK, looked_at, "{name} {country}: {p}");
        assert!(p < SURE, "{name} {country}: {p}");
        let without = judged(&asked, &with(name, "0431 99 88 77 6", country));
        assert!(without < p, "{name} {country}: {without} {p}");
    }
    // Sisters have one switchboard.
    assert!(judged(&with("Sibrand AG", line, "DE"), &with("Sibrand GmbH", line, "DE")) < SURE);
    let mut book = book();
    let id = book.add(with("Brontis Hotelbetrieb", line, "DE"));
    let found = lookup(&book, asked.clone(), Level::Company, LOOK).unwrap();
    assert_eq!(found.matches.first().map(|one| one.id), Some(id), "found by its number alone");
    let said = found.evidence(&found.matches[0]);
    assert_eq!(said.speaks_for[0], "same phone number 311234568");
    assert_eq!(said.would_turn.as_deref(), Some("no phone number in common"));
    for at in 0..3 {
        book.add(with(["Alba Foods", "Corvin Motors", "Dessau Trading"][at], line, "DE"));
    }
    let found = lookup(&book, asked, Level::Company, LOOK).unwrap();
    assert!(found.matches.iter().all(|one| one.probability < LOOK), "a line of many says nothing");
}

fn text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "Nord",
        "Nordik",
        "AG",
        "GmbH",
        "Kiel",
        "Trading",
        "of",
        "II",
        "2",
        "K",
        "T",
        "Müller",
        "Mueller",
        "Intl",
        "International",
        "KTR",
        "NordTrading",
        "Chemicals",
        "Chemical",
        "Ромашка",
        "Romashka",
        "&",
        "株式会社",
        "x",
    ]);
    prop_oneof![
        4 => prop::collection::vec(word, 0..7).prop_map(|words| words.join(" ")),
        1 => "\\PC{0,30}",
    ]
}

/// What [candidates] must say, by going through all records.
fn by_force(profiles: &[Profile], asked: &Profile) -> HashMap<Id, u32> {
    let mut shared = HashMap::new();
    for (id, profile) in profiles.iter().enumerate() {
        let filed = terms(profile);
        let count = probes(asked).iter().filter(|(term, _)| filed.contains(term)).count();
        if count > 0 {
            shared.insert(Id::try_from(id).unwrap(), u32::try_from(count).unwrap());
        }
    }
    shared
}

proptest! {
    #[test]
    fn the_score_does_not_ask_which_came_first(a in text(), b in text()) {
        let (x, y) = (at(&a, "DE", "Kiel"), at(&b, "DE", ""));
        let (one, other) = (compare(&x, &y, &Rarity::presumed()), compare(&y, &x, &Rarity::presumed()));
        for (i, feature) in FEATURES.iter().enumerate() {
            prop_assert!((one.numbers[i] - other.numbers[i]).abs() < 1e-4, "{feature}: {a} / {b}");
            prop_assert!(one.numbers[i].is_finite());
        }
        let p = probability(&one, Level::Company);
        prop_assert!((0.0..=1.0).contains(&p));
    }

    #[test]
    fn reading_a_name_again_changes_nothing(a in text()) {
        let once = named(&a);
        let again = named(&once.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" "));
        prop_assert!(again.words.len() <= once.words.len());
        prop_assert_eq!(named(&a), once);
    }

    #[test]
    fn the_index_finds_what_going_through_all_finds(names in prop::collection::vec(text(), 1..40), asked in text()) {
        let profiles: Vec<Profile> = names.iter().map(|name| named(name)).collect();
        let mut index = Memory::default();
        for profile in &profiles {
            index.add(profile.clone());
        }
        let asked = named(&asked);
        let found: Vec<Id> = candidates(&index, &asked).unwrap().into_iter().map(|(id, _)| id).collect();
        let mut expected: Vec<Id> = by_force(&profiles, &asked).into_keys().collect();
        let mut sorted = found;
        sorted.sort_unstable();
        expected.sort_unstable();
        prop_assert_eq!(sorted, expected);
    }

    #[test]
    fn a_kept_index_answers_like_a_new_one(names in prop::collection::vec(text(), 2..30), gone in prop::collection::vec(any::<prop::sample::Index>(), 0..10), asked in text()) {
        let mut kept = Memory::default();
        for name in &names {
            kept.add(named(name));
        }
        let gone: Vec<usize> = gone.iter().map(|at| at.index(names.len())).collect();
        for at in &gone {
            kept.remove(Id::try_from(*at).unwrap());
        }
        let mut new = Memory::default();
        let mut ids = Vec::new();
        for (at, name) in names.iter().enumerate().filter(|(at, _)| !gone.contains(at)) {
            new.add(named(name));
            ids.push(Id::try_from(at).unwrap());
        }
        let asked = named(&asked);
        let from_kept = candidates(&kept, &asked).unwrap();
        let from_new: Vec<(Id, f32)> = candidates(&new, &asked).unwrap().into_iter().map(|(id, sum)| (ids[id as usize], sum)).collect();
        prop_assert_eq!(from_kept, from_new);
    }

    #[test]
    fn what_would_turn_a_verdict_is_said_for_names_that_differ(a in "[a-z]{5,9} [a-z]{5,9}", b in "[a-z]{5,9} [a-z]{5,9}") {
        let (x, y) = (at(&a, "DE", "Kiel"), at(&b, "DE", "Kiel"));
        let said = evidence(&x, &y, &Rarity::presumed(), Level::Company);
        prop_assert!(said.would_turn.is_some(), "{a} / {b}");
    }
}

#[test]
fn an_exact_word_is_worth_more_than_its_beginning() {
    assert!(Found::Word.worth() > Found::Beginning.worth());
}
