//! Drumbeat's use cases: one function per thing that a person can do.

pub mod api;
pub mod error;
pub mod events;
pub mod typescript;
