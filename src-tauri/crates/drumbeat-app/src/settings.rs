//! Settings of the workspace and of the window.

use std::sync::Arc;

use drumbeat_model::settings::{SaveSettings, Settings, Theme};
use drumbeat_store::{Entry, Reader};

use crate::api::Nothing;
use crate::error::{Answer, ApiError};
use crate::events::{AppEvent, Kind};
use crate::workspace::Workspace;

/// Minutes without a key until the workspace locks, by default (trust rules, section 6).
const LOCK_AFTER: u32 = 15;

/// What the Settings screen shows.
///
/// # Errors
/// What the store says.
pub fn settings(ws: &Arc<Workspace>, _: Nothing) -> Answer<Settings> {
    let daily_left = ws.link.lock().unwrap_or_else(std::sync::PoisonError::into_inner).daily_left;
    ws.read(|r| {
        let mapping = r.mapping()?;
        let schema = r.schema()?;
        Ok(Settings {
            theme: r.value("theme")?.unwrap_or(Theme::System),
            lock_after: r.value("lock_after")?.unwrap_or(LOCK_AFTER),
            vendor: Some(ws.card.vendor),
            account: Some(ws.card.name.clone()),
            account_id: Some(ws.card.account_id.clone()),
            base_url: Some(ws.card.base_url.clone()),
            key_in: key_place(ws),
            me: mapping.me,
            owners: schema.map(|schema| schema.owners).unwrap_or_default(),
            go_live: mapping.go_live,
            decision_within: ws.policy.clocks.decision.to_string(),
            protection_days: ws.policy.protection.default_days,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            store_bytes: ws.store.bytes(),
            folder: ws.dir.to_string_lossy().into_owned(),
            daily_left: daily_left.map(|left| u32::try_from(left).unwrap_or(u32::MAX)),
            last_sync: last_sync(r)?,
        })
    })
}

fn key_place(ws: &Workspace) -> String {
    if ws.sample {
        return "memory".to_owned();
    }
    let text = std::fs::read_to_string(ws.dir.join(crate::keyslots::FILE)).unwrap_or_default();
    let slots: Option<crate::keyslots::Keyslots> = serde_json::from_str(&text).ok();
    match slots {
        Some(slots) if slots.keyring.is_some() => ws.secrets.place().to_owned(),
        _ => "passphrase".to_owned(),
    }
}

pub(crate) fn last_sync(r: &Reader<'_>) -> drumbeat_store::Result<Option<drumbeat_model::time::Instant>> {
    Ok(r.cursor("last_sync")?.and_then(|text| drumbeat_model::value::instant(&text)))
}

/// Changes settings.
///
/// # Errors
/// When the person is not among the CRM's owners, or the store says no.
pub fn save_settings(ws: &Arc<Workspace>, request: SaveSettings) -> Answer<Settings> {
    if let Some(theme) = request.theme {
        ws.keep(|w| w.put_value("theme", &theme))?;
    }
    if let Some(minutes) = request.lock_after {
        ws.keep(|w| w.put_value("lock_after", &minutes))?;
    }
    if request.me.is_some() || request.go_live.is_some() {
        let (mut mapping, schema) = ws.read(|r| Ok((r.mapping()?, r.schema()?)))?;
        if let Some(me) = request.me {
            let known = schema.is_some_and(|schema| schema.owners.iter().any(|owner| owner.id == me.0));
            if !known {
                return Err(ApiError::invalid("me.unknown", "That person is not among the CRM's owners")
                    .kept("Nothing was changed"));
            }
            mapping.me = Some(me);
        }
        mapping.go_live = request.go_live.or(mapping.go_live);
        let actor = ws.actor()?;
        let entry = Entry {
            at: ws.clock.now(),
            actor: &actor,
            act: "settings",
            title: "Changed who \"me\" is or the go-live day",
            reason: None,
            facts: None,
            policy: None,
        };
        ws.use_mapping(entry, &mapping)?;
    }
    if let Some(offline) = request.offline {
        ws.link.lock().unwrap_or_else(std::sync::PoisonError::into_inner).offline_on_purpose = offline;
        if offline {
            ws.jobs.cancel_all();
        }
        ws.events.send(AppEvent::Changed(vec![Kind::Workspace]));
    }
    settings(ws, Nothing {})
}
