//! Progress on stderr: a bar on a terminal, a line now and then otherwise.

use std::sync::Mutex;

use drumbeat_app::events::{AppEvent, Events};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows how far a job is.
pub struct Line {
    bar: Option<ProgressBar>,
    step: Mutex<String>,
}

impl Line {
    /// A line, or nothing when quiet.
    pub fn new(quiet: bool) -> Self {
        let bar = (!quiet).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{msg:<16} {pos}{prefix}  {per_sec}") {
                bar.set_style(style);
            }
            bar
        });
        Self { bar, step: Mutex::new(String::new()) }
    }
}

impl Events for Line {
    fn send(&self, event: AppEvent) {
        let Some(bar) = &self.bar else { return };
        match event {
            AppEvent::Progress(progress) => {
                let mut step = self.step.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                if *step != progress.step {
                    if bar.is_hidden() {
                        eprintln!("{}", progress.step);
                    }
                    step.clone_from(&progress.step);
                    bar.reset();
                    bar.set_message(progress.step);
                }
                bar.set_prefix(progress.total.map(|total| format!(" of {total}")).unwrap_or_default());
                bar.set_position(u64::from(progress.done));
            }
            AppEvent::SyncEnded(_) | AppEvent::SyncFailed(_) | AppEvent::JobEnded(_) => bar.finish_and_clear(),
            AppEvent::Changed(_)
            | AppEvent::Online(_)
            | AppEvent::FileOver(_)
            | AppEvent::ImportOpened(_)
            | AppEvent::ImportFailed(_) => {}
        }
    }
}
