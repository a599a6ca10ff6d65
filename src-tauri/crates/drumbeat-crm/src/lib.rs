//! The only HTTP: the [`Crm`](crm::Crm) interface and the clients of the vendors behind it.

pub mod crm;
pub mod error;
mod http;
pub mod hubspot;
pub mod mapping;
pub mod oauth;
pub mod retry;
pub mod salesforce;

pub use http::{Connection, Refresh};
