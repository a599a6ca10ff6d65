//! The account's own definitions over HTTP: properties, pipelines, owners, object schemas, forms, account facts.

pub(crate) mod account;
pub(crate) mod forms;
pub(crate) mod owners;
pub(crate) mod pipelines;
pub(crate) mod properties;
pub(crate) mod schemas;
