//! What a verdict prints: which words met and how rare they are, what agrees, what speaks against, what would turn it.
//!
//! The one hard idea: the counterfactual is tried, not argued. Each small change of the record asked about (another
//! domain, another city, a word away, a word added) is made, compared again and kept only if the verdict really
//! crosses [`LOOK`]; so what is printed holds by construction. Callers rely on the texts being plain sentences without
//! markup and on the order: the weightiest first. Nothing is decided here.

use crate::compare::{Agreement, Comparison, How, compare};
use crate::index::Rarity;
use crate::profile::{Profile, Word};
use crate::vocabulary::Kind;
use crate::weights::{LOOK, Level, probability};

/// What a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// What speaks for one company.
    pub speaks_for: Vec<String>,
    /// What speaks against it.
    pub speaks_against: Vec<String>,
    /// The smallest change found that turns the verdict.
    pub would_turn: Option<String>,
}

/// A small change of the record asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    Domain(Option<String>),
    Country(Option<String>),
    City(Option<String>),
    NoPhone,
    Without(usize),
    With(Word),
    Only(Vec<Word>),
}

/// Explains the verdict on two profiles; `asked` is the one whose changes are tried.
#[must_use]
pub fn evidence(asked: &Profile, other: &Profile, rarity: &Rarity, level: Level) -> Evidence {
    let comparison = compare(asked, other, rarity);
    let mut out = Evidence::default();
    words(&mut out, asked, other, &comparison, rarity);
    places(&mut out, asked, other, &comparison);
    out.would_turn = turn(asked, other, rarity, level, probability(&comparison, level) >= LOOK);
    out
}

