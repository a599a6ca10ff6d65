//! Versions of the policy.

use crate::policy::SavedPolicy;
use crate::tests::kit::{Bench, at};
use crate::{StoreError, Why};

fn version(version: u32, effective: &str) -> SavedPolicy {
    SavedPolicy {
        version,
        effective: effective.parse().unwrap(),
        text: format!("version = {version}"),
        actor: "ana".to_owned(),
        saved_at: at(i64::from(version)),
        reason: Some("tried".to_owned()),
    }
}

#[test]
fn the_version_that_began_last_judges_and_none_is_changed() {
    let bench = Bench::new();
    let why = Why::Mirror { at: at(0) };
    let all = [version(2, "2026-03-01"), version(3, "2026-06-01"), version(4, "2026-05-01"), version(5, "2026-06-01")];
    for one in &all {
        bench.store.write(why, |w| w.put_policy(one)).unwrap();
    }
    for (day, judges) in [
        ("2026-02-28", None),
        ("2026-03-01", Some(2)),
        ("2026-04-30", Some(2)),
        ("2026-05-01", Some(4)),
        ("2026-06-01", Some(5)),
        ("2030-01-01", Some(5)),
    ] {
        assert_eq!(bench.store.read(|r| r.policy_on(day.parse().unwrap())).unwrap(), judges, "{day}");
    }
    assert_eq!(bench.store.read(|r| r.policies()).unwrap(), all);
    assert_eq!(bench.store.read(|r| r.policy(3)).unwrap().as_ref(), Some(&all[1]));
    assert_eq!(bench.store.read(|r| r.policy(9)).unwrap(), None);
    for number in [5, 1] {
        let again = bench.store.write(why, |w| w.put_policy(&version(number, "2027-01-01")));
        assert!(matches!(again, Err(StoreError::NotPossible(_))), "{number}");
    }
}
