//! Notices: what a person should know of an op that is over, and a value that was written over, put back.
//!
//! A restored value is a decision like any other: it goes through the outbox, over our own value and over
//! nothing else, so that whoever has changed the field since is asked and not overwritten in turn.

use std::sync::Arc;

use drumbeat_model::change::{Op, OpKind};
use drumbeat_model::crm::Properties;
use drumbeat_model::merge::{NoticeAbout, NoticeRef, NoticeRow};
use drumbeat_model::registration::Decided;
use drumbeat_model::value::same;
use drumbeat_store::notices::{KeptNotice, NoticeKind};
use drumbeat_store::{Entry, Result, StoreError};
use serde_json::json;

use crate::api::Nothing;
use crate::decide::{self, About, Draft};
use crate::error::{Answer, ApiError, Code};
use crate::merges::said;
use crate::words::Words;
use crate::workspace::Workspace;

/// Notices that are shown.
const LATEST: u32 = 300;

/// Notices that nobody has put aside, latest first.
///
/// # Errors
/// What the store says.
pub fn notices(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<NoticeRow>> {
    ws.read(|r| {
        let words = Words::read(ws, r)?;
        r.open_notices(LATEST)?.iter().map(|notice| row(&words, notice)).collect()
    })
}

fn row(words: &Words<'_>, notice: &KeptNotice) -> Result<NoticeRow> {
    let says = &notice.says;
    let (kind, record) = (notice.record.0, notice.record.1.as_str());
    let none = Properties::new();
    let read =
        |raw: Option<&String>| raw.map_or(Ok(None), |raw| words.value_of((kind, record), &none, &says.field, raw));
    let (theirs, mine) = (read(says.theirs.as_ref())?, read(says.mine.as_ref())?);
    let label = (!says.field.is_empty()).then(|| words.label(kind, &says.field));
    let by = words.who(says.by.as_ref());
    let op = words.r.op(&notice.op)?;
    let field = label.clone().unwrap_or_default();
    let (about, text) = match says.kind {
        NoticeKind::Overwrote => {
            let who = by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
            let is_binned = op.as_ref().is_some_and(|op| matches!(op.kind, OpKind::Archive { .. }));
            let text = if is_binned {
                format!(
                    "{field} was set to {}{who} just before the record went into the recycle bin: take it out there to keep that",
                    said(theirs.as_ref())
                )
            } else {
                format!(
                    "{field} was set to {}{who} just before yours ({}) arrived",
                    said(theirs.as_ref()),
                    said(mine.as_ref())
                )
            };
            (NoticeAbout::Overwrote, text)
        }
        NoticeKind::ChangedAfter => {
            let text =
                format!("{field} is {} in the CRM now; yours was {}", said(theirs.as_ref()), said(mine.as_ref()));
            (NoticeAbout::ChangedAfter, text)
        }
        NoticeKind::Repeated => (NoticeAbout::Repeated, "The CRM shows this change more than once".to_owned()),
    };
    let decision = op.as_ref().map(|op| op.decision.clone());
    let title = match &decision {
        Some(decision) => words.r.decision(decision)?.map(|decision| decision.title).unwrap_or_default(),
        None => String::new(),
    };
    Ok(NoticeRow {
        id: u32::try_from(notice.id).unwrap_or(u32::MAX),
        about,
        text,
        op: notice.op.clone(),
        decision: decision.unwrap_or_else(|| String::new().into()),
        title,
        record: words.record(kind, record)?,
        label,
        theirs,
        mine,
        by,
        theirs_at: says.theirs_at,
        at: notice.at,
        can_restore: why_not(words, notice)?.is_none(),
    })
}

/// Why a notice's value cannot be put back, when so.
fn why_not(words: &Words<'_>, notice: &KeptNotice) -> Result<Option<String>> {
    let says = &notice.says;
    if says.kind != NoticeKind::Overwrote || says.field.is_empty() {
        return Ok(Some("Nothing was written over".to_owned()));
    }
    let (kind, id) = (notice.record.0, words.r.resolve(&notice.record.1)?);
    let Some(now) = words.r.mirrored(kind, &id)?.filter(|known| known.gone.is_none()) else {
        return Ok(Some("The record is gone from the CRM".to_owned()));
    };
    let now = now.properties.get(&says.field);
    if same(now.map(String::as_str), says.mine.as_deref()) {
        return Ok(None);
    }
    let value = words.value_of((kind, &id), &Properties::new(), &says.field, now.map_or("", String::as_str))?;
    let label = words.label(kind, &says.field);
    Ok(Some(format!("{label} is {} by now, which somebody has set since", said(value.as_ref()))))
}

fn notice(ws: &Workspace, id: u32) -> Answer<(KeptNotice, Option<Op>)> {
    let found = ws.read(|r| {
        let Some(notice) = r.notice(id.into())? else { return Ok(None) };
        let op = r.op(&notice.op)?;
        Ok(Some((notice, op)))
    })?;
    found.ok_or_else(|| ApiError::not_found("notice", &id.to_string()))
}

/// Puts a notice aside: a person has seen it.
///
/// # Errors
/// When there is no such notice, or it is aside already.
pub fn put_notice_aside(ws: &Arc<Workspace>, request: NoticeRef) -> Answer<Nothing> {
    let (notice, _) = notice(ws, request.id)?;
    let title = ws.read(|r| Ok(row(&Words::read(ws, r)?, &notice)?.text))?;
    let title = format!("Seen: {title}");
    let actor = ws.actor()?;
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "seen",
        title: &title,
        reason: None,
        facts: None,
        policy: Some(ws.policy.version),
    };
    ws.write(entry, |w| w.put_aside(notice.id))?;
    Ok(Nothing {})
}

