//! A pass over all accounts: judged by all the processors there are, kept by one.
//!
//! The one hard idea: asking who is alike and judging only read, so they are done ahead on views of the store, a stretch
//! of accounts at a time; what came of it is kept in the order of the accounts, with how far the pass is in the same
//! transaction. A view is kept for some stretches: with each new one SQLite forgets what it has read, because the pass
//! itself has written meanwhile. What changes after a view was taken is marked, also by a decision that has judged it
//! already; what is marked is not kept here, and no mark is taken away: the pass over the changes that follows judges it.
//! So whoever stops a pass, or switches the computer off, loses nothing: the next goes on where this one was. Two at once
//! do the same work twice and nothing worse.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use drumbeat_model::channel::PartyEvidence;
use drumbeat_model::time::Instant;
use drumbeat_store::channel::Due;
use drumbeat_store::{Reader, Result, Store, Why, Writer};

use super::ground::Ground;
use super::pass::{BATCH, Came, Pass, come_to, same_names};

/// Threads that read at most; the store keeps views for a few.
const HANDS: usize = 3;
/// Nodes asked about in one transaction: they come by name and are kept by id, so that few at a time would write the
/// same pages again and again.
const ASKED: usize = if cfg!(test) { 4 } else { 2_048 };
/// Stretches that are judged on one view: the log of what is written meanwhile cannot be cut before it is given up.
const STRETCHES: usize = 16;

/// Judges all accounts, from the beginning when `anew`, else from where the last such pass was stopped.
pub(super) fn run(
    pass: &mut Pass<'_>,
    store: &Store,
    anew: bool,
    stop: &dyn Fn() -> bool,
    report: &dyn Fn(u32, Option<u32>),
) -> Result<()> {
    let (version, at) = (pass.ground.policy.version, pass.ground.now);
    let going_on = store.read(|r| r.channel_pass())?.filter(|last| !anew && last.policy == version);
    let last = match going_on {
        Some(last) => last,
        None => store.write(Why::Mirror { at }, |w| w.channel_begin(version))?.value,
    };
    let all: Vec<Due> = store.read(|r| r.channel_all())?.into_iter().filter(|due| due.place > last.place).collect();
    let way = Way { store, at, number: last.number, stop, report, count: all.len() };
    let over = (last.asked || ask(&way, &all)?) && judge(pass, &way, &all)?;
    // Somebody else may have come to the end first.
    pass.done.cancelled = !over && store.read(|r| r.channel_whole())? != Some(version.to_string());
    Ok(())
}

/// Finds out who is surely alike, for all nodes; false when it was stopped.
fn ask(way: &Way<'_>, all: &[Due]) -> Result<bool> {
    // Those of one name meet the same others.
    let mut nodes: Vec<&Due> = all.iter().collect();
    nodes.sort_by(|a, b| a.name.cmp(&b.name));
    let work = |(): &mut (), r: &Reader<'_>, part: &[&Due]| {
        let asking = r.channel_asking()?;
        part.iter()
            .map(|due| if r.channel_asked(&due.node)? { Ok(None) } else { asking.who(&due.node).map(Some) })
            .collect::<Result<Vec<Option<Vec<String>>>>>()
    };
    let mut keep = |w: &Writer<'_>, part: &[&Due], others: Vec<Option<Vec<String>>>| {
        for (due, others) in part.iter().zip(&others) {
            if let Some(others) = others {
                w.put_sure(&due.node, others)?;
            }
        }
        Ok(())
    };
    Ok(way.ahead(&nodes, ASKED, 0, &|| Ok(()), &work, &mut keep)?
        && way.write(|w| w.channel_pass()?.map_or(Ok(()), |last| w.channel_came(&last.with_asked())))?)
}

/// What was found out of a node on a view.
enum Seen {
    /// A node before it counts as one account with it.
    Before,
    /// What counts as one account with it, what it came to, and the evidence added by hand that it was judged with.
    Judged(Vec<String>, Came, Vec<PartyEvidence>),
}

/// Judges all nodes; false when it was stopped.
fn judge(pass: &mut Pass<'_>, way: &Way<'_>, all: &[Due]) -> Result<bool> {
    let (policy, now) = (pass.ground.policy, pass.ground.now);
    let nodes: Vec<&Due> = all.iter().collect();
    let order: HashMap<&str, usize> = nodes.iter().enumerate().map(|(at, due)| (due.node.as_str(), at)).collect();
    let work = |ground: &mut Ground<'_>, r: &Reader<'_>, part: &[&Due]| {
        let each = |due: &&Due| {
            let own = order.get(due.node.as_str()).copied().unwrap_or(0);
            let together = r.channel_cluster(&due.node, ground.today)?;
            if together.iter().any(|other| order.get(other.as_str()).is_some_and(|other| *other < own)) {
                return Ok(Seen::Before);
            }
            let known = r.conflict_known(&together)?;
            let came = come_to(ground, r, &together, known)?;
            let evidence = r.evidence_at(&together)?;
            Ok(Seen::Judged(together, came, evidence))
        };
        part.iter().map(each).collect::<Result<Vec<Seen>>>()
    };
    let make = || way.store.read(|r| Ground::read(r, policy, now));
    let mut left: Vec<String> = Vec::new();
    let mut keep = |w: &Writer<'_>, part: &[&Due], seen: Vec<Seen>| {
        for (due, seen) in part.iter().zip(seen) {
            if pass.seen.contains(&due.node) {
                continue;
            }
            match seen {
                Seen::Before => left.push(due.node.clone()),
                // It has changed since it was looked at: the pass over the changes judges it.
                Seen::Judged(together, ..) if w.channel_marked(&together)? => pass.seen.extend(together),
                // Evidence that was added since is on no mark.
                Seen::Judged(together, _, evidence) if w.evidence_at(&together)? != evidence => {
                    left.push(due.node.clone());
                }
                Seen::Judged(together, came, _) => {
                    pass.settle(w, &together, came)?;
                    pass.seen.extend(together);
                }
            }
        }
        let (Some(last), Some(due)) = (w.channel_pass()?, part.last()) else { return Ok(()) };
        w.channel_came(&last.up_to(due.place))
    };
    if !way.ahead(&nodes, BATCH as usize, nodes.len(), &make, &work, &mut keep)? {
        return Ok(false);
    }
    // Nodes that nobody before them has led to after all, and findings on accounts that have nothing to judge any more.
    left.extend(way.store.read(|r| r.open_conflict_roots())?);
    left.retain(|node| !pass.seen.contains(node));
    for some in left.chunks(BATCH as usize) {
        if (way.stop)() || !way.write(|w| pass.nodes(w, &same_names(some)))? {
            return Ok(false);
        }
    }
    way.write(|w| w.channel_judged(policy.version))
}

