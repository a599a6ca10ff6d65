//! HubSpot behind the [`Crm`] interface, by its dated API (one constant says which version).
//!
//! What callers rely on: reads are patient and bounded, writes are one request each and tell exactly
//! how they ended, the names of custom objects come from the account's own schema and never from
//! guessed ids, and no answer of HubSpot's, however odd, is taken for something it does not say.
//! It keeps nothing but those names and the request budget; what to read and when is for others.

mod associations;
mod forms;
mod objects;
mod problem;
mod provision;
mod scan;
mod schema;
mod search;
mod wire;
mod write;

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use drumbeat_model::crm::{Link, ObjectKind, ProvisionItem, Record, Schema, Vendor};
use drumbeat_model::time::Instant;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::crm::{
    Budget, Changes, Count, Create, Crm, FormDraft, FormRow, Found, Read, RecordPage, Scan, Update, WriteOutcome,
};
use crate::error::CrmError;
use crate::http::answer::{Answer, number};
use crate::http::{Connection, Habits, Wait};
use crate::http::{Http, Toll};
use crate::retry::{Limits, Policy};
use wire::LinkType;

/// The version of HubSpot's API in every path.
pub const API_VERSION: &str = "2026-09";

/// What signing in asks for: without these there is nothing to work with.
pub(crate) const SCOPES: &str =
    "oauth crm.objects.deals.read crm.objects.companies.read crm.objects.contacts.read crm.objects.owners.read";
/// What it asks for where the app and the account have it: writing back, registrations, new fields, mails.
pub(crate) const SCOPES_WANTED: &str = "crm.objects.deals.write crm.objects.companies.write crm.objects.contacts.write \
     crm.objects.custom.read crm.objects.custom.write crm.schemas.deals.read crm.schemas.companies.read \
     crm.schemas.contacts.read crm.schemas.custom.read crm.schemas.deals.write crm.schemas.companies.write \
     crm.schemas.contacts.write crm.schemas.custom.write sales-email-read";

/// A batch read takes this many ids, or half of it with history.
const BATCH: usize = 100;

/// HubSpot's envelope: limits in five headers, 429 for too many requests.
const HABITS: Habits = Habits { limits, wait, refused: problem::refused_read, hosts: &["hubapi.com"] };

fn limits(headers: &HeaderMap) -> Limits {
    Limits {
        max: number(headers, "x-hubspot-ratelimit-max"),
        remaining: number(headers, "x-hubspot-ratelimit-remaining"),
        interval: number(headers, "x-hubspot-ratelimit-interval-milliseconds").map(Duration::from_millis),
        daily: number(headers, "x-hubspot-ratelimit-daily"),
        daily_left: number(headers, "x-hubspot-ratelimit-daily-remaining"),
    }
}

fn wait(answer: &Answer) -> Option<Wait> {
    if answer.status != StatusCode::TOO_MANY_REQUESTS {
        return None;
    }
    let daily =
        problem::of(&answer.body).is_some_and(|problem| problem.policy_name.as_str().eq_ignore_ascii_case("DAILY"));
    Some(if daily { Wait::Day(answer.retry_after.map(|asked| asked.as_secs())) } else { Wait::Short })
}

/// One HubSpot account.
pub struct HubSpot {
    http: Http,
    known: RwLock<Known>,
}

/// What the account has told about itself.
#[derive(Default)]
struct Known {
    account: Option<String>,
    types: BTreeMap<ObjectKind, String>,
    link_types: BTreeMap<(ObjectKind, ObjectKind), Vec<LinkType>>,
}

impl HubSpot {
    /// A connection; nothing is asked yet.
    ///
    /// # Errors
    /// When the address is neither https nor on this computer, or the token cannot be one.
    pub fn open(connection: Connection) -> Result<Self, CrmError> {
        // Any seed will do, as long as two accounts do not pause in step.
        let mut seed = DefaultHasher::new();
        (&connection.base_url, connection.token.expose()).hash(&mut seed);
        Self::open_with(connection, Policy { seed: seed.finish(), ..Policy::default() })
    }

    /// A connection with its own patience.
    ///
    /// # Errors
    /// As [`HubSpot::open`].
    pub fn open_with(connection: Connection, policy: Policy) -> Result<Self, CrmError> {
        Ok(Self { http: Http::open(HABITS, connection, policy)?, known: RwLock::default() })
    }

    /// A connection to a server of the lab's, whose own authority (DER) is believed besides the computer's.
    ///
    /// # Errors
    /// As [`HubSpot::open`], and when it is no certificate.
    #[cfg(feature = "extra-root")]
    pub fn open_trusting(connection: Connection, policy: Policy, root: &[u8]) -> Result<Self, CrmError> {
        Ok(Self { http: Http::open_trusting(HABITS, connection, policy, root)?, known: RwLock::default() })
    }

