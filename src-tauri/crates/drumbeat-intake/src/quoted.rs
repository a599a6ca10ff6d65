//! What of a mail its writer wrote: not the mails that it answers, not the block under the greeting.
//!
//! A mail that was passed on is the other way round: what is below is what it is about, and the lines above say
//! little. Which of the two it is stands in the line that parts them.

use crate::text::plain;

/// A mail's text in its parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts<'t> {
    /// What its writer wrote: line number from 1, text.
    pub own: Vec<(usize, &'t str)>,
    /// What was passed on with it, headers included.
    pub passed_on: Vec<(usize, &'t str)>,
}

enum Border {
    Answered,
    PassedOn,
}

/// Beginnings of the line in front of a mail that was passed on, in plain words.
const PASSED_ON: &[&str] = &[
    "forwarded message",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten",
    "message transfere",
    "debut du message",
    "debut du message transfere",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
];

/// The same for a mail that is answered.
const ANSWERED: &[&str] = &["original message", "ursprungliche nachricht", "message d origine", "mensaje original"];

/// `On Tue, 3 Nov 2026, Jana wrote:` in four languages: how it begins and how it ends.
const WROTE: &[(&str, &str)] = &[("on ", " wrote"), ("am ", " schrieb"), ("le ", " a ecrit"), ("el ", " escribio")];

/// Words that stand over a signature.
const GREETINGS: &[&str] = &[
    "best",
    "best regards",
    "kind regards",
    "regards",
    "warm regards",
    "many thanks",
    "thanks",
    "thank you",
    "cheers",
    "sincerely",
    "mit freundlichen grussen",
    "mit freundlichem gruss",
    "mit besten grussen",
    "freundliche grusse",
    "viele grusse",
    "beste grusse",
    "herzliche grusse",
    "schone grusse",
    "mfg",
    "lg",
    "cordialement",
    "bien cordialement",
    "bien a vous",
    "sinceres salutations",
    "saludos",
    "un saludo",
    "saludos cordiales",
    "atentamente",
];

fn border(line: &str, next: Option<&str>) -> Option<Border> {
    let words = plain(line);
    let begins = |list: &[&str]| list.iter().any(|start| words.starts_with(start));
    // Real borders are drawn with dashes or end with a colon.
    let drawn = line.trim_start().starts_with('-') || line.trim_end().ends_with(':');
    if drawn && begins(PASSED_ON) {
        return Some(Border::PassedOn);
    }
    if drawn && begins(ANSWERED) {
        return Some(Border::Answered);
    }
    // The line may be folded before its last word.
    let folded = format!("{words} {}", next.map(plain).unwrap_or_default());
    let ends_with_colon = line.trim_end().ends_with(':') || next.is_some_and(|next| next.trim_end().ends_with(':'));
    let wrote = WROTE.iter().any(|(start, end)| words.starts_with(start) && folded.contains(end));
    let is_outlook = line.trim().len() > 20 && line.trim().bytes().all(|byte| byte == b'_');
    ((wrote && ends_with_colon) || is_outlook).then_some(Border::Answered)
}

fn is_greeting(line: &str) -> bool {
    line.len() <= 60 && GREETINGS.contains(&plain(line).as_str())
}

/// Parts a mail's text.
#[must_use]
pub fn part(text: &str) -> Parts<'_> {
    let lines: Vec<&str> = text.lines().collect();
    let mut parts = Parts::default();
    let mut signed = false;
    for (index, line) in lines.iter().enumerate() {
        match border(line, lines.get(index + 1).copied()) {
            Some(Border::Answered) => break,
            Some(Border::PassedOn) => {
                let below = lines.iter().enumerate().skip(index + 1);
                parts.passed_on = below.map(|(index, line)| (index + 1, unquoted(line))).collect();
                break;
            }
            None => {}
        }
        signed = signed || matches!(line.trim_end(), "--" | "-- " | "—") || is_greeting(line);
        if !signed && !line.trim_start().starts_with('>') {
            parts.own.push((index + 1, line));
        }
    }
    parts
}