/// What is done with a stretch of nodes on a view of the store.
type Work<'w, S, T> = dyn Fn(&mut S, &Reader<'_>, &[&Due]) -> Result<Vec<T>> + Sync + 'w;
/// How what came of a stretch is kept.
type Keep<'w, T> = dyn FnMut(&Writer<'_>, &[&Due], Vec<T>) -> Result<()> + 'w;

/// One pass over all accounts on its way.
struct Way<'w> {
    store: &'w Store,
    at: Instant,
    /// Which: another number in the file means that somebody has begun anew.
    number: u64,
    stop: &'w dyn Fn() -> bool,
    report: &'w dyn Fn(u32, Option<u32>),
    /// Nodes there are.
    count: usize,
}

impl Way<'_> {
    /// Writes, unless somebody has begun anew since, or something has made all accounts due again; false when it has.
    fn write(&self, f: impl FnOnce(&Writer<'_>) -> Result<()>) -> Result<bool> {
        let kept = self.store.write(Why::Mirror { at: self.at }, |w| {
            let mine = w.channel_pass()?.is_some_and(|last| last.number == self.number);
            if mine { f(w).map(|()| true) } else { Ok(false) }
        })?;
        Ok(kept.value)
    }

    /// Asking and judging are half of it each.
    fn told(&self, done: usize) {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        (self.report)(number(done), Some(number(self.count * 2)));
    }

    /// Has `work` done on stretches of nodes by several threads, each on views of its own, and gives what comes of it to
    /// `keep` in order, a transaction each; false when it was stopped or is ours no longer. `before` were done before.
    fn ahead<S, T: Send>(
        &self,
        nodes: &[&Due],
        stretch: usize,
        before: usize,
        make: &(dyn Fn() -> Result<S> + Sync),
        work: &Work<'_, S, T>,
        keep: &mut Keep<'_, T>,
    ) -> Result<bool> {
        let stretches: Vec<&[&Due]> = nodes.chunks(stretch).collect();
        let hands = std::thread::available_parallelism().map_or(1, usize::from).min(HANDS);
        let (next, over, store) = (AtomicUsize::new(0), AtomicBool::new(false), self.store);
        let (send, came) = mpsc::sync_channel::<Result<(usize, Vec<T>)>>(hands * 2);
        // True when there is more to do.
        let some = |state: &mut S, send: &mpsc::SyncSender<Result<(usize, Vec<T>)>>| {
            store.read(|r| {
                for _ in 0..STRETCHES {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(part) = stretches.get(at).filter(|_| !over.load(Ordering::Relaxed)) else {
                        return Ok(false);
                    };
                    // Nobody listens any more once one stretch has failed or the pass was stopped.
                    if send.send(Ok((at, work(state, r, part)?))).is_err() {
                        return Ok(false);
                    }
                }
                Ok(true)
            })
        };
        let hand = |send: mpsc::SyncSender<Result<(usize, Vec<T>)>>| {
            let done = make().and_then(|mut state| {
                while some(&mut state, &send)? {}
                Ok(())
            });
            // As above.
            drop(done.map_err(|error| send.send(Err(error))));
        };
        std::thread::scope(|scope| {
            for _ in 0..hands {
                let send = send.clone();
                scope.spawn(|| hand(send));
            }
            drop(send);
            let (mut waiting, mut expected) = (BTreeMap::new(), 0_usize);
            let listen = || -> Result<bool> {
                for done in came {
                    let (at, batch) = done?;
                    waiting.insert(at, batch);
                    while let Some(batch) = waiting.remove(&expected) {
                        if (self.stop)() {
                            return Ok(false);
                        }
                        let part = stretches.get(expected).copied().unwrap_or_default();
                        expected += 1;
                        self.told(before + (expected * stretch).min(nodes.len()));
                        if !self.write(|w| keep(w, part, batch))? {
                            return Ok(false);
                        }
                    }
                }
                Ok(true)
            };
            let answer = listen();
            over.store(true, Ordering::Relaxed);
            answer
        })
    }
}
