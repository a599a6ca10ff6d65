//! Tests of the store as its callers see it: real encrypted files in a temporary folder.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod boards;
mod chain;
mod clocks;
mod damage;
mod forecast;
mod kit;
mod lists;
mod matching;
mod measures;
mod migrations;
mod movements;
mod opening;
mod outbox;
mod policy;
mod projections;
mod rates;
mod recovery;
mod room;
mod tally;
