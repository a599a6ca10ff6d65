//! Messages to the partner, drafted from the policy's templates.
//!
//! A template can only name the placeholders below, and what stands in for them is what the partner sent or is
//! told by this decision: no other partner, competitor, note or internal reason can get in, because there is no
//! way to name it. A line whose placeholder has no value is left out, so that a half-filled sentence is never
//! sent. The person may rewrite the draft; sending it is not done here.

use drumbeat_model::lifecycle::Letter;
use drumbeat_model::partner::Company;
use drumbeat_model::registration::{DeclineReason, Registration};
use drumbeat_model::time::Day;
use drumbeat_model::verdict::Act;

use crate::policy::Policy;

/// What a template may name.
const PLACEHOLDERS: [&str; 12] = [
    "contact",
    "number",
    "company",
    "partner",
    "protection_end",
    "meeting_by",
    "reason",
    "question",
    "sender",
    "idle_days",
    "release_from",
    "share",
];

/// A value longer than this is cut in a message.
const LONGEST: usize = 1000;

/// What a decision adds to the claim in a message.
#[derive(Debug, Clone, Copy, Default)]
pub struct Words<'a> {
    /// The protection ends on.
    pub protection_end: Option<Day>,
    /// The first meeting is due on (S-10).
    pub meeting_by: Option<Day>,
    /// Why it is declined.
    pub reason: Option<DeclineReason>,
    /// Why in the manager's own words, for `other`.
    pub reason_text: Option<&'a str>,
    /// What the partner is asked.
    pub question: Option<&'a str>,
    /// Who signs.
    pub sender: Option<&'a str>,
    /// Days in which nothing has happened.
    pub idle_days: Option<u32>,
    /// From this day it may be released.
    pub release_from: Option<Day>,
}

/// The draft for an act.
#[must_use]
pub fn draft(
    act: Act,
    registration: &Registration,
    partner: Option<&Company>,
    policy: &Policy,
    words: &Words<'_>,
) -> String {
    let of = match act {
        Act::Approve => Letter::Approve,
        Act::Decline => Letter::Decline,
        Act::Ask => Letter::Ask,
    };
    letter(of, registration, partner, policy, words)
}

/// The template of a letter.
fn template(letter: Letter, policy: &Policy) -> &str {
    let (first, later) = (&policy.messages, &policy.letters);
    match letter {
        Letter::Approve => &first.approve,
        Letter::Decline => &first.decline,
        Letter::Ask => &first.ask,
        Letter::AppealStands => &later.appeal_stands,
        Letter::AppealGranted => &later.appeal_granted,
        Letter::Extended => &later.extended,
        Letter::ExtensionRefused => &later.extension_refused,
        Letter::EndingSoon => &later.ending_soon,
        Letter::Untouched => &later.untouched,
        Letter::Released => &later.released,
        Letter::Reassigned => &later.reassigned,
        Letter::Expired => &later.expired,
        Letter::Withdrawn => &later.withdrawn,
        Letter::HoldConfirmed => &later.hold_confirmed,
        Letter::HoldLapsed => &later.hold_lapsed,
    }
}

/// The draft of a letter.
#[must_use]
pub fn letter(
    letter: Letter,
    registration: &Registration,
    partner: Option<&Company>,
    policy: &Policy,
    words: &Words<'_>,
) -> String {
    let template = template(letter, policy);
    let long_day = |day: Day| day.format("%-d %B %Y").to_string();
    let value = |name: &str| -> Option<String> {
        let text = match name {
            "contact" => registration.submitted_by.clone().or_else(|| partner.map(|partner| partner.name.clone())),
            "number" => Some(registration.name.clone()),
            "company" => Some(registration.company.clone()),
            "partner" => partner.map(|partner| partner.name.clone()),
            "protection_end" => words.protection_end.map(long_day),
            "meeting_by" => words.meeting_by.map(long_day),
            // Only a decline has the list's word; elsewhere a reason goes out only in the person's own words.
            "reason" if letter != Letter::Decline => words.reason_text.map(str::to_owned),
            "reason" => reason(words, policy),
            "question" => words.question.map(str::to_owned),
            "sender" => words.sender.map(str::to_owned),
            "idle_days" => words.idle_days.map(|days| days.to_string()),
            "release_from" => words.release_from.map(long_day),
            _ => None,
        };
        text.map(|text| clean(&text)).filter(|text| !text.is_empty())
    };
    let lines: Vec<String> = template.lines().filter_map(|line| fill(line, &value)).collect();
    squeeze(&lines)
}

