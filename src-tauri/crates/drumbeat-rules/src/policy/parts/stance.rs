//! From when on the numbers of a partner speak for more or for less. Said inside the house alone.

parts! {
    /// Thresholds of invest, hold and exit.
    StanceRules {
        /// Share of all partner bookings, in percent, from which on it speaks for more.
        #[schemars(range(min = 0, max = 100))]
        share_high: u32,
        /// Share under which it speaks for less.
        #[schemars(range(min = 0, max = 100))]
        share_low: u32,
        /// Growth over a year, in percent, from which on it speaks for more.
        #[schemars(range(min = 0, max = 1000))]
        growth_up: u32,
        /// Fall over a year, in percent, from which on it speaks for less.
        #[schemars(range(min = 0, max = 100))]
        growth_down: u32,
        /// Points of win rate above direct from which on it speaks for more.
        #[schemars(range(min = 0, max = 100))]
        win_rate_above: u32,
        /// Points of win rate below direct from which on it speaks for less.
        #[schemars(range(min = 0, max = 100))]
        win_rate_below: u32,
        /// Open pipeline in percent of the next quarter's target from which on it speaks for more.
        #[schemars(range(min = 0, max = 10000))]
        coverage_high: u32,
        /// Coverage under which it speaks for less.
        #[schemars(range(min = 0, max = 10000))]
        coverage_low: u32,
        /// So many measures for more than for less are "invest".
        #[schemars(range(min = 1, max = 4))]
        invest_from: u32,
        /// So many measures for less than for more are "exit".
        #[schemars(range(min = 1, max = 4))]
        exit_from: u32,
    }
}
