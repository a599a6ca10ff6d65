//! A partner's pipeline as a file that can be sent (V-02): a page, a workbook or a table of lines.
//!
//! The hard idea: it is a [`Pack`] with other sections, made from facts that went through the safelist, so that page and
//! workbook are drawn by the same writers and searched by the same scanner. What makes it a share is that every file says
//! for whom it is, until when it holds and by which mark a copy is known again. A file cannot end itself: the day is said,
//! not enforced. A cell of the table of lines that a spreadsheet would compute begins with an apostrophe.

use drumbeat_model::crm::Outcome;
use drumbeat_model::pack::Edition;
use drumbeat_model::time::Day;

use crate::build::shared_sections;
use crate::facts::PackFacts;
use crate::figure;
use crate::pack::{Cell, Pack, Section, SectionBody, Table};
use crate::safe::PartnerSafe;
use crate::write::hides;

/// What a share says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The last day on which it holds.
    pub until: Day,
    /// For whom, when, and the number by which a copy is known again.
    pub mark: String,
}

impl Shared {
    /// For whom and until when, in a line.
    pub(crate) fn line(&self, partner: &str) -> String {
        format!("For {partner} alone, valid until {}. Confidential.", figure::day(self.until))
    }
}

/// What a partner may see of its open pipeline and of this quarter.
#[must_use]
pub fn build_share(facts: &PartnerSafe<PackFacts>, shared: Shared) -> Pack {
    let facts = facts.get();
    let this = |day: Option<Day>| day.is_some_and(|x| facts.year.quarter_of(x) == facts.quarter);
    let now = PackFacts {
        deals: facts.deals.iter().filter(|x| x.outcome == Outcome::Open || this(x.close)).cloned().collect(),
        registrations: facts
            .registrations
            .iter()
            .filter(|x| {
                x.status.is_open()
                    || this(x.decided)
                    || x.protection_end.is_some_and(|end| end >= facts.as_of.date_naive())
            })
            .cloned()
            .collect(),
        ..facts.clone()
    };
    let mut pack = crate::build::pack_of(&now, Edition::Partner, shared_sections(&now));
    pack.shared = Some(shared);
    pack
}

/// The tables of a share as lines: each with the section that it is of, as many columns as the widest, then as of when
/// the data are, until when it holds and the mark.
#[must_use]
pub fn lines(pack: &Pack) -> Vec<u8> {
    let tables: Vec<(&Section, &Table)> = pack
        .sections()
        .iter()
        .filter_map(|x| match &x.body {
            SectionBody::Table(table) => Some((x, table)),
            _ => None,
        })
        .collect();
    let widest = tables.iter().map(|(_, x)| x.columns.len()).max().unwrap_or(0);
    // The mark begins with the partner's name, which is text of the CRM as any other.
    let (until, mark) =
        pack.shared.as_ref().map_or_else(Default::default, |x| (x.until.to_string(), harmless(&x.mark)));
    let read_at = pack.read_at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let mut out = String::from("\u{feff}");
    let mut put = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|x| quoted(x)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    };
    for (section, table) in tables {
        // Lists of different columns stand under each other, each with its own head.
        let mut head = vec!["List".to_owned()];
        head.extend(table.columns.iter().map(|x| x.title.to_owned()));
        head.resize(widest + 1, String::new());
        head.extend(["Data as of".to_owned(), "Valid until".to_owned(), "Mark".to_owned()]);
        put(&head);
        for row in &table.rows {
            let mut cells = vec![section.key.to_owned()];
            cells.extend(row.iter().map(plain));
            cells.resize(widest + 1, String::new());
            cells.extend([read_at.clone(), until.clone(), mark.clone()]);
            put(&cells);
        }
    }
    out.into_bytes()
}

/// A cell for a machine: days and decimals as they are, money with its currency.
fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => harmless(text),
        Cell::Money(money) => format!("{} {}", money.amount.normalize(), money.currency.code()),
        Cell::Day(day) => day.to_string(),
        Cell::Percent(x) | Cell::Hours(x) => x.normalize().to_string(),
        Cell::Count(x) | Cell::Days(x) => x.to_string(),
    }
}

/// Text that no spreadsheet computes: what begins like a formula begins with an apostrophe.
fn harmless(text: &str) -> String {
    let clean: String = text.chars().filter(|x| !hides(*x)).collect();
    let begins = |x: char| {
        matches!(
            x,
            '=' | '+' | '-' | '@' | '\t' | '\0' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}'
        )
    };
    // White space before it does not hide it from a spreadsheet.
    if clean.starts_with(begins) || clean.trim_start().starts_with(begins) { format!("'{clean}") } else { clean }
}

/// In quotes, with what would end a cell or a line kept inside.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\0', " ").replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text_and_everything_else_stays() {
        for (text, written) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("  =1", "'  =1"),
            ("\u{200b}=1", "'=1"),
            ("\u{ff1d}1", "'\u{ff1d}1"),
            ("\r\n=1", "'\r\n=1"),
            ("Nordlys A/S", "Nordlys A/S"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(harmless(text), written);
        }
        assert_eq!(quoted("a \"b\", c"), "\"a \"\"b\"\", c\"");
    }
}
