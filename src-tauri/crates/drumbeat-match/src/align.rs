//! Which words of two names are one word, and how: the same, another spelling, glued, abbreviated, initials.
//!
//! The one hard idea: the surest kind of meeting goes first and takes its words away, so that a doubtful one can
//! never break a sure one. Ties go by likeness, then by the words themselves, never by which name came first:
//! callers rely on `align(a, b)` being `align(b, a)` with the sides exchanged. What a meeting is worth is
//! judged elsewhere.

use std::ops::Range;

use crate::index::{Rarity, sound};
use crate::profile::{Profile, Word};
use crate::vocabulary::Kind;

/// How words meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// Letter by letter.
    Same,
    /// Another way of writing it: Intl and International, II and 2.
    Meant,
    /// Split into words differently.
    Glued,
    /// A few letters differ.
    Typo,
    /// One is the beginning of the other.
    Shortened,
    /// One is the initials of the others.
    Initials,
}

/// A meeting of words.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Words of the first name.
    pub a: Range<usize>,
    /// Words of the second name.
    pub b: Range<usize>,
    /// How they meet.
    pub how: How,
    /// From 0 to 1, 1 is the same.
    pub likeness: f32,
}

/// The meetings, surest first.
pub(crate) fn align(a: &Profile, b: &Profile, rarity: &Rarity) -> Vec<Pair> {
    let mut state =
        State { a, b, taken_a: vec![false; a.words.len()], taken_b: vec![false; b.words.len()], pairs: vec![] };
    state.equal(How::Same, |x, y| x.text == y.text);
    state.equal(How::Meant, |x, y| x.meaning == y.meaning);
    state.glued();
    state.alike(rarity);
    state.initials();
    state.pairs
}

struct State<'p> {
    a: &'p Profile,
    b: &'p Profile,
    taken_a: Vec<bool>,
    taken_b: Vec<bool>,
    pairs: Vec<Pair>,
}

impl State<'_> {
    fn take(&mut self, a: Range<usize>, b: Range<usize>, how: How, likeness: f32) {
        self.taken_a[a.clone()].fill(true);
        self.taken_b[b.clone()].fill(true);
        self.pairs.push(Pair { a, b, how, likeness });
    }

    fn equal(&mut self, how: How, same: impl Fn(&Word, &Word) -> bool) {
        for i in 0..self.a.words.len() {
            if self.taken_a[i] {
                continue;
            }
            let found =
                (0..self.b.words.len()).find(|j| !self.taken_b[*j] && same(&self.a.words[i], &self.b.words[*j]));
            if let Some(j) = found {
                self.take(i..i + 1, j..j + 1, how, if how == How::Same { 1.0 } else { 0.95 });
            }
        }
    }

    /// One word here is two to four words there.
    fn glued(&mut self) {
        let here = runs_that_spell(&self.a.words, &self.taken_a, &self.b.words, &self.taken_b);
        let there = runs_that_spell(&self.b.words, &self.taken_b, &self.a.words, &self.taken_a);
        self.take_runs(How::Glued, 0.95, here, there);
    }

    /// A short word is the first letters of a run of free words.
    fn initials(&mut self) {
        let here = runs_of_initials(&self.a.words, &self.taken_a, &self.b.words, &self.taken_b);
        let there = runs_of_initials(&self.b.words, &self.taken_b, &self.a.words, &self.taken_a);
        self.take_runs(How::Initials, 0.8, here, there);
    }

    /// Takes the longest runs first, whichever side the single word is on.
    fn take_runs(&mut self, how: How, likeness: f32, here: Vec<Run>, there: Vec<Run>) {
        let here = here.into_iter().map(|(i, j)| (i..i + 1, j));
        let there = there.into_iter().map(|(j, i)| (i, j..j + 1));
        let mut all: Vec<(Range<usize>, Range<usize>)> = here.chain(there).collect();
        all.sort_by_key(|(i, j)| {
            let starts = (i.start + j.start, i.start.abs_diff(j.start));
            (std::cmp::Reverse(i.len() + j.len()), starts, i.len().min(j.len()), i.start.min(j.start))
        });
        for (i, j) in all {
            if free(&self.taken_a, &i) && free(&self.taken_b, &j) {
                self.take(i, j, how, likeness);
            }
        }
    }

    fn alike(&mut self, rarity: &Rarity) {
        let mut found = Vec::new();
        for i in (0..self.a.words.len()).filter(|i| !self.taken_a[*i]) {
            for j in (0..self.b.words.len()).filter(|j| !self.taken_b[*j]) {
                if let Some((how, likeness)) = alike(&self.a.words[i], &self.b.words[j], rarity) {
                    found.push((how, likeness, i, j));
                }
            }
        }
        // By likeness; then by the words in an order that does not know the sides.
        let text = |i: usize, j: usize| {
            let (x, y) = (&self.a.words[i].text, &self.b.words[j].text);
            if x < y { (x, y) } else { (y, x) }
        };
        found.sort_by(|x, y| {
            y.1.total_cmp(&x.1)
                .then_with(|| text(x.2, x.3).cmp(&text(y.2, y.3)))
                .then_with(|| (x.2 + x.3).cmp(&(y.2 + y.3)))
                .then_with(|| x.2.abs_diff(x.3).cmp(&y.2.abs_diff(y.3)))
        });
        for (how, likeness, i, j) in found {
            if !self.taken_a[i] && !self.taken_b[j] {
                self.take(i..i + 1, j..j + 1, how, likeness);
            }
        }
    }
}

