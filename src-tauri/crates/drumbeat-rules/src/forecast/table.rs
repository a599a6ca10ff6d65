//! Rates of winning, of losing and of going on to another stage a day, by what is known of a deal.
//!
//! The hard idea: what is seldom seen leans on what is often seen. A cell of age and month is drawn towards the product
//! of its age's and its month's own factors, and those towards the rate of all deals, each with the weight of a few
//! closes; what motion and stage change in it are factors on top, drawn towards 1. Days count from the first close that
//! was seen: before it nobody could have seen one. Older days count less. A day counts for how a deal stood before it.

use serde::{Deserialize, Serialize};

use super::{History, MOTIONS, Past, STAGES, UNKNOWN_MOTION, day, month_of_quarter, number};

/// Ages in days at which a band begins.
pub(super) const EDGES: [i32; BANDS] = [0, 7, 14, 21, 30, 45, 60, 75, 90, 105, 120, 140, 180, 240, 365, 540];
/// Bands of age.
pub(super) const BANDS: usize = 16;
/// Months of a quarter.
pub(super) const MONTHS: usize = 3;
/// Closes that the leaning weighs.
const LEANING: f64 = 2.0;
/// Closes that draw a motion or a stage towards all of them.
const KIND_LEANING: f64 = 6.0;
/// Days in a stage that are taken for seen without anybody going on.
const MONTH: f64 = 30.0;
/// Rounds in which factors that share what was seen come to rest.
const ROUNDS: usize = 12;

/// The band of an age in days.
pub(super) fn band(age: i32) -> usize {
    EDGES.partition_point(|edge| *edge <= age).saturating_sub(1)
}

type Cells = [[f64; MONTHS]; BANDS];

/// Everything that tells deals apart on one day, as one number.
const KINDS: usize = MOTIONS * STAGES * BANDS;

fn place_of(motion: usize, stage: usize, band: usize) -> usize {
    (motion * STAGES + stage) * BANDS + band
}

/// Motion, stage and band of such a number.
fn told(kind: usize) -> (usize, usize, usize) {
    let rest = kind / BANDS;
    (rest / STAGES, rest % STAGES, kind % BANDS)
}

/// What was seen on one day, by kind: open deals, wins, losses.
type OneDay = [Vec<i32>; 3];

/// A deal that went from one stage to another.
struct Move {
    on: i32,
    from: usize,
    to: usize,
    band: usize,
}

/// What was seen day by day, from the first close on.
pub(super) struct Daily {
    /// The first day.
    pub(super) first: i32,
    days: Vec<OneDay>,
    /// In the order of days.
    moves: Vec<Move>,
    /// Kinds that were seen at all.
    kinds: Vec<usize>,
}

/// From this day on a deal had this motion and stood at this stage.
#[derive(Clone, Copy)]
struct Piece {
    from: i32,
    motion: usize,
    stage: usize,
}

/// How a deal stood before each day, in order; a stage counts from the day after it was come to.
fn pieces(deal: &Past, watched_from: Option<super::Day>, into: &mut Vec<Piece>) {
    into.clear();
    let mut push = |on: super::Day| {
        let (motion, stage) = (deal.motion_on(on, watched_from), deal.stage_on(on, watched_from));
        let stage = stage.map_or(0, |(stage, _)| usize::from(stage).min(STAGES - 1));
        into.push(Piece { from: number(on) + 1, motion, stage });
    };
    push(deal.created);
    let Some(watched) = watched_from else { return };
    if watched > deal.created {
        push(watched);
    }
    deal.path.iter().map(|(since, _)| *since).filter(|on| *on > deal.created.max(watched)).for_each(push);
}

