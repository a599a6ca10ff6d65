//! The inverted index: which terms a record is found by, and what an index has to answer.
//!
//! The one hard idea: a term is a hash of a small text with its kind in front (`w:kuhlkette`,
//! `p:kuhlk`, `c:kiel kuh`), chosen so that each kind of difference (typo, glued words, other order, other
//! ending, brand and initials) leaves at least one rare term untouched. Long lists are of no use: an index may
//! answer "too common" instead of a list. Callers rely on [terms] being a function of the profile alone, so
//! that a kept index can be compared with a rebuilt one. Where the lists are kept is the implementor's.

use std::collections::{BTreeSet, HashMap};

use crate::name;
use crate::profile::{Profile, Word};
use crate::vocabulary::Kind;

/// A hashed term: 48 bits, so that a book of millions of terms has hardly two that meet and none costs more bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(pub u64);

/// A record's number in the index.
pub type Id = u32;

/// What an index answers.
pub trait Index {
    /// What can go wrong when it is asked.
    type Error;

    /// How many records there are.
    ///
    /// # Errors
    /// What the index's own store says.
    fn records(&self) -> Result<u64, Self::Error>;

    /// In how many records a term stands.
    ///
    /// # Errors
    /// What the index's own store says.
    fn frequency(&self, term: Term) -> Result<u64, Self::Error>;

    /// Frequency of a term and its records in order; no list when they are more than [`TOO_COMMON`].
    ///
    /// # Errors
    /// What the index's own store says.
    fn postings(&self, term: Term) -> Result<(u64, Option<Vec<Id>>), Self::Error>;

    /// What is known of a record; `None` when it is gone.
    ///
    /// # Errors
    /// What the index's own store says.
    fn profile(&self, id: Id) -> Result<Option<Profile>, Self::Error>;
}

/// Lists that are longer than this are not read.
pub const TOO_COMMON: usize = 1024;

/// What a kind of term is worth when candidates are gathered: an exact word more than its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The same word.
    Word,
    /// The same letters, however they are split into words.
    Glued,
    /// The same beginning of a word.
    Beginning,
    /// The same end of a word.
    Ending,
    /// The same consonants.
    Sound,
    /// The same city and the same beginning of a word.
    CityAndWord,
    /// The same city.
    City,
    /// Initials.
    Initials,
    /// The same domain or phone number.
    Address,
}

impl Found {
    /// Weight beside the term's rarity.
    #[must_use]
    pub fn worth(self) -> f32 {
        match self {
            Self::Word => 1.0,
            Self::Glued => 0.9,
            Self::Address => 3.0,
            Self::CityAndWord => 0.5,
            Self::Beginning | Self::Initials => 0.5,
            Self::City => 0.35,
            Self::Ending => 0.3,
            Self::Sound => 0.4,
        }
    }
}

/// FNV-1a over the kind and the parts of a text, stirred so that all bits that are kept depend on all letters.
fn term(kind: u8, parts: &[&str]) -> Term {
    let bytes = parts.iter().flat_map(|part| part.bytes());
    let hash = std::iter::once(kind)
        .chain(bytes)
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let stirred = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    Term((stirred ^ (stirred >> 32)) >> 16)
}

/// The term of a word's meaning: what its rarity is counted by.
#[must_use]
pub fn word_term(word: &Word) -> Term {
    word_of(&word.meaning)
}

fn word_of(text: &str) -> Term {
    Term(term(b'w', &[text]).0 & !1)
}

/// The term of a word that is the first naming word of a record: the neighbour of the word's, so that who asks for
/// both reads one place.
fn first_term(word: &Word) -> Term {
    Term(word_term(word).0 | 1)
}

/// The term of a telephone line: how many records share it says how much it says.
#[must_use]
pub fn phone_term(phone: &str) -> Term {
    term(b't', &[phone])
}

/// The term of a name's letters in the order of the alphabet: names in which letters have changed places share it.
pub(crate) fn letters_term(profile: &Profile) -> Option<Term> {
    let words = name::words(&profile.name);
    let (from, to) = name::between_forms(&words);
    let mut letters: Vec<char> = words[from..to].iter().flat_map(|word| word.chars()).collect();
    letters.sort_unstable();
    (letters.len() >= 6).then(|| term(b'a', &[&letters.into_iter().collect::<String>()]))
}

/// The terms that a record is filed under, each once, in order.
#[must_use]
pub fn terms(profile: &Profile) -> Vec<Term> {
    let mut all: Vec<Term> = build(profile).into_iter().map(|(term, _)| term).collect();
    all.extend(profile.words.iter().find(|word| word.kind == Kind::Name).map(first_term));
    all.extend(letters_term(profile));
    all.sort_unstable();
    all.dedup();
    all
}

