//! A pass over all accounts: judged by all the processors there are, kept by one.
//!
//! The one hard idea: asking who is alike and judging only read, so they are done ahead on views of the store, a stretch
//! of accounts at a time; what came of it is kept in the order of the accounts, with how far the pass is in the same
//! transaction. What changes after a view was taken is marked, and no mark is taken away here: the pass over the changes
//! that follows judges it. So whoever stops a pass, or switches the computer off, loses nothing: the next goes on where
//! this one was. Two at once do the same work twice and nothing worse.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use drumbeat_model::channel::PartyEvidence;
use drumbeat_store::channel::{Place, WholePass};
use drumbeat_store::{Reader, Result, Store, Why, Writer};

use super::ground::Ground;
use super::pass::{BATCH, Came, Pass, come_to, same_names};

/// Threads that read at most; the store keeps views for a few.
const HANDS: usize = 3;

/// Nodes with their places, in order.
type Nodes = [(String, Place)];

/// Judges all accounts, from the beginning when `anew`, else from where the last such pass was stopped.
pub(super) fn run(
    pass: &mut Pass<'_>,
    store: &Store,
    anew: bool,
    stop: &dyn Fn() -> bool,
    report: &dyn Fn(u32, Option<u32>),
) -> Result<()> {
    let version = pass.ground.policy.version;
    let going_on = store.read(|r| r.channel_pass())?.filter(|last| !anew && last.policy == version);
    let mut way = match going_on {
        Some(last) => last,
        None => store.write(Why::Mirror { at: pass.ground.now }, |w| w.channel_begin(version))?.value,
    };
    let nodes: Vec<(String, Place)> =
        store.read(|r| r.channel_all())?.into_iter().filter(|(_, place)| *place > way.place).collect();
    // Asking and judging are half of it each.
    let told = |done: usize| {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        report(number(done), Some(number(nodes.len() * 2)));
    };
    let over = if !way.asked && !ask(pass, store, &nodes, &mut way, stop, &told)? {
        false
    } else {
        judge(pass, store, &nodes, &mut way, stop, &told)?
    };
    // Somebody else may have come to the end first.
    pass.done.cancelled = !over && store.read(|r| r.channel_whole())? != Some(version.to_string());
    Ok(())
}

/// Finds out who is surely alike, for all nodes; false when it was stopped.
fn ask(
    pass: &Pass<'_>,
    store: &Store,
    nodes: &Nodes,
    way: &mut WholePass,
    stop: &dyn Fn() -> bool,
    told: &dyn Fn(usize),
) -> Result<bool> {
    let work = |(): &mut (), r: &Reader<'_>, part: &Nodes| {
        let asking = r.channel_asking()?;
        part.iter()
            .map(|(node, _)| if r.channel_asked(node)? { Ok(None) } else { asking.who(node).map(Some) })
            .collect::<Result<Vec<Option<Vec<String>>>>>()
    };
    let at = Why::Mirror { at: pass.ground.now };
    let mut keep = |from: usize, others: Vec<Option<Vec<String>>>| {
        if stop() {
            return Ok(false);
        }
        told(from + others.len());
        let kept = store.write(at, |w| {
            let mine = is_mine(w, way)?;
            for ((node, _), others) in nodes.iter().skip(from).zip(&others).filter(|_| mine) {
                if let Some(others) = others {
                    w.put_sure(node, others, false)?;
                }
            }
            Ok(mine)
        })?;
        Ok(kept.value)
    };
    if !ahead(store, nodes, &|| Ok(()), &work, &mut keep)? {
        return Ok(false);
    }
    way.asked = true;
    let kept = store.write(at, |w| {
        let mine = is_mine(w, way)?;
        if mine { w.channel_came(way).map(|()| true) } else { Ok(false) }
    })?;
    Ok(kept.value)
}

/// What was found out of a node on a view.
enum Seen {
    /// A node before it counts as one account with it.
    Before,
    /// What counts as one account with it, what it came to, and the evidence added by hand that it was judged with.
    Judged(Vec<String>, Came, Vec<PartyEvidence>),
}

