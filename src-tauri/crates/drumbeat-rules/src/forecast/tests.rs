#![allow(clippy::unwrap_used, clippy::expect_used)]

use drumbeat_model::deal::Motion;
use drumbeat_model::forecast::Forecasting;
use drumbeat_model::time::{Day, FiscalYear};
use proptest::prelude::*;

use super::ahead::{ahead, half_closed, step};
use super::record::Looks;
use super::table::{BANDS, Changes, MONTHS, Rates};
use super::*;

fn start() -> Day {
    Day::from_ymd_opt(2024, 1, 1).unwrap()
}

fn after(days: i32) -> Day {
    day(number(start()) + days)
}

/// A small generator of numbers between 0 and 1: the same seed, the same numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Deals that come every day, win at a rate that depends on motion and stage, and lose at another.
fn program(deals: usize, days: i32, seed: u64) -> History {
    let mut dice = Dice(seed);
    let mut history = History { watched_from: Some(start()), crm: [0.5; STAGES], ..History::default() };
    for n in 0..deals {
        let created = (n as f64 / deals as f64 * f64::from(days)) as i32;
        let reseller = dice.roll() < 0.5;
        let motion = Some(if reseller { Motion::Reseller } else { Motion::Referral });
        let (mut path, mut at, mut closed) = (vec![(after(created), 1)], 1_u8, None);
        for on in created + 1..=days {
            let quarter_end = month_of_quarter(after(on)) == 2;
            let win = 0.004 * f64::from(at) * if reseller { 2.0 } else { 1.0 } * if quarter_end { 2.0 } else { 1.0 };
            let roll = dice.roll();
            if roll < win || roll > 0.995 {
                closed = Some((after(on), roll < win));
                break;
            }
            if roll > 0.975 && at < 3 {
                at += 1;
                path.push((after(on), at));
            }
        }
        history.deals.push(Past { created: after(created), closed, motion, born_with: true, path });
    }
    history
}

#[test]
fn nothing_is_learnt_where_nothing_was_closed() {
    assert!(learn(&History::default(), start()).is_none());
    let open = Past { created: start(), closed: None, motion: None, born_with: false, path: Vec::new() };
    let later = Past { closed: Some((after(50), true)), ..open.clone() };
    assert!(learn(&History { deals: vec![open, later], ..History::default() }, after(49)).is_none());
}

#[test]
fn the_factors_of_a_chance_multiply_out_to_it() {
    let history = program(2_000, 700, 7);
    let learnt = learn(&history, after(700)).unwrap();
    let forecaster = Forecaster::new(&learnt, after(700), after(760));
    let open = |created, stage| Standing { created: after(created), motion: Some(Motion::Reseller), stage };
    for standing in [open(690, None), open(600, Some((3, after(650)))), open(100, Some((1, after(100))))] {
        let opened = forecaster.open(&standing);
        let product: f64 = opened.factors.iter().map(|factor| factor.times).product();
        assert!((product - opened.chance).abs() < 1e-9, "{product} {opened:?}");
        assert!((forecaster.chance(&standing) - opened.chance).abs() < 1e-12);
        assert!((0.0..=0.98).contains(&opened.chance));
    }
}

#[test]
fn a_motion_and_a_stage_that_win_more_often_have_a_higher_chance() {
    let history = program(4_000, 900, 11);
    let learnt = learn(&history, after(900)).unwrap();
    let forecaster = Forecaster::new(&learnt, after(900), after(930));
    let chance = |motion, stage| {
        forecaster.chance(&Standing { created: after(860), motion: Some(motion), stage: Some((stage, after(880))) })
    };
    assert!(chance(Motion::Reseller, 2) > 1.3 * chance(Motion::Referral, 2));
    assert!(chance(Motion::Reseller, 3) > 1.3 * chance(Motion::Reseller, 1));
}

#[test]
fn a_motion_that_was_hardly_seen_stays_with_the_whole_program() {
    let mut history = program(2_000, 700, 3);
    history.deals[1_200].motion = Some(Motion::Tech);
    let learnt = learn(&history, after(700)).unwrap();
    for record in &learnt.records {
        let tech = record.motions[motion_number(Some(Motion::Tech))];
        assert!((tech.factor - 1.0).abs() < 0.2, "{tech:?}");
    }
    let tech = learnt.rates.wins.motions[motion_number(Some(Motion::Tech))];
    assert!((tech - 1.0).abs() < 0.2, "{tech}");
}

