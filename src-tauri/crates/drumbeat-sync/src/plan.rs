//! What a pull reads next, from what is known of each kind: pure.
//!
//! The hard idea is that nothing here looks at our own clock. A first read notes the CRM's time, scans
//! every record by id, and then reads what changed since that time; later reads are windows of the
//! CRM's time that overlap the last one and stay behind its index. A kind's whole progress is one
//! [`Mark`], kept in the same transaction as the records it speaks of, so that a stop at any point
//! loses at most what had not been kept. The driver carries steps out; it holds no policy.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use drumbeat_crm::crm::Cursor;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::planted::{Bug, planted};
use drumbeat_model::time::Instant;
use serde::{Deserialize, Serialize};

/// Windows begin this much before the last one ended.
pub const OVERLAP: TimeDelta = TimeDelta::minutes(5);
/// Windows end this much before the CRM's present: its index needs a moment.
pub const SETTLE: TimeDelta = TimeDelta::seconds(30);
/// Recycle bins are read at least this often.
pub const SWEEP_EVERY: TimeDelta = TimeDelta::days(1);
/// All records are read again at least this often, to find what no change told of (I12, I16).
pub const RECONCILE_EVERY: TimeDelta = TimeDelta::days(7);
/// A bin of so few pages is read at every sync.
const SMALL_BIN: u32 = 1;

/// How far one kind has been read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mark {
    /// Properties that every mirrored record was asked for.
    pub asked: BTreeSet<String>,
    /// A scan of all records under way.
    pub scan: Option<Scanning>,
    /// Everything up to this moment of the CRM's time has been read.
    pub watermark: Option<Instant>,
    /// A window of changes under way.
    pub window: Option<Window>,
    /// A read of the recycle bin under way: where to go on, and pages so far.
    pub sweep: Option<(Option<Cursor>, u32)>,
    /// When the recycle bin was read last, and its pages.
    pub swept: Option<(Instant, u32)>,
    /// When every record was read last and those that did not show were accounted for.
    pub reconciled: Option<Instant>,
}

/// A scan under way.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scanning {
    /// Properties that it asks for.
    pub asked: BTreeSet<String>,
    /// The CRM's time when it began.
    pub started: Option<Instant>,
    /// Latest change seen.
    pub newest: Option<Instant>,
    /// Where to go on.
    pub after: Option<Cursor>,
    /// Records read.
    pub done: u32,
}

/// A window of changes, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// From.
    pub since: Instant,
    /// To.
    pub until: Instant,
    /// Latest change seen.
    pub newest: Option<Instant>,
    /// Where to go on.
    pub after: Option<Cursor>,
}

/// What planning needs to know of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFacts {
    /// Records on it.
    pub records: u32,
    /// Latest change on it.
    pub newest: Option<Instant>,
    /// Where to go on.
    pub next: Option<Cursor>,
    /// The CRM's time.
    pub server_time: Option<Instant>,
}

/// One thing to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Every record of a kind, by id.
    Scan(ObjectKind),
    /// What changed in a kind.
    Changes(ObjectKind),
    /// The recycle bin of a kind.
    Sweep(ObjectKind),
    /// The links of open registrations, which no modified time tells of.
    Links,
}

/// The steps of one pull, in order. `kinds` are those that the account has, with what is wanted of them.
#[must_use]
pub fn plan(kinds: &[(ObjectKind, BTreeSet<String>, Mark)], full: bool, server_now: Option<Instant>) -> Vec<Step> {
    let mut steps = Vec::new();
    for (kind, wanted, mark) in kinds {
        if full || mark.needs_scan(wanted) || mark.is_ahead(server_now) {
            steps.push(Step::Scan(*kind));
        }
    }
    // Bins before changes: what was restored since is told by its change.
    let known = |mark: &Mark| mark.watermark.is_some() || mark.sweep.is_some();
    steps.extend(
        kinds
            .iter()
            .filter(|(_, _, mark)| known(mark) && mark.sweep_due(full, server_now))
            .map(|(kind, _, _)| Step::Sweep(*kind)),
    );
    steps.extend(kinds.iter().map(|(kind, _, _)| Step::Changes(*kind)));
    // A scan brings links along; a window of changes says nothing of links that moved alone.
    if kinds.iter().any(|(kind, _, mark)| *kind == ObjectKind::Registration && mark.watermark.is_some()) && !full {
        steps.push(Step::Links);
    }
    // Last, as it is long and everything urgent has come by then.
    let due = |mark: &Mark, wanted| {
        !full && !mark.needs_scan(wanted) && !mark.is_ahead(server_now) && mark.reconcile_due(server_now)
    };
    steps.extend(kinds.iter().filter(|(_, wanted, mark)| due(mark, wanted)).map(|(kind, _, _)| Step::Scan(*kind)));
    steps
}

