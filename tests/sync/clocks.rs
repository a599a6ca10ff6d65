//! Clocks over a real book: a late decision is told from a late sync, what is done ends its clock and is on record, and
//! each clock is told once before it runs out.

use std::collections::BTreeSet;

use drumbeat_app::api::Nothing;
use drumbeat_app::{channel, clocks, partners, registrations, telling, today};
use drumbeat_model::clocks::{AttainmentQuery, ClockLine, ClockRecord, ClocksQuery};
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, PartnerId};
use drumbeat_model::lifecycle::LogMeeting;
use drumbeat_model::partner::QuickLog;
use drumbeat_model::policy::{PolicyDraft, SavePolicy, SetSetting, SettingValue};
use drumbeat_model::registration::{Approve, Registration};
use drumbeat_model::settling::{AcknowledgeConflict, DismissConflicts, PlanConflict};
use drumbeat_model::time::Day;
use drumbeat_model::today::{Arrival, ClockRow, Reached, TodayBlock, TodayTarget};
use drumbeat_model::verdict::ClockState;

use crate::desk::Desk;

const HOUR: u64 = 3600;

fn row(desk: &Desk, claim: &Registration) -> ClockRow {
    let report = today::decision_clocks(&desk.ws, 30).unwrap();
    report.rows.into_iter().find(|row| row.registration == claim.id).unwrap()
}

async fn a_decision_made_in_time_and_synced_late_is_not_a_late_decision(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let before = today::today(&desk.ws, Nothing {}).unwrap().attainment;
    let now = desk.sandbox.now();
    let hours = i64::from(desk.ws.policy.clocks.decision.amount);
    let age = |claim: &Registration| (now - claim.submitted_at.unwrap()).num_hours();
    let mut young: Vec<Registration> = desk.open().into_iter().filter(|claim| age(claim) < hours).collect();
    let over = desk.open().into_iter().find(|claim| age(claim) > hours).unwrap();
    let (in_time, late) = (young.pop().unwrap(), young.pop().unwrap());
    desk.decline(&in_time.id);
    assert_eq!((row(&desk, &in_time).arrival, row(&desk, &in_time).reached), (Arrival::Waiting, None));
    desk.sync().await;
    let arrived = row(&desk, &in_time);
    assert_eq!(arrived.arrival, Arrival::InTime);
    assert!(arrived.reached.unwrap() >= arrived.decided);

    desk.decline(&late.id);
    desk.decline(&over.id);
    desk.wait(u64::try_from(hours).unwrap() * HOUR);
    assert_eq!(row(&desk, &late).arrival, Arrival::LateSync, "not there yet, and no time left");
    desk.sync().await;
    let arrived = row(&desk, &late);
    assert_eq!(arrived.arrival, Arrival::LateSync);
    assert!(arrived.decided <= arrived.due && arrived.reached.unwrap() > arrived.due, "{arrived:?}");
    assert_eq!(row(&desk, &over).arrival, Arrival::LateDecision);

    let after = today::today(&desk.ws, Nothing {}).unwrap().attainment;
    assert_eq!((after.met, after.of), (before.met + 2, before.of + 3), "in time is who decided in time");
    let (was, is) = (before.reached.unwrap(), after.reached.unwrap());
    let expected = Reached {
        in_time: was.in_time + 1,
        late_sync: was.late_sync + 1,
        late_decision: was.late_decision + 1,
        waiting: was.waiting,
    };
    assert_eq!(is, expected);
}

async fn a_clock_that_is_about_to_run_out_is_told_once_for_each_time_and_never_at_night(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let policy = drumbeat_rules::Policy::built_in();
    let mut told = Vec::new();
    for _ in 0..72 {
        desk.wait(3600);
        let notice = telling::due(&desk.ws).unwrap();
        let quiet = drumbeat_rules::telling::is_quiet(&policy.notifications.quiet, &policy, desk.sandbox.now());
        assert!(notice.is_none() || !quiet, "{notice:#?}");
        told.extend(notice.into_iter().flat_map(|notice| notice.keys));
    }
    let keys: BTreeSet<&String> = told.iter().collect();
    assert!(!told.is_empty(), "claims were due in these three days");
    assert_eq!(keys.len(), told.len(), "each once: {told:#?}");
}

