//! The forecast of a quarter, one deal's chance, and the forecast's own record (P, B7).
//!
//! `learning` gathers the past, learns from it and keeps what was learnt; `showing` makes totals and opens a deal; `testing`
//! plays the past again. The one hard idea: the past is read whole when it is learnt from, once a day at most and in a job
//! where there is one; a forecast reads what is open and what was won in the period. What was kept is used for a week;
//! where nothing is kept it is learnt on the spot and not kept, because a query changes nothing.

mod ahead;
mod learning;
mod showing;
mod testing;

pub(crate) use self::ahead::{Ahead, Stood};
pub(crate) use self::learning::begin;
pub use self::learning::{learn_due, learn_forecast};
pub use self::showing::{forecast, forecast_deal};
pub use self::testing::backtest;
pub(crate) use self::testing::record;

use std::sync::Arc;

use crate::error::{Answer, ApiError, Code};

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Answer<T> + Send + 'static) -> Answer<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|stopped| Err(ApiError::new(Code::Bug, "operation.stopped", stopped.to_string())))
}

/// The workspace that operations take.
type Ws = Arc<crate::workspace::Workspace>;
