//! QBR packs: from the store's records to files, the partner edition through the safelist.

mod batch;
mod beside;
mod brand;
mod placing;
mod share;
mod words;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use drumbeat_export::{
    Brand, ExportError, Pack, PackCertification, PackCommitment, PackConflict, PackDeal, PackFacts, PackRegistration,
    PartnerSafe, Safelist, Side, build_internal, build_partner, forbidden, partner_safe, scan, withheld,
};
use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::Deal;
use drumbeat_model::field::Field;
use drumbeat_model::ids::PartnerId;
use drumbeat_model::pack::{Edition, PackFormat, PackMade, PackPreview, PackRequest};
use drumbeat_model::partner::CallSheet;
use drumbeat_model::registration::Registration;
use drumbeat_model::time::{Day, Instant};
use drumbeat_rules::safelist::{Audience, visible};
use drumbeat_rules::{calendar, hygiene, lifecycle};
use drumbeat_store::channel::Kept;
use drumbeat_store::{Entry, Reader, StoreError};
use sha2::{Digest, Sha256};

use crate::api::Nothing;
use crate::error::{Answer, ApiError, Code};
use crate::today;
use crate::workspace::{Scene, Workspace};

use beside::Beside;

pub use batch::{export_packs, export_packs_to, export_program_to};
pub use brand::{Logos, check_look, choose_logo, pack_look, save_look, take_logo};
pub use share::{share, share_contents, share_to, shares};
pub use words::{pack_words, save_pack_words};

/// Records of one partner that a pack is made of, at most.
const MOST: u32 = 20_000;

fn facts(ws: &Arc<Workspace>, request: &PackRequest, beside: &Beside) -> Answer<PackFacts> {
    let sheet = crate::partners::call_sheet(ws, request.partner.clone())?;
    let discounts = request.edition == Edition::Internal || safelist(ws, &request.partner)?.allows(Field::DiscountBand);
    let mut facts = ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let id = r.resolve(request.partner.as_str())?;
        let company = r.company(&id)?.ok_or_else(|| StoreError::NotFound { what: "partner", id: id.clone() })?;
        let partner = PartnerId(id.clone());
        let (pending, merge_conflicts) = r.outbox_counts()?;
        let mut facts = PackFacts {
            partner_name: company.name.clone(),
            tier: company.tier.map(|tier| ws.policy.tier(tier).name.clone()),
            quarter: request.quarter,
            year: ws.policy.calendar.fiscal_year(),
            as_of: scene.now,
            read_at: crate::settings::last_sync(r)?.unwrap_or(scene.now),
            currency: r.main_currency()?,
            prepared_by: scene.names.of(scene.mapping.me.as_ref()).unwrap_or_default(),
            vendor: ws.card.name.clone(),
            decision_hours: within(ws),
            deals: deals(ws, r, &scene, &partner, discounts)?,
            registrations: registrations(ws, r, &partner)?,
            certifications: r
                .certifications(&id)?
                .into_iter()
                .map(|c| PackCertification {
                    in_progress: c.is_in_progress(),
                    partner: partner.clone(),
                    name: Some(c.name),
                    holder: c.holder,
                    kind: c.kind,
                    level: c.level,
                    earned: c.earned,
                    expires: c.expires,
                })
                .collect(),
            commitments: commitments(&sheet, &partner),
            conflicts: conflicts(r, &partner, ws.policy.calendar.fiscal_year().first_day(request.quarter))?,
            targets: crate::targets::of_pack(r, &id)?,
            place: None,
            outlook: None,
            words: words::read(r, &partner, request.quarter)?,
            program: None,
            pending,
            merge_conflicts,
            partner,
        };
        beside.look_ahead(r, &mut facts)?;
        placing::place(ws, company.tier, &mut facts);
        Ok(facts)
    })?;
    facts.program = beside.program(ws, &facts);
    Ok(facts)
}

