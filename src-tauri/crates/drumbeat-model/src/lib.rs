//! The words of Drumbeat as types: ids, money, records, deals, registrations, changes, verdicts, views.
//!
//! Everything that two crates must agree on lives here and nothing else does: no database, no
//! network, no clock, no rule. Values that cross to the window derive `TS`; what they promise there
//! is that ids are opaque strings, money is an exact decimal in a string, times are RFC 3339 in UTC
//! and counts fit 32 bits.

pub mod activity;
pub mod board;
pub mod change;
pub mod channel;
pub mod clocks;
pub mod crm;
pub mod deal;
pub mod dossier;
pub mod field;
pub mod forecast;
pub mod gate;
pub mod ids;
pub mod inbox;
pub mod intake;
pub mod lifecycle;
pub mod look;
pub mod mapping;
pub mod merge;
pub mod metrics;
pub mod money;
pub mod movement;
pub mod pack;
pub mod page;
pub mod partner;
pub mod plan;
pub mod planted;
pub mod policy;
pub mod present;
pub mod rates;
pub mod registration;
pub mod review;
pub mod secret;
pub mod settings;
pub mod settling;
pub mod time;
pub mod today;
pub mod value;
pub mod verdict;
pub mod workspace;
