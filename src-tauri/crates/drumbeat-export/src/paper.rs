//! A document of a review: one content, written as Markdown that reads well as plain text, and as a PDF.
//!
//! What it says is put together by the caller from headings, sentences, lists and tables; here is only how
//! that looks. All of it is text: nothing in a name or a note can become markup in either form. The same
//! paper gives the same bytes.

use std::fmt::Write;

use chrono::Datelike;
use drumbeat_model::time::Day;
use serde::Serialize;
use typst::foundations::Datetime;

use crate::pdf;
use crate::write::ExportError;

const TEMPLATE: &str = include_str!("../templates/paper.typ");

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    title: String,
    day: Day,
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Block {
    Heading { text: String },
    Text { text: String },
    List { items: Vec<String> },
    Table { head: Vec<String>, widths: Vec<u32>, rows: Vec<Vec<String>> },
}

impl Paper {
    /// An empty document of a day.
    #[must_use]
    pub fn new(title: String, day: Day) -> Self {
        Self { title, day, blocks: Vec::new() }
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Begins a part.
    pub fn heading(&mut self, text: &str) {
        self.blocks.push(Block::Heading { text: text.to_owned() });
    }

    /// Adds a sentence or a few.
    pub fn text(&mut self, text: String) {
        self.blocks.push(Block::Text { text });
    }

    /// Adds a list.
    pub fn list(&mut self, items: Vec<String>) {
        self.blocks.push(Block::List { items });
    }

    /// Adds a table: each column's name with its share of the width.
    pub fn table(&mut self, columns: &[(&str, u32)], rows: Vec<Vec<String>>) {
        self.blocks.push(Block::Table {
            head: columns.iter().map(|(name, _)| (*name).to_owned()).collect(),
            widths: columns.iter().map(|(_, width)| *width).collect(),
            rows,
        });
    }

    /// The document as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", plain(&self.title));
        for block in &self.blocks {
            out.push('\n');
            match block {
                Block::Heading { text } => out.extend(["## ", &plain(text), "\n"]),
                Block::Text { text } => out.extend([&plain(text), "\n"]),
                Block::List { items } => items.iter().for_each(|item| out.extend(["- ", &plain(item), "\n"])),
                Block::Table { head, rows, .. } => {
                    let row = |cells: &[String]| {
                        let cells: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
                        format!("| {} |\n", cells.join(" | "))
                    };
                    out.push_str(&row(head));
                    let _ = writeln!(out, "| {} |", vec!["---"; head.len()].join(" | "));
                    rows.iter().for_each(|cells| out.push_str(&row(cells)));
                }
            }
        }
        out
    }

    /// The document as PDF bytes.
    ///
    /// # Errors
    /// When the template and the document do not fit together, which is a defect of this crate.
    pub fn pdf(&self) -> Result<Vec<u8>, ExportError> {
        let json = serde_json::to_string(self).map_err(|error| ExportError::Layout(error.to_string()))?;
        let small = |x: u32| u8::try_from(x).unwrap_or_default();
        let made = Datetime::from_ymd_hms(self.day.year(), small(self.day.month()), small(self.day.day()), 0, 0, 0);
        pdf::draw(TEMPLATE, json, format!("{}|{}", self.title, self.day), made, None)
    }
}

/// One line that no table is broken by.
fn plain(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sample() -> Paper {
        let nasty = "*Hansa* | #panic() _ [x](y)\n# not a heading";
        let mut paper = Paper::new("Weekly review, 16 November 2026".to_owned(), "2026-11-16".parse().unwrap());
        paper.text(nasty.to_owned());
        paper.heading("Decisions");
        paper.table(&[("Item", 3), ("Decision", 1)], vec![vec![nasty.to_owned(), "Keep plan".to_owned()]; 60]);
        paper.heading("Parked");
        paper.list(vec![nasty.to_owned(); 3]);
        paper
    }

    #[test]
    fn every_block_is_markdown_that_keeps_its_lines() {
        let markdown = sample().markdown();
        assert!(markdown.starts_with("# Weekly review, 16 November 2026\n\n*Hansa* \\| #panic() _ [x](y) # not"));
        assert!(
            markdown.contains("\n\n## Decisions\n\n| Item | Decision |\n| --- | --- |\n| *Hansa* \\| "),
            "{markdown}"
        );
        assert!(markdown.ends_with("\n\n## Parked\n\n- *Hansa* \\| #panic() _ [x](y) # not a heading\n- *Hansa* \\| #panic() _ [x](y) # not a heading\n- *Hansa* \\| #panic() _ [x](y) # not a heading\n"), "{markdown}");
    }

    #[test]
    fn the_same_paper_is_the_same_bytes_and_no_text_is_markup() {
        let bytes = sample().pdf().unwrap();
        assert!(bytes.starts_with(b"%PDF"));
        assert_eq!(bytes, sample().pdf().unwrap());
    }
}
