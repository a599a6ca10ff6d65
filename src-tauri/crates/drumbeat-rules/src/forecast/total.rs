//! What many deals come to together: a distribution, and the interval that holds four times in five (P-02).
//!
//! The hard idea: two things make a total uncertain. Each deal is won or lost for itself; and all are off together, as
//! far as earlier totals were. The first is an exact convolution of the deals that matter most, on a grid that keeps their
//! mean, with the many small ones as a normal distribution beside it; the second is a mixture over five equal parts of
//! what all may be off by. No dice: the same deals give the same bits.

/// A deal's stake: what it brings, and how surely.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stake {
    /// Chance of winning.
    pub chance: f64,
    /// What it brings then.
    pub amount: f64,
}

/// A total as a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spread {
    /// Mean.
    pub expected: f64,
    /// One in ten comes to less.
    pub low: f64,
    /// One in ten comes to more.
    pub high: f64,
}

/// Deals that are put together exactly, those of most weight.
const EXACT: usize = 100;
/// Steps of the grid.
const GRID: usize = 400;
/// A normal distribution in five equal parts: the quantile in the middle of each, stretched to the deviation of the whole.
const PARTS: [f64; 5] = [-1.463, -0.599, 0.0, 0.599, 1.463];

/// What the stakes come to beside a sum that is certain. `coming`: wins expected of deals that are not there yet, and
/// what each brings on average. `off`: how far totals were off beyond chance, as a share.
#[must_use]
pub fn spread(certain: f64, stakes: &[Stake], coming: (f64, f64), off: f64) -> Spread {
    let total = Total::new(certain, stakes, coming, off);
    let (low, high) = total.within(0.8);
    Spread { expected: total.expected, low, high }
}

/// A distribution that can be asked.
pub struct Total {
    /// Mean.
    pub expected: f64,
    certain: f64,
    most: f64,
    parts: Vec<Part>,
}

impl Total {
    /// As [`spread`].
    #[must_use]
    pub fn new(certain: f64, stakes: &[Stake], coming: (f64, f64), off: f64) -> Self {
        let expected = certain + stakes.iter().map(|one| one.chance * one.amount).sum::<f64>() + coming.0 * coming.1;
        let mut sorted: Vec<Stake> =
            stakes.iter().copied().filter(|one| one.amount > 0.0 && one.chance > 0.0).collect();
        let most = sorted.iter().map(|one| one.amount).sum::<f64>() + coming.0 * coming.1 * 4.0 + coming.1 * 10.0;
        if sorted.is_empty() && coming.0 <= 0.0 {
            return Self { expected, certain, most, parts: Vec::new() };
        }
        let weight = |one: &Stake| one.amount * one.amount * one.chance * (1.0 - one.chance);
        let at = sorted.len().min(EXACT);
        if at < sorted.len() {
            sorted.select_nth_unstable_by(at, |a, b| weight(b).total_cmp(&weight(a)));
        }
        let (large, small) = sorted.split_at(at);
        let shift = |z: f64| (off * z - off * off / 2.0).exp();
        // The parts are put so that their mean is exactly one: what is expected does not move.
        let mean = PARTS.iter().map(|z| shift(*z)).sum::<f64>() / PARTS.len() as f64;
        let parts = PARTS.iter().map(|z| Part::new(large, small, coming, shift(*z) / mean)).collect();
        Self { expected, certain, most, parts }
    }

    /// The chance that it comes to this or less.
    #[must_use]
    pub fn below(&self, sum: f64) -> f64 {
        if self.parts.is_empty() {
            return if sum < self.expected { 0.0 } else { 1.0 };
        }
        // The smooth tails know neither that nothing is lost of what is won, nor that there is no more than everything.
        if sum < self.certain || sum >= self.certain + self.most {
            return if sum < self.certain { 0.0 } else { 1.0 };
        }
        self.parts.iter().map(|part| part.below(sum - self.certain)).sum::<f64>() / self.parts.len() as f64
    }

    /// The interval that holds a share of all cases, as much left out below as above it, and the mean always inside.
    #[must_use]
    pub fn within(&self, share: f64) -> (f64, f64) {
        let aside = (1.0 - share) / 2.0;
        (self.at(aside).min(self.expected), self.at(1.0 - aside).max(self.expected))
    }

    /// What a share of all cases comes to at most.
    fn at(&self, share: f64) -> f64 {
        if self.parts.is_empty() {
            return self.expected;
        }
        let (mut low, mut high) = (self.certain, self.certain + self.most);
        for _ in 0..36 {
            let middle = (low + high) / 2.0;
            if self.below(middle) < share { low = middle } else { high = middle }
        }
        (low + high) / 2.0
    }
}

/// The distribution where all are off by one share.
struct Part {
    step: f64,
    grid: Vec<f64>,
    mean: f64,
    deviation: f64,
}

impl Part {
    fn new(large: &[Stake], small: &[Stake], coming: (f64, f64), off: f64) -> Self {
        let chance = |one: &Stake| (one.chance * off).min(1.0);
        let top: f64 = large.iter().map(|one| one.amount).sum();
        let step = (top / (GRID - 1) as f64).max(f64::MIN_POSITIVE);
        let mut grid = vec![0.0; GRID + EXACT + 2];
        grid[0] = 1.0;
        let mut used = 0;
        for one in large {
            let chance = chance(one);
            // Between two steps it is shared out, so that the mean stays what it is.
            let whole = (one.amount / step).floor();
            let (places, part) = (whole as usize, one.amount / step - whole);
            used = (used + places + 1).min(GRID + EXACT + 1);
            for at in (0..=used).rev() {
                let from = |back: usize| at.checked_sub(back).and_then(|at| grid.get(at)).copied().unwrap_or(0.0);
                let won = (1.0 - part) * from(places) + part * from(places + 1);
                grid[at] = (1.0 - chance) * grid[at] + chance * won;
            }
        }
        let mut mean: f64 = small.iter().map(|one| chance(one) * one.amount).sum();
        let mut variance: f64 =
            small.iter().map(|one| chance(one) * (1.0 - chance(one)) * one.amount * one.amount).sum();
        // New deals come one by one: as many again and again as their mean. Amounts of wins vary about as much as they are.
        mean += coming.0 * off * coming.1;
        variance += 2.0 * coming.0 * off * coming.1 * coming.1;
        Self { step, grid, mean, deviation: variance.sqrt().max(step / 3.0) }
    }

    /// The share that comes to less.
    fn below(&self, sum: f64) -> f64 {
        let at = |place: usize| normal((sum - place as f64 * self.step - self.mean) / self.deviation);
        self.grid.iter().enumerate().filter(|(_, share)| **share > 1e-10).map(|(place, share)| share * at(place)).sum()
    }
}

/// The normal distribution function, to seven places (Abramowitz and Stegun 26.2.17).
fn normal(z: f64) -> f64 {
    if z < 0.0 {
        return 1.0 - normal(-z);
    }
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let sum =
        t * (0.319_381_530 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    1.0 - (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * sum
}
