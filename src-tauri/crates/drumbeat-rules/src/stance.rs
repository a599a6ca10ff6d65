//! Invest, hold or exit: what a partner's numbers speak for.
//!
//! Each measure that is known speaks for more, for less or for neither, by the thresholds of the policy. How many more
//! speak one way than the other decides. It is a finding with its reasons, never a decision.

use drumbeat_model::pack::Stance;
use rust_decimal::Decimal;

use crate::policy::StanceRules;

/// What is known of a partner, in percent; a win rate in points above direct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measures {
    /// Of all partners' bookings in the quarter.
    pub share: Option<Decimal>,
    /// Bookings of a year against the year before.
    pub growth: Option<Decimal>,
    /// Win rate less that of direct business, in points.
    pub win_rate: Option<Decimal>,
    /// Open pipeline of the next quarter's target.
    pub coverage: Option<Decimal>,
}

/// Which measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Share of bookings.
    Share,
    /// Growth.
    Growth,
    /// Win rate against direct.
    WinRate,
    /// Coverage.
    Coverage,
}

/// One measure with what it speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// Which.
    pub measure: Measure,
    /// Its value.
    pub value: Decimal,
    /// From here on it speaks for more.
    pub invest: Decimal,
    /// From here down it speaks for less.
    pub exit: Decimal,
    /// What it speaks for.
    pub stance: Stance,
}

/// What the measures speak for, and each of them. Nothing where fewer than two are known.
#[must_use]
pub fn stance(known: &Measures, rules: &StanceRules) -> Option<(Stance, Vec<Reason>)> {
    let up = Decimal::from;
    let down = |x: u32| -Decimal::from(x);
    let reasons: Vec<Reason> = [
        (Measure::Share, known.share, up(rules.share_high), up(rules.share_low)),
        (Measure::Growth, known.growth, up(rules.growth_up), down(rules.growth_down)),
        (Measure::WinRate, known.win_rate, up(rules.win_rate_above), down(rules.win_rate_below)),
        (Measure::Coverage, known.coverage, up(rules.coverage_high), up(rules.coverage_low)),
    ]
    .into_iter()
    .filter_map(|(measure, value, invest, exit)| {
        let value = value?;
        // A fall is counted from its threshold on, a share or a coverage from under it.
        let is_low = match measure {
            Measure::Share | Measure::Coverage => value < exit,
            Measure::Growth | Measure::WinRate => value <= exit,
        };
        let stance = if value >= invest {
            Stance::Invest
        } else if is_low {
            Stance::Exit
        } else {
            Stance::Hold
        };
        Some(Reason { measure, value, invest, exit, stance })
    })
    .collect();
    if reasons.len() < 2 {
        return None;
    }
    let speak = |of: Stance| reasons.iter().filter(|x| x.stance == of).count();
    let (more, less) = (speak(Stance::Invest), speak(Stance::Exit));
    let decided = if more >= less + rules.invest_from as usize {
        Stance::Invest
    } else if less >= more + rules.exit_from as usize {
        Stance::Exit
    } else {
        Stance::Hold
    };
    Some((decided, reasons))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::policy::Policy;

    fn known(share: i64, growth: i64, win_rate: i64, coverage: i64) -> Measures {
        let some = |x: i64| Some(Decimal::from(x));
        Measures { share: some(share), growth: some(growth), win_rate: some(win_rate), coverage: some(coverage) }
    }

    #[test]
    fn measures_that_point_one_way_decide_and_one_against_another_holds() {
        let rules = &Policy::built_in().stance;
        for (measures, decided) in [
            (known(25, 40, 6, 350), Stance::Invest),
            (known(25, 40, -3, 150), Stance::Invest),
            (known(25, 0, -3, 150), Stance::Hold),
            (known(25, -30, 6, 50), Stance::Hold),
            (known(0, -30, -12, 50), Stance::Exit),
            (known(1, -30, -3, 150), Stance::Exit),
            (known(1, 0, -3, 150), Stance::Hold),
        ] {
            let (came, reasons) = stance(&measures, rules).unwrap();
            assert_eq!(came, decided, "{measures:?}");
            assert_eq!(reasons.len(), 4);
        }
    }

    #[test]
    fn one_measure_alone_says_nothing_and_unknown_ones_do_not_speak() {
        let rules = &Policy::built_in().stance;
        let one = Measures { share: Some(Decimal::from(50)), ..Measures::default() };
        assert_eq!(stance(&one, rules), None);
        let two = Measures { growth: Some(Decimal::from(50)), ..one };
        let (came, reasons) = stance(&two, rules).unwrap();
        assert_eq!((came, reasons.len()), (Stance::Invest, 2));
    }

    #[test]
    fn a_better_value_never_speaks_for_less() {
        let rules = &Policy::built_in().stance;
        let rank = |x: Stance| match x {
            Stance::Exit => 0,
            Stance::Hold => 1,
            Stance::Invest => 2,
        };
        for at in -60..400 {
            let each = |value: i64| stance(&known(value, value, value, value), rules).unwrap().1;
            for (lower, higher) in each(at).iter().zip(&each(at + 1)) {
                assert!(rank(lower.stance) <= rank(higher.stance), "{lower:?} {higher:?}");
            }
        }
    }
}
