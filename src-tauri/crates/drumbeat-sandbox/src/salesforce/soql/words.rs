//! A query's text as words, each with the place it stands at.

use crate::salesforce::problem::Problem;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Word {
    /// Names and keywords, with their dots.
    Name(String),
    Text(String),
    /// Numbers, dates and times as they stand.
    Number(String),
    Sign(&'static str),
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Placed {
    pub(crate) word: Word,
    pub(crate) at: usize,
}

const SIGNS: [&str; 12] = ["<=", ">=", "!=", "<>", "=", "<", ">", "(", ")", ",", ":", "-"];

/// A refusal that shows the place, as the vendor does.
pub(crate) fn refuse(code: &'static str, query: &str, at: usize, why: impl std::fmt::Display) -> Problem {
    let at = (0..=at.min(query.len())).rev().find(|i| query.is_char_boundary(*i)).unwrap_or(0);
    let before = &query[..at];
    let row = before.matches('\n').count() + 1;
    let line_from = before.rfind('\n').map_or(0, |i| i + 1);
    let column = query[line_from..at].chars().count() + 1;
    let line = query[line_from..].lines().next().unwrap_or_default();
    let (from, lead) = (column.saturating_sub(20), column.min(20));
    let shown: String = line.chars().skip(from).take(60).collect();
    let caret = format!("{}^", " ".repeat(lead.saturating_sub(usize::from(from == 0))));
    Problem::bad(code, format!("\n{shown}\n{caret}\nERROR at Row:{row}:Column:{column}\n{why}"))
}

pub(crate) fn split(query: &str) -> Result<Vec<Placed>, Problem> {
    let bytes = query.as_bytes();
    let mut out = Vec::new();
    let mut i = 0;
    while i < bytes.len() {
        let at = i;
        let b = bytes[i];
        if b.is_ascii_whitespace() {
            i += 1;
            continue;
        }
        let word = if b.is_ascii_alphabetic() || b == b'_' {
            while i < bytes.len() && (bytes[i].is_ascii_alphanumeric() || matches!(bytes[i], b'_' | b'.')) {
                i += 1;
            }
            Word::Name(query[at..i].to_owned())
        } else if b.is_ascii_digit() || (matches!(b, b'-' | b'+') && bytes.get(i + 1).is_some_and(u8::is_ascii_digit)) {
            i += 1;
            // A plus belongs to a time's zone or an exponent only.
            while i < bytes.len() && (bytes[i].is_ascii_alphanumeric() || matches!(bytes[i], b'-' | b':' | b'.' | b'+'))
            {
                i += 1;
            }
            Word::Number(query[at..i].to_owned())
        } else if b == b'\'' {
            let (text, end) = quoted(query, at)?;
            i = end;
            Word::Text(text)
        } else if let Some(sign) = SIGNS.into_iter().find(|s| query[i..].starts_with(s)) {
            i += sign.len();
            Word::Sign(sign)
        } else {
            let shown: String = query[i..].chars().take(1).collect();
            return Err(refuse(
                "MALFORMED_QUERY",
                query,
                at,
                format!("line 1:{at} no viable alternative at character '{shown}'"),
            ));
        };
        out.push(Placed { word, at });
    }
    out.push(Placed { word: Word::End, at: query.len() });
    Ok(out)
}

/// The text in quotes that begins here, and where it ends.
fn quoted(query: &str, at: usize) -> Result<(String, usize), Problem> {
    let mut out = String::new();
    let mut letters = query[at + 1..].char_indices();
    while let Some((i, c)) = letters.next() {
        match c {
            '\'' => return Ok((out, at + 1 + i + 1)),
            '\\' => match letters.next() {
                Some((_, 'n' | 'N')) => out.push('\n'),
                Some((_, 'r' | 'R')) => out.push('\r'),
                Some((_, 't' | 'T')) => out.push('\t'),
                Some((_, 'b' | 'B')) => out.push('\u{8}'),
                Some((_, 'f' | 'F')) => out.push('\u{c}'),
                Some((_, 'u')) => {
                    let digits: String = letters.by_ref().take(4).map(|(_, c)| c).collect();
                    match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
                        Some(c) => out.push(c),
                        None => return Err(illegal(query, at + 1 + i)),
                    }
                }
                // Of a pattern these stay as they are: they tell a sign from its meaning.
                Some((_, c @ ('%' | '_'))) => out.extend(['\\', c]),
                Some((_, c @ ('\\' | '\'' | '"'))) => out.push(c),
                _ => return Err(illegal(query, at + 1 + i)),
            },
            c => out.push(c),
        }
    }
    Err(refuse("MALFORMED_QUERY", query, at, "unexpected token: '<EOF>'"))
}

fn illegal(query: &str, at: usize) -> Problem {
    refuse(
        "MALFORMED_QUERY",
        query,
        at,
        "Illegal string literal '\\': bad escape sequence (only \\b, \\f, \\n, \\r, \\t, \\u, \\\", \\', \\\\, \\%, \\_ are allowed)",
    )
}
