//! Keeping what came of an op: its move, its evidence, and what was read, in one transaction.
//!
//! The mirror takes every read as it is, so that a merge conflict shows what the CRM really has, and a
//! landed op leaves no guess behind. A verdict counts only while the op still stands where it was
//! judged: what a person or another sender has done meanwhile is not undone.

use std::sync::atomic::Ordering;

use chrono::TimeDelta;
use drumbeat_crm::error::CrmError;
use drumbeat_model::change::{Op, OpKind};
use drumbeat_model::crm::Record;
use drumbeat_model::ids::is_local;
use drumbeat_model::merge::{Found, FoundSide, MergeKind};
use drumbeat_model::planted::{Bug, planted};
use drumbeat_model::time::Instant;
use drumbeat_model::value::same;
use drumbeat_store::notices::{NewNotice, NoticeKind};
use drumbeat_store::{Gone, Reader, Step, StoreError, Why};

use crate::classify::late;
use crate::error::SyncError;
use crate::push::Push;
use crate::sight::Sight;
use crate::store::on_store;
use crate::verdict::{ConflictKind, Landing, Next, Notice, Verdict};

/// How long a request of ours is thought to be able to arrive late.
const WATCH: TimeDelta = TimeDelta::hours(24);
/// How far back the first look of a workspace goes.
const NEVER_LOOKED: TimeDelta = TimeDelta::days(7);
/// The value that says when all of that was looked at last.
const WATCHED: &str = "watched";
/// So long a look counts: not every sync has to write down that it looked.
const LOOKED_JUST_NOW: TimeDelta = TimeDelta::hours(1);

