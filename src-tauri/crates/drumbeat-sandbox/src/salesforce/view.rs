//! The org as one user sees it at one moment.

use std::collections::HashSet;

use crate::clock::Millis;
use crate::salesforce::org::Org;

/// Fields (`opportunity.amount`) and objects (`quote`) that the user may not see, in lower case.
pub(crate) type Hidden = HashSet<String>;

pub(crate) struct View<'a> {
    pub(crate) org: &'a Org,
    pub(crate) hidden: &'a Hidden,
    /// Fields that the user may see and not change, in lower case.
    pub(crate) locked: &'a Hidden,
    /// The user may change nothing.
    pub(crate) read_only: bool,
    pub(crate) now: Millis,
    /// `v62.0`, as addresses in answers have it.
    pub(crate) version: &'a str,
}

impl View<'_> {
    pub(crate) fn sees(&self, object: &str, field: &str) -> bool {
        self.hidden.is_empty() || !self.hidden.contains(&format!("{object}.{field}").to_ascii_lowercase())
    }

    pub(crate) fn may_change(&self, object: &str, field: &str) -> bool {
        !self.read_only && !self.locked.contains(&format!("{object}.{field}").to_ascii_lowercase())
    }

    pub(crate) fn sees_object(&self, object: &str) -> bool {
        self.hidden.is_empty() || !self.hidden.contains(&object.to_ascii_lowercase())
    }
}
