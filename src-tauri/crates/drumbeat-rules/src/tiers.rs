//! What a partner has of what its tier and the next one ask, and where it belongs by that (T-02).
//!
//! Measured over four quarters that have ended, and again as of a quarter earlier: a partner that misses what its tier asks
//! keeps it for one quarter, with a written plan, and goes down when it missed it then as well. It is a finding; a person
//! moves a partner. What is not known is neither reached nor missed.

use drumbeat_model::pack::{TierCourse, TierCriterion as Criterion};
use drumbeat_model::partner::Tier;
use rust_decimal::Decimal;

use crate::policy::{TierRule, Tiers};

/// What is known of a partner on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Bookings of four quarters.
    pub bookings: Option<Decimal>,
    /// Deals won.
    pub deals_won: Option<Decimal>,
    /// Registrations approved.
    pub registrations: Option<Decimal>,
    /// Certified people.
    pub certified: Option<Decimal>,
    /// Hygiene in percent; of no open deal nothing is known.
    pub hygiene: Option<Decimal>,
}

/// One criterion: what is there, and what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// Which.
    pub criterion: Criterion,
    /// What the partner has.
    pub has: Option<Decimal>,
    /// What its own tier asks.
    pub own: Option<Decimal>,
    /// What the next tier asks.
    pub next: Option<Decimal>,
}

/// Where a partner stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its tier.
    pub tier: Tier,
    /// The next tier that asks for anything.
    pub next: Option<Tier>,
    /// Every criterion of either, in the order that the list of criteria has.
    pub asked: Vec<Asked>,
    /// What the criteria speak for.
    pub course: TierCourse,
    /// The tier that it comes to by them.
    pub to: Tier,
}

/// What a tier asks.
fn asks(rule: &TierRule) -> [(Criterion, Option<u32>); 5] {
    [
        (Criterion::Bookings, rule.bookings),
        (Criterion::DealsWon, rule.deals_won),
        (Criterion::Registrations, rule.registrations),
        (Criterion::Certified, rule.certified),
        (Criterion::Hygiene, rule.hygiene),
    ]
}

fn has(standing: &Standing, criterion: Criterion) -> Option<Decimal> {
    match criterion {
        Criterion::Bookings => standing.bookings,
        Criterion::DealsWon => standing.deals_won,
        Criterion::Registrations => standing.registrations,
        Criterion::Certified => standing.certified,
        Criterion::Hygiene => standing.hygiene,
    }
}

/// What each criterion of a tier comes to, where it is known.
fn results(rule: &TierRule, standing: &Standing) -> Vec<Option<bool>> {
    let asked = asks(rule).into_iter().filter_map(|(criterion, asked)| Some((criterion, asked?)));
    asked.map(|(criterion, asked)| has(standing, criterion).map(|has| has >= Decimal::from(asked))).collect()
}

fn asks_anything(rule: &TierRule) -> bool {
    asks(rule).iter().any(|(_, asked)| asked.is_some())
}

fn reaches(rule: &TierRule, standing: &Standing) -> bool {
    results(rule, standing).iter().all(|met| *met == Some(true))
}

fn keeps(rule: &TierRule, standing: &Standing) -> bool {
    results(rule, standing).iter().all(|met| *met != Some(false))
}