/// Writes the value that ours has replaced back, as a new decision, as long as ours still stands.
///
/// # Errors
/// When nothing was written over, the record is gone, or somebody has changed the field since.
pub fn restore_value(ws: &Arc<Workspace>, request: NoticeRef) -> Answer<Decided> {
    let (notice, _) = notice(ws, request.id)?;
    let (refused, title, record, mapping, schema) = ws.read(|r| {
        let words = Words::read(ws, r)?;
        let record = words.record(notice.record.0, &notice.record.1)?;
        let theirs = notice.says.theirs.as_deref().unwrap_or_default();
        let value = words.value_of((record.kind, &record.id), &Properties::new(), &notice.says.field, theirs)?;
        let label = words.label(record.kind, &notice.says.field);
        let title = format!("Put back {label} of {}: {}", record.label, said(value.as_ref()));
        Ok((why_not(&words, &notice)?, title, record, Arc::clone(&words.scene.mapping), words.schema.clone()))
    })?;
    if let Some(why) = refused {
        return Err(ApiError::new(Code::NeedsAttention, "notice.restore", why)
            .kept("Nothing was changed")
            .next("Look at the record, and edit it if it should be otherwise"));
    }
    let says = &notice.says;
    let one =
        |value: Option<&String>| -> Properties { [(says.field.clone(), value.cloned().unwrap_or_default())].into() };
    let mut draft = Draft::new(&mapping, schema.as_deref());
    draft.put(record.kind, &record.id, one(says.theirs.as_ref()), one(says.mine.as_ref()));
    let facts = json!({ "notice": notice.id, "op": notice.op, "field": says.field, "theirs": says.theirs, "mine": says.mine, "by": says.by });
    let about = About { act: "restore", title, record: (record.kind, record.id), reason: None, facts };
    decide::save_with(ws, about, draft, |w| match w.notice(notice.id)?.and_then(|kept| kept.seen_at) {
        Some(_) => Err(StoreError::NotPossible("that notice has been dealt with already".to_owned())),
        None => w.put_aside(notice.id),
    })
}
