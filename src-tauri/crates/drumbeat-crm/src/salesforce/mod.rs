//! Salesforce behind the [`Crm`] interface, by its REST API (one constant says which version).
//!
//! What callers rely on: reads are patient and bounded, writes are one request each and tell exactly how they ended,
//! what an account calls things comes from its own description and never from guessed ids, and no answer of
//! Salesforce's, however odd, is taken for something it does not say. It keeps nothing but what the account has told of
//! its objects and the request budget; what to read and when is for others.

mod convert;
mod data;
mod history;
mod jobs;
mod kinds;
mod links;
mod objects;
mod package;
mod problem;
mod provision;
mod rates;
mod scan;
mod schema;
mod soql;
mod wire;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{PoisonError, RwLock};

use async_trait::async_trait;
use drumbeat_model::crm::{Link, ObjectKind, ProvisionItem, Record, Schema, Vendor};
use drumbeat_model::rates::Rates;
use drumbeat_model::time::Instant;
use reqwest::header::HeaderMap;
use url::Url;

use crate::crm::{Budget, Changes, Count, Create, Crm, Found, Read, RecordPage, Scan, Update, WriteOutcome};
use crate::error::CrmError;
use crate::http::answer::text;
use crate::http::{Connection, Habits, Http, Toll};
use crate::retry::{Limits, Policy};
pub use package::{PERMISSION_SET, field_type, package};

use kinds::{Object, is_id, standard};

/// The version of Salesforce's API in every path; servers that are newer speak it too.
pub const API_VERSION: &str = "v62.0";

/// Ids in one question.
const BATCH: usize = 200;
/// Requests under way at once: an account has few places for those that take long.
const AT_ONCE: usize = 5;

/// Salesforce's own domains.
pub(crate) const HOSTS: &[&str] = &["salesforce.com", "force.com", "salesforce.mil", "sfcrmproducts.cn"];

/// Salesforce's envelope: the day's requests in one header, no limit of bursts.
const HABITS: Habits = Habits { limits, wait: problem::wait, refused: problem::refused_read, hosts: HOSTS };

/// `Sforce-Limit-Info: api-usage=18/5000`, over the last 24 hours.
fn limits(headers: &HeaderMap) -> Limits {
    let usage = text(headers, "sforce-limit-info").and_then(|info| {
        let usage = info.split([';', ',']).find_map(|part| part.trim().strip_prefix("api-usage="))?;
        let (used, daily) = usage.trim().split_once('/')?;
        Some((used.trim().parse::<u64>().ok()?, daily.trim().parse::<u64>().ok()?))
    });
    Limits {
        daily: usage.map(|(_, daily)| daily),
        daily_left: usage.map(|(used, daily)| daily.saturating_sub(used)),
        ..Limits::default()
    }
}

/// One Salesforce account.
pub struct Salesforce {
    http: Http,
    known: RwLock<Known>,
}

/// What the account has told about itself.
#[derive(Default)]
struct Known {
    objects: BTreeMap<ObjectKind, Object>,
    /// Histories and joining records that the account does not keep, or not for this user.
    unkept: BTreeSet<String>,
    /// Present rates, where it has several currencies, and whether it has dated ones.
    rates: Option<(Rates, bool)>,
}

impl Salesforce {
    /// A connection to an account by the address of its instance; nothing is asked yet.
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
    /// As [`Salesforce::open`].
    pub fn open_with(connection: Connection, policy: Policy) -> Result<Self, CrmError> {
        Ok(Self { http: Http::open(HABITS, connection, paced(policy))?, known: RwLock::default() })
    }

    /// A connection to a server of the lab's, whose own authority (DER) is believed besides the computer's.
    ///
    /// # Errors
    /// As [`Salesforce::open`], and when it is no certificate.
    #[cfg(feature = "extra-root")]
    pub fn open_trusting(connection: Connection, policy: Policy, root: &[u8]) -> Result<Self, CrmError> {
        let http = Http::open_trusting(HABITS, connection, paced(policy), root)?;
        Ok(Self { http, known: RwLock::default() })
    }