fn deals(
    ws: &Workspace,
    r: &Reader<'_>,
    scene: &Scene,
    partner: &PartnerId,
    discounts: bool,
) -> drumbeat_store::Result<Vec<PackDeal>> {
    let mut all = Vec::new();
    let discount = |deal: &Deal| -> drumbeat_store::Result<Option<String>> {
        if !discounts || deal.outcome == Outcome::Lost {
            return Ok(None);
        }
        let read = r.effective(ObjectKind::Deal, deal.id.as_str())?;
        let band = read.and_then(|(properties, _)| {
            scene.mapping.value(ObjectKind::Deal, Field::DiscountBand, &properties).map(str::to_owned)
        });
        Ok(band)
    };
    for deal in r.deals_of_partner(partner.as_str(), MOST)? {
        let account = match &deal.account {
            Some(account) => r.name_of_company(account.as_str())?,
            None => None,
        };
        let stalled_on =
            hygiene::stalled_on(&deal, &ws.policy, scene.mapping.go_live).filter(|day| *day <= scene.today);
        all.push(PackDeal {
            partner: partner.clone(),
            discount: discount(&deal)?,
            chance: None,
            hygiene: (deal.outcome == Outcome::Open)
                .then(|| hygiene::score(&deal, &ws.policy, scene.mapping.go_live, scene.now)),
            fee: None,
            earned: None,
            days_over: stalled_on.map(|day| u32::try_from((scene.today - day).num_days() + 1).unwrap_or(0)),
            created: deal.created_at.map(|at| at.date_naive()),
            next_step_owner: scene.names.of(deal.next_step_owner.as_ref()),
            owner: scene.names.of(deal.owner.as_ref()),
            name: Some(deal.name),
            account,
            stage: deal.stage_label,
            position: deal.position,
            outcome: deal.outcome,
            motion: deal.motion,
            attribution: deal.attribution,
            pct: deal.attribution_pct,
            amount: deal.home.or(deal.amount),
            close: deal.close_date,
            protection_end: deal.protection_end,
            next_step: deal.next_step,
            next_step_due: deal.next_step_due,
            lost_reason: deal.lost_reason,
            stage_notes: deal.stage_notes,
            conflict_status: deal.conflict_status,
            id: deal.id,
        });
    }
    Ok(all)
}

/// Hours in which a registration is decided, in the time that the policy counts.
fn within(ws: &Workspace) -> u32 {
    u32::try_from(calendar::length(ws.policy.clocks.decision, &ws.policy.calendar).num_hours()).unwrap_or(u32::MAX)
}

fn registrations(ws: &Workspace, r: &Reader<'_>, partner: &PartnerId) -> drumbeat_store::Result<Vec<PackRegistration>> {
    let (is_business, office) = (ws.policy.clocks.decision.business, &ws.policy.calendar);
    let today = ws.clock.today();
    let mut all = Vec::new();
    for row in r.registrations_of(partner.as_str(), false, MOST)? {
        let Some(claim) = r.registration(&row.id)? else { continue };
        let minutes = |to: Option<Instant>| {
            let (from, to) = claim.submitted_at.zip(to).filter(|(from, to)| from <= to)?;
            u32::try_from(calendar::between(from, to, is_business, office, &[]).num_minutes()).ok()
        };
        let reached = claim.decided_at.map(|at| today::reached(r, claim.id.as_str(), at)).transpose()?.flatten();
        let (minutes_to_decide, minutes_to_reach) = (minutes(claim.decided_at), minutes(reached));
        let met_in_time = met_in_time(&claim, ws, today);
        all.push(PackRegistration {
            partner: partner.clone(),
            company: Some(claim.company),
            status: claim.status,
            kind: Some(claim.kind),
            submitted: claim.submitted_at.map(|at| at.date_naive()),
            decided: claim.decided_at.map(|at| at.date_naive()),
            minutes_to_decide,
            minutes_to_reach,
            decline_reason: claim.decline_reason,
            met_in_time,
            protection_end: claim.protection_end,
            id: claim.id,
        });
    }
    Ok(all)
}