/// The clocks of a rule that have not ended.
fn open(desk: &Desk, rule: &str) -> Vec<ClockLine> {
    let query = ClocksQuery { rules: vec![rule.to_owned()], limit: 500, ..ClocksQuery::default() };
    clocks::clocks(&desk.ws, query).unwrap().rows
}

/// How a clock was kept in the last days.
fn record(desk: &Desk, rule: &str) -> ClockRecord {
    let report = clocks::attainment(&desk.ws, AttainmentQuery::default()).unwrap();
    report.rows.into_iter().find(|row| row.rule == rule).unwrap()
}

fn deal_of(line: &ClockLine) -> String {
    match &line.opens {
        TodayTarget::Deal(id) => id.clone(),
        other => panic!("no deal: {other:?}"),
    }
}

async fn notes_that_are_written_anew_end_their_clock_and_are_on_record(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let stale = open(&desk, "S-03").into_iter().find(|line| line.clock.state == ClockState::Over).expect("old notes");
    let deal = deal_of(&stale);
    let before = record(&desk, "S-03");
    let partner = desk.ws.store.read(|r| r.deal(&DealId(deal.clone()))).unwrap().unwrap().partner.unwrap();
    let log = QuickLog {
        partner: PartnerId(partner.0),
        deal: Some(DealId(deal.clone())),
        note: "They want a second workshop".to_owned(),
        next_step: None,
        owner: None,
        due: None,
    };
    partners::quick_log(&desk.ws, log).unwrap();
    let fresh = open(&desk, "S-03").into_iter().find(|line| deal_of(line) == deal).expect("its notes have a clock");
    assert_eq!(fresh.clock.state, ClockState::Running);
    let waiting = record(&desk, "S-03");
    assert_eq!(waiting.over, before.over - 1, "old notes are over no more");
    desk.sync().await;
    let after = record(&desk, "S-03");
    assert_eq!(after.breached - after.over, before.breached - before.over + 1, "written late: {after:#?}");
}

fn conflict_of(line: &ClockLine) -> Option<&str> {
    match &line.opens {
        TodayTarget::Conflict(id) => Some(id),
        _ => None,
    }
}

async fn a_channel_conflict_is_acknowledged_and_planned_by_its_clocks_and_told_before(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let waiting = open(&desk, "S-06");
    assert!(waiting.len() > 1 && open(&desk, "S-07").len() == waiting.len(), "the sample has channel conflicts");
    let ids: Vec<String> = waiting.iter().filter_map(conflict_of).map(str::to_owned).collect();
    assert_eq!(ids.len(), waiting.len());
    let of = |line: &ClockLine, id: &str| conflict_of(line) == Some(id);
    let acknowledge = |id: &str| {
        channel::acknowledge_conflict(&desk.ws, AcknowledgeConflict { conflict: id.to_owned() }).unwrap();
    };
    acknowledge(&ids[0]);
    assert!(!open(&desk, "S-06").iter().any(|line| of(line, &ids[0])), "seen is done");
    assert!(open(&desk, "S-07").iter().any(|line| of(line, &ids[0])), "and is no plan yet");
    assert_eq!((record(&desk, "S-06").met, record(&desk, "S-06").breached), (1, 0));
    let mut told = Vec::new();
    for _ in 0..25 {
        desk.wait(HOUR);
        told.extend(telling::due(&desk.ws).unwrap().into_iter().flat_map(|notice| notice.keys));
    }
    let told_of = |id: &str| told.iter().any(|key| key.starts_with(&format!("conflict:{id}|S-06")));
    // Those of other people are told to them.
    let other = ids.iter().find(|id| told_of(id)).unwrap_or_else(|| panic!("told before it ran out: {told:#?}"));
    assert!(!told_of(&ids[0]), "what is done is not told");
    let over = open(&desk, "S-06");
    assert!(over.iter().filter(|line| of(line, other)).all(|line| line.clock.state == ClockState::Over));
    let due = || {
        let counts = today::today(&desk.ws, Nothing {}).unwrap().counts;
        counts.into_iter().find(|count| count.block == TodayBlock::Due).unwrap().count
    };
    let before = due();
    acknowledge(other);
    assert_eq!(due(), before - 1, "Today has it among what is due");
    let late = record(&desk, "S-06");
    assert_eq!((late.met, late.breached - late.over), (1, 1), "{late:#?}");
    let plan = PlanConflict { conflict: other.clone(), text: "both get a part".to_owned(), due: None };
    channel::plan_conflict(&desk.ws, plan).unwrap();
    assert_eq!((record(&desk, "S-07").met, record(&desk, "S-07").breached), (1, 0), "planned inside its five days");
}

