//! The measures of C-06, ready for Metrics and packs: rate, causes, time to acknowledge and to settle, the share that
//! the rule settled, appeals upheld. Early signs are not counted.

use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::channel::{ChannelSignal, ConflictKind, ConflictMeasures};
use drumbeat_model::settling::MeasureConflicts;
use drumbeat_model::time::{Day, Instant};

use crate::error::{Answer, ApiError};
use crate::workspace::Workspace;

fn start(day: Day) -> Instant {
    day.and_hms_opt(0, 0, 0).map_or(Instant::MIN_UTC, |at| at.and_utc())
}

fn median(mut all: Vec<u32>) -> Option<u32> {
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}

/// The measures of a time, its first and last day included.
///
/// # Errors
/// When it ends before it begins, or what the store says.
pub fn conflict_measures(ws: &Arc<Workspace>, request: MeasureConflicts) -> Answer<ConflictMeasures> {
    if request.to < request.from {
        return Err(ApiError::invalid("measures.days", "The time ends before it begins"));
    }
    let (from, to) = (start(request.from), start(request.to.succ_opt().unwrap_or(request.to)));
    ws.read(|r| {
        let raised = r.conflicts_raised(from, to)?;
        let (mut kinds, mut signals) = (BTreeMap::<ConflictKind, u32>::new(), BTreeMap::<ChannelSignal, u32>::new());
        for one in &raised {
            *kinds.entry(one.kind).or_default() += 1;
            one.signals.iter().for_each(|signal| *signals.entry(*signal).or_default() += 1);
        }
        let mut by_signal: Vec<_> = signals.into_iter().collect();
        by_signal.sort_by_key(|(signal, count)| (std::cmp::Reverse(*count), *signal));
        let count = u32::try_from(raised.len()).unwrap_or(u32::MAX);
        let of_deals = r.open_partner_deals()?;
        let (settled, by_rule) = r.conflicts_settled(from, to)?;
        let upheld = r.conflict_event_count("appeal upheld", from, to)?;
        Ok(ConflictMeasures {
            from: request.from,
            to: request.to,
            raised: count,
            of_deals,
            rate_percent: count.saturating_mul(100).checked_div(of_deals).unwrap_or(0),
            by_kind: kinds.into_iter().collect(),
            by_signal,
            minutes_to_acknowledge: median(raised.iter().filter_map(|one| one.minutes_to_acknowledge).collect()),
            minutes_to_settle: median(raised.iter().filter_map(|one| one.minutes_to_settle).collect()),
            settled,
            by_rule,
            appeals: upheld + r.conflict_event_count("appeal refused", from, to)?,
            upheld,
        })
    })
}
