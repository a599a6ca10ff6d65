//! What each number of a comparison is worth: two readable tables, and the probability that follows.
//!
//! The one hard idea: a logistic sum. Each row of [`COMPANY`] and [`GROUP`] says how much a feature speaks for (or,
//! below zero, against) one company, in log odds. Derivation: `cargo run --release -p drumbeat-match --example fit
//! -- DEV_DIR src/weights` fits both tables on labelled sets that are not part of the project and prints their
//! cross-validated figures. The labelled sets have no domains and phones, so those weights are set by hand.
//! Callers rely on a probability in 0..=1 and on the thresholds below.

use crate::compare::{Agreement, Comparison, FEATURES};

/// What "the same" means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// One company, also under a trade name or at another site.
    Company,
    /// One group: sisters and subsidiaries count as the same.
    Group,
}

/// From here on a match may be taken without asking.
pub const SURE: f32 = 0.95;
/// From here on a person is shown the match.
pub const LOOK: f32 = 0.5;

/// The same company: what each feature is worth.
pub const COMPANY: [f32; FEATURES.len()] = include!("weights/company.in");
/// The same group: what each feature is worth.
pub const GROUP: [f32; FEATURES.len()] = include!("weights/group.in");

/// The same registrable domain; free mail never counts as one.
pub const SAME_DOMAIN: f32 = 8.0;
/// Two domains: most companies have one.
pub const OTHER_DOMAIN: f32 = -1.5;
/// The same telephone number. By hand and cautious: the labelled sets have none. Sisters share a switchboard, tenants a
/// reception, and a partner writes its own number into a form: a number in common is worth as much as a middling rare
/// word, it makes a person look, and alone it makes nobody sure.
pub const SAME_PHONE: f32 = 4.5;
/// A number that more records have than this is a switchboard's, a partner's own or made up, and says nothing.
pub const OF_ONE: u64 = 3;

/// Probability that the two are the same.
#[must_use]
pub fn probability(comparison: &Comparison, level: Level) -> f32 {
    let table = match level {
        Level::Company => &COMPANY,
        Level::Group => &GROUP,
    };
    let mut sum: f32 = table.iter().zip(&comparison.numbers).map(|(weight, number)| weight * number).sum();
    sum += match comparison.domain {
        Agreement::Same | Agreement::Alike => SAME_DOMAIN,
        Agreement::Differs => OTHER_DOMAIN,
        Agreement::Unknown => 0.0,
    };
    let of = |sum: f32| 1.0 / (1.0 + (-sum).exp());
    let probability = of(sum);
    if comparison.domain == Agreement::Same {
        return probability.max(BY_DOMAIN);
    }
    // What tells sisters apart is rare in the sets and dear in a program: it is looked at.
    let differs = [NUMBERS_DIFFER, OTHER_FORM].iter().any(|at| comparison.numbers[*at] > 0.0) || comparison.by_slip;
    if comparison.phone == Agreement::Same {
        // Names that are not alike by themselves are looked at for their number, wherever it is not from another country.
        let least = if comparison.country == Agreement::Differs { 0.0 } else { LOOK };
        let most = if probability >= LOOK && !differs { 1.0 } else { DOUBTFUL };
        return of(sum + SAME_PHONE).clamp(least, most);
    }
    if differs { probability.min(DOUBTFUL) } else { probability }
}

/// The least that the same domain comes to, whatever the names say.
pub const BY_DOMAIN: f32 = 0.97;
/// The most that names come to which differ in a number, in the legal form or in letters of the rarest word, or which
/// are alike only because a telephone number is.
pub const DOUBTFUL: f32 = 0.94;
const NUMBERS_DIFFER: usize = 21;
const OTHER_FORM: usize = 26;
