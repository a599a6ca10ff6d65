//! A local CRM that speaks the vendors' own HTTP, good enough that their client libraries cannot tell.
//!
//! It shares no code with Drumbeat's client, so that one mistake cannot be made on both sides. State is in memory; everything a
//! server decides from time comes from its own clock, which a caller may start in the past. What it starts with is made from a
//! seed: an invented sample, a whole synthetic CRM of any size, or a folder of sales data with a partner program laid over it.
//! Callers rely on: the same options give the same records under the same ids; the ledger has every applied write, also when a
//! fault ate the answer. It does not persist beyond an optional journal, and it is for loopback only.

mod admin;
mod answer;
mod clock;
mod data;
mod faults;
mod hubspot;
mod journal;
mod json;
mod ledger;
mod random;
mod rate;
mod request;
mod salesforce;
mod server;
mod signin;
mod vendor;
mod wire;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use faults::{Fault, FaultRate, FaultScript, Faults, OrgFaults};
pub use ledger::{LedgerEntry, LedgerKind};
pub use rate::RatePlan;

use clock::Clock;
use faults::Mishaps;
use hubspot::Hubspot;
use journal::{Journal, Origin};
use salesforce::Salesforce;
use server::{Shared, lock};
use vendor::Vendor;

/// Whose API is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// HubSpot: the dated paths and v3/v4.
    Hubspot,
    /// Salesforce: the REST API under `/services/data`.
    Salesforce,
}

impl Dialect {
    /// The word for it on the command line and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Dialect::Hubspot => "hubspot",
            Dialect::Salesforce => "salesforce",
        }
    }
}

/// What the CRM holds at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// An invented company's book: about 600 deals, 14 partners, 24 open registrations.
    Sample,
    /// An invented CRM with this many deals and everything else in proportion.
    Synthetic(u32),
    /// A folder with `accounts.csv`, `products.csv`, `sales_pipeline.csv`, `sales_teams.csv`, and a partner program laid over it.
    Folder(PathBuf),
}

/// How a sandbox is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whose API.
    pub crm: Dialect,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// What it holds.
    pub data: Source,
    /// Nothing of the partner program's own fields: an org as the vendor sells it. Salesforce only.
    pub bare: bool,
    /// Deals in several currencies, with rates that have their days (Salesforce) or converted amounts (HubSpot).
    pub currencies: bool,
    /// Registrations that wait for a decision; as many as the source has when absent.
    pub waiting: Option<u32>,
    /// Channel conflicts to plant beside the deals of a folder, half of them across two spellings of an account; then
    /// nobody clashes in it by chance. The other sources plant their own.
    pub planted: Option<u32>,
    /// What chance starts from.
    pub seed: u64,
    /// What the server's clock shows at the start; the wall clock when absent.
    pub now: Option<DateTime<Utc>>,
    /// The private app's token, or the access token; drawn from the seed when absent.
    pub token: Option<String>,
    /// Where to write what was planted, one JSON object a line.
    pub truth: Option<PathBuf>,
    /// What goes wrong.
    pub faults: Option<Faults>,
    /// Where writes are kept across restarts.
    pub journal: Option<PathBuf>,
    /// The account's limits; none when absent.
    pub rate: Option<RatePlan>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            crm: Dialect::Hubspot,
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data: Source::Sample,
            bare: false,
            currencies: false,
            waiting: None,
            planted: None,
            seed: 1,
            now: None,
            token: None,
            truth: None,
            faults: None,
            journal: None,
            rate: None,
        }
    }
}

/// Why a sandbox could not be started, in one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SandboxError(String);