impl Daily {
    /// What was seen up to a day, that day included; nothing where no deal had been closed.
    pub(super) fn seen(history: &History, upto: i32) -> Option<Self> {
        let closes = history.deals.iter().filter_map(|deal| deal.closed).map(|(on, _)| number(on));
        let first = closes.filter(|on| *on <= upto).min()?;
        let length = usize::try_from(upto - first).ok()? + 1;
        // A deal is counted where it becomes of a kind and taken away where it ceases to be; summing up gives the open ones.
        let mut days: Vec<OneDay> = (0..=length).map(|_| [0, 1, 2].map(|_| vec![0; KINDS])).collect();
        let (mut moves, mut stood) = (Vec::new(), Vec::new());
        for deal in &history.deals {
            let created = number(deal.created);
            if created >= upto {
                continue;
            }
            let closed = deal.closed.map(|(on, won)| (number(on), won)).filter(|(on, _)| *on <= upto);
            let last = closed.map_or(upto, |(on, _)| on);
            pieces(deal, history.watched_from, &mut stood);
            let mut before = 0;
            for (at, piece) in stood.iter().enumerate().filter(|(_, piece)| piece.from <= last) {
                let end = stood.get(at + 1).map_or(last + 1, |next| next.from.min(last + 1));
                if end <= piece.from {
                    continue;
                }
                let moved = piece.from - 1;
                if before != 0 && piece.stage != 0 && before != piece.stage && moved >= first {
                    moves.push(Move { on: moved, from: before, to: piece.stage, band: band(moved - created) });
                }
                before = piece.stage;
                for (place, edge) in EDGES.iter().enumerate().skip(band(piece.from - created)) {
                    let from = (created + *edge).max(piece.from).max(first);
                    let next = EDGES.get(place + 1).map_or(i32::MAX, |edge| created.saturating_add(*edge));
                    let until = next.min(end);
                    let kind = place_of(piece.motion, piece.stage, place);
                    if from < until {
                        days[(from - first) as usize][0][kind] += 1;
                        days[(until - first) as usize][0][kind] -= 1;
                    }
                    if next >= end {
                        break;
                    }
                }
                if let Some((on, won)) = closed.filter(|(on, _)| (piece.from..end).contains(on)) {
                    let kind = place_of(piece.motion, piece.stage, band(on - created));
                    days[(on - first) as usize][if won { 1 } else { 2 }][kind] += 1;
                }
            }
        }
        for at in 1..days.len() {
            let (before, after) = days.split_at_mut(at);
            after[0][0].iter_mut().zip(&before[at - 1][0]).for_each(|(day, before)| *day += before);
        }
        days.truncate(length);
        moves.sort_by_key(|one| one.on);
        let is_seen = |kind: &usize| days.iter().any(|day| day.iter().any(|seen| seen[*kind] != 0));
        let kinds = (0..KINDS).filter(is_seen).collect();
        Some(Self { first, days, moves, kinds })
    }

    /// Days open, wins and losses over all days and ages.
    pub(super) fn totals(&self) -> (f64, f64, f64) {
        let sum = |kind: usize| self.days.iter().flat_map(|day| &day[kind]).map(|seen| f64::from(*seen)).sum();
        (sum(0), sum(1), sum(2))
    }

    /// Adds one day to what was seen before, which counts less by `fading`.
    pub(super) fn add(&self, on: i32, fading: f64, tally: &mut Tally) {
        let Some(today) = usize::try_from(on - self.first).ok().and_then(|at| self.days.get(at)) else { return };
        let month = month_of_quarter(day(on));
        for (cells, today) in tally.seen.iter_mut().zip(today) {
            for kind in &self.kinds {
                let cell = &mut cells[*kind];
                cell.iter_mut().for_each(|cell| *cell *= fading);
                cell[month] += f64::from(today[*kind]);
            }
        }
        tally.moves.iter_mut().flatten().flatten().for_each(|cell| *cell *= fading);
        let from = self.moves.partition_point(|one| one.on < on);
        for one in self.moves[from..].iter().take_while(|one| one.on == on) {
            tally.moves[one.from][one.to][one.band] += 1.0;
        }
    }
}

/// What was seen until some day.
#[derive(Clone)]
pub(super) struct Tally {
    /// Days open, wins, losses by kind and month.
    seen: [Vec<[f64; MONTHS]>; 3],
    /// By stage, stage after it and age.
    moves: [[[f64; BANDS]; STAGES]; STAGES],
}

impl Default for Tally {
    fn default() -> Self {
        let none = || vec![[0.0; MONTHS]; KINDS];
        Self { seen: [none(), none(), none()], moves: [[[0.0; BANDS]; STAGES]; STAGES] }
    }
}

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
    /// What motion and stage change in the rates of winning.
    pub(super) wins: Changes,
    /// And of losing.
    pub(super) losses: Changes,
    /// Of going from one stage to another.
    pub(super) moves: [[f64; STAGES]; STAGES],
    /// How much quicker or slower they go at an age.
    pub(super) pace: [f64; BANDS],
    /// Motions that were seen.
    pub(super) motions: [bool; MOTIONS],
    /// Whether stages were.
    pub(super) staged: bool,
}

/// Factors on the rates of all deals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Changes {
    /// By motion; of none that is not known.
    pub(super) motions: [f64; MOTIONS],
    /// By stage; of none that is not known.
    pub(super) stages: [f64; STAGES],
    /// By age, of deals whose stage is known: what stages explain is not the age's any more.
    pub(super) ages: [f64; BANDS],
}

impl Changes {
    /// The factor of a kind.
    pub(super) fn of(&self, motion: usize, stage: usize, band: usize) -> f64 {
        self.motions[motion] * if stage == 0 { 1.0 } else { self.stages[stage] * self.ages[band] }
    }
}

impl Tally {
    /// The rates, each drawn towards what it belongs to.
    pub(super) fn rates(&self) -> Rates {
        self.drawn(LEANING)
    }

    /// The rates as they were seen, drawn nowhere: what the model is held against.
    pub(super) fn plain(&self) -> Rates {
        self.drawn(0.02)
    }

