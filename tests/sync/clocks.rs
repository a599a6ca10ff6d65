//! A late decision is told from a late sync, by the use case and by Today.

use std::collections::BTreeSet;

use drumbeat_app::api::Nothing;
use drumbeat_app::{telling, today};
use drumbeat_model::registration::Registration;
use drumbeat_model::today::{Arrival, ClockRow, Reached};

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
        let notices = telling::due(&desk.ws).unwrap();
        let quiet = drumbeat_rules::telling::is_quiet(&policy.notifications.quiet, &policy, desk.sandbox.now());
        assert!(notices.is_empty() || !quiet, "{notices:#?}");
        told.extend(notices.into_iter().map(|notice| notice.key));
    }
    let keys: BTreeSet<&String> = told.iter().collect();
    assert!(!told.is_empty(), "claims were due in these three days");
    assert_eq!(keys.len(), told.len(), "each once: {told:#?}");
}
