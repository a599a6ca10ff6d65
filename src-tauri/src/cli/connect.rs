//! `drumbeat connect` and `disconnect`: a secret comes from standard input or a prompt, never from an argument. Who signs
//! in sees the address on the terminal too, for a browser that does not open by itself.

use std::process::ExitCode;
use std::sync::Arc;

use drumbeat_app::api::Nothing;
use drumbeat_app::connect as connecting;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::{Answer, ApiError};
use drumbeat_app::rights;
use drumbeat_app::signing_in::{self, Browser};
use drumbeat_app::workspace::Workspace;
use drumbeat_model::workspace::{Connect, Connected, SignIn};

use super::args::ConnectArgs;
use super::print::Printer;
use super::read_line;

/// The terminal, and the system's browser if it is wanted.
struct Shown {
    opens: bool,
}

impl Browser for Shown {
    fn open(&self, url: &str) -> Result<(), String> {
        eprintln!("Sign in here, within two minutes:\n{url}");
        if self.opens && tauri_plugin_opener::open_url(url, None::<&str>).is_err() {
            eprintln!("No browser opened by itself: open the address in one on this computer.");
        }
        Ok(())
    }
}

/// Connects a CRM.
pub async fn run(
    app: Arc<Drumbeat>,
    words: &ConnectArgs,
    passphrase: Option<String>,
    printer: Printer,
) -> Answer<ExitCode> {
    let vendor = words.crm.vendor();
    let base_url = words.base_url.clone();
    if let Some(client_id) = words.client_id.clone() {
        let client_secret = words.client_secret_stdin.then(read_line).transpose()?;
        let _ = app.browser.set(Arc::new(Shown { opens: !words.no_browser }));
        let request = SignIn { vendor, login: base_url, client_id, client_secret, port: words.port, passphrase };
        let connected = signing_in::sign_in(Arc::clone(&app), request).await?;
        return told(&app, &connected, &printer);
    }
    let token = if words.token_stdin {
        read_line()?
    } else {
        rpassword::prompt_password("Token: ").map_err(|error| {
            ApiError::invalid("token.prompt", format!("There is no terminal to ask for the token on ({error})"))
                .next("Use --token-stdin")
        })?
    };
    let connected = connecting::connect(Arc::clone(&app), Connect { vendor, base_url, token, passphrase }).await?;
    told(&app, &connected, &printer)
}

/// Forgets what opens the CRM.
pub async fn leave(ws: Arc<Workspace>, printer: Printer) -> Answer<ExitCode> {
    let vendor = ws.card.vendor.label();
    signing_in::disconnect(ws, Nothing {}).await?;
    printer.result(&serde_json::json!({ "disconnected": vendor }), |_| {
        format!("Disconnected from {vendor}; everything read and every decision is kept")
    })?;
    Ok(ExitCode::SUCCESS)
}

fn told(app: &Drumbeat, connected: &Connected, printer: &Printer) -> Answer<ExitCode> {
    let ws = app.workspace()?;
    let barred = rights::of(&ws)?;
    printer.result(connected, |found| {
        let mapped = found.mapping.lines.iter().filter(|line| line.property.is_some()).count();
        let missing: Vec<&str> =
            found.mapping.lines.iter().filter(|line| line.property.is_none()).map(|line| line.label.as_str()).collect();
        let named =
            if found.account.contains(&found.account_id) { String::new() } else { format!(" ({})", found.account_id) };
        let mut text = format!("Connected {}{named}; {mapped} fields found", found.account);
        if !missing.is_empty() {
            text.push_str(&format!("; without a place in the CRM, or not shown to this user: {}", missing.join(", ")));
        }
        for why in found.read_only.iter().chain(&barred) {
            text.push_str(&format!("\n{why}"));
        }
        text
    })?;
    Ok(ExitCode::SUCCESS)
}
