//! Campaigns that try to break the trust core, and the reports that they leave.
//!
//! `sim` is the deterministic simulation with its planted bugs, `http` the matrix of faults of the network,
//! `kill` and `sqlite` strike the real binary in processes of its own. The lab uses every crate of the
//! house and is linked only into builds with the feature `lab`; nothing that ships depends on it.

#![allow(clippy::disallowed_methods, reason = "the lab measures: it reads clocks and the file system")]

pub mod conflicts;
pub mod forecasting;
pub mod http;
pub mod kill;
pub mod matching;
pub mod report;
pub mod reviewing;
pub mod sim;
pub mod sqlite;
