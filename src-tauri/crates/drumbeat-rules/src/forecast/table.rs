//! Rates of winning and of losing a day, by a deal's age and the month of the quarter.
//!
//! The hard idea: what is seldom seen leans on what is often seen. A cell of age and month is drawn towards the product
//! of its age's and its month's own factors, and those towards the rate of all deals, each with the weight of a few
//! closes. Days count from the first close that was seen: before it nobody could have seen one. Older days count less.

use serde::{Deserialize, Serialize};

use super::{History, day, month_of_quarter, number};

/// Ages in days at which a band begins.
pub(super) const EDGES: [i32; BANDS] = [0, 7, 14, 21, 30, 45, 60, 75, 90, 105, 120, 140, 180, 240, 365, 540];
/// Bands of age.
pub(super) const BANDS: usize = 16;
/// Months of a quarter.
pub(super) const MONTHS: usize = 3;
/// Closes that the leaning weighs.
const LEANING: f64 = 2.0;

/// The band of an age in days.
pub(super) fn band(age: i32) -> usize {
    EDGES.partition_point(|edge| *edge <= age).saturating_sub(1)
}

type Cells = [[f64; MONTHS]; BANDS];

/// What was seen on one day, by band: open deals, wins, losses.
type OneDay = [[f64; BANDS]; 3];

/// What was seen day by day, from the first close on.
pub(super) struct Daily {
    /// The first day.
    pub(super) first: i32,
    days: Vec<OneDay>,
}

impl Daily {
    /// What was seen up to a day, that day included; nothing where no deal had been closed.
    pub(super) fn seen(history: &History, upto: i32) -> Option<Self> {
        let closes = history.deals.iter().filter_map(|deal| deal.closed).map(|(on, _)| number(on));
        let first = closes.filter(|on| *on <= upto).min()?;
        let length = usize::try_from(upto - first).ok()? + 1;
        // A deal is counted where it enters a band and taken away where it leaves it; summing up gives the open ones.
        let mut days = vec![[[0.0; BANDS]; 3]; length + 1];
        for deal in &history.deals {
            let created = number(deal.created);
            let closed = deal.closed.map(|(on, won)| (number(on), won)).filter(|(on, _)| *on <= upto);
            let last = closed.map_or(upto, |(on, _)| on);
            for (place, edge) in EDGES.iter().enumerate() {
                let from = (created + (*edge).max(1)).max(first);
                let next = EDGES.get(place + 1).map_or(i32::MAX, |edge| created.saturating_add(*edge));
                let until = next.min(last.saturating_add(1));
                if from < until {
                    days[(from - first) as usize][0][place] += 1.0;
                    days[(until - first) as usize][0][place] -= 1.0;
                }
            }
            if let Some((on, won)) = closed.filter(|(on, _)| *on > created) {
                days[(on - first) as usize][if won { 1 } else { 2 }][band(on - created)] += 1.0;
            }
        }
        for at in 1..days.len() {
            let before = days[at - 1][0];
            days[at][0].iter_mut().zip(before).for_each(|(day, before)| *day += before);
        }
        days.truncate(length);
        Some(Self { first, days })
    }

    /// Days open, wins and losses over all days and ages.
    pub(super) fn totals(&self) -> (f64, f64, f64) {
        let sum = |kind: usize| self.days.iter().map(|day| day[kind].iter().sum::<f64>()).sum();
        (sum(0), sum(1), sum(2))
    }

    /// Adds one day to what was seen before, which counts less by `fading`.
    pub(super) fn add(&self, on: i32, fading: f64, tally: &mut Tally) {
        let Some(today) = usize::try_from(on - self.first).ok().and_then(|at| self.days.get(at)) else { return };
        let month = month_of_quarter(day(on));
        for (kind, cells) in tally.0.iter_mut().enumerate() {
            for (place, row) in cells.iter_mut().enumerate() {
                row.iter_mut().for_each(|cell| *cell *= fading);
                row[month] += today[kind][place];
            }
        }
    }
}

/// What was seen until some day: days open, wins, losses.
#[derive(Clone, Default)]
pub(super) struct Tally([Cells; 3]);

/// Rates a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Rates {
    /// Of winning, by age and month.
    pub(super) win: Cells,
    /// Of losing.
    pub(super) lose: Cells,
    /// Of winning, by age alone.
    pub(super) win_by_age: [f64; BANDS],
    /// Of losing, by age alone.
    pub(super) lose_by_age: [f64; BANDS],
}

impl Tally {
    /// The rates, each drawn towards what it belongs to.
    pub(super) fn rates(&self) -> Rates {
        let [open, won, lost] = &self.0;
        let (win, win_by_age) = leaning(open, won, LEANING);
        let (lose, lose_by_age) = leaning(open, lost, LEANING);
        Rates { win, lose, win_by_age, lose_by_age }
    }

    /// The rates as they were seen, drawn nowhere: what the model is held against.
    pub(super) fn plain(&self) -> Rates {
        let [open, won, lost] = &self.0;
        let (win, win_by_age) = leaning(open, won, 0.02);
        let (lose, lose_by_age) = leaning(open, lost, 0.02);
        Rates { win, lose, win_by_age, lose_by_age }
    }
}

fn leaning(open: &Cells, events: &Cells, weight: f64) -> (Cells, [f64; BANDS]) {
    let sum = |cells: &Cells| cells.iter().flatten().sum::<f64>();
    let (days, all) = (sum(open), sum(events));
    if days <= 0.0 || all <= 0.0 {
        return ([[0.0; MONTHS]; BANDS], [0.0; BANDS]);
    }
    let rate = all / days;
    let (mut of_age, mut of_month) = ([1.0; BANDS], [1.0; MONTHS]);
    for _ in 0..12 {
        for (place, factor) in of_age.iter_mut().enumerate() {
            let expected: f64 = (0..MONTHS).map(|month| open[place][month] * of_month[month] * rate).sum();
            *factor = (events[place].iter().sum::<f64>() + weight) / (expected + weight);
        }
        for (month, factor) in of_month.iter_mut().enumerate() {
            let expected: f64 = (0..BANDS).map(|place| open[place][month] * of_age[place] * rate).sum();
            let seen: f64 = (0..BANDS).map(|place| events[place][month]).sum();
            *factor = (seen + weight) / (expected + weight);
        }
    }
    let mut cells = [[0.0; MONTHS]; BANDS];
    let mut by_age = [0.0; BANDS];
    for place in 0..BANDS {
        for month in 0..MONTHS {
            let towards = (rate * of_age[place] * of_month[month]).clamp(1e-9, 1.0);
            cells[place][month] = (events[place][month] + weight) / (open[place][month] + weight / towards);
        }
        let (seen, days) = (events[place].iter().sum::<f64>(), open[place].iter().sum::<f64>());
        by_age[place] = (seen + weight) / (days + weight / rate);
    }
    (cells, by_age)
}