/// Where a partner of this tier stands by the criteria; nothing where no tier asks for anything (T-02).
///
/// `now` is what is known at the end of four quarters, `before` a quarter earlier.
#[must_use]
pub fn placed(tier: Tier, now: &Standing, before: &Standing, tiers: &Tiers) -> Option<Placed> {
    let rule = |tier: Tier| match tier {
        Tier::Registered => &tiers.registered,
        Tier::Select => &tiers.select,
        Tier::Elite => &tiers.elite,
    };
    if !Tier::ALL.iter().any(|x| asks_anything(rule(*x))) {
        return None;
    }
    // No tier is skipped on the way up, and one that asks for nothing is nobody's merit.
    let above = || Tier::ALL.iter().copied().filter(|x| *x > tier && asks_anything(rule(*x)));
    let reached = above().take_while(|x| reaches(rule(*x), now)).last();
    let (course, to) = if let Some(reached) = reached {
        (TierCourse::Up, reached)
    } else if keeps(rule(tier), now) {
        (TierCourse::Stays, tier)
    } else if keeps(rule(tier), before) {
        (TierCourse::Grace, tier)
    } else {
        let below = Tier::ALL.iter().rev().copied().filter(|x| *x < tier);
        let held = below.filter(|x| asks_anything(rule(*x))).find(|x| keeps(rule(*x), now));
        let to = held.unwrap_or(Tier::Registered);
        (if to < tier { TierCourse::Down } else { TierCourse::Grace }, to)
    };
    let next = above().next();
    let own = asks(rule(tier));
    let of_next = next.map(|x| asks(rule(x)));
    let decimal = |x: Option<u32>| x.map(Decimal::from);
    let asked = own.into_iter().enumerate().map(|(at, (criterion, own))| Asked {
        criterion,
        has: has(now, criterion),
        own: decimal(own),
        next: decimal(of_next.and_then(|all| all.get(at).and_then(|(_, asked)| *asked))),
    });
    Some(Placed { tier, next, asked: asked.filter(|x| x.own.is_some() || x.next.is_some()).collect(), course, to })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::policy::Policy;
    use TierCourse::{Down, Grace, Stays, Up};

    /// Select: 100,000 in four quarters, 2 certified people. Elite: 400,000, 4 people, hygiene 85 %.
    fn tiers() -> Tiers {
        let mut tiers = Policy::built_in().tiers.clone();
        (tiers.select.bookings, tiers.select.certified) = (Some(100_000), Some(2));
        (tiers.elite.bookings, tiers.elite.certified, tiers.elite.hygiene) = (Some(400_000), Some(4), Some(85));
        tiers
    }

    fn known(bookings: i64, certified: i64, hygiene: i64) -> Standing {
        let some = |x: i64| Some(Decimal::from(x));
        Standing { bookings: some(bookings), certified: some(certified), hygiene: some(hygiene), ..Standing::default() }
    }

    #[test]
    fn a_partner_goes_up_as_far_as_it_reaches_keeps_its_tier_one_quarter_and_then_goes_down() {
        let (strong, fair, weak) = (known(400_000, 4, 85), known(100_000, 2, 40), known(99_999, 2, 90));
        for (tier, now, before, course, to) in [
            (Tier::Registered, strong, weak, Up, Tier::Elite),
            (Tier::Registered, fair, weak, Up, Tier::Select),
            (Tier::Registered, weak, weak, Stays, Tier::Registered),
            (Tier::Select, strong, fair, Up, Tier::Elite),
            // One certified person short of Elite.
            (Tier::Select, known(900_000, 3, 95), fair, Stays, Tier::Select),
            (Tier::Select, weak, fair, Grace, Tier::Select),
            (Tier::Select, weak, weak, Down, Tier::Registered),
            (Tier::Elite, strong, strong, Stays, Tier::Elite),
            (Tier::Elite, known(400_000, 4, 84), strong, Grace, Tier::Elite),
            (Tier::Elite, fair, fair, Down, Tier::Select),
            (Tier::Elite, weak, fair, Down, Tier::Registered),
        ] {
            let placed = placed(tier, &now, &before, &tiers()).unwrap();
            assert_eq!((placed.course, placed.to), (course, to), "{tier:?} {now:?} before {before:?}");
        }
    }

    #[test]
    fn every_criterion_of_either_tier_is_there_with_what_is_asked_and_what_is_known() {
        let placed = placed(Tier::Select, &known(250_000, 3, 90), &Standing::default(), &tiers()).unwrap();
        assert_eq!(placed.next, Some(Tier::Elite));
        let of = |x: &Asked| (x.criterion, x.has, x.own, x.next);
        let some = |x: i64| Some(Decimal::from(x));
        assert_eq!(
            placed.asked.iter().map(of).collect::<Vec<_>>(),
            [
                (Criterion::Bookings, some(250_000), some(100_000), some(400_000)),
                (Criterion::Certified, some(3), some(2), some(4)),
                (Criterion::Hygiene, some(90), None, some(85)),
            ]
        );
    }

    #[test]
    fn without_criteria_nothing_is_said_and_what_is_not_known_is_neither_reached_nor_missed() {
        assert_eq!(placed(Tier::Select, &known(0, 0, 0), &known(0, 0, 0), &Policy::built_in().tiers), None);
        let unknown = Standing { bookings: None, ..known(0, 4, 90) };
        let from = |tier| placed(tier, &unknown, &unknown, &tiers()).unwrap().course;
        assert_eq!((from(Tier::Registered), from(Tier::Select)), (Stays, Stays));
        assert_eq!(placed(Tier::Elite, &known(0, 0, 0), &known(0, 0, 0), &tiers()).unwrap().next, None, "the top");
    }

    #[test]
    fn a_tier_that_asks_for_nothing_is_no_step_up_and_more_never_leads_lower() {
        let mut tiers = tiers();
        (tiers.select.bookings, tiers.select.certified) = (None, None);
        let up = placed(Tier::Registered, &known(0, 0, 0), &Standing::default(), &tiers).unwrap();
        assert_eq!((up.course, up.next), (Stays, Some(Tier::Elite)));
        let tiers = super::tests::tiers();
        for tier in Tier::ALL {
            let mut last = Tier::Registered;
            for at in 0..10 {
                let now = known(50_000 * at, at, 70 + 3 * at);
                let to = placed(*tier, &now, &Standing::default(), &tiers).unwrap().to;
                assert!(to >= last || to == *tier, "{tier:?} at {at}: {to:?} after {last:?}");
                last = to;
            }
        }
    }
}
