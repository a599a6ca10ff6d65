//! The policy: its versions, its forms, what would change, and what it would have changed.
//!
//! The built-in policy is version 1; every saved text gets the next number and a first day, today at the
//! earliest, because a day that is over has been judged. A draft is a text or a version with settings changed in
//! it, and is the same for checking, saving and replaying. What the rules make of a policy is the rules' own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use chrono::Days;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::ids::RegistrationId;
use drumbeat_model::money::Money;
use drumbeat_model::policy::{
    PolicyChange, PolicyChecked, PolicyDraft, PolicyFile, PolicyFormat, PolicyPair, PolicyProblem, PolicyQuery,
    PolicyReplay, PolicyVersion, PolicyView, PublishPolicy, PublishedPolicy, ReplayPolicy, ReplayedDecision,
    SavePolicy, UnjudgedDecision,
};
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::Act;
use drumbeat_rules::replay::{self, Judged};
use drumbeat_rules::{Facts, Policy, policy as rules};
use drumbeat_store::policy::{PastDecision, SavedPolicy};
use drumbeat_store::{Entry, Reader, StoreError};
use sha2::{Digest, Sha256};

use crate::channel;
use crate::error::{Answer, ApiError, Code};
use crate::packs;
use crate::workspace::Workspace;

/// Number of the policy that Drumbeat brings with it.
pub(crate) const BUILT_IN: u32 = 1;
/// Where a decision keeps what it was judged by.
pub(crate) const JUDGED: &str = "judged";

/// The text of a version.
fn text(r: &Reader<'_>, version: u32) -> drumbeat_store::Result<String> {
    match r.policy(version)? {
        Some(saved) => Ok(saved.text),
        None if version == BUILT_IN => Ok(Policy::built_in_text().to_owned()),
        None => Err(StoreError::NotFound { what: "version of the policy", id: version.to_string() }),
    }
}

/// A version as the rules read it.
pub(crate) fn version(r: &Reader<'_>, version: u32) -> drumbeat_store::Result<Policy> {
    Policy::parse_saved(&text(r, version)?).map_err(|errors| StoreError::BadRow {
        table: "policy",
        id: version.to_string(),
        why: errors.to_string(),
    })
}

/// What a decision on a registration keeps, so that it can be judged again (B2).
pub(crate) fn kept(r: &Reader<'_>, facts: &Facts, at: Instant) -> drumbeat_store::Result<serde_json::Value> {
    let mut given = BTreeMap::new();
    for claim in facts.same_domain.iter().chain(&facts.same_name).chain(&facts.same_group) {
        if let Some(registration) = r.registration(&claim.id)? {
            given.insert(claim.id.0.clone(), replay::given(&registration));
        }
    }
    Ok(serde_json::to_value(Judged { at, facts: facts.clone(), given })?)
}

/// One version of the policy, in every form.
///
/// # Errors
/// When there is no such version, or what the store says.
pub fn policy(ws: &Arc<Workspace>, query: PolicyQuery) -> Answer<PolicyView> {
    let today = ws.clock.today();
    ws.read(|r| {
        let in_force = r.policy_on(today)?.unwrap_or(BUILT_IN);
        let version = query.version.unwrap_or(in_force);
        let text = text(r, version)?;
        let policy = self::version(r, version)?;
        Ok(PolicyView {
            version,
            effective: policy.effective,
            in_force: version == in_force,
            today,
            settings: rules::settings(&text),
            sections: rules::document(&policy),
            text,
            versions: versions(&r.policies()?, today),
        })
    })
}

/// All versions, latest first, the built-in one last.
fn versions(saved: &[SavedPolicy], today: Day) -> Vec<PolicyVersion> {
    let built_in = Policy::built_in();
    let row = |version, effective, saved: Option<&SavedPolicy>| PolicyVersion {
        version,
        effective,
        until: None,
        in_force: false,
        built_in: saved.is_none(),
        saved_at: saved.map(|saved| saved.saved_at),
        saved_by: saved.map(|saved| saved.actor.clone()),
        reason: saved.and_then(|saved| saved.reason.clone()),
    };
    let mut all = vec![row(BUILT_IN, built_in.effective, None)];
    all.extend(saved.iter().map(|saved| row(saved.version, saved.effective, Some(saved))));
    // In the order in which they judge: by day, and by number on one day. The built-in one judges whatever no other does.
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|at| (*at > 0, all[*at].effective, all[*at].version));
    for pair in order.windows(2) {
        let next = all[pair[1]].effective;
        all[pair[0]].until = next.pred_opt();
    }
    let judges = order.iter().rev().find(|at| **at == 0 || all[**at].effective <= today).copied();
    if let Some(at) = judges {
        all[at].in_force = true;
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.version));
    all
}

