//! A company's book before it becomes records: people, accounts, deals, partners, registrations.
//!
//! All three sources make a book; the partner program is laid over it, and one function pours it into the world. References are
//! places in the lists, which become ids by adding the type's first id.

use crate::clock::Millis;

pub(crate) const HOUR: Millis = 3_600_000;
pub(crate) const DAY: Millis = 24 * HOUR;

#[derive(Debug, Clone)]
pub(crate) struct Seller {
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) team: String,
}

#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) industry: String,
    pub(crate) country: String,
    pub(crate) city: String,
    pub(crate) region: String,
    pub(crate) employees: String,
    pub(crate) revenue: String,
    pub(crate) parent: Option<usize>,
    pub(crate) owner: usize,
    pub(crate) created: Millis,
    pub(crate) incumbent: Option<usize>,
    pub(crate) renewal: Option<Millis>,
    pub(crate) blocked: bool,
    /// The partner and motion that the account's open deals run through; planted deals stray from it.
    pub(crate) channel: Option<(usize, usize)>,
}

/// A stage of a pipeline, as a deal stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) pipeline: usize,
    pub(crate) stage: usize,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Partnered {
    /// `None` where the fields are there but the partner was left out.
    pub(crate) partner: Option<usize>,
    pub(crate) motion: Option<usize>,
    pub(crate) sourced: Option<bool>,
    pub(crate) percent: Option<i64>,
    pub(crate) registration: Option<usize>,
    pub(crate) protection: Option<(Millis, Millis)>,
    pub(crate) price_protected: bool,
    pub(crate) band: &'static str,
    pub(crate) roles: &'static str,
    pub(crate) notes: Option<(String, Millis)>,
    pub(crate) next_step: Option<(String, Millis)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Deal {
    pub(crate) name: String,
    pub(crate) account: Option<usize>,
    /// As it stands in the source; empty when there was none.
    pub(crate) amount: String,
    pub(crate) product: String,
    pub(crate) at: Standing,
    pub(crate) open: bool,
    pub(crate) won: bool,
    pub(crate) created: Millis,
    pub(crate) closes: Option<Millis>,
    pub(crate) entered: Millis,
    pub(crate) updated: Millis,
    pub(crate) owner: usize,
    pub(crate) kind: &'static str,
    pub(crate) lost: &'static str,
    pub(crate) partnered: Option<Partnered>,
}

#[derive(Debug, Clone)]
pub(crate) struct Partner {
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) of: &'static str,
    pub(crate) tier: &'static str,
    pub(crate) status: &'static str,
    pub(crate) motions: Vec<usize>,
    pub(crate) territories: Vec<String>,
    pub(crate) since: Millis,
    pub(crate) country: String,
    pub(crate) city: String,
    pub(crate) owner: usize,
    pub(crate) certified: bool,
}

impl Partner {
    pub(crate) fn active(&self) -> bool {
        self.status == "active"
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Registration {
    pub(crate) lead: bool,
    pub(crate) status: &'static str,
    pub(crate) partner: usize,
    pub(crate) company: String,
    pub(crate) domain: String,
    pub(crate) country: String,
    pub(crate) city: String,
    pub(crate) contact: Option<(String, String)>,
    pub(crate) consent: bool,
    pub(crate) amount: i64,
    pub(crate) closes: Millis,
    pub(crate) product: String,
    pub(crate) proof: &'static str,
    pub(crate) competitors: &'static str,
    pub(crate) motion: usize,
    pub(crate) submitted: Millis,
    pub(crate) decided: Option<Millis>,
    pub(crate) decider: usize,
    pub(crate) reason: &'static str,
    pub(crate) decline: &'static str,
    pub(crate) info: &'static str,
    pub(crate) account: Option<usize>,
    pub(crate) deal: Option<usize>,
    /// What was planted, for the truth file.
    pub(crate) planted: &'static str,
    /// What it collides with.
    pub(crate) against: Option<Against>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Against {
    Account(usize),
    Registration(usize),
}

#[derive(Debug, Clone)]
pub(crate) struct PipelineSpec {
    pub(crate) id: String,
    pub(crate) label: String,
    /// Id, label, probability.
    pub(crate) stages: Vec<(String, String, f64)>,
}

/// A record as another CRM exported it: its columns with their values.
pub(crate) type Columns = Vec<(String, String)>;

/// What a source has of its own CRM beside what every book has: records with their ids, which stay as they are.
#[derive(Debug, Default)]
pub(crate) struct Export {
    /// Ids of the first sellers, in order.
    pub(crate) users: Vec<String>,
    /// The first accounts, in order of their ids.
    pub(crate) accounts: Vec<Columns>,
    /// Contacts in order of their ids, with the places of their accounts.
    pub(crate) contacts: Vec<(Option<usize>, Columns)>,
    /// Record types in order of their ids.
    pub(crate) types: Vec<Columns>,
}

impl Export {
    /// A column's value; empty where there is none.
    pub(crate) fn get<'a>(columns: &'a Columns, name: &str) -> &'a str {
        columns.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).unwrap_or_default()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Book {
    /// Everybody whom records are assigned to; the partner managers come last.
    pub(crate) sellers: Vec<Seller>,
    /// The partner managers' places among them.
    pub(crate) managers: Vec<usize>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) deals: Vec<Deal>,
    pub(crate) partners: Vec<Partner>,
    pub(crate) registrations: Vec<Registration>,
    pub(crate) products: Vec<(String, String)>,
    pub(crate) pipelines: Vec<PipelineSpec>,
    /// Planted facts about accounts and deals: kind, and the places of what they are about.
    pub(crate) truth: Vec<Truth>,
    pub(crate) export: Export,
    /// Deals are in several currencies.
    pub(crate) several: bool,
}

/// A planted fact.
#[derive(Debug, Clone)]
pub(crate) enum Truth {
    DuplicateAccount {
        one: usize,
        other: usize,
        how: &'static str,
    },
    /// `twin` is the account under another spelling on which the second deal is, and how it differs.
    Conflict {
        of: &'static str,
        account: usize,
        twin: Option<(usize, &'static str)>,
        deals: Vec<usize>,
    },
}

pub(crate) const MOTIONS: [&str; 5] = ["referral", "reseller", "marketplace", "services", "tech"];

/// How much of a partner program is laid over a book.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) partners: usize,
    pub(crate) open_registrations: usize,
    pub(crate) decided_registrations: usize,
    /// The share of deals that carry partner fields.
    pub(crate) share: f64,
    /// The share of open deals that stray from their account's channel, where the crowd is not ours to arrange.
    pub(crate) stray: f64,
    /// Channel conflicts to plant on one account.
    pub(crate) conflicts: usize,
    /// Channel conflicts to plant across two spellings of one account.
    pub(crate) dirty: usize,
    /// Conflicts are planted beside the open deals that accounts have, not on accounts of their own.
    pub(crate) beside: bool,
    /// A group's accounts share one channel, so that nobody clashes in it unless it was planted.
    pub(crate) groups: bool,
    /// Recent deals that get activities.
    pub(crate) active: usize,
}