impl Push<'_> {
    /// Looks again at what was sent in the last day and whose record has changed since: a request that
    /// was stuck on its way may have landed after all (40-trust 3.4).
    pub(crate) async fn watch(&self) -> Result<(), SyncError> {
        let now = self.now();
        let (last, watched) = on_store(self.store, move |store| {
            store.read(|r| {
                let last = r.value::<Instant>(WATCHED)?.filter(|last| *last <= now);
                // Since the last look: what landed while this computer slept is found as well.
                let since = last.unwrap_or(now - NEVER_LOOKED) - WATCH;
                let ops = r.watched(since)?.into_iter().map(|op| resolved(r, op));
                Ok((last, ops.collect::<Result<Vec<_>, StoreError>>()?))
            })
        })
        .await?;
        let mut is_whole = true;
        for op in watched.into_iter().flatten() {
            if self.ctx.cancel.is_cancelled() {
                return Err(SyncError::Cancelled);
            }
            // What cannot be read now is looked at by the next sync; when the CRM is silent, all of it.
            let sight = match self.look.at(&op).await {
                Ok(sight) => sight,
                Err(CrmError::Forbidden(_) | CrmError::NotFound(_) | CrmError::Refused(_) | CrmError::TooLarge(_)) => {
                    is_whole = false;
                    continue;
                }
                Err(
                    CrmError::Unreachable(_)
                    | CrmError::NotAuthorised(_)
                    | CrmError::RateLimited(_)
                    | CrmError::Garbled(_),
                ) => return Ok(()),
            };
            let Sight::Record { found, .. } = &sight else { continue };
            let (at, version) = (self.ctx.now(), found.record.updated_at);
            let notices: Vec<NewNotice> = late(&op, &sight).iter().filter_map(kept).collect();
            on_store(self.store, move |store| {
                store.write(Why::Mirror { at }, |w| {
                    w.put_notices(&op, &notices)?;
                    w.watch(&op.id, version)
                })
            })
            .await?;
        }
        if !is_whole || last.is_some_and(|last| now - last < LOOKED_JUST_NOW) {
            return Ok(());
        }
        let text = serde_json::to_string(&now).map_err(StoreError::from)?;
        on_store(self.store, move |store| store.write(Why::Mirror { at: now }, |w| w.set_cursor(WATCHED, &text)))
            .await
            .map(drop)
    }

    /// Keeps a verdict: the op's move, its evidence, and what was read, in one transaction.
    pub(crate) async fn carry_out(
        &self,
        op: &Op,
        verdict: Verdict,
        sight: Option<&Sight>,
        updated_at: Option<Instant>,
    ) -> Result<(), SyncError> {
        let at = self.ctx.now();
        let text = verdict.evidence();
        let is_told = verdict.next == Next::Stay && op.evidence.last().is_some_and(|last| last.text == text);
        if is_told {
            return Ok(());
        }
        let not_before = match &verdict.next {
            Next::Queue { not_before } => *not_before,
            Next::Check { at } => Some(*at),
            Next::Verify { at } => *at,
            Next::Stay => op.not_before,
            Next::Send { .. } | Next::Done { .. } | Next::Conflict(_) | Next::Reject | Next::Block => None,
        };
        let step =
            Step { to: verdict.next.state().unwrap_or(op.state), at, attempt: None, not_before, sent_at: None, text };
        let notices: Vec<NewNotice> = verdict.notices.iter().filter_map(kept).collect();
        let version = match sight {
            Some(Sight::Record { found, .. } | Sight::Made { found, .. }) => found.record.updated_at,
            Some(
                Sight::Archived
                | Sight::Missing
                | Sight::ByOpId(_)
                | Sight::ByText(_)
                | Sight::Unfindable
                | Sight::Linked(_)
                | Sight::Binned(_),
            )
            | None => None,
        };
        let between = found(&verdict, sight, version);
        let (id, from, object, asked) = (op.id.clone(), (op.state, op.attempt), op.object, op.record.clone());
        let seen = sight.and_then(taken);
        let done = match verdict.next {
            Next::Done { record, how } => Some((record, how)),
            Next::Send { .. }
            | Next::Queue { .. }
            | Next::Check { .. }
            | Next::Verify { .. }
            | Next::Conflict(_)
            | Next::Reject
            | Next::Block
            | Next::Stay => None,
        };
        let is_done = done.is_some();
        let moved = on_store(self.store, move |store| {
            let write = store.write(Why::Mirror { at }, |w| {
                // Somebody may have taken it back, or another sender may have settled it, or sent it once more
                // and be in doubt about that: what was read before says nothing of it.
                let is_it = |op: &Op| op.state == from.0 && (op.attempt == from.1 || planted(Bug::OldVerdict));
                let Some(known) = w.op(&id)?.filter(is_it) else { return Ok(false) };
                w.put_notices(&known, &notices)?;
                w.watch(&id, version)?;
                let mirror = || match &seen {
                    Some(Taken::Record(record)) => {
                        w.apply_records(object, std::slice::from_ref(record.as_ref()), at).map(drop)
                    }
                    Some(Taken::Gone(how)) => w.mark_gone(object, std::slice::from_ref(&asked), *how, at).map(drop),
                    None => Ok(()),
                };
                match &done {
                    // What others did moves the mirror in their name, what we did in ours.
                    Some((record, Landing::Converged)) => {
                        mirror()?;
                        // What was read is what the CRM has, also where it is more than we wanted.
                        if !matches!(seen, Some(Taken::Record(_))) {
                            w.landed(&id, record, updated_at, at)?;
                        }
                        w.move_op(&id, &step)?;
                    }
                    Some((record, Landing::Ours)) => {
                        w.landed(&id, record, updated_at, at)?;
                        w.move_op(&id, &step)?;
                        mirror()?;
                    }
                    None => {
                        w.move_op(&id, &step)?;
                        if let Some(between) = &between {
                            w.found(&id, between)?;
                        }
                        mirror()?;
                    }
                }
                Ok(true)
            });
            write.map(|written| written.value)
        })
        .await?;
        if moved && is_done {
            self.done.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Between what a person has to choose, with who set the CRM's values and when as far as it says.
fn found(verdict: &Verdict, sight: Option<&Sight>, version: Option<Instant>) -> Option<Found> {
    let Next::Conflict(kind) = &verdict.next else { return None };
    let entry = |property: &str| match sight {
        Some(Sight::Record { found, .. } | Sight::Made { found, .. }) => {
            found.history.get(property).and_then(|entries| entries.first())
        }
        Some(
            Sight::Archived
            | Sight::Missing
            | Sight::ByOpId(_)
            | Sight::ByText(_)
            | Sight::Unfindable
            | Sight::Linked(_)
            | Sight::Binned(_),
        )
        | None => None,
    };
    let sides = verdict.differs.iter().map(|sides| {
        let set = entry(&sides.property).filter(|set| same(Some(&set.value), Some(&sides.theirs)));
        FoundSide {
            property: sides.property.clone(),
            base: sides.base.clone(),
            mine: sides.mine.clone(),
            theirs: sides.theirs.clone(),
            by: set.and_then(|set| set.by.clone()),
            at: set.and_then(|set| set.at),
        }
    });
    let kind = match kind {
        ConflictKind::Changed => MergeKind::Changed,
        ConflictKind::Guard => MergeKind::Guard,
        ConflictKind::Archived => MergeKind::Archived,
        ConflictKind::Merged => MergeKind::Merged,
        ConflictKind::Missing => MergeKind::Missing,
        ConflictKind::Unclear => MergeKind::Unclear,
    };
    Some(Found { kind, sides: sides.collect(), version })
}

/// What of a notice is kept beside the op; that a record was merged is told by the evidence alone.
fn kept(notice: &Notice) -> Option<NewNotice> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    match notice {
        Notice::Overwrote(lost) | Notice::Binned(lost) => Some(NewNotice {
            kind: NoticeKind::Overwrote,
            field: lost.property.clone(),
            theirs: some(&lost.value),
            mine: some(&lost.mine),
            by: lost.by.clone(),
            theirs_at: lost.at,
        }),
        Notice::ChangedAfter(sides) => Some(NewNotice {
            kind: NoticeKind::ChangedAfter,
            field: sides.property.clone(),
            theirs: some(&sides.theirs),
            mine: some(&sides.mine),
            by: None,
            theirs_at: None,
        }),
        Notice::Repeated(_) => Some(NewNotice {
            kind: NoticeKind::Repeated,
            field: String::new(),
            theirs: None,
            mine: None,
            by: None,
            theirs_at: None,
        }),
        Notice::Moved { .. } => None,
    }
}

/// What a sight tells the mirror.
enum Taken {
    Record(Box<Record>),
    Gone(Gone),
}

fn taken(sight: &Sight) -> Option<Taken> {
    match sight {
        Sight::Record { found, .. } | Sight::Made { found, .. } => {
            let mut record = found.record.clone();
            if found.asked != record.id && !record.merged.contains(&found.asked) {
                record.merged.push(found.asked.clone());
            }
            Some(Taken::Record(Box::new(record)))
        }
        Sight::Archived | Sight::Binned(_) => Some(Taken::Gone(Gone::Archived)),
        Sight::Missing if planted(Bug::HiddenIsDeleted) => Some(Taken::Gone(Gone::Archived)),
        Sight::Missing => Some(Taken::Gone(Gone::Inaccessible)),
        Sight::ByOpId(_) | Sight::ByText(_) | Sight::Unfindable | Sight::Linked(_) => None,
    }
}

/// The op with every id as the CRM knows it; none while one of them is still only ours.
pub(crate) fn resolved(reader: &Reader<'_>, mut op: Op) -> Result<Option<Op>, StoreError> {
    let is_create = matches!(op.kind, OpKind::Create { .. });
    if !is_create {
        op.record = reader.resolve(&op.record)?;
    }
    if planted(Bug::BaseFromMirror)
        && let OpKind::Set { base, .. } = &mut op.kind
        && let Some(mirrored) = reader.mirrored(op.object, &op.record)?
    {
        for (name, value) in base.iter_mut() {
            *value = mirrored.properties.get(name).cloned().unwrap_or_default();
        }
    }
    let mut open = !is_create && is_local(&op.record);
    let (values, links) = match &mut op.kind {
        OpKind::Set { desired, .. } => (Some(desired), Vec::new()),
        OpKind::Create { desired, links } => (Some(desired), links.iter_mut().collect()),
        OpKind::Link { link } => (None, vec![link]),
        // It was made of what is in the CRM: there is nothing of ours left to resolve.
        OpKind::Archive { .. } => (None, Vec::new()),
    };
    let ids = links
        .into_iter()
        .map(|link| &mut link.id)
        .chain(values.into_iter().flat_map(|values| values.values_mut()).filter(|value| is_local(value)));
    for id in ids {
        *id = reader.resolve(id)?;
        open |= is_local(id);
    }
    Ok((!open).then_some(op))
}
