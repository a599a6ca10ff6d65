//! How packs look, as somebody chooses it: two colours, a typeface, a logo. What is absent is Drumbeat's own.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::words;

words! {
    /// A part of how packs look.
    LookPart {
        Accent "accent" "First colour",
        Second "second" "Second colour",
        Font "font" "Typeface",
        Logo "logo" "Logo",
    }
}

/// How packs are to look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SaveLook {
    /// First colour, e.g. `#2F56C6`.
    pub accent: Option<String>,
    /// Second colour.
    pub second: Option<String>,
    /// Typeface of slides and pages.
    pub font: Option<String>,
    /// A picture that was chosen before, by its number.
    pub logo: Option<String>,
}

/// How packs look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PackLook {
    /// What was chosen of it.
    pub chosen: SaveLook,
    /// First colour, `#` and six digits.
    pub accent: String,
    /// Second colour.
    pub second: String,
    /// The logo.
    pub logo: Option<Logo>,
}

/// A picture that can stand on a cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Logo {
    /// Its number: the SHA-256 of its bytes, hex.
    pub id: String,
    /// The picture itself, as an address of its own (`data:`).
    pub picture: String,
    /// Bytes.
    pub bytes: u32,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

/// The answer to choosing a logo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogoChosen {
    /// The picture; absent when the person thought better of it.
    pub logo: Option<Logo>,
}

/// A look before it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LookChecked {
    /// First colour; Drumbeat's own where the one asked for is none.
    pub accent: String,
    /// Second colour, likewise.
    pub second: String,
    /// What is wrong with it, or hard to read.
    pub found: Vec<LookFinding>,
}

/// What is wrong with a part of a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LookFinding {
    /// Of which part.
    pub part: LookPart,
    /// It is not taken; otherwise it is taken and may be hard to read.
    pub refused: bool,
    /// What is wrong, in a sentence.
    pub text: String,
}
