//! Tables for a page: which columns and rows fit, and texts cut to their cells.

use serde_json::{Value, json};

use crate::build::STORY_ROWS;
use crate::figure;
use crate::pack::{Cell, ColumnKind, Pack, Table};

/// Rows of an appendix table that are printed.
const PRINTED_ROWS: usize = 400;
/// Sum of column weights that an appendix page has room for.
const PAGE_WEIGHT: u32 = 66;
/// The longest text that a column of short texts has, on a page and in the appendix.
const SHORT: (usize, usize) = (16, 12);
/// The longest word that a column is made wide enough for, with the space beside it.
const WORD: usize = 30;
/// Characters across the page in body text (14 pt) and in the appendix (9.5 pt).
pub(super) const LINE: (usize, usize) = (112, 168);

/// The table, and what has to be said because it is cut.
pub(super) fn of_table(pack: &Pack, table: &Table, appendix: bool) -> (Value, String) {
    let mut used = 0;
    let fitting = table
        .columns
        .iter()
        .take_while(|x| {
            used += x.weight;
            !appendix || used <= PAGE_WEIGHT
        })
        .count();
    let columns: Vec<_> = table.columns.iter().take(fitting).collect();
    // Single words and figures are never broken.
    let narrow: Vec<bool> = columns
        .iter()
        .enumerate()
        .map(|(i, column)| {
            let longest =
                table.rows.iter().filter_map(|x| x.get(i)).map(|x| figure::cell(x, false).chars().count()).max();
            !matches!(column.kind, ColumnKind::Text) || longest.unwrap_or(0) <= if appendix { SHORT.1 } else { SHORT.0 }
        })
        .collect();
    // Without a column that takes the rest, and with very few, all share the width.
    let shared = columns.len() <= 3 || narrow.iter().all(|x| *x);
    let narrow: Vec<bool> = narrow.into_iter().map(|x| x && !shared).collect();
    // What figures and single words leave of a line is shared by the others, by weight.
    let line = if appendix { LINE.1 } else { LINE.0 };
    let longest = |i: usize| {
        table.rows.iter().filter_map(|x| x.get(i)).map(|x| figure::cell(x, false).chars().count()).max().unwrap_or(0)
    };
    let taken: usize = (0..columns.len()).map(|i| 3 + if narrow.get(i) == Some(&true) { longest(i) } else { 0 }).sum();
    let word = |i: usize| {
        let cells = table.rows.iter().filter_map(|x| x.get(i)).map(|x| longest_word(&figure::cell(x, false)));
        cells.max().unwrap_or(0).max(columns.get(i).map_or(0, |x| longest_word(x.title)))
    };
    let sharing: Vec<(u32, usize)> = (0..)
        .zip(columns.iter().zip(&narrow))
        .filter(|(_, (_, x))| !**x)
        .map(|(i, (x, _))| (x.weight, word(i) + 2))
        .collect();
    let mut shared = shares(line.saturating_sub(taken), &sharing).into_iter();
    let rooms: Vec<usize> = narrow.iter().map(|x| if *x { 0 } else { shared.next().unwrap_or(9) }).collect();
    let room = |i: usize| rooms.get(i).copied().unwrap_or(9);
    // Few rows have room for a third line.
    let lines = if !appendix && table.rows.len() <= 5 { 3 } else { 2 };
    // A column of days says the year in all of its cells or in none.
    let this_year: Vec<bool> = (0..columns.len())
        .map(|i| {
            let other = |x: &Cell| matches!(x, Cell::Day(day) if chrono::Datelike::year(day) != pack.quarter.year);
            !appendix && !table.rows.iter().filter_map(|x| x.get(i)).any(other)
        })
        .collect();
    let limit = if appendix { PRINTED_ROWS } else { STORY_ROWS };
    let rows: Vec<Value> = table
        .rows
        .iter()
        .take(limit)
        .map(|row| {
            let cells = row.iter().zip(&columns).enumerate().map(|(i, (cell, column))| {
                let text = match cell {
                    Cell::Day(day) if this_year.get(i).copied().unwrap_or(false) => figure::day_beside(pack.year, *day, pack.quarter),
                    cell => figure::cell(cell, false),
                };
                let tone = match (column.title, text.as_str()) {
                    ("State", "Late" | "Ends soon") => "warn",
                    ("State", "Done") => "good",
                    _ => "",
                };
                let narrow = narrow.get(i).copied().unwrap_or(false);
                json!({ "text": if narrow { text } else { fit(&text, room(i), lines) }, "strong": i == 0, "tone": tone, "narrow": narrow })
            });
            Value::Array(cells.collect())
        })
        .collect();
    let mut said = String::new();
    if table.rows.len() > limit {
        said.push_str(&format!(
            "; {limit} of {}, the rest is in the workbook",
            figure::count(table.rows.len(), "row", "rows")
        ));
    } else if fitting < table.columns.len() {
        said.push_str("; more columns in the workbook");
    }
    let heads: Vec<Value> = columns
        .iter()
        .zip(&narrow)
        .zip(&rooms)
        .map(|((x, narrow), room)| json!({ "title": x.title, "weight": room, "narrow": narrow, "right": !matches!(x.kind, ColumnKind::Text) }))
        .collect();
    (json!({ "columns": heads, "rows": rows }), said)
}

/// Letters of the longest word.
pub(crate) fn longest_word(text: &str) -> usize {
    text.split_whitespace().map(|x| x.chars().count()).max().unwrap_or(0)
}

