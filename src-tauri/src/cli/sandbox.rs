//! `drumbeat sandbox`: a local CRM until interrupted.

use std::process::ExitCode;

use drumbeat_app::clock::Clock;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_model::crm::Vendor;
use drumbeat_sandbox::{Dialect, Faults, Options, RatePlan, Source};

use super::args::SandboxArgs;

/// How a vendor's sandbox speaks.
pub fn dialect(vendor: Vendor) -> Dialect {
    match vendor {
        Vendor::Hubspot => Dialect::Hubspot,
        Vendor::Salesforce => Dialect::Salesforce,
    }
}

/// Starts it, prints where it is as one line of JSON, and waits.
pub async fn run(args: SandboxArgs, clock: Clock, fixed: bool) -> Answer<ExitCode> {
    if !args.listen.ip().is_loopback() {
        return Err(ApiError::invalid("sandbox.listen", "The sandbox listens on this computer only")
            .next("Use an address like 127.0.0.1:0"));
    }
    let faults = match &args.faults {
        None => None,
        Some(path) => {
            let bad =
                |why: String| ApiError::invalid("sandbox.faults", format!("{} cannot be read ({why})", path.display()));
            let text = std::fs::read_to_string(path).map_err(|error| bad(error.to_string()))?;
            Some(Faults::parse(&text).map_err(|error| bad(error.to_string()))?)
        }
    };
    let data = match (args.data, args.synthetic) {
        (Some(dir), _) => Source::Folder(dir),
        (None, Some(deals)) => Source::Synthetic(deals),
        (None, None) => Source::Sample,
    };
    let crm = dialect(args.crm.vendor());
    let options = Options {
        crm,
        bare: args.bare,
        currencies: args.currencies,
        listen: args.listen,
        data,
        waiting: args.waiting,
        seed: args.seed,
        now: fixed.then(|| clock.now()),
        token: args.token,
        truth: args.truth,
        faults,
        journal: args.journal,
        rate: (!args.unlimited).then(RatePlan::professional),
        ..Options::default()
    };
    let sandbox = drumbeat_sandbox::start(options).await.map_err(|error| {
        ApiError::invalid("sandbox.start", error.to_string().trim_end_matches('.'))
            .kept("Nothing was started, and no file was changed")
            .next("Mend what is named, or leave --data out for the sample")
    })?;
    println!(
        "{}",
        serde_json::json!({ "url": sandbox.url(), "token": sandbox.token(), "crm": crm.word(), "admin": sandbox.admin() })
    );
    tokio::signal::ctrl_c().await.map_err(|error| ApiError::new(Code::Bug, "sandbox.signal", error.to_string()))?;
    sandbox.stop().await;
    Ok(ExitCode::SUCCESS)
}
