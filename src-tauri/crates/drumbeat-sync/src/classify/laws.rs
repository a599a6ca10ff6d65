//! What holds for every verdict, tried on perturbed triples of base, mine and theirs.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use drumbeat_model::change::OpState;
use drumbeat_model::crm::{ObjectKind, Properties, Record};
use drumbeat_model::ids::OpId;
use drumbeat_model::value::same;
use proptest::prelude::*;

use super::tests::{MARK, ME, at, op};
use super::*;
use crate::sight::marker;

fn value() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", " ", "1", "1.0", "2", "a", "b", "a;b", "b;a"]).prop_map(str::to_owned)
}

/// Base, then mine and theirs perturbed from it, so that collisions are common.
fn triple() -> impl Strategy<Value = (String, String, String)> {
    (value(), value(), value(), 0..4u8).prop_map(|(base, mine, other, which)| match which {
        0 => (base.clone(), mine, base),
        1 => (base, mine.clone(), mine),
        2 => (base.clone(), base.clone(), other),
        _ => (base, mine, other),
    })
}

fn state() -> impl Strategy<Value = OpState> {
    use OpState::{Acked, Blocked, Conflict, Done, Queued, Rejected, Sending, Superseded, Unknown, Withdrawn};
    prop::sample::select(vec![
        Queued, Queued, Queued, Unknown, Unknown, Acked, Sending, Blocked, Done, Conflict, Rejected, Superseded,
        Withdrawn,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_sent_or_given_up_unseen(
        fields in prop::collection::vec(triple(), 1..4),
        guard in prop::option::of((value(), value())),
        state in state(),
        attempt in 0..3u32,
        shows_mark in any::<bool>(),
        has_marker in any::<bool>(),
        moved in any::<bool>(),
        stage in 0..3u8,
        second in 0..300i64,
    ) {
        let (mut desired, mut base, mut theirs, mut guards) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for (i, (was, mine, other)) in fields.iter().enumerate() {
            base.insert(format!("f{i}"), was.clone());
            desired.insert(format!("f{i}"), mine.clone());
            theirs.insert(format!("f{i}"), other.clone());
        }
        if let Some((held, now)) = &guard {
            guards.insert("g".to_owned(), held.clone());
            theirs.insert("g".to_owned(), now.clone());
        }
        if shows_mark {
            theirs.insert(MARK.to_owned(), marker(&OpId::from(ME), attempt));
        }
        let mut op = op(state, OpKind::Set { desired: desired.clone(), base: base.clone(), guard: guards.clone() });
        op.attempt = attempt;
        op.not_before = (state == OpState::Unknown).then(|| at(120));
        let record = Record {
            kind: ObjectKind::Deal, id: if moved { "8".into() } else { "7".into() }, properties: theirs.clone(),
            updated_at: None, archived: false, merged: Vec::new(), links: None,
        };
        let found = Found { asked: "7".into(), record, history: BTreeMap::new() };
        let sight = Sight::Record {
            found: Box::new(found),
            marker: has_marker.then(|| MARK.to_owned()),
            merges: BTreeMap::new(),
        };
        let seen = match stage {
            0 => Seen::Preflight(&sight),
            1 => Seen::ReadBack { sight: &sight, refusal: None },
            _ => Seen::Verify(&sight),
        };
        let verdict = classify(&op, &seen, at(second));
        prop_assert_eq!(&verdict, &classify(&op, &seen, at(second)), "the same question has the same answer");

        let get = |map: &Properties, name: &str| map.get(name).cloned();
        let is = |map: &Properties, name: &str| same(get(&theirs, name).as_deref(), get(map, name).as_deref());
        if let Next::Send { .. } = verdict.next {
            prop_assert!(matches!(seen, Seen::Preflight(_)) && state == OpState::Queued, "only a preflight of a waiting op leads to a request");
            prop_assert!(desired.keys().all(|name| is(&base, name) || is(&desired, name)), "nothing unseen is overwritten");
            prop_assert!(guards.keys().all(|name| is(&guards, name)), "the guard holds");
            prop_assert!(!(shows_mark && has_marker), "what shows our mark is not sent again");
        }
        if state == OpState::Unknown && second < 120 && !(shows_mark && has_marker) {
            prop_assert!(matches!(verdict.next, Next::Check { .. } | Next::Stay), "the quarantine holds");
        }
        if verdict.next != Next::Stay {
            let evidence = verdict.evidence();
            for name in desired.keys().filter(|name| !is(&base, name) && !is(&desired, name)) {
                let value = get(&theirs, name).unwrap_or_default();
                let waits = matches!(verdict.next, Next::Verify { .. });
                prop_assert!(waits || evidence.contains(name.as_str()) && evidence.contains(value.trim()), "{} is not named in: {}", name, evidence);
            }
        }
        if let Next::Done { how: Landing::Converged, .. } = verdict.next {
            prop_assert!(desired.keys().all(|name| is(&desired, name)), "converged means that the CRM has all of it");
        }
    }
}
