//! Sorted runs: which rows come to each term and which go from it, their bytes, and how two runs become one.
//!
//! The one hard idea: a list is not rewritten for a change. What changes is a small run of its own that lies over
//! the older ones, and what the index says is the sum of them all; [`merged`] makes one run of two without changing
//! that sum. Callers rely on runs being in order of their terms and lists in order of the rows, and on bytes that
//! are none of ours ending a run early instead of failing. Where runs are kept is not known here.

use std::cmp::Ordering;

use drumbeat_match::index::{Id, TOO_COMMON};

use crate::open::Result;

/// A block is closed before it grows over so many bytes: two fit on a page of the file.
const BLOCK: usize = 3_900;
/// A list that is longer is counted only. Twice as long as is read, so that it does not come and go.
const LISTED: usize = 2 * TOO_COMMON;

/// What a run says of one term.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Entry {
    /// Which term.
    pub(crate) term: u64,
    /// How many rows there are when they are too many to list; then there are no lists.
    pub(crate) unlisted: u64,
    /// Rows that come, ascending.
    pub(crate) come: Vec<Id>,
    /// Rows that go, ascending; none in the oldest run.
    pub(crate) go: Vec<Id>,
}

impl Entry {
    /// How many rows this makes the term have more.
    pub(crate) fn count(&self) -> i64 {
        self.unlisted as i64 + self.come.len() as i64 - self.go.len() as i64
    }

    /// What a run costs for it.
    pub(crate) fn pairs(&self) -> u64 {
        (self.come.len() + self.go.len()) as u64 + u64::from(self.unlisted > 0)
    }

    /// Both said: this, and later the newer.
    pub(crate) fn then(mut self, mut newer: Self) -> Self {
        if self.unlisted > 0 {
            let count = (self.count() + newer.count()).max(1);
            return Self { unlisted: count.unsigned_abs(), ..self };
        }
        if self.go.is_empty() && newer.go.is_empty() && self.come.last() < newer.come.first() {
            self.come.append(&mut newer.come);
            return self;
        }
        let signed = |ids: &[Id], sign: i8| ids.iter().map(move |id| (*id, sign)).collect::<Vec<_>>();
        let mut all = signed(&self.come, 1);
        all.extend(signed(&self.go, -1));
        all.extend(signed(&newer.come, 1));
        all.extend(signed(&newer.go, -1));
        all.sort_unstable_by_key(|(id, _)| *id);
        Self::of_signed(self.term, &all)
    }

    /// From rows in order, each with what comes and goes of it.
    fn of_signed(term: u64, all: &[(Id, i8)]) -> Self {
        let mut entry = Self { term, ..Self::default() };
        for same in all.chunk_by(|x, y| x.0 == y.0) {
            let Some((id, _)) = same.first() else { continue };
            match same.iter().map(|(_, sign)| i32::from(*sign)).sum::<i32>().cmp(&0) {
                Ordering::Greater => entry.come.push(*id),
                Ordering::Less => entry.go.push(*id),
                Ordering::Equal => {}
            }
        }
        entry
    }

    /// As the oldest run says it: nothing is there that could go.
    fn oldest(mut self) -> Self {
        self.go.clear();
        if self.come.len() > LISTED {
            self.unlisted = self.come.len() as u64;
            self.come = Vec::new();
        }
        self
    }
}

/// Entries in order of their terms.
pub(crate) type Run<'a> = Box<dyn Iterator<Item = Result<Entry>> + 'a>;

/// The entries of single changes: term, row, whether it comes.
pub(crate) fn of_changes(mut changes: Vec<(u64, Id, bool)>) -> impl Iterator<Item = Entry> {
    changes.sort_unstable();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = changes.get(at..)?;
            let term = rest.first()?.0;
            let same = rest.iter().take_while(|change| change.0 == term);
            let signed: Vec<(Id, i8)> = same.map(|(_, id, comes)| (*id, if *comes { 1 } else { -1 })).collect();
            at += signed.len();
            let entry = Entry::of_signed(term, &signed);
            if entry.pairs() > 0 {
                return Some(entry);
            }
        }
    })
}

/// One run that says what the two say together.
pub(crate) fn merged<'a>(older: Run<'a>, newer: Run<'a>) -> Run<'a> {
    let (mut older, mut newer) = (older.peekable(), newer.peekable());
    let term = |next: Option<&Result<Entry>>| match next {
        None => u64::MAX,
        Some(Err(_)) => 0,
        Some(Ok(entry)) => entry.term,
    };
    Box::new(std::iter::from_fn(move || match term(older.peek()).cmp(&term(newer.peek())) {
        Ordering::Less => older.next(),
        Ordering::Greater => newer.next(),
        Ordering::Equal => match (older.next()?, newer.next()) {
            (Ok(one), Some(Ok(other))) => Some(Ok(one.then(other))),
            (Err(error), _) | (_, Some(Err(error))) => Some(Err(error)),
            (one, None) => Some(one),
        },
    }))
}

/// What became of a run that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Written {
    /// What it costs.
    pub(crate) pairs: u64,
    /// Whether a term that was too common to list has become rare: its list has to be gathered again.
    pub(crate) regather: bool,
}

