//! The one interface between Drumbeat and a CRM.
//!
//! It is held against both vendors' shapes: HubSpot's list pages, search windows, `idProperty` reads
//! and per-property history; Salesforce's SOQL paging by (SystemModstamp, Id), external ids,
//! conditional updates and Leads as registrations. Reads fail with [`CrmError`]; writes never "fail":
//! they end in a [`WriteOutcome`], because what a lost answer means is for the outbox to judge.
//! Property names here are the CRM's own; fields and meaning belong to the mapping.

use std::collections::BTreeMap;

use async_trait::async_trait;
use drumbeat_model::crm::{HistoryEntry, Holds, Link, ObjectKind, Properties, ProvisionItem, Record, Schema, Vendor};
use drumbeat_model::rates::Rates;
use drumbeat_model::time::Instant;

use crate::error::CrmError;

/// Where the next page begins; opaque outside the client, safe to keep on disk.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// One page of records.
#[derive(Debug)]
pub struct RecordPage {
    /// Records in the order of the scan.
    pub records: Vec<Record>,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
    /// How many the whole scan has, where the CRM says.
    pub total: Option<u64>,
    /// The CRM's clock when it answered (HTTP Date), the only clock that watermarks trust (I15).
    pub server_time: Option<Instant>,
    /// Bytes of the answer.
    pub bytes: u64,
}

/// A full scan by id: complete, no cap, no index lag.
#[derive(Debug, Clone)]
pub struct Scan {
    /// Which records.
    pub kind: ObjectKind,
    /// Properties to ask for.
    pub properties: Vec<String>,
    /// Recycle bin instead of living records.
    pub archived: bool,
    /// Nothing of the kind has been read to the end yet: records as they were when the scan began will do.
    pub first: bool,
    /// From here on.
    pub after: Option<Cursor>,
}

/// What changed in a window of the CRM's own time, both ends included, by (modified, id).
#[derive(Debug, Clone)]
pub struct Changes {
    /// Which records.
    pub kind: ObjectKind,
    /// Properties to ask for.
    pub properties: Vec<String>,
    /// From.
    pub since: Instant,
    /// To.
    pub until: Instant,
    /// From here on.
    pub after: Option<Cursor>,
}

/// How many living records there are.
#[derive(Debug, Clone)]
pub struct Count {
    /// Which records.
    pub kind: ObjectKind,
    /// Only those with these values of properties.
    pub equals: Vec<(String, String)>,
    /// Only those that have changed after this moment.
    pub after: Option<Instant>,
}

/// Records read by id. Merged ones answer under the survivor's id.
#[derive(Debug, Clone)]
pub struct Read {
    /// Which kind.
    pub kind: ObjectKind,
    /// Ids, at most what [`Crm::read_limit`] says.
    pub ids: Vec<String>,
    /// Properties to ask for.
    pub properties: Vec<String>,
    /// Properties whose history is wanted as well.
    pub history: Vec<String>,
    /// Whether a value whose own past the CRM does not keep is dated by the record's: made, or changed last.
    pub dated: bool,
}

/// One record with the history that was asked for, newest entry first.
#[derive(Debug, Clone)]
pub struct Found {
    /// The id that was asked for (differs from `record.id` after a merge).
    pub asked: String,
    /// The record.
    pub record: Record,
    /// History by property.
    pub history: BTreeMap<String, Vec<HistoryEntry>>,
}

/// A change of one record.
#[derive(Debug, Clone)]
pub struct Update {
    /// Which kind.
    pub kind: ObjectKind,
    /// Which record.
    pub id: String,
    /// New values; empty text clears.
    pub set: Properties,
    /// The record's modified time at the pre-read, for CRMs with conditional updates.
    pub unmodified_since: Option<Instant>,
}