/// One word on a side, a run of words on the other.
type Run = (usize, Range<usize>);

fn free(taken: &[bool], range: &Range<usize>) -> bool {
    taken[range.clone()].iter().all(|taken| !taken)
}

fn runs_that_spell(one: &[Word], one_taken: &[bool], many: &[Word], many_taken: &[bool]) -> Vec<Run> {
    let mut found = Vec::new();
    for (i, word) in one.iter().enumerate() {
        if one_taken[i] || word.text.len() < 4 {
            continue;
        }
        for from in 0..many.len() {
            let mut rest = word.text.as_str();
            for to in from..many.len().min(from + 4) {
                if many_taken[to] {
                    break;
                }
                let Some(left) = rest.strip_prefix(many[to].text.as_str()) else {
                    // The last piece may have a typo or another ending, when there is much before it.
                    if to > from
                        && rest.len() >= 4
                        && word.text.len() - rest.len() >= 4
                        && typo(rest, &many[to].text) > 0.7
                    {
                        found.push((i, from..to + 1));
                    }
                    break;
                };
                rest = left;
                if to > from && (rest.is_empty() || rest == "s") {
                    found.push((i, from..to + 1));
                    break;
                }
            }
        }
    }
    found
}

fn runs_of_initials(one: &[Word], one_taken: &[bool], many: &[Word], many_taken: &[bool]) -> Vec<Run> {
    let mut found = Vec::new();
    for (i, word) in one.iter().enumerate() {
        if one_taken[i] || word.kind == Kind::Number || !(2..=7).contains(&word.text.len()) {
            continue;
        }
        for from in 0..many.len() {
            let mut letters = word.text.chars().peekable();
            for to in from..many.len() {
                if many_taken[to] {
                    break;
                }
                // A link between may be left out of the initials.
                let link = many[to].kind == Kind::Link;
                if many[to].text.chars().next() == letters.peek().copied() {
                    letters.next();
                } else if !link || to == from {
                    break;
                }
                if letters.peek().is_none() {
                    if to > from {
                        found.push((i, from..to + 1));
                    }
                    break;
                }
            }
        }
    }
    found
}

