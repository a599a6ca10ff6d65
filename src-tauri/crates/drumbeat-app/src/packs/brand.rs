//! How this workspace's packs look. Kept here, and used by every pack that is made from then on.

use std::sync::Arc;

use drumbeat_export::Brand;
use drumbeat_store::{Entry, Reader};

use crate::error::{Answer, ApiError};
use crate::workspace::Workspace;

const KEPT: &str = "pack_brand";

pub(super) fn read(r: &Reader<'_>) -> drumbeat_store::Result<Brand> {
    Ok(r.value(KEPT)?.unwrap_or_default())
}

/// How packs look.
///
/// # Errors
/// What the store says.
pub fn brand(ws: &Arc<Workspace>) -> Answer<Brand> {
    ws.read(read)
}

/// Makes packs look like this from now on; what is `None` is as Drumbeat has it.
///
/// # Errors
/// When white text cannot be read on the first colour, or the logo cannot be drawn.
pub fn save_brand(
    ws: &Arc<Workspace>,
    accent: Option<String>,
    second: Option<String>,
    font: Option<String>,
    logo: Option<Vec<u8>>,
) -> Answer<Brand> {
    let brand = Brand::new(accent, second, font, logo).map_err(|refused| {
        ApiError::invalid("pack.brand", format!("Packs cannot look like that: {refused}"))
            .kept("Packs look as they did")
    })?;
    let actor = ws.actor()?;
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "pack brand",
        title: "Changed how packs look",
        reason: None,
        facts: None,
        policy: Some(ws.policy.version),
    };
    ws.write(entry, |w| w.put_value(KEPT, &brand))?;
    Ok(brand)
}
