//! Clocks over a real book: a late decision is told from a late sync, what is done ends its clock and is on record, and
//! each clock is told once before it runs out.

use std::collections::BTreeSet;

use drumbeat_app::api::Nothing;
use drumbeat_app::{clocks, partners, registrations, telling, today};
use drumbeat_model::clocks::{AttainmentQuery, ClockLine, ClockRecord, ClocksQuery};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, PartnerId};
use drumbeat_model::lifecycle::LogMeeting;
use drumbeat_model::partner::QuickLog;
use drumbeat_model::policy::{PolicyDraft, SavePolicy, SetSetting, SettingValue};
use drumbeat_model::registration::{Approve, Registration};
use drumbeat_model::today::{Arrival, ClockRow, Reached, TodayTarget};
use drumbeat_model::verdict::ClockState;

use crate::desk::Desk;

const HOUR: u64 = 3600;

fn row(desk: &Desk, claim: &Registration) -> ClockRow {
    let report = today::decision_clocks(&desk.ws, 30).unwrap();
    report.rows.into_iter().find(|row| row.registration == claim.id).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_made_in_time_and_synced_late_is_not_a_late_decision() {
    let desk = Desk::new().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_about_to_run_out_is_told_once_for_each_time_and_never_at_night() {
    let desk = Desk::new().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn notes_that_are_written_anew_end_their_clock_and_are_on_record() {
    let desk = Desk::new().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_protection_that_somebody_extends_in_the_crm_was_heeded() {
    let desk = Desk::new().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_protection_counts_from_the_next_step_where_the_policy_says_so() {
    let desk = Desk::new().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn the_clocks_of_one_partner_are_its_own() {
    let desk = Desk::new().await;
    let all = clocks::clocks(&desk.ws, ClocksQuery { limit: 500, ..ClocksQuery::default() }).unwrap().rows;
    let partner = all.iter().find_map(|line| line.partner.clone()).expect("a clock of a partner");
    let company = desk.ws.store.read(|r| r.partner_names(200)).unwrap();
    let id = company.into_iter().find(|(_, name)| *name == partner).expect("the partner").0;
    let query = ClocksQuery { partner: Some(PartnerId(id)), limit: 500, ..ClocksQuery::default() };
    let own = clocks::clocks(&desk.ws, query).unwrap().rows;
    let expected: Vec<ClockLine> = all.into_iter().filter(|line| line.partner.as_ref() == Some(&partner)).collect();
    assert_eq!(own, expected);
}
