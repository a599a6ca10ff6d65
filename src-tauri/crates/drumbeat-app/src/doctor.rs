//! The doctor: looks at everything that can be wrong with a workspace and says what to do. Changes nothing;
//! [`crate::repair`] does, when a person says so.

use std::sync::Arc;

use drumbeat_model::verdict::CheckOutcome;
use drumbeat_model::workspace::Finding;

use crate::api::Nothing;
use crate::drumbeat::{Drumbeat, Open};
use crate::error::{Answer, ApiError};
use crate::keyslots;
use crate::workspace::{Workspace, store_file};

fn finding(check: &str, outcome: CheckOutcome, text: impl Into<String>, next: Option<&str>) -> Finding {
    Finding { check: check.to_owned(), outcome, text: text.into(), next: next.map(str::to_owned) }
}

fn failed(check: &str, error: &ApiError) -> Finding {
    let text = match &error.kept {
        Some(kept) => format!("{}. {kept}", error.message),
        None => error.message.clone(),
    };
    finding(check, CheckOutcome::Fail, text, error.next.as_deref())
}

/// What is well and what is not. A workspace that does not open is a finding, not a failure.
///
/// # Errors
/// When the folder of workspaces cannot be read.
pub fn doctor(app: &Arc<Drumbeat>, _: Nothing) -> Answer<Vec<Finding>> {
    let mut all = vec![keyring(app)];
    match app.now_open() {
        Open::Workspace(ws) => all.extend(workspace(&ws)),
        Open::Locked(_) | Open::Nothing => {
            let rows = app.list()?;
            let unreadable = app.unreadable();
            if rows.is_empty() && unreadable.is_empty() {
                all.push(finding(
                    "workspaces",
                    CheckOutcome::Warn,
                    "There is no workspace on this computer",
                    Some("Connect a CRM, or explore the sample"),
                ));
            }
            for (id, error) in &unreadable {
                all.push(failed(&format!("workspace {id}"), error));
                all.extend(leftovers(&app.dir.join(&id.0)));
            }
            for row in rows {
                match app.open(&row.id, None) {
                    Ok(ws) => all.extend(workspace(&ws)),
                    Err(error) => {
                        all.push(failed(&format!("workspace {}", row.id), &error));
                        all.extend(leftovers(&app.dir.join(&row.id.0)));
                    }
                }
            }
        }
    }
    Ok(all)
}

fn keyring(app: &Drumbeat) -> Finding {
    match app.secrets.get("doctor/probe") {
        Ok(_) => {
            // Whether it is locked shows only when a secret is asked for that it has: with the workspaces, below.
            finding("keyring", CheckOutcome::Pass, format!("The {} answers", app.secrets.place()), None)
        }
        Err(error) => finding(
            "keyring",
            CheckOutcome::Warn,
            error.to_string(),
            Some("Unlock or start the keyring; until then workspaces open with a passphrase only"),
        ),
    }
}

/// What is there of a workspace that does not open.
fn leftovers(dir: &std::path::Path) -> Vec<Finding> {
    [store_file(dir), dir.join(keyslots::FILE)]
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match std::fs::metadata(path) {
                Ok(meta) => finding(
                    &format!("file {name}"),
                    CheckOutcome::Pass,
                    format!("{} bytes, kept as it is", meta.len()),
                    None,
                ),
                Err(_) => finding(
                    &format!("file {name}"),
                    CheckOutcome::Fail,
                    "The file is missing",
                    Some("Restore it from a backup"),
                ),
            }
        })
        .collect()
}

