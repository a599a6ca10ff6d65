//! Sending the outbox: carries out what `classify` says, and says nothing itself.
//!
//! The order of three things is the whole of it: SENDING is on disk before the first byte leaves, one
//! request carries the values together with the op's mark, and what came of it is on disk before the
//! next op of that record begins. Ops on different records go out side by side. Only the holder of the
//! lease sends, and each SENDING checks it in its own transaction (I29). It never repeats a request: a
//! second one is always the result of a read.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use drumbeat_crm::crm::{Create, Crm, Refusal, Update, WriteOutcome};
use drumbeat_crm::error::CrmError;
use drumbeat_model::change::{Op, OpKind, OpState};
use drumbeat_model::crm::Schema;
use drumbeat_model::ids::OpId;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::planted::{Bug, planted};
use drumbeat_model::time::Instant;
use drumbeat_store::{Step, Store, StoreError, Why};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

use crate::Context;
use crate::classify::{Seen, classify};
use crate::error::SyncError;
use crate::look::Look;
use crate::progress::Meter;
use crate::settle::resolved;
use crate::sight::{Sides, Sight};
use crate::store::on_store;
use crate::verdict::{Next, Verdict};

/// Ops in flight at once, each on its own record.
const LANES: usize = 4;
/// Ops looked at in one round.
const ROUND: u32 = 32;
/// How often one push comes back to the same op.
const TRIES: u32 = 6;
/// The longest "wait" of the CRM's that a push sits out; longer ones are for the next sync.
const PATIENCE: u64 = 10;

/// A request whose intent is older than this is not made any more: its quarantine has begun to run.
const HELD_UP: TimeDelta = TimeDelta::seconds(30);

const READ_ONLY: &str = "The token may only read: it waits until the CRM lets Drumbeat write";

/// Where the outbox meets the CRM.
pub(crate) struct Push<'a> {
    pub(crate) look: Look<'a>,
    pub(crate) store: &'a Store,
    pub(crate) ctx: &'a Context,
    binding: String,
    epoch: u64,
    pub(crate) done: AtomicU32,
    stopped: AtomicBool,
    pause: AtomicU64,
}

impl<'a> Push<'a> {
    /// Becomes the sender: takes the lease, and judges what an earlier process or a missing right left behind.
    pub(crate) async fn open(
        crm: &'a dyn Crm,
        store: &'a Store,
        schema: &'a Schema,
        mapping: &'a Mapping,
        ctx: &'a Context,
    ) -> Result<Self, SyncError> {
        let (holder, now) = (ctx.holder.clone(), ctx.now());
        let epoch = on_store(store, move |store| {
            store.write(Why::Mirror { at: now }, |w| w.take_lease(&holder, now)).map(|written| written.value)
        })
        .await?;
        let push = Self {
            look: Look { crm, schema, mapping },
            store,
            ctx,
            binding: schema.account_id.clone(),
            epoch,
            done: AtomicU32::new(0),
            stopped: AtomicBool::new(false),
            pause: AtomicU64::new(0),
        };
        for (op, is_orphan) in on_store(store, left).await? {
            let seen = match op.state {
                OpState::Unknown | OpState::Queued | OpState::Blocked if is_orphan => Seen::Orphan,
                OpState::Sending => Seen::Restart,
                OpState::Unknown if op.not_before.is_none() => Seen::Restart,
                OpState::Queued if !schema.can_write => Seen::ReadOnly(READ_ONLY),
                OpState::Blocked if schema.can_write && !push.look.is_unfindable(&op) => Seen::Writable,
                OpState::Queued
                | OpState::Blocked
                | OpState::Unknown
                | OpState::Acked
                | OpState::Done
                | OpState::Conflict
                | OpState::Rejected
                | OpState::Superseded
                | OpState::Withdrawn => continue,
            };
            let verdict = classify(&op, &seen, push.now());
            push.carry_out(&op, verdict, None, None).await?;
        }
        Ok(push)
    }

