//! Invented names of companies, people and places; nobody real is meant.
//!
//! Callers rely on: `company` gives a different name for every number below `COMPANIES`, and domains end in `.example`, which
//! nobody can own.

use crate::random::Random;

const FRONT: [&str; 48] = [
    "Arva", "Belno", "Cadri", "Dovra", "Elmo", "Farno", "Gelta", "Hasti", "Ivera", "Jorlo", "Kelva", "Lumera",
    "Merano", "Nordi", "Ostra", "Pella", "Quori", "Rovan", "Selto", "Tarvi", "Ulmer", "Vanto", "Westra", "Xando",
    "Yarrow", "Zelmi", "Alder", "Brisk", "Copper", "Delft", "Ember", "Fathom", "Granit", "Harbor", "Indigo", "Juniper",
    "Kestrel", "Lantern", "Meridi", "Nimbu", "Orchard", "Pinnac", "Quarry", "Ridge", "Summit", "Tidal", "Umber",
    "Verdant",
];
const BACK: [&str; 24] = [
    "tec", "lane", "works", "mark", "field", "gate", "line", "point", "stone", "wave", "forge", "grid", "path", "nova",
    "mont", "dyne", "bridge", "cast", "lux", "port", "shift", "crest", "mill", "loop",
];
const MIDDLE: [&str; 16] =
    ["", "li", "ro", "na", "ve", "so", "mi", "ta", "du", "ke", "pa", "ri", "go", "be", "lu", "sha"];
const TRADE: [&str; 20] = [
    "Logistics",
    "Foods",
    "Medical",
    "Energy",
    "Software",
    "Textiles",
    "Retail",
    "Finance",
    "Robotics",
    "Media",
    "Marine",
    "Chemicals",
    "Insurance",
    "Motors",
    "Telecom",
    "Pharma",
    "Building",
    "Analytics",
    "Travel",
    "Packaging",
];
const FORM: [&str; 8] = ["Inc.", "Ltd", "GmbH", "Corp.", "AG", "LLC", "Group", "Holdings"];
const PARTNER_BACK: [&str; 12] =
    ["via", "sys", "net", "soft", "data", "com", "hub", "link", "ware", "serv", "team", "pro"];
const PARTNER: [&str; 12] = [
    "Consulting",
    "Solutions",
    "Partners",
    "Systems",
    "Advisory",
    "Integrations",
    "Cloud Services",
    "Distribution",
    "Digital",
    "Networks",
    "Alliance",
    "Channel Group",
];
const FIRST: [&str; 32] = [
    "Ada", "Bela", "Carla", "Dario", "Edda", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Leif", "Mara", "Nils",
    "Olga", "Pavel", "Quinn", "Rosa", "Sven", "Tilda", "Ugo", "Vera", "Wim", "Xenia", "Yuri", "Zora", "Amir", "Bianca",
    "Cyril", "Dana", "Emil", "Fiona",
];
const LAST: [&str; 40] = [
    "Abendal",
    "Brookvale",
    "Castiel",
    "Dunmore",
    "Elsner",
    "Farrow",
    "Grunwald",
    "Halvard",
    "Ibarren",
    "Jessop",
    "Kaltera",
    "Lindqvall",
    "Morven",
    "Nystra",
    "Okafer",
    "Pellin",
    "Quist",
    "Rothwell",
    "Sandoval",
    "Tremain",
    "Uhlman",
    "Varga",
    "Westby",
    "Xiong",
    "Yardley",
    "Zeman",
    "Ashgrove",
    "Birkelund",
    "Corrigal",
    "Dahlin",
    "Everly",
    "Fontan",
    "Gilmor",
    "Hartog",
    "Ilves",
    "Jarnow",
    "Kestner",
    "Lombar",
    "Mirelli",
    "Norrland",
];

/// Country, city, and the region it is sold from.
pub(crate) const PLACES: [(&str, &str, &str); 14] = [
    ("United States", "Chicago", "Central"),
    ("United States", "Boston", "East"),
    ("United States", "Denver", "West"),
    ("United States", "Austin", "Central"),
    ("United States", "Seattle", "West"),
    ("Germany", "Hamburg", "East"),
    ("United Kingdom", "Leeds", "East"),
    ("France", "Lyon", "East"),
    ("Netherlands", "Utrecht", "East"),
    ("Canada", "Toronto", "East"),
    ("Japan", "Osaka", "West"),
    ("Brazil", "Recife", "Central"),
    ("Norway", "Bergen", "East"),
    ("Korea", "Busan", "West"),
];

