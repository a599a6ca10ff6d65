//! Names and domains in the form in which they meet: what makes "Kühlkette GmbH" and "KUEHLKETTE" one
//! company, and `https://shop.kuehlkette.de/x` and `jana@kuehlkette.de` one domain.
//!
//! The one hard idea: an umlaut is written in two ways (Kühlkette, Kuehlkette) and a third by people
//! without the keys (Kuhlkette). `ae`, `oe`, `ue` are therefore folded to one letter after the umlaut was,
//! so all three meet; the price is that Michael and Michal meet too, which a person sees and dismisses.
//! Callers rely on both functions being total, and on a name never becoming empty unless it was blank.
//! Closeness of different names is not judged here, only sameness.

mod tables;

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use tables::{FREE_MAIL, LEADING_FORMS, LEGAL_FORMS};

/// How `&` is written out.
const AND: [&str; 4] = ["und", "et", "og", "och"];

/// Longer input is cut: no register has longer names, and a key must stay small.
const LONGEST: usize = 512;

/// The name in the form in which two spellings of one company are equal.
///
/// Case, accents, script, punctuation, `&` and trailing legal forms do not matter. Blank input gives an
/// empty text, anything else a text that is not empty.
#[must_use]
pub fn company_name(name: &str) -> String {
    let words = words(name);
    let kept = without_legal_form(&words);
    let folded: Vec<String> = kept.iter().map(|word| fold_digraphs(word)).collect();
    if folded.is_empty() {
        name.trim().chars().take(LONGEST).collect::<String>().to_lowercase()
    } else {
        folded.join(" ")
    }
}

/// The registrable domain of a URL, an e-mail address or a bare domain, in lower case and ASCII.
///
/// `None` for free-mail providers, addresses without a registrable part (IP addresses, bare suffixes,
/// one word) and text that is none of these.
#[must_use]
pub fn domain(text: &str) -> Option<String> {
    let registrable = registrable(text)?;
    (!FREE_MAIL.contains(&registrable.as_str())).then_some(registrable)
}

/// Like [`domain`], free-mail providers included.
fn registrable(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > 2048 {
        return None;
    }
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    // An address may carry a name: Jana Brandt <jana@altmark.example>.
    let text = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end_matches('>'));
    let text = text.split_once("://").map_or(text, |(_, rest)| rest).trim_start_matches('/');
    let authority = text.split(['/', '?', '#', ' ', ',', ';']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        Some(_) => return None,
        None => host,
    };
    let host = host.trim_matches('.').trim_start_matches("*.");
    let url::Host::Domain(host) = url::Host::parse(host).ok()? else { return None };
    let valid_label =
        |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !host.split('.').all(valid_label) {
        return None;
    }
    psl::domain_str(&host).map(str::to_owned)
}

/// Whether a name or domain of a policy's list means this company: a domain where it is one, else a name.
#[must_use]
pub fn means(entry: &str, name: &str, its_domain: Option<&str>) -> bool {
    let by_domain = domain(entry).is_some_and(|listed| its_domain == Some(listed.as_str()));
    by_domain || (!entry.trim().is_empty() && company_name(entry) == company_name(name))
}

/// Lower-case ASCII words of a name, legal forms included; letters that stand with dots (`S.p.A.`) come as one word.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut ascii = String::with_capacity(name.len() + 8);
    // What is ASCII is composed already.
    let composed: Box<dyn Iterator<Item = char>> =
        if name.is_ascii() { Box::new(name.chars()) } else { Box::new(name.nfkc()) };
    for c in composed.take(LONGEST) {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '.' => ascii.push(c),
            'ä' | 'Ä' | 'æ' | 'Æ' => ascii.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' | 'œ' | 'Œ' => ascii.push_str("oe"),
            'ü' | 'Ü' => ascii.push_str("ue"),
            'å' | 'Å' => ascii.push_str("aa"),
            '&' | '+' => ascii.push_str(" and "),
            // Marks of trade and things that join letters leave nothing behind.
            '\'' | '’' | '‘' | '`' | '´' | '®' | '™' | '©' => {}
            c if c.is_alphanumeric() || c == '.' => {
                let Some(plain) = deunicode::deunicode_char(c) else {
                    // A letter that has no Latin form must still tell two names apart.
                    ascii.push(c);
                    continue;
                };
                // A sign of a script without an alphabet is a word of its own.
                let apart = !c.is_ascii() && plain.len() > 1 && !is_alphabetic_script(c);
                if apart {
                    ascii.push(' ');
                }
                ascii.extend(plain.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ' ')));
                if apart {
                    ascii.push(' ');
                }
            }
            _ => ascii.push(' '),
        }
    }
    ascii.make_ascii_lowercase();
    let and = |word: String| if AND.contains(&word.as_str()) { "and".to_owned() } else { word };
    ascii.split_whitespace().flat_map(undot).map(and).collect()
}

