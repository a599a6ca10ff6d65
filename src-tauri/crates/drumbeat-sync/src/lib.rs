//! Keeping the mirror and the CRM together: what changed there comes in, what was decided here goes out.
//!
//! Two pure parts decide everything: `plan` (what to read next) and `classify` (what happens to an op
//! next). The rest carries out: `pull` and `push` are thin drivers over `dyn Crm` and the store. One
//! [`sync`] sends first, so that decisions land early and the pull brings back what they became, then
//! reads, then sends what that made possible. Callers rely on: stopping it at any point loses nothing,
//! and a second run goes on where the first one was. It knows no vendor, no rule and no clock.

use std::sync::Arc;

use drumbeat_crm::crm::Crm;
use drumbeat_model::crm::Schema;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::planted::{Bug, planted};
use drumbeat_model::time::Instant;
use drumbeat_model::workspace::{SyncOptions, SyncSummary};
use drumbeat_store::{Store, Why};

pub mod agreement;
mod broken;
pub mod cancel;
pub mod classify;
pub mod error;
mod look;
pub mod plan;
pub mod preview;
pub mod progress;
mod pull;
mod push;
mod reconcile;
pub mod sample;
mod settle;
pub mod sight;
mod store;
pub mod verdict;

pub use cancel::Cancel;
pub use error::SyncError;
pub use progress::Progress;

use pull::Pull;
use push::Push;
use store::on_store;

/// What a sync is given from outside.
#[derive(Clone)]
pub struct Context {
    /// Our own clock: for evidence and waiting times, never for watermarks.
    pub clock: Arc<dyn Fn() -> Instant + Send + Sync>,
    /// Stops the sync.
    pub cancel: Cancel,
    /// Is told how far it is.
    pub progress: Arc<dyn Fn(Progress) + Send + Sync>,
    /// Who sends, for the lease.
    pub holder: String,
}

impl Context {
    pub(crate) fn now(&self) -> Instant {
        (self.clock)()
    }
}

/// Sends, reads, and sends what that made possible. What was done before a stop is kept.
///
/// # Errors
/// When the CRM or the store cannot be worked with, or the token opens another account; a stop by a
/// person is no error but a summary that says so.
pub async fn sync(crm: &dyn Crm, store: &Store, options: SyncOptions, ctx: &Context) -> Result<SyncSummary, SyncError> {
    let began = ctx.now();
    let budget = crm.budget();
    let mut summary = SyncSummary::default();
    match steps(crm, store, options, ctx, &mut summary).await {
        Ok(()) => {}
        Err(SyncError::Cancelled) => summary.cancelled = true,
        Err(error) => return Err(error),
    }
    let (open, needs_you) = on_store(store, |store| store.read(|r| r.outbox_counts())).await?;
    summary.needs_you = needs_you;
    summary.waiting = open.saturating_sub(needs_you);
    let spent = crm.budget();
    let count = |now: u64, before: u64| u32::try_from(now.saturating_sub(before)).unwrap_or(u32::MAX);
    summary.requests = count(spent.requests, budget.requests);
    summary.retries = count(spent.retries, budget.retries);
    summary.bytes = spent.bytes.saturating_sub(budget.bytes);
    summary.seconds = (ctx.now() - began).as_seconds_f64().max(0.0);
    Ok(summary)
}

async fn steps(
    crm: &dyn Crm,
    store: &Store,
    options: SyncOptions,
    ctx: &Context,
    summary: &mut SyncSummary,
) -> Result<(), SyncError> {
    let schema = tokio::select! {
        biased;
        () = ctx.cancel.wait() => return Err(SyncError::Cancelled),
        schema = crm.describe() => schema?,
    };
    let mapping = admit(store, &schema, ctx).await?;
    crm.use_schema(&schema);
    keep_rates(crm, store, ctx).await?;
    let push = match options.pull_only {
        true => None,
        false => Some(Push::open(crm, store, &schema, &mapping, ctx).await?),
    };
    if let Some(push) = &push {
        summary.pushed += push.run().await?;
        summary.released += release(store, ctx).await?;
    }
    if !options.push_only {
        let mut pull = Pull {
            crm,
            store,
            schema: &schema,
            mapping: &mapping,
            ctx,
            server_now: None,
            pulled: pull::Pulled::default(),
            seen: None,
            read_until: std::collections::BTreeMap::new(),
        };
        let pulled = pull.run(options.full).await;
        summary.read += pull.pulled.read;
        summary.changed += pull.pulled.changed;
        summary.gone += pull.pulled.gone;
        pulled?;
        if let Some(push) = &push {
            push.watch().await?;
            summary.pushed += push.run().await?;
            summary.released += release(store, ctx).await?;
        }
    }
    Ok(())
}

/// Refuses another account than the one that the workspace and its ops belong to (I8); keeps the schema.
async fn admit(store: &Store, schema: &Schema, ctx: &Context) -> Result<Mapping, SyncError> {
    let (known, bindings, mapping) =
        on_store(store, |store| store.read(|r| Ok((r.schema()?, r.bindings()?, r.mapping()?)))).await?;
    let bound = known.iter().map(|known| known.account_id.clone()).chain(bindings);
    for expected in bound {
        if expected != schema.account_id && !planted(Bug::AnyAccount) {
            return Err(SyncError::WrongAccount { expected, found: schema.account_id.clone() });
        }
    }
    if mapping.fields.is_empty() {
        return Err(SyncError::NotSetUp);
    }
    if known.as_ref() != Some(schema) {
        let (schema, at) = (schema.clone(), ctx.now());
        on_store(store, move |store| store.write(Why::Mirror { at }, |w| w.put_schema(&schema))).await?;
    }
    Ok(mapping)
}

/// Keeps the CRM's rates, where it tells any: before records are read, so that each is read at its own.
async fn keep_rates(crm: &dyn Crm, store: &Store, ctx: &Context) -> Result<(), SyncError> {
    let told = tokio::select! {
        biased;
        () = ctx.cancel.wait() => return Err(SyncError::Cancelled),
        told = crm.rates() => told?,
    };
    let Some(rates) = told else { return Ok(()) };
    let at = ctx.now();
    on_store(store, move |store| match store.read(|r| r.knows_rates(&rates))? {
        true => Ok(()),
        false => store.write(Why::Mirror { at }, |w| w.put_rates(&rates)).map(|_| ()),
    })
    .await
}

async fn release(store: &Store, ctx: &Context) -> Result<u32, SyncError> {
    let at = ctx.now();
    on_store(store, move |store| {
        store.write(Why::Mirror { at }, |w| w.release_messages(at)).map(|written| written.value)
    })
    .await
}
