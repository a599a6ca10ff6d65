//! Messages to partners: drafted from the templates, and written as a file that a mail program opens.
//!
//! Nothing is sent from here: a message is copied, opened in the mail program, or saved. A file is an e-mail in the
//! form of RFC 5322, marked as a draft, with everything that is not plain ASCII encoded, so that no name or text can
//! add a header of its own. Where it goes the person says in the system's dialog; the window never names a path.

use std::path::Path;
use std::sync::Arc;

use drumbeat_model::lifecycle::{DraftRequest, Letter, MessageDraft, SaveMessage, SavedFile};
use drumbeat_model::time::Instant;
use drumbeat_rules::lifecycle;
use drumbeat_rules::messages::{self, Words};
use drumbeat_rules::recommend;

use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError, Code};
use crate::files::{self, Wanted};
use crate::inbox::{claimed, judged};
use crate::workspace::{Scene, Workspace, write_private};

/// Longest message that is written.
const LONGEST: usize = 100_000;

/// Drafts a message about a registration.
///
/// # Errors
/// When there is no such registration, or what the store says.
pub fn message_draft(ws: &Arc<Workspace>, request: DraftRequest) -> Answer<MessageDraft> {
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let id = &request.registration;
        let claim = claimed(r, id)?;
        let deal = match &claim.deal {
            Some(deal) => r.deal(deal)?,
            None => None,
        };
        let (facts, checks) = judged(ws, r, &scene, claim)?;
        let claim = &facts.registration;
        let sender = scene.names.of(scene.mapping.me.as_ref());
        let question = request.question.clone().or_else(|| recommend::question(&checks));
        let days = request.protection_days.unwrap_or(lifecycle::default_days(claim.kind, &ws.policy));
        let fresh = matches!(request.letter, Letter::Approve | Letter::AppealGranted | Letter::Reassigned);
        // Reassigned, it is a new partner's: what the one before agreed does not count.
        let step = match request.letter {
            Letter::Reassigned => deal.as_ref().and_then(|deal| deal.next_step_due).filter(|due| *due >= scene.today),
            _ => lifecycle::agreed_step(claim, deal.as_ref(), scene.today),
        };
        let until = lifecycle::window(days, scene.today, step, &ws.policy).end;
        let words = Words {
            protection_end: if fresh { Some(until) } else { claim.protection_end },
            meeting_by: Some(ws.policy.after(scene.today, ws.policy.clocks.first_meeting)),
            reason: request.decline.or_else(|| recommend::decline_reason(&checks).map(|(_, reason)| reason)),
            reason_text: request.reason.as_deref(),
            question: question.as_deref(),
            sender: sender.as_deref(),
            idle_days: lifecycle::idle_days(claim, deal.as_ref(), scene.today),
            release_from: lifecycle::release_from(claim, &ws.policy),
        };
        let text = messages::letter(request.letter, claim, facts.partner.as_ref(), &ws.policy, &words);
        let to = claim.submitted_by.clone().unwrap_or_else(|| facts.partner_name().to_owned());
        let subject = format!("{}: {}", claim.name, claim.company);
        let address = address(&to);
        Ok(MessageDraft { to, address, subject, text })
    })
}

/// The address in a recipient, where there is one: `jana@altmark.example`, `Jana <jana@altmark.example>`.
fn address(to: &str) -> Option<String> {
    let inside = to.rsplit_once('<').map_or(to, |(_, rest)| rest.trim_end_matches('>')).trim();
    let (who, host) = inside.split_once('@')?;
    let plain = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+'))
    };
    (plain(who) && plain(host) && host.contains('.') && inside.len() <= 254).then(|| inside.to_owned())
}

