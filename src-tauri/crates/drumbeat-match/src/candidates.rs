//! From a record to the few records that may be the same company, and to verdicts about them.
//!
//! The one hard idea: candidates are gathered by the sum of the rarities of shared terms, read from the rarest
//! term on; terms that are too common to list are skipped, because a record that shares nothing else is not
//! found by them either. Callers rely on at most [`MOST`] candidates, on the order (best first, then by number)
//! being the same for the same index, and on one lookup reading a bounded number of list entries.

use crate::compare::compare;
use crate::evidence::{Evidence, evidence};
use crate::index::{Found, Id, Index, Rarity, phone_term, probes};
use crate::profile::Profile;
use crate::weights::{self, Level};

/// At most this many candidates are compared.
pub const MOST: usize = 60;

/// A candidate with its verdict.
#[derive(Debug, Clone)]
pub struct Match {
    /// The record.
    pub id: Id,
    /// What is known of it.
    pub profile: Profile,
    /// Probability that it is the same company.
    pub probability: f32,
}

/// The records that share most, best first.
///
/// # Errors
/// What the index says.
#[expect(clippy::cast_precision_loss, reason = "a rarity needs three digits")]
pub fn candidates<I: Index>(index: &I, profile: &Profile) -> Result<Vec<(Id, f32)>, I::Error> {
    let records = index.records()? as f32;
    let mut met: Vec<(Id, f32)> = Vec::new();
    for (term, found) in probes(profile) {
        let (count, list) = index.postings(term)?;
        let rarity = ((records + 1.0) / (count as f32 + 0.5)).ln().max(0.1);
        let worth = found.worth() * if found == Found::Address { 20.0 } else { rarity };
        met.extend(list.unwrap_or_default().into_iter().map(|id| (id, worth)));
    }
    // Each list is in order already; the sort keeps the terms of a record in theirs, so that sums can be repeated.
    met.sort_by_key(|(id, _)| *id);
    let sum = |same: &[(Id, f32)]| Some((same.first()?.0, same.iter().map(|(_, worth)| worth).sum()));
    let mut all: Vec<(Id, f32)> = met.chunk_by(|x, y| x.0 == y.0).filter_map(sum).collect();
    let best_first = |x: &(Id, f32), y: &(Id, f32)| y.1.total_cmp(&x.1).then(x.0.cmp(&y.0));
    if all.len() > MOST {
        all.select_nth_unstable_by(MOST, best_first);
        all.truncate(MOST);
    }
    all.sort_by(best_first);
    Ok(all)
}

/// What a lookup found.
#[derive(Debug, Clone)]
pub struct Lookup {
    /// The candidates with their verdicts, most probable first.
    pub matches: Vec<Match>,
    asked: Profile,
    rarity: Rarity,
    level: Level,
}

impl Lookup {
    /// What the verdict on one of the matches rests on.
    #[must_use]
    pub fn evidence(&self, found: &Match) -> Evidence {
        evidence(&self.asked, &found.profile, &self.rarity, self.level)
    }
}

/// At most this many are compared where only what comes to `from` counts: what does is hardly ever behind them.
const LIKELY: usize = 30;
/// A candidate that comes to less than this share of `from` before its own words are counted is not looked into.
const HOPELESS: f32 = 0.1;

/// The candidates with their verdicts, most probable first. Those that stay far below `from` are judged roughly: how
/// rare their own words are is presumed, not asked, which spares an index of a million records most of its reads. A
/// telephone line that many records share tells none of them apart and is left out.
///
/// # Errors
/// What the index says.
pub fn lookup<I: Index>(index: &I, mut asked: Profile, level: Level, from: f32) -> Result<Lookup, I::Error> {
    if let Some(phone) = &asked.phone
        && index.frequency(phone_term(phone))? > weights::OF_ONE
    {
        asked.phone = None;
    }
    let mut rarity = Rarity::among(index.records()?);
    rarity.learn(index, &asked)?;
    let mut matches = Vec::new();
    let most = if from > 0.0 { LIKELY } else { MOST };
    for (id, _) in candidates(index, &asked)?.into_iter().take(most) {
        let Some(other) = index.profile(id)? else { continue };
        let judged = |rarity: &Rarity| weights::probability(&compare(&asked, &other, rarity), level);
        let mut probability = if from > 0.0 { judged(&rarity) } else { 1.0 };
        if probability >= from * HOPELESS {
            rarity.learn(index, &other)?;
            probability = judged(&rarity);
        }
        matches.push(Match { id, profile: other, probability });
    }
    matches.sort_by(|x, y| y.probability.total_cmp(&x.probability).then(x.id.cmp(&y.id)));
    Ok(Lookup { matches, asked, rarity, level })
}