/// The kinds that a kind's links lead to, as far as anything is made of them.
#[must_use]
pub fn links_of(kind: ObjectKind) -> &'static [ObjectKind] {
    match kind {
        ObjectKind::Company => &[],
        ObjectKind::Contact | ObjectKind::Certification => &[ObjectKind::Company],
        ObjectKind::Deal => &[ObjectKind::Company, ObjectKind::Contact],
        ObjectKind::Registration
        | ObjectKind::Task
        | ObjectKind::Note
        | ObjectKind::Meeting
        | ObjectKind::Call
        | ObjectKind::Email => &[ObjectKind::Company, ObjectKind::Deal],
    }
}

impl Mark {
    /// Whether records have to be read from the first to the last: never done, not finished, or asked
    /// for fewer properties than are wanted now.
    #[must_use]
    pub fn needs_scan(&self, wanted: &BTreeSet<String>) -> bool {
        self.scan.is_some() || self.watermark.is_none() || !wanted.is_subset(&self.asked)
    }

    /// It has been read up to a time that has not come: an answer once told a wrong time, and nothing
    /// that changes would be seen until then.
    fn is_ahead(&self, server_now: Option<Instant>) -> bool {
        server_now.zip(self.watermark).is_some_and(|(now, mark)| mark - now > OVERLAP)
    }

    fn sweep_due(&self, full: bool, server_now: Option<Instant>) -> bool {
        match (&self.sweep, self.swept, server_now) {
            (Some(_), _, _) | (None, None, _) => true,
            (None, Some((at, pages)), now) => {
                full || pages <= SMALL_BIN || now.is_none_or(|now| (now - at).abs() >= SWEEP_EVERY)
            }
        }
    }

    fn reconcile_due(&self, server_now: Option<Instant>) -> bool {
        let since = self.reconciled.or(self.watermark);
        server_now.zip(since).is_some_and(|(now, since)| now - since >= RECONCILE_EVERY)
    }

    /// Goes on with the scan under way when it asks for everything wanted, or begins one.
    pub fn begin_scan(&mut self, wanted: &BTreeSet<String>) {
        let fits = self.scan.as_ref().is_some_and(|scan| wanted.is_subset(&scan.asked));
        if !fits {
            self.scan = Some(Scanning { asked: wanted.clone(), ..Scanning::default() });
        }
    }

    /// Forgets where to go on, when the CRM does not know that place any more; what was to be read stays.
    pub fn forget_place(&mut self) {
        self.scan = self.scan.take().map(|scan| Scanning { asked: scan.asked, ..Scanning::default() });
        self.window = self.window.take().map(|window| Window { after: None, ..window });
        self.sweep = None;
    }

    /// Takes a page of the scan into account; the last one sets the watermark to when the scan began.
    pub fn scanned(&mut self, page: &PageFacts) {
        let Some(mut scan) = self.scan.take() else { return };
        scan.started = scan.started.or(page.server_time);
        scan.newest = scan.newest.max(page.newest);
        scan.done = scan.done.saturating_add(page.records);
        scan.after = page.next.clone();
        if scan.after.is_some() {
            self.scan = Some(scan);
            return;
        }
        // Deletes from here on are the recycle bin's to tell.
        self.swept = scan.started.map(|at| (at, 0)).or(self.swept);
        self.watermark = scan.started.or(scan.newest);
        self.asked = scan.asked;
        self.window = None;
    }

