//! A pass: judging the accounts that have changed, or all of them, and keeping what was found ([`keep`](super::keep)).
//!
//! One account, with its duplicates and its group, is judged and its findings are kept in one transaction. Accounts are
//! taken in batches, a transaction each, so that a pass can be stopped anywhere; what was not judged is still marked.
//!
//! A pass over everything ([`whole`](super::whole)) is due at first, after another mapping or policy, and when asked for.
//! It judges what a pass over the changes would judge, in the same way: the two cannot disagree.

use std::collections::{BTreeSet, HashSet, VecDeque};

use drumbeat_model::channel::PassDone;
use drumbeat_model::ids::PartnerId;
use drumbeat_model::settling::SettledNote;
use drumbeat_model::time::Instant;
use drumbeat_rules::Policy;
use drumbeat_rules::channel_conflicts::{self as rules, Judged};
use drumbeat_store::channel::Asking;
use drumbeat_store::{Reader, Result, Store, Why, Writer};

use super::ground::Ground;
pub(crate) use super::keep::lived;
use super::whole;

/// Accounts judged in one transaction: nobody who decides meanwhile waits long for it.
pub(super) const BATCH: u32 = if cfg!(test) { 4 } else { 256 };

/// Judges what has changed, or everything where that is due or asked for.
///
/// `stop` is asked between batches; `report` is told how far it is, of how much where that is known.
///
/// # Errors
/// What the store says; what was judged before is kept.
pub(crate) fn run(
    store: &Store,
    policy: &Policy,
    now: Instant,
    full: bool,
    stop: &dyn Fn() -> bool,
    report: &dyn Fn(u32, Option<u32>),
) -> Result<PassDone> {
    let ground = store.read(|r| Ground::read(r, policy, now))?;
    let mut pass = Pass::on(ground);
    let known = store.read(|r| r.channel_whole())?;
    if full || known != Some(policy.version.to_string()) {
        (pass.done.full, pass.is_whole) = (true, true);
        whole::run(&mut pass, store, full, stop, report)?;
        // What has changed meanwhile is judged as ever.
        pass.is_whole = false;
    }
    if !pass.done.cancelled {
        changed(&mut pass, store, stop, report)?;
    }
    Ok(pass.done)
}

/// One pass's way through the accounts.
pub(super) struct Pass<'p> {
    pub(super) ground: Ground<'p>,
    /// Nodes that were judged: since the beginning when all are, else in this transaction.
    pub(super) seen: HashSet<String>,
    pub(super) done: PassDone,
    /// It judges all accounts: nobody has to be looked for because of a partner.
    is_whole: bool,
}

fn changed(
    pass: &mut Pass<'_>,
    store: &Store,
    stop: &dyn Fn() -> bool,
    report: &dyn Fn(u32, Option<u32>),
) -> Result<()> {
    let now = pass.ground.now;
    let total = store.read(|r| r.channel_waiting_count(now))?;
    let mut came = 0_u32;
    let mut handled: HashSet<String> = HashSet::new();
    while came < total || total == 0 {
        let nodes = store.read(|r| r.channel_waiting(now, BATCH))?;
        // Each batch takes its marks away. Were one to stay, the pass would go round for ever.
        let fresh = nodes.iter().filter(|(node, _)| handled.insert(node.clone())).count();
        if fresh == 0 {
            return Ok(());
        }
        if stop() {
            pass.done.cancelled = true;
            return Ok(());
        }
        store.write(Why::Mirror { at: now }, |w| {
            // What was judged in an earlier transaction and is marked again has changed since.
            pass.seen.clear();
            pass.nodes(w, &nodes)
        })?;
        came = came.saturating_add(u32::try_from(fresh).unwrap_or(u32::MAX));
        report(came.min(total), Some(total));
    }
    Ok(())
}

/// Judges the accounts of these nodes in the transaction of a decision, so that what it changes counts at once. They stay
/// marked while a pass over all accounts is under way: what that has found out of them is older.
pub(crate) fn judge(w: &Writer<'_>, policy: &Policy, now: Instant, nodes: &[String]) -> Result<PassDone> {
    let ground = Ground::read(w, policy, now)?;
    let mut pass = Pass::on(ground);
    pass.nodes(w, &same_names(nodes))?;
    if w.channel_pass()?.is_some() {
        w.channel_mark(nodes)?;
    }
    Ok(pass.done)
}