/// The text of a draft, or why its settings cannot be changed.
fn drafted(
    ws: &Workspace,
    r: &Reader<'_>,
    draft: &PolicyDraft,
) -> drumbeat_store::Result<(String, Vec<PolicyProblem>)> {
    let base = match &draft.text {
        Some(text) => text.clone(),
        None => text(r, draft.version.unwrap_or(ws.policy.version))?,
    };
    Ok(match rules::changed(&base, &draft.changes) {
        Ok(text) => (text, Vec::new()),
        Err(problems) => (base, problems),
    })
}

/// What a draft comes to: its text, everything that is wrong with it, what it changes.
///
/// # Errors
/// What the store says; a draft that is wrong is no error here.
pub fn check_policy(ws: &Arc<Workspace>, draft: PolicyDraft) -> Answer<PolicyChecked> {
    ws.read(|r| {
        let (text, mut problems) = drafted(ws, r, &draft)?;
        if let Err(errors) = Policy::parse(&text) {
            problems.extend(errors.0);
        }
        let changes = match problems.is_empty() {
            true => rules::differences(&self::text(r, ws.policy.version)?, &text),
            false => Vec::new(),
        };
        Ok(PolicyChecked { text, problems, changes })
    })
}

/// A draft as a policy, or a refusal that names every problem.
fn accepted(ws: &Workspace, draft: &PolicyDraft) -> Answer<(String, Policy)> {
    let (text, problems) = ws.read(|r| drafted(ws, r, draft))?;
    if problems.is_empty() {
        match Policy::parse(&text) {
            Ok(policy) => return Ok((text, policy)),
            Err(errors) => return Err(refusal(&errors.0)),
        }
    }
    Err(refusal(&problems))
}

fn refusal(problems: &[PolicyProblem]) -> ApiError {
    let told: Vec<String> =
        problems.iter().map(|it| format!("line {}, column {}: {}", it.line, it.column, it.message)).collect();
    let advice = problems.first().map_or_else(String::new, |first| first.advice.clone());
    ApiError::invalid("policy.refused", format!("The policy is refused: {}", told.join("; ")))
        .kept("The version in force goes on judging")
        .next(advice)
}

/// What two versions have differently, value by value.
///
/// # Errors
/// When one of them is not there.
pub fn policy_difference(ws: &Arc<Workspace>, pair: PolicyPair) -> Answer<Vec<PolicyChange>> {
    ws.read(|r| Ok(rules::differences(&text(r, pair.before)?, &text(r, pair.after)?)))
}

/// Saves a draft as the next version; it judges from its day on.
///
/// # Errors
/// Everything that is wrong with it; without a reason; for a day that is over; when nothing changes; when
/// another version was saved since the person looked.
pub fn save_policy(ws: &Arc<Workspace>, request: SavePolicy) -> Answer<PolicyView> {
    let reason = request.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(ApiError::invalid("policy.reason", "A change of the policy needs a reason")
            .kept("Nothing was changed")
            .next("Say in a sentence why"));
    }
    let today = ws.clock.today();
    let effective = request.effective.unwrap_or(today);
    if effective < today {
        return Err(ApiError::invalid("policy.day", format!("{effective} is over: its decisions have been judged"))
            .kept("Nothing was changed")
            .next("Choose today or a later day"));
    }
    let (text, _) = accepted(ws, &request.draft)?;
    let (latest, changes) = ws.read(|r| {
        let latest = r.policies()?.last().map_or(BUILT_IN, |saved| saved.version);
        Ok((latest, rules::differences(&self::text(r, latest)?, &text)))
    })?;
    if request.seen.is_some_and(|seen| seen != latest) {
        return Err(ApiError::new(
            Code::NeedsAttention,
            "policy.moved",
            format!("Version {latest} of the policy was saved since you looked"),
        )
        .kept("Nothing was changed")
        .next("Look at that version and change it"));
    }
    if changes.is_empty() {
        return Err(ApiError::invalid("policy.same", format!("This is version {latest} as it is"))
            .kept("Nothing was changed")
            .next("Change something, or leave it"));
    }
    let number = latest + 1;
    let text = rules::numbered(&text, number, effective).map_err(|problems| refusal(&problems))?;
    let actor = ws.actor()?;
    let at = ws.clock.now();
    let facts = serde_json::json!({
        "version": number,
        "effective": effective,
        "sha256": drumbeat_store::audit::hex(&Sha256::digest(text.as_bytes())),
        "changes": changes,
    });
    let title = format!("Saved version {number} of the policy, in force from {effective}");
    let entry = Entry {
        at,
        actor: &actor,
        act: "policy",
        title: &title,
        reason: Some(&reason),
        facts: Some(&facts),
        policy: Some(number),
    };
    let saved = SavedPolicy {
        version: number,
        effective,
        text,
        actor: actor.clone(),
        saved_at: at,
        reason: Some(reason.clone()),
    };
    ws.write(entry, |w| w.put_policy(&saved))?;
    ws.heed_policy()?;
    policy(ws, PolicyQuery { version: Some(number) })
}

