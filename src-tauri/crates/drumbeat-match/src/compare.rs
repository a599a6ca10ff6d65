//! Two profiles side by side: which words meet, what is left over, how the places agree, as numbers with names.
//!
//! The one hard idea: every number is the same whichever record comes first, so the score is symmetric by
//! construction: sides only enter as the smaller and the larger of the two. Callers rely on [`FEATURES`] naming
//! each number in order, on every number being finite, and on [Comparison] keeping the words behind them, so
//! that a verdict can print its evidence. What the numbers are worth stands in [crate::weights].

pub use crate::align::{How, Pair};
use crate::align::{align, typo};
use crate::index::{Rarity, initials};
use crate::profile::{Profile, Word};
use crate::vocabulary::Kind;

/// The numbers, in order.
pub const FEATURES: [&str; 46] = [
    "always",
    "bits of the words that meet",
    "few bits meet",
    "bits of the rarest word that meets",
    "records that share the rarest word",
    "covered, of the longer side",
    "covered, of the shorter side",
    "longer side nearly covered",
    "shorter side nearly covered",
    "all letters the same",
    "letter triples in common",
    "more than half of the triples",
    "common beginning",
    "names left on both sides",
    "names left on one side",
    "trades left on both sides",
    "trades left on one side",
    "rarest word left on one side",
    "first names meet",
    "first names differ",
    "initials meet",
    "numbers differ",
    "number on one side",
    "places in the names differ",
    "place in one name",
    "same kind of legal form",
    "another kind of legal form",
    "met by typo only",
    "only trades and places meet",
    "one of the names is one word",
    "same country",
    "another country",
    "same city",
    "city alike",
    "another city",
    "same city x covered",
    "same city x bits",
    "same country x covered",
    "another country x covered",
    "no country known",
    "another city x covered",
    "rarest word is first in both",
    "rarest word is first in one",
    "the rarest word is usually first",
    "bits of the first name that meets",
    "words in the same order",
];

/// Two profiles side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Words that meet.
    pub pairs: Vec<Pair>,
    /// Words of the first that met nothing.
    pub left_a: Vec<usize>,
    /// Words of the second that met nothing.
    pub left_b: Vec<usize>,
    /// How the countries agree.
    pub country: Agreement,
    /// How the cities agree.
    pub city: Agreement,
    /// How the domains agree.
    pub domain: Agreement,
    /// How the phone numbers agree.
    pub phone: Agreement,
    /// The rarest word that meets does so by a slip of the pen only: Vellmar, Vellmer.
    pub by_slip: bool,
    /// The numbers that [`FEATURES`] names.
    pub numbers: [f32; FEATURES.len()],
}

/// How two values agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreement {
    /// Both known, the same.
    Same,
    /// Both known, nearly the same.
    Alike,
    /// Both known, different.
    Differs,
    /// One or both unknown.
    Unknown,
}

fn agreement(a: Option<&String>, b: Option<&String>) -> Agreement {
    match (a, b) {
        (Some(a), Some(b)) if a == b => Agreement::Same,
        (Some(_), Some(_)) => Agreement::Differs,
        _ => Agreement::Unknown,
    }
}

fn cities(a: Option<&String>, b: Option<&String>) -> Agreement {
    let (Some(x), Some(y)) = (a, b) else { return Agreement::Unknown };
    if x == y {
        return Agreement::Same;
    }
    let long =
        |word: &&str| word.len() >= 4 && !matches!(*word, "saint" | "santa" | "north" | "south" | "east" | "west");
    let share = x.split(' ').filter(long).any(|word| y.split(' ').any(|other| other == word));
    if share || x.replace(' ', "") == y.replace(' ', "") || typo(x, y) > 0.6 {
        Agreement::Alike
    } else {
        Agreement::Differs
    }
}

/// What one side's words come to.
struct Side {
    bits: Vec<f32>,
    mass: f32,
    met: f32,
    left: Vec<usize>,
    left_names: f32,
    left_trades: f32,
    left_rarest: f32,
    left_place: bool,
    left_number: bool,
    first: Option<usize>,
}

