//! Mails: who sent it, what its text or form says, what was passed on with it.
//!
//! The parser is a maintained one; before it sees a byte the file is looked over, because its memory grows with
//! the number of parts, headers and mails inside mails, and a file can hold millions of each. Nothing in a mail is
//! loaded, opened or run; attachments are named and left.

use drumbeat_model::field::Field;
use drumbeat_model::intake::Confidence;
use mail_parser::{Address, Message, MessageParser, MimeHeaders, PartType};

use crate::claim::Said;
use crate::form::{self, Form};
use crate::text::{line, quote};
use crate::{MAX_DEPTH, MAX_MAIL_BYTES, MAX_PARTS, Refusal, html, quoted};

/// Lines of a file, at most: a full-size attachment has fewer.
const MAX_LINES: u32 = 600_000;
/// Lines that begin with two dashes, as those between parts do.
const MAX_DASHES: u32 = 5_000;
/// Longest head of a mail.
const MAX_HEAD: usize = 1024 * 1024;
/// Longest text that is read of a mail.
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// A mail as read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mail {
    /// What each claim says; one that says nothing when the mail has no form.
    pub claims: Vec<Vec<Said>>,
    /// The text that was read.
    pub text: String,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// Reads a mail.
///
/// # Errors
/// When the bytes are no mail or go beyond a limit.
pub fn read(bytes: &[u8]) -> Result<Mail, Refusal> {
    if bytes.len() > MAX_MAIL_BYTES {
        return Err(Refusal::TooLarge(MAX_MAIL_BYTES / 1024 / 1024));
    }
    look_over(bytes)?;
    let message = MessageParser::default().parse(bytes).ok_or(Refusal::NotMail)?;
    if message.from().is_none() && message.subject().is_none() && message.date().is_none() {
        return Err(Refusal::NotMail);
    }
    count(&message)?;
    let mut mail = of_message(&message);
    // A mail passed on as an attachment is the one that matters when the one around it says nothing.
    if mail
        .claims
        .iter()
        .all(|claim| claim.iter().all(|said| said.confidence != Confidence::Stated || is_about_sender(said.field)))
        && let Some(inner) = message
            .parts
            .iter()
            .find_map(|part| if let PartType::Message(inner) = &part.body { Some(inner) } else { None })
    {
        let notes = std::mem::take(&mut mail.notes);
        mail = of_message(inner);
        mail.notes.splice(0..0, notes);
        mail.notes.push("Read from the mail inside this mail".to_owned());
    }
    Ok(mail)
}

fn is_about_sender(field: Field) -> bool {
    matches!(field, Field::SubmittedBy | Field::SubmittedAt | Field::Partner)
}

/// Refuses what would make a parser's memory grow beyond the file's size.
fn look_over(bytes: &[u8]) -> Result<(), Refusal> {
    let (mut lines, mut dashes, mut borders, mut inner) = (0_u32, 0_u32, 0_usize, 0_usize);
    // Blocks between blank lines: heads are watched, the rest is text.
    let (mut heads_left, mut head, mut names_mail, mut is_encoded) = (1_u8, 0_usize, false, false);
    for line in bytes.split(|byte| *byte == b'\n') {
        lines += 1;
        dashes += u32::from(line.starts_with(b"--"));
        if lines > MAX_LINES || dashes > MAX_DASHES {
            return Err(Refusal::TooManyParts);
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            heads_left = heads_left.saturating_sub(1);
            (head, names_mail, is_encoded) = (0, false, false);
            continue;
        }
        borders += occurrences(line, b"boundary");
        let mails = occurrences(line, b"message/");
        inner += mails;
        if borders > 2 * MAX_PARTS || inner > MAX_PARTS {
            return Err(Refusal::TooManyParts);
        }
        names_mail |= mails > 0;
        is_encoded |= occurrences(line, b"base64") + occurrences(line, b"quoted-printable") > 0;
        if names_mail && is_encoded {
            // The standard forbids it, and what is inside cannot be looked over.
            return Err(Refusal::TooDeep);
        }
        if mails > 0 {
            heads_left = 2;
        }
        if heads_left > 0 {
            head += line.len() + 1;
            if head > MAX_HEAD {
                return Err(Refusal::TooLarge(MAX_HEAD / 1024 / 1024));
            }
        }
    }
    Ok(())
}

