//! HubSpot's dialect: the dated 2026-09 paths and v3/v4, since the published clients still call these.
//!
//! The hard idea is the order. What strikes before applying returns before the handler is called; what strikes after applying
//! happens to the answer alone, when ledger and journal have the write already.

pub(crate) mod answer;
mod associations;
mod catalog;
mod definitions;
mod files;
mod limits;
mod oauth;
mod objects;
mod pour;
mod record;
mod routes;
mod schema;
mod search;
mod world;

use std::sync::{Mutex, PoisonError, RwLock};

use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::clock::Millis;
use crate::data::{self, Loaded};
use crate::faults::{Fault, Faults, afterwards};
use crate::ledger::LedgerEntry;
use crate::random::Random;
use crate::request::{Actor, Request, Source};
use crate::server::{Shared, lock, text};
use crate::vendor::Vendor;
use crate::wire::Fate;
use crate::{Options, SandboxError};
use answer::Refusal;
use limits::{Limits, too_many};
use oauth::Tokens;
use routes::Area;
use world::World;

/// One account of HubSpot's.
pub(crate) struct Hubspot {
    world: RwLock<World>,
    tokens: Mutex<Tokens>,
    limits: Mutex<Limits>,
    ids: Mutex<Random>,
}

impl Hubspot {
    /// An account that holds the book, reached at `url` with the token that comes back.
    pub(crate) fn new(
        options: &Options,
        mut loaded: Loaded,
        url: &str,
        now: Millis,
    ) -> Result<(Self, String), SandboxError> {
        let (mut world, ids) = pour::fill(&mut loaded, now);
        data::tell(&loaded.book, &ids, options.truth.as_deref())?;
        url.clone_into(&mut world.origin);
        let mut random = Random::new(options.seed ^ 0x746f_6b65_6e00);
        let token = options.token.clone().unwrap_or_else(|| format!("pat-na1-{}", random.uuid()));
        let account = Hubspot {
            world: RwLock::new(world),
            tokens: Mutex::new(Tokens::new(token.clone(), random)),
            limits: Mutex::new(Limits::new(options.rate.clone())),
            ids: Mutex::new(Random::new(options.seed ^ 0x6964_7300)),
        };
        Ok((account, token))
    }

    fn refuse(&self, refusal: &Refusal) -> Answer {
        refusal.answer(&mut lock(&self.ids))
    }

    /// Runs a request against the state, writes alone and reads together.
    fn run(&self, shared: &Shared, request: &Request) -> Answer {
        let words = request.parts();
        let done = if routes::is_write(&request.method, &words) {
            let mut world = self.world.write().unwrap_or_else(PoisonError::into_inner);
            let before = world.ledger.len();
            let done = routes::write(&mut world, request);
            // Written under the same lock, so that the journal has the order of the writes. A refused batch may have been
            // done up to its bad input.
            if done.is_ok() || world.ledger.len() > before {
                shared.keep(request);
            }
            done
        } else {
            let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
            routes::read(&world, request)
        };
        done.unwrap_or_else(|refusal| self.refuse(&refusal))
    }

    /// Everything that can end a request before it is applied; else the headers its answer will carry.
    fn before(
        &self,
        request: &mut Request,
        struck: &[Fault],
        authorization: Option<&str>,
        fate: &Fate,
    ) -> Result<Vec<(&'static str, String)>, Answer> {
        let words = request.words.clone();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut read_only = false;
        for fault in struck {
            match fault {
                Fault::TooMany { retry_after, secondly } => {
                    let policy = if *secondly { "SECONDLY" } else { "TEN_SECONDLY_ROLLING" };
                    return Err(too_many(policy, *retry_after, &mut lock(&self.ids)));
                }
                Fault::Status { code, applied: false } => return Err(self.refuse(&failure(*code))),
                Fault::Reset { applied: false } => {
                    fate.reset();
                    return Err(Answer::empty(500));
                }
                Fault::Html { code } => {
                    return Err(Answer::html(
                        *code,
                        "<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>",
                    ));
                }
                Fault::Locked if routes::is_write(&request.method, &words) => {
                    return Err(self.refuse(&Refusal::new(
                        423,
                        "LOCKED",
                        "The resource is locked by another operation.",
                    )));
                }
                Fault::TokenExpired => return Err(self.refuse(&oauth::expired(1))),
                Fault::TokenRevoked => lock(&self.tokens).revoke(authorization),
                Fault::ReadOnly => read_only = true,
                _ => {}
            }
        }
        // Sign-in and the bytes behind a file's own link need no token.
        let open = matches!(routes::place(&words), (Area::OAuth, ..) | (Area::Files, _, ["files", _, "content"]));
        if open {
            return Ok(Vec::new());
        }
        request.actor = lock(&self.tokens).actor(authorization, request.at).map_err(|r| self.refuse(&r))?;
        let search = routes::is_search(&request.method, &words);
        let headers = lock(&self.limits).take(request.at, search, request.actor.oauth, &mut lock(&self.ids))?;
        // Forms have one scope for reading and writing, which no token has that may only read.
        let of_forms = matches!(routes::place(&words), (Area::Forms, ..));
        if (read_only || request.actor.read_only) && (of_forms || routes::is_write(&request.method, &words)) {
            let mut refusal = Refusal::new(
                403,
                "MISSING_SCOPES",
                "This app hasn't been granted all required scopes to make this call.",
            );
            let scope = if of_forms { "forms" } else { "crm.objects.deals.write" };
            refusal.context.insert("requiredGranularScopes".into(), Value::Array(vec![scope.into()]));
            return Err(self.refuse(&refusal));
        }
        Ok(headers)
    }