    /// The name of an object in paths.
    fn type_of(&self, kind: ObjectKind) -> Result<String, CrmError> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .types
            .get(&kind)
            .map(String::as_str)
            .or(standard_type(kind))
            .map(str::to_owned)
            .ok_or_else(|| CrmError::NotFound(format!("no object of the account holds the kind {}", kind.name())))
    }

    /// The kind of an object by any of its names.
    fn kind_of(&self, name: &str) -> Option<ObjectKind> {
        let standard = match name.to_ascii_lowercase().as_str() {
            "companies" | "company" | "0-2" => Some(ObjectKind::Company),
            "deals" | "deal" | "0-3" => Some(ObjectKind::Deal),
            "contacts" | "contact" | "0-1" => Some(ObjectKind::Contact),
            "tasks" | "task" => Some(ObjectKind::Task),
            "notes" | "note" => Some(ObjectKind::Note),
            "meetings" | "meeting" => Some(ObjectKind::Meeting),
            "calls" | "call" => Some(ObjectKind::Call),
            "emails" | "email" => Some(ObjectKind::Email),
            _ => None,
        };
        standard.or_else(|| {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            known.types.iter().find(|(_, known)| known.as_str() == name).map(|(kind, _)| *kind)
        })
    }
}

fn standard_type(kind: ObjectKind) -> Option<&'static str> {
    match kind {
        ObjectKind::Company => Some("companies"),
        ObjectKind::Deal => Some("deals"),
        ObjectKind::Contact => Some("contacts"),
        ObjectKind::Task => Some("tasks"),
        ObjectKind::Note => Some("notes"),
        ObjectKind::Meeting => Some("meetings"),
        ObjectKind::Call => Some("calls"),
        ObjectKind::Email => Some("emails"),
        ObjectKind::Registration | ObjectKind::Certification => None,
    }
}

/// The property that holds when a record was last changed.
fn modified_property(kind: ObjectKind) -> &'static str {
    if kind == ObjectKind::Contact { "lastmodifieddate" } else { "hs_lastmodifieddate" }
}

#[async_trait]
impl Crm for HubSpot {
    fn vendor(&self) -> Vendor {
        Vendor::Hubspot
    }

    fn read_limit(&self, with_history: bool) -> usize {
        if with_history { BATCH / 2 } else { BATCH }
    }

    fn budget(&self) -> Budget {
        self.http.governor.budget()
    }

    fn server_now(&self) -> Option<Instant> {
        self.http.server_now()
    }

    fn use_schema(&self, schema: &Schema) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.account = Some(schema.account_id.clone());
        known.types = schema.objects.iter().map(|(kind, object)| (*kind, object.type_name.clone())).collect();
    }

    async fn describe(&self) -> Result<Schema, CrmError> {
        let schema = schema::describe(&self.http).await?;
        self.use_schema(&schema);
        Ok(schema)
    }

    async fn scan(&self, scan: &Scan) -> Result<RecordPage, CrmError> {
        scan::scan(self, scan).await
    }

    async fn changes(&self, changes: &Changes) -> Result<RecordPage, CrmError> {
        search::changes(self, changes).await
    }

    async fn count(&self, count: &Count) -> Result<Option<u64>, CrmError> {
        search::count(self, count).await
    }

    async fn read(&self, read: &Read) -> Result<Vec<Found>, CrmError> {
        objects::read(self, read, Toll::of(read.ids.len())).await
    }

    async fn find(
        &self,
        kind: ObjectKind,
        property: &str,
        value: &str,
        properties: &[String],
    ) -> Result<Option<Record>, CrmError> {
        objects::find(self, kind, property, value, properties).await
    }

    async fn archived(&self, kind: ObjectKind, ids: &[String]) -> Result<Vec<String>, CrmError> {
        objects::archived(self, kind, ids).await
    }

    async fn binned(&self, read: &Read) -> Result<Vec<Found>, CrmError> {
        objects::binned(self, read).await
    }

    async fn links(
        &self,
        from: ObjectKind,
        ids: &[String],
        to: ObjectKind,
    ) -> Result<BTreeMap<String, Vec<Link>>, CrmError> {
        associations::links(self, from, ids, to, Toll::of(ids.len())).await
    }

    async fn update(&self, update: &Update) -> WriteOutcome {
        write::update(self, update).await
    }

    async fn create(&self, create: &Create) -> WriteOutcome {
        write::create(self, create).await
    }

    async fn link(&self, from: ObjectKind, id: &str, link: &Link) -> WriteOutcome {
        write::link(self, from, id, link).await
    }

    async fn archive(&self, kind: ObjectKind, id: &str) -> WriteOutcome {
        write::archive(self, kind, id).await
    }

    async fn provision(&self, item: &ProvisionItem) -> Result<(), CrmError> {
        provision::provision(self, item).await
    }

    async fn forms(&self) -> Result<Vec<FormRow>, CrmError> {
        forms::list(self).await
    }

    async fn create_form(&self, form: &FormDraft) -> Result<String, CrmError> {
        forms::create(self, form).await
    }

    fn web_url(&self, kind: ObjectKind, id: &str) -> Option<String> {
        if !self.http.is_vendor() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let account = known.account.as_ref().filter(|account| account.bytes().all(|byte| byte.is_ascii_digit()))?;
        let object = match kind {
            ObjectKind::Contact => "0-1",
            ObjectKind::Company => "0-2",
            ObjectKind::Deal => "0-3",
            ObjectKind::Registration | ObjectKind::Certification => known.types.get(&kind)?,
            ObjectKind::Task | ObjectKind::Note | ObjectKind::Meeting | ObjectKind::Call | ObjectKind::Email => {
                return None;
            }
        };
        Some(format!("https://app.hubspot.com/contacts/{account}/record/{object}/{id}"))
    }
}
