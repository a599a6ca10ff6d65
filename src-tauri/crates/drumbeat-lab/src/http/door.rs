//! What is different of a vendor in the matrix, and nothing else: how the kinds of request look on its wire, how it
//! says no, what its answers are made of, and what other people do there.
//!
//! The rows, the columns and what a cell asserts are the same for every vendor; a row that a vendor's API cannot have
//! is named with the reason.

mod hubspot;
mod salesforce;

use std::collections::BTreeSet;

use drumbeat_crm::Connection;
use drumbeat_crm::crm::Crm;
use drumbeat_crm::error::CrmError;
use drumbeat_crm::retry::Policy;
use drumbeat_model::crm::{Link, ObjectKind, Properties, Vendor};
use drumbeat_sandbox::{Dialect, LedgerEntry};
use serde_json::Value;

use super::fault::Fault;
use super::request::Request;
use super::wire::Message;

/// One vendor's own ways.
pub trait Door: Sync {
    /// How its sandbox speaks.
    fn dialect(&self) -> Dialect;

    /// A client of a process that has just started, which believes in one more authority (DER) where one is given.
    fn client(&self, connection: Connection, policy: Policy, root: Option<&[u8]>) -> Result<Box<dyn Crm>, CrmError>;

    /// What a request is; none for what no column is about.
    fn request(&self, method: &str, target: &str, body: &[u8]) -> Option<Request>;

    /// Why its API cannot have a cell; none when it can.
    fn not_applicable(&self, fault: Fault, request: Request) -> Option<&'static str>;

    /// The message ids that a sync may end with, where they are not those of [`Fault::ids`].
    fn ids(&self, fault: Fault, request: Request) -> Option<&'static [&'static str]>;

    /// Its own words for a row, with the token in the sentence as a careless server might have it; none for rows that
    /// look the same everywhere.
    fn no(&self, fault: Fault, request: Request, token: &str) -> Option<Message>;

    /// Whether a row makes an op wait longer than a quarantine.
    fn waits_long(&self, fault: Fault) -> bool;

    /// What its answers are made of.
    fn parts(&self) -> &'static Parts;

    /// The rows about pages and lists: the answer to `target`, changed.
    fn paged(&self, fault: Fault, request: Request, target: &str, value: &mut Value);

    /// An id as it would have one.
    fn an_id(&self) -> &'static str;

    /// The request of a person who puts a record into the bin: method and path.
    fn bins(&self, object: &str, id: &str) -> (&'static str, String);

    /// The request of a person who merges two deals, where that is possible: method, path and body.
    fn merges_deals(&self, survivor: &str, loser: &str) -> Option<(&'static str, String, String)>;

    /// The paths under which all living records of a kind stand, with these properties and their links.
    fn lists(&self, kind: ObjectKind, object: &str, names: &BTreeSet<String>) -> Vec<String>;

    /// What a page of the list that begins at `first` shows, and the path of the next page.
    fn listed(&self, first: &str, page: &Value) -> (Vec<Listed>, Option<String>);

    /// How often it was applied that these two were linked, by its ledger.
    fn linked(&self, ledger: &[LedgerEntry], record: &str, link: &Link) -> usize;
}

/// Names of fields in a vendor's JSON.
pub struct Parts {
    /// Hold ids.
    pub ids: &'static [&'static str],
    /// Hold one word of a list.
    pub words: &'static [&'static str],
    /// Count something.
    pub counts: &'static [&'static str],
    /// Are maps by name of a property or an object, and no place for a field that nobody knows.
    pub maps: &'static [&'static str],
    /// Every field twice that an answer has but once.
    pub twice: &'static str,
    /// Follow from other records without the record's own change, and come with its next read.
    pub derived: &'static [&'static str],
    /// Where merged records name those that they were made of, as far as a column hides that.
    pub merged: Option<&'static str>,
}

/// A record in a list, or what one more list says of it.
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its values, empty ones left out; none in a list of links alone.
    pub values: Option<Properties>,
    /// Ids of what it is linked to.
    pub links: Vec<String>,
}

/// A vendor's.
pub fn of(vendor: Vendor) -> &'static dyn Door {
    match vendor {
        Vendor::Hubspot => &hubspot::Hubspot,
        Vendor::Salesforce => &salesforce::Salesforce,
    }
}

/// A value as text, as far as it has one.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    };
    (!text.is_empty()).then_some(text)
}