/// Two stages: of the first half of the deals go on each day and none closes, of the second half win each day.
fn two_stages() -> Rates {
    let none = || Changes { motions: [1.0; MOTIONS], stages: [1.0; STAGES], ages: [1.0; BANDS] };
    let mut rates = Rates {
        win: [[0.25; MONTHS]; BANDS],
        lose: [[0.1; MONTHS]; BANDS],
        win_by_age: [0.25; BANDS],
        lose_by_age: [0.1; BANDS],
        wins: none(),
        losses: none(),
        moves: [[0.0; STAGES]; STAGES],
        pace: [1.0; BANDS],
        motions: [false; MOTIONS],
        staged: true,
    };
    rates.wins.stages = [1.0, 0.0, 2.0, 1.0, 1.0, 1.0];
    rates.losses.stages = [1.0, 0.0, 0.0, 1.0, 1.0, 1.0];
    rates.moves[1][2] = 0.5;
    rates
}

#[test]
fn a_deal_wins_as_one_of_the_stages_that_it_comes_to_on_the_way() {
    let rates = two_stages();
    let chance = |days, stage| ahead(&rates, 700_000, 700_000 + days, true, true).at(20, UNKNOWN_MOTION, stage);
    // From the second stage: a half, then half of the other half. From the first it has to go on before.
    assert_eq!([chance(0, 2), chance(1, 2), chance(2, 2), chance(3, 2)], [0.0, 0.5, 0.75, 0.875]);
    assert_eq!([chance(1, 1), chance(2, 1), chance(3, 1)], [0.0, 0.25, 0.5]);
    // Where the stage is not known: a quarter wins and a tenth is lost.
    assert!((chance(2, 0) - (0.25 + 0.65 * 0.25)).abs() < 1e-12);
    // Half of the first stage's deals go on in a day, half of those win in the next: 1/2 + 1/4 + ... of them are there.
    assert_eq!(half_closed(&rates, 700_000, 20, UNKNOWN_MOTION, 2), Some(1));
    assert_eq!(half_closed(&rates, 700_000, 20, UNKNOWN_MOTION, 1), Some(3));
}

#[test]
fn nobody_goes_on_more_often_than_every_day() {
    let mut rates = two_stages();
    rates.moves[1][3] = 3.0;
    let step = step(&rates, UNKNOWN_MOTION, 0, Some(0), true);
    assert!((step.pace[1] * 3.5 - 1.0).abs() < 1e-12 && step.stay[1] == 0.0, "{step:?}");
    assert!(ahead(&rates, 700_000, 700_090, true, true).at(0, UNKNOWN_MOTION, 1) <= 1.0);
}

#[test]
fn going_on_is_learnt_from_the_days_that_deals_stood_in_a_stage() {
    // Every deal stands in its first stage for ten days and in the second for twenty, then wins.
    let mut history = History { watched_from: Some(start()), crm: [0.5; STAGES], ..History::default() };
    for n in 0..600 {
        let path = vec![(after(n), 1), (after(n + 10), 2)];
        let closed = Some((after(n + 30), true));
        history.deals.push(Past { created: after(n), closed, motion: None, born_with: true, path });
    }
    let learnt = learn(&history, after(600)).unwrap();
    let rates = &learnt.rates;
    // Between the ages of 7 and 13 it stands there for four days and goes on in one of them.
    let goes = rates.moves[1][2] * rates.pace[1];
    assert!((goes - 0.25).abs() < 0.02, "{goes}");
    assert!(rates.moves[2].iter().all(|rate| *rate == 0.0) && rates.staged);
}

/// Looks at deals of two stages, thirty of each stage with a chance of .5, of which so many won.
fn looked(won: [u32; 2]) -> Looks {
    let mut looks = Looks::new();
    for (stage, won) in [1, 2].into_iter().zip(won) {
        for deal in 0..30 {
            looks.add(0.5, record::Kind { motion: UNKNOWN_MOTION, stage, time: 0, age: 0 }, deal < won, 1.0);
            looks.next_deal();
        }
    }
    looks
}

#[test]
fn what_luck_may_have_brought_is_not_mended() {
    // Of 30 with a chance of a half, 15 are expected and 2.7 more or less are luck: 14 and 16 say nothing.
    let record = looked([14, 16]).record();
    assert_eq!((record.overall.factor, record.stages[1].factor, record.stages[2].factor), (1.0, 1.0, 1.0));
    // Six and 24 do: 2 x 9 x 9 is seen, of which luck is 2 x 30 / 4, so that a tenth is not believed.
    let record = looked([6, 24]).record();
    let expected = |stage: usize| 30.0 * record::quicken(0.5, record.stages[stage].factor);
    assert!(
        (6.5..8.0).contains(&expected(1)) && (22.0..23.5).contains(&expected(2)),
        "{} {}",
        expected(1),
        expected(2)
    );
}

