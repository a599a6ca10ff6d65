//! Salesforce's dialect: the REST API of versions 31.0 to 68.0 under `/services/data`.
//!
//! The hard idea is the order. What strikes before applying returns before the handler is called; what strikes after applying
//! happens to the answer alone, when ledger and journal have the write already.
//! Callers rely on: every answer of the API tells the day's use of the limit, and refusals are lists as the vendor words them.

mod base64;
mod bulk;
mod catalog;
mod check;
mod collections;
mod composite;
mod describe;
mod duplicates;
mod follow;
mod id;
mod oauth;
mod org;
mod pour;
mod problem;
mod query;
mod routes;
mod rows;
mod schema;
mod soap;
mod soql;
mod tooling;
mod usage;
mod userinfo;
mod view;
mod write;

use std::sync::{Mutex, PoisonError, RwLock};

use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::data::{self, Loaded};
use crate::faults::{Fault, Faults, OrgFaults, afterwards};
use crate::ledger::LedgerEntry;
use crate::random::Random;
use crate::request::{Request, Source};
use crate::server::{Shared, lock, text};
use crate::vendor::Vendor;
use crate::wire::Fate;
use crate::{Options, SandboxError};
use bulk::Jobs;
use check::Rights;
use id::Id;
use oauth::Tokens;
use org::Org;
use problem::Problem;
use query::Cursors;
use routes::Desk;
use usage::Usage;
use view::{Hidden, View};
use write::Hand;

/// What a fault plan switches on for the whole org.
#[derive(Debug, Default, Clone)]
struct Switches {
    org: OrgFaults,
    hidden: Hidden,
    locked: Hidden,
    read_only: bool,
}

/// One org of Salesforce's.
pub(crate) struct Salesforce {
    org: RwLock<Org>,
    tokens: Mutex<Tokens>,
    usage: Mutex<Usage>,
    cursors: Mutex<Cursors>,
    jobs: Mutex<Jobs>,
    switches: RwLock<Switches>,
}

impl Salesforce {
    /// An org that holds the book, reached at `url` with the token that comes back.
    pub(crate) fn new(
        options: &Options,
        mut loaded: Loaded,
        url: &str,
        now: i64,
    ) -> Result<(Self, String), SandboxError> {
        let (mut org, ids) = pour::fill(&mut loaded, options.bare, now);
        data::tell(&loaded.book, &ids, options.truth.as_deref())?;
        url.clone_into(&mut org.url);
        let mut random = Random::new(options.seed ^ 0x746f_6b65_6e00);
        let token = options.token.clone().unwrap_or_else(|| oauth::draw(&mut random));
        let me = loaded.book.managers.first().copied().unwrap_or_default() as u32;
        let account = Salesforce {
            org: RwLock::new(org),
            tokens: Mutex::new(Tokens::new(token.clone(), me, random)),
            usage: Mutex::new(Usage::new(options.rate.as_ref())),
            cursors: Mutex::new(Cursors::default()),
            jobs: Mutex::new(Jobs::default()),
            switches: RwLock::new(Switches::default()),
        };
        Ok((account, token))
    }

