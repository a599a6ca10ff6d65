//! The text of an HTML mail, line by line: nothing is drawn, loaded or run.
//!
//! Blocks end lines, and cells of a table stand on one line parted by tabs, so that a form that was laid out as a
//! table reads like one that was typed. One pass, no tree: depth costs nothing.

/// Longest HTML that is read; what follows is not looked at.
const LONGEST: usize = 2 * 1024 * 1024;

const BLOCKS: &[&str] = &[
    "br",
    "p",
    "div",
    "tr",
    "li",
    "ul",
    "ol",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "dl",
    "dd",
    "section",
    "article",
    "blockquote",
    "hr",
    "pre",
    "fieldset",
    "form",
    "center",
    "header",
    "footer",
    "body",
];
const CELLS: &[&str] = &["td", "th", "dt"];
/// What is between these is not text.
const SILENT: &[&str] = &["script", "style", "head", "title", "template", "noscript", "svg", "object"];

/// The lines of an HTML text.
#[must_use]
pub fn lines(html: &str) -> String {
    let mut end = html.len().min(LONGEST);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let mut rest = &html[..end];
    let mut out = Lines::default();
    while let Some(start) = rest.find('<') {
        out.text(&rest[..start]);
        rest = &rest[start..];
        if let Some(after) = rest.strip_prefix("<!--") {
            rest = after.find("-->").map_or("", |close| &after[close + 3..]);
            continue;
        }
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            // A sign of its own: `a < b`.
            out.text("<");
            rest = &rest[1..];
            continue;
        }
        let Some(close) = rest.find('>') else { break };
        let (tag, after) = (&rest[1..close], &rest[close + 1..]);
        let closes = tag.starts_with('/');
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .take(12)
            .collect::<String>()
            .to_ascii_lowercase();
        rest = after;
        if SILENT.contains(&name.as_str()) && !closes {
            rest = skip(rest, &name);
        } else if BLOCKS.contains(&name.as_str()) && (closes || name != "dd") {
            out.end_line(name == "br" || (name == "p" && closes));
        } else if CELLS.contains(&name.as_str()) && closes {
            out.end_cell();
        }
    }
    if !rest.starts_with('<') {
        out.text(rest);
    }
    out.finish()
}

/// What follows the end of an element whose content is no text.
fn skip<'h>(html: &'h str, name: &str) -> &'h str {
    let mut rest = html;
    while let Some(at) = rest.find("</") {
        let after = &rest[at + 2..];
        let here = after.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
        if here {
            return after.find('>').map_or("", |close| &after[close + 1..]);
        }
        rest = after;
    }
    ""
}

#[derive(Default)]
struct Lines {
    out: String,
    line: String,
}

impl Lines {
    fn text(&mut self, text: &str) {
        for word in decoded(text).split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            self.line.push_str(bare);
            if bare.len() < word.len() && !self.line.ends_with([' ', '\t']) && !self.line.is_empty() {
                self.line.push(' ');
            }
        }
    }

    fn end_cell(&mut self) {
        let kept = self.line.trim_end_matches(' ').len();
        self.line.truncate(kept);
        self.line.push('\t');
    }

    fn end_line(&mut self, may_be_blank: bool) {
        let line = self.line.trim();
        if !line.is_empty() || (may_be_blank && !self.out.is_empty() && !self.out.ends_with("\n\n")) {
            self.out.push_str(line);
            self.out.push('\n');
        }
        self.line.clear();
    }

    fn finish(mut self) -> String {
        self.end_line(false);
        self.out
    }
}

/// Text with its entities as the characters that they mean.
fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        // No entity that is known is longer.
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        match end.and_then(|end| Some((entity(rest.get(1..end)?)?, end))) {
            Some((meant, end)) => {
                out.push(meant);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|c| *c != '\0');
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "euro" => '€',
        "pound" => '£',
        "yen" => '¥',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "Auml" => 'Ä',
        "Ouml" => 'Ö',
        "Uuml" => 'Ü',
        "szlig" => 'ß',
        "eacute" => 'é',
        "egrave" => 'è',
        "ecirc" => 'ê',
        "agrave" => 'à',
        "aacute" => 'á',
        "acirc" => 'â',
        "ccedil" => 'ç',
        "oacute" => 'ó',
        "iacute" => 'í',
        "uacute" => 'ú',
        "ntilde" => 'ñ',
        "ndash" => '–',
        "mdash" => '—',
        "rsquo" => '’',
        "lsquo" => '‘',
        "ldquo" => '“',
        "rdquo" => '”',
        "bull" => '•',
        "hellip" => '…',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_form_in_html_reads_like_one_that_was_typed() {
        for (html, expected) in [
            ("<p>Company: <b>Hansa</b></p><p>City: Bonn</p>", "Company: Hansa\nCity: Bonn\n"),
            (
                "<table><tr><th>Company</th><td>Hansa &amp; Co</td></tr><tr><td>City</td><td> Bonn </td></tr></table>",
                "Company\tHansa & Co\nCity\tBonn\n",
            ),
            ("a<br>b<BR/>c", "a\nb\nc\n"),
            ("<dl><dt>City</dt><dd>Bonn</dd></dl>", "City\tBonn\n"),
            ("<style>p{}</style><script>if (a</b) x</script>text", "text\n"),
            ("K&uuml;hl&#107;ette &#x26; &bogus; &", "Kühlkette & &bogus; &\n"),
            ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2\n"),
            ("one\n  two", "one two\n"),
            ("<!-- Company: Ghost -->real", "real\n"),
            ("<p>open <b", "open\n"),
            ("", ""),
        ] {
            assert_eq!(lines(html), expected, "{html}");
        }
    }

    #[test]
    fn hostile_html_ends_soon() {
        let began = std::time::Instant::now();
        for html in [
            "<div>".repeat(400_000),
            "<".repeat(2_000_000),
            "&".repeat(2_000_000),
            "<script>".repeat(200_000),
            "<!--".repeat(400_000),
            "</".repeat(900_000),
            "< ".repeat(1_000_000) + ">",
        ] {
            let _ = lines(&html);
        }
        assert!(began.elapsed().as_secs() < 20);
    }
}
