//! The order of a review (W-01, W-02, W-07): the sections that the policy names for its kind, the deals by motion
//! with the program's primary motions first, or everything by seller, the strongest signal first; and which
//! dozen is talked about.

use std::collections::BTreeMap;

use drumbeat_model::deal::Motion;
use drumbeat_model::ids::DealId;
use drumbeat_model::review::{AgendaItem, AgendaOrder, AgendaSection};

use crate::policy::Policy;

/// The agenda made of candidate items.
///
/// Of the candidates those of `sections` stay, in the order of `sections`; by seller, each seller's items stand
/// together, by name, and what is nobody's comes last. A deal stands once, under the first section that claims
/// it; the reasons of the others are added to its `why`, and it keeps its highest rank. `discussed` is set on the
/// policy's number of items with the highest rank, so that no section crowds out the others; nothing else of an item
/// is changed.
#[must_use]
pub fn order(
    mut items: Vec<AgendaItem>,
    sections: &[AgendaSection],
    order: AgendaOrder,
    policy: &Policy,
) -> Vec<AgendaItem> {
    let place = |section: AgendaSection| sections.iter().position(|one| *one == section).unwrap_or(usize::MAX);
    items.retain(|item| sections.contains(&item.section));
    items.sort_by_key(|item| place(item.section));
    let mut items = once_per_deal(items);
    items.sort_by_cached_key(|item| {
        let motion = if item.section == AgendaSection::Deals { motion_place(item.motion, policy) } else { 0 };
        let seller = match order {
            AgendaOrder::Motion => (false, None),
            AgendaOrder::Seller => (item.seller_name.is_none(), item.seller_name.clone()),
        };
        let strongest = std::cmp::Reverse(item.rank);
        (seller, place(item.section), motion, strongest, item.title.clone(), item.id.clone())
    });
    let mut by_rank: Vec<usize> = (0..items.len()).collect();
    // Stable: of two with the same rank the one that stands earlier is talked about.
    by_rank.sort_by_key(|&at| std::cmp::Reverse(items[at].rank));
    let mut left = policy.review.discussed;
    let mut from: BTreeMap<AgendaSection, u32> = BTreeMap::new();
    // First so that no section crowds out the others, then whatever is strongest.
    for most in [policy.review.per_section, u32::MAX] {
        for &at in &by_rank {
            let item = &mut items[at];
            let taken = from.entry(item.section).or_default();
            if left > 0 && *taken < most && !item.discussed {
                item.discussed = true;
                *taken += 1;
                left -= 1;
            }
        }
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

fn once_per_deal(items: Vec<AgendaItem>) -> Vec<AgendaItem> {
    let mut place: BTreeMap<DealId, usize> = BTreeMap::new();
    let mut kept: Vec<AgendaItem> = Vec::with_capacity(items.len());
    for item in items {
        // A registration's item is about the claim, even where it names a deal; a channel conflict's about both sides.
        let alone = item.registration.is_some() || item.conflict.is_some();
        let deal = item.deal.clone().filter(|_| !alone);
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use drumbeat_model::review::ItemState;

    fn item(section: AgendaSection, title: &str, rank: u32) -> AgendaItem {
        AgendaItem {
            id: title.into(),
            section,
            title: title.to_owned(),
            subtitle: String::new(),
            why: format!("why {title}"),
            motion: None,
            amount: None,
            rank,
            discussed: false,
            deal: None,
            registration: None,
            partner: None,
            conflict: None,
            seller: None,
            seller_name: None,
            state: ItemState::Open,
            outcome: None,
        }
    }

    fn order(items: Vec<AgendaItem>, policy: &Policy) -> Vec<AgendaItem> {
        super::order(items, &policy.review.sections.weekly, AgendaOrder::Motion, policy)
    }

    #[test]
    fn each_kind_of_review_has_the_sections_that_the_policy_names_for_it() {
        let policy = Policy::built_in();
        let candidates: Vec<AgendaItem> =
            AgendaSection::ALL.iter().map(|section| item(*section, section.name(), 1)).collect();
        for template in drumbeat_model::review::ReviewTemplate::ALL {
            let wanted = policy.review.sections.of(*template);
            let agenda = super::order(candidates.clone(), wanted, AgendaOrder::Motion, &policy);
            assert_eq!(agenda.iter().map(|item| item.section).collect::<Vec<_>>(), wanted, "{template:?}");
        }
    }

    #[test]
    fn by_seller_everybodys_items_stand_together_and_what_is_nobodys_comes_last() {
        let of = |seller: Option<&str>, section, title: &str, rank| AgendaItem {
            seller_name: seller.map(str::to_owned),
            ..item(section, title, rank)
        };
        let items = vec![
            of(None, AgendaSection::Clocks, "claim", 9),
            of(Some("Bo"), AgendaSection::Deals, "b", 5),
            of(Some("Ada"), AgendaSection::Stalled, "a2", 8),
            of(Some("Ada"), AgendaSection::Protections, "a1", 1),
        ];
        let policy = Policy::built_in();
        let agenda = super::order(items, &policy.review.sections.weekly, AgendaOrder::Seller, &policy);
        assert_eq!(titles(&agenda), ["a1", "a2", "b", "claim"]);
    }

    fn titles(items: &[AgendaItem]) -> Vec<&str> {
        items.iter().map(|item| item.title.as_str()).collect()
    }

    #[test]
    fn sections_stand_as_the_operating_model_names_them_and_the_strongest_signal_first() {
        let items: Vec<AgendaItem> = AgendaSection::ALL
            .iter()
            .rev()
            .flat_map(|section| {
                [
                    item(*section, &format!("{} low", section.name()), 1),
                    item(*section, &format!("{} high", section.name()), 9),
                ]
            })
            .collect();
        let ordered = order(items, &Policy::built_in());
        let sections: Vec<AgendaSection> = ordered.iter().map(|item| item.section).step_by(2).collect();
        assert_eq!(sections, AgendaSection::ALL);
        assert!(ordered.chunks(2).all(|pair| pair[0].rank > pair[1].rank));
    }

    #[test]
    fn deals_stand_by_motion_and_the_primary_motions_first() {
        let of = |motion, rank| AgendaItem { motion, ..item(AgendaSection::Deals, &format!("{motion:?}"), rank) };
        let items = vec![
            of(None, 99),
            of(Some(Motion::Tech), 50),
            of(Some(Motion::Marketplace), 40),
            of(Some(Motion::Referral), 2),
            of(Some(Motion::Reseller), 1),
        ];
        let ordered = order(items, &Policy::built_in());
        assert_eq!(titles(&ordered), ["Some(Reseller)", "Some(Referral)", "Some(Marketplace)", "Some(Tech)", "None"]);
    }

    #[test]
    fn about_a_dozen_is_discussed_chosen_by_signal() {
        let items: Vec<AgendaItem> = (0..30).map(|n| item(AgendaSection::Hygiene, &format!("{n:02}"), n / 2)).collect();
        let ordered = order(items, &Policy::built_in());
        let discussed: Vec<&AgendaItem> = ordered.iter().filter(|item| item.discussed).collect();
        assert_eq!(discussed.len(), 12);
        assert!(discussed.iter().all(|item| item.rank >= 9));
        let few = order(vec![item(AgendaSection::Clocks, "one", 0)], &Policy::built_in());
        assert!(few[0].discussed);
        assert_eq!(order(Vec::new(), &Policy::built_in()), []);
    }

    #[test]
    fn no_section_crowds_out_the_others_among_what_is_discussed() {
        let many = |section: AgendaSection, rank| (0..20).map(move |n| item(section, &format!("{n:02}"), rank));
        let items = many(AgendaSection::Clocks, 60).chain(many(AgendaSection::Stalled, 10));
        let few = [item(AgendaSection::Renewals, "one", 30)];
        let ordered = order(items.chain(few).collect(), &Policy::built_in());
        let count = |section| ordered.iter().filter(|item| item.discussed && item.section == section).count();
        // Four of each that has so many, then the strongest of what is left.
        let counts = [AgendaSection::Clocks, AgendaSection::Renewals, AgendaSection::Stalled].map(count);
        assert_eq!(counts, [7, 1, 4]);
    }

    #[test]
    fn a_deal_stands_once_with_all_its_reasons() {
        let about = |section, title: &str, rank| AgendaItem { deal: Some("d1".into()), ..item(section, title, rank) };
        let claim = AgendaItem { registration: Some("r1".into()), ..about(AgendaSection::Clocks, "claim", 1) };
        let items = vec![
            about(AgendaSection::Hygiene, "c", 7),
            about(AgendaSection::Protections, "a", 3),
            about(AgendaSection::Stalled, "b", 5),
            claim,
        ];
        let ordered = order(items, &Policy::built_in());
        assert_eq!(titles(&ordered), ["claim", "a"]);
        assert_eq!((ordered[1].why.as_str(), ordered[1].rank), ("why a; why b; why c", 7));
    }
}