async fn who_owns_a_renewal_is_asked_before_the_time_that_it_takes_and_is_a_finding_after_it(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let partner =
        open(&desk, "S-08").first().map(|line| line.partner.clone()).expect("the sample has renewals that nobody owns");
    assert!(partner.is_some());
    let held = desk.ws.store.read(|r| r.renewals_between((desk.ws.clock.today(), Day::MAX), None, 1)).unwrap();
    let account = held[0].account.clone();
    let named = |line: &&ClockLine| line.title == format!("Confirm who owns the renewal of {}", held[0].name);
    let renews = (desk.sandbox.now() + chrono::Days::new(96)).date_naive().to_string();
    desk.edit(ObjectKind::Company, &account, &[(Field::RenewalDate, &renews)]);
    desk.wait(120);
    desk.sync().await;
    channel::judge_waiting(&desk.ws).unwrap();
    let soon = open(&desk, "S-08").into_iter().find(|line| named(&line)).expect("it has begun");
    assert_eq!(soon.clock.state, ClockState::Running);
    assert!(matches!(soon.opens, TodayTarget::Partner(_)), "nothing is found yet");
    let mut told = Vec::new();
    for _ in 0..70 {
        desk.wait(2 * HOUR);
        told.extend(telling::due(&desk.ws).unwrap().into_iter().flat_map(|notice| notice.keys));
    }
    assert!(told.iter().any(|key| key.starts_with(&format!("renewal:{account}|S-08"))), "{told:#?}");
    channel::judge_waiting(&desk.ws).unwrap();
    let over = open(&desk, "S-08").into_iter().find(|line| named(&line)).expect("nobody has");
    assert_eq!(over.clock.state, ClockState::Over);
    let found = conflict_of(&over).expect("it opens its finding").to_owned();
    let before = record(&desk, "S-08");
    let dismiss = DismissConflicts { conflicts: vec![found], reason: "the partner renews it".to_owned() };
    channel::dismiss_conflicts(&desk.ws, dismiss).unwrap();
    assert!(open(&desk, "S-08").iter().all(|line| !named(&line)), "somebody owns it now");
    let after = record(&desk, "S-08");
    assert_eq!((after.breached, after.over), (before.breached, before.over - 1), "confirmed too late: {after:#?}");
}

async fn a_protection_that_somebody_extends_in_the_crm_was_heeded(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let mut waited = 0;
    let soon = loop {
        if let Some(line) = open(&desk, "S-09").into_iter().find(|line| line.clock.state == ClockState::Running) {
            break line;
        }
        assert!(waited < 60, "a protection ends some day");
        desk.wait(24 * HOUR);
        waited += 1;
    };
    let before = record(&desk, "S-09");
    let deal = deal_of(&soon);
    let later = (soon.clock.due + chrono::Days::new(60)).date_naive().to_string();
    desk.edit(ObjectKind::Deal, &deal, &[(Field::ProtectionEnd, &later)]);
    desk.wait(120);
    desk.sync().await;
    assert!(open(&desk, "S-09").iter().all(|line| deal_of(line) != deal), "it is not near its end any more");
    let after = record(&desk, "S-09");
    assert_eq!((after.met, after.breached), (before.met + 1, before.breached), "{after:#?}");
}

