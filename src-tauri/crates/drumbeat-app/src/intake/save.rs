//! Saving an import: each chosen row becomes one registration, by one decision of its own, so that it is on the
//! record, waits in the outbox and can be taken back like any other. What is not saved goes into a file with the
//! reason.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use drumbeat_intake::rejects;
use drumbeat_model::crm::{ObjectKind, Schema};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{ImportId, RegistrationId};
use drumbeat_model::intake::{ImportSaved, ImportUndone, RejectsWritten, RowRefused, RowVerdict, SaveImport};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::registration::{RegistrationStatus, Undo};
use drumbeat_model::value::write_instant;
use serde_json::json;

use super::draft::{Content, Draft as Rows};
use super::judge::{Desk, Looked, Partners};
use super::{lock, look_at_one, off, shown, watch};
use crate::decide::{self, About, Draft};
use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError, Code};
use crate::files::{self, Wanted};
use crate::workspace::{Workspace, write_private};

/// Rows that are saved at once, at most: each is a decision with its own entry in the audit trail.
const MOST: usize = 10_000;

const REJECTS: Wanted = Wanted { title: "Save the rows that were not imported", kind: "Tables", endings: &["csv"] };

/// Saves rows as registrations.
///
/// # Errors
/// When the import is no longer kept, too much is chosen, or the CRM has no place for registrations. A row that
/// cannot be saved is named in the answer and stops nothing.
pub async fn save_import(ws: Arc<Workspace>, request: SaveImport) -> Answer<ImportSaved> {
    off(move || save(&ws, &request)).await
}

fn save(ws: &Arc<Workspace>, request: &SaveImport) -> Answer<ImportSaved> {
    let kept = ws.imports.find(&request.import)?;
    let job = ws.jobs.start("file-import")?;
    let mut rows = lock(&kept);
    let (mapping, schema) = ws.read(|r| Ok((r.mapping()?, r.schema()?)))?;
    for field in [Field::CompanyName, Field::Status, Field::Partner] {
        if mapping.property(ObjectKind::Registration, field).is_none() {
            let text = format!("The CRM has no place for the {} of a registration", field.label().to_lowercase());
            return Err(ApiError::invalid("import.no_place", text)
                .kept("Nothing was saved; the import is kept")
                .next("Map the field in Settings, or let Drumbeat create it in the CRM"));
        }
    }
    let chosen: Vec<u32> = match &request.rows {
        Some(chosen) => chosen.clone(),
        None => {
            let numbered = rows.judged.iter().zip(1_u32..);
            numbered.filter(|(judged, _)| judged.verdict == RowVerdict::Ok).map(|(_, number)| number).collect()
        }
    };
    if chosen.len() > MOST {
        let text = format!("{} rows are chosen; {MOST} can be saved at once", chosen.len());
        return Err(ApiError::invalid("import.too_many", text)
            .kept("Nothing was saved; the import is kept")
            .next("Save them in parts"));
    }
    let partners = ws.read(Partners::read)?;
    let total = u32::try_from(chosen.len()).ok();
    let (mut saved, mut refused, mut cancelled) = (0, Vec::new(), false);
    for (done, row) in (0_u32..).zip(chosen) {
        if done.is_multiple_of(20) && !watch(ws, &job, "Saving registrations", done, total) {
            cancelled = true;
            break;
        }
        if row == 0 || row > rows.rows() {
            refused.push(RowRefused { row, why: "There is no such row".to_owned() });
            continue;
        }
        let looked = ws.read(|r| Desk::new(ws, r, &partners)?.look(&rows, row))?;
        if matches!(looked.judged.verdict, RowVerdict::Rejected | RowVerdict::Saved) {
            refused.push(RowRefused { row, why: looked.judged.why });
            continue;
        }
        match save_row(ws, &rows, row, &looked, &mapping, schema.as_ref()) {
            Ok(ids) => {
                saved += 1;
                rows.saved.insert(row, ids);
                if let Some(judged) = rows.judged.get_mut(row as usize - 1) {
                    judged.verdict = RowVerdict::Saved;
                    "saved on this device".clone_into(&mut judged.why);
                }
            }
            // A full disk stops all of it; what was saved stays saved.
            Err(error) if error.code != Code::Invalid => {
                return Err(error.kept(format!("{saved} registrations were saved and stay")));
            }
            Err(error) => refused.push(RowRefused { row, why: error.message }),
        }
    }
    Ok(ImportSaved { import: shown(ws, &rows)?, saved, refused, cancelled })
}

