//! One candidate claim: what was said about each field becomes a value that can be saved, or a problem.
//!
//! What was said comes with its place, so that every value can be looked up where it stands. A value that cannot
//! be read in one way rejects the claim; what the program only wonders about is told beside it.

use std::collections::BTreeMap;

use drumbeat_model::deal::Motion;
use drumbeat_model::field::Field;
use drumbeat_model::intake::{Confidence, IntakeMapping, IntakeProblem, IntakeValue};
use drumbeat_model::money::Currency;
use drumbeat_model::registration::RegistrationKind;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::value;

use crate::sheet::{Sheet, SheetRow};
use crate::text::{self, plain, quote};
use crate::{amounts, days, headers};

/// The longest name, address or other single line that is taken.
const LONGEST_LINE: usize = 1000;
/// The longest text that is taken; CRMs take no longer one.
const LONGEST_TEXT: usize = 65_000;

/// Something that was said about a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// About which.
    pub field: Field,
    /// As it stands there.
    pub text: String,
    /// Where.
    pub found: String,
    /// How certain it is that it is about this field.
    pub confidence: Confidence,
}

/// A candidate claim.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claim {
    /// Values by field, each as it would be saved; a partner is as written.
    pub values: Vec<IntakeValue>,
    /// What is wrong or worth a look.
    pub problems: Vec<IntakeProblem>,
}

/// What reading needs to know.
pub struct Reading<'a> {
    /// How days and amounts are written.
    pub mapping: &'a IntakeMapping,
    /// The name of a country, whichever way it is written.
    pub country: &'a dyn Fn(&str) -> String,
    /// Now: nothing was submitted later.
    pub now: Instant,
}

impl Claim {
    /// The value of a field.
    #[must_use]
    pub fn value(&self, field: Field) -> Option<&str> {
        self.values.iter().find(|value| value.field == field).map(|value| value.value.as_str())
    }

    /// Its kind, by itself or by the mapping.
    #[must_use]
    pub fn kind(&self, mapping: &IntakeMapping) -> RegistrationKind {
        let said = self.value(Field::RegistrationKind).and_then(RegistrationKind::from_name);
        said.or(mapping.kind).unwrap_or(RegistrationKind::Lead)
    }

    /// Whether a problem stands in the way of saving.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.problems.iter().any(|problem| problem.rejects)
    }

    fn problem(&mut self, said: &Said, text: String, rejects: bool) {
        let found = Some(said.found.clone());
        self.problems.push(IntakeProblem { field: Some(said.field), text, found, rejects });
    }
}

/// What a row of a table says, by the mapping.
#[must_use]
pub fn of_row(sheet: &Sheet, row: &SheetRow, mapping: &IntakeMapping) -> Vec<Said> {
    let mapped = mapping.columns.iter().enumerate().filter_map(|(column, field)| Some((column, (*field)?)));
    let said = mapped.filter_map(|(column, field)| {
        let text = row.cell(column)?.to_owned();
        Some(Said { field, text, found: sheet.place(column), confidence: Confidence::Stated })
    });
    said.collect()
}

/// Problems of a row's own form.
#[must_use]
pub fn form_of(sheet: &Sheet, row: &SheetRow) -> Option<IntakeProblem> {
    let (has, wanted) = (row.cells.len(), sheet.headers.len());
    let extra = row.cells.iter().skip(wanted).any(|cell| !cell.trim().is_empty());
    extra.then(|| IntakeProblem {
        field: None,
        text: format!("The row has {has} cells and the header {wanted}: is a quote or a delimiter missing?"),
        found: None,
        rejects: true,
    })
}

/// Words with which people leave a field empty.
fn is_nothing(field: Field, text: &str) -> bool {
    let text = text.trim();
    let word = plain(text);
    match word.as_str() {
        "" => !text.chars().any(char::is_alphanumeric) && !matches!(text, "✓" | "✔" | "☑" | "☒"),
        "n a" | "none" | "null" | "tbd" | "tba" | "k a" | "keine angabe" | "unknown" | "unbekannt" | "inconnu" => true,
        "na" => field != Field::Country,
        _ => false,
    }
}

