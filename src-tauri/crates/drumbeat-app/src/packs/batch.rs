//! The packs of all partners in one go, with an index; and the program's own pack.
//!
//! The hard idea: the index is the resume point. It is written again after each partner, with the hash of
//! every file and the number of what they were made of; a batch that is started again in the same folder leaves
//! out every partner of whom the same would be written and whose files are still there as they were. Another day,
//! a sync, another word or look makes them anew. One partner that fails is named with its reason and stops nobody else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use drumbeat_export::{Whole, build_program, status};
use drumbeat_model::ids::PartnerId;
use drumbeat_model::pack::{
    Edition, PackBatch, PackBatchDone, PackFile, PackFormat, PackMade, PackMissed, PackRequest,
};
use drumbeat_model::page::Page;
use drumbeat_model::partner::{PartnerRow, PartnersQuery};
use drumbeat_model::workspace::JobProgress;
use drumbeat_store::Entry;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Basis, Beside, blocking, documents, facts, failed, made_of, make, prepared, record, searched, stopped};
use crate::error::{Answer, ApiError, Code};
use crate::events::AppEvent;
use crate::workspace::Workspace;

/// Writes the packs, or the weekly statuses, of all partners into a folder of the person's documents.
///
/// # Errors
/// See [`export_packs_to`].
pub async fn export_packs(ws: Arc<Workspace>, batch: PackBatch) -> Answer<PackBatchDone> {
    let what = if batch.status { "status".to_owned() } else { format!("{} {}", batch.quarter, batch.edition.name()) };
    let dir = documents()?.join("Drumbeat").join(format!("Packs {what}"));
    export_packs_to(ws, batch, dir).await
}

/// Writes the packs, or the weekly statuses, of all partners into a folder, with an index.
///
/// # Errors
/// When no format is chosen or the folder cannot be written. A partner whose pack fails is in the answer.
pub async fn export_packs_to(ws: Arc<Workspace>, batch: PackBatch, dir: PathBuf) -> Answer<PackBatchDone> {
    let job = ws.jobs.start("pack")?;
    blocking(move || {
        if batch.formats.is_empty() && !batch.status {
            return Err(ApiError::invalid("pack.formats", "No format is chosen").next("Choose at least one"));
        }
        prepared(&dir)?;
        let partners = all_partners(&ws)?;
        // Asked once for all of them; a status looks at what is, and not ahead.
        let beside = if batch.status { Beside::default() } else { Beside::read(&ws, batch.quarter, batch.edition)? };
        let mut index = Index::read(&dir, &batch);
        let total = u32::try_from(partners.len()).unwrap_or(u32::MAX);
        let mut done = PackBatchDone { folder: dir.to_string_lossy().into_owned(), ..PackBatchDone::default() };
        let mut names = BTreeSet::new();
        for (at, partner) in (0..).zip(&partners) {
            if job.cancel.is_cancelled() {
                done.cancelled = true;
                break;
            }
            let progress = JobProgress {
                id: job.id.clone(),
                step: partner.name.clone(),
                done: at,
                total: Some(total),
                rate: 0,
                left: None,
            };
            job.report(progress.clone());
            ws.events.send(AppEvent::Progress(progress));
            // Two partners of one name have two files.
            let twice = !names.insert(partner.name.to_lowercase());
            match one(&ws, &batch, &beside, partner, &dir, twice, &index) {
                Ok(None) => done.kept += 1,
                Ok(Some(held)) => {
                    index.held.insert(held.made.partner.0.clone(), held);
                    index.write(&dir)?;
                    done.made += 1;
                }
                Err(error) => done.failed.push(PackMissed {
                    partner: partner.id.clone(),
                    partner_name: partner.name.clone(),
                    why: error.message,
                }),
            }
        }
        done.index = index.write(&dir)?.to_string_lossy().into_owned();
        Ok(done)
    })
    .await
}

fn all_partners(ws: &Arc<Workspace>) -> Answer<Vec<PartnerRow>> {
    let mut all = Vec::new();
    let mut query = PartnersQuery { limit: 500, ..PartnersQuery::default() };
    loop {
        let Page { rows, next, .. } = crate::partners::partners(ws, query.clone())?;
        all.extend(rows);
        if next.is_none() {
            return Ok(all);
        }
        query.after = next;
    }
}

/// Makes what is wanted of one partner; nothing where the folder holds just that.
fn one(
    ws: &Arc<Workspace>,
    batch: &PackBatch,
    beside: &Beside,
    partner: &PartnerRow,
    dir: &Path,
    twice: bool,
    index: &Index,
) -> Answer<Option<Held>> {
    let request = PackRequest {
        partner: partner.id.clone(),
        quarter: batch.quarter,
        edition: if batch.status { Edition::Partner } else { batch.edition },
        formats: batch.formats.clone(),
    };
    let basis = Basis::read(ws, &request, beside)?;
    let of = basis.number();
    if index.holds(dir, &partner.id, &of) {
        return Ok(None);
    }
    let own = twice.then(|| format!(" ({})", partner.id.as_str()));
    let made = if batch.status {
        of_status(ws, &request, &basis, dir, own.as_deref())?
    } else {
        make(ws, &request, &basis, dir, own.as_deref())?
    };
    Ok(Some(Held { made, of }))
}