/// Nodes whose names have not changed.
pub(super) fn same_names(nodes: &[String]) -> Vec<(String, bool)> {
    nodes.iter().map(|node| (node.clone(), false)).collect()
}

/// The facts of a finding on these nodes as they are in this transaction; nothing when there is none any more.
pub(crate) fn fingerprint(
    w: &Writer<'_>,
    policy: &Policy,
    now: Instant,
    nodes: &[String],
    key: &str,
) -> Result<Option<String>> {
    let (cluster, _) = Ground::read(w, policy, now)?.cluster(w, nodes)?;
    let judged = rules::judge(&cluster, policy, now);
    Ok(judged.findings.into_iter().find(|finding| finding.key() == key).map(|finding| finding.fingerprint))
}

/// What one account came to on a view of the store: nothing where nothing of a partner is on it.
pub(super) type Came = Option<(Judged, Vec<SettledNote>)>;

/// Judges the nodes that count as one account; `known` where findings are kept of it.
pub(super) fn come_to(ground: &Ground<'_>, r: &Reader<'_>, nodes: &[String], known: bool) -> Result<Came> {
    let mut concerned = known;
    for node in nodes {
        concerned = concerned || r.channel_concerns(node)?;
    }
    if !concerned {
        return Ok(None);
    }
    let (mut cluster, notes) = ground.cluster(r, nodes)?;
    cluster.evidence.extend(r.evidence_at(nodes)?);
    Ok(Some((rules::judge(&cluster, ground.policy, ground.now), notes)))
}

impl<'p> Pass<'p> {
    fn on(ground: Ground<'p>) -> Self {
        Self { ground, seen: HashSet::new(), done: PassDone::default(), is_whole: false }
    }

    /// Judges what counts as one account with these nodes, and what did so before; with each, whether its name changed.
    pub(super) fn nodes(&mut self, w: &Writer<'_>, nodes: &[(String, bool)]) -> Result<()> {
        let asking = w.channel_asking()?;
        // All that have another name first: whoever is judged must not meet them under the old one.
        // Who was alike with them is asked again too: one may be sure of the other where the other is not.
        let mut unsure: BTreeSet<String> = BTreeSet::new();
        for (node, _) in nodes.iter().filter(|(_, renamed)| *renamed) {
            unsure.insert(node.clone());
            unsure.extend(w.forget_sure(node)?);
        }
        for node in &unsure {
            w.put_sure(node, &asking.who(node)?)?;
        }
        let mut next: VecDeque<String> = VecDeque::new();
        for (node, _) in nodes {
            next.push_back(node.clone());
            if !self.is_whole
                && let Some(id) = node.strip_prefix('c')
            {
                // A partner's tier, certificates and contacts count wherever it is in a finding.
                next.extend(w.conflict_roots_of(&PartnerId(id.to_owned()))?);
            }
        }
        while let Some(start) = next.pop_front() {
            if self.seen.contains(&start) {
                continue;
            }
            let together = self.together(w, &asking, &start)?;
            for node in &together {
                next.extend(w.channel_former(node)?);
            }
            let known = w.conflict_known(&together)?;
            let came = come_to(&self.ground, w, &together, known)?;
            self.settle(w, &together, came)?;
            w.channel_unmark(&together)?;
            self.seen.extend(together);
        }
        Ok(())
    }

    /// What counts as one account with a node, once it was asked who is alike.
    fn together(&self, w: &Writer<'_>, asking: &Asking<'_, '_>, start: &str) -> Result<Vec<String>> {
        w.channel_together(start, self.ground.today, &mut |node| {
            if w.channel_concerns(node)? && !w.channel_asked(node)? {
                w.put_sure(node, &asking.who(node)?)?;
            }
            Ok(())
        })
    }

    /// Keeps what an account has come to.
    pub(super) fn settle(&mut self, w: &Writer<'_>, nodes: &[String], came: Came) -> Result<()> {
        self.done.judged += 1;
        let Some((judged, notes)) = came else { return w.channel_settle(nodes, None) };
        let known = w.conflicts_at(nodes)?;
        let again = self.keep(w, nodes, &known, judged.findings, &notes)?;
        w.channel_settle(nodes, [judged.look_again, again].into_iter().flatten().min())
    }
}
