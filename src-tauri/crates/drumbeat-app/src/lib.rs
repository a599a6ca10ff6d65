//! Drumbeat's use cases: one function per thing that a person can do.
//!
//! The window and the command line are thin doors to [`api::dispatch`] and to the functions behind it;
//! neither holds a rule. A use case reads facts from the store, asks the rules, and saves what the
//! person decided as one decision in the outbox. Only this crate reads the clock and the keyring.

#![allow(
    clippy::needless_pass_by_value,
    reason = "a use case owns its request, and the table of operations calls all of them alike"
)]

pub mod activity;
mod agreement;
pub mod anchor;
pub mod api;
pub mod attribution;
pub mod backups;
pub mod channel;
pub mod clock;
pub mod clocks;
pub mod connect;
mod converted;
pub mod credentials;
pub mod deals;
pub mod decide;
pub mod doctor;
pub mod drumbeat;
pub mod error;
pub mod events;
pub mod facts;
pub mod files;
pub mod forecast;
pub mod forms;
pub mod guide;
pub mod held;
mod hold;
pub mod in_force;
pub mod inbox;
pub mod intake;
pub mod jobs;
pub mod keyslots;
pub mod letters;
pub mod matching;
pub mod merges;
pub mod metrics;
pub mod notices;
pub mod package;
pub mod packs;
pub mod partners;
pub mod policy;
pub mod premises;
pub mod present;
pub mod preview;
pub mod recovery;
pub mod registrations;
pub mod repair;
pub mod resolve;
pub mod review;
pub mod rights;
pub mod routing;
pub mod scene;
pub mod secrets;
pub mod settings;
pub mod signing_in;
pub mod status;
pub mod syncing;
pub mod targets;
pub mod telling;
mod tiers;
pub mod today;
pub mod typescript;
pub mod undoing;
mod views;
mod words;
pub mod workspace;