/// Reads what was said.
#[must_use]
pub fn read(said: Vec<Said>, reading: &Reading<'_>) -> Claim {
    let mut claim = Claim::default();
    let mut first: BTreeMap<Field, Said> = BTreeMap::new();
    for said in said {
        if is_nothing(said.field, &said.text) {
            continue;
        }
        if said.text.contains('\u{FFFD}') {
            claim.problem(&said, format!("{} has characters that cannot be read", quote(&said.text)), true);
            continue;
        }
        match first.get(&said.field) {
            Some(known) if plain(&known.text) == plain(&said.text) => {}
            Some(known) => {
                let text = format!("{} is said twice; {} is taken", said.field.label(), quote(&known.text));
                claim.problem(&said, text, false);
            }
            None => {
                first.insert(said.field, said);
            }
        }
    }
    name_of_two_parts(&mut first);
    let beside = first.get(&Field::Currency).and_then(|said| amounts::currency(&said.text));
    let currency = beside.as_ref().or(reading.mapping.currency.as_ref());
    for field in headers::FIELDS {
        let Some(said) = first.get(field) else { continue };
        match taken(said, reading, currency) {
            Ok(value) => {
                let raw = (value != said.text.trim()).then(|| said.text.trim().to_owned());
                if *field == Field::Amount {
                    claim.values.extend(currency_of(said, reading, currency));
                }
                let (label, found) = (field.label().to_owned(), said.found.clone());
                claim.values.push(IntakeValue { field: *field, label, value, raw, found, confidence: said.confidence });
            }
            Err(text) => claim.problem(said, text, true),
        }
    }
    settle_currency(&mut claim);
    wonder(&mut claim);
    claim.values.sort_by_key(|value| headers::FIELDS.iter().position(|field| *field == value.field));
    claim
}

/// First and last name make the contact, unless the contact is named whole.
fn name_of_two_parts(said: &mut BTreeMap<Field, Said>) {
    let (first, last) = (said.remove(&Field::FirstName), said.remove(&Field::LastName));
    if said.contains_key(&Field::ContactName) {
        return;
    }
    let parts: Vec<Said> = [first, last].into_iter().flatten().collect();
    let join = |part: fn(&Said) -> &str, with: &str| parts.iter().map(part).collect::<Vec<_>>().join(with);
    if let Some(one) = parts.first() {
        let whole = Said {
            field: Field::ContactName,
            text: join(|said| said.text.trim(), " "),
            found: join(|said| said.found.as_str(), " and "),
            confidence: one.confidence,
        };
        said.insert(Field::ContactName, whole);
    }
}

/// The currency that an amount names itself, or has from the mapping while no field of its own says it.
fn currency_of(amount: &Said, reading: &Reading<'_>, said: Option<&Currency>) -> Option<IntakeValue> {
    let (_, currency) = amounts::amount(&amount.text, reading.mapping.decimal, said).ok()?;
    Some(IntakeValue {
        field: Field::Currency,
        label: Field::Currency.label().to_owned(),
        value: currency?.code().to_owned(),
        raw: None,
        found: amount.found.clone(),
        confidence: amount.confidence,
    })
}

/// An amount needs one currency: its own and that of the field beside it must be the same.
fn settle_currency(claim: &mut Claim) {
    let codes: Vec<&IntakeValue> = claim.values.iter().filter(|value| value.field == Field::Currency).collect();
    let problem = match codes.as_slice() {
        [] if claim.value(Field::Amount).is_some() => {
            Some("The amount has no currency: say which in the mapping".to_owned())
        }
        [a, b] if a.value != b.value => Some(format!("The amount is in {} and the currency says {}", a.value, b.value)),
        _ => None,
    };
    if let Some(text) = problem {
        claim.problems.push(IntakeProblem { field: Some(Field::Currency), text, found: None, rejects: true });
    }
    let mut seen = false;
    claim.values.retain(|value| value.field != Field::Currency || !std::mem::replace(&mut seen, true));
}