    /// Sends and checks everything whose time has come; answers how many ops were confirmed.
    pub(crate) async fn run(&self) -> Result<u32, SyncError> {
        self.stopped.store(false, Ordering::Relaxed);
        let before = self.done.load(Ordering::Relaxed);
        let mut tries: HashMap<OpId, u32> = HashMap::new();
        let mut meter = Meter::new("Sending decisions", 0, None, self.ctx.now());
        while !self.is_over() {
            let now = self.now();
            let is_first = tries.is_empty();
            let may_send = self.look.schema.can_write;
            let due = on_store(self.store, move |store| {
                store.read(|r| {
                    let mut due = r.due_checks(now)?;
                    if is_first {
                        // A mark of ours settles an op also before its quarantine is over.
                        let known: BTreeSet<OpId> = due.iter().map(|op| op.id.clone()).collect();
                        due.extend(r.ops_in(&[OpState::Unknown])?.into_iter().filter(|op| !known.contains(&op.id)));
                    }
                    if may_send {
                        due.extend(r.sendable(now, ROUND)?);
                    }
                    due.into_iter().map(|op| resolved(r, op)).collect::<Result<Vec<Option<Op>>, StoreError>>()
                })
            })
            .await?;
            let due: Vec<Op> = due
                .into_iter()
                .flatten()
                .filter(|op| {
                    (op.binding == self.binding || planted(Bug::AnyAccount))
                        && tries.get(&op.id).is_none_or(|tries| *tries < TRIES)
                })
                .collect();
            if due.is_empty() {
                break;
            }
            for op in &due {
                *tries.entry(op.id.clone()).or_default() += 1;
            }
            self.round(due).await?;
            let done = self.done.load(Ordering::Relaxed) - before;
            (self.ctx.progress)(meter.add(done.saturating_sub(meter.report(now).done), self.ctx.now()));
            self.sit_out().await;
        }
        if self.ctx.cancel.is_cancelled() {
            return Err(SyncError::Cancelled);
        }
        Ok(self.done.load(Ordering::Relaxed) - before)
    }

    /// The time of the protocol: the CRM's, so that no clock of ours ends a quarantine early.
    pub(crate) fn now(&self) -> Instant {
        self.look.crm.server_now().unwrap_or_else(|| self.ctx.now())
    }

    fn is_over(&self) -> bool {
        self.stopped.load(Ordering::Relaxed) || self.ctx.cancel.is_cancelled()
    }

    async fn round(&self, due: Vec<Op>) -> Result<(), SyncError> {
        let mut waiting = due.into_iter();
        let mut flying = FuturesUnordered::new();
        let mut ended = Ok(());
        loop {
            while flying.len() < LANES && ended.is_ok() && !self.is_over() && self.pause.load(Ordering::Relaxed) == 0 {
                let Some(op) = waiting.next() else { break };
                flying.push(self.one(op));
            }
            // Also after an error: an op that has left is heard out.
            match flying.next().await {
                Some(Ok(())) => {}
                Some(Err(error)) => ended = ended.and(Err(error)),
                None => return ended,
            }
        }
    }

    /// Waits as the CRM asked, when that is short.
    async fn sit_out(&self) {
        let wait = self.pause.swap(0, Ordering::Relaxed);
        if wait > PATIENCE {
            self.stopped.store(true, Ordering::Relaxed);
        } else if wait > 0 {
            tokio::select! {
                () = self.ctx.cancel.wait() => {}
                () = tokio::time::sleep(Duration::from_secs(wait)) => {}
            }
        }
    }

    async fn one(&self, op: Op) -> Result<(), SyncError> {
        let now = || self.now();
        let sight = match self.look.at(&op).await {
            Ok(sight) => sight,
            Err(error) => return self.unread(&op, &error).await,
        };
        match op.state {
            OpState::Queued => {
                let verdict = classify(&op, &Seen::Preflight(&sight), now());
                match verdict.next.clone() {
                    Next::Send { to } => self.send(op, &sight, verdict, to).await,
                    Next::Queue { .. }
                    | Next::Check { .. }
                    | Next::Verify { .. }
                    | Next::Done { .. }
                    | Next::Conflict(_)
                    | Next::Reject
                    | Next::Block
                    | Next::Stay => self.carry_out(&op, verdict, Some(&sight), None).await,
                }
            }
            OpState::Unknown => {
                let verdict = classify(&op, &Seen::ReadBack { sight: &sight, refusal: None }, now());
                self.carry_out(&op, verdict, Some(&sight), None).await
            }
            OpState::Acked => {
                let verdict = classify(&op, &Seen::Verify(&sight), now());
                self.carry_out(&op, verdict, Some(&sight), None).await
            }
            OpState::Sending
            | OpState::Blocked
            | OpState::Done
            | OpState::Conflict
            | OpState::Rejected
            | OpState::Superseded
            | OpState::Withdrawn => Ok(()),
        }
    }