    /// The window under way, or the next one; none before a scan has ended, nor so soon after one that
    /// the window would end before it began.
    pub fn begin_window(&mut self, server_now: Option<Instant>) -> Option<Window> {
        if let Some(window) = &self.window {
            return Some(window.clone());
        }
        let watermark = self.watermark?;
        let overlap = if planted(Bug::NoOverlap) { TimeDelta::zero() } else { OVERLAP };
        let (since, until) = (watermark - overlap, server_now.map_or(FAR, |now| now - SETTLE));
        if until < watermark {
            return None;
        }
        self.window = Some(Window { since, until, newest: None, after: None });
        self.window.clone()
    }

    /// Takes a page of changes into account; the last one moves the watermark, never back and never
    /// past the window.
    pub fn changed(&mut self, page: &PageFacts) {
        let Some(mut window) = self.window.take() else { return };
        window.newest = window.newest.max(page.newest);
        window.after = page.next.clone();
        if window.after.is_some() {
            self.window = Some(window);
            return;
        }
        let seen = match window.newest {
            _ if planted(Bug::OwnClock) => Some(window.until),
            newest => newest.map(|newest| newest.min(window.until)),
        };
        self.watermark = self.watermark.max(seen);
    }

    /// Takes a page of the recycle bin into account.
    pub fn swept(&mut self, page: &PageFacts) {
        let pages = self.sweep.take().map_or(0, |(_, pages)| pages).saturating_add(1);
        match (&page.next, page.server_time) {
            (Some(next), _) => self.sweep = Some((Some(next.clone()), pages)),
            (None, Some(at)) => self.swept = Some((at, pages)),
            (None, None) => {}
        }
    }
}