/// What a partner reads of an account, of a settled channel conflict or a closed deal: about itself, and nothing about
/// anybody else.
#[derive(Debug, Clone, Copy)]
pub struct AccountWords<'a> {
    /// Who reads it.
    pub contact: &'a str,
    /// The account.
    pub company: &'a str,
    /// The partner.
    pub partner: &'a str,
    /// Its part in whole points.
    pub share: Option<u32>,
    /// An appeal can be opened until.
    pub appeal_until: Option<Day>,
    /// Why, in words that may leave the house.
    pub reason: Option<&'a str>,
    /// Who signs.
    pub sender: Option<&'a str>,
}

/// The draft of a message about an account, from one of the policy's templates.
#[must_use]
pub fn about_account(template: &str, words: &AccountWords<'_>) -> String {
    let value = |name: &str| -> Option<String> {
        let text = match name {
            "contact" => Some(words.contact.to_owned()),
            "company" => Some(words.company.to_owned()),
            "partner" => Some(words.partner.to_owned()),
            "share" => words.share.map(|pct| format!("{pct} %")),
            "release_from" => words.appeal_until.map(|day| day.format("%-d %B %Y").to_string()),
            "reason" => words.reason.map(str::to_owned),
            "sender" => words.sender.map(str::to_owned),
            _ => None,
        };
        text.map(|text| clean(&text)).filter(|text| !text.is_empty())
    };
    let lines: Vec<String> = template.lines().filter_map(|line| fill(line, &value)).collect();
    squeeze(&lines)
}

/// The first placeholder of a template that does not exist.
pub(crate) fn unknown_placeholder(template: &str) -> Option<&str> {
    pieces(template).find_map(|piece| match piece {
        Piece::Name(name) if !PLACEHOLDERS.contains(&name) => Some(name),
        Piece::Name(_) | Piece::Text(_) => None,
    })
}

fn reason(words: &Words<'_>, policy: &Policy) -> Option<String> {
    let own = words.reason_text.map(str::trim).filter(|text| !text.is_empty());
    match (words.reason, own) {
        (Some(DeclineReason::Other) | None, Some(own)) => Some(own.trim_end_matches('.').to_owned()),
        // The manager's words about a listed reason are internal (they may name others): only the list's text goes out.
        (Some(reason), _) => Some(policy.decline(reason).text.clone()),
        // Without a reason the sentence would be left out, and the message would say nothing.
        (None, None) => Some(policy.decline(DeclineReason::Other).text.clone()),
    }
}

enum Piece<'t> {
    Text(&'t str),
    Name(&'t str),
}

/// The text as pieces; a brace without its partner is text.
fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((name, after)) = rest.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
            rest = after;
            return Some(Piece::Name(name));
        }
        let skip = rest.chars().next().map_or(1, char::len_utf8);
        let end = rest[skip..].find('{').map_or(rest.len(), |at| at + skip);
        let (text, after) = rest.split_at(end);
        rest = after;
        Some(Piece::Text(text))
    })
}

fn fill(line: &str, value: &impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut out = String::with_capacity(line.len());
    for piece in pieces(line) {
        match piece {
            Piece::Text(text) => out.push_str(text),
            // Values are not read for placeholders again: a company named "{sender}" stays that.
            Piece::Name(name) => out.push_str(&value(name)?),
        }
    }
    Some(out)
}

/// Without control characters other than line ends, and not longer than a message bears.
fn clean(text: &str) -> String {
    text.trim().chars().filter(|c| *c == '\n' || !c.is_control()).take(LONGEST).collect()
}

