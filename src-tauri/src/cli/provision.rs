//! `drumbeat provision`: what Drumbeat would add to the CRM, or adding it; the intake forms with `--forms`; for the CRM's
//! admin the page with `--guide`, and the package with `--package`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::api::Nothing;
use drumbeat_app::connect as connecting;
use drumbeat_app::error::{Answer, ApiError};
use drumbeat_app::forms::{create_intake_forms, intake_forms};
use drumbeat_app::guide::admin_guide;
use drumbeat_app::package::save_admin_package_to;
use drumbeat_app::workspace::Workspace;

use super::blocking;
use super::print::{Printer, table};

/// Shows what is missing, or adds it.
pub async fn run(ws: Arc<Workspace>, apply: bool, printer: Printer) -> Answer<ExitCode> {
    let plan = if apply {
        connecting::provision(ws, Nothing {}).await?
    } else {
        connecting::provision_plan(ws, Nothing {}).await?
    };
    printer.result(&plan, |plan| {
        let missing = plan.items.iter().filter(|item| !item.present);
        let rows: Vec<Vec<String>> =
            missing.map(|item| vec![item.object_name.clone(), item.property.clone(), item.why.clone()]).collect();
        let there = plan.items.len() - rows.len();
        let refused = plan.refused.as_ref().map(|why| format!("\n{why}")).unwrap_or_default();
        if rows.is_empty() {
            return format!("Nothing is left to add: all {there} are there{refused}");
        }
        let list = table(&["object", "property", "why"], &rows);
        format!("{list}{} to add, {there} there already{refused}", plan.missing)
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Shows the intake forms as they would be made, or makes them.
pub async fn forms(ws: Arc<Workspace>, apply: bool, printer: Printer) -> Answer<ExitCode> {
    let forms = if apply { create_intake_forms(ws, Nothing {}).await? } else { intake_forms(ws, Nothing {}).await? };
    printer.result(&forms, |forms| {
        let mut out = String::new();
        for form in &forms.forms {
            let there = form.id.as_ref().map_or_else(|| "to be made".to_owned(), |id| format!("there, {id}"));
            let rows: Vec<Vec<String>> = form
                .fields
                .iter()
                .map(|field| {
                    let how = match (&field.value, field.required) {
                        (Some(value), _) => format!("hidden: {value}"),
                        (None, true) => "required".to_owned(),
                        (None, false) => String::new(),
                    };
                    vec![field.label.clone(), field.property.clone(), how]
                })
                .collect();
            out.push_str(&format!("{} ({there})\n{}", form.name, table(&["asks", "property", ""], &rows)));
            if !form.not_asked.is_empty() {
                out.push_str(&format!("Not asked, because the CRM has no property: {}\n", form.not_asked.join(", ")));
            }
            out.push('\n');
        }
        out.push_str("By hand:\n");
        forms.by_hand.iter().for_each(|what| out.push_str(&format!("- {what}\n")));
        match &forms.refused {
            Some(why) => out.push_str(&format!("\n{why}")),
            None if forms.missing == 0 => out.push_str("\nNothing is left to make"),
            None => out.push_str(&format!("\n{} to make: drumbeat provision --forms --apply", forms.missing)),
        }
        out
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the page for the CRM's admin.
pub async fn guide(ws: Arc<Workspace>, file: PathBuf, printer: Printer) -> Answer<ExitCode> {
    let written = file.clone();
    let page = blocking(move || {
        let page = admin_guide(&ws, Nothing {})?;
        std::fs::write(&file, &page.text).map_err(|error| {
            ApiError::invalid("guide.write", format!("{} cannot be written ({error})", file.display()))
                .next("Name another file")
        })?;
        Ok(page)
    })
    .await?;
    printer.result(&page, |_| format!("The page for the admin is in {}", written.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the package for the CRM's admin.
pub async fn package(ws: Arc<Workspace>, file: PathBuf, printer: Printer) -> Answer<ExitCode> {
    let saved = blocking(move || save_admin_package_to(&ws, &file)).await?;
    printer.result(&saved, |saved| {
        format!(
            "The package for the admin is in {}: sf project deploy start --metadata-dir FILE --single-package",
            saved.file
        )
    })?;
    Ok(ExitCode::SUCCESS)
}
