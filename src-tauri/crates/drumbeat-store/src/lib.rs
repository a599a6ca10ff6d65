//! The only SQL: one encrypted file per workspace, holding what the CRM said, what we said, what is
//! shown, and who did what.
//!
//! Truth is the mirror, intent is the outbox with its pending changes, view is the projections, which
//! are always what [`Writer::rebuild`](writer::Writer::rebuild) would make of the other two. Callers
//! read with [`Store::read`] and change with [`Store::write`]; both block. The store knows no rule, no
//! network and no clock: judgements and times are handed in.

pub mod audit;
pub mod behind;
pub mod boards;
pub mod bulk;
pub mod channel;
pub mod clocks;
pub mod companies;
mod connection;
pub mod copies;
pub mod counted;
pub mod deals;
pub mod decisions;
pub mod error;
pub mod filter;
pub mod forecast;
pub mod joint;
pub mod journal;
pub mod judge;
pub mod matching;
pub mod measures;
pub mod mirror;
pub mod movements;
pub mod notices;
pub mod open;
pub mod outbox;
mod packed;
pub mod policy;
pub mod projection;
pub mod rates;
pub mod reader;
pub mod recovered;
pub mod registrations;
pub mod reviews;
mod rows;
pub mod salvage;
pub mod search;
pub mod steps;
pub mod tally;
#[cfg(test)]
mod tests;
pub mod totals;
pub mod touches;
pub mod writer;

pub use error::StoreError;
pub use judge::{Attached, DealFacets, Judge, Plain};
pub use mirror::{Applied, Gone, Mirrored};
pub use open::{Entry, Key, Result, Store, Why, Written};
pub use outbox::Step;
pub use reader::Reader;
pub use recovered::Recovered;
pub use writer::{Touched, Writer};
