//! QBR packs: from one partner's facts to files that can be handed over.
//!
//! Facts ([`PackFacts`]) come from the app. For a partner they first go through the safelist
//! ([`partner_safe`]) into [`PartnerSafe`], and [`build_partner`] takes nothing else, so a leak does
//! not compile. A [`Pack`] is sections as data; [`write()`] turns it into the bytes of slides, a PDF,
//! a workbook or a web page, the same bytes for the same pack; [`save`] puts them on disk whole or not at all;
//! [`scan()`] reopens what was written and looks for what must not be in it.
//! No clock, no network, no database.

mod brand;
pub mod build;
mod chart;
pub mod facts;
pub mod figure;
mod grid;
mod html;
pub mod pack;
pub mod paper;
mod pdf;
mod pptx;
pub mod rules;
pub mod safe;
pub mod scan;
mod share;
mod status;
mod view;
pub mod write;
mod xlsx;
mod zipped;

pub use brand::{Brand, BrandError, LARGEST_LOGO};
pub use build::{
    Measured, Whole, Yearly, build_internal, build_partner, build_program, hygiene, last_ended, measured, yearly,
};
pub use facts::{
    PackAsked, PackCertification, PackCommitment, PackConflict, PackDeal, PackFacts, PackHorizon, PackOutlook,
    PackPlace, PackReason, PackRecord, PackRegistration, PackStance, PackTarget, ProgramFacts, Side,
};
pub use html::index_page;
pub use pack::{Pack, Section, SectionBody};
pub use pdf::pdf_data;
pub use safe::{PartnerSafe, SafeError, Safelist, forbidden, partner_safe, withheld};
pub use scan::{Leak, scan};
pub use share::{Shared, build_share, lines};
pub use status::status;
pub use write::{ExportError, file_name, save, share_name, status_name, sweep, write};
pub use zipped::zipped;
