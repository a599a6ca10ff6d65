//! The command line, as a person at a shell meets it: the built binary, a real keyring, a real HTTP
//! server for a CRM. Nothing is looked at but what the binary prints, its exit code, the files that
//! it leaves and the CRM's own ledger.
//!
//! - [`main_job`]: the main job once, end to end, with the network cut while ten claims are decided.
//!   The same walk runs on any folder of sales data: `cargo run -p drumbeat-tests --example maven -- DIR`.
//! - [`bad_input`]: what can go wrong outside: the CRM, the token, the keyring, the files. Each time a
//!   plain sentence, the right exit code, and nothing lost.
//! - [`json`]: `--json` is one document, whatever the command.
//! - [`recovery`]: the journal, a damaged store, backups, two that send at once: nothing lost, nothing twice.
//! - [`deals`]: where a deal stands, what holds it at its gate, the board, what is to be put right first.
//! - [`conflicts`]: channel conflicts settled with an approval, and judged anew by another policy.
//! - [`intake`]: files, mails and single claims become registrations; what fails comes back in a file.
//! - [`merges`]: merge conflicts, held decisions and a dry run at the shell.
//! - [`metrics`]: the numbers are those that the listed deals add up to.
//! - [`policy`]: a file is checked, set, replayed and published; a wrong one is refused with its line.
//! - [`clocks`]: what is over, and how the clocks of a period were kept.
//! - [`review`]: what was logged in a review stands until it is taken back.
//! - [`accounts`]: of two accounts the one that is meant is opened.
//! - [`demo`]: the demo leaves files that open.
//!
//! Shared by them: [`crm`] (the sandbox, its ledger and its faults) and [`job`] (the walk).
//!
//! Every run has its clock fixed by `--now`, so a result does not depend on the day.

mod accounts;
mod bad_input;
mod clocks;
mod conflicts;
mod crm;
mod deals;
mod demo;
mod forecast;
mod intake;
mod job;
mod json;
mod main_job;
mod merges;
mod metrics;
mod policy;
mod recount;
mod recovery;
mod review;