/// A header's text: as it is when it is plain, else encoded words (RFC 2047).
fn header(text: &str) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let flat = flat.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || " !#$%&'*+-/^_`{|}~.:".contains(c);
    if flat.len() <= 70 && flat.chars().all(plain) && !flat.contains("=?") {
        return flat.to_owned();
    }
    let (mut words, mut word) = (Vec::new(), String::new());
    for c in flat.chars() {
        let mut bytes = [0; 4];
        let coded: String = match c {
            ' ' => "_".to_owned(),
            c if c.is_ascii_alphanumeric() => c.to_string(),
            c => c.encode_utf8(&mut bytes).bytes().map(|byte| format!("={byte:02X}")).collect(),
        };
        // An encoded word is at most 75 characters, and never cuts a letter in two.
        if word.len() + coded.len() > 60 {
            words.push(std::mem::take(&mut word));
        }
        word.push_str(&coded);
    }
    words.push(word);
    let encoded: Vec<String> = words.iter().map(|word| format!("=?UTF-8?Q?{word}?=")).collect();
    encoded.join("\r\n ")
}

/// A text as quoted-printable (RFC 2045): lines of at most 76 characters, nothing but plain ASCII.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for line in text.lines() {
        let (mut width, last) = (0, line.len().saturating_sub(1));
        for (place, byte) in line.bytes().enumerate() {
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || matches!(byte, b' ' | b'\t') && place != last;
            let coded = if plain { char::from(byte).to_string() } else { format!("={byte:02X}") };
            if width + coded.len() > 75 {
                out.push_str("=\r\n");
                width = 0;
            }
            width += coded.len();
            out.push_str(&coded);
        }
        out.push_str("\r\n");
    }
    out
}

/// The message as a file that a mail program opens as a draft.
fn eml(message: &SaveMessage, at: Instant, id: &str) -> String {
    let to = match message.address.as_deref().and_then(address) {
        Some(address) => format!("{} <{address}>", header(&message.to)),
        // Without an address the name is a group without members: it shows, and nothing can be sent to it.
        None => format!("{}:;", header(&message.to)),
    };
    format!(
        "X-Unsent: 1\r\nTo: {to}\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{id}@drumbeat.invalid>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}",
        header(&message.subject),
        at.format("%a, %d %b %Y %H:%M:%S +0000"),
        quoted(&message.text)
    )
}

/// A subject as the name of a file.
fn file_name(subject: &str) -> String {
    let kept: String = subject
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_') { c } else { ' ' })
        .take(80)
        .collect();
    let words: Vec<&str> = kept.split_whitespace().collect();
    if words.is_empty() { "message".to_owned() } else { words.join(" ") }
}

/// Writes a message where the person says, in the system's own dialog.
///
/// # Errors
/// When it is empty or too long, the person thinks better of it, or the folder does not take it.
pub fn save_message(app: &Arc<Drumbeat>, request: SaveMessage) -> Answer<SavedFile> {
    fits(&request)?;
    let wanted = Wanted { title: "Save the message", kind: "E-mail", endings: &["eml"] };
    let name = format!("{}.eml", file_name(&request.subject));
    let path = files::dialogs(app)?.save(wanted, &name).ok_or_else(|| {
        ApiError::new(Code::Cancelled, "message.cancelled", "The message was not saved").kept("Nothing was written")
    })?;
    write(&path, &request, app.clock.now())
}

/// Writes a message into a folder; a file that is there is never replaced.
///
/// # Errors
/// When it is empty or too long, or the folder does not take it.
pub fn save_message_to(ws: &Arc<Workspace>, request: SaveMessage, dir: &Path) -> Answer<SavedFile> {
    fits(&request)?;
    std::fs::create_dir_all(dir).map_err(|error| not_written(&error))?;
    let path = drumbeat_store::copies::free(&dir.join(format!("{}.eml", file_name(&request.subject))));
    write(&path, &request, ws.clock.now())
}

