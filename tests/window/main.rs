//! The window, as a person at it meets it: the built binary in WebKit, driven by keyboard, on a real
//! keyring and a real HTTP server for a CRM.
//!
//! - [`main_job`]: the main job once, from Welcome to the CRM's ledger, with the network cut while ten
//!   claims are decided. The same walk runs on any folder of sales data:
//!   `cargo run -p drumbeat-tests --example maven -- DIR --window`.
//! - [`sample`]: the sample workspace, and one on Salesforce: every screen by its keys, lists, an edit that waits.
//! - [`second_start`]: a second start hands over to the first.
//! - [`triage`]: twenty registrations in a row, and how fast the window answers.
//! - [`intake`]: a table with bad rows, dropped on the window; what is good lands, what is not is written down.
//! - [`appeal`]: a decline is appealed and turned.
//! - [`settling`]: one account under two spellings, split offline, turned by an appeal.
//! - [`policy`]: an edit that is refused with its place, a change that is tried on the past.
//! - [`review`]: a review from the agenda to its minutes.
//! - [`outbox`]: two people change one field; the merge conflict is settled and lands once.
//! - [`packs`]: how packs look, and a partner's pipeline as files.
//! - [`pack`]: a pack in the person's documents.
//! - [`signing_in`]: a real browser says no and yes to the window.
//! - [`accessibility`]: every screen through axe-core.
//!
//! Jobs that write, every screen as it is read, and a policy that is tried on past decisions run for either CRM: the case is one,
//! what the CRM calls things is in [`names`]. The others run once: the policy's file, packs and shares, a second start
//! and accessibility are the window's own and are made of what both CRMs have become by then.
//!
//! Shared by them: [`hand`] (what a hand and an eye do on every screen), [`ready`] (a workspace that is synced
//! already), [`job`] (the walk and its parts) and `crm` (the sandbox and its ledger, as the tests of the command line have it).
//!
//! Nothing sleeps: each look waits for what it looks for, and a look in vain says what was there.

mod accessibility;
mod appeal;
#[path = "../cli/crm.rs"]
mod crm;
mod hand;
mod intake;
mod job;
mod main_job;
mod names;
mod outbox;
mod pack;
mod packs;
mod policy;
mod ready;
mod review;
mod sample;
mod second_start;
mod settling;
mod signing_in;
mod triage;