/// A line without the marks of a quotation.
fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', ' '])
}

/// A mail that was passed on inside the text of another.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inner<'t> {
    /// The line that names its sender, and the address there.
    pub sender: Option<(usize, String)>,
    /// Its text without its own quotations and signature.
    pub lines: Vec<(usize, &'t str)>,
}

/// Takes a mail that was passed on apart.
#[must_use]
pub fn inner<'t>(lines: &[(usize, &'t str)]) -> Inner<'t> {
    let is_blank = |(_, line): &&(usize, &str)| line.trim().is_empty();
    let start = lines.iter().take_while(is_blank).count();
    let from = |line: &str| {
        line.split_once(':').is_some_and(|(label, _)| matches!(plain(label).as_str(), "from" | "von" | "de"))
    };
    let head = lines[start..].iter().take_while(|line| !is_blank(line)).count();
    let mut inner = Inner::default();
    let mut rest = &lines[start..];
    if rest.first().is_some_and(|(_, line)| from(line)) {
        inner.sender = rest[..head].iter().find(|(_, line)| from(line)).and_then(|(number, line)| {
            let word = line.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '(' | ')'));
            let address = word.map(|word| word.trim_start_matches("mailto:")).find(|word| word.contains('@'))?;
            Some((*number, address.to_owned()))
        });
        rest = &rest[head..];
    }
    for (index, (number, line)) in rest.iter().enumerate() {
        let next = rest.get(index + 1).map(|(_, line)| *line);
        if matches!(border(line, next), Some(Border::Answered))
            || matches!(line.trim_end(), "--" | "—")
            || is_greeting(line)
        {
            break;
        }
        inner.lines.push((*number, *line));
    }
    inner
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn own(text: &str) -> Vec<&str> {
        part(text).own.into_iter().map(|(_, line)| line).filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn signatures_and_answered_mails_are_cut() {
        for rest in [
            "-- \nJana\nTel: 1",
            "Best regards,\nJana",
            "Mit freundlichen Grüßen\nJana",
            "Cordialement,\nJana",
            "On Tue, 3 Nov 2026 at 10:00, Jana <j@x.de> wrote:\n> Company: Old",
            "On Tue, 3 Nov 2026 at 10:00, Jana Brandt\n<j@x.de> wrote:\n> Company: Old",
            "Am 3. Nov. 2026 um 10:00 schrieb Jana:\nCompany: Old",
            "Le mar. 3 nov. 2026 à 10:00, Jana a écrit :\n> Company: Old",
            "El mar, 3 nov 2026, Jana escribió:\n> Company: Old",
            "-----Original Message-----\nFrom: x\nCompany: Old",
            "________________________________\nFrom: x\nCompany: Old",
            "> Company: Old",
        ] {
            assert_eq!(own(&format!("Company: New\n{rest}")), ["Company: New"], "{rest}");
        }
    }

    #[test]
    fn a_sentence_that_begins_like_a_border_stays() {
        for line in [
            "On Monday we wrote to them",
            "Am Montag schrieb er uns.",
            "Best: the second one",
            "Thanks to Jana we know: Bonn",
        ] {
            assert_eq!(own(line), [line]);
        }
    }

    #[test]
    fn what_was_passed_on_is_kept_apart() {
        for border in [
            "---------- Forwarded message ---------",
            "Begin forwarded message:",
            "-------- Weitergeleitete Nachricht --------",
        ] {
            let text = format!("FYI\n{border}\nFrom: X <x@y.example>\n\n> Company: Hansa\nBest regards,\nTel: 5");
            let parts = part(&text);
            assert_eq!(parts.own, [(1, "FYI")]);
            assert!(parts.passed_on.contains(&(5, "Company: Hansa")), "{parts:?}");
            let inner = inner(&parts.passed_on);
            assert_eq!(inner.lines, [(4, ""), (5, "Company: Hansa")], "{border}");
            assert_eq!(inner.sender, Some((3, "x@y.example".to_owned())));
        }
    }
}
