//! What an account lacks as one file for its admin, where a CRM takes such a file: Salesforce's metadata package.
//!
//! It is made from the account as it was described last, changes nothing anywhere, and says the same as the page for the
//! admin ([`crate::guide`]). Where it goes the person says in the system's dialog, or names on the command line.

use std::path::Path;
use std::sync::Arc;

use drumbeat_crm::mapping as detection;
use drumbeat_crm::salesforce;
use drumbeat_model::crm::Vendor;
use drumbeat_model::lifecycle::SavedFile;
use drumbeat_store::Entry;

use crate::api::Nothing;
use crate::drumbeat::Drumbeat;
use crate::error::{Answer, ApiError, Code};
use crate::files::{self, Wanted};
use crate::workspace::{Workspace, write_private};

/// Writes the package where the person says, in the system's own dialog.
///
/// # Errors
/// As [`save_admin_package_to`], and when the person thinks better of it.
pub fn save_admin_package(app: &Arc<Drumbeat>, _: Nothing) -> Answer<SavedFile> {
    let ws = app.workspace()?;
    let bytes = admin_package(&ws)?;
    let wanted = Wanted { title: "Save the package", kind: "Metadata package", endings: &["zip"] };
    let path = files::dialogs(app)?.save(wanted, "Drumbeat for Salesforce.zip").ok_or_else(|| {
        ApiError::new(Code::Cancelled, "package.cancelled", "The package was not saved").kept("Nothing was written")
    })?;
    write(&ws, &bytes, &path)
}

/// Writes the package into a file.
///
/// # Errors
/// When the CRM has not been described yet or takes no package, or the file cannot be written; no half of one is left.
pub fn save_admin_package_to(ws: &Arc<Workspace>, path: &Path) -> Answer<SavedFile> {
    write(ws, &admin_package(ws)?, path)
}

fn admin_package(ws: &Workspace) -> Answer<Vec<u8>> {
    let (mapping, schema) = ws.read(|r| Ok((r.mapping()?, r.schema()?)))?;
    let schema = schema.ok_or_else(|| {
        ApiError::invalid("guide.none", "The CRM has not been described yet").next("Connect the CRM and sync once")
    })?;
    if schema.vendor != Vendor::Salesforce {
        let why = format!("{} takes no package", schema.vendor.label());
        return Err(ApiError::invalid("package.vendor", why).next(
            "Add what is missing (`drumbeat provision --apply`), or give the page to the admin (`--guide FILE`)",
        ));
    }
    let plan = detection::provision_plan(&schema, &mapping);
    let files = salesforce::package(&schema, &plan).into_iter().map(|(path, text)| (path, text.into_bytes()));
    drumbeat_export::zipped(files)
        .map_err(|error| ApiError::new(Code::Bug, "package.zip", format!("the package could not be made ({error})")))
}

fn write(ws: &Workspace, bytes: &[u8], path: &Path) -> Answer<SavedFile> {
    write_private(path, bytes)?;
    let actor = ws.actor()?;
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "export",
        title: "Wrote the package for the CRM's admin",
        reason: None,
        facts: None,
        policy: Some(ws.policy.version),
    };
    ws.write(entry, |_| Ok(()))?;
    Ok(SavedFile { file: path.display().to_string() })
}
