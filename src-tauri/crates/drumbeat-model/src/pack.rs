//! QBR packs as asked for and as made (Q). What is in one is the export crate's business.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::words;
use crate::ids::PartnerId;
use crate::time::{Instant, Quarter};

words! {
    /// For whom a pack is.
    Edition {
        Partner "partner" "Partner edition",
        Internal "internal" "Internal edition",
    }
}

words! {
    /// File format of a pack.
    PackFormat {
        Pptx "pptx" "PowerPoint",
        Pdf "pdf" "PDF",
        Xlsx "xlsx" "Excel",
        Html "html" "Web page",
    }
}

/// One pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct PackRequest {
    /// Partner.
    pub partner: PartnerId,
    /// Quarter.
    pub quarter: Quarter,
    /// Edition.
    pub edition: Edition,
    /// Formats.
    pub formats: Vec<PackFormat>,
}

/// What a pack would hold, before it is written (V-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackPreview {
    /// Partner name.
    pub partner: String,
    /// Quarter.
    pub quarter: Quarter,
    /// Edition.
    pub edition: Edition,
    /// As of.
    pub as_of: Instant,
    /// Sections with the finding each one states and how many rows it has.
    pub sections: Vec<PackSection>,
    /// Fields that the safelist leaves out of this edition.
    pub withheld: Vec<String>,
    /// Changes not yet in the CRM when it is made.
    pub pending: u32,
    /// Merge conflicts when it is made.
    pub merge_conflicts: u32,
}

/// One section of a pack, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackSection {
    /// Stable key.
    pub key: String,
    /// The finding with its number.
    pub title: String,
    /// Rows or points in it.
    pub rows: u32,
}

/// A pack that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackMade {
    /// Partner.
    pub partner: PartnerId,
    /// Partner name.
    pub partner_name: String,
    /// Quarter.
    pub quarter: Quarter,
    /// Edition.
    pub edition: Edition,
    /// When.
    pub at: Instant,
    /// Files, each with its size and SHA-256.
    pub files: Vec<PackFile>,
}

/// One written file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackFile {
    /// Path as chosen by the person.
    pub path: String,
    /// Format.
    pub format: PackFormat,
    /// Bytes.
    pub bytes: u32,
    /// SHA-256, hex.
    pub sha256: String,
}
