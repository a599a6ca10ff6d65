//! `drumbeat connect`: the token comes from standard input or a prompt, never from an argument.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::connect as connecting;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::{Answer, ApiError};
use drumbeat_model::crm::Vendor;
use drumbeat_model::workspace::Connect;

use super::args::CrmName;
use super::print::Printer;
use super::read_line;

/// Connects a CRM.
pub async fn run(
    app: Arc<Drumbeat>,
    crm: CrmName,
    base_url: Option<String>,
    token_stdin: bool,
    passphrase: Option<String>,
    printer: Printer,
) -> Answer<ExitCode> {
    let vendor = match crm {
        CrmName::Hubspot => Vendor::Hubspot,
        CrmName::Salesforce => Vendor::Salesforce,
    };
    let token = if token_stdin {
        read_line()?
    } else {
        rpassword::prompt_password("Token: ").map_err(|error| {
            ApiError::invalid("token.prompt", format!("There is no terminal to ask for the token on ({error})"))
                .next("Use --token-stdin")
        })?
    };
    let connected = connecting::connect(app, Connect { vendor, base_url, token, passphrase }).await?;
    printer.result(&connected, |found| {
        let mapped = found.mapping.lines.iter().filter(|line| line.property.is_some()).count();
        let missing: Vec<&str> =
            found.mapping.lines.iter().filter(|line| line.property.is_none()).map(|line| line.label.as_str()).collect();
        let named =
            if found.account.contains(&found.account_id) { String::new() } else { format!(" ({})", found.account_id) };
        let mut text = format!("Connected {}{named}; {mapped} fields found", found.account);
        if !missing.is_empty() {
            text.push_str(&format!("; without a place in the CRM: {}", missing.join(", ")));
        }
        if let Some(why) = &found.read_only {
            text.push_str(&format!("\n{why}"));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}