/// Judges all nodes; false when it was stopped.
fn judge(
    pass: &mut Pass<'_>,
    store: &Store,
    nodes: &Nodes,
    way: &mut WholePass,
    stop: &dyn Fn() -> bool,
    told: &dyn Fn(usize),
) -> Result<bool> {
    let (policy, now) = (pass.ground.policy, pass.ground.now);
    let order: HashMap<&str, usize> = nodes.iter().enumerate().map(|(at, (node, _))| (node.as_str(), at)).collect();
    let work = |ground: &mut Ground<'_>, r: &Reader<'_>, part: &Nodes| {
        let each = |(node, _): &(String, Place)| {
            let own = order.get(node.as_str()).copied().unwrap_or(0);
            let together = r.channel_cluster(node, ground.today)?;
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
    let make = || store.read(|r| Ground::read(r, policy, now));
    let at = Why::Mirror { at: now };
    let mut left: Vec<String> = Vec::new();
    let mut keep = |from: usize, seen: Vec<Seen>| {
        if stop() {
            return Ok(false);
        }
        told(nodes.len() + from + seen.len());
        let kept = store.write(at, |w| {
            if !is_mine(w, way)? {
                return Ok(false);
            }
            for ((node, place), seen) in nodes.iter().skip(from).zip(seen) {
                way.place = *place;
                if pass.seen.contains(node) {
                    continue;
                }
                match seen {
                    Seen::Before => left.push(node.clone()),
                    // Evidence that was added since is on no mark.
                    Seen::Judged(together, _, evidence) if w.evidence_at(&together)? != evidence => {
                        left.push(node.clone());
                    }
                    Seen::Judged(together, came, _) => {
                        pass.settle(w, &together, came)?;
                        pass.seen.extend(together);
                    }
                }
            }
            w.channel_came(way)?;
            Ok(true)
        })?;
        Ok(kept.value)
    };
    if !ahead(store, nodes, &make, &work, &mut keep)? {
        return Ok(false);
    }
    // Nodes that nobody before them has led to after all, and findings on accounts that have nothing to judge any more.
    left.extend(store.read(|r| r.open_conflict_roots())?);
    left.retain(|node| !pass.seen.contains(node));
    for some in left.chunks(BATCH as usize) {
        if stop() {
            return Ok(false);
        }
        store.write(at, |w| pass.nodes(w, &same_names(some)))?;
    }
    let kept = store.write(at, |w| {
        let mine = is_mine(w, way)?;
        if mine { w.channel_judged(policy.version).map(|()| true) } else { Ok(false) }
    })?;
    Ok(kept.value)
}

/// Whether nobody has begun anew since, and nothing has made all accounts due again.
fn is_mine(w: &Writer<'_>, way: &WholePass) -> Result<bool> {
    Ok(w.channel_pass()?.is_some_and(|last| last.number == way.number))
}

/// What is done with a stretch of nodes on a view of the store.
type Work<'w, S, T> = dyn Fn(&mut S, &Reader<'_>, &Nodes) -> Result<Vec<T>> + Sync + 'w;

/// Has `work` done on stretches of nodes by several threads, each on views of its own, and gives what comes of it to
/// `keep` in order, with the place of its first node, until that answers no; false when it did.
fn ahead<S, T: Send>(
    store: &Store,
    nodes: &Nodes,
    make: &(dyn Fn() -> Result<S> + Sync),
    work: &Work<'_, S, T>,
    keep: &mut dyn FnMut(usize, Vec<T>) -> Result<bool>,
) -> Result<bool> {
    let stretch = BATCH as usize;
    let stretches: Vec<&Nodes> = nodes.chunks(stretch).collect();
    let hands = std::thread::available_parallelism().map_or(1, usize::from).min(HANDS);
    let (next, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (send, came) = mpsc::sync_channel::<(usize, Result<Vec<T>>)>(hands * 2);
    let one = |send: mpsc::SyncSender<(usize, Result<Vec<T>>)>| {
        let mut state = None;
        while !over.load(Ordering::Relaxed) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(part) = stretches.get(at) else { return };
            let done = match state.take().map_or_else(make, Ok) {
                Ok(made) => store.read(|r| work(state.insert(made), r, part)),
                Err(error) => Err(error),
            };
            // Nobody listens any more once one stretch has failed or the pass was stopped.
            if send.send((at, done)).is_err() {
                return;
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..hands {
            let send = send.clone();
            scope.spawn(|| one(send));
        }
        drop(send);
        let (mut waiting, mut expected) = (BTreeMap::new(), 0_usize);
        let listen = || -> Result<bool> {
            for (at, done) in came {
                waiting.insert(at, done?);
                while let Some(batch) = waiting.remove(&expected) {
                    if !keep(expected * stretch, batch)? {
                        return Ok(false);
                    }
                    expected += 1;
                }
            }
            Ok(true)
        };
        let answer = listen();
        over.store(true, Ordering::Relaxed);
        answer
    })
}
