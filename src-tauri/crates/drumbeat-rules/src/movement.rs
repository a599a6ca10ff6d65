//! What moved between two reviews (W-05, B8): each deal's moves, and the waterfall that they make.
//!
//! The hard idea: a deal goes from how it stood then to how it stands now in small steps (into another
//! motion, to another amount, out of the pipeline), and each step has its part in money, so that the parts
//! of one deal add up to its difference by construction, and those of all deals to the pipeline's. The
//! ends of a waterfall are counted elsewhere and handed in; what its steps do not explain is told, never
//! spread. Moves without money (a stage, a close date, a change that was taken back) are kinds without a
//! part. Which deals to look at, and how they stood, is the caller's to know.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{Motion, Movement};
use drumbeat_model::field::Field;
use drumbeat_model::ids::DealId;
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::movement::{MoveKind, Standing, Waterfall, WaterfallStep};
use drumbeat_model::review::PipelineTotal;
use rust_decimal::Decimal;

/// Deals that a step names.
const NAMED: usize = 200;

/// What one step of a deal adds to the pipeline of a motion, in its currency and with its sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which pipeline.
    pub motion: Option<Motion>,
    /// Under which kind it is told.
    pub kind: MoveKind,
    /// How much.
    pub amount: Money,
}

/// What one deal did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Moves {
    /// Every kind once, in the order of [`MoveKind`].
    pub kinds: Vec<MoveKind>,
    /// Their parts in money.
    pub parts: Vec<Part>,
}

impl Moves {
    fn did(&mut self, kind: MoveKind) {
        if !self.kinds.contains(&kind) {
            self.kinds.push(kind);
        }
    }

    fn add(&mut self, kind: MoveKind, motion: Option<Motion>, amount: Option<Money>) {
        self.did(kind);
        if let Some(amount) = amount.filter(|money| !money.amount.is_zero()) {
            self.parts.push(Part { motion, kind, amount });
        }
    }

    fn take(&mut self, kind: MoveKind, stood: &Standing) {
        self.add(kind, stood.motion, stood.amount.clone().map(|money| Money { amount: -money.amount, ..money }));
    }

    fn put(&mut self, kind: MoveKind, stood: &Standing) {
        self.add(kind, stood.motion, stood.amount.clone());
    }

    /// From one motion and amount to another, both in the pipeline.
    fn carry(&mut self, then: &Standing, now: &Standing) {
        let elsewhere = then.motion != now.motion;
        let same_currency = match (&then.amount, &now.amount) {
            (Some(then), Some(now)) => then.currency == now.currency,
            _ => true,
        };
        if elsewhere || !same_currency {
            self.take(MoveKind::WentOut, then);
            // In the same currency it comes in as it went out, so that what was added or lost on the way is told.
            let arrived = if same_currency { then.amount.clone() } else { now.amount.clone() };
            self.add(MoveKind::CameIn, now.motion, arrived);
            if !same_currency {
                return;
            }
        }
        let amount = |stood: &Standing| stood.amount.as_ref().map_or(Decimal::ZERO, |money| money.amount);
        let Some(currency) = now.amount.as_ref().or(then.amount.as_ref()).map(|money| money.currency.clone()) else {
            return;
        };
        let more = amount(now) - amount(then);
        if more != Decimal::ZERO {
            let kind = if more > Decimal::ZERO { MoveKind::AmountUp } else { MoveKind::AmountDown };
            self.add(kind, now.motion, Some(Money::new(more, currency)));
        }
    }
}

/// Whether a deal counts in the pipeline that is reviewed: open, with a partner.
#[must_use]
pub fn in_pipeline(stood: &Standing) -> bool {
    stood.outcome == Outcome::Open && stood.partner.is_some()
}

fn ended(outcome: Outcome) -> Option<MoveKind> {
    match outcome {
        Outcome::Open => None,
        Outcome::Won => Some(MoveKind::Won),
        Outcome::Lost => Some(MoveKind::Lost),
    }
}

