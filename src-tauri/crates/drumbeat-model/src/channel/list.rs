//! The list of channel conflicts: a row, what it can be asked, its views and counts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ChannelSignal, ConflictKind, ConflictState, Party, Severity};
use crate::deal::{ConflictStatus, Motion};
use crate::ids::{AccountId, PartnerId};
use crate::money::Money;
use crate::time::Instant;
use crate::verdict::Clock;

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(optional_fields = nullable)]
pub struct ConflictRow {
    /// Which.
    pub id: String,
    /// Of what kind.
    pub kind: ConflictKind,
    /// Risk or active.
    pub status: ConflictStatus,
    /// How far people have come.
    pub state: ConflictState,
    /// 0 to 100.
    pub severity: u32,
    /// The same as one of three.
    pub band: Severity,
    /// The account's name, or the company that is claimed.
    pub account: String,
    /// The account, where the CRM has one.
    pub account_id: Option<AccountId>,
    /// The parties, in order.
    pub parties: Vec<Party>,
    /// What is at stake.
    pub value: Option<Money>,
    /// Signals.
    pub signals: Vec<ChannelSignal>,
    /// What it is, in a sentence.
    pub text: String,
    /// Who stands first, by key.
    pub first: Option<String>,
    /// Found here on.
    pub raised_at: Instant,
    /// The clock that runs now, or ended last.
    pub clock: Option<Clock>,
}

/// What the list is asked. All conditions hold together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ConflictsQuery {
    /// Those that are settled, dismissed or ended instead of the open ones.
    pub closed: bool,
    /// Of these kinds; early signs are left out when none is named.
    pub kinds: Vec<ConflictKind>,
    /// With this signal.
    pub signal: Option<ChannelSignal>,
    /// In this state.
    pub state: Option<ConflictState>,
    /// With this partner.
    pub partner: Option<PartnerId>,
    /// With this motion.
    pub motion: Option<Motion>,
    /// In this region.
    pub region: Option<String>,
    /// At stake at least, in whole units of the account's own currency.
    pub value_from: Option<u32>,
    /// Words in the account's or a party's name.
    pub text: Option<String>,
    /// Key of the page before.
    pub after: Option<String>,
    /// Rows wanted, at most 500; 0 means 100.
    pub limit: u32,
}

/// What the list can be asked for, as far as it depends on what is open now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConflictFilters {
    /// Regions that occur, in order.
    pub regions: Vec<String>,
}

/// Open channel conflicts by severity, early signs left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct ChannelCounts {
    /// Of high severity.
    pub high: u32,
    /// Of medium severity.
    pub medium: u32,
    /// Of low severity.
    pub low: u32,
}

/// A view of the list that comes with the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConflictView {
    /// Stable name.
    pub name: String,
    /// What a person reads.
    pub label: String,
    /// What it asks.
    pub query: ConflictsQuery,
    /// How many it has now.
    pub count: u32,
}
