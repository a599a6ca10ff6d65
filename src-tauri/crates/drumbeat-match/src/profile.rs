//! What is known of one company, read once: its words with their kinds, its place, domain and phone.
//!
//! The one hard idea: a name is words of different standing. Legal forms are set apart, numbers get their value
//! (`II`, `second` and `2` are one), single letters in a row are one word (`K T R`), other ways of writing a
//! word are led to one. Callers rely on reading being total and idempotent: the profile of a profile's own
//! words has the same words. Nothing is compared here.

use std::borrow::Cow;

use crate::name;
use crate::phone;
use crate::vocabulary::{self, Kind};

/// A company record as somebody wrote it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Record<'a> {
    /// Company name.
    pub name: &'a str,
    /// Country: code or name.
    pub country: Option<&'a str>,
    /// City.
    pub city: Option<&'a str>,
    /// Web address or domain.
    pub domain: Option<&'a str>,
    /// An address of somebody there; counts as a domain when it is not free mail.
    pub email: Option<&'a str>,
    /// Telephone number.
    pub phone: Option<&'a str>,
}

/// One word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Folded, as it was written.
    pub text: String,
    /// What it means: the form in which it meets other ways of writing.
    pub meaning: String,
    /// What kind of word.
    pub kind: Kind,
}

/// What legal form a company has, roughly: enough to tell a sister from the same company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Shares: AG, SA, plc, Inc.
    Stock,
    /// Limited: GmbH, Ltd, LLC, BV.
    Limited,
    /// Partnership: KG, LP, LLP.
    Partnership,
}

/// What is known of one company.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// The name as written.
    pub name: String,
    /// Its words without legal forms; at least one unless the name was blank.
    pub words: Vec<Word>,
    /// Legal form, where it has one.
    pub form: Option<Form>,
    /// All words written together.
    pub glued: String,
    /// Country code.
    pub country: Option<String>,
    /// City, folded.
    pub city: Option<String>,
    /// Registrable domain of the company or of the mail address.
    pub domain: Option<String>,
    /// The digits by which its telephone line is known.
    pub phone: Option<String>,
}

/// Names longer than this many words are cut: what follows is an address.
const MOST_WORDS: usize = 14;

impl Profile {
    /// Reads a record.
    #[must_use]
    pub fn of(record: &Record<'_>) -> Self {
        // What a web page leaves behind in a name.
        let text = ["&amp;", "&AMP;", "&amp", "&AMP"].iter().fold(Cow::Borrowed(record.name), |text, mark| {
            if text.contains(mark) { Cow::Owned(text.replace(mark, "&")) } else { text }
        });
        let raw = name::words(&text);
        let words = words_of(&raw);
        let glued = words.iter().map(|word| word.text.as_str()).collect();
        let plain = |text: &str| {
            let folded: Vec<String> = name::words(text).iter().map(|word| name::fold_digraphs(word)).collect();
            (!folded.is_empty()).then(|| folded.join(" "))
        };
        let city = record.city.and_then(plain).map(|city| {
            let kept: Vec<&str> = city
                .split(' ')
                .filter(|word| !matches!(*word, "city" | "of" | "district" | "municipality" | "shire" | "local"))
                .collect();
            if kept.is_empty() { city.clone() } else { kept.join(" ") }
        });
        Self {
            name: record.name.to_owned(),
            form: form(&raw),
            words,
            glued,
            country: record.country.and_then(plain).map(|country| vocabulary::country(&country)),
            city,
            domain: [record.domain, record.email].into_iter().flatten().find_map(name::domain),
            phone: record.phone.and_then(phone::key),
        }
    }
}

/// The words of a name without its legal forms; all of them when nothing else is left.
fn words_of(raw: &[String]) -> Vec<Word> {
    let (from, to) = name::between_forms(raw);
    let together = join_letters(&raw[from..to]);
    let words: Vec<Word> = together
        .iter()
        .flat_map(|word| numbers_apart(word))
        .map(|text| {
            let text = name::fold_digraphs(&text);
            let value = vocabulary::number(&text).map(str::to_owned);
            let kind = if value.is_some() { Kind::Number } else { vocabulary::kind(&text) };
            let meaning = value.unwrap_or_else(|| vocabulary::canonical(&text).to_owned());
            Word { text, meaning, kind }
        })
        .collect();
    let mut kept: Vec<Word> = words.iter().filter(|word| word.kind != Kind::Form).cloned().collect();
    if kept.iter().all(|word| word.kind == Kind::Link) {
        kept = words;
    }
    kept.truncate(MOST_WORDS);
    // Where nothing else names, a place does: Essen Stahl GmbH.
    if kept.iter().all(|word| word.kind != Kind::Name) {
        let place = kept.iter_mut().find(|word| word.kind == Kind::Place);
        if let Some(place) = place {
            place.kind = Kind::Name;
        }
    }
    kept
}

/// `k t r associates` is `ktr associates`; a letter that stands alone stays.
fn join_letters(words: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut run = String::new();
    for word in words {
        if word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic()) {
            run.push_str(word);
            continue;
        }
        if !run.is_empty() {
            out.push(std::mem::take(&mut run));
        }
        out.push(word.clone());
    }
    if !run.is_empty() {
        out.push(run);
    }
    out
}

/// A long number that is glued to a word is a word of its own (`20162359gmbh`); `3m` and `b2b` stay.
fn numbers_apart(word: &str) -> Vec<String> {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    if digits >= 3 && digits < word.len() {
        vec![word[..digits].to_owned(), word[digits..].to_owned()]
    } else {
        vec![word.to_owned()]
    }
}

/// The legal form that the name ends with, roughly.
fn form(raw: &[String]) -> Option<Form> {
    let (from, to) = name::between_forms(raw);
    raw[to..].iter().chain(&raw[..from]).find_map(|word| {
        Some(match word.as_str() {
            "ag" | "aktiengesellschaft" | "sa" | "spa" | "plc" | "inc" | "incorporated" | "corp" | "corporation"
            | "as" | "asa" | "ab" | "oyj" | "nv" | "se" | "jsc" | "ojsc" | "cjsc" | "pjsc" | "oao" | "zao" | "pao"
            | "joint" | "aktsionernoe" | "publichnoe" | "otkrytoe" | "zakrytoe" => Form::Stock,
            "gmbh" | "llc" | "ltd" | "limited" | "bv" | "srl" | "sarl" | "sas" | "sl" | "ltda" | "limitada" | "ooo"
            | "obshchestvo" | "sro" | "sp" | "spzoo" | "kft" | "doo" | "aps" | "oy" | "pty" | "pvt" | "pte" | "lda"
            | "bvba" | "sprl" | "ug" | "tov" | "sia" | "uab" | "sdn" | "societatea" => Form::Limited,
            "kg" | "ohg" | "gbr" | "lp" | "llp" | "kgaa" | "partnership" | "snc" | "vof" | "hb" | "kb" => {
                Form::Partnership
            }
            _ => return None,
        })
    })
}
