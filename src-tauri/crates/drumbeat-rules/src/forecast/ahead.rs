//! The rates of a day walked to a day ahead: who wins by then, for every age at once.

use super::table::{BANDS, Rates, band};
use super::{day, month_of_quarter};

/// The oldest age in days that is told from older ones.
pub(super) const OLDEST: usize = 600;

/// Chances of winning by a day.
pub(super) struct Ahead {
    /// By a deal's age in days now.
    pub(super) win: Vec<f64>,
    /// Of a deal that comes to be so many days from now.
    pub(super) fresh: Vec<f64>,
}

impl Ahead {
    /// Of a deal of this age in days.
    pub(super) fn at(&self, age: i32) -> f64 {
        let place = usize::try_from(age).unwrap_or(0).min(OLDEST);
        self.win.get(place).copied().unwrap_or(0.0)
    }
}

/// Walks back from the end of `by` to the end of `from`; with the month of the quarter, or by age alone.
pub(super) fn ahead(rates: &Rates, from: i32, by: i32, calendar: bool) -> Ahead {
    let length = usize::try_from(by - from).unwrap_or(0);
    let mut win = vec![0.0; OLDEST + 1];
    let mut fresh = vec![0.0; length + 1];
    let bands: Vec<usize> = (0..=OLDEST + 1).map(|age| band(age as i32)).collect();
    for step in (1..=length).rev() {
        fresh[step] = win[0];
        let (wins, loses) = of_day(rates, from + step as i32, calendar);
        for age in 0..=OLDEST {
            let place = bands[age + 1];
            let stays = (1.0 - wins[place] - loses[place]).max(0.0);
            win[age] = wins[place] + stays * win[(age + 1).min(OLDEST)];
        }
    }
    fresh[0] = win[0];
    Ahead { win, fresh }
}

/// Days until half of the deals of this age are closed, won or lost; nothing where that takes over a year.
pub(super) fn half_closed(rates: &Rates, from: i32, age: i32) -> Option<u32> {
    let mut open = 1.0;
    for step in 1..=366 {
        let (wins, loses) = of_day(rates, from + step, true);
        let place = band(age + step);
        open *= (1.0 - wins[place] - loses[place]).max(0.0);
        if open <= 0.5 {
            return u32::try_from(step).ok();
        }
    }
    None
}

fn of_day(rates: &Rates, on: i32, calendar: bool) -> ([f64; BANDS], [f64; BANDS]) {
    if !calendar {
        return (rates.win_by_age, rates.lose_by_age);
    }
    let month = month_of_quarter(day(on));
    (rates.win.map(|row| row[month]), rates.lose.map(|row| row[month]))
}
