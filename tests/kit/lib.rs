//! The test kit: what the tests of the whole product share.
//!
//! A test that needs the product as people have it starts a [`display::Desktop`], runs the built
//! binary on it ([`binary`]) or opens its window ([`driver`]). Everything is real: the keyring, the
//! bus, the display, the process. Both walk the main job on one folder of sales data ([`sales`]) and
//! are judged by what the CRM was told ([`ledger`]). What is not in the page is done on the [`screen`]; how
//! fast the window answers is measured in its [`frames`]. The kit is only ever used by tests, so it fails by
//! panicking with what it saw.
#![allow(clippy::disallowed_methods, reason = "tests find the built binary and their drivers through the environment")]

pub mod binary;
pub mod browser;
pub mod display;
pub mod driver;
pub mod frames;
pub mod ledger;
pub mod python;
pub mod sales;
pub mod screen;
