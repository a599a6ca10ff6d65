//! The Salesforce client against a server on this computer that answers in the vendor's documented form,
//! or in every way in which a network, a proxy or a bad day can answer instead.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod converting;
mod desk;
mod jobs;
mod limits;
mod rates;
mod reading;
mod schema;
// Each vendor's tests use a part of it.
#[allow(dead_code)]
#[path = "../server/mod.rs"]
mod server;
mod writing;