/// The weekly status: partner-safe facts on one page, searched as every file that leaves.
fn of_status(
    ws: &Arc<Workspace>,
    request: &PackRequest,
    basis: &Basis,
    dir: &Path,
    own: Option<&str>,
) -> Answer<PackMade> {
    let Basis { facts, safe: Some(safe), .. } = basis else {
        return Err(stopped("a status was asked for from facts that went through no safelist"));
    };
    let bytes = status(safe).pdf().map_err(failed)?;
    let bytes = searched(bytes, PackFormat::Pdf, &drumbeat_export::forbidden(facts, safe))?;
    let name = drumbeat_export::status_name(&facts.partner_name, facts.as_of.date_naive(), own);
    let file = saved(&bytes, dir, &name, PackFormat::Pdf)?;
    let made = PackMade {
        partner: request.partner.clone(),
        partner_name: facts.partner_name.clone(),
        quarter: request.quarter,
        edition: Edition::Partner,
        at: ws.clock.now(),
        files: vec![file],
        sections: Vec::new(),
    };
    record(ws, &made, "weekly status")?;
    Ok(made)
}

pub(super) fn saved(bytes: &[u8], dir: &Path, name: &str, format: PackFormat) -> Answer<PackFile> {
    let path = drumbeat_export::save(bytes, dir, name).map_err(failed)?;
    Ok(PackFile {
        path: path.to_string_lossy().into_owned(),
        format,
        bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        sha256: hash(bytes),
    })
}

fn hash(bytes: &[u8]) -> String {
    drumbeat_store::audit::hex(&Sha256::digest(bytes))
}

/// What was made of one partner, and the number of what it was made of.
#[derive(Serialize, Deserialize)]
struct Held {
    #[serde(flatten)]
    made: PackMade,
    /// Indexes of older versions have none, and what they hold is made anew.
    #[serde(default)]
    of: String,
}

/// What a folder holds already.
struct Index {
    name: String,
    title: String,
    held: BTreeMap<String, Held>,
}

impl Index {
    /// The index of an earlier run; one that does not read counts as none, and everything is made again.
    fn read(dir: &Path, batch: &PackBatch) -> Self {
        let title = if batch.status {
            "Weekly status".to_owned()
        } else {
            format!("QBR {} {}", batch.quarter, batch.edition.name())
        };
        let name = format!("Index {title}");
        let text = std::fs::read(dir.join(format!("{name}.json"))).unwrap_or_default();
        let mut held: BTreeMap<String, Held> = serde_json::from_slice(&text).unwrap_or_default();
        held.retain(|_, x| batch.status || batch.formats.iter().all(|f| x.made.files.iter().any(|y| y.format == *f)));
        Self { name, title, held }
    }

    /// Whether a partner's files were made of just this and are all there as they were written.
    fn holds(&self, dir: &Path, partner: &PartnerId, of: &str) -> bool {
        self.held.get(partner.as_str()).filter(|held| held.of == of).is_some_and(|held| {
            held.made.files.iter().all(|file| {
                let name = Path::new(&file.path).file_name();
                name.and_then(|name| std::fs::read(dir.join(name)).ok())
                    .is_some_and(|bytes| hash(&bytes) == file.sha256)
            })
        })
    }

    /// Writes it for the next run and for people; the path of the page.
    fn write(&self, dir: &Path) -> Answer<PathBuf> {
        let text = serde_json::to_vec_pretty(&self.held)
            .map_err(|error| ApiError::new(crate::error::Code::Bug, "pack.index", error.to_string()))?;
        drumbeat_export::save(&text, dir, &format!("{}.json", self.name)).map_err(failed)?;
        let mut rows: Vec<&PackMade> = self.held.values().map(|held| &held.made).collect();
        rows.sort_by_key(|x| (x.partner_name.to_lowercase(), x.partner.clone()));
        let page = drumbeat_export::index_page(&self.title, &rows);
        drumbeat_export::save(&page, dir, &format!("{}.html", self.name)).map_err(failed)
    }
}

/// Writes the program's pack of a quarter, internal, into a folder.
///
/// # Errors
/// When there is no partner, or a file cannot be written.
pub async fn export_program_to(ws: Arc<Workspace>, batch: PackBatch, dir: PathBuf) -> Answer<PackMade> {
    let job = ws.jobs.start("pack")?;
    blocking(move || {
        let _job = job;
        prepared(&dir)?;
        let beside = Beside::read(&ws, batch.quarter, Edition::Internal)?;
        let mut all = Vec::new();
        for partner in all_partners(&ws)? {
            let formats = batch.formats.clone();
            let request =
                PackRequest { partner: partner.id, quarter: batch.quarter, edition: Edition::Internal, formats };
            all.push(facts(&ws, &request, &beside)?);
        }
        let Some(first) = all.first() else {
            return Err(ApiError::new(Code::NotFound, "pack.no_partner", "There is no partner in this workspace")
                .kept("No file was made")
                .next("Say in the CRM which accounts are partners, sync, and write the pack again"));
        };
        let whole = ws.read(|r| {
            Ok(Whole {
                name: "Partner program".to_owned(),
                targets: crate::targets::of_program_pack(r)?,
                outlook: beside.of_program(r)?,
                record: beside.record(),
            })
        })?;
        let mut pack = build_program(whole, first, &all);
        pack.brand = ws.read(super::brand::read)?;
        let made = made_of(&ws, &pack, &PartnerId(String::new()), &batch.formats, &[], &dir, None)?;
        let actor = ws.actor()?;
        let title = format!("Wrote the program's pack for {}", batch.quarter);
        let facts = serde_json::json!({ "files": made.files.iter().map(|file| &file.sha256).collect::<Vec<_>>() });
        let entry = Entry {
            at: made.at,
            actor: &actor,
            act: "pack",
            title: &title,
            reason: None,
            facts: Some(&facts),
            policy: Some(ws.policy.version),
        };
        ws.write(entry, |_| Ok(()))?;
        Ok(made)
    })
    .await
}
