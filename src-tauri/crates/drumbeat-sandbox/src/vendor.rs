//! What the server asks of a dialect, whichever vendor's it is.

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use crate::answer::Answer;
use crate::faults::{Fault, Faults};
use crate::ledger::LedgerEntry;
use crate::request::Request;
use crate::server::Shared;
use crate::wire::Fate;

/// One vendor's API over one account's records.
pub(crate) trait Vendor: Send + Sync {
    /// The object type that a request is about, by the name that faults aim with.
    fn object(&self, request: &Request) -> Option<String>;

    /// The answer to a body that is too large or was cut off.
    fn too_large(&self) -> Answer;

    /// A request's whole way: sign-in, limits, handler, and what strikes before and after.
    fn answer(&self, shared: &Shared, request: &mut Request, head: &HeaderMap, struck: &[Fault], fate: &Fate)
    -> Answer;

    /// Runs a write of the journal again.
    fn replay(&self, shared: &Shared, request: &Request);

    /// Another user sets properties of a record, past sign-in and limits.
    fn edit(&self, shared: &Shared, object: &str, id: &str, set: &[(&str, &str)], user: &str) -> Answer;

    /// Every write applied so far.
    fn ledger(&self) -> Vec<LedgerEntry>;

    /// From now on this goes wrong, as far as it is the account and not a request that it strikes.
    fn set_faults(&self, faults: &Faults);

    /// How many live records there are of each type.
    fn tally(&self) -> Map<String, Value>;

    /// A record's current values, for checking in tests.
    fn record(&self, object: &str, id: &str) -> Option<Value>;
}