/// Entries of a group: who looks for one passes over so many at most.
const GROUP: usize = 16;

/// A block while it is filled: entries in groups, and where each group begins with its first term, for the search.
#[derive(Default)]
struct Block {
    first: u64,
    last: u64,
    count: usize,
    groups: Vec<u8>,
    body: Vec<u8>,
}

impl Block {
    fn len(&self) -> usize {
        self.groups.len() + self.body.len()
    }

    fn push(&mut self, term: u64, entry: &[u8]) {
        if self.count == 0 {
            (self.first, self.last) = (term, term);
        }
        if self.count.is_multiple_of(GROUP) {
            self.groups.extend((term - self.first).to_le_bytes().iter().take(6));
            self.groups.extend((self.body.len() as u16).to_le_bytes());
            self.last = term;
        }
        number(&mut self.body, term - self.last);
        self.body.extend_from_slice(entry);
        (self.last, self.count) = (term, self.count + 1);
    }

    /// How many groups there are, the groups, the entries.
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(2 + self.len());
        bytes.extend(((self.groups.len() / 8) as u16).to_le_bytes());
        bytes.extend_from_slice(&self.groups);
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// The groups of a block, each its first term's distance from the block's and its place, and all entries.
fn parts(block: &[u8]) -> Option<(&[[u8; 8]], &[u8])> {
    let (count, rest) = block.split_first_chunk::<2>()?;
    let (groups, body) = rest.split_at_checked(usize::from(u16::from_le_bytes(*count)) * 8)?;
    Some((groups.as_chunks::<8>().0, body))
}

fn group(bytes: &[u8; 8]) -> (u64, usize) {
    let packed = u64::from_le_bytes(*bytes);
    (packed & 0xffff_ffff_ffff, (packed >> 48) as usize)
}

/// Writes a run as blocks: the first term of each and its bytes, in order.
pub(crate) fn write(run: Run<'_>, oldest: bool, mut put: impl FnMut(u64, Vec<u8>) -> Result<()>) -> Result<Written> {
    let mut written = Written::default();
    let (mut block, mut bytes) = (Block::default(), Vec::new());
    for entry in run {
        let entry = if oldest { entry?.oldest() } else { entry? };
        if entry.pairs() == 0 {
            continue;
        }
        written.pairs += entry.pairs();
        written.regather |= entry.unlisted > 0 && entry.unlisted <= TOO_COMMON as u64;
        bytes.clear();
        encode(&entry, &mut bytes);
        if block.count > 0 && block.len() + bytes.len() + 18 > BLOCK {
            put(block.first, std::mem::take(&mut block).bytes())?;
        }
        block.push(entry.term, &bytes);
    }
    if block.count > 0 {
        put(block.first, block.bytes())?;
    }
    Ok(written)
}

/// The entries of a block; `first` is its first term.
pub(crate) fn entries(first: u64, block: Vec<u8>) -> impl Iterator<Item = Entry> {
    let (mut at, mut term, mut count) = (0, first, 0_usize);
    std::iter::from_fn(move || {
        let (groups, body) = parts(&block)?;
        if count.is_multiple_of(GROUP) {
            term = first + group(groups.get(count / GROUP)?).0;
        }
        let mut rest = Bytes(body.get(at..)?);
        let entry = rest.entry(&mut term, |_| true)?;
        at = body.len() - rest.0.len();
        count += 1;
        entry
    })
}

/// What a block says of a term.
pub(crate) fn find(first: u64, block: &[u8], wanted: u64) -> Option<Entry> {
    let (groups, body) = parts(block)?;
    let after = groups.partition_point(|bytes| first + group(bytes).0 <= wanted);
    let (distance, place) = group(groups.get(after.checked_sub(1)?)?);
    let (mut rest, mut term) = (Bytes(body.get(place..)?), first + distance);
    for _ in 0..GROUP {
        if let Some(entry) = rest.entry(&mut term, |term| term == wanted)? {
            return Some(entry);
        }
        if term > wanted {
            return None;
        }
    }
    None
}

/// Seven bits a byte.
fn number(out: &mut Vec<u8>, mut rest: u64) {
    while rest >= 0x80 {
        out.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// Lists follow, a count only, or lists of both kinds.
const COME: u64 = 0;
const UNLISTED: u64 = 1;
const BOTH: u64 = 2;

fn encode(entry: &Entry, out: &mut Vec<u8>) {
    let list = |out: &mut Vec<u8>, ids: &[Id]| {
        let mut before = 0;
        for id in ids {
            number(out, u64::from(id - before));
            before = *id;
        }
    };
    let come = (entry.come.len() as u64) << 2;
    if entry.unlisted > 0 {
        number(out, entry.unlisted << 2 | UNLISTED);
    } else if entry.go.is_empty() {
        number(out, come | COME);
        list(out, &entry.come);
    } else {
        number(out, come | BOTH);
        number(out, entry.go.len() as u64);
        list(out, &entry.come);
        list(out, &entry.go);
    }
}

/// What is left to read of a block.
struct Bytes<'b>(&'b [u8]);

impl Bytes<'_> {
    fn number(&mut self) -> Option<u64> {
        let (mut value, mut shift) = (0_u64, 0_u32);
        loop {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
    }

    fn list(&mut self, count: u64) -> Option<Vec<Id>> {
        let mut ids = Vec::with_capacity(usize::try_from(count).ok()?.min(self.0.len()));
        let mut last = 0_u32;
        for _ in 0..count {
            last = last.wrapping_add(self.number()? as u32);
            ids.push(last);
        }
        Some(ids)
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        let mut left = count;
        let mut at = 0;
        while left > 0 {
            left -= u64::from(*self.0.get(at)? & 0x80 == 0);
            at += 1;
        }
        self.0 = self.0.get(at..)?;
        Some(())
    }

    /// The next entry when it is wanted, else nothing inside; outside nothing when there is none.
    fn entry(&mut self, term: &mut u64, wanted: impl Fn(u64) -> bool) -> Option<Option<Entry>> {
        *term = term.checked_add(self.number()?)?;
        let head = self.number()?;
        let (count, kind) = (head >> 2, head & 3);
        if kind == UNLISTED {
            return Some(wanted(*term).then(|| Entry { term: *term, unlisted: count, ..Entry::default() }));
        }
        let gone = if kind == BOTH { self.number()? } else { 0 };
        if !wanted(*term) {
            self.pass(count)?;
            self.pass(gone)?;
            return Some(None);
        }
        Some(Some(Entry { term: *term, unlisted: 0, come: self.list(count)?, go: self.list(gone)? }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn run<'a>(entries: Vec<Entry>) -> Run<'a> {
        Box::new(entries.into_iter().map(Ok))
    }

    fn blocks(entries: Vec<Entry>, oldest: bool) -> Vec<(u64, Vec<u8>)> {
        let mut blocks = Vec::new();
        write(run(entries), oldest, |first, bytes| {
            blocks.push((first, bytes));
            Ok(())
        })
        .unwrap();
        blocks
    }

    #[test]
    fn what_is_written_is_read_again() {
        let many: Vec<Entry> = (0..3000_u64)
            .map(|at| Entry {
                term: at * at * 977,
                come: (0..at as Id % 9).map(|id| id * 1001).collect(),
                go: (0..at as Id % 4).map(|id| id * 3 + 1).collect(),
                ..Entry::default()
            })
            .filter(|entry| entry.pairs() > 0)
            .collect();
        let written = blocks(many.clone(), false);
        assert!(written.len() > 3 && written.iter().all(|(_, block)| block.len() <= BLOCK));
        let read: Vec<Entry> = written.iter().flat_map(|(first, block)| entries(*first, block.clone())).collect();
        assert_eq!(read, many);
        for entry in &many {
            let (first, block) = written.iter().rev().find(|(first, _)| *first <= entry.term).unwrap();
            assert_eq!(find(*first, block, entry.term).as_ref(), Some(entry));
            assert_eq!(find(*first, block, entry.term + 1), None);
        }
    }

    #[test]
    fn a_list_that_is_too_long_is_counted_only_and_asked_for_again_when_it_is_short() {
        let long = Entry { term: 7, come: (0..LISTED as Id + 1).collect(), ..Entry::default() };
        let written = blocks(vec![long], true);
        let counted = entries(7, written[0].1.clone()).next().unwrap();
        assert_eq!((counted.unlisted, counted.come.len()), (LISTED as u64 + 1, 0));
        let fewer = Entry { term: 7, go: (0..1200).collect(), ..Entry::default() };
        let now = write(merged(run(vec![counted]), run(vec![fewer])), true, |_, _| Ok(())).unwrap();
        assert!(now.regather);
    }

    #[test]
    fn bytes_that_are_none_of_ours_end_a_run() {
        for bytes in [vec![0xff; 30], vec![0x01], vec![0x01, 0xfc, 0xff], Vec::new()] {
            assert_eq!(entries(5, bytes.clone()).count(), 0, "{bytes:?}");
            assert_eq!(find(5, &bytes, 9), None, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn runs_that_become_one_say_the_same(all in prop::collection::vec(prop::collection::vec((0..6_u64, 0..8_u32), 0..12), 1..5)) {
            // Each change turns what is there: what is in comes out, what is out comes in.
            let mut there: BTreeMap<(u64, Id), bool> = BTreeMap::new();
            let mut one: Run<'_> = run(Vec::new());
            for changes in all {
                let changes = changes.into_iter().map(|pair| {
                    let is = there.entry(pair).or_default();
                    *is = !*is;
                    (pair.0, pair.1, *is)
                }).collect();
                one = merged(one, Box::new(of_changes(changes).map(Ok)));
            }
            let said: Vec<(u64, Id)> = blocks(one.collect::<Result<_>>().unwrap(), true)
                .into_iter()
                .flat_map(|(first, block)| entries(first, block))
                .flat_map(|entry| entry.come.into_iter().map(move |id| (entry.term, id)))
                .collect();
            let expected: Vec<(u64, Id)> = there.into_iter().filter(|(_, is)| *is).map(|(pair, _)| pair).collect();
            prop_assert_eq!(said, expected);
        }
    }
}