/// First words there are; up to so many companies, no two share theirs.
const WORDS: usize = FRONT.len() * MIDDLE.len() * BACK.len();
/// Names there are before they get numbers.
pub(crate) const COMPANIES: usize = WORDS * TRADE.len();

/// The company with this number, and its trade.
pub(crate) fn company(number: usize) -> (String, &'static str) {
    // A stride that shares no factor with the count visits every word once, in no visible order.
    let n = (number % WORDS).wrapping_mul(7919) % WORDS;
    let (front, middle) = (FRONT[n % FRONT.len()], MIDDLE[n / FRONT.len() % MIDDLE.len()]);
    let back = BACK[n / (FRONT.len() * MIDDLE.len())];
    let trade = TRADE[(n + number / WORDS) % TRADE.len()];
    let generation = number / COMPANIES;
    let tail = if generation > 0 { format!(" {}", generation + 1) } else { String::new() };
    (format!("{front}{middle}{back} {trade}{tail}"), trade)
}

/// A partner's name; its first word is no company's.
pub(crate) fn partner(number: usize) -> String {
    let words = FRONT.len() * PARTNER_BACK.len();
    let n = (number % words).wrapping_mul(31) % words;
    let kind = PARTNER[(number + number / words) % PARTNER.len()];
    format!("{}{} {kind}", FRONT[n % FRONT.len()], PARTNER_BACK[n / FRONT.len()])
}

/// With the legal form that a careful person writes and a hasty one leaves out.
pub(crate) fn with_form(name: &str, random: &mut Random) -> String {
    format!("{name} {}", random.pick(&FORM))
}

pub(crate) fn person(random: &mut Random) -> (String, String) {
    ((*random.pick(&FIRST)).to_owned(), (*random.pick(&LAST)).to_owned())
}

/// `Acme Corporation` becomes `acme-corporation`.
pub(crate) fn slug(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

pub(crate) fn domain(name: &str) -> String {
    format!("{}.example", slug(name))
}

/// The same company as another person would write it, and how it differs.
pub(crate) fn variant(name: &str, random: &mut Random) -> (String, &'static str) {
    match random.below(5) {
        0 => (name.to_uppercase(), "case"),
        1 => (with_form(name, random), "legal form"),
        2 => {
            let mut letters: Vec<char> = name.chars().collect();
            let at = 1 + random.below(letters.len().saturating_sub(3).max(1));
            if at + 1 < letters.len() && letters[at] != ' ' && letters[at + 1] != ' ' && letters[at] != letters[at + 1]
            {
                letters.swap(at, at + 1);
                (letters.into_iter().collect(), "swapped letters")
            } else {
                (format!("The {name}"), "article")
            }
        }
        3 => (name.replace(' ', "-"), "hyphen"),
        _ => (name.replace("ation", "").replace("Corpor", "Corp.") + " Intl", "abbreviation"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_companies_share_a_name() {
        let all: HashSet<String> = (0..COMPANIES + 500).map(|n| company(n).0).collect();
        assert_eq!(all.len(), COMPANIES + 500);
        let partners: HashSet<String> = (0..2_000).map(partner).collect();
        assert_eq!(partners.len(), 2_000);
        let word = |name: &str| name.split(' ').next().map(str::to_owned);
        let words: HashSet<_> = (0..WORDS).map(|n| word(&company(n).0)).collect();
        assert_eq!(words.len(), WORDS);
        assert!(partners.iter().all(|p| !words.contains(&word(p))));
    }

    #[test]
    fn a_name_makes_a_domain() {
        assert_eq!(domain("Gekko & Co"), "gekko-co.example");
        assert_eq!(domain("Acme Corporation"), "acme-corporation.example");
    }

    #[test]
    fn a_variant_is_never_the_name_itself() {
        let mut r = Random::new(3);
        assert!((0..500).all(|n| {
            let (name, _) = company(n);
            variant(&name, &mut r).0 != name
        }));
    }
}