    /// An address of the data API.
    fn data(&self, segments: &[&str]) -> Result<Url, CrmError> {
        let path: Vec<&str> = ["services", "data", API_VERSION].iter().chain(segments).copied().collect();
        self.http.url(&path)
    }

    /// The object of a kind and the address of one record.
    fn row(&self, kind: ObjectKind, id: &str) -> Result<(Object, Url), CrmError> {
        if !is_id(id) {
            return Err(CrmError::NotFound("the id is not Salesforce's".to_owned()));
        }
        let object = self.object(kind)?;
        let url = self.data(&["sobjects", &object.name, id])?;
        Ok((object, url))
    }

    /// What is known of the object of a kind.
    fn object(&self, kind: ObjectKind) -> Result<Object, CrmError> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known
            .objects
            .get(&kind)
            .cloned()
            .or_else(|| standard(kind).map(|name| Object { name: name.to_owned(), ..Object::default() }))
            .ok_or_else(|| CrmError::NotFound(format!("no object of the account holds the kind {}", kind.name())))
    }

    /// Whether the account has said that it does not keep these.
    fn lacks(&self, name: &str) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).unkept.contains(name)
    }

    /// They are not asked for any more.
    fn without(&self, name: &str) {
        self.known.write().unwrap_or_else(PoisonError::into_inner).unkept.insert(name.to_owned());
    }

    /// What one currency is worth in another, as described.
    fn trade(&self, rates: Option<Rates>, are_dated: bool) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.rates = rates.map(|rates| (rates, are_dated));
    }

    fn knows(&self, kind: ObjectKind) -> bool {
        self.known.read().unwrap_or_else(PoisonError::into_inner).objects.contains_key(&kind)
    }
}

/// The vendor counts requests by the day and those under way, and has no windows of seconds.
fn paced(policy: Policy) -> Policy {
    Policy { pace_unstated: false, at_once: policy.at_once.min(AT_ONCE), ..policy }
}

#[async_trait]
impl Crm for Salesforce {
    fn vendor(&self) -> Vendor {
        Vendor::Salesforce
    }

    fn read_limit(&self, _with_history: bool) -> usize {
        BATCH
    }

    fn budget(&self) -> Budget {
        self.http.governor.budget()
    }

    fn server_now(&self) -> Option<Instant> {
        self.http.server_now()
    }

    fn use_schema(&self, schema: &Schema) {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.objects = schema.objects.iter().map(|(kind, object)| (*kind, Object::of(object))).collect();
        known.unkept.clear();
    }

    async fn describe(&self) -> Result<Schema, CrmError> {
        let schema = schema::describe(self).await?;
        self.use_schema(&schema);
        Ok(schema)
    }

    async fn rates(&self) -> Result<Option<Rates>, CrmError> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).rates.clone();
        match known {
            Some((rates, true)) => rates::dated(self, rates).await.map(Some),
            Some((rates, false)) => Ok(Some(rates)),
            None => Ok(None),
        }
    }

    async fn scan(&self, scan: &Scan) -> Result<RecordPage, CrmError> {
        scan::scan(self, scan).await
    }

    async fn changes(&self, changes: &Changes) -> Result<RecordPage, CrmError> {
        scan::changes(self, changes).await
    }

    async fn count(&self, count: &Count) -> Result<Option<u64>, CrmError> {
        scan::count(self, count).await
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
        links::links(self, from, ids, to, Toll::of(ids.len())).await
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

    fn web_url(&self, kind: ObjectKind, id: &str) -> Option<String> {
        if !self.http.is_vendor() || !is_id(id) {
            return None;
        }
        let object = self.object(kind).ok()?;
        let mut url = self.http.base().clone();
        url.path_segments_mut().ok()?.clear().extend(["lightning", "r", &object.name, id, "view"]);
        Some(url.into())
    }
}
