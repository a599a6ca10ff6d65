//! Sync against a whole CRM: the sandbox over HTTP, the real client, a real encrypted store.
//!
//! - `bench`: one workspace and its CRM, and what a test asks of either.
//! - `reading`: first sync, stopping and going on, changes, archived and merged records.
//! - `deciding`: decisions land once, whatever the network does; other people's edits are never lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bench;
mod deciding;
mod reading;
