//! Sync against a whole CRM: the sandbox over HTTP, the real client, a real encrypted store.
//!
//! - `bench`: one workspace and its CRM, and what a test asks of either.
//! - `reading`: first sync, stopping and going on, changes, archived and merged records.
//! - `door`: the CRM past the client, and all that differs by vendor.
//! - `desk`: the program itself with its CRM, as a person works at it.
//! - `premises`: only decisions whose facts moved in the CRM are held back.
//! - `packs`: how packs look, and what leaves as files.
//! - `rights`: what this user may not write is said, and refused before it is saved.
//! - `presenting`: what a partner who looks on is sent; what to put right page by page; channel conflicts of a deal.
//! - `gate`: a deal moves through its gate as it will be with the edit.
//! - `money`: several currencies by the CRM's own rates.
//! - `merging`: merge conflicts and their answers, a dry run.
//! - `undoing`: taking back what has landed, to the byte; records that somebody has worked on are not archived.
//! - `failures`: failures of other systems that must never happen here, one test each.
//! - `agreement`: after a full read, what differs from the CRM is found, read again or told.
//! - `policy`: versions of the policy, what judges when, and the past judged again.
//! - `forms`: the CRM's intake forms are made once, or told by hand.
//! - `intake`: what is chosen from a file or a mail lands once; what is not comes back with its reason.
//! - `converted`: leads that a colleague has converted are decided, and no deal is made twice.
//! - `clocks`: a late decision is told from a late sync.
//! - `lifecycle`: every act after the first decision lands as one group and is taken back.
//! - `channel`: channel conflicts, from the first sync to the appeal.
//! - `side_by_side`: two accounts on one computer share nothing.
//! - `behind`: the records behind a number are what it was counted from.
//! - `signing_in`: what a browser brings back is believed once, and what it gives is renewed and kept.
//! - `deciding`: decisions land once, whatever the network does; other people's edits are never lost.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

/// The table of a file's cases: each is run once for every CRM, under the CRM's name. What differs between them is
/// `door`'s.
macro_rules! for_each_crm {
    ($($name:ident),* $(,)?) => {
        mod hubspot {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(drumbeat_model::crm::Vendor::Hubspot).await;
            })*
        }
        mod salesforce {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(drumbeat_model::crm::Vendor::Salesforce).await;
            })*
        }
    };
}

/// Cases that only HubSpot has: each says why beside its name.
macro_rules! for_hubspot {
    ($($name:ident),* $(,)?) => {
        mod hubspot_only {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(drumbeat_model::crm::Vendor::Hubspot).await;
            })*
        }
    };
}

mod agreement;
mod behind;
mod bench;
mod channel;
mod clocks;
mod converted;
mod deciding;
mod desk;
mod door;
mod failures;
mod forms;
mod gate;
mod intake;
mod jobs;
mod lifecycle;
mod merging;
mod money;
mod packs;
mod policy;
mod premises;
mod presenting;
mod reading;
mod rights;
mod side_by_side;
mod signing_in;
mod undoing;
