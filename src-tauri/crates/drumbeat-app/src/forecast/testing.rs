//! The past played again, as a job that tells how far it is and can be stopped (P-03).

use drumbeat_model::forecast::{Backtest, BacktestRequest};
use drumbeat_model::workspace::JobProgress;
use drumbeat_rules::forecast::{origins, played, summed};

use drumbeat_store::{Reader, Result, Why};

use super::learning::past;
use super::{Ws, blocking};
use crate::error::{Answer, ApiError};
use crate::events::AppEvent;
use crate::jobs::Job;
use crate::workspace::Workspace;

/// Under which name the record is kept; the number is that of its form.
const RECORD: &str = "forecast.record.1";

/// Plays the past again. What was cancelled tells of the origins that it came to.
///
/// # Errors
/// When one runs already, for a day ahead, or what the store says.
pub async fn backtest(ws: Ws, request: BacktestRequest) -> Answer<Backtest> {
    let today = ws.clock.today();
    if request.as_of.is_some_and(|day| day > today) {
        return Err(ApiError::invalid("backtest.ahead", "The past ends today"));
    }
    let job = ws.jobs.start("backtest")?;
    blocking(move || {
        let report = play(&ws, &request, &job)?;
        // The newest of the whole past is what packs print beside a forecast.
        if request.as_of.is_none() && !report.cancelled {
            ws.store.write(Why::Mirror { at: ws.clock.now() }, |w| w.put_value(RECORD, &report))?;
        }
        Ok(report)
    })
    .await
}

/// How the forecast has done, where the past was played again.
pub(crate) fn record(r: &Reader<'_>) -> Result<Option<Backtest>> {
    // What an older version kept in another form is as good as nothing.
    Ok(r.cursor(RECORD)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn play(ws: &Workspace, request: &BacktestRequest, job: &Job) -> Answer<Backtest> {
    let as_of = request.as_of.unwrap_or_else(|| ws.clock.today());
    let (history, undated) = ws.read(|r| past(r, ws.clock.today()))?;
    let days = origins(&history, as_of);
    let total = u32::try_from(days.len()).ok();
    let year = ws.policy.calendar.fiscal_year();
    let (mut came, mut cancelled) = (Vec::new(), false);
    for (done, on) in (0_u32..).zip(days) {
        if job.cancel.is_cancelled() {
            cancelled = true;
            break;
        }
        let step = format!("Forecasting as of {on}");
        let progress = JobProgress { id: job.id.clone(), step, done, total, rate: 0, left: None };
        job.report(progress.clone());
        ws.events.send(AppEvent::Progress(progress));
        came.extend(played(&history, year, on, as_of));
    }
    let mut report = summed(&came, as_of, cancelled);
    if undated > 0 {
        report.notes.push(format!("{undated} deals without a day of birth or of closing are left out."));
    }
    Ok(report)
}