/// Judges past decisions by another policy, with the facts of then (B2, G-03).
///
/// # Errors
/// Everything that is wrong with the draft, or what the store says.
pub fn replay_policy(ws: &Arc<Workspace>, request: ReplayPolicy) -> Answer<PolicyReplay> {
    let (_, other) = accepted(ws, &request.draft)?;
    let until = request.until.unwrap_or_else(|| ws.clock.today());
    let since = request.since.or_else(|| until.checked_sub_days(Days::new(365))).unwrap_or(until);
    if since > until {
        return Err(
            ApiError::invalid("replay.window", "The window ends before it begins").next("Choose an earlier day")
        );
    }
    ws.read(|r| {
        let mut run = Run::new(since, until, &other);
        for past in r.past_decisions(ObjectKind::Registration, since, until)? {
            run.judge(r, &past)?;
        }
        let channel = channel::replay(ws, r, since, until, &other)?;
        run.told.conflicts_judged = channel.judged;
        run.told.conflicts = channel.differ;
        run.told.unjudged.extend(channel.unjudged);
        Ok(run.done())
    })
}

/// A replay as it goes.
struct Run<'p> {
    other: &'p Policy,
    versions: BTreeMap<u32, Policy>,
    told: PolicyReplay,
    /// Cents under approval by currency: then, and by the other policy.
    money: [BTreeMap<String, Money>; 2],
    helped: BTreeSet<String>,
    hurt: BTreeSet<String>,
}

impl<'p> Run<'p> {
    fn new(since: Day, until: Day, other: &'p Policy) -> Self {
        let told = PolicyReplay {
            since,
            until,
            judged: 0,
            flipped: 0,
            helped: Vec::new(),
            hurt: Vec::new(),
            protected_before: Vec::new(),
            protected_after: Vec::new(),
            decisions: Vec::new(),
            conflicts_judged: 0,
            conflicts: Vec::new(),
            unjudged: Vec::new(),
        };
        let (helped, hurt) = (BTreeSet::new(), BTreeSet::new());
        Self { other, versions: BTreeMap::new(), told, money: [BTreeMap::new(), BTreeMap::new()], helped, hurt }
    }