/// A new record.
#[derive(Debug, Clone)]
pub struct Create {
    /// Which kind.
    pub kind: ObjectKind,
    /// Its values, the unique op id among them.
    pub set: Properties,
    /// Links made in the same request, where the CRM can.
    pub links: Vec<Link>,
}

/// How a write ended, as far as we can know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteOutcome {
    /// The CRM said yes and showed the record.
    Done {
        /// Id of the record.
        id: String,
        /// The CRM's modified time.
        updated_at: Option<Instant>,
    },
    /// It certainly never left this computer, or the CRM certainly never saw it.
    NotSent {
        /// Why, for the evidence.
        why: String,
    },
    /// The CRM asks to wait.
    RateLimited {
        /// Seconds to wait.
        wait: u64,
    },
    /// A well-formed refusal: nothing was applied.
    Refused(Refusal),
    /// A conditional update found another version (may be our own lost write).
    Stale,
    /// No one can say from here whether it was applied.
    Unknown {
        /// What was seen instead of an answer.
        why: String,
    },
}

/// A refusal in the CRM's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// What kind of refusal.
    pub kind: RefusalKind,
    /// The CRM's own sentence, cut to 500 characters.
    pub message: String,
    /// Properties that it names.
    pub properties: Vec<String>,
}

/// The kinds of refusal that differ in what happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// A rule of the CRM: fix the value or withdraw.
    Validation,
    /// A unique value is taken: on a create, our own op id may be there already.
    Duplicate,
    /// The token is not accepted.
    NotAuthorised,
    /// The token lacks a right.
    Forbidden,
    /// No such record.
    Gone,
    /// A lock; try again.
    Locked,
}

/// What is left of the CRM's request budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Budget {
    /// Requests made by this client since it was opened.
    pub requests: u64,
    /// How many were repeated.
    pub retries: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Daily quota, where the CRM says.
    pub daily_limit: Option<u64>,
    /// Left of it.
    pub daily_left: Option<u64>,
}

/// A form that the CRM has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRow {
    /// Which.
    pub id: String,
    /// What people call it.
    pub name: String,
}

/// A form to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDraft {
    /// Its name, by which it is known again.
    pub name: String,
    /// What it asks, in order.
    pub fields: Vec<FormField>,
    /// What stands on its button.
    pub button: String,
    /// What is shown to who has sent it.
    pub thanks: String,
    /// When it is made.
    pub at: Instant,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormField {
    /// Whose property it fills.
    pub object: ObjectKind,
    /// The property.
    pub property: String,
    /// What stands beside it.
    pub label: String,
    /// What it holds.
    pub holds: Holds,
    /// The values to choose from, with their labels.
    pub options: Vec<(String, String)>,
    /// It must be filled in.
    pub required: bool,
    /// A fixed value; then nobody sees the field.
    pub value: Option<String>,
    /// Its text is a mail address.
    pub is_email: bool,
    /// Its text is a telephone number.
    pub is_phone: bool,
    /// Its text has several lines.
    pub is_long: bool,
}

/// A connection to one CRM account.
#[async_trait]
pub trait Crm: Send + Sync {
    /// Which vendor.
    fn vendor(&self) -> Vendor;

    /// How many ids one [`Crm::read`] takes (with history, where that is fewer).
    fn read_limit(&self, with_history: bool) -> usize;

    /// Requests made and left.
    fn budget(&self) -> Budget;

    /// The CRM's present: its clock at its last answer and the time passed since, by a clock that nobody
    /// can set. `None` before the first answer. Quarantines run on it, so that a jump of the computer's
    /// own clock neither ends nor prolongs them.
    fn server_now(&self) -> Option<Instant>;

    /// Tells the client the names of the objects found, so that it can address custom ones.
    fn use_schema(&self, schema: &Schema);

    /// Reads the account's real schema.
    async fn describe(&self) -> Result<Schema, CrmError>;

