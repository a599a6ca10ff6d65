//! Keeping what came of an op: its move, its evidence, and what was read, in one transaction.
//!
//! The mirror takes every read as it is, so that a merge conflict shows what the CRM really has, and a
//! landed op leaves no guess behind. A verdict counts only while the op still stands where it was
//! judged: what a person or another sender has done meanwhile is not undone.

use std::sync::atomic::Ordering;

use drumbeat_model::change::{Op, OpKind};
use drumbeat_model::crm::Record;
use drumbeat_model::ids::is_local;
use drumbeat_model::time::Instant;
use drumbeat_store::{Gone, Reader, Step, StoreError, Why};

use crate::error::SyncError;
use crate::push::Push;
use crate::sight::Sight;
use crate::store::on_store;
use crate::verdict::{Landing, Next, Verdict};

impl Push<'_> {
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
        let (id, from, object, asked) = (op.id.clone(), op.state, op.object, op.record.clone());
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
                // Somebody may have taken it back, or another sender may have settled it.
                if w.op(&id)?.is_none_or(|op| op.state != from) {
                    return Ok(false);
                }
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
                        w.landed(&id, record, updated_at, at)?;
                        w.move_op(&id, &step)?;
                    }
                    Some((record, Landing::Ours)) => {
                        w.landed(&id, record, updated_at, at)?;
                        w.move_op(&id, &step)?;
                        mirror()?;
                    }
                    None => {
                        w.move_op(&id, &step)?;
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

/// What a sight tells the mirror.
enum Taken {
    Record(Box<Record>),
    Gone(Gone),
}

fn taken(sight: &Sight) -> Option<Taken> {
    match sight {
        Sight::Record { found, .. } => {
            let mut record = found.record.clone();
            if found.asked != record.id && !record.merged.contains(&found.asked) {
                record.merged.push(found.asked.clone());
            }
            Some(Taken::Record(Box::new(record)))
        }
        Sight::Archived => Some(Taken::Gone(Gone::Archived)),
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
    let mut open = !is_create && is_local(&op.record);
    let (values, links) = match &mut op.kind {
        OpKind::Set { desired, .. } => (Some(desired), Vec::new()),
        OpKind::Create { desired, links } => (Some(desired), links.iter_mut().collect()),
        OpKind::Link { link } => (None, vec![link]),
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