fn joined(words: &[Word]) -> String {
    words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// How rare a word is, in words.
fn rare(word: &Word, rarity: &Rarity) -> String {
    let count = rarity.count(word);
    match word.kind {
        Kind::Trade => "a word of many trades".to_owned(),
        Kind::Place => "a place".to_owned(),
        Kind::Number => "a number".to_owned(),
        Kind::Link | Kind::Form => "says little".to_owned(),
        Kind::Name if count < 1.0 => "in no other account".to_owned(),
        Kind::Name if count < 1.5 => "in 1 account".to_owned(),
        Kind::Name => format!("in {count:.0} accounts"),
    }
}

fn words(out: &mut Evidence, a: &Profile, b: &Profile, comparison: &Comparison, rarity: &Rarity) {
    let mut met: Vec<(f32, String)> = Vec::new();
    for pair in &comparison.pairs {
        let (here, there) = (&a.words[pair.a.clone()], &b.words[pair.b.clone()]);
        let Some(word) = here.iter().chain(there).max_by(|x, y| rarity.bits(x).total_cmp(&rarity.bits(y))) else {
            continue;
        };
        let how = match pair.how {
            How::Same => format!("{} is in both names", joined(here)),
            How::Meant => format!("{} means {}", joined(here), joined(there)),
            How::Glued => format!("{} is {} written together", joined(here), joined(there)),
            How::Typo => format!("{} is nearly {}", joined(here), joined(there)),
            How::Shortened => format!("{} and {} begin alike", joined(here), joined(there)),
            How::Initials => format!("{} and {} are initials and words", joined(here), joined(there)),
        };
        if word.kind != Kind::Link {
            met.push((rarity.bits(word) * pair.likeness, format!("{how} ({})", rare(word, rarity))));
        }
    }
    met.sort_by(|x, y| y.0.total_cmp(&x.0));
    out.speaks_for.extend(met.into_iter().map(|(_, text)| text));
    let mut left: Vec<(f32, String)> = Vec::new();
    for (profile, indexes, whose) in [(a, &comparison.left_a, "asked"), (b, &comparison.left_b, "account")] {
        for word in indexes.iter().map(|i| &profile.words[*i]).filter(|word| word.kind != Kind::Link) {
            let side = if whose == "asked" { "the name asked about" } else { "the other name" };
            left.push((rarity.bits(word), format!("{} is only in {side} ({})", word.text, rare(word, rarity))));
        }
    }
    left.sort_by(|x, y| y.0.total_cmp(&x.0));
    out.speaks_against.extend(left.into_iter().map(|(_, text)| text));
}

fn places(out: &mut Evidence, a: &Profile, b: &Profile, comparison: &Comparison) {
    let shown = |value: &Option<String>| value.clone().unwrap_or_default();
    for (agreement, what, here, there, first) in [
        (comparison.domain, "domain", shown(&a.domain), shown(&b.domain), true),
        (comparison.phone, "phone number", shown(&a.phone), shown(&b.phone), true),
        (comparison.city, "city", shown(&a.city), shown(&b.city), false),
        (comparison.country, "country", shown(&a.country).to_uppercase(), shown(&b.country).to_uppercase(), false),
    ] {
        match agreement {
            Agreement::Same if first => out.speaks_for.insert(0, format!("same {what} {here}")),
            Agreement::Same => out.speaks_for.push(format!("same {what} {here}")),
            Agreement::Alike => out.speaks_for.push(format!("{what} {here} is like {there}")),
            // Companies have many lines: another number says nothing.
            Agreement::Differs if what == "phone number" => {}
            Agreement::Differs => out.speaks_against.push(format!("{what} {here}, there {there}")),
            Agreement::Unknown => {}
        }
    }
}

fn changed(asked: &Profile, change: &Change) -> Profile {
    let mut profile = asked.clone();
    match change {
        Change::Domain(domain) => profile.domain.clone_from(domain),
        Change::Country(country) => profile.country.clone_from(country),
        Change::City(city) => profile.city.clone_from(city),
        Change::NoPhone => profile.phone = None,
        Change::Without(at) => {
            profile.words.remove(*at);
        }
        Change::With(word) => profile.words.push(word.clone()),
        Change::Only(words) => profile.words.clone_from(words),
    }
    profile.glued = profile.words.iter().map(|word| word.text.as_str()).collect();
    profile
}

/// The first of the changes, smallest first, that turns the verdict.
fn turn(asked: &Profile, other: &Profile, rarity: &Rarity, level: Level, positive: bool) -> Option<String> {
    let mut tries: Vec<(Change, String)> = Vec::new();
    if positive {
        if asked.domain.is_some() && asked.domain == other.domain {
            tries.push((Change::Domain(None), "no domain in common".to_owned()));
        }
        if asked.phone.is_some() && asked.phone == other.phone {
            tries.push((Change::NoPhone, "no phone number in common".to_owned()));
        }
        if asked.city.is_some() && asked.city == other.city {
            tries.push((Change::City(None), "no city given".to_owned()));
            tries.push((Change::City(Some("\u{2014}".to_owned())), "another city".to_owned()));
        }
        if asked.country.is_some() && asked.country == other.country {
            tries.push((Change::Country(Some("\u{2014}".to_owned())), "another country".to_owned()));
        }
        let mut order: Vec<usize> = (0..asked.words.len()).collect();
        order.sort_by(|x, y| rarity.bits(&asked.words[*y]).total_cmp(&rarity.bits(&asked.words[*x])));
        if asked.words.len() > 1 {
            for at in order {
                tries.push((Change::Without(at), format!("the name without {}", asked.words[at].text)));
            }
        }
        let foreign = |at: usize| {
            let text = format!("\u{2014}{at}");
            Word { meaning: text.clone(), text, kind: Kind::Name }
        };
        tries.push((Change::With(foreign(0)), "one more word of a name that is nowhere else".to_owned()));
        tries.push((Change::Only(vec![foreign(0)]), "another name".to_owned()));
    } else {
        if let Some(city) = other.city.as_ref().filter(|city| asked.city.as_ref() != Some(city)) {
            tries.push((Change::City(Some(city.clone())), format!("the city {city}")));
        }
        if let Some(country) = other.country.as_ref().filter(|country| asked.country.as_ref() != Some(country)) {
            tries.push((Change::Country(Some(country.clone())), format!("the country {}", country.to_uppercase())));
        }
        for (at, word) in asked.words.iter().enumerate().filter(|_| asked.words.len() > 1) {
            tries.push((Change::Without(at), format!("the name without {}", word.text)));
        }
        for word in other.words.iter().filter(|word| !asked.words.contains(word)) {
            tries.push((Change::With(word.clone()), format!("{} in the name", word.text)));
        }
        if let Some(domain) = other.domain.as_ref().filter(|domain| asked.domain.as_ref() != Some(domain)) {
            tries.push((Change::Domain(Some(domain.clone())), format!("the domain {domain}")));
        }
        tries.push((Change::Only(other.words.clone()), format!("the name {}", joined(&other.words))));
    }
    let turns = |change: &Change| {
        let again = compare(&changed(asked, change), other, rarity);
        (probability(&again, level) >= LOOK) != positive
    };
    tries.into_iter().find(|(change, _)| turns(change)).map(|(_, text)| text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::profile::Record;

    #[test]
    fn a_verdict_names_the_words_their_rarity_and_what_would_turn_it() {
        let asked = Profile::of(&Record {
            name: "Kuehlkette Nord",
            city: Some("Kiel"),
            country: Some("DE"),
            ..Record::default()
        });
        let other = Profile::of(&Record {
            name: "Kühlkette GmbH",
            city: Some("Kiel"),
            country: Some("Germany"),
            ..Record::default()
        });
        let said = evidence(&asked, &other, &Rarity::presumed(), Level::Company);
        assert_eq!(said.speaks_for[0], "kuhlkette is in both names (in no other account)");
        assert!(said.speaks_for.contains(&"same country DE".to_owned()), "{said:?}");
        assert_eq!(said.speaks_against, ["nord is only in the name asked about (a word of many trades)"]);
        assert!(said.would_turn.is_some());
    }

    #[test]
    fn a_common_domain_comes_first() {
        let with = |name| Profile::of(&Record { name, domain: Some("kuehl.example"), ..Record::default() });
        let said = evidence(&with("Alpha"), &with("Omega"), &Rarity::presumed(), Level::Company);
        assert_eq!(said.speaks_for[0], "same domain kuehl.example");
    }
}
