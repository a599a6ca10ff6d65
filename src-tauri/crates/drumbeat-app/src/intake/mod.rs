//! Intake: a file, a mail or pasted text becomes registrations, after a person has looked.
//!
//! An import is kept in the memory of the open workspace until it is closed, and is gone with it: only what is
//! saved is a decision. Reading and looking are jobs with progress; the mapping that a person has settled on is
//! kept for the next file with the same headers, the partner of the import never is. Files are only ever those
//! that the person has chosen in the system's dialog, dropped on the window, or named on the command line.

mod draft;
mod judge;
mod save;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use drumbeat_intake::sheet::{self, Sheet};
use drumbeat_intake::text::Decoded;
use drumbeat_intake::{MAX_MAIL_BYTES, MAX_PASTE_BYTES, MAX_TABLE_BYTES, Refusal, claim, headers, mail};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::field::Field;
use drumbeat_model::ids::{ImportId, PartnerId};
use drumbeat_model::intake::{
    Confidence, EditImportRow, Import, ImportRows, IntakeMapping, IntakeRow, IntakeSource, OpenedImport, PasteImport,
    RemapImport, RowVerdict,
};
use drumbeat_model::page::Page;
use drumbeat_model::workspace::JobProgress;

pub use self::save::{save_import, undo_import, write_rejects, write_rejects_to};

use self::draft::{Content, Draft};
use self::judge::{Desk, Partners};
use crate::api::Nothing;
use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError, Code};
use crate::events::AppEvent;
use crate::files::{self, Wanted};
use crate::jobs::Job;
use crate::workspace::Workspace;

/// Imports that are kept at once; the oldest makes room.
const MOST: usize = 5;
/// Mappings that are remembered.
const REMEMBERED: usize = 50;
/// Rows that are looked at in one view of the store.
const CHUNK: u32 = 500;
/// After a change of one row all are looked at again up to this many; then only the row itself.
const FEW: u32 = 2000;
/// Where the remembered mappings are kept.
const MAPPINGS: &str = "intake_mappings";

const OPEN: Wanted =
    Wanted { title: "Import registrations", kind: "Tables and mails", endings: &["csv", "tsv", "txt", "eml"] };

/// The imports of a workspace.
#[derive(Default)]
pub struct Imports(Mutex<Vec<(ImportId, Arc<Mutex<Draft>>)>>);

impl Imports {
    fn all(&self) -> MutexGuard<'_, Vec<(ImportId, Arc<Mutex<Draft>>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, id: &ImportId) -> Answer<Arc<Mutex<Draft>>> {
        let found = self.all().iter().find(|(known, _)| known == id).map(|(_, draft)| Arc::clone(draft));
        found.ok_or_else(|| {
            ApiError::not_found("import", id.as_str()).kept("What was saved from it stays").next("Open the file again")
        })
    }

    fn keep(&self, draft: Draft) {
        let mut all = self.all();
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push((draft.id.clone(), Arc::new(Mutex::new(draft))));
    }
}

fn lock(draft: &Mutex<Draft>) -> MutexGuard<'_, Draft> {
    draft.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a blocking job off the async threads.
async fn off<T: Send + 'static>(run: impl FnOnce() -> Answer<T> + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(run)
        .await
        .unwrap_or_else(|stopped| Err(ApiError::new(Code::Bug, "operation.stopped", stopped.to_string())))
}

/// Says how far a job is; answers whether to go on.
fn watch(ws: &Workspace, job: &Job, step: &str, done: u32, total: Option<u32>) -> bool {
    let progress = JobProgress { id: job.id.clone(), step: step.to_owned(), done, total, rate: 0, left: None };
    job.report(progress.clone());
    ws.events.send(AppEvent::Progress(progress));
    !job.cancel.is_cancelled()
}

fn cancelled() -> ApiError {
    ApiError::new(Code::Cancelled, "import.cancelled", "The import was cancelled").kept("Nothing was saved")
}

