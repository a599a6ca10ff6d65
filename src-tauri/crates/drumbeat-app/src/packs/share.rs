//! A partner's pipeline as files that can be sent, through the safelist (V-02, V-03).
//!
//! What they would contain is said first, by the same request that writes them when it is asked to. Every copy carries a
//! mark made from whom it is for and when it was made; the audit trail has the same, so that a file that turns up
//! somewhere is known again. The newest are kept as a list as well, for the window.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::Days;
use drumbeat_export::{Shared, build_share, figure, forbidden, lines, partner_safe, share_name, withheld};
use drumbeat_model::ids::PartnerId;
use drumbeat_model::pack::Edition;
use drumbeat_model::pack::{
    PackFormat, PackRequest, ShareContents, ShareFile, ShareFormat, ShareMade, ShareRequest, ShareRow, ShareWritten,
};
use drumbeat_store::{Entry, Reader, copies};
use sha2::{Digest, Sha256};

use super::{Beside, blocking, brand, facts, failed, prepared, safelist, searched, stopped};
use crate::api::Nothing;
use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError};
use crate::files;
use crate::workspace::Workspace;

/// Days for which a share holds where nobody says how long.
const HOLDS: u64 = 30;
/// Where the list of shares is kept, and how many of them.
const KEPT: &str = "shares";
const MOST: usize = 500;

/// The share before it is written, with everything that must not be in it.
struct Prepared {
    pack: drumbeat_export::Pack,
    forbidden: Vec<String>,
    contents: ShareContents,
}

fn prepare(ws: &Arc<Workspace>, request: &ShareRequest) -> Answer<Prepared> {
    let now = ws.clock.now();
    let today = now.date_naive();
    let until = request.expires.or_else(|| today.checked_add_days(Days::new(HOLDS))).unwrap_or(today);
    if until < today {
        let why = format!("A share that ended on {} is of no use", figure::day(until));
        return Err(ApiError::invalid("share.expires", why).next("Choose a day from today on"));
    }
    let partner = PartnerId(ws.read(|r| r.resolve(request.partner.as_str()))?);
    let asked = PackRequest {
        partner: partner.clone(),
        quarter: ws.policy.calendar.fiscal_year().quarter_of(ws.clock.today()),
        edition: Edition::Partner,
        formats: Vec::new(),
    };
    let list = safelist(ws, &partner)?;
    let facts = facts(ws, &asked, &Beside::default())?;
    let safe = partner_safe(facts.clone(), &list, &partner).map_err(|error| stopped(&error.to_string()))?;
    let digest = Sha256::digest(format!("{}|{}|{}", partner.as_str(), now.to_rfc3339(), ws.card.name));
    let number: String = drumbeat_store::audit::hex(&digest).chars().take(10).collect();
    let mark = format!("{} \u{b7} {} \u{b7} {number}", facts.partner_name, figure::instant(now));
    let mut pack = build_share(&safe, Shared { until, mark: mark.clone() });
    pack.brand = ws.read(brand::read)?;
    let contents = ShareContents {
        partner,
        partner_name: facts.partner_name.clone(),
        at: now,
        until,
        mark,
        sections: pack.preview(&[]).sections.into_iter().filter(|x| x.key != "cover").collect(),
        withheld: withheld(&list).into_iter().map(str::to_owned).collect(),
        pending: pack.pending,
    };
    Ok(Prepared { forbidden: forbidden(&facts, &safe), pack, contents })
}

/// What a share would contain; nothing is written and nothing logged.
///
/// # Errors
/// When there is no such partner, the day is over, or a record of another partner got in.
pub fn share_contents(ws: &Arc<Workspace>, request: ShareRequest) -> Answer<ShareContents> {
    Ok(prepare(ws, &request)?.contents)
}

fn list(r: &Reader<'_>) -> drumbeat_store::Result<Vec<ShareRow>> {
    Ok(r.value(KEPT)?.unwrap_or_default())
}

