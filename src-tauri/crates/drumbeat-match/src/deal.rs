//! The companies that a deal's name may name: `Hansa Kühlkette GmbH – Renewal 2026 (25 seats)` is about Hansa Kühlkette.
//!
//! The one hard idea: a name of a deal is parts with signs between them, and which part is the company differs from
//! house to house. So every part that still says something, once what deals are called by is taken off its ends, is a
//! company that it may be about. Callers rely on few parts and on an empty list for names that say nothing. A deal's
//! name is written by hand and proves less than an account's.

use crate::profile::Profile;

/// Parts of a name that are looked into.
const PARTS: usize = 4;

/// What deals are called by, folded; taken off the ends of a part.
const CALLED: &str = "renewal renewals renew verlangerung extension expansion erweiterung upsell crosssell upgrade downgrade addon poc pilot \
    trial proof concept opportunity opp deal project projekt order quote offer angebot contract vertrag subscription abo license \
    licenses licence licences lizenz lizenzen seat seats user users year years yr yrs month months annual multiyear phase rollout \
    migration implementation onboarding rfp rfi tender ausschreibung registration dr lead bundle package paket q1 q2 q3 q4 h1 h2 \
    new logo business neugeschaft neukunde existing net inbound outbound referral reseller resale cosell sourced influenced \
    for with at by via of the a and fur bei mit von to up add on in";

/// The companies that a deal of this name may be about, the first named first.
#[must_use]
pub fn companies(name: &str) -> Vec<String> {
    let spaced = [" - ", " – ", " — ", " / "].iter().fold(name.replace('_', " "), |text, sign| text.replace(sign, "|"));
    let parts = spaced.split(['|', ':', ';', '(', ')', '[', ']', '–', '—', '•', '»', '>', '<', '"', '“', '”', '„']);
    let mut all: Vec<String> = parts.filter_map(company).take(PARTS).collect();
    all.dedup();
    all
}

/// A part without what deals are called by at its ends; nothing when nothing is left.
fn company(part: &str) -> Option<String> {
    let words: Vec<&str> = part.split_whitespace().map(|word| word.trim_matches([',', '.', '#', '!', '-'])).collect();
    let says = |word: &&str| {
        let plain: String = crate::name::words(word).concat();
        let plain = crate::name::fold_digraphs(&plain);
        !plain.is_empty() && !is_called(&plain)
    };
    let from = words.iter().position(says)?;
    let to = words.iter().rposition(says)?;
    let kept = words.get(from..=to)?;
    // A number beside what was taken off is part of it: 25 seats, 2 years.
    let is_number = |word: &&&str| word.bytes().all(|b| b.is_ascii_digit());
    let kept = if from > 0 && kept.first().as_ref().is_some_and(is_number) { kept.get(1..)? } else { kept };
    let cut = to + 1 < words.len() && kept.last().as_ref().is_some_and(is_number);
    let kept = if cut { kept.get(..kept.len() - 1)? } else { kept };
    let company = kept.join(" ");
    company.chars().any(char::is_alphabetic).then_some(company)
}

fn is_called(word: &str) -> bool {
    let digits = word.trim_start_matches("fy").trim_start_matches('q');
    let is_year = |text: &str| text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    let year = digits.bytes().all(|b| b.is_ascii_digit()) && (is_year(digits) || word.starts_with("fy"));
    year || CALLED.split_whitespace().any(|called| called == word)
}

/// The profile of the part that shares most words with the company asked about; the first where none shares any.
#[must_use]
pub fn nearest(profiles: Vec<Profile>, asked: &Profile) -> Option<Profile> {
    let shared = |one: &Profile| {
        let words = one.words.iter().filter(|word| asked.words.iter().any(|other| other.meaning == word.meaning));
        words.count() + usize::from(!one.glued.is_empty() && one.glued == asked.glued)
    };
    // The last of equals is taken, so the order is turned.
    profiles.into_iter().rev().max_by_key(shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_company_is_left_of_a_deals_name() {
        for (name, left) in [
            ("Hansa Kühlkette GmbH – Renewal 2026", vec!["Hansa Kühlkette GmbH"]),
            ("Renewal 2026: Hansa Kühlkette", vec!["Hansa Kühlkette"]),
            ("Hansa Kühlkette renewal FY26", vec!["Hansa Kühlkette"]),
            ("Hansa_Kühlkette_25 seats", vec!["Hansa Kühlkette"]),
            ("New business - Hansa Kühlkette (Cloud Desk)", vec!["Hansa Kühlkette", "Cloud Desk"]),
            ("Verlängerung für Studio 54", vec!["Studio 54"]),
            ("2026 Q3 | POC | Brontis AG", vec!["Brontis AG"]),
            ("Renewal 2026", vec![]),
            ("Q4 – 2025", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(companies(name), left, "{name}");
        }
    }
}