fn side(profile: &Profile, other: &Profile, met: &[f32], rarity: &Rarity) -> Side {
    let bits: Vec<f32> = profile.words.iter().map(|word| rarity.bits(word)).collect();
    let cities: Vec<&str> = [profile.city.as_deref(), other.city.as_deref()]
        .into_iter()
        .flatten()
        .flat_map(|city| city.split(' '))
        .collect();
    let mut side = Side {
        mass: bits.iter().sum(),
        met: bits.iter().zip(met).map(|(bits, likeness)| bits * likeness).sum(),
        left: vec![],
        left_names: 0.0,
        left_trades: 0.0,
        left_rarest: 0.0,
        left_place: false,
        left_number: false,
        first: profile.words.iter().position(|word| word.kind == Kind::Name),
        bits,
    };
    for (i, word) in profile.words.iter().enumerate() {
        let rest = 1.0 - met[i];
        if met[i] == 0.0 {
            side.left.push(i);
        }
        // The city's own name says nothing against: "Brandis Images - Denver".
        let excused = cities.contains(&word.text.as_str());
        match word.kind {
            _ if excused => {}
            Kind::Name => {
                side.left_names += rest * side.bits[i];
                side.left_rarest = side.left_rarest.max(rest * side.bits[i]);
            }
            Kind::Trade => side.left_trades += rest * side.bits[i],
            Kind::Place => side.left_place |= met[i] == 0.0,
            Kind::Number => side.left_number |= met[i] == 0.0,
            Kind::Link | Kind::Form => {}
        }
    }
    side
}

fn flag(yes: bool) -> f32 {
    if yes { 1.0 } else { 0.0 }
}

fn over(value: f32, from: f32) -> f32 {
    ((value - from) / (1.0 - from)).clamp(0.0, 1.0)
}