fn workspace(ws: &Arc<Workspace>) -> Vec<Finding> {
    let mut all = Vec::new();
    let fine = |check: &str, text: String| finding(check, CheckOutcome::Pass, text, None);
    match ws.store.integrity() {
        Ok(problems) if problems.is_empty() => all.push(fine("store.integrity", format!("The file of {} is whole ({} KiB)", ws.card.name, ws.store.bytes() / 1024))),
        Ok(problems) => all.push(finding(
            "store.integrity",
            CheckOutcome::Fail,
            format!("The file is damaged in {} places: {}", problems.len(), problems.first().map(String::as_str).unwrap_or_default()),
            Some("Nothing was deleted. `drumbeat doctor --repair` makes a new file with everything that can be read and keeps this one"),
        )),
        Err(error) => all.push(failed("store.integrity", &error.into())),
    }
    match ws.read(|r| r.verify_audit()) {
        Ok(verdict) if verdict.intact => {
            all.push(fine("audit", format!("{} entries of the audit trail hold", verdict.entries)))
        }
        Ok(verdict) => all.push(finding(
            "audit",
            CheckOutcome::Fail,
            verdict.problem.unwrap_or_default(),
            Some("Keep the file; export the audit trail before anything else is done"),
        )),
        Err(error) => all.push(failed("audit", &error)),
    }
    match ws.read(crate::anchor::older_copy) {
        Ok(None) => all.push(fine("copy", "The file is the one that was used last".to_owned())),
        Ok(Some(found)) => all.push(finding(
            "copy",
            CheckOutcome::Warn,
            found.sentence(),
            Some("Sync, and once more after two minutes; then look through Activity for what you miss"),
        )),
        Err(error) => all.push(failed("copy", &error)),
    }
    match crate::recovery::sentence(ws) {
        Ok(None) => all.push(fine("journal", "The side journal has nothing that the workspace has not".to_owned())),
        Ok(Some(sentence)) => all.push(finding(
            "journal",
            CheckOutcome::Warn,
            sentence,
            Some("Look through them with `drumbeat recovered`"),
        )),
        Err(error) => all.push(failed("journal", &error.into())),
    }
    match ws.store.unread_journal() {
        Ok(0) => {}
        Ok(bytes) => all.push(finding(
            "journal.damaged",
            CheckOutcome::Warn,
            format!("{bytes} bytes of the side journal cannot be read; what the workspace has is not touched by it"),
            Some("Keep outbox.journal as it is if a decision is missing"),
        )),
        Err(error) => all.push(failed("journal.damaged", &error.into())),
    }
    if !ws.sample {
        all.push(backup(&ws.dir));
    }
    match ws.read(|r| r.outbox_counts()) {
        Ok((0, _)) => all.push(fine("outbox", "Nothing waits to be sent".to_owned())),
        Ok((waiting, 0)) => all.push(fine("outbox", format!("{waiting} changes wait to be sent"))),
        Ok((_, needs)) => all.push(finding(
            "outbox",
            CheckOutcome::Warn,
            format!("{needs} changes need you"),
            Some("Open Activity, Outbox"),
        )),
        Err(error) => all.push(failed("outbox", &error)),
    }
    match ws.crm() {
        Ok(_) => all.push(fine("token", format!("The token for {} can be read", ws.card.vendor.label()))),
        Err(error) => all.push(failed("token", &error)),
    }
    match ws.read(|r| r.value::<drumbeat_model::crm::Schema>("schema")) {
        Ok(Some(schema)) if schema.can_write => {
            all.push(fine("rights", format!("The token may read and write {}", schema.account_name)))
        }
        Ok(Some(schema)) => all.push(finding(
            "rights",
            CheckOutcome::Warn,
            format!("The token may only read {}", schema.account_name),
            Some("Give it write rights in the CRM; decisions are kept until then"),
        )),
        Ok(None) => {
            all.push(finding("rights", CheckOutcome::Warn, "The CRM has not been described yet", Some("Sync once")))
        }
        Err(error) => all.push(failed("rights", &error)),
    }
    match ws.read(crate::tiers::unknown) {
        Ok(values) if values.is_empty() => {}
        Ok(values) => all.push(finding(
            "tiers",
            CheckOutcome::Warn,
            format!("The policy knows no such tier, so partners with it count as having none: {}", values.join(", ")),
            Some("Name the tiers in the policy as the CRM does (tiers.*.name), or mend the values in the CRM"),
        )),
        Err(error) => all.push(failed("tiers", &error)),
    }
    match ws.read(crate::settings::last_sync) {
        Ok(Some(at)) => all.push(fine("sync", format!("Last sync {} UTC", at.format("%Y-%m-%d %H:%M")))),
        Ok(None) => all.push(finding("sync", CheckOutcome::Warn, "There was no sync yet", Some("Sync"))),
        Err(error) => all.push(failed("sync", &error)),
    }
    all.push(permissions(&ws.dir));
    all
}

fn backup(dir: &std::path::Path) -> Finding {
    let newest = crate::backups::daily(&dir.join(drumbeat_store::copies::FOLDER)).pop();
    match newest.as_deref().and_then(std::path::Path::file_stem) {
        Some(day) => finding("backup", CheckOutcome::Pass, format!("The newest backup is of {}", day.display()), None),
        None => finding("backup", CheckOutcome::Warn, "There is no backup yet", Some("Sync: one is made every day")),
    }
}

#[cfg(unix)]
fn permissions(dir: &std::path::Path) -> Finding {
    use std::os::unix::fs::PermissionsExt;
    let open =
        |path: &std::path::Path| std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0);
    if open(dir) || open(&store_file(dir)) {
        finding(
            "permissions",
            CheckOutcome::Warn,
            "Others on this computer can list or read the workspace's folder",
            Some("Take their rights away: chmod -R go= on the folder"),
        )
    } else {
        finding("permissions", CheckOutcome::Pass, "Only you can read the workspace's folder", None)
    }
}

#[cfg(not(unix))]
fn permissions(_dir: &std::path::Path) -> Finding {
    finding("permissions", CheckOutcome::Pass, "The folder is in your own profile", None)
}
