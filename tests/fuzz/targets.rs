//! What is fed: each a plain function of bytes, as a fuzzer of any make wants it. Beside not crashing, each holds
//! what its callers rely on.

use std::hash::{DefaultHasher, Hash, Hasher};

use drumbeat_intake::claim::{self, Reading};
use drumbeat_intake::{headers, mail, rejects, sheet};
use drumbeat_model::field::Field;
use drumbeat_model::intake::IntakeMapping;
use drumbeat_model::registration::RegistrationKind;
use drumbeat_model::value;
use drumbeat_rules::Policy;

use crate::{Target, seeds};

/// Every target.
pub const ALL: &[Target] = &[
    Target { name: "csv", run: csv, words: seeds::CSV_WORDS, corpus: seeds::csv },
    Target { name: "eml", run: eml, words: seeds::EML_WORDS, corpus: seeds::eml },
    Target { name: "policy", run: policy, words: seeds::POLICY_WORDS, corpus: seeds::policy },
];

/// How far an input got, roughly: inputs that differ in it are worth keeping.
fn mark(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

fn look(said: Vec<claim::Said>, mapping: &IntakeMapping) -> claim::Claim {
    let country = |text: &str| text.trim().to_owned();
    let now = value::instant("2026-11-21T12:00:00Z").unwrap_or_default();
    let claim = claim::read(said, &Reading { mapping, country: &country, now });
    for known in &claim.values {
        assert!(!known.value.contains('\0') && !known.value.contains('\u{202E}'), "nothing unseen is kept");
        let holds = match known.field {
            Field::Amount => value::decimal(&known.value).is_some_and(|amount| !amount.is_sign_negative()),
            Field::CloseDate => value::day(&known.value).is_some(),
            Field::SubmittedAt => value::instant(&known.value).is_some_and(|at| at <= now),
            Field::Consent => value::truth(&known.value).is_some(),
            Field::RegistrationKind => RegistrationKind::from_name(&known.value).is_some(),
            _ => true,
        };
        assert!(holds, "{:?} {:?}", known.field, known.value);
    }
    claim
}

/// A table: read, mapped as suggested, its rows looked at, written as rejects and read again.
pub fn csv(data: &[u8]) -> u64 {
    let sheet = match sheet::read(data, &mut |_| true) {
        Ok(sheet) => sheet,
        Err(refusal) => return mark(refusal.to_string()),
    };
    let mapping = IntakeMapping { columns: headers::suggest(&sheet.headers), ..IntakeMapping::default() };
    let mut problems = 0;
    for row in sheet.rows.iter().take(50) {
        let claim = look(claim::of_row(&sheet, row, &mapping), &mapping);
        problems += claim.problems.len() + usize::from(claim::form_of(&sheet, row).is_some());
    }
    let shown = sheet.rows.len().min(20);
    let bytes = rejects::write(&sheet, (0..shown).map(|row| (row, "=reason"))).expect("memory");
    if let Ok(again) = sheet::read(&bytes, &mut |_| true)
        && sheet.named
        && again.named
        && again.delimiter == sheet.delimiter
        && !sheet.headers.iter().any(|header| header == rejects::REASON)
    {
        for (before, after) in sheet.rows.iter().take(shown).zip(&again.rows) {
            let cells = |row: &sheet::SheetRow| {
                (0..sheet.headers.len()).map(|column| row.cell(column).map(str::to_owned)).collect::<Vec<_>>()
            };
            assert_eq!(cells(before), cells(after), "a rejected row comes back as it was");
        }
    }
    mark((sheet.delimiter, sheet.headers.len().min(40), sheet.rows.len().min(40), problems.min(40), sheet.notes.len()))
}

/// A mail: read, its claims looked at; the same bytes as pasted text.
pub fn eml(data: &[u8]) -> u64 {
    let mapping = IntakeMapping::default();
    let pasted = mail::of_text(&String::from_utf8_lossy(data), None);
    let words = pasted.claims.iter().map(Vec::len).sum::<usize>();
    match mail::read(data) {
        Ok(mail) => {
            let claims = mail.claims.into_iter().map(|said| look(said, &mapping));
            let values: usize = claims.map(|claim| claim.values.len() + claim.problems.len()).sum();
            mark((values.min(60), mail.notes.len(), words.min(60), mail.text.len().min(4000) / 100))
        }
        Err(refusal) => mark((refusal.to_string(), words.min(20))),
    }
}

/// A policy file: read or refused with a place inside it.
pub fn policy(data: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(data);
    match Policy::parse(&text) {
        Ok(policy) => mark(policy.version),
        Err(errors) => {
            let lines = u32::try_from(text.split('\n').count()).unwrap_or(u32::MAX);
            for problem in &errors.0 {
                assert!((1..=lines.max(1)).contains(&problem.line) && problem.column >= 1, "{errors}");
            }
            mark(errors.to_string())
        }
    }
}