impl SandboxError {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        SandboxError(sentence.into())
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SandboxError {}

/// A running CRM; it stops when it is dropped.
pub struct Sandbox {
    shared: Arc<Shared>,
    url: String,
    token: String,
    admin: String,
    end: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Makes the data, binds, and serves in the background.
pub async fn start(options: Options) -> Result<Sandbox, SandboxError> {
    let kept = match &options.journal {
        Some(path) => journal::read(path).map_err(SandboxError::new)?,
        None => None,
    };
    let asked = options.now.map(|t| t.timestamp_millis());
    let now = kept.as_ref().map(|(origin, _)| origin.now).or(asked).unwrap_or_else(clock::wall);
    let data = match options.crm {
        Dialect::Hubspot => format!("{:?}", options.data),
        Dialect::Salesforce => format!("Salesforce {:?}", options.data),
    };
    let origin = Origin { data, seed: options.seed, now };
    if let Some((made, _)) = kept.as_ref().filter(|(made, _)| *made != origin) {
        return Err(SandboxError::new(format!(
            "The journal belongs to other data ({}, seed {}); start with these or name another file.",
            made.data, made.seed
        )));
    }
    let loaded = data::load(&options, now)?;
    let listener = TcpListener::bind(options.listen)
        .await
        .map_err(|e| SandboxError::new(format!("Cannot listen on {}: {e}.", options.listen)))?;
    let address =
        listener.local_addr().map_err(|e| SandboxError::new(format!("Cannot listen on {}: {e}.", options.listen)))?;
    let url = format!("http://{address}");
    let (crm, token): (Box<dyn Vendor>, String) = match options.crm {
        Dialect::Hubspot => {
            let (crm, token) = Hubspot::new(&options, loaded, &url, now)?;
            (Box::new(crm), token)
        }
        Dialect::Salesforce => {
            let (crm, token) = Salesforce::new(&options, loaded, &url, now)?;
            (Box::new(crm), token)
        }
    };
    let shared = Arc::new(Shared {
        crm,
        clock: Clock::new(asked.unwrap_or_else(clock::wall)),
        mishaps: Mutex::new(Mishaps::default()),
        journal: Mutex::new(None),
        counts: Mutex::new(BTreeMap::new()),
    });
    if let Some(path) = &options.journal {
        let fresh = kept.is_none();
        for request in kept.map(|(_, requests)| requests).unwrap_or_default() {
            if shared.clock.now() < request.at {
                shared.clock.set(request.at);
            }
            shared.crm.replay(&shared, &request);
        }
        *lock(&shared.journal) = Some(Journal::open(path, &origin, fresh).map_err(SandboxError::new)?);
    }
    if let Some(plan) = options.faults {
        admin::set_faults(&shared, plan);
    }
    let (end, ended) = oneshot::channel::<()>();
    let app = Router::new().fallback(server::serve).with_state(Arc::clone(&shared));
    let service = app.into_make_service_with_connect_info::<wire::Fate>();
    let task = tokio::spawn(async move {
        let serving = axum::serve(wire::Door(listener), service).with_graceful_shutdown(async {
            // A dropped sender means the same as a sent word: stop.
            let _ = ended.await;
        });
        if let Err(e) = serving.await {
            eprintln!("The sandbox stopped: {e}.");
        }
    });
    Ok(Sandbox { shared, admin: format!("{url}/__admin"), url, token, end: Some(end), task })
}

impl Sandbox {
    /// Where the API is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The private app's token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Where the admin door is.
    pub fn admin(&self) -> &str {
        &self.admin
    }

    /// Every write applied so far.
    pub fn ledger(&self) -> Vec<LedgerEntry> {
        self.shared.crm.ledger()
    }

    /// From now on, this goes wrong and nothing else.
    pub fn set_faults(&self, faults: Faults) {
        admin::set_faults(&self.shared, faults);
    }

    /// Another user sets properties of a record; whether the CRM took it.
    pub fn edit(&self, object: &str, id: &str, properties: &[(&str, &str)], user: &str) -> bool {
        self.shared.crm.edit(&self.shared, object, id, properties, user).status < 300
    }

    /// What the server's clock shows.
    pub fn now(&self) -> DateTime<Utc> {
        clock::date_time(self.shared.clock.now())
    }

    /// Moves the server's clock forward.
    pub fn advance(&self, by: Duration) {
        let clock = &self.shared.clock;
        clock.set(clock.now() + by.as_millis() as i64);
    }

    /// Stops serving; open connections are closed.
    pub async fn stop(mut self) {
        if let Some(end) = self.end.take() {
            let _ = end.send(());
        }
        // A client that keeps a connection open must not keep a server alive.
        if tokio::time::timeout(Duration::from_secs(1), &mut self.task).await.is_err() {
            self.task.abort();
        }
    }
}