/// Whether letters of this character's script stand together to a word (Latin, Greek, Cyrillic, Hebrew, Arabic, ...).
fn is_alphabetic_script(c: char) -> bool {
    u32::from(c) < 0x0E00
}

/// `s.p.a.` is one word, `example.com` and `st.gallen` are two.
fn undot(word: &str) -> Vec<String> {
    let parts: Vec<&str> = word.split('.').filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && parts.iter().filter(|part| part.len() <= 2).count() == parts.len() {
        vec![parts.concat()]
    } else {
        parts.into_iter().map(str::to_owned).collect()
    }
}

/// The words without the legal forms at the end and in front; all of them when nothing else would be left.
fn without_legal_form(words: &[String]) -> &[String] {
    let (from, to) = between_forms(words);
    &words[from..to]
}

/// Legal forms by their last word.
static FORMS_BY_END: LazyLock<HashMap<&str, Vec<&[&str]>>> = LazyLock::new(|| {
    let mut forms: HashMap<&str, Vec<&[&str]>> = HashMap::new();
    for form in LEGAL_FORMS {
        if let Some(last) = form.last() {
            forms.entry(last).or_default().push(form);
        }
    }
    forms
});

/// Where the name stands between its legal forms.
pub(crate) fn between_forms(words: &[String]) -> (usize, usize) {
    let mut end = words.len();
    while let Some(last) = words[..end].last() {
        let here = &words[..end];
        let ending = FORMS_BY_END.get(last.as_str()).into_iter().flatten();
        let Some(form) =
            ending.filter(|form| here.len() > form.len() && here.ends_with_words(form)).max_by_key(|form| form.len())
        else {
            break;
        };
        end -= form.len();
        // "GmbH & Co. KG": the "and" before a form belongs to it.
        if end > 1 && words[end - 1] == "and" {
            end -= 1;
        }
    }
    // East Asian names carry the form in front as often.
    let rest = &words[..end];
    let from = LEADING_FORMS
        .iter()
        .filter(|form| rest.len() > form.len() && rest.starts_with_words(form))
        .map(|form| form.len())
        .max();
    (from.unwrap_or(0), end)
}

trait Words {
    fn ends_with_words(&self, form: &[&str]) -> bool;
    fn starts_with_words(&self, form: &[&str]) -> bool;
}

impl Words for [String] {
    fn ends_with_words(&self, form: &[&str]) -> bool {
        self.len() >= form.len() && self[self.len() - form.len()..].iter().zip(form).all(|(a, b)| a == b)
    }
    fn starts_with_words(&self, form: &[&str]) -> bool {
        self.len() >= form.len() && self.iter().zip(form).all(|(a, b)| a == b)
    }
}

