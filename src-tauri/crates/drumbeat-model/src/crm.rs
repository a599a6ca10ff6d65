//! What a CRM is made of, in no vendor's dialect: kinds of records, records, links, and the schema
//! that an account really has. The vendor clients translate to and from these; nothing else does.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::time::Instant;

/// The CRMs that Drumbeat speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Vendor {
    /// HubSpot.
    Hubspot,
    /// Salesforce.
    Salesforce,
}

impl Vendor {
    /// The vendor's own name.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Vendor::Hubspot => "HubSpot",
            Vendor::Salesforce => "Salesforce",
        }
    }

    /// Whether it keeps the fractions of a second; what it does not keep is not written either.
    #[must_use]
    pub fn keeps_fractions(self) -> bool {
        self == Vendor::Hubspot
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident $name:literal),* $(,)?) => {
        /// The kinds of records that are mirrored. A partner and an account are both companies; a
        /// registration is whatever the mapping says (custom object, deal pipeline, Salesforce Lead).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        pub enum ObjectKind { $($(#[$doc])* $variant),* }

        impl ObjectKind {
            /// Every kind, in the order in which a first sync reads them.
            pub const ALL: &[ObjectKind] = &[$(ObjectKind::$variant),*];

            /// Stable name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(ObjectKind::$variant => $name),* }
            }

            /// The kind with this stable name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(ObjectKind::$variant),)* _ => None }
            }
        }
    };
}

kinds! {
    /// Partners and accounts.
    Company "company",
    /// Partner registrations.
    Registration "registration",
    /// Deals.
    Deal "deal",
    /// Partner people's certificates.
    Certification "certification",
    /// People.
    Contact "contact",
    /// Tasks.
    Task "task",
    /// Notes.
    Note "note",
    /// Meetings.
    Meeting "meeting",
    /// Calls.
    Call "call",
    /// E-mails.
    Email "email",
}

impl ObjectKind {
    /// Whether records of this kind are touches: dated facts about contact with a partner or an account.
    #[must_use]
    pub fn is_touch(self) -> bool {
        matches!(self, ObjectKind::Task | ObjectKind::Note | ObjectKind::Meeting | ObjectKind::Call | ObjectKind::Email)
    }
}

/// Property values as the CRM wrote them, by the CRM's property names. An empty value is absent.
pub type Properties = BTreeMap<String, String>;

/// One record as the CRM said it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What it is.
    pub kind: ObjectKind,
    /// The CRM's id.
    pub id: String,
    /// Values by the CRM's own property names.
    pub properties: Properties,
    /// When the CRM last changed it, by the CRM's clock.
    pub updated_at: Option<Instant>,
    /// Deleted there (recycle bin).
    pub archived: bool,
    /// Ids of records that were merged into this one.
    pub merged: Vec<String>,
    /// Links to other records; `None` when the answer did not speak of them.
    pub links: Option<Vec<Link>>,
}

/// A link from one record to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Link {
    /// Kind of the other record.
    pub to: ObjectKind,
    /// Id of the other record.
    pub id: String,
    /// The main one of its kind, e.g. the deal's own account.
    pub primary: bool,
}

/// One value in a property's history, as the CRM keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// The value from then on.
    pub value: String,
    /// When it was set.
    pub at: Option<Instant>,
    /// Who set it, as far as the CRM says.
    pub by: Option<String>,
}

/// Everything that is asked of an account before a record is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Which CRM.
    pub vendor: Vendor,
    /// The account's id there (portal or organisation), part of every op's binding.
    pub account_id: String,
    /// The account's name.
    pub account_name: String,
    /// ISO code of the account's own currency.
    pub currency: String,
    /// IANA name of the account's time zone.
    pub time_zone: String,
    /// The owner that the token belongs to, where the CRM says.
    pub me: Option<String>,
    /// False when the token may only read.
    pub can_write: bool,
    /// The objects found, each with its properties.
    pub objects: BTreeMap<ObjectKind, ObjectSchema>,
    /// Objects that could hold a kind and do not yet: what is still to be made in them is planned, nothing is read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub could: BTreeMap<ObjectKind, ObjectSchema>,
    /// Deal pipelines.
    pub pipelines: Vec<Pipeline>,
    /// People who can own records.
    pub owners: Vec<Owner>,
}

/// One object of the CRM.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectSchema {
    /// The name that requests use (`deals`, `2-1001`, `Opportunity`).
    pub type_name: String,
    /// The name that people see.
    pub label: String,
    /// Its properties.
    pub properties: Vec<PropertySchema>,
    /// How a record of it becomes a deal for good, where the CRM has such an act.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<Conversion>,
}

/// A record becomes a deal for good: what Salesforce calls converting a lead. It cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// The states that it may be left in, in the account's own order; the first is taken.
    pub states: Vec<String>,
    /// Whether this user may go on writing in it afterwards.
    pub stays_open: bool,
}

/// One property of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PropertySchema {
    /// Name in requests.
    pub name: String,
    /// Name that people see.
    pub label: String,
    /// What it holds.
    pub holds: Holds,
    /// Allowed values with their labels, for lists.
    pub options: Vec<(String, String)>,
    /// The CRM refuses writes to it.
    pub read_only: bool,
    /// The CRM sets it itself, or takes it only once: what it holds stands, whatever is decided. Else it is this user who
    /// may not write it.
    #[serde(default)]
    pub calculated: bool,
    /// The CRM refuses a value twice.
    pub unique: bool,
    /// The CRM makes no record without it.
    #[serde(default)]
    pub required: bool,
}

/// What a property holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// Text.
    Text,
    /// A decimal number.
    Number,
    /// A day.
    Day,
    /// A point in time.
    Instant,
    /// Yes or no.
    Truth,
    /// One of a list.
    Choice,
    /// Several of a list.
    Choices,
}

/// A deal pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Pipeline {
    /// The CRM's id.
    pub id: String,
    /// Name.
    pub label: String,
    /// Stages in order.
    pub stages: Vec<Stage>,
}

/// A stage of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Stage {
    /// The CRM's id.
    pub id: String,
    /// Name.
    pub label: String,
    /// What a deal in it is.
    pub outcome: Outcome,
    /// The CRM's own chance of winning, in percent.
    pub probability: u32,
}

/// Whether a deal is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Still open.
    Open,
    /// Closed and won.
    Won,
    /// Closed and lost.
    Lost,
}

impl Outcome {
    /// Each of them.
    pub const ALL: &[Outcome] = &[Outcome::Open, Outcome::Won, Outcome::Lost];
}

/// A CRM user who can own records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Owner {
    /// The CRM's owner id.
    pub id: String,
    /// Name.
    pub name: String,
    /// E-mail.
    pub email: String,
}

/// Something that Drumbeat would add to the CRM, shown before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProvisionItem {
    /// Which object it is added to.
    pub object: ObjectKind,
    /// The CRM's name for that object, as requests use it.
    pub object_name: String,
    /// Name of the property.
    pub property: String,
    /// Label of the property.
    pub label: String,
    /// Why it is needed, in a sentence.
    pub why: String,
    /// Values must be unique.
    pub unique: bool,
    /// Already there.
    pub present: bool,
}