#[test]
fn a_deal_that_was_looked_at_often_counts_as_one() {
    // Eight deals of which six won, once and ten times each: ten looks at each do not tell more than one.
    let record = |times: u32| {
        let mut looks = Looks::new();
        for deal in 0..8 {
            for _ in 0..times {
                looks.add(0.5, record::Kind { motion: UNKNOWN_MOTION, stage: 0, time: 0, age: 0 }, deal < 6, 1.0);
            }
            looks.next_deal();
        }
        looks.record().overall
    };
    assert!((record(1).factor - record(10).factor).abs() < 1e-6);
    assert_eq!((record(1).looks, record(10).looks), (8.0, 80.0));
}

#[test]
fn the_calendar_tells_the_end_of_a_quarter_from_its_beginning() {
    let history = program(4_000, 900, 5);
    let on = after(900);
    let learnt = learn(&history, on).unwrap();
    // The same deal, asked over 30 days before and within the last month of a quarter.
    let rate = |month: usize| learnt.rates.win.iter().map(|row| row[month]).sum::<f64>();
    assert!(rate(2) > 1.5 * rate(0), "{} {}", rate(2), rate(0));
    assert!(rate(2) > 1.5 * rate(1));
}

#[test]
fn the_past_played_again_beats_the_base_rate_where_there_is_something_to_know() {
    let history = program(2_000, 900, 21);
    let played: Vec<Origin> = origins(&history, after(900))
        .into_iter()
        .rev()
        .take(7)
        .filter_map(|on| super::played(&history, FiscalYear::CALENDAR, on, after(900)))
        .collect();
    let report = summed(&played, after(900), false);
    assert!(report.beats_base_rate, "{}", report.verdict);
    for horizon in &report.horizons {
        // A tenth is about a hundred deals: chance alone puts it off by some .04.
        assert!(horizon.calibration_error < 0.09, "{} {}", horizon.days, horizon.calibration_error);
        let deals: u32 = horizon.calibration.iter().map(|row| row.deals).sum();
        assert_eq!(deals, horizon.asked);
    }
    assert!(report.totals.median_off.unwrap() < 0.15);
    assert!(report.verdict.starts_with("Better than the base rate"));
}

#[test]
fn it_says_so_when_it_is_no_better_than_the_base_rate() {
    // Wins turn into losses and back every other month: whatever is learnt is wrong the month after.
    let mut history = History { crm: [0.5; STAGES], ..History::default() };
    for n in 0..1_500 {
        let created = n / 2;
        let closed = created + 20 + (n * 7) % 30;
        let won = closed / 30 % 2 == 0;
        history.deals.push(Past {
            created: after(created),
            closed: (closed <= 760).then(|| (after(closed), won)),
            motion: None,
            born_with: false,
            path: Vec::new(),
        });
    }
    let played: Vec<Origin> = origins(&history, after(760))
        .into_iter()
        .rev()
        .take(5)
        .filter_map(|on| super::played(&history, FiscalYear::CALENDAR, on, after(760)))
        .collect();
    let mut report = summed(&played, after(760), false);
    let lost = report.horizons.iter().filter(|one| {
        let brier = |who| one.scores.iter().find(|score| score.who == who).unwrap().brier;
        brier(Forecasting::Drumbeat) >= brier(Forecasting::BaseRate)
    });
    assert_eq!(report.beats_base_rate, lost.count() == 0);
    assert_eq!(report.verdict.contains("No better than the base rate"), !report.beats_base_rate);
    assert!(!report.beats_base_rate, "{}", report.verdict);
    report = summed(&[], after(760), false);
    assert!(report.verdict.starts_with("Too little"), "{}", report.verdict);
}

#[test]
fn a_few_deals_come_to_what_can_be_counted_by_hand() {
    // Two coins of 100 and one of 50: 0, 50, 100, 150, 200, 250 with known shares.
    let coins = [(0.5, 100.0), (0.5, 100.0), (0.5, 50.0)].map(|(chance, amount)| Stake { chance, amount });
    let sum = spread(1_000.0, &coins, (0.0, 0.0), 0.0);
    assert!((sum.expected - 1_125.0).abs() < 1e-9);
    // One in eight comes to nothing and one in eight to everything: a tenth on either side is there.
    assert!(sum.low < 1_003.0 && sum.high > 1_247.0, "{sum:?}");
    let sure = spread(10.0, &[], (0.0, 0.0), 0.3);
    assert_eq!((sure.low, sure.expected, sure.high), (10.0, 10.0, 10.0));
}

