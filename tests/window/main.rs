//! The window, as a person at it meets it: the built binary in WebKit, driven by keyboard, on a real
//! keyring and a real HTTP server for a CRM.
//!
//! - [`main_job`]: the main job once, from Welcome to the CRM's ledger, with the network cut while ten
//!   claims are decided. The same walk runs on any folder of sales data:
//!   `cargo run -p drumbeat-tests --example maven -- DIR --window`.
//! - [`sample`]: the sample workspace: every screen by its keys, lists, an edit that waits.
//! - [`second_start`]: a second start hands over to the first.
//! - [`review`]: a review from the agenda to its minutes.
//! - [`outbox`]: two people change one field; the merge conflict is settled and lands once.
//! - [`pack`]: a pack in the person's documents.
//! - [`accessibility`]: every screen through axe-core.
//!
//! Shared by them: [`hand`] (what a hand and an eye do on every screen), [`job`] (the walk and its parts)
//! and `crm` (the sandbox and its ledger, as the tests of the command line have it).
//!
//! Nothing sleeps: each look waits for what it looks for, and a look in vain says what was there.

mod accessibility;
#[path = "../cli/crm.rs"]
mod crm;
mod hand;
mod job;
mod main_job;
mod outbox;
mod pack;
mod review;
mod sample;
mod second_start;
