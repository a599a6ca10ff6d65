//! The command line, as a person at a shell meets it: the built binary, a real keyring, a real HTTP
//! server for a CRM. Nothing is looked at but what the binary prints, its exit code, the files that
//! it leaves and the CRM's own ledger.
//!
//! - [`main_job`]: the main job once, end to end, with the network cut while ten claims are decided.
//!   The same walk runs on any folder of sales data: `cargo run -p drumbeat-tests --example maven -- DIR`.
//!
//! Shared by them: [`crm`] (the sandbox, its ledger and its faults), [`job`] (the walk) and
//! [`folder`] (a small folder of sales data, as dirty as real ones).
//!
//! Every run has its clock fixed by `--now`, so a result does not depend on the day.

mod crm;
mod folder;
mod job;
mod main_job;