    /// The rates between the account's currencies, where the CRM tells rates and not converted amounts. Asked after
    /// [`Crm::describe`].
    async fn rates(&self) -> Result<Option<Rates>, CrmError> {
        Ok(None)
    }

    /// One page of a full scan.
    async fn scan(&self, scan: &Scan) -> Result<RecordPage, CrmError>;

    /// One page of a window of changes.
    async fn changes(&self, changes: &Changes) -> Result<RecordPage, CrmError>;

    /// How many records there are, where the CRM tells it in one answer; its index may lag behind.
    async fn count(&self, _count: &Count) -> Result<Option<u64>, CrmError> {
        Ok(None)
    }

    /// Reads records by id; ids that do not exist (or not for us) are simply not among the answer.
    async fn read(&self, read: &Read) -> Result<Vec<Found>, CrmError>;

    /// The record whose unique property has this value.
    async fn find(
        &self,
        kind: ObjectKind,
        property: &str,
        value: &str,
        properties: &[String],
    ) -> Result<Option<Record>, CrmError>;

    /// Ids among `ids` that are in the recycle bin: positive evidence of a delete (I16).
    async fn archived(&self, kind: ObjectKind, ids: &[String]) -> Result<Vec<String>, CrmError>;

    /// Records of the recycle bin with the values and the history that they went with; what is not in the
    /// bin is not among the answer. Merged ones are none.
    async fn binned(&self, read: &Read) -> Result<Vec<Found>, CrmError>;

    /// Links from records of one kind to another, by record id.
    async fn links(
        &self,
        from: ObjectKind,
        ids: &[String],
        to: ObjectKind,
    ) -> Result<BTreeMap<String, Vec<Link>>, CrmError>;

    /// Changes one record: one request, never repeated by the client.
    async fn update(&self, update: &Update) -> WriteOutcome;

    /// Makes one record: one request, never repeated by the client.
    async fn create(&self, create: &Create) -> WriteOutcome;

    /// Links two records; linking twice is the same as once.
    async fn link(&self, from: ObjectKind, id: &str, link: &Link) -> WriteOutcome;

    /// Puts one record into the recycle bin: one request, never repeated by the client. There is nothing in
    /// it by which it could be known again.
    async fn archive(&self, kind: ObjectKind, id: &str) -> WriteOutcome;

    /// Adds one property to the CRM; done already is done.
    async fn provision(&self, item: &ProvisionItem) -> Result<(), CrmError>;

    /// The CRM's own forms.
    async fn forms(&self) -> Result<Vec<FormRow>, CrmError> {
        Err(CrmError::NotFound("forms are not known of this CRM".to_owned()))
    }

    /// Makes a form: one request, never repeated by the client; its id. Two may have one name, so look first.
    async fn create_form(&self, _form: &FormDraft) -> Result<String, CrmError> {
        Err(CrmError::NotFound("forms are not known of this CRM".to_owned()))
    }

    /// The page of a record in the CRM's own web application.
    fn web_url(&self, kind: ObjectKind, id: &str) -> Option<String>;
}

/// What an addition that did not come through is told as.
pub(crate) fn failed(outcome: WriteOutcome) -> CrmError {
    match outcome {
        WriteOutcome::Refused(Refusal { kind, message, .. }) => match kind {
            RefusalKind::NotAuthorised => CrmError::NotAuthorised(message),
            RefusalKind::Forbidden => CrmError::Forbidden(message),
            RefusalKind::Gone => CrmError::NotFound(message),
            RefusalKind::Validation | RefusalKind::Duplicate | RefusalKind::Locked => CrmError::Refused(message),
        },
        WriteOutcome::RateLimited { wait } => CrmError::RateLimited(wait),
        WriteOutcome::NotSent { why } | WriteOutcome::Unknown { why } => CrmError::Unreachable(why),
        WriteOutcome::Done { .. } | WriteOutcome::Stale => {
            CrmError::Garbled("an answer that no addition has".to_owned())
        }
    }
}