    async fn send(&self, mut op: Op, sight: &Sight, verdict: Verdict, to: String) -> Result<(), SyncError> {
        let (at, attempt) = (self.now(), op.attempt + 1);
        if !planted(Bug::SendBeforeIntent) && !self.intend(&op, attempt, at, &verdict).await? {
            return Ok(());
        }
        rebase(&mut op.kind, &verdict.merged);
        (op.state, op.attempt, op.sent_at, op.not_before) = (OpState::Sending, attempt, Some(at), None);
        let set = self.look.request(&op, attempt);
        let outcome = match &op.kind {
            _ if self.now() - at > HELD_UP => {
                WriteOutcome::NotSent { why: "the computer was held up just before".to_owned() }
            }
            OpKind::Set { .. } => {
                let unmodified_since = match sight {
                    Sight::Record { found, .. } => found.record.updated_at,
                    Sight::Archived
                    | Sight::Missing
                    | Sight::ByOpId(_)
                    | Sight::ByText(_)
                    | Sight::Unfindable
                    | Sight::Linked(_)
                    | Sight::Made { .. }
                    | Sight::Binned(_) => None,
                };
                let mut update = Update { kind: op.object, id: to.clone(), set, unmodified_since };
                self.broken(&op, attempt, &mut update).await;
                self.look.crm.update(&update).await
            }
            OpKind::Create { links, .. } => {
                self.look.crm.create(&Create { kind: op.object, set, links: links.clone() }).await
            }
            OpKind::Link { link } => self.look.crm.link(op.object, &to, link).await,
            OpKind::Archive { .. } => self.look.crm.archive(op.object, &to).await,
        };
        if planted(Bug::SendBeforeIntent) && !self.intend(&op, attempt, at, &verdict).await? {
            return Ok(());
        }
        self.heed(&outcome);
        let verdict = classify(&op, &Seen::Answer { outcome: &outcome, to: &to }, self.now());
        let updated_at = match &outcome {
            WriteOutcome::Done { updated_at, .. } => *updated_at,
            WriteOutcome::NotSent { .. }
            | WriteOutcome::RateLimited { .. }
            | WriteOutcome::Refused(_)
            | WriteOutcome::Stale
            | WriteOutcome::Unknown { .. } => None,
        };
        let next = verdict.next.clone();
        self.carry_out(&op, verdict, None, updated_at).await?;
        self.follow_up(op, &next, &to, &outcome, updated_at).await
    }

    /// Reads again at once when the answer asks for it.
    async fn follow_up(
        &self,
        mut op: Op,
        next: &Next,
        to: &str,
        outcome: &WriteOutcome,
        updated_at: Option<Instant>,
    ) -> Result<(), SyncError> {
        let now = self.now();
        match next {
            Next::Verify { at: None } => (op.state, op.not_before) = (OpState::Acked, None),
            Next::Check { at } if *at <= now => (op.state, op.not_before) = (OpState::Unknown, Some(*at)),
            Next::Verify { at: Some(_) }
            | Next::Check { .. }
            | Next::Send { .. }
            | Next::Queue { .. }
            | Next::Done { .. }
            | Next::Conflict(_)
            | Next::Reject
            | Next::Block
            | Next::Stay => return Ok(()),
        }
        if !matches!(op.kind, OpKind::Create { .. }) {
            to.clone_into(&mut op.record);
        }
        let sight = match self.look.at(&op).await {
            Ok(sight) => sight,
            Err(error) => return self.unread(&op, &error).await,
        };
        let seen = if op.state == OpState::Acked {
            Seen::Verify(&sight)
        } else {
            Seen::ReadBack { sight: &sight, refusal: refusal(outcome) }
        };
        let verdict = classify(&op, &seen, self.now());
        self.carry_out(&op, verdict, Some(&sight), updated_at).await
    }

