//! drumbeat-sync
pub mod classify;
pub mod sight;
pub mod verdict;
