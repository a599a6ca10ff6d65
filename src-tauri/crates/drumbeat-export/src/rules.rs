//! The rules of engagement as a PDF that can be sent and signed (G-04).
//!
//! What the rules say comes in as sentences; here is only how they look. The same document gives the same bytes.

use chrono::Datelike;
use drumbeat_model::policy::PolicySection;
use drumbeat_model::time::Day;
use serde::Serialize;
use typst::foundations::Datetime;

use crate::pdf;
use crate::write::ExportError;

const TEMPLATE: &str = include_str!("../templates/rules.typ");

/// A document of rules.
#[derive(Debug, Clone, Serialize)]
pub struct Document {
    /// Title.
    pub title: String,
    /// Whose, which version, since when.
    pub subtitle: String,
    /// First day on which it holds; the day of the file.
    pub day: Day,
    /// What it says.
    pub sections: Vec<PolicySection>,
    /// What is signed.
    pub acknowledgement: String,
}

/// The document as PDF bytes.
///
/// # Errors
/// When the template and the document do not fit together, which is a defect of this crate.
pub fn pdf(document: &Document) -> Result<Vec<u8>, ExportError> {
    let json = serde_json::to_string(document).map_err(|error| ExportError::Layout(error.to_string()))?;
    let small = |x: u32| u8::try_from(x).unwrap_or_default();
    let made =
        Datetime::from_ymd_hms(document.day.year(), small(document.day.month()), small(document.day.day()), 0, 0, 0);
    pdf::draw(TEMPLATE, json, format!("{}|{}", document.title, document.subtitle), made, None)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use drumbeat_model::policy::PolicySentence;

    #[test]
    fn the_same_rules_are_the_same_bytes_and_no_text_is_markup() {
        let sentence = |text: &str| PolicySentence { rule: "R-06".to_owned(), text: text.to_owned() };
        let section = |number: usize| PolicySection {
            key: format!("s{number}"),
            title: "Protection #let x = 1".to_owned(),
            sentences: vec![sentence("*90 days* $ #panic() _"); 9],
        };
        let document = Document {
            title: "Rules of engagement".to_owned(),
            subtitle: "Halden, version 2, in force from 1 Jan 2027".to_owned(),
            day: "2027-01-01".parse().unwrap(),
            sections: (0..12).map(section).collect(),
            acknowledgement: "We have read them.".to_owned(),
        };
        let bytes = pdf(&document).unwrap();
        assert!(bytes.starts_with(b"%PDF"));
        assert_eq!(bytes, pdf(&document).unwrap());
    }
}