    /// Commits SENDING, unless the lease has gone or the op has moved meanwhile.
    async fn intend(&self, op: &Op, attempt: u32, at: Instant, verdict: &Verdict) -> Result<bool, SyncError> {
        let (id, epoch, text) = (op.id.clone(), self.epoch, verdict.evidence());
        let mut kind = op.kind.clone();
        let is_merged = rebase(&mut kind, &verdict.merged);
        let intended = on_store(self.store, move |store| {
            let write = store.write(Why::Mirror { at }, |w| {
                if w.lease()? != epoch && !planted(Bug::NoEpoch) {
                    return Ok(None);
                }
                let is_waiting = w.op(&id)?.is_some_and(|op| op.state == OpState::Queued);
                if is_waiting {
                    let step = Step {
                        to: OpState::Sending,
                        at,
                        attempt: Some(attempt),
                        not_before: None,
                        sent_at: Some(at),
                        text,
                    };
                    w.move_op(&id, &step)?;
                    if is_merged {
                        w.rebase(&id, &kind)?;
                    }
                }
                Ok(Some(is_waiting))
            });
            write.map(|written| written.value)
        })
        .await?;
        intended.ok_or(SyncError::Replaced)
    }

    /// What an answer means for everything else that wants to be sent.
    fn heed(&self, outcome: &WriteOutcome) {
        match outcome {
            WriteOutcome::RateLimited { wait } => {
                self.pause.fetch_max((*wait).max(1), Ordering::Relaxed);
            }
            WriteOutcome::NotSent { .. }
            | WriteOutcome::Done { .. }
            | WriteOutcome::Refused(_)
            | WriteOutcome::Stale
            | WriteOutcome::Unknown { .. } => {}
        }
    }

    async fn unread(&self, op: &Op, error: &CrmError) -> Result<(), SyncError> {
        match error {
            CrmError::Unreachable(_) | CrmError::NotAuthorised(_) | CrmError::RateLimited(_) | CrmError::Garbled(_) => {
                self.stopped.store(true, Ordering::Relaxed);
            }
            CrmError::Forbidden(_) | CrmError::NotFound(_) | CrmError::Refused(_) | CrmError::TooLarge(_) => {}
        }
        let verdict = classify(op, &Seen::Unread(error), self.now());
        self.carry_out(op, verdict, None, None).await
    }
}

/// What an earlier process left unsettled; with each whether something that it was built on is neither here
/// nor waits to be confirmed, so that nothing will ever say where it belongs.
fn left(store: &Store) -> Result<Vec<(Op, bool)>, StoreError> {
    let recovered = store.recovered()?;
    let waits = |id: &OpId| recovered.iter().any(|recovered| recovered.ops.contains(id));
    store.read(|r| {
        let ops = r.ops_in(&[OpState::Sending, OpState::Unknown, OpState::Queued, OpState::Blocked])?;
        let mut left = Vec::with_capacity(ops.len());
        for op in ops {
            let mut is_orphan = false;
            for parent in op.depends_on.iter().filter(|parent| !waits(parent)) {
                // What waited went with a parent that was taken back; what was in doubt then could not.
                let state = r.op(parent)?.map(|parent| parent.state);
                is_orphan |= state.is_none_or(|state| state.is_final() && state != OpState::Done);
            }
            // One in doubt may know its record all the same: then it is looked for.
            is_orphan &= op.state != OpState::Unknown || resolved(r, op.clone())?.is_none();
            left.push((op, is_orphan));
        }
        Ok(left)
    })
}

/// Puts merged sets of choices into an op; whether there were any.
fn rebase(kind: &mut OpKind, merged: &[Sides]) -> bool {
    if let OpKind::Set { desired, base, .. } = kind {
        for sides in merged {
            desired.insert(sides.property.clone(), sides.mine.clone());
            base.insert(sides.property.clone(), sides.base.clone());
        }
    }
    !merged.is_empty()
}

fn refusal(outcome: &WriteOutcome) -> Option<&Refusal> {
    match outcome {
        WriteOutcome::Refused(refusal) => Some(refusal),
        WriteOutcome::Done { .. }
        | WriteOutcome::NotSent { .. }
        | WriteOutcome::RateLimited { .. }
        | WriteOutcome::Stale
        | WriteOutcome::Unknown { .. } => None,
    }
}
