//! The policy's versions: what judges when, what a save leaves behind, and the past judged again.

use drumbeat_app::{activity, api, channel, inbox, policy};
use drumbeat_model::activity::AuditQuery;
use drumbeat_model::channel::ConflictsQuery;
use drumbeat_model::crm::Vendor;
use drumbeat_model::policy::{
    PolicyDraft, PolicyFormat, PolicyPair, PolicyQuery, PublishPolicy, ReplayPolicy, SavePolicy, SetSetting,
    SettingValue,
};
use drumbeat_model::settling::{Settle, Settlement};
use drumbeat_model::time::Day;
use drumbeat_model::verdict::Act;

use crate::desk::Desk;

fn set(key: &str, value: SettingValue) -> PolicyDraft {
    let changes = vec![SetSetting { key: key.to_owned(), value: Some(value) }];
    PolicyDraft { changes, ..PolicyDraft::default() }
}

fn save(draft: PolicyDraft, effective: Option<Day>) -> SavePolicy {
    SavePolicy { draft, reason: "Sales cycles are shorter".to_owned(), effective, seen: None }
}

async fn a_saved_version_judges_from_its_day_on_and_is_on_record(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let ws = &desk.ws;
    let today = desk.sandbox.now().date_naive();
    let tomorrow = today.succ_opt().unwrap();
    assert_eq!(ws.policy.version, 1);
    let now = policy::save_policy(ws, save(set("protection.default_days", SettingValue::Number(60)), None)).unwrap();
    assert_eq!((now.version, now.in_force, now.effective), (2, true, today));
    assert_eq!((ws.policy.version, ws.policy.protection.default_days), (2, 60));

    let later = set("clocks.decision", SettingValue::Word("2 business days".to_owned()));
    let later = policy::save_policy(ws, save(later, Some(tomorrow))).unwrap();
    assert_eq!((later.version, later.in_force), (3, false));
    assert_eq!(ws.policy.version, 2, "it begins tomorrow");
    desk.wait(24 * 3600);
    // The first thing that anybody does after midnight is judged by it.
    api::dispatch(&desk.app, "settings", "{}").await.unwrap();
    assert_eq!((ws.policy.version, ws.policy.clocks.decision.to_string().as_str()), (3, "2 business days"));

    let view = policy::policy(ws, PolicyQuery { version: None }).unwrap();
    let known: Vec<(u32, bool)> = view.versions.iter().map(|it| (it.version, it.in_force)).collect();
    assert_eq!(known, [(3, true), (2, false), (1, false)]);
    assert_eq!(view.versions[1].until, Some(today));
    let changes = policy::policy_difference(ws, PolicyPair { before: 1, after: 2 }).unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].before.as_deref(), changes[0].after.as_deref()), (Some("90"), Some("60")));
    let audit = activity::audit(ws, AuditQuery::default()).unwrap();
    let entry = audit.rows.iter().find(|row| row.title.contains("version 2 of the policy")).unwrap();
    assert_eq!(entry.reason.as_deref(), Some("Sales cycles are shorter"));
}

async fn what_cannot_be_saved_is_refused_with_its_line_and_nothing_changes(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let ws = &desk.ws;
    let yesterday = desk.sandbox.now().date_naive().pred_opt().unwrap();
    let text = |from: &str, to: &str| {
        let text = policy::policy(ws, PolicyQuery { version: None }).unwrap().text.replacen(from, to, 1);
        PolicyDraft { text: Some(text), ..PolicyDraft::default() }
    };
    let wrong = text("default_days = 90", "default_days = 91");
    let checked = policy::check_policy(ws, wrong.clone()).unwrap();
    let line = checked.problems[0].line;
    assert!(checked.text.lines().nth(line as usize - 1).unwrap().contains("default_days = 91"));
    let fine = || set("protection.default_days", SettingValue::Number(75));
    for (name, request, id) in [
        ("wrong", save(wrong, None), "policy.refused"),
        ("no setting", save(set("protection.defaults", SettingValue::Number(75)), None), "policy.refused"),
        ("no reason", SavePolicy { reason: " ".to_owned(), ..save(fine(), None) }, "policy.reason"),
        ("over", save(fine(), Some(yesterday)), "policy.day"),
        ("the same", save(PolicyDraft::default(), None), "policy.same"),
        ("not seen", SavePolicy { seen: Some(7), ..save(fine(), None) }, "policy.moved"),
    ] {
        let error = policy::save_policy(ws, request).unwrap_err();
        assert_eq!(error.id, id, "{name}: {error:?}");
        if name == "wrong" {
            assert!(error.message.contains(&format!("line {line}, column")), "{error:?}");
        }
    }
    assert_eq!(ws.policy.version, 1);
    assert_eq!(policy::policy(ws, PolicyQuery::default()).unwrap().versions.len(), 1);
}