/// Whether the first meeting after an approval took place in time; nothing while there is time (S-10).
fn met_in_time(claim: &Registration, ws: &Workspace, today: Day) -> Option<bool> {
    let by = lifecycle::meeting_by(claim, &ws.policy)?;
    match &claim.dossier.meeting {
        Some(meeting) => Some(meeting.day <= by),
        None => (by < today).then_some(false),
    }
}

/// The channel conflicts of a partner that are open, or were closed in the quarter or since.
fn conflicts(r: &Reader<'_>, partner: &PartnerId, since: Day) -> drumbeat_store::Result<Vec<PackConflict>> {
    let since = since.and_time(chrono::NaiveTime::MIN).and_utc();
    let of = |kept: Kept| {
        let raised = kept.raised_at;
        let minutes = |at: Instant| u32::try_from((at - raised).num_minutes().max(0)).unwrap_or(u32::MAX);
        PackConflict {
            partner: partner.clone(),
            kind: kept.finding.kind,
            cause: kept.finding.signals.first().map(|found| found.signal),
            account: kept.finding.account.map(|account| account.label),
            other: kept.finding.parties.into_iter().find(|x| x.partner.as_ref() != Some(partner)).map(|x| x.name),
            value: kept.finding.value,
            state: kept.state,
            raised: kept.raised_at.date_naive(),
            minutes_to_acknowledge: kept.life.acknowledged_at.map(minutes),
            closed: kept.life.closed_at.filter(|_| !kept.state.is_open()).map(|at| at.date_naive()),
            id: kept.id,
        }
    };
    Ok(r.conflicts_of(partner, since)?.into_iter().map(of).collect())
}

fn commitments(sheet: &CallSheet, partner: &PartnerId) -> Vec<PackCommitment> {
    let of = |owed: &drumbeat_model::partner::Owed, side| PackCommitment {
        partner: partner.clone(),
        side,
        text: Some(owed.text.clone()),
        owner: None,
        due: owed.due,
        done: false,
    };
    let theirs = sheet.they_owe.iter().map(|owed| of(owed, Side::Partner));
    theirs.chain(sheet.we_owe.iter().map(|owed| of(owed, Side::Vendor))).collect()
}

/// What the partner of a pack may see: its type may have a list of its own.
fn safelist(ws: &Workspace, partner: &PartnerId) -> Answer<Safelist> {
    let company = ws.read(|r| r.company(partner.as_str()))?;
    let audience = Audience::Partner(company.and_then(|company| company.partner_type));
    Ok(Safelist::new(Field::ALL.iter().copied().filter(|field| visible(*field, audience, &ws.policy))))
}

/// What a partner may see of this quarter, through its safelist, and what the list leaves out in words.
///
/// # Errors
/// When there is no such partner, or a record of another one got in.
pub(crate) fn seen_by(ws: &Arc<Workspace>, partner: &PartnerId) -> Answer<(PartnerSafe<PackFacts>, Vec<&'static str>)> {
    let partner = PartnerId(ws.read(|r| r.resolve(partner.as_str()))?);
    let quarter = ws.policy.calendar.fiscal_year().quarter_of(ws.clock.today());
    let request = PackRequest { partner: partner.clone(), quarter, edition: Edition::Partner, formats: Vec::new() };
    let list = safelist(ws, &partner)?;
    let safe = partner_safe(facts(ws, &request, &Beside::default())?, &list, &partner)
        .map_err(|error| stopped(&error.to_string()))?;
    Ok((safe, withheld(&list)))
}

