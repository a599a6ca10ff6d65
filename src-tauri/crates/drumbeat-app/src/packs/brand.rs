//! How this workspace's packs look. Kept here, and used by every pack that is made from then on.
//!
//! A logo is chosen first and saved with the rest: until then its bytes are in memory, and the page knows the picture and
//! its number. The pictures of looks that were given up stay there as well, so that what was saved can be taken back.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use drumbeat_export::{Brand, BrandError, LARGEST_LOGO};
use drumbeat_model::look::{Logo, LogoChosen, LookChecked, LookFinding, LookPart, PackLook, SaveLook};
use drumbeat_store::{Entry, Reader};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::blocking;
use crate::api::Nothing;
use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError};
use crate::files::{self, Wanted};
use crate::workspace::Workspace;

const KEPT: &str = "pack_brand";
/// Pictures that are remembered at once; the oldest makes room.
const MOST: usize = 8;
const LOGO: Wanted = Wanted { title: "Choose the logo of packs", kind: "PNG pictures", endings: &["png"] };

/// Pictures that were chosen or given up while the workspace is open, by their number.
#[derive(Default)]
pub struct Logos(Mutex<Vec<(String, Vec<u8>)>>);

impl Logos {
    fn keep(&self, bytes: &[u8]) {
        let id = number(bytes);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|(known, _)| *known != id);
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push((id, bytes.to_vec()));
    }

    fn find(&self, id: &str) -> Option<Vec<u8>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|(known, _)| known == id).map(|(_, bytes)| bytes.clone())
    }
}

fn number(bytes: &[u8]) -> String {
    drumbeat_store::audit::hex(&Sha256::digest(bytes))
}

pub(super) fn read(r: &Reader<'_>) -> drumbeat_store::Result<Brand> {
    Ok(r.value(KEPT)?.unwrap_or_default())
}

fn logo_of(brand: &Brand) -> Option<Logo> {
    let (bytes, (width, height)) = (brand.logo()?, brand.logo_size()?);
    Some(Logo {
        id: number(bytes),
        picture: brand.logo_address()?,
        bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        width,
        height,
    })
}

fn look_of(brand: &Brand) -> PackLook {
    let own = Brand::default();
    let (accent, second) = (format!("#{}", brand.accent()), format!("#{}", brand.second()));
    let logo = logo_of(brand);
    let chosen = SaveLook {
        accent: (brand.accent() != own.accent()).then(|| accent.clone()),
        second: (brand.second() != own.second()).then(|| second.clone()),
        font: brand.font().map(str::to_owned),
        logo: logo.as_ref().map(|logo| logo.id.clone()),
    };
    PackLook { chosen, accent, second, logo }
}

fn refused(why: &BrandError) -> ApiError {
    ApiError::invalid("pack.brand", format!("Packs cannot look like that: {why}")).kept("Packs look as they did")
}

/// How packs look.
///
/// # Errors
/// What the store says.
pub fn pack_look(ws: &Arc<Workspace>, _: Nothing) -> Answer<PackLook> {
    Ok(look_of(&ws.read(read)?))
}

