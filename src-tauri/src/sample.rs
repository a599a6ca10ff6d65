//! The sample's CRM: a sandbox inside this process, started when somebody wants to explore.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Mutex;

use drumbeat_app::clock::Clock;
use drumbeat_app::drumbeat::Sample;
use drumbeat_model::secret::Secret;
use drumbeat_sandbox::{Options, Sandbox, Source};

/// Starts the sandbox once and keeps it for as long as the program runs.
pub struct SampleCrm {
    clock: Clock,
    running: Mutex<Option<Sandbox>>,
}

impl SampleCrm {
    /// A sample whose book ends at the clock's now.
    pub fn new(clock: Clock) -> Self {
        Self { clock, running: Mutex::new(None) }
    }
}

impl Sample for SampleCrm {
    fn start(&self) -> Result<(String, Secret<String>), String> {
        let mut running = self.running.lock().map_err(|_| "its start was interrupted".to_owned())?;
        if running.is_none() {
            let options = Options {
                listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
                data: Source::Sample,
                seed: 7,
                now: Some(self.clock.now()),
                rate: None,
                ..Options::default()
            };
            let started = tokio::runtime::Handle::current().block_on(drumbeat_sandbox::start(options));
            *running = Some(started.map_err(|error| error.to_string())?);
        }
        let sandbox = running.as_ref().ok_or_else(|| "it did not start".to_owned())?;
        Ok((sandbox.url().to_owned(), Secret::new(sandbox.token().to_owned())))
    }
}