    fn judge(&mut self, r: &Reader<'_>, past: &PastDecision) -> drumbeat_store::Result<()> {
        // Only these three are verdicts on a claim.
        let done = match past.decision.act.as_str() {
            "approve" => Act::Approve,
            "decline" => Act::Decline,
            "ask" => Act::Ask,
            _ => return Ok(()),
        };
        let judged = match past.facts.get(JUDGED).map(|kept| serde_json::from_value::<Judged>(kept.clone())) {
            Some(Ok(judged)) => judged,
            Some(Err(why)) => {
                self.cannot(past, format!("its facts are of another version of Drumbeat ({why})"));
                return Ok(());
            }
            None => {
                self.cannot(past, "it was made before Drumbeat kept the facts of a decision".to_owned());
                return Ok(());
            }
        };
        if let std::collections::btree_map::Entry::Vacant(free) = self.versions.entry(past.policy) {
            match version(r, past.policy) {
                Ok(policy) => drop(free.insert(policy)),
                Err(StoreError::NotFound { .. }) => {
                    self.cannot(past, format!("version {} of the policy is not here", past.policy));
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        let Some(then) = self.versions.get(&past.policy) else { return Ok(()) };
        let (before, after) = (judged.by(then), judged.by(self.other));
        self.told.judged += 1;
        let claim = &judged.facts.registration;
        for (verdict, sums) in [&before, &after].into_iter().zip(&mut self.money) {
            if let Some(amount) = claim.amount.as_ref().filter(|_| verdict.act == Act::Approve) {
                let sum = sums.entry(amount.currency.code().to_owned());
                sum.and_modify(|sum| sum.amount += amount.amount).or_insert_with(|| amount.clone());
            }
        }
        let why = before.against(&after);
        if why.is_empty() {
            return Ok(());
        }
        let flipped = before.act != after.act;
        let partner = judged.facts.partner.as_ref().map(|partner| partner.name.clone());
        if flipped {
            self.told.flipped += 1;
            let name = partner.clone().unwrap_or_else(|| "no partner".to_owned());
            match (before.act, after.act) {
                (_, Act::Approve) => drop(self.helped.insert(name)),
                (Act::Approve, _) => drop(self.hurt.insert(name)),
                _ => {}
            }
        }
        self.told.decisions.push(ReplayedDecision {
            decision: past.decision.id.clone(),
            registration: RegistrationId(past.record.clone()),
            number: claim.name.clone(),
            company: claim.company.clone(),
            partner,
            amount: claim.amount.clone(),
            decided_at: past.decision.made_at,
            done,
            version: past.policy,
            before: before.act,
            after: after.act,
            flipped,
            why,
        });
        Ok(())
    }

    fn cannot(&mut self, past: &PastDecision, why: String) {
        self.told.unjudged.push(UnjudgedDecision {
            decision: past.decision.id.clone(),
            title: past.decision.title.clone(),
            decided_at: past.decision.made_at,
            why,
        });
    }

    fn done(self) -> PolicyReplay {
        let [before, after] = self.money;
        PolicyReplay {
            helped: self.helped.into_iter().collect(),
            hurt: self.hurt.into_iter().collect(),
            protected_before: before.into_values().collect(),
            protected_after: after.into_values().collect(),
            ..self.told
        }
    }
}

/// Publishes a version as rules of engagement, into the person's documents (G-04).
///
/// # Errors
/// See [`publish_policy_to`].
pub fn publish_policy(ws: &Arc<Workspace>, request: PublishPolicy) -> Answer<PublishedPolicy> {
    let dir = packs::documents()?.join("Drumbeat");
    publish_policy_to(ws, request, &dir)
}

/// Publishes a version as rules of engagement into a folder.
///
/// # Errors
/// When there is no such version, or a file cannot be written.
pub fn publish_policy_to(ws: &Arc<Workspace>, request: PublishPolicy, dir: &Path) -> Answer<PublishedPolicy> {
    let number = request.version.unwrap_or(ws.policy.version);
    let policy = ws.read(|r| version(r, number))?;
    let text = rules::markdown(&policy, &ws.card.name);
    let document = |policy: &Policy, vendor: &str| drumbeat_export::rules::Document {
        title: "Rules of engagement".to_owned(),
        subtitle: rules::subtitle(policy, vendor),
        day: policy.effective,
        sections: rules::published(policy),
        acknowledgement: rules::acknowledgement(policy, vendor),
    };
    let failed = |error| {
        ApiError::new(Code::NeedsAttention, "policy.write", format!("The rules could not be written ({error})"))
            .kept("No half-written file was left")
            .next("Check the folder and the free space")
    };
    let mut finished = Vec::new();
    for format in &request.formats {
        let (name, bytes) = match format {
            PolicyFormat::Markdown => ("md", text.clone().into_bytes()),
            PolicyFormat::Pdf => {
                ("pdf", drumbeat_export::rules::pdf(&document(&policy, &ws.card.name)).map_err(failed)?)
            }
        };
        finished.push((*format, format!("Rules of engagement, version {number}.{name}"), bytes));
    }
    let mut files = Vec::new();
    if !finished.is_empty() {
        std::fs::create_dir_all(dir).map_err(StoreError::from)?;
    }
    for (format, name, bytes) in finished {
        let path = drumbeat_export::write::save(&bytes, dir, &name).map_err(failed)?;
        files.push(PolicyFile {
            path: path.to_string_lossy().into_owned(),
            format,
            bytes: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
            sha256: drumbeat_store::audit::hex(&Sha256::digest(&bytes)),
        });
    }
    let actor = ws.actor()?;
    let facts = serde_json::json!({ "files": files.iter().map(|file| &file.sha256).collect::<Vec<_>>() });
    let title = format!("Published version {number} of the policy as rules of engagement");
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "publish",
        title: &title,
        reason: None,
        facts: Some(&facts),
        policy: Some(number),
    };
    ws.write(entry, |_| Ok(()))?;
    Ok(PublishedPolicy { version: number, text, files })
}