    fn drawn(&self, leaning: f64) -> Rates {
        let cells = [0, 1, 2].map(|which: usize| {
            let mut cells = [[0.0; MONTHS]; BANDS];
            for (kind, row) in self.seen[which].iter().enumerate() {
                cells[told(kind).2].iter_mut().zip(row).for_each(|(cell, seen)| *cell += seen);
            }
            cells
        });
        let [open, won, lost] = &cells;
        let (win, win_by_age) = all(open, won, leaning);
        let (lose, lose_by_age) = all(open, lost, leaning);
        let (wins, losses) = (self.changes(1, &win), self.changes(2, &lose));
        let (moves, pace) = self.moving();
        let mut motions = [false; MOTIONS];
        let mut staged = false;
        let is_seen = |row: &[f64; MONTHS]| row.iter().any(|days| *days > 0.0);
        for (kind, _) in self.seen[0].iter().enumerate().filter(|(_, row)| is_seen(row)) {
            let (motion, stage, _) = told(kind);
            motions[motion] = true;
            staged |= stage > 0;
        }
        Rates { win, lose, win_by_age, lose_by_age, wins, losses, moves, pace, motions, staged }
    }

    /// What motion and stage change in rates of winning (1) or of losing (2).
    fn changes(&self, which: usize, rates: &Cells) -> Changes {
        // What the rates of all expect of each kind, and what was seen.
        let mut kinds = Vec::new();
        for (kind, (open, events)) in self.seen[0].iter().zip(&self.seen[which]).enumerate() {
            let (motion, stage, place) = told(kind);
            let expected: f64 = open.iter().zip(&rates[place]).map(|(days, rate)| days * rate).sum();
            if expected > 0.0 {
                kinds.push((motion, stage, place, expected, events.iter().sum::<f64>()));
            }
        }
        let mut changes = Changes { motions: [1.0; MOTIONS], stages: [1.0; STAGES], ages: [1.0; BANDS] };
        for _ in 0..ROUNDS {
            let mut sums = [[0.0; 2]; BANDS];
            for (motion, stage, place, expected, seen) in kinds.iter().filter(|kind| kind.1 > 0) {
                sums[*place][0] += expected * changes.motions[*motion] * changes.stages[*stage];
                sums[*place][1] += seen;
            }
            changes.ages = sums.map(|[expected, seen]| (seen + LEANING) / (expected + LEANING));
            let mut sums = [[0.0; 2]; STAGES];
            for (motion, stage, place, expected, seen) in kinds.iter().filter(|kind| kind.1 > 0) {
                sums[*stage][0] += expected * changes.motions[*motion] * changes.ages[*place];
                sums[*stage][1] += seen;
            }
            changes.stages = sums.map(|[expected, seen]| (seen + KIND_LEANING) / (expected + KIND_LEANING));
            let mut sums = [[0.0; 2]; MOTIONS];
            for (motion, stage, place, expected, seen) in kinds.iter().filter(|kind| kind.0 != UNKNOWN_MOTION) {
                sums[*motion][0] += expected * changes.of(UNKNOWN_MOTION, *stage, *place);
                sums[*motion][1] += seen;
            }
            changes.motions = sums.map(|[expected, seen]| (seen + KIND_LEANING) / (expected + KIND_LEANING));
        }
        changes
    }

    /// Rates of going on, and how they change with age.
    fn moving(&self) -> ([[f64; STAGES]; STAGES], [f64; BANDS]) {
        let mut open = [[0.0; BANDS]; STAGES];
        for (kind, days) in self.seen[0].iter().enumerate() {
            let (_, stage, place) = told(kind);
            open[stage][place] += days.iter().sum::<f64>();
        }
        let (mut rates, mut pace) = ([[0.0; STAGES]; STAGES], [1.0; BANDS]);
        for _ in 0..ROUNDS {
            let mut out = [0.0; STAGES];
            for (from, row) in self.moves.iter().enumerate() {
                let days: f64 = open[from].iter().zip(&pace).map(|(days, pace)| days * pace).sum();
                for (to, moves) in row.iter().enumerate() {
                    let seen: f64 = moves.iter().sum();
                    rates[from][to] = seen / (days + MONTH);
                    out[from] += rates[from][to];
                }
            }
            for (place, pace) in pace.iter_mut().enumerate() {
                let expected: f64 = open.iter().zip(&out).map(|(days, out)| days[place] * out).sum();
                let seen: f64 = self.moves.iter().flatten().map(|moves| moves[place]).sum();
                *pace = (seen + KIND_LEANING) / (expected + KIND_LEANING);
            }
        }
        (rates, pace)
    }
}

/// Rates of all deals by age and month, and by age alone.
fn all(open: &Cells, events: &Cells, weight: f64) -> (Cells, [f64; BANDS]) {
    let sum = |cells: &Cells| cells.iter().flatten().sum::<f64>();
    let (days, all) = (sum(open), sum(events));
    if days <= 0.0 || all <= 0.0 {
        return ([[0.0; MONTHS]; BANDS], [0.0; BANDS]);
    }
    let rate = all / days;
    let (mut of_age, mut of_month) = ([1.0; BANDS], [1.0; MONTHS]);
    for _ in 0..ROUNDS {
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