fn save_row(
    ws: &Arc<Workspace>,
    rows: &Rows,
    row: u32,
    looked: &Looked,
    mapping: &Mapping,
    schema: Option<&Schema>,
) -> Answer<(RegistrationId, drumbeat_model::ids::DecisionId)> {
    let mut values: BTreeMap<Field, String> =
        looked.claim.values.iter().map(|value| (value.field, value.value.clone())).collect();
    let company = looked.registration.company.clone();
    values.insert(Field::RegistrationKind, looked.registration.kind.name().to_owned());
    values.insert(Field::Status, RegistrationStatus::Submitted.name().to_owned());
    values.entry(Field::SubmittedAt).or_insert_with(|| write_instant(ws.clock.now()));
    if let Some((id, name)) = &looked.partner {
        values.insert(Field::Partner, id.0.clone());
        values.entry(Field::Name).or_insert_with(|| format!("{name} - {company}"));
    }
    if !values.contains_key(&Field::Amount) {
        values.remove(&Field::Currency);
    }
    let mut draft = Draft::new(mapping, schema);
    let (local, _) = draft.create(ObjectKind::Registration, &values, Vec::new(), &[]);
    let read: Vec<serde_json::Value> = looked
        .claim
        .values
        .iter()
        .map(|value| json!({ "field": value.field, "value": value.value, "raw": value.raw, "found": value.found, "confidence": value.confidence }))
        .collect();
    let beside: Vec<String> =
        looked.duplicates.iter().map(|duplicate| format!("{}: {}", duplicate.title, duplicate.why)).collect();
    let about = About {
        act: "import",
        title: format!("Imported {company}"),
        record: (ObjectKind::Registration, local.clone()),
        reason: Some(format!("From {}, {}", rows.name, rows.at(row))),
        facts: json!({ "import": rows.name, "at": rows.at(row), "values": read, "looks_like": beside }),
    };
    let decided = decide::save(ws, about, draft)?;
    Ok((RegistrationId(local), decided.decision))
}

/// Takes back everything of an import that has not been sent.
///
/// # Errors
/// When the import is no longer kept.
pub fn undo_import(ws: &Arc<Workspace>, id: ImportId) -> Answer<ImportUndone> {
    let kept = ws.imports.find(&id)?;
    let mut rows = lock(&kept);
    let (mut taken_back, mut sent) = (0, 0);
    let saved: Vec<_> = rows.saved.iter().rev().map(|(row, (_, decision))| (*row, decision.clone())).collect();
    for (row, decision) in saved {
        match decide::undo(ws, Undo { decision }) {
            Ok(_) => {
                taken_back += 1;
                rows.saved.remove(&row);
                look_at_one(ws, &mut rows, row)?;
            }
            Err(error) if error.code == Code::Invalid => sent += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(ImportUndone { import: shown(ws, &rows)?, taken_back, sent })
}

/// Writes what was not imported into a file that the person chooses.
///
/// # Errors
/// When there is no dialog, nothing to write, or the file cannot be written.
pub async fn write_rejects(app: Arc<Drumbeat>, id: ImportId) -> Answer<RejectsWritten> {
    let ws = app.workspace()?;
    off(move || {
        let kept = ws.imports.find(&id)?;
        let name = lock(&kept).name.clone();
        let stem =
            Path::new(&name).file_stem().map_or_else(|| name.clone(), |stem| stem.to_string_lossy().into_owned());
        match files::dialogs(&app)?.save(REJECTS, &format!("{stem}.rejected.csv")) {
            Some(path) => write_rejects_to(&ws, &id, &path),
            None => Ok(RejectsWritten { file: None, rows: 0 }),
        }
    })
    .await
}

/// Writes every row that is neither ready nor saved into a file, with the reason.
///
/// # Errors
/// When there is no such row, or the file cannot be written; no half of one is left.
pub fn write_rejects_to(ws: &Arc<Workspace>, id: &ImportId, path: &Path) -> Answer<RejectsWritten> {
    let kept = ws.imports.find(id)?;
    let rows = lock(&kept);
    let left: Vec<(usize, &str)> = rows
        .judged
        .iter()
        .enumerate()
        .filter(|(_, judged)| !matches!(judged.verdict, RowVerdict::Ok | RowVerdict::Saved))
        .map(|(index, judged)| (index, judged.why.as_str()))
        .collect();
    if left.is_empty() {
        return Err(ApiError::invalid("import.no_rejects", "No row was rejected, so there is no file to write"));
    }
    let bytes = match &rows.content {
        Content::Sheet(sheet) => rejects::write(sheet, left.iter().copied()),
        Content::Claims { claims, .. } => {
            let said = left.iter().filter_map(|(index, why)| {
                let values = claims.get(*index)?.iter().map(|said| (said.field.label(), said.text.as_str())).collect();
                Some((values, *why))
            });
            rejects::write_claims(&said.collect::<Vec<_>>())
        }
    };
    let bytes = bytes.map_err(drumbeat_store::StoreError::from)?;
    write_private(path, &bytes)?;
    let file = Some(path.to_string_lossy().into_owned());
    Ok(RejectsWritten { file, rows: u32::try_from(left.len()).unwrap_or(u32::MAX) })
}