/// What a deal did between `then` and `now`; absent where it was not known. `changes` are those seen in between:
/// what they changed and changed back is told as reverted.
#[must_use]
pub fn moves(then: Option<&Standing>, now: Option<&Standing>, changes: &[Movement]) -> Moves {
    let mut moves = Moves::default();
    let there = then.filter(|stood| in_pipeline(stood));
    // Closed with a partner: it left the pipeline by being won or lost.
    let close = now.filter(|stood| stood.partner.is_some()).and_then(|stood| Some((stood, ended(stood.outcome)?)));
    match (there, now.filter(|stood| in_pipeline(stood))) {
        (Some(then), Some(now)) => {
            moves.carry(then, now);
            between(then, now, &mut moves);
        }
        (Some(then), None) => match (close, now) {
            (Some((now, kind)), _) => {
                moves.carry(then, now);
                moves.take(kind, now);
            }
            (None, Some(_)) => moves.take(MoveKind::WentOut, then),
            (None, None) => moves.take(MoveKind::Gone, then),
        },
        (None, Some(now)) => moves.put(entered(then), now),
        (None, None) => {
            if let Some((now, kind)) = close
                && then.is_none_or(|then| then.outcome != now.outcome)
            {
                moves.put(entered(then), now);
                moves.take(kind, now);
            }
        }
    }
    if let (Some(then), Some(now)) = (then, now)
        && (in_pipeline(then) || in_pipeline(now))
        && changes.iter().any(|change| came_back(change.field, then, now))
    {
        moves.did(MoveKind::Reverted);
    }
    moves.kinds.sort_unstable();
    moves
}

/// How a deal that was not in the pipeline came into it.
fn entered(then: Option<&Standing>) -> MoveKind {
    match then {
        None => MoveKind::New,
        Some(then) if then.outcome == Outcome::Open => MoveKind::CameIn,
        Some(_) => MoveKind::Reopened,
    }
}

/// Moves without money of a deal that was in the pipeline all the time.
fn between(then: &Standing, now: &Standing, moves: &mut Moves) {
    if then.partner != now.partner {
        moves.did(MoveKind::PartnerChanged);
    }
    if then.position != 0 && now.position != 0 {
        match now.position.cmp(&then.position) {
            std::cmp::Ordering::Greater => moves.did(MoveKind::Advanced),
            std::cmp::Ordering::Less => moves.did(MoveKind::WentBack),
            std::cmp::Ordering::Equal => {}
        }
    }
    if let (Some(was), Some(is)) = (then.close_date, now.close_date) {
        match is.cmp(&was) {
            std::cmp::Ordering::Greater => moves.did(MoveKind::Slipped),
            std::cmp::Ordering::Less => moves.did(MoveKind::PulledIn),
            std::cmp::Ordering::Equal => {}
        }
    }
}

/// A field that was changed and has the value from before again.
fn came_back(field: Field, then: &Standing, now: &Standing) -> bool {
    match field {
        Field::Stage => then.stage == now.stage && then.position == now.position && then.outcome == now.outcome,
        Field::Amount => then.amount == now.amount,
        Field::CloseDate => then.close_date == now.close_date,
        Field::Partner => then.partner == now.partner,
        Field::Motion => then.motion == now.motion,
        _ => false,
    }
}

type Group = (Option<Motion>, Currency);
/// What one deal adds to a step.
type Share<'m> = (&'m DealId, Decimal);