/// How `rest` letters of a line are shared by columns of texts, each with its weight and the letters that its longest
/// word needs: no column is so narrow that a word breaks which could stand whole.
pub(crate) fn shares(rest: usize, columns: &[(u32, usize)]) -> Vec<usize> {
    let needs = |word: usize| word.min(WORD);
    let mut given: Vec<Option<usize>> = vec![None; columns.len()];
    loop {
        let left = rest.saturating_sub(given.iter().flatten().sum());
        let open = || columns.iter().zip(&given).filter(|(_, x)| x.is_none());
        let weight = open().map(|((x, _), _)| *x as usize).sum::<usize>().max(1);
        let share = |x: u32| (left * x as usize / weight).max(9);
        let narrow: Vec<bool> =
            columns.iter().zip(&given).map(|((x, word), known)| known.is_none() && share(*x) < needs(*word)).collect();
        if !narrow.contains(&true) {
            return columns.iter().zip(&given).map(|((x, _), known)| known.unwrap_or_else(|| share(*x))).collect();
        }
        for (known, ((_, word), narrow)) in given.iter_mut().zip(columns.iter().zip(narrow)) {
            if narrow {
                *known = Some(needs(*word));
            }
        }
    }
}

/// What fits into `lines` lines of `line` characters; a word longer than a line can be broken.
pub(crate) fn fit(text: &str, line: usize, lines: usize) -> String {
    // Lines end ragged: the last fifth of each but the last may stay empty.
    let cut = clip(text, line * lines - line * (lines - 1) / 5);
    let mut out = String::with_capacity(cut.len());
    let mut run = 0;
    for letter in cut.chars() {
        run = if letter.is_whitespace() { 0 } else { run + 1 };
        if run > line.saturating_sub(2).max(4) {
            out.push('\u{200b}');
            run = 1;
        }
        out.push(letter);
    }
    out
}

/// At most `most` characters, cut with an ellipsis; control characters become spaces.
pub(crate) fn clip(text: &str, most: usize) -> String {
    let clean = || text.chars().map(|x| if x.is_control() { ' ' } else { x });
    if clean().count() <= most {
        return clean().collect();
    }
    let mut out: String = clean().take(most.saturating_sub(1)).collect();
    out.truncate(out.trim_end().len());
    out.push('\u{2026}');
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::build::column;

    #[test]
    fn texts_are_cut_with_an_ellipsis_and_lose_their_control_characters() {
        for (text, most, shown) in [
            ("short", 10, "short"),
            ("exactly ten", 11, "exactly ten"),
            ("a longer text", 9, "a longer\u{2026}"),
            ("a long text", 8, "a long\u{2026}"),
            ("tab\there", 20, "tab here"),
            ("Łódź Łódź", 5, "Łódź\u{2026}"),
        ] {
            assert_eq!(clip(text, most), shown);
        }
    }

    #[test]
    fn columns_share_a_line_by_weight_and_none_breaks_a_word_that_could_stand_whole() {
        assert_eq!(shares(90, &[(4, 5), (5, 5)]), [40, 50]);
        // "Qualification" with the space beside it, in a column that weighs little.
        assert_eq!(shares(54, &[(7, 10), (2, 17), (9, 10)]), [16, 17, 20]);
        assert_eq!(shares(60, &[(1, 17), (1, 17), (8, 10)]), [17, 17, 26]);
        // What fits nowhere is broken, and takes no more than its part.
        assert_eq!(shares(60, &[(1, 400), (1, 10)]), [30, 30]);
        assert_eq!(shares(4, &[(1, 3), (1, 12)]), [9, 12]);
        assert_eq!(shares(50, &[]), [0usize; 0]);
    }

    #[test]
    fn a_word_longer_than_its_line_can_be_broken() {
        assert_eq!(fit("abcdefghij kl", 6, 3), "abcd\u{200b}efgh\u{200b}ij kl");
        assert_eq!(fit("two words", 9, 2), "two words");
        assert_eq!(fit("one two three four five", 8, 2), "one two three\u{2026}");
    }

    #[test]
    fn a_printed_list_ends_after_its_limit_and_says_so() {
        let pack = crate::build::build_internal(&crate::facts::PackFacts {
            partner: "p".into(),
            partner_name: "P".to_owned(),
            tier: None,
            quarter: drumbeat_model::time::Quarter { year: 2026, number: 3 },
            year: drumbeat_model::time::FiscalYear::CALENDAR,
            as_of: chrono::DateTime::UNIX_EPOCH,
            read_at: chrono::DateTime::UNIX_EPOCH,
            currency: drumbeat_model::money::Currency::parse("EUR").unwrap(),
            prepared_by: String::new(),
            vendor: String::new(),
            decision_hours: 48,
            deals: Vec::new(),
            registrations: Vec::new(),
            certifications: Vec::new(),
            commitments: Vec::new(),
            conflicts: Vec::new(),
            targets: Vec::new(),
            place: None,
            outlook: None,
            words: drumbeat_model::pack::PackWords::none(
                "p".into(),
                drumbeat_model::time::Quarter { year: 2026, number: 3 },
            ),
            program: None,
            pending: 0,
            merge_conflicts: 0,
        });
        let table = Table {
            columns: vec![column("Deal", ColumnKind::Text, 60), column("Notes", ColumnKind::Text, 30)],
            rows: vec![vec![Cell::text(Some("x")), Cell::text(Some("y"))]; PRINTED_ROWS + 50],
        };
        let (shown, said) = of_table(&pack, &table, true);
        assert_eq!(shown["rows"].as_array().unwrap().len(), PRINTED_ROWS);
        assert_eq!(shown["columns"].as_array().unwrap().len(), 1);
        assert_eq!(said, "; 400 of 450 rows, the rest is in the workbook");
        let (shown, said) = of_table(&pack, &table, false);
        assert_eq!(shown["rows"].as_array().unwrap().len(), STORY_ROWS);
        assert_eq!(said, "; 8 of 450 rows, the rest is in the workbook");
    }
}
