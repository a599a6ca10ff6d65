//! When work is done here: what business time counts.

use crate::policy::{Holiday, TimeOfDay, Weekday, Zone};

parts! {
    /// Working days and hours.
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
    }
}
