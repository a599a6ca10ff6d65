//! The audit chain: what is changed behind our back shows, wherever it is.

use super::kit::Bench;

fn written(entries: usize) -> Bench {
    let bench = Bench::new();
    for number in 0..entries {
        bench.act(&format!("act {number}"), |_| Ok(())).unwrap();
    }
    bench
}

#[test]
fn an_untouched_chain_holds() {
    let verdict = written(5).store.read(|r| r.verify_audit()).unwrap();
    assert!(verdict.intact && verdict.entries == 5 && verdict.problem.is_none(), "{verdict:?}");
}

#[test]
fn tampering_shows_at_the_first_entry_that_it_touches() {
    for (what, sql, broken_at) in [
        ("an edited title", "UPDATE audit SET title = 'other' WHERE seq = 3", 3),
        ("an edited time", "UPDATE audit SET at = at + 1 WHERE seq = 1", 1),
        ("an emptied value instead of none", "UPDATE audit SET reason = '' WHERE seq = 2", 2),
        ("an edited actor", "UPDATE audit SET actor = 'bob' WHERE seq = 5", 5),
        ("a forged hash", "UPDATE audit SET hash = replace(hash, substr(hash, 1, 1), 'z') WHERE seq = 4", 4),
        ("a deleted entry", "DELETE FROM audit WHERE seq = 3", 3),
        ("a deleted first entry", "DELETE FROM audit WHERE seq = 1", 1),
        (
            "two entries in the other order",
            "UPDATE audit SET seq = 99 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 99",
            2,
        ),
        (
            "the middle cut out and the rest moved up",
            "DELETE FROM audit WHERE seq IN (2, 3); UPDATE audit SET seq = seq - 2 WHERE seq > 3",
            2,
        ),
        (
            "an entry put in between",
            "UPDATE audit SET seq = 6 WHERE seq = 5; INSERT INTO audit SELECT 5, at, actor, act, title, reason, facts, policy, hash FROM audit WHERE seq = 4",
            5,
        ),
    ] {
        let bench = written(5);
        let raw = bench.raw();
        raw.execute_batch("DROP TRIGGER audit_is_append_only_update; DROP TRIGGER audit_is_append_only_delete;")
            .unwrap();
        raw.execute_batch(sql).unwrap();
        let verdict = bench.store.read(|r| r.verify_audit()).unwrap();
        assert_eq!((verdict.intact, verdict.broken_at), (false, Some(broken_at)), "{what}: {verdict:?}");
    }
}

#[test]
fn a_cut_at_the_end_shows_against_a_head_kept_elsewhere() {
    let bench = written(5);
    let head = bench.store.read(|r| r.verify_audit()).unwrap().head;
    let raw = bench.raw();
    raw.execute_batch("DROP TRIGGER audit_is_append_only_delete; DELETE FROM audit WHERE seq = 5;").unwrap();
    assert_ne!(bench.store.read(|r| r.verify_audit()).unwrap().head, head);
}

#[test]
fn the_file_itself_refuses_edits_and_deletions() {
    let bench = written(2);
    for sql in ["UPDATE audit SET title = 'other'", "DELETE FROM audit"] {
        assert!(bench.raw().execute(sql, []).is_err(), "{sql}");
    }
}