async fn the_past_is_judged_again_with_the_facts_of_then(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let ws = &desk.ws;
    let open = desk.open();
    let recommended = |act| {
        let is = |claim: &&drumbeat_model::registration::Registration| {
            let detail = inbox::registration(ws, claim.id.clone()).unwrap();
            detail.recommendation.is_some_and(|it| it.act == act)
        };
        open.iter().find(is).unwrap().clone()
    };
    let (good, bad) = (recommended(Act::Approve), recommended(Act::Decline));
    desk.decline(&good.id);
    desk.decline(&bad.id);
    let replay = |draft| policy::replay_policy(ws, ReplayPolicy { draft, ..ReplayPolicy::default() }).unwrap();
    let same = replay(PolicyDraft::default());
    assert_eq!((same.judged, same.flipped, same.decisions.len(), same.unjudged.len()), (2, 0, 0, 0));
    assert_eq!(same.protected_before, same.protected_after);

    let strict = PolicyDraft {
        changes: vec![
            SetSetting { key: "tiers.registered.kinds".to_owned(), value: Some(SettingValue::Words(Vec::new())) },
            SetSetting { key: "tiers.select.kinds".to_owned(), value: Some(SettingValue::Words(Vec::new())) },
            SetSetting { key: "tiers.elite.kinds".to_owned(), value: Some(SettingValue::Words(Vec::new())) },
        ],
        ..PolicyDraft::default()
    };
    let strict = replay(strict);
    let flip = strict.decisions.iter().find(|it| it.registration == good.id).unwrap();
    assert_eq!((flip.before, flip.done, flip.flipped), (Act::Approve, Act::Decline, true));
    assert_ne!(flip.after, Act::Approve);
    assert_eq!(strict.hurt.len(), 1);
    assert!(flip.why.iter().any(|rule| rule.rule == "R-04.7"), "{:?}", flip.why);
    // What has become of the claims since is no part of it.
    desk.sync().await;
    assert_eq!(replay(PolicyDraft::default()), same);
}

async fn channel_conflicts_are_judged_again_the_settled_ones_with_the_facts_of_then(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let ws = &desk.ws;
    let query = ConflictsQuery { limit: 500, ..ConflictsQuery::default() };
    let open = || channel::conflicts(ws, query.clone()).unwrap().rows;
    let replay = |draft| policy::replay_policy(ws, ReplayPolicy { draft, ..ReplayPolicy::default() }).unwrap();
    let same = replay(PolicyDraft::default());
    assert!(same.conflicts_judged >= u32::try_from(open().len()).unwrap() && same.conflicts.is_empty(), "{same:#?}");
    let words = |key: &str, words: &[&str]| SetSetting {
        key: key.to_owned(),
        value: Some(SettingValue::Words(words.iter().map(|word| (*word).to_owned()).collect())),
    };
    let changes = vec![
        words("conflicts.hierarchy", &["certified", "incumbent"]),
        words("registration.who_wins", &["tier_priority", "first_meeting"]),
    ];
    let other = PolicyDraft { changes, ..PolicyDraft::default() };
    let turned: Vec<_> = replay(other.clone()).conflicts.into_iter().filter(|one| one.flipped).collect();
    let turned = turned.iter().find(|one| open().iter().any(|row| row.id == one.conflict)).expect("it turns one");
    assert!(turned.decision.is_none() && turned.done.is_none());
    let row = open().into_iter().find(|row| row.id == turned.conflict).unwrap();
    let name = |key: &str| row.parties.iter().find(|party| party.key() == key).unwrap().name.clone();
    assert_eq!(turned.before, row.first.as_deref().map(name));
    assert!(turned.why.iter().any(|rule| rule.rule == "C-04"), "{turned:#?}");

    let winner = row.parties[0].key().to_owned();
    let settle = Settle {
        conflict: row.id.clone(),
        outcome: Settlement::Awarded,
        winner: Some(winner),
        shares: Vec::new(),
        reason: Some("they were there first".to_owned()),
    };
    let decision = channel::settle_conflict(ws, settle).unwrap().decision.unwrap();
    desk.sync().await;
    let settled = replay(other).conflicts.into_iter().find(|one| one.decision.as_ref() == Some(&decision));
    let settled = settled.expect("judged again");
    assert_eq!((&settled.before, &settled.after), (&turned.before, &turned.after), "with the facts of then");
    assert_eq!((settled.why, settled.done.is_some()), (turned.why.clone(), true));
    assert!(replay(PolicyDraft::default()).conflicts.is_empty(), "the policy that judged judges the same again");
}

async fn the_rules_of_engagement_are_written_and_on_record(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let folder = tempfile::tempdir().unwrap();
    let request = PublishPolicy { version: None, formats: vec![PolicyFormat::Markdown, PolicyFormat::Pdf] };
    let made = policy::publish_policy_to(&desk.ws, request, folder.path()).unwrap();
    assert_eq!(made.files.len(), 2);
    let text = std::fs::read_to_string(&made.files[0].path).unwrap();
    assert!(text.contains("decided within 48 hours") && text.contains("Signature"));
    assert!(std::fs::read(&made.files[1].path).unwrap().starts_with(b"%PDF"));
    let audit = activity::audit(&desk.ws, AuditQuery::default()).unwrap();
    assert!(audit.rows.iter().any(|row| row.title.contains("rules of engagement")));
}

for_each_crm! {
    a_saved_version_judges_from_its_day_on_and_is_on_record,
    what_cannot_be_saved_is_refused_with_its_line_and_nothing_changes,
    the_past_is_judged_again_with_the_facts_of_then,
    channel_conflicts_are_judged_again_the_settled_ones_with_the_facts_of_then,
    the_rules_of_engagement_are_written_and_on_record,
}