fn refused(name: &str, refusal: &Refusal) -> ApiError {
    if *refusal == Refusal::Cancelled {
        return cancelled();
    }
    let error = ApiError::invalid("import.refused", format!("{name} cannot be imported: {refusal}"))
        .kept("Nothing was read from it and nothing was changed");
    match refusal {
        Refusal::TooLarge(_) | Refusal::TooManyRows => error.next("Split it into smaller files"),
        Refusal::TooManyParts | Refusal::TooDeep => error.next("Paste its text instead"),
        _ => error.next("Check the file, or paste the text instead"),
    }
}

/// Asks for a file in the system's dialog and reads it.
///
/// # Errors
/// When there is no dialog, or the file is no import.
pub async fn open_import(app: Arc<Drumbeat>, _: Nothing) -> Answer<OpenedImport> {
    let ws = app.workspace()?;
    off(move || match files::dialogs(&app)?.open(OPEN) {
        Some(path) => Ok(OpenedImport { import: Some(read_file(&ws, &path)?) }),
        None => Ok(OpenedImport { import: None }),
    })
    .await
}

/// A file was dropped on the window: what comes of it is an event.
pub fn dropped(app: &Arc<Drumbeat>, paths: &[PathBuf]) {
    let read = || -> Answer<Import> {
        let [path] = paths else {
            return Err(ApiError::invalid("import.one", "One file at a time can be imported")
                .kept("Nothing was read")
                .next("Drop one file"));
        };
        read_file(&app.workspace()?, path)
    };
    app.events.send(match read() {
        Ok(import) => AppEvent::ImportOpened(import.id),
        Err(error) => AppEvent::ImportFailed(error),
    });
}

/// Reads a file that a person has chosen.
///
/// # Errors
/// When it cannot be read, is beyond a limit or is no import.
pub fn read_file(ws: &Arc<Workspace>, path: &Path) -> Answer<Import> {
    let name = path.file_name().map_or_else(|| "the file".to_owned(), |name| name.to_string_lossy().into_owned());
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let job = ws.jobs.start("file-import")?;
    let most = if ending == "eml" { MAX_MAIL_BYTES } else { MAX_TABLE_BYTES };
    let bytes = bytes_of(path, &name, most)?;
    let draft = if ending == "eml" {
        of_mail(name.clone(), &bytes)
    } else {
        sheet::read(&bytes, &mut |done| watch(ws, &job, "Reading rows", done, None))
            .map(|sheet| of_sheet(IntakeSource::Csv, name.clone(), sheet))
    };
    drop(bytes);
    begin(ws, &job, draft.map_err(|refusal| refused(&name, &refusal))?)
}