/// What a person should look at.
fn wonder(claim: &mut Claim) {
    if let (None, Some((_, host))) =
        (claim.value(Field::Domain), claim.value(Field::ContactEmail).and_then(|mail| mail.split_once('@')))
    {
        let text = format!("No domain is said; the contact's e-mail is at {host}");
        claim.problems.push(IntakeProblem { field: Some(Field::Domain), text, found: None, rejects: false });
    }
}

/// The value to save of something that was said.
fn taken(said: &Said, reading: &Reading<'_>, currency: Option<&Currency>) -> Result<String, String> {
    let mapping = reading.mapping;
    let text = &said.text;
    match said.field {
        // Which currency is another question.
        Field::Amount => amounts::amount(text, mapping.decimal, currency).map(|(number, _)| number.to_string()),
        Field::Currency => amounts::currency(text)
            .map(|currency| currency.code().to_owned())
            .ok_or_else(|| format!("{} is no currency", quote(text))),
        Field::CloseDate => days::day(text, mapping.day_order).map(|day: Day| day.to_string()),
        Field::SubmittedAt => submitted(text, reading),
        Field::Consent => amounts::truth(text)
            .map(|given| given.to_string())
            .ok_or_else(|| format!("{} is neither yes nor no", quote(text))),
        Field::RegistrationKind => kind(text)
            .map(|kind| kind.name().to_owned())
            .ok_or_else(|| format!("{} is neither a lead nor a deal registration", quote(text))),
        Field::Motion => {
            motion(text).map(|motion| motion.name().to_owned()).ok_or_else(|| format!("{} is no motion", quote(text)))
        }
        Field::ContactEmail => email(text),
        Field::Domain => domain(text),
        Field::Country => Ok((reading.country)(&text::line(text))).and_then(|name| short(&name)),
        Field::Problem | Field::ProofOfWork | Field::Competitors | Field::Products => {
            let block = text::block(text);
            if block.chars().count() > LONGEST_TEXT {
                return Err(format!("The text is longer than {LONGEST_TEXT} letters"));
            }
            Ok(block)
        }
        _ => short(text),
    }
}

fn short(text: &str) -> Result<String, String> {
    let line = text::line(text);
    if line.chars().count() > LONGEST_LINE {
        return Err(format!("{} is longer than {LONGEST_LINE} letters", quote(&line)));
    }
    Ok(line)
}

fn submitted(text: &str, reading: &Reading<'_>) -> Result<String, String> {
    let at = match value::instant(text).filter(|_| text.contains('T')) {
        Some(at) => at,
        None => {
            let day = days::day(text, reading.mapping.day_order)?;
            // A day has no hour: noon keeps it the same day wherever it is read.
            day.and_hms_opt(12, 0, 0).unwrap_or_default().and_utc()
        }
    };
    // Clocks differ, and so do days around the world; a day ahead is none of these.
    if at - reading.now > chrono::Duration::days(1) {
        return Err(format!("{} is not yet", quote(text)));
    }
    Ok(value::write_instant(at.min(reading.now)))
}

fn email(text: &str) -> Result<String, String> {
    let line = text::line(text);
    let bare = line.rsplit_once('<').map_or(line.as_str(), |(_, rest)| rest.trim_end_matches('>'));
    let bare = bare.trim().trim_start_matches("mailto:").trim_matches(|c: char| matches!(c, ';' | ',' | '.' | '"'));
    let fits = bare.split_once('@').is_some_and(|(who, host)| {
        !who.is_empty() && host.contains('.') && !host.contains('@') && !host.starts_with('.') && bare.len() <= 254
    });
    let plain = !bare.chars().any(|c| c.is_whitespace() || matches!(c, ',' | ';' | '<' | '>' | '"' | '(' | ')'));
    if fits && plain { Ok(bare.to_owned()) } else { Err(format!("{} is no e-mail address", quote(text))) }
}

