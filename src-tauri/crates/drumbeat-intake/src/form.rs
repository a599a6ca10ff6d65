//! Forms that were typed: lines of "Label: value", as mails, web forms and chat messages carry them.
//!
//! A label counts when it is a field's name; anything else is prose and says nothing. A second company begins a
//! second claim. Values of free text go on until a blank line or the next label.

use drumbeat_model::field::Field;
use drumbeat_model::intake::Confidence;

use crate::claim::Said;
use crate::headers;

/// Claims in one text, at most.
const MOST: usize = 200;
/// Longest line that is looked at for a label.
const LONGEST_LABEL: usize = 80;

/// What was read of a text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// What each claim says.
    pub claims: Vec<Vec<Said>>,
    /// Labels that are no field's name, each once.
    pub unknown: Vec<String>,
}

/// A line as a label and what stands behind it.
fn labelled(line: &str) -> Option<(&str, &str)> {
    let bare =
        line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '•' | '-' | '–' | '·' | '#' | '_'));
    let (at, sign) = bare.char_indices().find(|(_, c)| matches!(c, ':' | '\t' | '：' | '='))?;
    if at > LONGEST_LABEL || at == 0 {
        return None;
    }
    let value = bare[at + sign.len_utf8()..].trim_start_matches([':', '\t', '*', '_', ' ']).trim();
    Some((bare[..at].trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_')), value))
}

/// Whether a label that means nothing here was meant as one.
fn is_label(label: &str, value: &str) -> bool {
    let words = label.split_whitespace().count();
    (1..=4).contains(&words)
        && !label.contains(',')
        && !value.starts_with("//")
        && label.chars().next().is_some_and(char::is_uppercase)
}

fn goes_on(field: Field) -> bool {
    matches!(field, Field::Problem | Field::ProofOfWork | Field::Competitors | Field::Products)
}

/// Reads lines (number from 1, text) for labels and values.
#[must_use]
pub fn read(lines: &[(usize, &str)]) -> Form {
    let mut form = Form::default();
    let mut claim: Vec<Said> = Vec::new();
    // The last value may not be at its end.
    let mut open = false;
    for (number, line) in lines {
        let found = labelled(line).and_then(|(label, value)| Some((headers::field(label)?, value)));
        if let Some((field, value)) = found {
            let second = field == Field::CompanyName && claim.iter().any(|said| said.field == field);
            if second && form.claims.len() < MOST {
                form.claims.push(std::mem::take(&mut claim));
            }
            let found = format!("line {number}");
            claim.push(Said { field, text: value.to_owned(), found, confidence: Confidence::Stated });
            open = true;
            continue;
        }
        let Some(last) = claim.last_mut().filter(|_| open) else {
            note(&mut form, line);
            continue;
        };
        if line.trim().is_empty() {
            open = last.text.is_empty();
        } else if labelled(line).is_some_and(|(label, value)| is_label(label, value)) {
            open = false;
            note(&mut form, line);
        } else if last.text.is_empty() {
            line.trim().clone_into(&mut last.text);
        } else if goes_on(last.field) {
            last.text.push('\n');
            last.text.push_str(line.trim());
        } else {
            open = false;
        }
    }
    if !claim.is_empty() {
        form.claims.push(claim);
    }
    form
}

fn note(form: &mut Form, line: &str) {
    if let Some((label, value)) = labelled(line)
        && is_label(label, value)
        && !value.is_empty()
        && form.unknown.len() < 20
        && !form.unknown.iter().any(|known| known == label)
    {
        form.unknown.push(label.to_owned());
    }
}

/// The only e-mail address in a text that is not at `host`, as a contact that was found and not stated.
#[must_use]
pub fn address(lines: &[(usize, &str)], host: Option<&str>) -> Option<Said> {
    let mut found: Option<Said> = None;
    for (number, line) in lines {
        for word in
            line.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | ',' | ';' | '"' | '[' | ']'))
        {
            let word = word.trim_matches(|c: char| matches!(c, '.' | ':' | '!' | '?' | '\''));
            let Some((who, at)) = word.strip_prefix("mailto:").unwrap_or(word).split_once('@') else { continue };
            if who.is_empty() || !at.contains('.') || at.contains('@') || word.len() > 254 {
                continue;
            }
            if host.is_some_and(|host| at.eq_ignore_ascii_case(host)) {
                continue;
            }
            let text = format!("{who}@{at}");
            match &found {
                Some(known) if known.text.eq_ignore_ascii_case(&text) => {}
                // Of two it is not known which is meant.
                Some(_) => return None,
                None => {
                    let found_at = format!("line {number}");
                    let confidence = Confidence::Found;
                    found = Some(Said { field: Field::ContactEmail, text, found: found_at, confidence });
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn lines(text: &str) -> Vec<(usize, &str)> {
        text.lines().enumerate().map(|(index, line)| (index + 1, line)).collect()
    }

    fn said(text: &str) -> Vec<(Field, String, String)> {
        let form = read(&lines(text));
        form.claims.into_iter().flatten().map(|said| (said.field, said.text, said.found)).collect()
    }

    #[test]
    fn labels_are_found_however_they_are_set() {
        for text in [
            "Company: Hansa",
            "  * **Company:** Hansa",
            "- Company：Hansa",
            "Company\tHansa",
            "company = Hansa",
            "Firma:\nHansa",
            "Firma:\n\nHansa",
        ] {
            assert_eq!(said(text), [(Field::CompanyName, "Hansa".to_owned(), "line 1".to_owned())], "{text}");
        }
    }

    #[test]
    fn free_text_goes_on_and_other_values_do_not() {
        let read = said("Need: one\ntwo\n\nCity: Bonn\nThis is prose.\nPhone: 5");
        let texts: Vec<&str> = read.iter().map(|(_, text, _)| text.as_str()).collect();
        assert_eq!(texts, ["one\ntwo", "Bonn", "5"]);
        assert_eq!(read[1].2, "line 4");
    }

    #[test]
    fn prose_says_nothing_and_unknown_labels_are_told() {
        let form = read(&lines(
            "Hello, we met them: a good talk.\nhttps://hansa.de/x\nFavourite colour: green\nCompany: Hansa",
        ));
        assert_eq!((form.claims.len(), form.unknown), (1, vec!["Favourite colour".to_owned()]));
        assert_eq!(read(&lines("nothing here")), Form::default());
    }

    #[test]
    fn a_second_company_begins_a_second_claim() {
        let form = read(&lines("Company: A\nCity: Bonn\n\nCompany: B\nCity: Ulm"));
        assert_eq!(form.claims.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
    }

    #[test]
    fn one_foreign_address_is_found_and_of_two_none() {
        let of = |text: &str| address(&lines(text), Some("partner.example")).map(|said| said.text);
        assert_eq!(of("Talk to Jana (jana@hansa.de), cc me@partner.example."), Some("jana@hansa.de".to_owned()));
        assert_eq!(of("jana@hansa.de or jan@hansa.de"), None);
        assert_eq!(of("me@partner.example"), None);
    }
}