/// The pipeline from then to now, one waterfall for each motion and currency that has money at either end or
/// moved any; the largest first. `then` and `now` are counted apart from the deals: what the deals' parts do not
/// explain of the difference is in [`Waterfall::unexplained`].
#[must_use]
pub fn waterfalls<'m>(
    then: &[PipelineTotal],
    now: &[PipelineTotal],
    deals: impl IntoIterator<Item = (&'m DealId, &'m Moves)>,
) -> Vec<Waterfall> {
    let by_group = |totals: &[PipelineTotal]| -> BTreeMap<Group, (Decimal, u32)> {
        let mut all = BTreeMap::new();
        for total in totals {
            let sum: &mut (Decimal, u32) =
                all.entry((total.motion, total.amount.currency.clone())).or_insert((Decimal::ZERO, 0));
            sum.0 += total.amount.amount;
            sum.1 += total.deals;
        }
        all
    };
    let (then, now) = (by_group(then), by_group(now));
    let mut parts: BTreeMap<Group, BTreeMap<MoveKind, Vec<Share<'m>>>> = BTreeMap::new();
    for (id, moves) in deals {
        for part in &moves.parts {
            let group = parts.entry((part.motion, part.amount.currency.clone())).or_default();
            group.entry(part.kind).or_default().push((id, part.amount.amount));
        }
    }
    let mut groups: Vec<&Group> = then.keys().chain(now.keys()).chain(parts.keys()).collect();
    groups.sort_unstable();
    groups.dedup();
    let mut all: Vec<Waterfall> = groups
        .into_iter()
        .map(|group| {
            let (motion, currency) = group;
            let money = |amount: Decimal| Money::new(amount.normalize(), currency.clone());
            let ((was, deals_then), (is, deals_now)) =
                (then.get(group).copied().unwrap_or_default(), now.get(group).copied().unwrap_or_default());
            let mut explained = Decimal::ZERO;
            let steps = parts.get(group).into_iter().flatten().map(|(kind, deals)| {
                let sum: Decimal = deals.iter().map(|(_, amount)| *amount).sum();
                explained += sum;
                let mut deals: Vec<&Share<'_>> = deals.iter().collect();
                deals.sort_by_key(|(id, amount)| (Reverse(amount.abs()), *id));
                WaterfallStep {
                    kind: *kind,
                    amount: money(sum),
                    deals: u32::try_from(deals.len()).unwrap_or(u32::MAX),
                    ids: deals.into_iter().take(NAMED).map(|(id, _)| (*id).clone()).collect(),
                }
            });
            let steps: Vec<WaterfallStep> = steps.collect();
            let left = is - was - explained;
            Waterfall {
                motion: *motion,
                then: money(was),
                deals_then,
                steps,
                now: money(is),
                deals_now,
                unexplained: (!left.is_zero()).then(|| money(left)),
            }
        })
        .collect();
    all.sort_by_key(|fall| (Reverse(fall.now.amount.max(fall.then.amount)), fall.motion));
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use drumbeat_model::ids::PartnerId;
    use drumbeat_model::value;

    use super::*;

    fn stood(amount: &str, motion: Option<Motion>) -> Standing {
        let (amount, currency) = amount.split_once(' ').unwrap_or((amount, "USD"));
        Standing {
            name: "Deal".to_owned(),
            partner: Some(PartnerId("p".to_owned())),
            motion,
            amount: Some(Money::new(amount.parse().unwrap(), Currency::parse(currency).unwrap())),
            stage: "Two".to_owned(),
            position: 2,
            outcome: Outcome::Open,
            close_date: value::day("2026-11-30"),
        }
    }

    fn usual() -> Standing {
        stood("100", Some(Motion::Reseller))
    }

    fn told(moves: &Moves) -> String {
        let parts: Vec<String> = moves
            .parts
            .iter()
            .map(|part| {
                let motion = part.motion.map_or("none", Motion::name);
                format!("{} {motion} {}{}", part.kind.name(), part.amount.currency, part.amount.amount)
            })
            .collect();
        let kinds: Vec<&str> = moves.kinds.iter().map(|kind| kind.name()).collect();
        format!("{}: {}", kinds.join(","), parts.join(", "))
    }

    #[test]
    fn every_move_has_its_kind_and_its_part() {
        let with = |f: &dyn Fn(&mut Standing)| {
            let mut changed = usual();
            f(&mut changed);
            Some(changed)
        };
        let known = Some(usual());
        let won = with(&|s| s.outcome = Outcome::Won);
        let lost = with(&|s| s.outcome = Outcome::Lost);
        let direct = with(&|s| s.partner = None);
        let cases: Vec<(Option<Standing>, Option<Standing>, &str)> = vec![
            (known.clone(), known.clone(), ": "),
            (None, None, ": "),
            (None, known.clone(), "new: new reseller USD100"),
            (known.clone(), None, "gone: gone reseller USD-100"),
            (known.clone(), won.clone(), "won: won reseller USD-100"),
            (known.clone(), lost.clone(), "lost: lost reseller USD-100"),
            (won.clone(), known.clone(), "reopened: reopened reseller USD100"),
            (lost.clone(), won.clone(), "reopened,won: reopened reseller USD100, won reseller USD-100"),
            (None, won.clone(), "new,won: new reseller USD100, won reseller USD-100"),
            (won.clone(), won.clone(), ": "),
            (direct.clone(), known.clone(), "came_in: came_in reseller USD100"),
            (known.clone(), direct.clone(), "went_out: went_out reseller USD-100"),
            (direct.clone(), direct, ": "),
            (known.clone(), with(&|s| s.position = 3), "advanced: "),
            (known.clone(), with(&|s| s.position = 1), "went_back: "),
            (known.clone(), with(&|s| s.position = 0), ": "),
            (known.clone(), with(&|s| s.close_date = value::day("2026-12-24")), "slipped: "),
            (known.clone(), with(&|s| s.close_date = value::day("2026-11-01")), "pulled_in: "),
            (known.clone(), with(&|s| s.partner = Some(PartnerId("q".to_owned()))), "partner_changed: "),
            (known.clone(), Some(stood("130.55", Some(Motion::Reseller))), "amount_up: amount_up reseller USD30.55"),
            (known.clone(), Some(stood("60", Some(Motion::Reseller))), "amount_down: amount_down reseller USD-40"),
            (known.clone(), with(&|s| s.amount = None), "amount_down: amount_down reseller USD-100"),
            (with(&|s| s.amount = None), known.clone(), "amount_up: amount_up reseller USD100"),
            (with(&|s| s.amount = None), won.clone(), "amount_up,won: amount_up reseller USD100, won reseller USD-100"),
            (
                known.clone(),
                Some(stood("130", Some(Motion::Tech))),
                "came_in,amount_up,went_out: went_out reseller USD-100, came_in tech USD100, amount_up tech USD30",
            ),
            (
                known.clone(),
                Some(stood("90 EUR", Some(Motion::Reseller))),
                "came_in,went_out: went_out reseller USD-100, came_in reseller EUR90",
            ),
            (
                known.clone(),
                with(&|s| {
                    s.motion = None;
                    s.outcome = Outcome::Won;
                    s.amount.as_mut().unwrap().amount = Decimal::from(70);
                }),
                "came_in,amount_down,went_out,won: went_out reseller USD-100, came_in none USD100, amount_down none USD-30, won none USD-70",
            ),
        ];
        for (then, now, wanted) in cases {
            assert_eq!(told(&moves(then.as_ref(), now.as_ref(), &[])), wanted, "{then:?} to {now:?}");
        }
    }

    #[test]
    fn a_change_that_was_taken_back_is_told_beside_what_stayed() {
        let change = |field| Movement {
            field,
            before: None,
            after: None,
            at: value::instant("2026-11-12T09:00:00Z").unwrap(),
            by: None,
            ours: false,
        };
        let back = [change(Field::CloseDate), change(Field::CloseDate)];
        assert_eq!(told(&moves(Some(&usual()), Some(&usual()), &back)), "reverted: ");
        let grown = stood("120", Some(Motion::Reseller));
        assert_eq!(told(&moves(Some(&usual()), Some(&grown), &back)), "amount_up,reverted: amount_up reseller USD20");
        let kept = [change(Field::Amount)];
        assert_eq!(told(&moves(Some(&usual()), Some(&grown), &kept)), "amount_up: amount_up reseller USD20");
    }

    #[test]
    fn what_the_deals_do_not_explain_is_told_and_not_spread() {
        let total = |amount: i64| PipelineTotal {
            motion: Some(Motion::Tech),
            amount: Money::new(Decimal::from(amount), Currency::parse("EUR").unwrap()),
            deals: 1,
        };
        let done = moves(None, Some(&stood("40 EUR", Some(Motion::Tech))), &[]);
        let id = DealId("1".to_owned());
        let falls = waterfalls(&[total(100)], &[total(141)], [(&id, &done)]);
        assert_eq!(falls.len(), 1);
        assert_eq!(falls[0].unexplained.as_ref().unwrap().amount, Decimal::ONE);
        assert_eq!(falls[0].steps.len(), 1);
        assert!(waterfalls(&[total(100)], &[total(140)], [(&id, &done)])[0].unexplained.is_none());
    }

    /// Numbers that look drawn at random and are the same in each run.
    struct Dice(u64);

    impl Dice {
        fn throw(&mut self, sides: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % sides
        }

        fn standing(&mut self) -> Standing {
            let motion = [None, Some(Motion::Tech), Some(Motion::Reseller)][self.throw(3) as usize];
            let currency = ["USD", "EUR"][self.throw(2) as usize];
            let cents = Decimal::new(i64::try_from(self.throw(10_000_000)).unwrap(), 2);
            Standing {
                partner: (self.throw(5) > 0).then(|| PartnerId(self.throw(3).to_string())),
                amount: (self.throw(6) > 0).then(|| Money::new(cents, Currency::parse(currency).unwrap())),
                position: u32::try_from(self.throw(6)).unwrap(),
                outcome: [Outcome::Open, Outcome::Open, Outcome::Won, Outcome::Lost][self.throw(4) as usize],
                ..stood("0", motion)
            }
        }
    }

    fn totals<'s>(book: impl Iterator<Item = &'s Standing>) -> Vec<PipelineTotal> {
        book.filter(|stood| in_pipeline(stood))
            .filter_map(|stood| Some(PipelineTotal { motion: stood.motion, amount: stood.amount.clone()?, deals: 1 }))
            .collect()
    }

    #[test]
    fn a_waterfall_adds_up_to_the_cent_for_any_history() {
        for seed in 0..400 {
            let mut dice = Dice(seed);
            let mut book: BTreeMap<DealId, Standing> = BTreeMap::new();
            for number in 0..40 {
                book.insert(DealId(number.to_string()), dice.standing());
            }
            let start = book.clone();
            // Made, changed, changed back, closed, reopened, deleted: only the ends count.
            for _ in 0..200 {
                let id = DealId(dice.throw(60).to_string());
                match dice.throw(6) {
                    0 => drop(book.remove(&id)),
                    1 => match start.get(&id) {
                        Some(before) => drop(book.insert(id, before.clone())),
                        None => drop(book.remove(&id)),
                    },
                    _ => drop(book.insert(id, dice.standing())),
                }
            }
            let ids: std::collections::BTreeSet<&DealId> = start.keys().chain(book.keys()).collect();
            let moved: Vec<(&DealId, Moves)> =
                ids.into_iter().map(|id| (id, moves(start.get(id), book.get(id), &[]))).collect();
            let falls = waterfalls(
                &totals(start.values()),
                &totals(book.values()),
                moved.iter().map(|(id, moves)| (*id, moves)),
            );
            assert!(!falls.is_empty());
            for fall in falls {
                let steps: Decimal = fall.steps.iter().map(|step| step.amount.amount).sum();
                assert_eq!(fall.then.amount + steps, fall.now.amount, "seed {seed}: {fall:?}");
                assert_eq!(fall.unexplained, None, "seed {seed}");
            }
        }
    }
}
