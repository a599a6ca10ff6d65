//! Settings of this computer and of the workspace that a person can change.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::{Owner, Vendor};
use crate::deal::words;
use crate::ids::OwnerId;
use crate::time::{Day, Instant};

words! {
    /// Colours of the window.
    Theme {
        System "system" "Follow the system",
        Light "light" "Light",
        Dark "dark" "Dark",
    }
}

/// What the Settings screen shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// Colours.
    pub theme: Theme,
    /// Minutes without a key until the workspace locks; 0 never.
    pub lock_after: u32,
    /// CRM.
    pub vendor: Option<Vendor>,
    /// Account name.
    pub account: Option<String>,
    /// Portal or organisation id.
    pub account_id: Option<String>,
    /// Address of the CRM.
    pub base_url: Option<String>,
    /// Where the key is: `keyring` or `passphrase`; `memory` for the sample.
    pub key_in: String,
    /// The person.
    pub me: Option<OwnerId>,
    /// Who can be "me".
    pub owners: Vec<Owner>,
    /// Go-live day (S-12).
    pub go_live: Option<Day>,
    /// In which time a registration is decided, e.g. `48 hours` (S-02).
    pub decision_within: String,
    /// Default protection in days.
    pub protection_days: u32,
    /// Version of the program.
    pub version: String,
    /// Bytes of the store on disk.
    #[ts(type = "number")]
    pub store_bytes: u64,
    /// Folder of the workspace.
    pub folder: String,
    /// Requests left today, where the CRM says.
    pub daily_left: Option<u32>,
    /// Last finished sync.
    pub last_sync: Option<Instant>,
}

/// Change settings; absent ones stay.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SaveSettings {
    /// Colours.
    pub theme: Option<Theme>,
    /// Minutes until lock.
    pub lock_after: Option<u32>,
    /// The person.
    pub me: Option<OwnerId>,
    /// Go-live day.
    pub go_live: Option<Day>,
    /// Work offline on purpose.
    pub offline: Option<bool>,
}
