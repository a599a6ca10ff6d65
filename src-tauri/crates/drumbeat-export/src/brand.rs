//! The vendor's own look of packs: two colours, a typeface, a logo.
//!
//! A look is only ever made by [`Brand::new`], which refuses what would make a pack hard to read or
//! not open: colours that white text cannot stand on, pictures that are no PNG or too large. What is taken and may still be
//! hard to read, [`Brand::advice`] tells. What is not
//! chosen is Drumbeat's own. In slides all of it is in theme and layouts, where a template replaces it.

use drumbeat_model::look::LookPart;
use serde::{Deserialize, Serialize};

use crate::pdf;
use crate::write::ExportError;

/// The most bytes of a logo.
pub const LARGEST_LOGO: usize = 256 * 1024;
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
    /// Another kind of picture, or none.
    #[error("the logo is not a PNG picture")]
    LogoKind,
    /// Too many bytes.
    #[error("the logo has {0} KB, and 256 KB is the most")]
    LogoLarge(usize),
    /// Too many pixels, or none.
    #[error("the logo is {0} by {1} pixels, and a side has from 1 to 4000")]
    LogoSides(u32, u32),
    /// Its bytes make no picture.
    #[error("the logo cannot be drawn; the file is damaged")]
    LogoDamaged,
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
            let contrast = contrast(accent, PAPER);
            if contrast < LEAST {
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
            if !logo.starts_with(PNG) {
                return Err(BrandError::LogoKind);
            }
            if logo.len() > LARGEST_LOGO {
                return Err(BrandError::LogoLarge(logo.len().div_ceil(1024)));
            }
            let (width, height) = size(logo).ok_or(BrandError::LogoDamaged)?;
            let fits = |x: u32| (1..=WIDEST).contains(&x);
            if !fits(width) || !fits(height) {
                return Err(BrandError::LogoSides(width, height));
            }
            // Whether it can be drawn is known by drawing it.
            pdf::draw("#image(sys.inputs.logo)", "{}".to_owned(), String::new(), None, Some(logo))
                .map_err(|_: ExportError| BrandError::LogoDamaged)?;
        }
        Ok(Self { accent, second, font, logo })
    }

    /// What is taken of it and may be hard to read, each with its part, in sentences.
    #[must_use]
    pub fn advice(&self) -> Vec<(LookPart, String)> {
        let mut all = Vec::new();
        let (first, second) = (contrast(self.accent(), PAPER), contrast(self.second(), PAPER));
        if first < READS_WELL {
            let text =
                format!("Small text of this colour has a contrast of {first:.1} on white, and reads well from 4.5");
            all.push((LookPart::Accent, text));
        }
        if second < LEAST {
            let text = format!("Bars of this colour have a contrast of {second:.1} on white, and are seen well from 3");
            all.push((LookPart::Second, text));
        }
        let apart = contrast(self.accent(), self.second());
        if apart < APART {
            let text = format!(
                "Bars of both colours stand upon each other, with a contrast of {apart:.1}, and are told apart well from {APART}"
            );
            all.push((LookPart::Second, text));
        }
        all
    }

    /// Both colours as they can be read on a dark page.
    pub(crate) fn on_dark(&self) -> (String, String) {
        (lit(self.accent(), READS_WELL), lit(self.second(), LEAST))
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

    /// The logo as an address that a page shows without asking anybody.
    #[must_use]
    pub fn logo_address(&self) -> Option<String> {
        Some(format!("data:image/png;base64,{}", base64(self.logo()?)))
    }

    /// Width and height of the logo.
    #[must_use]
    pub fn logo_size(&self) -> Option<(u32, u32)> {
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

/// The colour that packs are printed on, and the one of a page in the dark.
const PAPER: &str = "FFFFFF";
const DARK_PAPER: &str = "1A1917";
/// Contrasts as WCAG has them: the least of large text and of what is drawn, of small text, and between two bars.
const LEAST: f64 = 3.0;
const READS_WELL: f64 = 4.5;
const APART: f64 = 1.5;

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    if a > b { a / b } else { b / a }
}

/// A colour with so much white in it that it has this contrast on a dark page.
fn lit(digits: &str, least: f64) -> String {
    let mixed = |white: u16| -> String {
        [0, 2, 4]
            .into_iter()
            .map(|at| format!("{:02X}", (u16::from(channel(digits, at)) * (10 - white) + 255 * white) / 10))
            .collect()
    };
    (0..=10).map(mixed).find(|x| contrast(x, DARK_PAPER) >= least).unwrap_or_else(|| PAPER.to_owned())
}

fn channel(digits: &str, at: usize) -> u8 {
    digits.get(at..at + 2).and_then(|x| u8::from_str_radix(x, 16).ok()).unwrap_or(0)
}

/// Relative luminance as WCAG has it.
fn luminance(digits: &str) -> f64 {
    let channel = |at: usize| {
        let part = f64::from(channel(digits, at)) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

/// How every PNG begins.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Width and height of a PNG, as its first chunk says.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let rest = bytes.strip_prefix(PNG)?;
    if rest.get(4..8)? != b"IHDR" {
        return None;
    }
    let number = |at: usize| rest.get(at..at + 4).and_then(|x| x.try_into().ok()).map(u32::from_be_bytes);
    Some((number(8)?, number(12)?))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for three in bytes.chunks(3) {
        let at = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for i in 0..4u32 {
            let letter = LETTERS.get((bits >> (18 - 6 * i) & 63) as usize).copied().unwrap_or(b'=');
            out.push(if i as usize > three.len() { '=' } else { char::from(letter) });
        }
    }
    out
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
        let why = |bytes: Vec<u8>| Brand::new(None, None, None, Some(bytes)).unwrap_err().to_string();
        assert_eq!(why(cut.clone()), "the logo cannot be drawn; the file is damaged");
        let mut large = cut.clone();
        large.resize(LARGEST_LOGO + 1, 0);
        assert_eq!(why(large), "the logo has 257 KB, and 256 KB is the most");
        let mut wide = cut.clone();
        wide[18..20].copy_from_slice(&[0x0f, 0xa1]);
        assert_eq!(why(wide), "the logo is 4001 by 1 pixels, and a side has from 1 to 4000");
        cut.truncate(9);
        assert_eq!(why(cut), "the logo cannot be drawn; the file is damaged");
        assert_eq!(why(b"\xff\xd8\xff\xe0 a photograph".to_vec()), "the logo is not a PNG picture");
        let brand = Brand::new(text("#0a5c36"), None, text("Source Sans 3"), None).unwrap();
        assert_eq!((brand.accent(), brand.second(), brand.font()), ("0A5C36", "7590DE", Some("Source Sans 3")));
    }

    #[test]
    fn what_is_taken_and_hard_to_read_is_told_of_its_part() {
        let told = |accent: Option<&str>, second: Option<&str>| -> Vec<(LookPart, String)> {
            let brand = Brand::new(accent.map(str::to_owned), second.map(str::to_owned), None, None).unwrap();
            brand.advice()
        };
        assert!(told(None, None).is_empty(), "Drumbeat's own reads well");
        assert!(told(Some("#0a5c36"), Some("#4f9470")).is_empty());
        // 3.0 on white: taken, and too pale for small text.
        let parts = |all: Vec<(LookPart, String)>| all.into_iter().map(|(part, _)| part).collect::<Vec<_>>();
        assert_eq!(parts(told(Some("#e06c00"), Some("#5a2c00"))), [LookPart::Accent]);
        let pale = told(None, Some("#d8e0f6"));
        assert_eq!(
            pale,
            [(
                LookPart::Second,
                "Bars of this colour have a contrast of 1.3 on white, and are seen well from 3".to_owned()
            )]
        );
        assert_eq!(parts(told(None, Some("#3057c7"))), [LookPart::Second], "both bars look the same");
    }

    #[test]
    fn on_a_dark_page_every_colour_is_light_enough_to_be_read() {
        for colour in ["#000000", "#0a5c36", "#2f56c6", "#7a0000", "#e06c00"] {
            let brand = Brand::new(Some(colour.to_owned()), Some(colour.to_owned()), None, None).unwrap();
            let (accent, second) = brand.on_dark();
            assert!(contrast(&accent, DARK_PAPER) >= READS_WELL, "{colour} becomes {accent}");
            assert!(contrast(&second, DARK_PAPER) >= LEAST, "{colour} becomes {second}");
        }
        let bright = Brand::new(Some("#e06c00".to_owned()), None, None, None).unwrap();
        assert_eq!(bright.on_dark().0, "E06C00", "what can be read stays as it is");
    }
}
