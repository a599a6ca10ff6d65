//! When work is done here: what business time counts, and when years begin.

use drumbeat_model::time::FiscalYear;

use crate::policy::{Holiday, TimeOfDay, Weekday, Zone};

parts! {
    /// Working days and hours, and the fiscal year.
    CalendarRule {
        /// Time zone in which days and hours are meant.
        zone: Zone,
        /// Working days.
        days: Vec<Weekday>,
        /// Work begins.
        from: TimeOfDay,
        /// Work ends.
        to: TimeOfDay,
        /// Days off: one day, or one of every year.
        holidays: Vec<Holiday>,
        /// Month in which the fiscal year begins.
        #[schemars(range(min = 1, max = 12))]
        fiscal_year_starts: u32,
    }
}

impl CalendarRule {
    /// Which days a quarter has. A file with another month than there is is refused, so it is always the month's.
    #[must_use]
    pub fn fiscal_year(&self) -> FiscalYear {
        FiscalYear::starting(self.fiscal_year_starts).unwrap_or(FiscalYear::CALENDAR)
    }
}