#[test]
fn what_is_won_is_sure_and_more_than_everything_is_not_to_be_had() {
    let stakes = [(0.5, 100.0), (0.2, 400.0)].map(|(chance, amount)| Stake { chance, amount });
    let total = Total::new(1_000.0, &stakes, (0.0, 0.0), 0.1);
    assert_eq!((total.below(999.99), total.below(1_500.0)), (0.0, 1.0));
    let (low, high) = total.within(0.9);
    assert!(total.below(1_050.0) > 0.3 && low >= 1_000.0 && high <= 1_500.0, "{low} to {high}");
}

#[test]
fn many_deals_have_the_interval_of_a_normal_distribution() {
    let stakes = vec![Stake { chance: 0.3, amount: 1.0 }; 3_000];
    let sum = spread(0.0, &stakes, (0.0, 0.0), 0.0);
    let deviation = (3_000.0_f64 * 0.3 * 0.7).sqrt();
    assert!((sum.low - (900.0 - 1.2816 * deviation)).abs() < 1.0, "{sum:?}");
    assert!((sum.high - (900.0 + 1.2816 * deviation)).abs() < 1.0, "{sum:?}");
    let wider = spread(0.0, &stakes, (0.0, 0.0), 0.1);
    assert!((wider.expected - sum.expected).abs() < 1e-9 && wider.high - wider.low > 2.0 * (sum.high - sum.low));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// On each day a deal wins, is lost, goes to another stage or stays, and the longer the time, the likelier a win.
    #[test]
    fn what_may_happen_to_a_deal_comes_to_one_and_time_never_takes_a_chance_away(seed in 1_u64.., age in 0..700) {
        let learnt = learn(&program(300, 250, seed), after(250)).unwrap();
        let rates = &learnt.rates;
        for motion in 0..MOTIONS {
            for place in 0..BANDS {
                for month in [None, Some(0), Some(1), Some(2)] {
                    let step = step(rates, motion, place, month, true);
                    for stage in 0..STAGES {
                        let goes = step.pace[stage] * rates.moves[stage].iter().sum::<f64>();
                        let all = [step.win[stage], step.lose[stage], goes, step.stay[stage]];
                        prop_assert!(all.iter().all(|one| (0.0..=1.0).contains(one)), "{all:?}");
                        prop_assert!((all.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{all:?}");
                    }
                }
            }
        }
        let from = number(after(250));
        let mut before = [[0.0; STAGES]; MOTIONS];
        for days in [1, 7, 30, 60, 91] {
            let walked = ahead(rates, from, from + days, true, true);
            for (motion, row) in before.iter_mut().enumerate() {
                for (stage, before) in row.iter_mut().enumerate() {
                    let chance = walked.at(age, motion, stage);
                    prop_assert!(chance >= *before - 1e-12 && chance <= 1.0 + 1e-12, "{motion} {stage} {days}: {before}, {chance}");
                    *before = chance;
                }
            }
        }
    }

    /// Whatever is done to the time after the origin, what would have been said on it is the same to the bit.
    #[test]
    fn nothing_after_the_origin_changes_a_prediction(seed in 1_u64.., upset in 1_u64..) {
        let history = program(300, 300, seed);
        let on = after(220);
        let mut other = history.clone();
        let mut dice = Dice(upset);
        for deal in &mut other.deals {
            if deal.closed.is_none_or(|(day, _)| day > on) {
                let closed = after(221 + (dice.roll() * 90.0) as i32);
                deal.closed = (dice.roll() < 0.7).then(|| (closed, dice.roll() < 0.5));
                deal.path.retain(|(since, _)| *since <= on);
                deal.path.push((after(221), 5));
            }
        }
        other.deals.retain(|deal| deal.created <= on || dice.roll() < 0.5);
        other.deals.push(Past { created: after(250), closed: Some((after(270), true)), motion: None, born_with: false, path: Vec::new() });
        let (one, two) = (learn(&history, on), learn(&other, on));
        prop_assert_eq!(&one, &two);
        let (one, two) = (one.unwrap(), two.unwrap());
        let (a, b) = (Forecaster::new(&one, on, after(280)), Forecaster::new(&two, on, after(280)));
        let standing = |history: &History| {
            let of = |deal: &Past| deal.standing(on, history.watched_from);
            history.deals.iter().filter_map(of).collect::<Vec<_>>()
        };
        prop_assert_eq!(standing(&history), standing(&other));
        for deal in standing(&history) {
            prop_assert_eq!(a.chance(&deal).to_bits(), b.chance(&deal).to_bits());
        }
        prop_assert_eq!(a.coming().to_bits(), b.coming().to_bits());
        prop_assert_eq!(a.off().to_bits(), b.off().to_bits());
    }
}