/// The terms that a record is looked up by, each with how it is found by it.
#[must_use]
pub fn probes(profile: &Profile) -> Vec<(Term, Found)> {
    let mut all = build(profile);
    // Initials are met by a word and a word by initials.
    for word in own(profile) {
        if (2..=6).contains(&word.text.len()) && word.kind == Kind::Name {
            all.push((term(b'i', &[&word.text]), Found::Initials));
        }
        if word.text.len() >= 6 {
            all.push((term(b'g', &[&word.text]), Found::Glued));
        }
    }
    if let Some(initials) = initials(profile) {
        all.push((word_of(&initials), Found::Initials));
    }
    let words: Vec<&Word> = own(profile).collect();
    for pair in words.windows(2) {
        all.push((word_of(&format!("{}{}", pair[0].text, pair[1].text)), Found::Glued));
    }
    if words.len() > 2 {
        all.push((word_of(&profile.glued), Found::Glued));
    }
    let mut seen = BTreeSet::new();
    all.retain(|(term, _)| seen.insert(*term));
    all
}

/// The words that name: neither links nor forms.
fn own(profile: &Profile) -> impl Iterator<Item = &Word> {
    profile.words.iter().filter(|word| !matches!(word.kind, Kind::Link | Kind::Form))
}

/// First letters of the words, when there are three or more.
pub(crate) fn initials(profile: &Profile) -> Option<String> {
    let letters: String = own(profile).filter_map(|word| word.text.chars().next()).collect();
    (letters.chars().count() >= 3).then_some(letters)
}