fn occurrences(line: &[u8], word: &[u8]) -> usize {
    line.windows(word.len()).filter(|window| window.eq_ignore_ascii_case(word)).count()
}

/// Refuses more parts or deeper ones than a person sends.
fn count(message: &Message<'_>) -> Result<(), Refusal> {
    let mut parts = 0;
    let mut open: Vec<(&Message<'_>, usize, usize)> = vec![(message, 0, 1)];
    while let Some((message, id, depth)) = open.pop() {
        parts += 1;
        if parts > MAX_PARTS {
            return Err(Refusal::TooManyParts);
        }
        if depth > MAX_DEPTH {
            return Err(Refusal::TooDeep);
        }
        match message.parts.get(id).map(|part| &part.body) {
            Some(PartType::Multipart(inside)) => {
                open.extend(inside.iter().filter_map(|id| Some((message, usize::try_from(*id).ok()?, depth + 1))));
            }
            Some(PartType::Message(inner)) => open.push((inner, 0, depth + 1)),
            _ => {}
        }
    }
    Ok(())
}

fn of_message(message: &Message<'_>) -> Mail {
    let part = |id: &u32| usize::try_from(*id).ok().and_then(|id| message.parts.get(id)).map(|part| &part.body);
    let mut plain = String::new();
    for body in message.text_body.iter().filter_map(part) {
        if let PartType::Text(text) = body {
            add(&mut plain, text);
        }
    }
    let mut laid_out = String::new();
    for body in message.html_body.iter().filter_map(part) {
        if let PartType::Html(text) = body {
            add(&mut laid_out, &html::lines(text));
        }
    }
    let sender = message.from().and_then(Address::first);
    let address = sender.and_then(|sender| sender.address.as_deref()).map(line).filter(|address| address.contains('@'));
    let host = address.as_deref().and_then(|address| address.rsplit_once('@')).map(|(_, host)| host);
    // The text as sent goes first; its laid-out twin only where it says more.
    let (from_plain, from_html) = (of_text(&plain, host), of_text(&laid_out, host));
    let weight = |form: &Form| form.claims.iter().map(Vec::len).sum::<usize>();
    let (mut form, text) = if plain.trim().is_empty() || weight(&from_html) > weight(&from_plain) {
        (from_html, laid_out)
    } else {
        (from_plain, plain)
    };
    if form.claims.is_empty() {
        form.claims.push(Vec::new());
    }
    for claim in &mut form.claims {
        let known: Vec<Field> = claim.iter().map(|said| said.field).collect();
        let head = of_head(message, address.as_deref(), sender.and_then(|sender| sender.name.as_deref()));
        claim.extend(head.into_iter().filter(|said| !known.contains(&said.field)));
    }
    let mut notes: Vec<String> =
        message.subject().map(|subject| format!("Subject: {}", quote(subject))).into_iter().collect();
    if !form.unknown.is_empty() {
        notes.push(format!("Not read, because no field has this name: {}", form.unknown.join(", ")));
    }
    for attachment in message.attachments().take(20) {
        if let Some(name) = attachment.attachment_name() {
            notes.push(format!("The attachment {} was not opened", quote(name)));
        }
    }
    Mail { claims: form.claims, text, notes }
}

fn add(text: &mut String, more: &str) {
    let mut room = MAX_TEXT.saturating_sub(text.len()).min(more.len());
    while !more.is_char_boundary(room) {
        room -= 1;
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&more[..room]);
}

/// The form in a text: in what its writer wrote, else in what was passed on.
#[must_use]
pub fn of_text(text: &str, host: Option<&str>) -> Form {
    let parts = quoted::part(text);
    let own = form::read(&parts.own);
    if !own.claims.is_empty() || parts.passed_on.is_empty() {
        return with_address(own, &parts.own, host);
    }
    let inner = quoted::inner(&parts.passed_on);
    let host = inner.sender.as_ref().and_then(|(_, address)| address.rsplit_once('@')).map(|(_, host)| host).or(host);
    let mut form = with_address(form::read(&inner.lines), &inner.lines, host);
    if let Some((number, address)) = &inner.sender {
        // Who passed it on is not who sent it.
        for claim in &mut form.claims {
            for (field, confidence) in [(Field::SubmittedBy, Confidence::Found), (Field::Partner, Confidence::Unsure)] {
                claim.push(Said { field, text: address.clone(), found: format!("line {number}"), confidence });
            }
        }
    }
    form
}

/// A form of one claim that names no address, with the only one in the text.
fn with_address(mut form: Form, lines: &[(usize, &str)], host: Option<&str>) -> Form {
    if let [claim] = form.claims.as_mut_slice()
        && !claim.iter().any(|said| said.field == Field::ContactEmail)
    {
        claim.extend(form::address(lines, host));
    }
    form
}

/// What the head of a mail says about who submits and when.
fn of_head(message: &Message<'_>, address: Option<&str>, name: Option<&str>) -> Vec<Said> {
    let said = |field, text: String, found: &str, confidence| Said { field, text, found: found.to_owned(), confidence };
    let mut all = Vec::new();
    if let Some(address) = address {
        let whole = match name.map(line).filter(|name| !name.is_empty()) {
            Some(name) => format!("{name} <{address}>"),
            None => address.to_owned(),
        };
        all.push(said(Field::SubmittedBy, whole, "sender", Confidence::Stated));
        all.push(said(Field::Partner, address.to_owned(), "sender", Confidence::Unsure));
    }
    if let Some(date) = message.date().filter(|date| date.is_valid()) {
        all.push(said(Field::SubmittedAt, date.to_rfc3339(), "date of the mail", Confidence::Stated));
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use std::time::{Duration, Instant};

    const HEAD: &str = "From: =?utf-8?q?Jana_M=C3=BCller?= <jana@partner.example>\r\nTo: deals@vendor.example\r\n\
        Subject: Registration\r\nDate: Fri, 20 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n";

    fn mail(rest: &str) -> Mail {
        read(format!("{HEAD}{rest}").as_bytes()).unwrap()
    }

    fn said(mail: &Mail, field: Field) -> Vec<&str> {
        mail.claims.iter().flatten().filter(|said| said.field == field).map(|said| said.text.as_str()).collect()
    }

    #[test]
    fn a_form_in_text_is_read_with_its_sender_and_its_day() {
        let mail = mail(
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
             Hello,\r\nCompany: Hansa K=C3=BChlkette\r\nContact: Tom Reimann\r\nE-mail: tom@hansa.de\r\nColour: red\r\n\r\n\
             Best regards\r\nJana\r\nPhone: 0123\r\n\r\n-----Original Message-----\r\nCompany: Old one\r\n",
        );
        assert_eq!(said(&mail, Field::CompanyName), ["Hansa Kühlkette"]);
        assert_eq!(said(&mail, Field::ContactPhone), [""; 0], "the signature is the sender's own");
        assert_eq!(said(&mail, Field::SubmittedBy), ["Jana Müller <jana@partner.example>"]);
        assert_eq!(said(&mail, Field::SubmittedAt), ["2026-11-20T10:00:00+01:00"]);
        assert!(mail.notes.iter().any(|note| note.contains("Colour")), "{:?}", mail.notes);
        assert_eq!(mail.claims[0].iter().find(|said| said.field == Field::ContactName).unwrap().found, "line 3");
    }

    #[test]
    fn a_form_in_html_is_read_when_it_says_more() {
        let mail = mail(
            "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nPlease see the table.\r\n\
             --b\r\nContent-Type: text/html\r\n\r\n<table><tr><td>Company</td><td>Hansa</td></tr><tr><td>City</td><td>Bonn</td></tr></table>\r\n--b--\r\n",
        );
        assert_eq!((said(&mail, Field::CompanyName), said(&mail, Field::City)), (vec!["Hansa"], vec!["Bonn"]));
    }

    #[test]
    fn a_mail_that_was_passed_on_is_read() {
        let inline = mail(
            "\r\nfyi\r\n\r\n---------- Forwarded message ---------\r\nFrom: x@y.example\r\n\r\nCompany: Hansa\r\nTalk to tom@hansa.de\r\n",
        );
        assert_eq!(
            (said(&inline, Field::CompanyName), said(&inline, Field::ContactEmail)),
            (vec!["Hansa"], vec!["tom@hansa.de"])
        );
        let attached = mail(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nfyi\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
             From: p@other.example\r\nSubject: y\r\n\r\nCompany: Nord\r\n--b--\r\n",
        );
        assert_eq!(said(&attached, Field::CompanyName), ["Nord"]);
        assert_eq!(said(&attached, Field::SubmittedBy), ["p@other.example"]);
    }

    #[test]
    fn a_mail_without_a_form_says_only_who_sent_it() {
        let mail = mail("\r\nCan you register Hansa for us?\r\n");
        assert_eq!(mail.claims.len(), 1);
        assert!(mail.claims[0].iter().all(|said| is_about_sender(said.field)), "{:?}", mail.claims);
    }

    #[test]
    fn hostile_mails_are_refused_soon() {
        let nested = |depth: usize| {
            let mut mail = format!("{HEAD}Content-Type: multipart/mixed; boundary=b0\r\n\r\n");
            for level in 0..depth {
                mail.push_str(&format!("--b{level}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n", level + 1));
            }
            mail
        };
        let mails_in_mails = format!("{HEAD}Content-Type: message/rfc822\r\n\r\n").repeat(50_000);
        let wide = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n\r\nx\r\n".repeat(200));
        let endless = format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}", "--b\r\n".repeat(3_000_000));
        let addresses = format!("From: {}\r\n\r\n", "a@b.c,".repeat(3_000_000));
        let encoded =
            format!("{HEAD}Content-Transfer-Encoding: base64\r\nContent-Type: message/rfc822\r\n\r\nQQ==\r\n");
        let headers = format!("{HEAD}{}\r\n\r\n", "a:b\r\n".repeat(2_000_000));
        let fine = nested(3);
        let began = Instant::now();
        for (name, bytes, refusal) in [
            ("nested", nested(12).as_bytes(), Refusal::TooDeep),
            ("deeply nested", nested(50_000).as_bytes(), Refusal::TooManyParts),
            ("mails in mails", mails_in_mails.as_bytes(), Refusal::TooManyParts),
            ("wide", wide.as_bytes(), Refusal::TooManyParts),
            ("endless", endless.as_bytes(), Refusal::TooManyParts),
            ("addresses", addresses.as_bytes(), Refusal::TooLarge(1)),
            ("headers", headers.as_bytes(), Refusal::TooLarge(1)),
            ("encoded", encoded.as_bytes(), Refusal::TooDeep),
            ("empty", b"", Refusal::NotMail),
            ("no mail", b"Company,Amount\r\nA,1\r\n", Refusal::NotMail),
            ("too large", &vec![b'x'; MAX_MAIL_BYTES + 1], Refusal::TooLarge(25)),
        ] {
            match read(bytes) {
                Err(found) => assert_eq!(found, refusal, "{name}"),
                Ok(mail) => panic!("{name} was read: {:?}", mail.notes),
            }
        }
        assert!(read(fine.as_bytes()).is_ok());
        assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    }
}
