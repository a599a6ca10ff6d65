//! The governor against servers with real windows, in tokio's own time: minutes pass in no time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::*;

/// A server that counts like a CRM: a rolling window, refused requests not counted.
struct Server {
    limit: usize,
    interval: Duration,
    latency: Duration,
    retry_after: Option<Duration>,
    headers: bool,
    /// Requests of other clients in every interval, evenly.
    others: usize,
    seen: Mutex<(VecDeque<Instant>, usize)>,
}

impl Server {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            interval: Duration::from_secs(10),
            latency: Duration::from_millis(80),
            retry_after: None,
            headers: true,
            others: 0,
            seen: Mutex::default(),
        }
    }

    async fn answer(&self) -> (bool, Limits) {
        tokio::time::sleep(self.latency / 2).await;
        let (ok, left) = {
            let mut seen = self.seen.lock().unwrap();
            let now = Instant::now();
            while seen.0.front().is_some_and(|at| *at + self.interval <= now) {
                seen.0.pop_front();
            }
            let ok = seen.0.len() + self.others < self.limit;
            if ok {
                seen.0.push_back(now);
            } else {
                seen.1 += 1;
            }
            (ok, self.limit.saturating_sub(seen.0.len() + self.others))
        };
        tokio::time::sleep(self.latency / 2).await;
        let limits = Limits {
            max: Some(self.limit as u64),
            remaining: Some(left as u64),
            interval: Some(self.interval),
            ..Limits::default()
        };
        (ok, if self.headers { limits } else { Limits::default() })
    }

    fn refused(&self) -> usize {
        self.seen.lock().unwrap().1
    }
}

/// Makes `total` requests from `workers` tasks; says how long that took.
async fn run(governor: &Arc<Governor>, server: &Arc<Server>, workers: usize, total: usize) -> Duration {
    let began = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for worker in 0..workers {
        let (governor, server) = (Arc::clone(governor), Arc::clone(server));
        let mine = total / workers + usize::from(worker < total % workers);
        tasks.spawn(async move {
            for _ in 0..mine {
                loop {
                    let permit = governor.enter(Counter::General, Lane::Backfill, None).await.unwrap();
                    let (ok, limits) = server.answer().await;
                    if ok {
                        permit.answered(&limits, 1);
                        break;
                    }
                    permit.limited(server.retry_after, &limits).unwrap();
                }
            }
        });
    }
    tasks.join_all().await;
    began.elapsed()
}

#[tokio::test(start_paused = true)]
async fn a_thousand_requests_run_at_the_crms_own_speed_without_one_refusal() {
    for (workers, headers) in [(1, true), (4, true), (16, true), (16, false)] {
        let governor = Arc::new(Governor::new(Policy::default()));
        let server = Arc::new(Server { headers, ..Server::new(100) });
        let took = run(&governor, &server, workers, 1000).await;
        // The first hundred are free, the last hundred begin after nine windows.
        let floor = Duration::from_secs(90);
        // What one after the other costs in the last window.
        let alone = server.latency * 100 / workers as u32;
        assert_eq!(server.refused(), 0, "{workers} workers");
        assert!(took >= floor && took < floor * 103 / 100 + alone, "{workers} workers: {took:?}");
        assert_eq!(governor.budget().requests, 1000);
    }
}

