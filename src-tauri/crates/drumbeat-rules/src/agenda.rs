//! The order of a review (W-02, W-07): sections as the operating model names them, the deals by motion with
//! the program's primary motions first, the strongest signal first; and which dozen is talked about.

use std::collections::BTreeMap;

use drumbeat_model::deal::Motion;
use drumbeat_model::ids::DealId;
use drumbeat_model::review::{AgendaItem, AgendaSection};

use crate::policy::Policy;

/// The agenda made of candidate items.
///
/// A deal stands once, under the first section that claims it; the reasons of the others are added to its
/// `why`, and it keeps its highest rank. `discussed` is set on the policy's number of items with the highest
/// rank; nothing else of an item is changed.
#[must_use]
pub fn order(items: Vec<AgendaItem>, policy: &Policy) -> Vec<AgendaItem> {
    let mut items = once_per_deal(items);
    items.sort_by_cached_key(|item| {
        let motion = if item.section == AgendaSection::Deals { motion_place(item.motion, policy) } else { 0 };
        (item.section, motion, std::cmp::Reverse(item.rank), item.title.clone(), item.id.clone())
    });
    let mut by_rank: Vec<usize> = (0..items.len()).collect();
    // Stable: of two with the same rank the one that stands earlier is talked about.
    by_rank.sort_by_key(|&at| std::cmp::Reverse(items[at].rank));
    let discussed = usize::try_from(policy.review.discussed).unwrap_or(usize::MAX);
    for (place, at) in by_rank.into_iter().enumerate() {
        items[at].discussed = place < discussed;
    }
    items
}

fn motion_place(motion: Option<Motion>, policy: &Policy) -> usize {
    let primary = &policy.motions.primary;
    match motion {
        None => usize::MAX,
        Some(motion) => {
            let others =
                || Motion::ALL.iter().position(|one| *one == motion).map_or(usize::MAX, |at| primary.len() + at);
            primary.iter().position(|one| *one == motion).unwrap_or_else(others)
        }
    }
}

fn once_per_deal(mut items: Vec<AgendaItem>) -> Vec<AgendaItem> {
    items.sort_by_key(|item| item.section);
    let mut place: BTreeMap<DealId, usize> = BTreeMap::new();
    let mut kept: Vec<AgendaItem> = Vec::with_capacity(items.len());
    for item in items {
        // A registration's item is about the claim, even where it names a deal.
        let deal = item.deal.clone().filter(|_| item.registration.is_none());
        match deal.as_ref().and_then(|deal| place.get(deal)) {
            Some(&at) => {
                let first = &mut kept[at];
                first.rank = first.rank.max(item.rank);
                if !first.why.split("; ").any(|why| why == item.why) {
                    first.why = format!("{}; {}", first.why, item.why);
                }
            }
            None => {
                if let Some(deal) = deal {
                    place.insert(deal, kept.len());
                }
                kept.push(item);
            }
        }
    }
    kept
}
