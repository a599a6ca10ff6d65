//! Running work of a workspace: one sync at a time, with progress and a way to cancel.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use drumbeat_model::ids::JobId;
use drumbeat_model::workspace::JobProgress;
use drumbeat_sync::cancel::Cancel;

use crate::error::{Answer, ApiError, Code};

#[derive(Default)]
struct State {
    running: HashMap<JobId, (Cancel, Option<JobProgress>)>,
    next: u32,
}

/// The jobs of a workspace.
#[derive(Default, Clone)]
pub struct Jobs(Arc<Mutex<State>>);

/// A running job; ends when dropped.
pub struct Job {
    /// Which.
    pub id: JobId,
    /// Tells it to stop.
    pub cancel: Cancel,
    jobs: Jobs,
}

impl Jobs {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Starts a job, unless one of its name runs already.
    ///
    /// # Errors
    /// [`Code::NeedsAttention`] when it runs already.
    pub fn start(&self, name: &str) -> Answer<Job> {
        let mut state = self.state();
        if state.running.keys().any(|id| id.0.starts_with(name)) {
            return Err(ApiError::new(Code::NeedsAttention, "job.running", format!("A {name} is running already"))
                .next("Wait until it has ended, or cancel it"));
        }
        state.next += 1;
        let id = JobId(format!("{name}-{}", state.next));
        let cancel = Cancel::default();
        state.running.insert(id.clone(), (cancel.clone(), None));
        Ok(Job { id, cancel, jobs: self.clone() })
    }

    /// Tells a job to stop; one that has ended already is fine.
    pub fn cancel(&self, id: &JobId) {
        if let Some((cancel, _)) = self.state().running.get(id) {
            cancel.cancel();
        }
    }

    /// Tells all jobs to stop.
    pub fn cancel_all(&self) {
        for (cancel, _) in self.state().running.values() {
            cancel.cancel();
        }
    }

    /// How far the running job is.
    #[must_use]
    pub fn progress(&self) -> Option<JobProgress> {
        let state = self.state();
        let (id, (_, progress)) = state.running.iter().next()?;
        Some(progress.clone().unwrap_or_else(|| JobProgress {
            id: id.clone(),
            step: "Starting".to_owned(),
            done: 0,
            total: None,
            rate: 0,
            left: None,
        }))
    }
}

impl Job {
    /// Notes how far it is.
    pub fn report(&self, progress: JobProgress) {
        if let Some((_, kept)) = self.jobs.state().running.get_mut(&self.id) {
            *kept = Some(progress);
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.jobs.state().running.remove(&self.id);
    }
}