/// Compares two profiles.
#[must_use]
pub fn compare(a: &Profile, b: &Profile, rarity: &Rarity) -> Comparison {
    let pairs = align(a, b, rarity);
    let mut met_a = vec![0.0; a.words.len()];
    let mut met_b = vec![0.0; b.words.len()];
    for pair in &pairs {
        met_a[pair.a.clone()].fill(pair.likeness);
        met_b[pair.b.clone()].fill(pair.likeness);
    }
    let (x, y) = (side(a, b, &met_a, rarity), side(b, a, &met_b, rarity));
    let shared = (x.met + y.met) / 2.0;
    let covered = |side: &Side| if side.mass > 0.0 { (side.met / side.mass).min(1.0) } else { 0.0 };
    let (less, more) = (covered(&x).min(covered(&y)), covered(&x).max(covered(&y)));

    let bits_of = |pair: &Pair| {
        let sum = |side: &Side, range: &std::ops::Range<usize>| side.bits[range.clone()].iter().sum::<f32>();
        pair.likeness * (sum(&x, &pair.a) + sum(&y, &pair.b)) / 2.0
    };
    let telling =
        |pair: &&Pair| a.words[pair.a.clone()].iter().chain(&b.words[pair.b.clone()]).any(|w| w.kind == Kind::Name);
    let rarest = pairs.iter().filter(telling).max_by(|p, q| {
        let place = |pair: &Pair| (pair.a.start + pair.b.start, pair.a.start.abs_diff(pair.b.start));
        bits_of(p).total_cmp(&bits_of(q)).then_with(|| place(q).cmp(&place(p)))
    });
    let rarest_bits = rarest.map_or(0.0, bits_of);
    let holders = rarest.map_or(0.0, |pair| {
        let most = |words: &[Word]| words.iter().map(|word| rarity.count(word)).fold(0.0, f32::max);
        most(&a.words[pair.a.clone()]).max(most(&b.words[pair.b.clone()]))
    });
    let firsts = rarest.map_or(0, |pair| {
        usize::from(x.first.is_some_and(|first| pair.a.contains(&first)))
            + usize::from(y.first.is_some_and(|first| pair.b.contains(&first)))
    });
    let usually_first = rarest.map_or(0.0, |pair| {
        let of = |word: &Word| rarity.first_share(word);
        of(&a.words[pair.a.start]).min(of(&b.words[pair.b.start]))
    });
    let first_pair = pairs.iter().find(|pair| {
        x.first.is_some_and(|first| pair.a.contains(&first)) && y.first.is_some_and(|first| pair.b.contains(&first))
    });
    let first_differs = matches!((x.first, y.first), (Some(i), Some(j)) if met_a[i] == 0.0 && met_b[j] == 0.0);
    let typos: f32 = pairs.iter().filter(|p| matches!(p.how, How::Typo | How::Shortened)).map(bits_of).sum();
    let all: f32 = pairs.iter().map(bits_of).sum();
    let whole_initials = |one: &Profile, many: &Profile| initials(many).is_some_and(|letters| one.glued == letters);
    let initials_meet =
        pairs.iter().any(|pair| pair.how == How::Initials) || whole_initials(a, b) || whole_initials(b, a);
    let (triples, beginning) = letters(&a.glued, &b.glued);
    let mut places: Vec<(usize, usize)> = pairs.iter().map(|pair| (pair.a.start, pair.b.start)).collect();
    places.sort_unstable();
    let ordered = places.windows(2).all(|two| two[0].1 < two[1].1);

    let by_slip = rarest.is_some_and(|pair| pair.how == How::Typo);
    let country = agreement(a.country.as_ref(), b.country.as_ref());
    let city = cities(a.city.as_ref(), b.city.as_ref());
    let same_city = if city == Agreement::Same { 1.0 } else { 0.5 * flag(city == Agreement::Alike) };
    let bits = (shared / 10.0).min(3.0);

    let numbers = [
        1.0,
        bits,
        (1.0 - shared / 10.0).max(0.0),
        rarest_bits / 10.0,
        (holders + 1.0).ln() / 5.0 * flag(rarest.is_some()),
        less,
        more,
        over(less, 0.7),
        over(more, 0.8),
        flag(!a.glued.is_empty() && a.glued == b.glued),
        triples,
        over(triples, 0.5),
        beginning,
        x.left_names.min(y.left_names) / 10.0,
        (x.left_names.max(y.left_names) / 10.0).min(4.0),
        x.left_trades.min(y.left_trades) / 10.0,
        (x.left_trades.max(y.left_trades) / 10.0).min(3.0),
        x.left_rarest.max(y.left_rarest) / 10.0,
        flag(first_pair.is_some()),
        flag(first_differs),
        flag(initials_meet),
        flag(x.left_number && y.left_number),
        flag(x.left_number != y.left_number),
        flag(x.left_place && y.left_place),
        flag(x.left_place != y.left_place),
        flag(matches!((a.form, b.form), (Some(one), Some(other)) if one == other)),
        flag(matches!((a.form, b.form), (Some(one), Some(other)) if one != other)),
        if all > 0.0 { (typos / all).min(1.0) } else { 0.0 },
        flag(rarest.is_none()),
        flag(a.words.len().min(b.words.len()) == 1),
        flag(country == Agreement::Same),
        flag(country == Agreement::Differs),
        flag(city == Agreement::Same),
        flag(city == Agreement::Alike),
        flag(city == Agreement::Differs),
        same_city * more,
        same_city * bits,
        flag(country == Agreement::Same) * less,
        flag(country == Agreement::Differs) * less,
        flag(country == Agreement::Unknown),
        flag(city == Agreement::Differs) * less,
        flag(firsts == 2),
        flag(firsts == 1),
        usually_first,
        first_pair.map_or(0.0, bits_of) / 10.0,
        flag(ordered && pairs.len() > 1),
    ];
    Comparison {
        pairs,
        left_a: x.left,
        left_b: y.left,
        country,
        city,
        domain: agreement(a.domain.as_ref(), b.domain.as_ref()),
        phone: agreement(a.phone.as_ref(), b.phone.as_ref()),
        by_slip,
        numbers,
    }
}

/// Share of letter triples in common (Dice) and of the common beginning.
#[expect(clippy::cast_precision_loss, reason = "names are short")]
fn letters(a: &str, b: &str) -> (f32, f32) {
    let triples = |text: &str| {
        let padded: Vec<char> = std::iter::once(' ').chain(text.chars().take(60)).chain([' ']).collect();
        let mut all: Vec<[char; 3]> = padded.windows(3).map(|w| [w[0], w[1], w[2]]).collect();
        all.sort_unstable();
        all
    };
    if a.is_empty() || b.is_empty() {
        return (0.0, 0.0);
    }
    let (x, y) = (triples(a), triples(b));
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < x.len() && j < y.len() {
        match x[i].cmp(&y[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    let dice = if x.is_empty() && y.is_empty() { 0.0 } else { 2.0 * common as f32 / (x.len() + y.len()) as f32 };
    let prefix = a.chars().zip(b.chars()).take_while(|(p, q)| p == q).count();
    (dice, prefix as f32 / a.chars().count().min(b.chars().count()) as f32)
}