/// The pack of a request, not yet written.
///
/// # Errors
/// When there is no such partner, or a record of another one got in.
pub fn build(ws: &Arc<Workspace>, request: &PackRequest) -> Answer<Pack> {
    let beside = Beside::read(ws, request.quarter, request.edition)?;
    Ok(Basis::read(ws, request, &beside)?.pack().0)
}

/// What a pack is made of: the partner's facts, and for its own edition what is left of them.
struct Basis {
    facts: PackFacts,
    /// The partner's edition alone has them.
    safe: Option<PartnerSafe<PackFacts>>,
    look: Brand,
}

impl Basis {
    fn read(ws: &Arc<Workspace>, request: &PackRequest, beside: &Beside) -> Answer<Self> {
        let facts = facts(ws, request, beside)?;
        let safe = match request.edition {
            Edition::Internal => None,
            Edition::Partner => Some(
                partner_safe(facts.clone(), &safelist(ws, &request.partner)?, &request.partner)
                    .map_err(|error| stopped(&error.to_string()))?,
            ),
        };
        Ok(Self { facts, safe, look: ws.read(brand::read)? })
    }

    /// The pack, and the texts that must not be found in any file of it.
    fn pack(&self) -> (Pack, Vec<String>) {
        let (mut pack, withheld) = match &self.safe {
            None => (build_internal(&self.facts), Vec::new()),
            Some(safe) => (build_partner(safe), forbidden(&self.facts, safe)),
        };
        pack.brand = self.look.clone();
        (pack, withheld)
    }

    /// A number of all that files of it can show: of another day, other facts, another look or another version of this
    /// program it is another. Of the same day it is the same however often the facts are read.
    fn number(&self) -> String {
        let day = self.facts.as_of.date_naive().and_time(chrono::NaiveTime::MIN).and_utc();
        let shown = self.safe.as_ref().map_or(&self.facts, PartnerSafe::get);
        let shown = PackFacts { as_of: day, ..shown.clone() };
        let mut all = Sha256::new();
        all.update(format!("{}|{shown:?}|", env!("CARGO_PKG_VERSION")));
        all.update(serde_json::to_vec(&self.look).unwrap_or_default());
        drumbeat_store::audit::hex(&all.finalize())
    }
}

/// The finished bytes are read again and searched: what a partner may not see is in none of them.
fn searched(bytes: Vec<u8>, format: PackFormat, withheld: &[String]) -> Answer<Vec<u8>> {
    match scan(&bytes, format, withheld).len() {
        0 => Ok(bytes),
        leaks => {
            Err(stopped(&format!("{leaks} texts that a partner may not see stand in the finished {}", format.label())))
        }
    }
}

fn stopped(why: &str) -> ApiError {
    ApiError::new(Code::Bug, "pack.unsafe", format!("The partner edition was stopped: {why}"))
        .kept("No file was written")
        .next("Export the internal edition, and report this")
}

/// What a pack would hold.
///
/// # Errors
/// See [`build`].
pub fn pack_preview(ws: &Arc<Workspace>, request: PackRequest) -> Answer<PackPreview> {
    let pack = build(ws, &request)?;
    let held_back = match request.edition {
        Edition::Partner => withheld(&safelist(ws, &request.partner)?),
        Edition::Internal => Vec::new(),
    };
    // Against the newest that was made before: how it differs is read before it is written.
    let last = ws.read(|r| r.packs(MOST))?;
    let last = last
        .into_iter()
        .find(|x| x.partner == request.partner && x.edition == request.edition && !x.sections.is_empty());
    let mut preview = pack.preview(&held_back);
    if let Some(last) = last {
        preview.changes = pack.changes(&last.sections);
        preview.since = Some(last.at);
    }
    Ok(preview)
}