/// Lines with at most one empty one between them, none at the ends.
fn squeeze(lines: &[String]) -> String {
    let mut out: Vec<&str> = Vec::new();
    for line in lines.iter().map(|line| line.trim_end()) {
        if !line.is_empty() || out.last().is_some_and(|last| !last.is_empty()) {
            out.push(line);
        }
    }
    out.join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::sample::{date, partner, registration};
    use proptest::prelude::*;

    fn words() -> Words<'static> {
        Words {
            protection_end: Some(date("2027-02-17")),
            meeting_by: Some(date("2026-12-03")),
            reason: Some(DeclineReason::ActiveCycle),
            reason_text: None,
            question: Some("When was the discovery meeting?"),
            sender: Some("Mara Lindqvist"),
            idle_days: Some(41),
            release_from: Some(date("2026-12-03")),
        }
    }

    #[test]
    fn the_drafts_say_what_was_decided() {
        let policy = Policy::built_in();
        let draft = |act| draft(act, &registration(), Some(&partner()), &policy, &words());
        // Every placeholder has a value, so this is the template word for word.
        assert_eq!(
            draft(Act::Approve),
            "Hello Jana Brandt,\n\nyour registration DR-2026-1184 for Hansa Kühlkette GmbH is approved.\nIt protects Altmark IT \
             until 17 February 2027.\nPlease book the first joint meeting by 3 December 2026.\n\nMara Lindqvist"
        );
        assert!(
            draft(Act::Decline).contains("for Hansa Kühlkette GmbH: the customer is already in an active sales cycle.")
        );
        assert!(draft(Act::Ask).contains("\nWhen was the discovery meeting?\n"));
    }

    #[test]
    fn a_line_without_its_value_is_left_out() {
        let policy = Policy::built_in();
        let text = draft(Act::Approve, &registration(), None, &policy, &Words::default());
        assert_eq!(text, "Hello Jana Brandt,\n\nyour registration DR-2026-1184 for Hansa Kühlkette GmbH is approved.");
        for act in [Act::Approve, Act::Decline, Act::Ask] {
            let text = draft(act, &registration(), None, &policy, &Words::default());
            assert!(!text.contains(['{', '}']), "{text}");
        }
        let decline = draft(Act::Decline, &registration(), None, &policy, &Words::default());
        assert!(decline.contains("GmbH: the registration cannot be accepted."), "{decline}");
    }

    #[test]
    fn every_letter_says_something_and_nothing_is_left_to_fill_in() {
        let policy = Policy::built_in();
        for kind in Letter::ALL {
            let whole = letter(*kind, &registration(), Some(&partner()), &policy, &words());
            assert!(
                whole.contains("DR-2026-1184") && whole.contains("Hansa") || *kind == Letter::Reassigned,
                "{whole}"
            );
            assert!(!whole.contains(['{', '}']), "{whole}");
            let bare = letter(*kind, &registration(), None, &policy, &Words::default());
            assert!(bare.starts_with("Hello Jana Brandt,") && !bare.contains(['{', '}']), "{bare}");
        }
    }

    #[test]
    fn nothing_internal_gets_into_a_message() {
        const CANARY: &str = "CANARY";
        let secret = || Some(CANARY.to_owned());
        let claim = Registration {
            competitors: secret(),
            decision_reason: secret(),
            proof_of_work: secret(),
            decided_by: secret(),
            owner: Some(CANARY.into()),
            claimed_by: Some(CANARY.into()),
            account: Some(CANARY.into()),
            deal: Some(CANARY.into()),
            ..registration()
        };
        let mut policy = Policy::built_in();
        policy.messages.approve.push_str("{competitors} {decision_reason} {notes}");
        let words = Words { reason_text: Some(CANARY), ..words() };
        for act in [Act::Approve, Act::Decline, Act::Ask] {
            assert!(!draft(act, &claim, Some(&partner()), &policy, &words).contains(CANARY));
        }
    }

    #[test]
    fn the_manager_s_own_reason_goes_out_only_where_the_list_has_none() {
        let policy = Policy::built_in();
        let other =
            Words { reason: Some(DeclineReason::Other), reason_text: Some("the product is retired."), ..words() };
        let text = draft(Act::Decline, &registration(), None, &policy, &other);
        assert!(text.contains("GmbH: the product is retired.\n"), "{text}");
        let listed = Words { reason: Some(DeclineReason::Duplicate), ..other };
        assert!(!draft(Act::Decline, &registration(), None, &policy, &listed).contains("retired"));
    }

    #[test]
    fn placeholders_are_found_and_odd_braces_are_text() {
        for (template, unknown) in [
            ("{contact} {x}", Some("x")),
            ("{", None),
            ("}", None),
            ("a {} b", Some("")),
            ("{{contact}", Some("{contact")),
        ] {
            assert_eq!(unknown_placeholder(template), unknown, "{template}");
        }
    }

    proptest! {
        #[test]
        fn a_value_is_never_read_as_a_template(company in "[{}a-z_ ]{1,30}", template in "\\PC{0,40}") {
            let mut policy = Policy::built_in();
            policy.messages.approve = template;
            let claim = Registration { company: company.clone(), ..registration() };
            let _ = draft(Act::Approve, &claim, None, &policy, &words());
            policy.messages.approve = "for {company}.".to_owned();
            let expected = if company.trim().is_empty() { String::new() } else { format!("for {}.", company.trim()) };
            prop_assert_eq!(draft(Act::Approve, &claim, None, &policy, &words()), expected);
        }
    }
}