async fn a_protection_counts_from_the_next_step_where_the_policy_says_so(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let changes = vec![SetSetting {
        key: "protection.starts".to_owned(),
        value: Some(SettingValue::Word("next_step".to_owned())),
    }];
    let draft = PolicyDraft { changes, ..PolicyDraft::default() };
    let request = SavePolicy { draft, reason: "first we meet".to_owned(), effective: None, seen: None };
    drumbeat_app::policy::save_policy(&desk.ws, request).unwrap();
    let today = desk.sandbox.now().date_naive();
    let claim = desk.open().into_iter().find(|claim| claim.partner.is_some()).expect("an open claim");
    let request = Approve {
        registration: claim.id.clone(),
        protection_days: None,
        seller: None,
        link_deal: None,
        message: None,
        reason: Some("we know them".to_owned()),
    };
    registrations::approve(&desk.ws, request).unwrap();
    desk.sync().await;
    let read = || desk.ws.store.read(|r| r.registration(&claim.id)).unwrap().unwrap();
    let approved = read();
    let days = |from: drumbeat_model::time::Day, to: drumbeat_model::time::Day| (to - from).num_days();
    let (start, end) = (approved.protection_start.unwrap(), approved.protection_end.unwrap());
    assert_eq!(days(today, start), 14, "the first meeting is the agreed step");
    let length = days(start, end);
    desk.wait(3 * 24 * HOUR);
    let met = desk.sandbox.now().date_naive();
    let meeting =
        LogMeeting { registration: claim.id.clone(), day: met, text: "met on site".to_owned(), override_reason: None };
    registrations::log_meeting(&desk.ws, meeting).unwrap();
    desk.sync().await;
    let moved = read();
    assert_eq!(moved.protection_start, Some(met), "the step was done earlier");
    assert_eq!(days(met, moved.protection_end.unwrap()), length, "and its length stays");
    let deal = desk.ws.store.read(|r| r.deal(moved.deal.as_ref().unwrap())).unwrap().unwrap();
    assert_eq!((deal.protection_start, deal.protection_end), (moved.protection_start, moved.protection_end));
}

async fn the_clocks_of_one_partner_are_its_own(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let all = clocks::clocks(&desk.ws, ClocksQuery { limit: 500, ..ClocksQuery::default() }).unwrap().rows;
    let named = |line: &ClockLine| line.partner.clone().filter(|name| !name.contains(" and "));
    let partner = all.iter().find_map(named).expect("a clock of a partner");
    let company = desk.ws.store.read(|r| r.partner_names(200)).unwrap();
    let id = company.into_iter().find(|(_, name)| *name == partner).expect("the partner").0;
    let query = ClocksQuery { partner: Some(PartnerId(id)), limit: 500, ..ClocksQuery::default() };
    let own = clocks::clocks(&desk.ws, query).unwrap().rows;
    // A channel conflict is of two.
    let of = |names: &str| names.split(" and ").any(|name| name == partner);
    let expected = all.into_iter().filter(|line| line.partner.iter().any(|names| of(names))).collect();
    // The seconds left run on between the two readings.
    let still = |mut lines: Vec<ClockLine>| {
        lines.iter_mut().for_each(|line| line.clock.left = None);
        lines
    };
    assert_eq!(still(own), still(expected));
}

for_each_crm! {
    a_decision_made_in_time_and_synced_late_is_not_a_late_decision,
    a_clock_that_is_about_to_run_out_is_told_once_for_each_time_and_never_at_night,
    notes_that_are_written_anew_end_their_clock_and_are_on_record,
    a_channel_conflict_is_acknowledged_and_planned_by_its_clocks_and_told_before,
    who_owns_a_renewal_is_asked_before_the_time_that_it_takes_and_is_a_finding_after_it,
    a_protection_that_somebody_extends_in_the_crm_was_heeded,
    a_protection_counts_from_the_next_step_where_the_policy_says_so,
    the_clocks_of_one_partner_are_its_own,
}
