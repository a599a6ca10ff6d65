//! What the devices share: the simulated CRM, the weather of the seed, the log of what every device read
//! and sent, and the dice of the outside world.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use drumbeat_model::crm::Properties;
use drumbeat_model::time::Instant;

use super::world::{Place, World};

/// What may go wrong in this seed, each between 0 (never) and 100 (always).
#[derive(Debug, Clone, Default)]
pub struct Weather {
    /// A read fails.
    pub read_fails: u8,
    /// A write never leaves the computer.
    pub not_sent: u8,
    /// A write is lost on its way there.
    pub lost_there: u8,
    /// A write is applied and its answer is lost.
    pub lost_back: u8,
    /// A write of unknown fate arrives later.
    pub late: u8,
    /// Longest that a late write may take, in seconds.
    pub late_most: u32,
    /// The CRM asks to wait.
    pub limited: u8,
    /// A well-formed refusal that passes (a lock).
    pub locked: u8,
    /// The token is not accepted.
    pub unauthorised: u8,
    /// Colleagues act while a request is under way.
    pub busy: u8,
    /// A read shows a state of some seconds ago.
    pub stale: u8,
    /// How old such a state may be, in seconds.
    pub stale_most: u32,
    /// Conditional updates, as Salesforce has them.
    pub conditional: bool,
    /// The token may not write.
    pub read_only: bool,
    /// The account has the marker properties.
    pub marked: bool,
    /// A page is delivered twice.
    pub repeated_page: u8,
}

/// Something that a device did, in the order in which it did it.
#[derive(Debug, Clone)]
pub enum Did {
    /// Read a record: what it was shown of it.
    Read {
        /// When.
        at: Instant,
        /// Device.
        device: usize,
        /// Which.
        place: Place,
        /// Shown values; none when it was not there.
        shown: Option<Properties>,
    },
    /// Asked for a record by op id.
    Looked {
        /// When.
        at: Instant,
        /// Device.
        device: usize,
        /// The op id.
        op: String,
    },
    /// Sent a write with a mark.
    Sent {
        /// When.
        at: Instant,
        /// Device.
        device: usize,
        /// Op id of its mark, where it had one.
        op: Option<String>,
        /// Record it was for.
        place: Place,
        /// It was to put the record into the recycle bin.
        bins: bool,
        /// It certainly changed nothing, and the device was told so.
        proven_void: bool,
        /// The CRM refused it in so many words.
        refused: bool,
        /// The account that it went to.
        account: String,
    },
}

/// What is shared between the devices: the CRM, the weather, the log, the dice.
pub struct Shared {
    /// The CRM.
    pub world: World,
    /// What goes wrong.
    pub weather: Weather,
    /// What was done.
    pub log: Vec<Did>,
    /// The dice of the outside world.
    pub dice: fastrand::Rng,
    /// Rare things that happened.
    pub seen: BTreeMap<&'static str, u32>,
    /// What was found wrong on the way.
    pub wrong: Vec<String>,
    /// Virtual start.
    pub began: tokio::time::Instant,
    /// The CRM's time at the start.
    pub epoch: Instant,
}

impl Shared {
    /// Notes that something rare happened.
    pub fn note(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    /// Whether something of this likelihood happens now.
    pub fn happens(&mut self, percent: u8) -> bool {
        percent > 0 && self.dice.u8(0..100) < percent
    }

    /// The CRM's time, after everything that was due has happened.
    pub fn tick(&mut self) -> Instant {
        let passed = TimeDelta::from_std(self.began.elapsed()).unwrap_or_default();
        let to = self.epoch + passed;
        let waiting = self.world.late.len();
        self.world.pass(to);
        if self.world.late.len() < waiting {
            self.note("a late request arrived");
        }
        self.world.now
    }
}