/// Packs that were written, latest first.
///
/// # Errors
/// What the store says.
pub fn packs(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<PackMade>> {
    ws.read(|r| r.packs(100))
}

/// Writes a pack into a folder of the person's documents. The window never names a path.
///
/// # Errors
/// See [`export_pack_to`].
pub async fn export_pack(ws: Arc<Workspace>, request: PackRequest) -> Answer<PackMade> {
    let dir = documents()?.join("Drumbeat");
    export_pack_to(ws, request, dir).await
}

/// Writes a pack into a folder, whole files or none.
///
/// # Errors
/// When nothing can be built or a file cannot be written; half-written files are removed.
pub async fn export_pack_to(ws: Arc<Workspace>, request: PackRequest, dir: PathBuf) -> Answer<PackMade> {
    let job = ws.jobs.start("pack")?;
    blocking(move || {
        let _job = job;
        if request.formats.is_empty() {
            return Err(ApiError::invalid("pack.formats", "No format is chosen").next("Choose at least one"));
        }
        prepared(&dir)?;
        let beside = Beside::read(&ws, request.quarter, request.edition)?;
        make(&ws, &request, &Basis::read(&ws, &request, &beside)?, &dir, None)
    })
    .await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Answer<T> + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|stopped| Err(ApiError::new(Code::Bug, "operation.stopped", stopped.to_string())))
}

fn failed(error: ExportError) -> ApiError {
    ApiError::new(Code::NeedsAttention, "pack.write", format!("The pack could not be written ({error})"))
        .kept("No half-written file was left")
        .next("Check the folder and the free space")
}

/// The folder is there, without what a crash left in it.
fn prepared(dir: &Path) -> Answer<()> {
    std::fs::create_dir_all(dir).map_err(|source| failed(ExportError::File { path: dir.to_owned(), source }))?;
    drumbeat_export::sweep(dir).map_err(failed)?;
    Ok(())
}

/// Builds, searches, saves and records one pack. `own` tells partners of one name apart in a folder.
fn make(ws: &Arc<Workspace>, request: &PackRequest, basis: &Basis, dir: &Path, own: Option<&str>) -> Answer<PackMade> {
    let (pack, withheld) = basis.pack();
    let made = made_of(ws, &pack, &request.partner, &request.formats, &withheld, dir, own)?;
    record(ws, &made, made.edition.label())?;
    Ok(made)
}

/// The files of a pack: every format is built and searched before the first is saved, all files or none.
fn made_of(
    ws: &Workspace,
    pack: &Pack,
    partner: &PartnerId,
    formats: &[PackFormat],
    withheld: &[String],
    dir: &Path,
    own: Option<&str>,
) -> Answer<PackMade> {
    let mut finished = Vec::new();
    for format in formats {
        let bytes = drumbeat_export::write(pack, *format).map_err(failed)?;
        finished.push((*format, searched(bytes, *format, withheld)?));
    }
    let mut files = Vec::new();
    for (format, bytes) in finished {
        files.push(batch::saved(&bytes, dir, &drumbeat_export::file_name(pack, format, own), format)?);
    }
    Ok(PackMade {
        partner: partner.clone(),
        partner_name: pack.partner_name.clone(),
        quarter: pack.quarter,
        edition: pack.edition(),
        at: ws.clock.now(),
        files,
        sections: pack.preview(&[]).sections,
    })
}

/// Puts what was written into the list of packs and the audit trail.
fn record(ws: &Workspace, made: &PackMade, what: &str) -> Answer<()> {
    let title = format!("Wrote the {} of {} for {}", what.to_lowercase(), made.partner_name, made.quarter);
    let actor = ws.actor()?;
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
    ws.write(entry, |w| w.put_pack(made))
}

#[allow(clippy::disallowed_methods, reason = "the home folder is where a person's documents are")]
pub(crate) fn documents() -> Answer<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    let home = home.map(PathBuf::from).ok_or_else(|| {
        ApiError::new(Code::NeedsAttention, "home.unknown", "There is no home folder to write to")
            .next("Use the command line with --out")
    })?;
    let documents = home.join("Documents");
    Ok(if documents.is_dir() { documents } else { home })
}