#[tokio::test(start_paused = true)]
async fn half_of_a_larger_limit_is_left_to_others() {
    let governor = Arc::new(Governor::new(Policy::default()));
    let server = Arc::new(Server { latency: Duration::from_millis(10), ..Server::new(250) });
    let took = run(&governor, &server, 8, 1250).await;
    assert!(took >= Duration::from_secs(90), "{took:?}");
    assert!(took < Duration::from_secs(94), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn what_others_spend_is_seen_in_the_answers_and_left_to_them() {
    let governor = Arc::new(Governor::new(Policy::default()));
    let server = Arc::new(Server { others: 60, ..Server::new(100) });
    let took = run(&governor, &server, 8, 400).await;
    let floor = Duration::from_secs(90);
    assert!(server.refused() < 40, "{} refused", server.refused());
    assert!(took < floor * 115 / 100, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_storm_whose_waits_are_understated_is_sat_out() {
    for retry_after in [None, Some(Duration::ZERO), Some(Duration::from_secs(1))] {
        let governor = Arc::new(Governor::new(Policy::default()));
        let server = Arc::new(Server { headers: false, retry_after, others: 60, ..Server::new(100) });
        let took = run(&governor, &server, 8, 400).await;
        let floor = Duration::from_secs(90);
        assert!(server.refused() > 0);
        assert!(server.refused() < 120, "{retry_after:?}: {} refused", server.refused());
        assert!(took < floor * 120 / 100, "{retry_after:?}: {took:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn patience_ends_when_nothing_gets_through() {
    let governor = Governor::new(Policy { patience: Duration::from_secs(60), ..Policy::default() });
    let began = Instant::now();
    let gave_up = loop {
        let permit = governor.enter(Counter::General, Lane::Delta, None).await.unwrap();
        if let Err(wait) = permit.limited(Some(Duration::from_secs(1_000_000_000)), &Limits::default()) {
            break wait;
        }
    };
    assert!(gave_up.0 >= 60 && gave_up.0 <= 66, "an absurd wait is capped: {gave_up:?}");
    assert!(began.elapsed() <= Duration::from_secs(70));
}

#[tokio::test(start_paused = true)]
async fn writes_go_before_deltas_and_deltas_before_backfill() {
    let governor = Arc::new(Governor::new(Policy::default()));
    let limits = Limits { max: Some(1), interval: Some(Duration::from_secs(1)), ..Limits::default() };
    governor.enter(Counter::General, Lane::Write, None).await.unwrap().answered(&limits, 0);
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = tokio::task::JoinSet::new();
    for lane in [Lane::Backfill, Lane::Delta, Lane::Write, Lane::Backfill, Lane::Write] {
        let (governor, order) = (Arc::clone(&governor), Arc::clone(&order));
        tasks.spawn(async move {
            let permit = governor.enter(Counter::General, lane, None).await.unwrap();
            order.lock().unwrap().push(lane);
            permit.answered(&limits, 0);
        });
        tokio::task::yield_now().await;
    }
    tasks.join_all().await;
    assert_eq!(*order.lock().unwrap(), [Lane::Write, Lane::Write, Lane::Delta, Lane::Backfill, Lane::Backfill]);
}

#[tokio::test(start_paused = true)]
async fn searches_have_their_own_counter_and_no_header_changes_it() {
    let governor = Governor::new(Policy::default());
    let limits =
        Limits { max: Some(190), remaining: Some(0), interval: Some(Duration::from_secs(10)), ..Limits::default() };
    let began = Instant::now();
    for _ in 0..12 {
        governor.enter(Counter::Search, Lane::Delta, None).await.unwrap().answered(&limits, 0);
    }
    assert_eq!(began.elapsed().as_secs(), 2, "four a second");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_states_no_limits_is_paced_only_if_that_is_not_to_be_believed() {
    for (pace_unstated, stated, paced) in [(true, false, true), (false, false, false), (false, true, true)] {
        let governor = Governor::new(Policy { pace_unstated, ..Policy::default() });
        let limits = Limits { max: stated.then_some(100), ..Limits::default() };
        let began = Instant::now();
        for counter in std::iter::repeat_n(Counter::General, 300).chain([Counter::Search; 40]) {
            governor.enter(counter, Lane::Delta, None).await.unwrap().answered(&limits, 0);
        }
        assert_eq!(
            began.elapsed() >= Duration::from_secs(20),
            paced,
            "{pace_unstated} {stated}: {:?}",
            began.elapsed()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn reads_stop_at_the_days_share_and_writes_do_not() {
    let governor = Governor::new(Policy::default());
    let limits = Limits { max: Some(1000), daily: Some(40), ..Limits::default() };
    for _ in 0..10 {
        governor.enter(Counter::General, Lane::Backfill, None).await.unwrap().answered(&limits, 0);
    }
    let refused = governor.enter(Counter::General, Lane::Delta, None).await.err();
    assert!(refused.is_some_and(|wait| wait.0 > 86_000 && wait.0 <= 86_400));
    assert!(governor.enter(Counter::General, Lane::Write, None).await.is_ok());
    tokio::time::advance(Duration::from_secs(86_400)).await;
    assert!(governor.enter(Counter::General, Lane::Delta, None).await.is_ok(), "a new day");
}

#[tokio::test(start_paused = true)]
async fn a_write_that_would_wait_too_long_is_told_so_and_leaves_no_trace() {
    let governor = Governor::new(Policy::default());
    let permit = governor.enter(Counter::General, Lane::Delta, None).await.unwrap();
    let wait = permit.limited(Some(Duration::from_secs(30)), &Limits::default()).unwrap();
    assert!(wait >= Duration::from_secs(30));
    let refused = governor.enter(Counter::General, Lane::Write, Some(Duration::from_secs(20))).await.err();
    assert!(refused.is_some_and(|wait| wait.0 >= 30));
    assert!(governor.enter(Counter::General, Lane::Backfill, None).await.is_ok(), "nobody is left in the queue");
}

#[tokio::test(start_paused = true)]
async fn one_who_gives_up_waiting_does_not_hold_the_others() {
    let governor = Governor::new(Policy::default());
    let limits = Limits { max: Some(1), interval: Some(Duration::from_secs(5)), ..Limits::default() };
    governor.enter(Counter::General, Lane::Delta, None).await.unwrap().answered(&limits, 0);
    let impatient =
        tokio::time::timeout(Duration::from_secs(1), governor.enter(Counter::General, Lane::Write, None)).await;
    assert!(impatient.is_err());
    let next =
        tokio::time::timeout(Duration::from_secs(6), governor.enter(Counter::General, Lane::Backfill, None)).await;
    assert!(next.is_ok());
}

#[test]
fn pauses_grow_and_differ_and_follow_from_the_seed() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _inside = runtime.enter();
    let pauses = |seed| {
        let governor = Governor::new(Policy { seed, ..Policy::default() });
        (1..8).map(|failures| governor.backoff(failures, None)).collect::<Vec<_>>()
    };
    assert_eq!(pauses(7), pauses(7));
    assert_ne!(pauses(7), pauses(8));
    for (place, pause) in pauses(7).into_iter().enumerate() {
        let base = Duration::from_millis(500 << place).min(Duration::from_secs(30));
        assert!(pause >= base && pause <= base * 3 / 2, "{place}: {pause:?}");
    }
    assert!(Governor::new(Policy::default()).backoff(1, Some(Duration::from_secs(3600))) <= Duration::from_secs(90));
}