fn alike(x: &Word, y: &Word, rarity: &Rarity) -> Option<(How, f32)> {
    if x.kind == Kind::Number || y.kind == Kind::Number || x.kind == Kind::Link || y.kind == Kind::Link {
        return None;
    }
    let (short, long) = if x.text.len() <= y.text.len() { (&x.text, &y.text) } else { (&y.text, &x.text) };
    let likeness = typo(short, long);
    if likeness > 0.0 {
        // Two words that others use as well are two words: a typo is rare.
        let both_known = (x.kind != Kind::Name && y.kind != Kind::Name)
            || (rarity.count(x) >= 4.0 && rarity.count(y) >= 4.0 && !endings_only(short, long));
        return Some((How::Typo, if both_known { likeness * 0.5 } else { likeness }));
    }
    // Sounds that two alphabets write differently: Kronsteiner, Kronshtainer.
    let heard = sound(short);
    if short.len() >= 5 && heard.len() >= 3 && heard == sound(long) && heard.len() * 3 > long.len() {
        return Some((How::Typo, 0.75));
    }
    if short.len() == 1 && long.starts_with(short.as_str()) {
        return Some((How::Shortened, 0.3));
    }
    if short.len() >= 3 && long.starts_with(short.as_str()) {
        #[expect(clippy::cast_precision_loss, reason = "words are short")]
        let share = short.len() as f32 / long.len() as f32;
        return Some((How::Shortened, 0.35 + 0.5 * share));
    }
    None
}

/// Whether the words differ in their last two letters only.
fn endings_only(short: &str, long: &str) -> bool {
    let common = short.bytes().zip(long.bytes()).take_while(|(a, b)| a == b).count();
    common >= 4 && common + 2 >= long.len()
}

/// Likeness of two words that may be one with a slip of the pen; 0 when they are not.
pub(crate) fn typo(x: &str, y: &str) -> f32 {
    let (x, y): (Vec<char>, Vec<char>) = (x.chars().collect(), y.chars().collect());
    let longest = x.len().max(y.len());
    if x.len().min(y.len()) < 3 || longest > 40 {
        return 0.0;
    }
    let allowed = match longest {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let Some(slips) = distance(&x, &y, allowed) else { return 0.0 };
    // Letters that are heard alike or doubled are half a slip; a first letter is one and a half.
    #[expect(clippy::cast_precision_loss, reason = "words are short")]
    let share = slips / longest as f32;
    let likeness = 1.0 - 1.6 * share;
    if likeness < 0.55 { 0.0 } else { likeness }
}

/// Optimal string alignment distance with half steps; `None` when it is more than `allowed`.
#[expect(clippy::cast_precision_loss, reason = "words are short")]
fn distance(x: &[char], y: &[char], allowed: usize) -> Option<f32> {
    if x.len().abs_diff(y.len()) > allowed {
        return None;
    }
    let width = y.len() + 1;
    let mut before: Vec<f32> = vec![0.0; width];
    let mut last: Vec<f32> = (0..width).map(|j| j as f32).collect();
    for i in 1..=x.len() {
        let mut row = vec![i as f32; width];
        for j in 1..width {
            let change = if x[i - 1] == y[j - 1] { 0.0 } else { exchange(x[i - 1], y[j - 1]) };
            let doubled = |w: &[char], at: usize| at >= 2 && w[at - 1] == w[at - 2];
            let drop = if doubled(x, i) { 0.5 } else { 1.0 };
            let add = if doubled(y, j) { 0.5 } else { 1.0 };
            let mut best = (last[j] + drop).min(row[j - 1] + add).min(last[j - 1] + change);
            if i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] {
                best = best.min(before[j - 2] + 0.8);
            }
            row[j] = best;
        }
        before = std::mem::replace(&mut last, row);
    }
    let slips = last[y.len()] + if x.first() == y.first() { 0.0 } else { 0.5 };
    (slips <= allowed as f32).then_some(slips)
}

/// What it costs to write one letter for another.
fn exchange(x: char, y: char) -> f32 {
    const HEARD_ALIKE: [(char, char); 14] = [
        ('c', 'k'),
        ('c', 's'),
        ('s', 'z'),
        ('i', 'y'),
        ('v', 'w'),
        ('f', 'v'),
        ('j', 'y'),
        ('i', 'j'),
        ('k', 'q'),
        ('b', 'p'),
        ('d', 't'),
        ('g', 'k'),
        ('i', 'e'),
        ('m', 'n'),
    ];
    let pair = if x < y { (x, y) } else { (y, x) };
    if HEARD_ALIKE.iter().any(|(a, b)| pair == (*a.min(b), *a.max(b))) { 0.7 } else { 1.0 }
}