/// `ae`, `oe`, `ue`, `aa` become the bare vowel, as people without the keys write it.
pub(crate) fn fold_digraphs(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut letters = word.chars().peekable();
    while let Some(letter) = letters.next() {
        out.push(letter);
        let folds = matches!((letter, letters.peek()), ('a' | 'o' | 'u', Some('e')) | ('a', Some('a')));
        if folds {
            letters.next();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_of_one_company_meet() {
        for (a, b) in [
            ("Hansa Kühlkette GmbH", "HANSA KUEHLKETTE"),
            ("Hansa Kühlkette GmbH", "Hansa Kuhlkette"),
            ("Hansa Ku\u{308}hlkette GmbH", "Hansa Kühlkette"),
            ("Hansa Kühlkette GmbH & Co. KG", "Hansa Kuehlkette GmbH und Co KG"),
            ("Müller & Söhne OHG", "Mueller und Soehne"),
            ("Ålborg Havn A/S", "Aalborg Havn"),
            ("Færch A.S.", "Faerch as"),
            ("Ferrero S.p.A.", "FERRERO SPA"),
            ("Ferrero S. p. A.", "Ferrero"),
            ("トヨタ自動車株式会社", "トヨタ自動車"),
            ("株式会社トヨタ自動車", "トヨタ自動車"),
            ("㈱トヨタ自動車", "トヨタ自動車"),
            ("华为技术有限公司", "华为技术"),
            ("삼성전자 주식회사", "삼성전자"),
            ("ООО Ромашка", "Ромашка"),
            ("Газпром ПАО", "Gazprom PAO"),
            ("Škoda Auto a.s.", "Skoda Auto"),
            ("Kofola s. r. o.", "Kofola"),
            ("Allegro Sp. z o.o.", "Allegro"),
            ("Barnes & Noble, Inc.", "Barnes and Noble"),
            ("Tesla Motors, Incorporated", "tesla  motors"),
            ("Acme Pty Ltd", "ACME PTY. LTD."),
            ("Petronas Sdn. Bhd.", "Petronas"),
            ("Cemex S.A.B. de C.V.", "Cemex"),
            ("McDonald’s Corporation", "McDonalds Corp"),
            ("Siemens Aktiengesellschaft", "Siemens AG"),
            ("Ｓｉｅｍｅｎｓ　ＡＧ", "Siemens"),
            ("Nokia Oyj", "Nokia"),
            ("Wise OÜ", "Wise"),
            ("Arçelik A.Ş.", "Arcelik"),
            ("Bayer AG ", "bayer"),
            ("Ελληνικά Πετρέλαια Α.Ε.", "Ελληνικα Πετρελαια"),
        ] {
            assert_eq!(company_name(a), company_name(b), "{a} / {b}");
        }
    }

    #[test]
    fn different_companies_stay_apart() {
        for (a, b) in [
            ("Hansa Kühlkette", "Hansa Logistik"),
            ("Alpha 1 GmbH", "Alpha 2 GmbH"),
            ("GmbH", "AG"),
            ("Müller AG", "Miller AG"),
            ("AT&T", "AT"),
            ("3M", "M"),
            ("Nord Bank", "Nord"),
            ("\u{13000} GmbH", "\u{13001} GmbH"),
        ] {
            assert_ne!(company_name(a), company_name(b), "{a} / {b}");
        }
    }

    #[test]
    fn a_name_is_plain_words() {
        for (name, expected) in [
            ("Hansa Kühlkette GmbH", "hansa kuhlkette"),
            ("  Barnes   & Noble ", "barnes and noble"),
            ("example.com", "example com"),
            ("GmbH", "gmbh"),
            ("!!!", "!!!"),
            ("", ""),
            ("   ", ""),
        ] {
            assert_eq!(company_name(name), expected, "{name}");
        }
    }

    #[test]
    fn a_domain_is_found_in_what_people_write() {
        for (text, expected) in [
            ("hansa.de", Some("hansa.de")),
            ("  HANSA.DE. ", Some("hansa.de")),
            ("https://www.shop.hansa.de:8443/a?b#c", Some("hansa.de")),
            ("http://user:pw@hansa.de/", Some("hansa.de")),
            ("//hansa.de/x", Some("hansa.de")),
            ("www.hansa.co.uk/contact", Some("hansa.co.uk")),
            ("jana@mail.hansa.de", Some("hansa.de")),
            ("Jana Brandt <jana@hansa.de>", Some("hansa.de")),
            ("mailto:jana@hansa.de?subject=x", Some("hansa.de")),
            ("*.hansa.de", Some("hansa.de")),
            ("kühlkette.de", Some("xn--khlkette-65a.de")),
            ("xn--khlkette-65a.de", Some("xn--khlkette-65a.de")),
            ("hansa-kuehlkette.example", Some("hansa-kuehlkette.example")),
            ("jana@gmail.com", None),
            ("jana@web.de", None),
            ("gmx.net", None),
            ("co.uk", None),
            ("localhost", None),
            ("127.0.0.1", None),
            ("http://[::1]/", None),
            ("n/a", None),
            ("none", None),
            ("", None),
            ("hansa..de", None),
            ("han sa", None),
        ] {
            assert_eq!(domain(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_entry_of_a_list_means_a_domain_or_a_name() {
        assert!(means("hansa.de", "Anything", Some("hansa.de")));
        assert!(means("Hansa Kühlkette", "HANSA KUEHLKETTE GMBH", None));
        assert!(!means("", "", None));
        assert!(!means("hansa.de", "Other", Some("other.de")));
    }

    proptest! {
        #[test]
        fn any_text_has_a_name_and_it_is_stable(text in "\\PC{0,60}") {
            let once = company_name(&text);
            prop_assert_eq!(once.is_empty(), text.trim().is_empty());
            prop_assert_eq!(company_name(&text), once);
        }

        #[test]
        fn any_text_is_read_for_a_domain_without_harm(text in any::<String>()) {
            if let Some(found) = domain(&text) {
                prop_assert_eq!(domain(&found), Some(found.clone()));
            }
        }
    }
}