/// At most so many bytes of an ordinary file.
fn bytes_of(path: &Path, name: &str, most: usize) -> Answer<Vec<u8>> {
    let unreadable = |why: String| {
        ApiError::invalid("import.unreadable", format!("{name} cannot be read ({why})"))
            .kept("Nothing was changed")
            .next("Check that the file is there and may be read")
    };
    // Looked at before it is opened: a pipe would never end.
    let kind = std::fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if !kind.is_file() {
        return Err(unreadable("it is no file".to_owned()));
    }
    let too_large = || refused(name, &Refusal::TooLarge(most / 1024 / 1024));
    if kind.len() > most as u64 {
        return Err(too_large());
    }
    let file = std::fs::File::open(path).map_err(|error| unreadable(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() > most { Err(too_large()) } else { Ok(bytes) }
}

fn of_sheet(source: IntakeSource, name: String, mut sheet: Sheet) -> Draft {
    let notes = std::mem::take(&mut sheet.notes);
    Draft::new(source, name, Content::Sheet(sheet), notes)
}

fn of_mail(name: String, bytes: &[u8]) -> Result<Draft, Refusal> {
    let mail = mail::read(bytes)?;
    let content = Content::Claims { claims: mail.claims, text: mail.text };
    Ok(Draft::new(IntakeSource::Email, name, content, mail.notes))
}

/// Reads pasted text: a table when it has rows and known headers, else a form.
///
/// # Errors
/// When there is nothing in it, or too much.
pub async fn paste_import(ws: Arc<Workspace>, request: PasteImport) -> Answer<Import> {
    off(move || paste(&ws, request.text)).await
}

/// See [`paste_import`].
///
/// # Errors
/// See [`paste_import`].
pub fn paste(ws: &Arc<Workspace>, text: String) -> Answer<Import> {
    let name = "Pasted text".to_owned();
    if text.len() > MAX_PASTE_BYTES {
        return Err(refused(&name, &Refusal::TooLarge(MAX_PASTE_BYTES / 1024 / 1024)));
    }
    if text.trim().is_empty() {
        return Err(refused(&name, &Refusal::Empty));
    }
    let job = ws.jobs.start("file-import")?;
    let decoded = Decoded { text: text.clone(), encoding: "UTF-8", damaged: false };
    let table = sheet::of_text(decoded, &mut |_| true).ok().filter(|sheet| {
        sheet.named && sheet.headers.iter().filter(|header| headers::field(header).is_some()).count() >= 2
    });
    let draft = match table {
        Some(sheet) => of_sheet(IntakeSource::Paste, name, sheet),
        None => {
            let form = mail::of_text(&text, None);
            let claims = if form.claims.is_empty() { vec![Vec::<claim::Said>::new()] } else { form.claims };
            let mut notes = Vec::new();
            if !form.unknown.is_empty() {
                notes.push(format!("Not read, because no field has this name: {}", form.unknown.join(", ")));
            }
            Draft::new(IntakeSource::Paste, name, Content::Claims { claims, text }, notes)
        }
    };
    begin(ws, &job, draft)
}

/// One claim that a person entered, as an import of one row.
///
/// # Errors
/// What the store says.
pub fn enter(ws: &Arc<Workspace>, values: Vec<(Field, String)>) -> Answer<Import> {
    let said = values.into_iter().map(|(field, text)| claim::Said {
        field,
        text,
        found: "entered here".to_owned(),
        confidence: Confidence::Stated,
    });
    let content = Content::Claims { claims: vec![said.collect()], text: String::new() };
    let job = ws.jobs.start("file-import")?;
    begin(ws, &job, Draft::new(IntakeSource::Paste, "Entered here".to_owned(), content, Vec::new()))
}

/// The partner that a text means: by id, name, domain or e-mail address.
///
/// # Errors
/// When there is none, or there may be several.
pub fn partner(ws: &Arc<Workspace>, text: &str) -> Answer<PartnerId> {
    let partners = ws.read(Partners::read)?;
    partners.find(text).map_err(|why| ApiError::invalid("import.partner", why).kept("Nothing was saved"))
}

/// The numbers of all rows with a verdict.
///
/// # Errors
/// When the import is no longer kept.
pub fn import_numbers(ws: &Arc<Workspace>, id: &ImportId, verdict: RowVerdict) -> Answer<Vec<u32>> {
    let draft = ws.imports.find(id)?;
    Ok(numbers(&lock(&draft), Some(verdict)))
}

fn numbers(draft: &Draft, verdict: Option<RowVerdict>) -> Vec<u32> {
    let numbered = draft.judged.iter().zip(1_u32..);
    let wanted = numbered.filter(|(judged, _)| verdict.is_none_or(|verdict| judged.verdict == verdict));
    wanted.map(|(_, number)| number).collect()
}

type Mappings = Vec<(String, IntakeMapping)>;

/// The signature of a table with headers of its own.
fn signature(draft: &Draft) -> Option<String> {
    match &draft.content {
        Content::Sheet(sheet) if sheet.named => Some(headers::signature(&sheet.headers)),
        _ => None,
    }
}

/// Maps what was read, looks at every row, and keeps the import.
fn begin(ws: &Arc<Workspace>, job: &Job, mut draft: Draft) -> Answer<Import> {
    let (main, known) = ws.read(|r| Ok((r.main_currency()?, r.value::<Mappings>(MAPPINGS)?.unwrap_or_default())))?;
    draft.mapping = draft.suggested(&main);
    let remembered = signature(&draft).and_then(|key| known.into_iter().find(|(known, _)| *known == key));
    if let Some((_, mapping)) = remembered.filter(|(_, mapping)| mapping.columns.len() == draft.mapping.columns.len()) {
        // What the file itself shows goes before what the last one was like.
        let (day_order, decimal) = draft.shown_by(&mapping.columns);
        draft.mapping = IntakeMapping {
            day_order: day_order.or(mapping.day_order),
            decimal: decimal.or(mapping.decimal),
            partner: None,
            ..mapping
        };
        draft.remembered = true;
    }
    look_at_all(ws, job, &mut draft)?;
    let import = shown(ws, &draft)?;
    ws.imports.keep(draft);
    Ok(import)
}

/// Looks at every row anew.
fn look_at_all(ws: &Workspace, job: &Job, draft: &mut Draft) -> Answer<()> {
    let rows = draft.rows();
    draft.judged.clear();
    draft.firsts.clear();
    let partners = ws.read(Partners::read)?;
    draft.partner_name = draft.mapping.partner.as_ref().and_then(|partner| partners.name(partner));
    let mut next = 1;
    while next <= rows {
        if !watch(ws, job, "Looking for duplicates", next - 1, Some(rows)) {
            return Err(cancelled());
        }
        let end = rows.min(next.saturating_add(CHUNK - 1));
        ws.read(|r| {
            let desk = Desk::new(ws, r, &partners)?;
            for row in next..=end {
                let looked = desk.look(draft, row)?;
                let mut firsts = std::mem::take(&mut draft.firsts);
                looked.remember(row, &mut firsts);
                draft.firsts = firsts;
                draft.judged.push(looked.judged);
            }
            Ok(())
        })?;
        next = end + 1;
    }
    Ok(())
}

/// Fields of an import that the CRM has no property for.
fn no_place(ws: &Workspace, draft: &Draft) -> Answer<Vec<Field>> {
    let setup = ws.read(|r| ws.setup(r))?;
    let used = draft.used().into_iter();
    Ok(used.filter(|field| setup.mapping.property(ObjectKind::Registration, *field).is_none()).collect())
}

fn shown(ws: &Workspace, draft: &Draft) -> Answer<Import> {
    Ok(draft.shown(&ws.policy, &no_place(ws, draft)?))
}

/// An import as it stands.
///
/// # Errors
/// When it is no longer kept.
pub fn import_draft(ws: &Arc<Workspace>, id: ImportId) -> Answer<Import> {
    let draft = ws.imports.find(&id)?;
    shown(ws, &lock(&draft))
}

/// A page of its rows.
///
/// # Errors
/// When it is no longer kept, or the page's key is not ours.
pub fn import_rows(ws: &Arc<Workspace>, request: ImportRows) -> Answer<Page<IntakeRow>> {
    let draft = ws.imports.find(&request.import)?;
    let draft = lock(&draft);
    let limit = if request.limit == 0 { 50 } else { request.limit.min(200) } as usize;
    let after: u32 = match request.after.as_deref() {
        None => 0,
        Some(key) => key.parse().map_err(|_| ApiError::invalid("page.key", "That page is not known"))?,
    };
    let wanted = numbers(&draft, request.verdict);
    let total = u32::try_from(wanted.len()).unwrap_or(u32::MAX);
    let mut page: Vec<u32> = wanted.into_iter().filter(|number| *number > after).take(limit + 1).collect();
    let more = page.len() > limit;
    page.truncate(limit);
    let next = page.last().filter(|_| more).map(ToString::to_string);
    let partners = ws.read(Partners::read)?;
    let rows = ws.read(|r| {
        let desk = Desk::new(ws, r, &partners)?;
        page.into_iter().map(|number| Ok(desk.look(&draft, number)?.shown(&draft, number))).collect()
    })?;
    Ok(Page { rows, next, total })
}

/// Reads an import another way, and remembers how for the next file with these headers.
///
/// # Errors
/// When it is no longer kept, or two columns are to be one field.
pub async fn remap_import(ws: Arc<Workspace>, request: RemapImport) -> Answer<Import> {
    off(move || remap(&ws, request)).await
}

/// See [`remap_import`].
///
/// # Errors
/// See [`remap_import`].
pub fn remap(ws: &Arc<Workspace>, request: RemapImport) -> Answer<Import> {
    let kept = ws.imports.find(&request.import)?;
    let job = ws.jobs.start("file-import")?;
    let mut draft = lock(&kept);
    let mapping = request.mapping;
    let invalid = |text: String| ApiError::invalid("import.mapping", text).kept("The import is as it was");
    if mapping.columns.len() != draft.mapping.columns.len() {
        let (said, has) = (mapping.columns.len(), draft.mapping.columns.len());
        return Err(invalid(format!("The mapping has {said} columns and the file {has}")));
    }
    for (column, field) in mapping.columns.iter().enumerate() {
        let Some(field) = field else { continue };
        if !headers::FIELDS.contains(field) {
            return Err(invalid(format!("No column can be {}", field.label())));
        }
        if mapping.columns[..column].contains(&Some(*field)) {
            return Err(invalid(format!("Two columns are mapped to {}", field.label())).next("Take one of them away"));
        }
    }
    let before = (draft.mapping.clone(), draft.judged.clone(), draft.firsts.clone(), draft.partner_name.clone());
    let (day_order, decimal) = draft.shown_by(&mapping.columns);
    draft.mapping =
        IntakeMapping { day_order: mapping.day_order.or(day_order), decimal: mapping.decimal.or(decimal), ..mapping };
    if let Err(error) = look_at_all(ws, &job, &mut draft) {
        // Half of the rows were read the new way.
        (draft.mapping, draft.judged, draft.firsts, draft.partner_name) = before;
        return Err(error);
    }
    remember(ws, &draft)?;
    shown(ws, &draft)
}

fn remember(ws: &Workspace, draft: &Draft) -> Answer<()> {
    let Some(key) = signature(draft) else { return Ok(()) };
    let mut known: Mappings = ws.read(|r| r.value(MAPPINGS))?.unwrap_or_default();
    known.retain(|(other, _)| *other != key);
    known.push((key, IntakeMapping { partner: None, ..draft.mapping.clone() }));
    let excess = known.len().saturating_sub(REMEMBERED);
    known.drain(..excess);
    ws.keep(|w| w.put_value(MAPPINGS, &known))
}

/// Changes one value of one row.
///
/// # Errors
/// When there is no such row, it was saved already, or the field cannot be one of an import.
pub fn edit_import_row(ws: &Arc<Workspace>, request: EditImportRow) -> Answer<IntakeRow> {
    let kept = ws.imports.find(&request.import)?;
    let mut draft = lock(&kept);
    let row = request.row;
    if row == 0 || row > draft.rows() {
        return Err(ApiError::not_found("row", &row.to_string()));
    }
    if draft.saved.contains_key(&row) {
        return Err(ApiError::invalid("import.saved", "The row was saved already; change the registration instead")
            .kept("The registration is as it was"));
    }
    if !headers::FIELDS.contains(&request.field) {
        return Err(ApiError::invalid("import.field", format!("No row has {}", request.field.label())));
    }
    draft.edits.entry(row).or_default().insert(request.field, request.value);
    if draft.rows() <= FEW {
        let job = ws.jobs.start("file-import")?;
        look_at_all(ws, &job, &mut draft)?;
    }
    look_at_one(ws, &mut draft, row)
}

/// Looks at one row anew.
fn look_at_one(ws: &Workspace, draft: &mut Draft, row: u32) -> Answer<IntakeRow> {
    let partners = ws.read(Partners::read)?;
    let looked = ws.read(|r| Desk::new(ws, r, &partners)?.look(draft, row))?;
    if let Some(judged) = draft.judged.get_mut(row as usize - 1) {
        *judged = looked.judged.clone();
    }
    Ok(looked.shown(draft, row))
}

/// Forgets an import; what was saved from it stays.
///
/// # Errors
/// Never; one that is gone already is fine.
pub fn close_import(ws: &Arc<Workspace>, id: ImportId) -> Answer<Nothing> {
    ws.imports.all().retain(|(known, _)| *known != id);
    Ok(Nothing {})
}