    fn switches(&self) -> Switches {
        self.switches.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Everything that can end a request before it is applied.
    fn before(
        &self,
        request: &mut Request,
        struck: &[Fault],
        authorization: Option<&str>,
        fate: &Fate,
    ) -> Result<(), Answer> {
        for fault in struck {
            match fault {
                Fault::TooMany { secondly, .. } => return Err(usage::too_many(*secondly).answer()),
                Fault::Status { code, applied: false } => return Err(failure(*code).answer()),
                Fault::Reset { applied: false } => {
                    fate.reset();
                    return Err(Answer::empty(500));
                }
                Fault::Html { code } => {
                    let page = "<html><head><title>Down for maintenance</title></head><body><h1>We are down for maintenance.</h1></body></html>";
                    return Err(Answer::html(*code, page));
                }
                Fault::TokenExpired => return Err(oauth::expired().answer()),
                Fault::TokenRevoked => lock(&self.tokens).revoke(authorization),
                _ => {}
            }
        }
        let words = request.parts();
        if matches!(words[..], ["services", "oauth2", ..] | ["services", "data"]) {
            return Ok(());
        }
        // An envelope says itself whose it is.
        let session =
            routes::is_soap(&words).then(|| soap::session(&request.body)).flatten().map(|s| format!("Bearer {s}"));
        let user = lock(&self.tokens).user(session.as_deref().or(authorization), request.at);
        let user = user.map_err(|p| if routes::is_soap(&words) { soap::fault(&p) } else { p.answer() })?;
        lock(&self.usage).take(request.at).map_err(|p| p.answer())?;
        request.actor.source = Source { kind: "API", id: user.to_string().into(), user: Some(u64::from(user)) };
        request.actor.read_only = struck.contains(&Fault::ReadOnly) || self.switches().read_only;
        Ok(())
    }

    fn apply(&self, shared: &Shared, request: &Request, authorization: Option<&str>, struck: &[Fault]) -> Answer {
        let words = request.parts();
        if let ["services", "data"] = words[..] {
            return describe::versions();
        }
        if let ["services", "oauth2", ..] = words[..] {
            let org = self.org.read().unwrap_or_else(PoisonError::into_inner);
            return lock(&self.tokens).handle(&org, request, authorization, self.switches().org.rotate_refresh);
        }
        if let ["id", _, _] = words[..] {
            let org = self.org.read().unwrap_or_else(PoisonError::into_inner);
            return userinfo::identity(&org, request.actor.source.user.unwrap_or_default() as u32);
        }
        if let Some((_, _, ["limits"])) = routes::place(&words) {
            return lock(&self.usage).limits();
        }
        for fault in struck {
            if let (Fault::Edited { properties, user }, Some((_, _, ["sobjects", object, id]))) =
                (fault, routes::place(&words))
            {
                let set: Vec<(&str, &str)> = properties.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                self.edit(shared, object, id, &set, user);
            }
        }
        self.run(shared, request, struck)
    }

    /// Runs a request against the state, writes alone and reads together.
    fn run(&self, shared: &Shared, request: &Request, struck: &[Fault]) -> Answer {
        let words = request.parts();
        let switches = self.switches();
        let place = routes::place(&words);
        let jobs = matches!(place, Some((_, _, ["jobs", "query", ..])));
        if jobs || !routes::writes(&request.method, &words) {
            let org = self.org.read().unwrap_or_else(PoisonError::into_inner);
            let version = place.map_or("v62.0", |p| p.0);
            let view = View {
                org: &org,
                hidden: &switches.hidden,
                locked: &switches.locked,
                read_only: request.actor.read_only,
                now: request.at,
                version,
            };
            let done = match place {
                Some((_, _, ["jobs", "query", rest @ ..])) => {
                    let user = org.user_id(request.actor.source.user.unwrap_or_default() as u32);
                    bulk::handle(
                        &mut lock(&self.jobs),
                        &view,
                        request,
                        rest,
                        &user.map(|id| id.text()).unwrap_or_default(),
                    )
                }
                _ => routes::read(&view, &self.cursors, request),
            };
            return done.unwrap_or_else(|p| p.answer());
        }
        if request.actor.read_only {
            return Problem::new(403, "INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")
                .answer();
        }
        let mut org = self.org.write().unwrap_or_else(PoisonError::into_inner);
        let saves = request
            .header("sforce-duplicate-rule-header")
            .is_some_and(|h| h.replace(' ', "").contains("allowSave=true"));
        let before = (org.ledger.len(), org.version);
        let mut hand = Hand {
            org: &mut org,
            rights: Rights { hidden: &switches.hidden, locked: &switches.locked },
            at: request.at,
            by: request.actor.source.user.unwrap_or_default() as u32,
            method: if request.actor.source.kind == "CRM_UI" { "EDIT".to_owned() } else { request.method.clone() },
            duplicates: if saves { &[] } else { &switches.org.duplicate_rules },
            struck,
        };
        let desk = Desk { cursors: &self.cursors, metadata: !switches.org.no_metadata };
        let done = routes::write(&mut hand, &desk, request);
        // Written under the same lock, so that the journal has the order of the writes.
        if (org.ledger.len(), org.version) != before {
            shared.keep(request);
        }
        done.unwrap_or_else(|p| p.answer())
    }
}

/// The vendor's own words for a server's failure.
fn failure(code: u16) -> Problem {
    match code {
        503 => Problem::new(503, "SERVER_UNAVAILABLE", "We are down for maintenance. Sorry for the inconvenience."),
        code => Problem::new(
            code,
            "UNKNOWN_EXCEPTION",
            "An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (-1234567890)",
        ),
    }
}

impl Vendor for Salesforce {
    fn object(&self, request: &Request) -> Option<String> {
        let words = request.parts();
        let org = self.org.read().unwrap_or_else(PoisonError::into_inner);
        org.object(routes::object_word(&words)?).map(|o| o.name.clone())
    }