/// The newest shares that were made here, latest first.
///
/// # Errors
/// What the store says.
pub fn shares(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<ShareRow>> {
    ws.read(list)
}

/// Writes a share into a folder that the person chooses, after what it contains was looked through once more.
///
/// # Errors
/// As [`share_to`], and where there is no dialog. Nobody is asked for a folder where there is nothing to write.
pub async fn share(app: Arc<Drumbeat>, request: ShareRequest) -> Answer<ShareWritten> {
    let ws = app.workspace()?;
    let asked = (Arc::clone(&ws), request.clone());
    let dir = blocking(move || {
        formats(&asked.1)?;
        let contents = prepare(&asked.0, &asked.1)?.contents;
        Ok(files::dialogs(&app)?.folder(&format!("Choose a folder for what {} gets", contents.partner_name)))
    })
    .await?;
    Ok(ShareWritten {
        made: match dir {
            Some(dir) => Some(share_to(ws, request, dir).await?),
            None => None,
        },
    })
}

fn formats(request: &ShareRequest) -> Answer<()> {
    if request.formats.is_empty() {
        return Err(ApiError::invalid("share.formats", "No format is chosen").next("Choose at least one"));
    }
    Ok(())
}

/// Writes a share into a folder, whole files or none, and logs for whom, what and until when.
///
/// # Errors
/// As [`share_contents`], and when a file cannot be written or has in it what it must not.
pub async fn share_to(ws: Arc<Workspace>, request: ShareRequest, dir: PathBuf) -> Answer<ShareMade> {
    let job = ws.jobs.start("share")?;
    blocking(move || {
        let _job = job;
        formats(&request)?;
        prepared(&dir)?;
        let Prepared { pack, forbidden, contents } = prepare(&ws, &request)?;
        let mut finished = Vec::new();
        for format in &request.formats {
            // Lines are searched as a page is: both are text as it stands.
            let (bytes, like) = match format {
                ShareFormat::Html => {
                    (drumbeat_export::write(&pack, PackFormat::Html).map_err(failed)?, PackFormat::Html)
                }
                ShareFormat::Xlsx => {
                    (drumbeat_export::write(&pack, PackFormat::Xlsx).map_err(failed)?, PackFormat::Xlsx)
                }
                ShareFormat::Csv => (lines(&pack), PackFormat::Html),
            };
            finished.push((*format, searched(bytes, like, &forbidden)?));
        }
        let mut files = Vec::new();
        for (format, bytes) in finished {
            // An earlier copy has a mark of its own and stays what it is.
            let free =
                copies::free(&dir.join(share_name(&contents.partner_name, contents.at.date_naive(), format.name())));
            let name = free.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let path = drumbeat_export::save(&bytes, &dir, &name).map_err(failed)?;
            files.push(ShareFile {
                path: path.to_string_lossy().into_owned(),
                format,
                bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
                sha256: drumbeat_store::audit::hex(&Sha256::digest(&bytes)),
            });
        }
        let made = ShareMade { contents, files };
        log(&ws, &made)?;
        Ok(made)
    })
    .await
}

fn log(ws: &Workspace, made: &ShareMade) -> Answer<()> {
    let contents = &made.contents;
    let actor = ws.actor()?;
    let title = format!("Shared the pipeline with {}, until {}", contents.partner_name, figure::day(contents.until));
    let sections: Vec<_> = contents.sections.iter().map(|x| (&x.key, x.rows)).collect();
    let facts = serde_json::json!({
        "partner": contents.partner, "until": contents.until, "mark": contents.mark, "sections": sections,
        "withheld": contents.withheld, "files": made.files.iter().map(|file| &file.sha256).collect::<Vec<_>>(),
    });
    let entry = Entry {
        at: contents.at,
        actor: &actor,
        act: "share",
        title: &title,
        reason: None,
        facts: Some(&facts),
        policy: Some(ws.policy.version),
    };
    let row = ShareRow {
        partner: contents.partner.clone(),
        partner_name: contents.partner_name.clone(),
        at: contents.at,
        actor: actor.clone(),
        until: contents.until,
        mark: contents.mark.clone(),
        formats: made.files.iter().map(|file| file.format).collect(),
    };
    ws.write(entry, |w| {
        let mut all = list(w)?;
        all.insert(0, row);
        all.truncate(MOST);
        w.put_value(KEPT, &all)
    })
}
