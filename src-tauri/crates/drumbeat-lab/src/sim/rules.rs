//! What differs by vendor where the protocol depends on it: the rules that the simulated CRM goes by. What people do
//! in it, what happens on the way and what must hold are the same.

use chrono::{DurationRound, TimeDelta};
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::time::Instant;

/// A vendor's rules, as far as an account of its has them.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Whose they are.
    pub vendor: Vendor,
    /// A change may say since when nobody may have changed the record.
    pub conditional: bool,
    /// Moments are told, and compared, by the second.
    pub whole_seconds: bool,
    /// What became of each property is kept, beginning with the first change; HubSpot's begins with the first value.
    pub tracked: bool,
    /// A write to a record that was merged away goes to the one that it lives on in.
    pub forwards: bool,
    /// A record tells which live on in it; elsewhere the bin does, by the record that each went into.
    pub tells_merged: bool,
    /// A record in the bin still holds its unique value, and can be put there again.
    pub bin_counts: bool,
    /// Pages bring the links of their records.
    pub links_in_pages: bool,
    /// A note has a place for the op's id.
    pub notes_have_ids: bool,
    /// Kinds whose records can be merged.
    pub merges: &'static [ObjectKind],
}

impl Default for Rules {
    fn default() -> Self {
        Self::of(Vendor::Hubspot, true)
    }
}

impl Rules {
    /// A vendor's; an account of Salesforce's keeps the past of its fields only if it is told to.
    #[must_use]
    pub fn of(vendor: Vendor, tracked: bool) -> Self {
        match vendor {
            Vendor::Hubspot => Self {
                vendor,
                conditional: false,
                whole_seconds: false,
                tracked: true,
                forwards: true,
                tells_merged: true,
                bin_counts: true,
                links_in_pages: false,
                notes_have_ids: false,
                merges: &[ObjectKind::Deal, ObjectKind::Company],
            },
            Vendor::Salesforce => Self {
                vendor,
                conditional: true,
                whole_seconds: true,
                tracked,
                forwards: false,
                tells_merged: false,
                bin_counts: false,
                links_in_pages: true,
                notes_have_ids: true,
                merges: &[ObjectKind::Company],
            },
        }
    }

    /// A moment as it is told.
    #[must_use]
    pub fn told(self, at: Instant) -> Instant {
        if self.whole_seconds { at.duration_trunc(TimeDelta::seconds(1)).unwrap_or(at) } else { at }
    }
}