/// The end of a window when the CRM does not tell its time: later than any change.
const FAR: Instant = match chrono::DateTime::from_timestamp(253_402_300_799, 0) {
    Some(at) => at,
    None => Instant::MAX_UTC,
};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use chrono::{TimeZone, Utc};

    use super::*;

    fn at(second: i64) -> Instant {
        Utc.with_ymd_and_hms(2026, 11, 21, 10, 0, 0).unwrap() + TimeDelta::seconds(second)
    }

    fn wanted(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn page(newest: Option<i64>, next: Option<&str>, server: i64) -> PageFacts {
        PageFacts {
            records: 100,
            newest: newest.map(at),
            next: next.map(|next| Cursor(next.to_owned())),
            server_time: Some(at(server)),
        }
    }

    fn read_once() -> Mark {
        let mut mark = Mark::default();
        mark.begin_scan(&wanted(&["a"]));
        mark.scanned(&page(Some(-900), Some("1"), 0));
        mark.scanned(&page(Some(50), None, 60));
        mark
    }

    #[test]
    fn a_pull_scans_what_is_new_and_reads_changes_of_everything() {
        let known = read_once();
        let (mut scanning, mut old_bin, mut big_bin) = (known.clone(), known.clone(), known.clone());
        scanning.begin_scan(&wanted(&["a"]));
        old_bin.swept = Some((at(-90_000), 40));
        big_bin.swept = Some((at(0), 40));
        let ahead = Mark { watermark: Some(at(90_000_000)), ..big_bin.clone() };
        let bin_ahead = Mark { swept: Some((at(90_000_000), 40)), ..known.clone() };
        use ObjectKind::{Deal, Registration};
        use Step::{Changes, Links, Scan, Sweep};
        type Case<'a> = (&'a str, Mark, &'a [&'a str], bool, &'a [Step]);
        let cases: &[Case<'_>] = &[
            ("first", Mark::default(), &["a"], false, &[Scan(Deal), Changes(Deal)]),
            ("later", known.clone(), &["a"], false, &[Sweep(Deal), Changes(Deal)]),
            ("stopped in a scan", scanning, &["a"], false, &[Scan(Deal), Sweep(Deal), Changes(Deal)]),
            ("another property", known.clone(), &["a", "b"], false, &[Scan(Deal), Sweep(Deal), Changes(Deal)]),
            ("fewer properties", known.clone(), &[], false, &[Sweep(Deal), Changes(Deal)]),
            ("a big bin, just read", big_bin.clone(), &["a"], false, &[Changes(Deal)]),
            ("a big bin, yesterday", old_bin, &["a"], false, &[Sweep(Deal), Changes(Deal)]),
            ("the CRM told a time to come", ahead, &["a"], false, &[Scan(Deal), Changes(Deal)]),
            ("and so for its bin", bin_ahead, &["a"], false, &[Sweep(Deal), Changes(Deal)]),
            ("full", big_bin, &["a"], true, &[Scan(Deal), Sweep(Deal), Changes(Deal)]),
        ];
        for (name, mark, names, full, expected) in cases {
            assert_eq!(plan(&[(Deal, wanted(names), mark.clone())], *full, Some(at(100))), *expected, "{name}");
        }
        let both = [(Registration, wanted(&["a"]), known), (Deal, wanted(&["a"]), Mark::default())];
        assert_eq!(
            plan(&both, false, Some(at(100))),
            [Scan(Deal), Sweep(Registration), Changes(Registration), Changes(Deal), Links]
        );
    }

    #[test]
    fn a_scan_ends_with_the_time_at_which_it_began() {
        let mark = read_once();
        assert_eq!((mark.watermark, mark.scan, mark.asked), (Some(at(0)), None, wanted(&["a"])));
    }

    #[test]
    fn a_stopped_scan_goes_on_unless_more_is_wanted() {
        let mut mark = Mark::default();
        mark.begin_scan(&wanted(&["a"]));
        mark.scanned(&page(None, Some("77"), 0));
        mark.begin_scan(&wanted(&["a"]));
        assert_eq!(mark.scan.as_ref().unwrap().after, Some(Cursor("77".into())));
        mark.begin_scan(&wanted(&["a", "b"]));
        assert_eq!(mark.scan.as_ref().unwrap().after, None);
    }

    #[test]
    fn windows_overlap_stay_behind_the_index_and_follow_only_the_crms_time() {
        let mut mark = read_once();
        let window = mark.begin_window(Some(at(90))).unwrap();
        assert_eq!((window.since, window.until), (at(-300), at(60)));
        mark.changed(&page(Some(20), Some("x"), 91));
        assert_eq!(
            mark.begin_window(Some(at(999))).unwrap(),
            Window { newest: Some(at(20)), after: Some(Cursor("x".into())), ..window },
            "a stopped window goes on"
        );
        mark.changed(&page(Some(40), None, 92));
        assert_eq!(mark.watermark, Some(at(40)), "the latest change seen");
        mark.begin_window(Some(at(200)));
        mark.changed(&page(None, None, 200));
        assert_eq!(mark.watermark, Some(at(40)), "nothing seen, nothing moved");
        mark.begin_window(Some(at(300)));
        mark.changed(&page(Some(299), None, 300));
        assert_eq!(mark.watermark, Some(at(270)), "never past the window");
        assert_eq!(mark.begin_window(Some(at(299))), None, "too soon");
        mark.begin_window(Some(at(400)));
        mark.changed(&page(Some(10), None, 400));
        assert_eq!(mark.watermark, Some(at(270)), "never back");
    }

    #[test]
    fn without_the_crms_time_the_latest_change_seen_counts() {
        let mut mark = Mark::default();
        mark.begin_scan(&wanted(&["a"]));
        mark.scanned(&PageFacts { server_time: None, ..page(Some(5), None, 0) });
        assert_eq!(mark.watermark, Some(at(5)));
        assert!(mark.begin_window(None).unwrap().until > at(1_000_000));
    }

    #[test]
    fn a_sweep_goes_on_where_it_stopped() {
        let mut mark = read_once();
        mark.swept(&page(None, Some("5"), 100));
        assert_eq!(mark.sweep, Some((Some(Cursor("5".into())), 1)));
        mark.swept(&page(None, None, 100));
        assert_eq!((mark.sweep, mark.swept), (None, Some((at(100), 2))));
    }

    #[test]
    fn a_mark_comes_back_from_disk_as_it_went() {
        let mut mark = read_once();
        mark.begin_window(Some(at(90)));
        mark.swept(&page(None, Some("5"), 100));
        mark.begin_scan(&wanted(&["z"]));
        assert_eq!(serde_json::from_str::<Mark>(&serde_json::to_string(&mark).unwrap()).unwrap(), mark);
    }
}