fn domain(text: &str) -> Result<String, String> {
    let line = text::line(text).to_lowercase();
    let rest = line.split_once("://").map_or(line.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ' ']).next().unwrap_or_default().trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let fits = host.contains('.')
        && host.len() <= 253
        && host
            .split('.')
            .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_')))
        && !host.split('.').all(|label| label.bytes().all(|byte| byte.is_ascii_digit()));
    if fits && !rest.contains([' ', '@']) {
        Ok(host.to_owned())
    } else {
        Err(format!("{} is no web domain", quote(text)))
    }
}

fn kind(text: &str) -> Option<RegistrationKind> {
    let words = plain(text);
    let bare = words.trim_end_matches(" registration").trim_end_matches(" registrierung");
    match bare {
        "lead" | "referral" | "leads" | "contact" => Some(RegistrationKind::Lead),
        "deal" | "opportunity" | "opp" | "geschaft" | "affaire" | "opportunite" | "oportunidad" => {
            Some(RegistrationKind::Deal)
        }
        _ => RegistrationKind::from_name(bare),
    }
}

fn motion(text: &str) -> Option<Motion> {
    let words = plain(text);
    match words.as_str() {
        "resell" | "resale" | "wiederverkauf" | "handel" | "revente" | "reventa" => Some(Motion::Reseller),
        "refer" | "empfehlung" | "recommandation" | "recomendacion" => Some(Motion::Referral),
        "service" | "dienstleistung" | "implementation" | "servicios" => Some(Motion::Services),
        "technology" | "technologie" | "integration" => Some(Motion::Tech),
        _ => Motion::from_name(&words),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use drumbeat_model::intake::{DayOrder, DecimalMark};

    fn of(said: &[(Field, &str)], mapping: &IntakeMapping) -> Claim {
        let said = said.iter().map(|(field, text)| Said {
            field: *field,
            text: (*text).to_owned(),
            found: "line 1".to_owned(),
            confidence: Confidence::Stated,
        });
        let country = |text: &str| if text == "Deutschland" { "Germany".to_owned() } else { text.to_owned() };
        let now = value::instant("2026-11-21T15:00:00Z").unwrap();
        read(said.collect(), &Reading { mapping, country: &country, now })
    }

    #[test]
    fn what_is_said_becomes_what_is_saved() {
        for (field, text, expected) in [
            (Field::CompanyName, "  Hansa\u{200B} Kühlkette\n GmbH ", "Hansa Kühlkette GmbH"),
            (Field::Domain, "https://www.Hansa.de/kontakt", "hansa.de"),
            (Field::Country, "Deutschland", "Germany"),
            (Field::ContactEmail, "Jana Brandt <jana@hansa.de>", "jana@hansa.de"),
            (Field::Consent, "Ja", "true"),
            (Field::CloseDate, "21. November 2026", "2026-11-21"),
            (Field::SubmittedAt, "2026-11-20", "2026-11-20T12:00:00.000Z"),
            (Field::SubmittedAt, "2026-11-20T09:30:00+01:00", "2026-11-20T08:30:00.000Z"),
            (Field::SubmittedAt, "2026-11-21T16:00:00Z", "2026-11-21T15:00:00.000Z"),
            (Field::RegistrationKind, "Deal Registration", "deal"),
            (Field::Motion, "Resell", "reseller"),
            (Field::Problem, "one\r\ntwo", "one\ntwo"),
        ] {
            let claim = of(&[(field, text)], &IntakeMapping::default());
            assert_eq!(claim.value(field), Some(expected), "{text}: {:?}", claim.problems);
            assert!(!claim.is_rejected());
        }
    }

    #[test]
    fn what_cannot_be_read_rejects_and_what_is_not_said_stays_absent() {
        for (field, text, says) in [
            (Field::Domain, "hansa", "no web domain"),
            (Field::Domain, "jana@hansa.de", "no web domain"),
            (Field::Domain, "127.0.0.1", "no web domain"),
            (Field::ContactEmail, "a@b.de, c@d.de", "no e-mail"),
            (Field::Consent, "maybe", "neither yes nor no"),
            (Field::CloseDate, "03/04/2026", "order"),
            (Field::SubmittedAt, "2027-01-01", "not yet"),
            (Field::Currency, "Taler", "no currency"),
            (Field::Motion, "barter", "no motion"),
            (Field::CompanyName, "Hansa \u{FFFD}", "cannot be read"),
        ] {
            let claim = of(&[(field, text)], &IntakeMapping::default());
            assert!(claim.is_rejected(), "{text}");
            assert!(claim.problems[0].text.contains(says), "{:?}", claim.problems);
            assert_eq!(claim.value(field), None, "{text}");
        }
        for text in ["", " ", "-", "n/a", "N.A.", "k.A.", "tbd", "?"] {
            let claim = of(&[(Field::CloseDate, text)], &IntakeMapping::default());
            assert_eq!(claim, Claim::default(), "{text}");
        }
        assert_eq!(of(&[(Field::Country, "NA")], &IntakeMapping::default()).value(Field::Country), Some("NA"));
    }

    #[test]
    fn an_amount_has_one_currency_or_is_no_amount() {
        let euro = IntakeMapping { currency: Some(Currency::parse("EUR").unwrap()), ..IntakeMapping::default() };
        let none = IntakeMapping::default();
        for (said, mapping, expected) in [
            (&[(Field::Amount, "€1.234,50")][..], &none, Some(("1234.5", "EUR"))),
            (&[(Field::Amount, "5")], &euro, Some(("5", "EUR"))),
            (&[(Field::Amount, "5"), (Field::Currency, "chf")], &euro, Some(("5", "CHF"))),
            (&[(Field::Amount, "5 USD"), (Field::Currency, "USD")], &none, Some(("5", "USD"))),
            (&[(Field::Amount, "5 USD"), (Field::Currency, "EUR")], &none, None),
            (&[(Field::Amount, "5")], &none, None),
        ] {
            let claim = of(said, mapping);
            assert_eq!(claim.is_rejected(), expected.is_none(), "{said:?} {:?}", claim.problems);
            if let Some((amount, currency)) = expected {
                assert_eq!(
                    (claim.value(Field::Amount), claim.value(Field::Currency)),
                    (Some(amount), Some(currency)),
                    "{said:?}"
                );
                assert_eq!(claim.values.len(), 2, "{:?}", claim.values);
            }
        }
    }

    #[test]
    fn the_mapping_says_how_days_and_amounts_are_written() {
        let mapping = IntakeMapping {
            day_order: Some(DayOrder::MonthFirst),
            decimal: Some(DecimalMark::Comma),
            currency: Some(Currency::parse("EUR").unwrap()),
            ..IntakeMapping::default()
        };
        let claim = of(&[(Field::CloseDate, "03/04/2026"), (Field::Amount, "12.500")], &mapping);
        assert_eq!((claim.value(Field::CloseDate), claim.value(Field::Amount)), (Some("2026-03-04"), Some("12500")));
        assert_eq!(claim.values[0].raw.as_deref(), Some("12.500"));
    }

    #[test]
    fn two_parts_make_a_name_and_what_is_said_twice_is_told() {
        let claim = of(&[(Field::LastName, "Brandt"), (Field::FirstName, "Jana")], &IntakeMapping::default());
        assert_eq!(claim.value(Field::ContactName), Some("Jana Brandt"));
        let claim =
            of(&[(Field::City, "Bonn"), (Field::City, "BONN"), (Field::City, "Köln")], &IntakeMapping::default());
        assert_eq!((claim.value(Field::City), claim.problems.len()), (Some("Bonn"), 1));
        assert!(!claim.is_rejected());
    }
}