/// The first letter and the consonants after it, doubles once, sounds that are confused alike.
pub(crate) fn sound(word: &str) -> String {
    let mut out = String::new();
    for (at, c) in word.chars().enumerate() {
        let c = match c {
            'c' | 'q' => 'k',
            'x' => {
                out.push('k');
                's'
            }
            'z' => 's',
            'y' | 'j' => 'i',
            'w' => 'v',
            c => c,
        };
        let vowel = matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'h');
        if (at == 0 || !vowel) && !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

fn start(text: &str, letters: usize) -> &str {
    text.char_indices().nth(letters).map_or(text, |(at, _)| &text[..at])
}

fn end(text: &str, letters: usize) -> &str {
    let count = text.chars().count();
    text.char_indices().nth(count.saturating_sub(letters)).map_or(text, |(at, _)| &text[at..])
}

fn build(profile: &Profile) -> Vec<(Term, Found)> {
    let mut out = Vec::with_capacity(32);
    let words: Vec<&Word> = own(profile).collect();
    for word in &words {
        out.push((word_term(word), Found::Word));
        let long = word.text.chars().count();
        if word.kind == Kind::Number {
            continue;
        }
        if word.kind == Kind::Name {
            if long >= 5 {
                out.push((term(b'p', &[start(&word.text, 5)]), Found::Beginning));
            }
            if long >= 8 {
                out.push((term(b'e', &[end(&word.text, 5)]), Found::Ending));
            }
            if long >= 5 {
                out.push((term(b's', &[&sound(&word.text)]), Found::Sound));
            }
        }
        if let Some(city) = &profile.city {
            out.push((term(b'c', &[city, " ", start(&word.text, 3)]), Found::CityAndWord));
        }
    }
    for pair in words.windows(2) {
        out.push((term(b'g', &[&pair[0].text, &pair[1].text]), Found::Glued));
    }
    if words.len() != 2 && profile.glued.len() >= 4 {
        out.push((term(b'g', &[&profile.glued]), Found::Glued));
    }
    if profile.glued.len() >= 8 {
        out.push((term(b'b', &[start(&profile.glued, 7)]), Found::Beginning));
    }
    if let Some(initials) = initials(profile) {
        out.push((term(b'i', &[&initials]), Found::Initials));
    }
    if let Some(city) = &profile.city {
        out.push((term(b'l', &[city]), Found::City));
    }
    if let Some(domain) = &profile.domain {
        out.push((term(b'd', &[domain]), Found::Address));
    }
    if let Some(phone) = &profile.phone {
        out.push((phone_term(phone), Found::Address));
    }
    out
}

/// How rare words are: counted where there is a book to count in, presumed from their kind where not.
#[derive(Debug, Clone, Default)]
pub struct Rarity {
    records: f32,
    counts: HashMap<String, f32>,
    firsts: HashMap<String, f32>,
}

/// The share of the records in which a word that nobody has asked for is presumed to stand.
const NOT_ASKED: f32 = 0.0005;
/// How many records the presumption weighs.
const PRESUMED: f32 = 2000.0;

impl Rarity {
    /// Nothing was counted: words are as rare as their kind.
    #[must_use]
    pub fn presumed() -> Self {
        Self::default()
    }

    /// Room for the words of a lookup among this many records.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a rarity needs three digits")]
    pub fn among(records: u64) -> Self {
        Self { records: records as f32, ..Self::default() }
    }

    /// The rarities of these profiles' words in an index.
    ///
    /// # Errors
    /// What the index says.
    pub fn of<I: Index>(index: &I, profiles: &[&Profile]) -> Result<Self, I::Error> {
        let mut rarity = Self::among(index.records()?);
        profiles.iter().try_for_each(|profile| rarity.learn(index, profile))?;
        Ok(rarity)
    }

    /// Asks an index for the words of a profile that are not known yet.
    ///
    /// # Errors
    /// What the index says.
    #[expect(clippy::cast_precision_loss, reason = "a rarity needs three digits")]
    pub fn learn<I: Index>(&mut self, index: &I, profile: &Profile) -> Result<(), I::Error> {
        for word in &profile.words {
            if !self.counts.contains_key(&word.meaning) {
                let count = index.frequency(word_term(word))? as f32;
                let first = if word.kind == Kind::Name { index.frequency(first_term(word))? as f32 } else { 0.0 };
                self.counts.insert(word.meaning.clone(), count);
                self.firsts.insert(word.meaning.clone(), first);
            }
        }
        Ok(())
    }

    /// In how many of the records the word stands; a word that nobody has asked for is presumed to be known.
    #[must_use]
    pub fn count(&self, word: &Word) -> f32 {
        self.counts.get(&word.meaning).copied().unwrap_or(self.records * NOT_ASKED)
    }

    /// In which share of its records the word is the first that names; a half where nothing was counted.
    #[must_use]
    pub fn first_share(&self, word: &Word) -> f32 {
        let first = self.firsts.get(&word.meaning).copied().unwrap_or(0.0);
        (first + 1.0) / (self.count(word) + 2.0)
    }

    /// Bits that meeting this word says: 0 for one that all have, about 14 for one that nobody else has.
    #[must_use]
    pub fn bits(&self, word: &Word) -> f32 {
        let length = word.text.chars().count();
        let presumed = match word.kind {
            Kind::Link | Kind::Form => return 0.3,
            Kind::Trade => 0.01,
            Kind::Place => 0.006,
            Kind::Number => 0.004,
            Kind::Name if length <= 2 => 0.003,
            Kind::Name if length == 3 => 0.001,
            Kind::Name if length == 4 => 0.0005,
            Kind::Name => 0.0002,
        };
        let share = (self.count(word) + presumed * PRESUMED) / (self.records + PRESUMED);
        -share.min(1.0).log2()
    }
}

/// An index in memory.
#[derive(Debug, Default)]
pub struct Memory {
    lists: HashMap<Term, Vec<Id>>,
    profiles: Vec<Option<Profile>>,
    alive: u64,
}

impl Memory {
    /// Files a record; its number is the count of those before it.
    pub fn add(&mut self, profile: Profile) -> Id {
        let id = Id::try_from(self.profiles.len()).unwrap_or(Id::MAX);
        for term in terms(&profile) {
            self.lists.entry(term).or_default().push(id);
        }
        self.profiles.push(Some(profile));
        self.alive += 1;
        id
    }

    /// Takes a record away.
    pub fn remove(&mut self, id: Id) {
        let Some(profile) = self.profiles.get_mut(id as usize).and_then(Option::take) else { return };
        for term in terms(&profile) {
            if let Some(list) = self.lists.get_mut(&term) {
                list.retain(|other| *other != id);
            }
        }
        self.alive -= 1;
    }
}

impl Index for Memory {
    type Error = std::convert::Infallible;

    fn records(&self) -> Result<u64, Self::Error> {
        Ok(self.alive)
    }

    fn frequency(&self, term: Term) -> Result<u64, Self::Error> {
        Ok(self.lists.get(&term).map_or(0, |list| list.len() as u64))
    }

    fn postings(&self, term: Term) -> Result<(u64, Option<Vec<Id>>), Self::Error> {
        Ok(match self.lists.get(&term) {
            None => (0, Some(Vec::new())),
            Some(list) => (list.len() as u64, (list.len() <= TOO_COMMON).then(|| list.clone())),
        })
    }

    fn profile(&self, id: Id) -> Result<Option<Profile>, Self::Error> {
        Ok(self.profiles.get(id as usize).cloned().flatten())
    }
}
