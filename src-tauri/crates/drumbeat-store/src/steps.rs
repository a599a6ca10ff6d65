//! Changes of stage in a time: from which stage, whether onward, after how long (K-05).
//!
//! What is known of the past are the changes that were seen. How long a deal had been in a stage is known from the change
//! before, and from its creation where changes were seen since before that.

use std::collections::BTreeMap;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Motion;
use drumbeat_model::time::Instant;
use rusqlite::params;

use crate::open::Result;
use crate::reader::{Reader, day, days, instant, ms, word};

const STEPS: &str = "SELECT deal.motion, deal.partner IS NOT NULL, deal.pipeline, step.before, step.after, step.at, deal.created_day, \
     (SELECT max(earlier.at) FROM movement AS earlier WHERE earlier.kind = 3 AND earlier.record = step.record \
      AND earlier.field = 'stage' AND earlier.at < step.at) \
     FROM movement AS step INDEXED BY movement_of_stage CROSS JOIN deal ON deal.id = step.record \
     WHERE step.kind = 3 AND step.field = 'stage' AND step.at >= ?1 AND step.at < ?2";

/// The stage that deals left, and whose deals they are.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// Motion.
    pub motion: Option<Motion>,
    /// Place of the stage.
    pub position: u32,
    /// Its name.
    pub stage: String,
    /// They have a partner.
    pub partnered: bool,
}

/// Changes out of one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Steps {
    /// How many.
    pub count: u32,
    /// Those to a later stage, or to a win.
    pub onward: u32,
    /// Those of which it is known how long the deal had been there, and the days.
    pub timed: (u32, i64),
}

impl Reader<'_> {
    /// Changes of deals out of open stages in a time, its end not included, by the stage that was left.
    ///
    /// # Errors
    /// SQLite.
    pub fn steps(&self, from: Instant, to: Instant) -> Result<BTreeMap<Left, Steps>> {
        let mapping = self.mapping_in_force()?;
        let first: Option<i64> = self.connection.query_row("SELECT min(at) FROM movement", [], |row| row.get(0))?;
        let watched_from = first.map_or(i64::MAX, |at| days(instant(at).date_naive()));
        let mut statement = self.connection.prepare_cached(STEPS)?;
        let mut rows = statement.query(params![ms(from), ms(to)])?;
        let mut all: BTreeMap<Left, Steps> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (pipeline, before, after): (String, Option<String>, Option<String>) =
                (row.get(2)?, row.get(3)?, row.get(4)?);
            let stage = |id: Option<String>| mapping.stage(&pipeline, &id?).map(|(_, stage)| stage);
            let (Some(before), Some(after)) = (stage(before), stage(after)) else { continue };
            if before.outcome != Outcome::Open {
                continue;
            }
            let left = Left {
                motion: word(row.get(0)?, Motion::from_name),
                position: before.position,
                stage: before.label.clone(),
                partnered: row.get(1)?,
            };
            let at = days(instant(row.get(5)?).date_naive());
            let born: Option<i64> = row.get(6)?;
            let since = match row.get::<_, Option<i64>>(7)? {
                Some(earlier) => Some(days(instant(earlier).date_naive())),
                None => born.filter(|born| *born >= watched_from),
            };
            let onward =
                after.outcome == Outcome::Won || after.outcome == Outcome::Open && after.position > before.position;
            let of = all.entry(left).or_default();
            of.count += 1;
            of.onward += u32::from(onward);
            if let Some(since) = since {
                of.timed.0 += 1;
                of.timed.1 += (day(at) - day(since)).num_days().max(0);
            }
        }
        Ok(all)
    }
}