/// What is wrong with a look, or hard to read, part by part; nothing is kept.
///
/// # Errors
/// None of its own.
pub fn check_look(_: &Arc<Workspace>, request: SaveLook) -> Answer<LookChecked> {
    let SaveLook { accent, second, font, .. } = request;
    let mut found = Vec::new();
    let mut taken = |part, made: Result<Brand, BrandError>| match made {
        Ok(_) => true,
        Err(why) => {
            found.push(LookFinding { part, refused: true, text: sentence(&why.to_string()) });
            false
        }
    };
    let accent = accent.filter(|x| taken(LookPart::Accent, Brand::new(Some(x.clone()), None, None, None)));
    let second = second.filter(|x| taken(LookPart::Second, Brand::new(None, Some(x.clone()), None, None)));
    let font = font.filter(|x| taken(LookPart::Font, Brand::new(None, None, Some(x.clone()), None)));
    let brand = Brand::new(accent, second, font, None).unwrap_or_default();
    // A part that is refused is drawn as Drumbeat has it, which says nothing about what was typed.
    let advice = brand.advice().into_iter().filter(|(part, _)| !found.iter().any(|x| x.part == *part));
    let advice: Vec<LookFinding> = advice.map(|(part, text)| LookFinding { part, refused: false, text }).collect();
    found.extend(advice);
    Ok(LookChecked { accent: format!("#{}", brand.accent()), second: format!("#{}", brand.second()), found })
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Makes packs look like this from now on; what is absent is as Drumbeat has it.
///
/// # Errors
/// When white text cannot be read on the first colour, or there is no such picture.
pub fn save_look(ws: &Arc<Workspace>, request: SaveLook) -> Answer<PackLook> {
    let before = ws.read(read)?;
    if let Some(bytes) = before.logo() {
        ws.logos.keep(bytes);
    }
    let picture = |id: String| {
        ws.logos.find(&id).ok_or_else(|| {
            ApiError::invalid("pack.logo", "The logo is not known here any more")
                .kept("Packs look as they did")
                .next("Choose its file again")
        })
    };
    let logo = request.logo.map(picture).transpose()?;
    let brand = Brand::new(request.accent, request.second, request.font, logo).map_err(|why| refused(&why))?;
    let look = look_of(&brand);
    let facts =
        json!({ "accent": look.accent, "second": look.second, "font": look.chosen.font, "logo": look.chosen.logo });
    let actor = ws.actor()?;
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "pack brand",
        title: "Changed how packs look",
        reason: None,
        facts: Some(&facts),
        policy: Some(ws.policy.version),
    };
    ws.write(entry, |w| w.put_value(KEPT, &brand))?;
    Ok(look)
}

/// A picture that the person chooses, as the logo of a look that is not saved yet.
///
/// # Errors
/// As [`take_logo`], and where there is no dialog.
pub async fn choose_logo(app: Arc<Drumbeat>, _: Nothing) -> Answer<LogoChosen> {
    let ws = app.workspace()?;
    blocking(move || {
        let path = files::dialogs(&app)?.open(LOGO);
        Ok(LogoChosen { logo: path.map(|path| take_logo(&ws, &path)).transpose()? })
    })
    .await
}

/// Reads a picture, no more of it than a logo may have and one byte, and remembers it for [`save_look`].
///
/// # Errors
/// When it cannot be read, or is no PNG of at most 256 KB and 4000 pixels a side that can be drawn.
pub fn take_logo(ws: &Arc<Workspace>, path: &Path) -> Answer<Logo> {
    let name = path.file_name().map_or_else(|| "The file".to_owned(), |name| name.to_string_lossy().into_owned());
    let most = u64::try_from(LARGEST_LOGO).unwrap_or(u64::MAX);
    let (mut bytes, mut size) = (Vec::new(), 0);
    let read = File::open(path).and_then(|file| {
        size = file.metadata()?.len();
        file.take(most + 1).read_to_end(&mut bytes)
    });
    read.map_err(|why| {
        ApiError::invalid("pack.logo", format!("{name} could not be read ({why})")).kept("Packs look as they did")
    })?;
    let brand = Brand::new(None, None, None, Some(bytes)).map_err(|why| {
        // Only the beginning of a large file was read: how much it has is the folder's word.
        let why = match why {
            BrandError::LogoLarge(_) => {
                BrandError::LogoLarge(usize::try_from(size.div_ceil(1024)).unwrap_or(usize::MAX))
            }
            other => other,
        };
        refused(&why).next("Choose a PNG of at most 256 KB and 4000 pixels a side")
    })?;
    let logo = logo_of(&brand).ok_or_else(|| refused(&BrandError::LogoDamaged))?;
    ws.logos.keep(brand.logo().unwrap_or_default());
    Ok(logo)
}