    fn apply(&self, shared: &Shared, request: &Request, struck: &[Fault]) -> Answer {
        let words = request.parts();
        if let (Area::OAuth, _, rest) = routes::place(&words) {
            let read_only = lock(&shared.mishaps).read_only();
            return lock(&self.tokens).handle(request, rest, read_only).unwrap_or_else(|r| self.refuse(&r));
        }
        for fault in struck {
            match fault {
                Fault::Refused { property, message } if writes_property(request, property) => {
                    let detail =
                        answer::Detail { message: message.clone(), code: "INVALID_VALUE", property: property.clone() };
                    return self.refuse(&Refusal::properties(vec![detail]));
                }
                Fault::Edited { properties, user } => {
                    if let (Area::Objects, _, [kind, id, ..]) = routes::place(&words) {
                        let set: Vec<(&str, &str)> = properties.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
                        self.edit(shared, kind, id, &set, user);
                    }
                }
                _ => {}
            }
        }
        self.run(shared, request)
    }
}

impl Vendor for Hubspot {
    fn object(&self, request: &Request) -> Option<String> {
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        let kind = world.kind_ix(routes::object_word(&request.parts())?)?;
        Some(world.kind(kind).path.clone())
    }

    fn too_large(&self) -> Answer {
        self.refuse(&Refusal::new(413, "VALIDATION_ERROR", "The request body is too large or was cut off"))
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
        match self.before(request, struck, authorization.as_deref(), fate) {
            Ok(headers) => {
                let mut answer = self.apply(shared, request, struck);
                answer.headers.extend(headers);
                afterwards(struck, fate).map_or(answer, |code| self.refuse(&failure(code)))
            }
            Err(answer) => answer,
        }
    }

    fn replay(&self, shared: &Shared, request: &Request) {
        self.run(shared, request);
    }

    fn edit(&self, shared: &Shared, object: &str, id: &str, set: &[(&str, &str)], user: &str) -> Answer {
        let properties: Map<String, Value> = set.iter().map(|(n, v)| ((*n).to_owned(), Value::from(*v))).collect();
        let body = Value::Object([("properties".to_owned(), Value::Object(properties))].into_iter().collect());
        let path = format!("/crm/v3/objects/{object}/{id}");
        let mut request =
            Request::new("PATCH", &path, "", body.to_string().into_bytes(), Actor::integration(), shared.clock.now());
        let known = self
            .world
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .owners
            .iter()
            .find(|o| o.email == user || o.id.to_string() == user)
            .map(|o| o.user);
        request.actor.source = Source {
            kind: "CRM_UI",
            id: format!("userId:{}", known.unwrap_or(9_000_002)).into(),
            user: Some(known.unwrap_or(9_000_002)),
        };
        self.run(shared, &request)
    }

    fn ledger(&self) -> Vec<LedgerEntry> {
        self.world.read().unwrap_or_else(PoisonError::into_inner).ledger.clone()
    }

    fn set_faults(&self, faults: &Faults) {
        self.world.write().unwrap_or_else(PoisonError::into_inner).index_lag = faults.index_lag_ms as Millis;
    }

    fn tally(&self) -> Map<String, Value> {
        let live =
            |k: &world::Kind| k.records.iter().filter(|r| r.archived.is_none() && r.merged_into.is_none()).count();
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        world.kinds.iter().map(|k| (k.path.clone(), live(k).into())).collect()
    }

    fn record(&self, object: &str, id: &str) -> Option<Value> {
        let world = self.world.read().unwrap_or_else(PoisonError::into_inner);
        let kind = world.kind_ix(object)?;
        let found = objects::find(&world, kind, id, None).ok().flatten()?;
        serde_json::from_slice(&objects::write::whole(&world, kind, found.id)).ok()
    }
}

fn failure(code: u16) -> Refusal {
    Refusal::new(code, "INTERNAL_ERROR", "There was a problem with the request.")
}

/// Does a write name this property, in a single body or in any input of a batch?
fn writes_property(request: &Request, property: &str) -> bool {
    let Ok(body) = request.object() else { return false };
    let named = |v: &Value| v.get("properties").and_then(|p| p.get(property)).is_some();
    named(&Value::Object(body.clone()))
        || body.get("inputs").and_then(Value::as_array).is_some_and(|l| l.iter().any(named))
}
