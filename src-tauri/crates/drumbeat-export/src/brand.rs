//! The vendor's own look of packs: two colours, a typeface, a logo.
//!
//! A look is only ever made by [`Brand::new`], which refuses what would make a pack hard to read or
//! not open: colours that white text cannot stand on, pictures that are no PNG or too large. What is not
//! chosen is Drumbeat's own. In slides all of it is in theme and layouts, where a template replaces it.

use serde::{Deserialize, Serialize};

use crate::pdf;
use crate::write::ExportError;

/// The most bytes of a logo.
const LARGEST: usize = 256 * 1024;
/// The most pixels along one of its sides.
const WIDEST: u32 = 4000;

/// How packs look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    accent: Option<String>,
    second: Option<String>,
    font: Option<String>,
    logo: Option<Vec<u8>>,
}

/// Why a look is refused.
#[derive(Debug, thiserror::Error)]
pub enum BrandError {
    /// Not a colour.
    #[error("\"{0}\" is not a colour; one is written #2F56C6")]
    Colour(String),
    /// White text cannot be read on the first colour.
    #[error("white text has a contrast of {found} on {colour}, and needs 3")]
    Pale {
        /// The colour.
        colour: String,
        /// What it has.
        found: String,
    },
    /// Not a typeface's name.
    #[error("\"{0}\" is not the name of a typeface")]
    Font(String),
    /// Not a picture that can stand in a pack.
    #[error("the logo is not a PNG of at most 256 KB and 4000 pixels a side that can be drawn")]
    Logo,
}

impl Brand {
    /// A look of what is chosen.
    ///
    /// # Errors
    /// When a colour, a name or the picture is not one that a pack can be drawn with.
    pub fn new(
        accent: Option<String>,
        second: Option<String>,
        font: Option<String>,
        logo: Option<Vec<u8>>,
    ) -> Result<Self, BrandError> {
        let accent = accent.map(|text| colour(&text)).transpose()?;
        let second = second.map(|text| colour(&text)).transpose()?;
        if let Some(accent) = &accent {
            let contrast = 1.05 / (luminance(accent) + 0.05);
            if contrast < 3.0 {
                return Err(BrandError::Pale { colour: format!("#{accent}"), found: format!("{contrast:.1}") });
            }
        }
        let is_name = |x: &str| {
            (1..=40).contains(&x.chars().count())
                && x.chars().all(|x| x.is_alphanumeric() || matches!(x, ' ' | '-' | '.'))
        };
        if let Some(font) = font.as_deref().filter(|x| !is_name(x)) {
            return Err(BrandError::Font(font.chars().take(40).collect()));
        }
        if let Some(logo) = &logo {
            let (width, height) = size(logo).ok_or(BrandError::Logo)?;
            let fits = |x: u32| (1..=WIDEST).contains(&x);
            if logo.len() > LARGEST || !fits(width) || !fits(height) {
                return Err(BrandError::Logo);
            }
            // Whether it can be drawn is known by drawing it.
            pdf::draw("#image(sys.inputs.logo)", "{}".to_owned(), String::new(), None, Some(logo))
                .map_err(|_: ExportError| BrandError::Logo)?;
        }
        Ok(Self { accent, second, font, logo })
    }

    /// The first colour, six hexadecimal digits.
    #[must_use]
    pub fn accent(&self) -> &str {
        self.accent.as_deref().unwrap_or("2F56C6")
    }

    /// The second.
    #[must_use]
    pub fn second(&self) -> &str {
        self.second.as_deref().unwrap_or("7590DE")
    }

    /// The typeface of slides and pages; the PDF keeps the one that it carries inside.
    #[must_use]
    pub fn font(&self) -> Option<&str> {
        self.font.as_deref()
    }

    /// The logo, a PNG.
    #[must_use]
    pub fn logo(&self) -> Option<&[u8]> {
        self.logo.as_deref()
    }

    /// Width and height of the logo.
    pub(crate) fn logo_size(&self) -> Option<(u32, u32)> {
        size(self.logo()?)
    }
}

fn colour(text: &str) -> Result<String, BrandError> {
    let digits = text.strip_prefix('#').unwrap_or(text);
    if digits.len() == 6 && digits.bytes().all(|x| x.is_ascii_hexdigit()) {
        Ok(digits.to_ascii_uppercase())
    } else {
        Err(BrandError::Colour(text.chars().take(20).collect()))
    }
}

/// Relative luminance as WCAG has it.
fn luminance(digits: &str) -> f64 {
    let channel = |at: usize| {
        let value = digits.get(at..at + 2).and_then(|x| u8::from_str_radix(x, 16).ok()).unwrap_or(0);
        let part = f64::from(value) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

/// Width and height of a PNG, as its first chunk says.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    if rest.get(4..8)? != b"IHDR" {
        return None;
    }
    let number = |at: usize| rest.get(at..at + 4).and_then(|x| x.try_into().ok()).map(u32::from_be_bytes);
    Some((number(8)?, number(12)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_look_that_cannot_be_read_or_drawn_is_refused() {
        let text = |x: &str| Some(x.to_owned());
        assert_eq!(
            Brand::new(text("#0a5"), None, None, None).unwrap_err().to_string(),
            "\"#0a5\" is not a colour; one is written #2F56C6"
        );
        assert!(matches!(Brand::new(text("#ffe680"), None, None, None), Err(BrandError::Pale { .. })));
        assert!(matches!(Brand::new(None, text("red"), None, None), Err(BrandError::Colour(_))));
        assert!(matches!(Brand::new(None, None, text("Inter\"/><x"), None), Err(BrandError::Font(_))));
        let mut cut = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0".to_vec();
        assert!(matches!(Brand::new(None, None, None, Some(cut.clone())), Err(BrandError::Logo)), "cut off");
        cut.truncate(9);
        assert!(matches!(Brand::new(None, None, None, Some(cut)), Err(BrandError::Logo)));
        let brand = Brand::new(text("#0a5c36"), None, text("Source Sans 3"), None).unwrap();
        assert_eq!((brand.accent(), brand.second(), brand.font()), ("0A5C36", "7590DE", Some("Source Sans 3")));
    }
}