    fn too_large(&self) -> Answer {
        Problem::new(413, "REQUEST_ENTITY_TOO_LARGE", "The request body is too large or was cut off").answer()
    }

    fn answer(
        &self,
        shared: &Shared,
        request: &mut Request,
        head: &HeaderMap,
        struck: &[Fault],
        fate: &Fate,
    ) -> Answer {
        let authorization = text(head, header::AUTHORIZATION.as_str()).map(str::to_owned);
        let mut answer = match self.before(request, struck, authorization.as_deref(), fate) {
            Ok(()) => self.apply(shared, request, authorization.as_deref(), struck),
            Err(answer) => answer,
        };
        if let Some(code) = afterwards(struck, fate) {
            answer = failure(code).answer();
        }
        if request.words.get(1).is_some_and(|w| w == "data") {
            answer.headers.push(("sforce-limit-info", lock(&self.usage).told()));
        }
        answer
    }

    fn replay(&self, shared: &Shared, request: &Request) {
        self.run(shared, request, &[]);
    }

    fn edit(&self, shared: &Shared, object: &str, id: &str, set: &[(&str, &str)], user: &str) -> Answer {
        let body: Map<String, Value> = set.iter().map(|(n, v)| ((*n).to_owned(), Value::from(*v))).collect();
        let path = format!("/services/data/v62.0/sobjects/{object}/{id}");
        let actor = crate::request::Actor::integration();
        let mut request =
            Request::new("PATCH", &path, "", Value::Object(body).to_string().into_bytes(), actor, shared.clock.now());
        let row = {
            let org = self.org.read().unwrap_or_else(PoisonError::into_inner);
            let users = org.object("User");
            let by_id = users.and_then(|u| u.row_ix(Id::parse(user)?));
            // Whoever is not told is somebody else than the one whose token it is.
            let me = lock(&self.tokens).me();
            by_id.or_else(|| users.and_then(|u| u.holder(u.field_ix("Username")?, user))).unwrap_or(u32::from(me == 0))
        };
        request.actor.source = Source { kind: "CRM_UI", id: row.to_string().into(), user: Some(u64::from(row)) };
        self.run(shared, &request, &[])
    }

    fn ledger(&self) -> Vec<LedgerEntry> {
        self.org.read().unwrap_or_else(PoisonError::into_inner).ledger.clone()
    }

    fn set_faults(&self, faults: &Faults) {
        let set = |list: &[String]| -> Hidden { list.iter().map(|f| f.to_ascii_lowercase()).collect() };
        let read_only = faults.rates.iter().any(|one| one.fault == Fault::ReadOnly && one.rate >= 1.0);
        *self.switches.write().unwrap_or_else(PoisonError::into_inner) = Switches {
            hidden: set(&faults.org.hidden),
            locked: set(&faults.org.locked),
            org: faults.org.clone(),
            read_only,
        };
    }

    fn tally(&self) -> Map<String, Value> {
        let org = self.org.read().unwrap_or_else(PoisonError::into_inner);
        org.objects.iter().map(|o| (o.name.clone(), o.live().into())).collect()
    }

    fn record(&self, object: &str, id: &str) -> Option<Value> {
        let org = self.org.read().unwrap_or_else(PoisonError::into_inner);
        let all = Hidden::new();
        let view = View { org: &org, hidden: &all, locked: &all, read_only: false, now: 0, version: "v62.0" };
        let ix = org.ix(object)?;
        let row = org.at(ix).row_ix(Id::parse(id)?)?;
        let mut out = Vec::new();
        soql::shown::record(&mut out, &view, (ix, row), &rows::pieces(&view, ix, None).ok()?);
        serde_json::from_slice(&out).ok()
    }
}