fn fits(request: &SaveMessage) -> Answer<()> {
    if request.text.trim().is_empty() {
        return Err(ApiError::invalid("message.empty", "The message says nothing").kept("Nothing was written"));
    }
    if request.text.len() > LONGEST || request.subject.len() > 1_000 || request.to.len() > 1_000 {
        return Err(
            ApiError::invalid("message.long", "The message is longer than a mail bears").kept("Nothing was written")
        );
    }
    Ok(())
}

fn not_written(error: &std::io::Error) -> ApiError {
    ApiError::new(Code::NeedsAttention, "message.not_written", format!("The message was not written ({error})"))
        .kept("Nothing was written")
        .next("Check the folder and the free space")
}

fn write(path: &Path, request: &SaveMessage, at: Instant) -> Answer<SavedFile> {
    let id = uuid::Uuid::now_v7().to_string();
    write_private(path, eml(request, at, &id).as_bytes())?;
    Ok(SavedFile { file: path.display().to_string() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn message(to: &str, address: Option<&str>, subject: &str, text: &str) -> SaveMessage {
        SaveMessage { to: to.into(), address: address.map(str::to_owned), subject: subject.into(), text: text.into() }
    }

    fn at() -> Instant {
        "2026-11-19T08:42:00Z".parse().unwrap()
    }

    #[test]
    fn a_message_is_a_mail_whose_text_comes_back() {
        let text = "Grüße,\n\nÄnderung …\n";
        let mail = eml(&message("Jana Brandt", Some("jana@altmark.example"), "DR-1: Hansa Kühlkette", text), at(), "1");
        let (head, body) = mail.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("\r\nTo: Jana Brandt <jana@altmark.example>\r\n"), "{head}");
        assert!(head.contains("Date: Thu, 19 Nov 2026 08:42:00 +0000"), "{head}");
        assert_eq!(body, "Gr=C3=BC=C3=9Fe,\r\n\r\n=C3=84nderung =E2=80=A6\r\n");
        assert!(mail.is_ascii() && mail.lines().all(|line| line.len() <= 78), "{mail}");
    }

    #[test]
    fn no_name_or_subject_adds_a_header_of_its_own() {
        for nasty in
            ["a\r\nBcc: all@x.example", "a\nBcc: b@x.example", "x\u{0}\u{85}y", "=?utf-8?q?=0ABcc?=", &"ü".repeat(400)]
        {
            let mail = eml(&message(nasty, Some(nasty), nasty, "a=b \n"), at(), "1");
            let (head, _) = mail.split_once("\r\n\r\n").unwrap();
            let names: Vec<&str> = head
                .split("\r\n")
                .filter(|line| !line.starts_with(' '))
                .filter_map(|line| line.split_once(':').map(|(name, _)| name))
                .collect();
            assert_eq!(
                names,
                [
                    "X-Unsent",
                    "To",
                    "Subject",
                    "Date",
                    "Message-ID",
                    "MIME-Version",
                    "Content-Type",
                    "Content-Transfer-Encoding"
                ],
                "{nasty:?}"
            );
            assert!(head.lines().all(|line| line.len() <= 998) && mail.is_ascii(), "{nasty:?}");
        }
    }

    #[test]
    fn an_address_is_found_only_where_there_is_one() {
        for (to, found) in [
            ("jana@altmark.example", Some("jana@altmark.example")),
            ("Jana Brandt <jana@altmark.example>", Some("jana@altmark.example")),
            ("Jana Brandt", None),
            ("jana@altmark", None),
            ("jana@altmark.example, all@x.example", None),
            ("a@b.example?bcc=c@d.example", None),
        ] {
            assert_eq!(address(to).as_deref(), found, "{to}");
        }
    }

    #[test]
    fn a_subject_makes_a_name_that_stays_in_its_folder() {
        for (subject, name) in
            [("DR-1: Hansa/Kühlkette", "DR-1 Hansa Kühlkette"), ("../../x", "x"), ("...", "message"), ("a\\b", "a b")]
        {
            assert_eq!(file_name(subject), name);
        }
    }
}
