//! The sample's CRM: a sandbox inside this process for each vendor, started when somebody wants to explore.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;

use drumbeat_app::clock::Clock;
use drumbeat_app::drumbeat::Sample;
use drumbeat_model::crm::Vendor;
use drumbeat_model::secret::Secret;
use drumbeat_sandbox::{Options, Sandbox, Source};

use crate::cli::sandbox::dialect;

/// Starts each sandbox once and keeps it for as long as the program runs.
pub struct SampleCrm {
    clock: Clock,
    running: Mutex<Vec<(Vendor, Sandbox)>>,
}

impl SampleCrm {
    /// A sample whose book ends at the clock's now.
    pub fn new(clock: Clock) -> Self {
        Self { clock, running: Mutex::default() }
    }
}

impl Sample for SampleCrm {
    fn start(&self, crm: Vendor) -> Result<(String, Secret<String>), String> {
        let mut running = self.running.lock().map_err(|_| "its start was interrupted".to_owned())?;
        if !running.iter().any(|(known, _)| *known == crm) {
            let options = Options {
                crm: dialect(crm),
                listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                data: Source::Sample,
                seed: 7,
                now: Some(self.clock.now()),
                rate: None,
                ..Options::default()
            };
            let started = tokio::runtime::Handle::current().block_on(drumbeat_sandbox::start(options));
            running.push((crm, started.map_err(|error| error.to_string())?));
        }
        let known = running.iter().find(|(known, _)| *known == crm).map(|(_, sandbox)| sandbox);
        let sandbox = known.ok_or_else(|| "it did not start".to_owned())?;
        Ok((sandbox.url().to_owned(), Secret::new(sandbox.token().to_owned())))
    }
}
