//! Clocks over the whole book: what runs and is over, and how the clocks of a period were kept (S, K-13).
//!
//! The hard idea: nothing about a clock is kept. What runs (`open`) and what has ended (`past`) is computed from
//! records that are kept anyway: registrations, notes, touches, protections, certificates and their observed changes,
//! each found along an index by the time at which a clock of the policy could have begun. What a clock makes of the
//! facts is `drumbeat_rules::clocks`.
//!
//! To add a clock here: its rule in [`GATHERED`], a function in `open` and one in `past`. Those of channel conflicts (S-06
//! to S-08) are read in `conflicts`.

mod conflicts;
mod open;
mod past;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{Days, TimeDelta};
use drumbeat_model::clocks::{
    AttainmentQuery, AttainmentReport, ClockKind, ClockLine, ClockRecord, ClocksPage, ClocksQuery,
};
use drumbeat_model::ids::{OwnerId, PartnerId};
use drumbeat_model::registration::Registration;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::today::TodayTarget;
use drumbeat_model::verdict::{Clock, ClockState};
use drumbeat_rules::clocks::{Rule, Watch, kept};
use drumbeat_store::clocks::Stretch;
use drumbeat_store::{Reader, Result};

use crate::error::{Answer, ApiError};
use crate::workspace::{Scene, Workspace};

/// The clocks that are gathered here.
pub(crate) const GATHERED: &[Rule] = &[
    Rule::Referral,
    Rule::Decision,
    Rule::Notes,
    Rule::FollowUp,
    Rule::NextStep,
    Rule::ConflictAcknowledged,
    Rule::ResolutionPlan,
    Rule::RenewalOwner,
    Rule::ProtectionEnds,
    Rule::FirstMeeting,
    Rule::CertificationExpires,
];
/// Lines of one clock: usual, and at most.
const USUAL: u32 = 100;
const MOST: u32 = 500;
/// Facts of one clock that a record is made of, at most.
const PAST: u32 = 20_000;
/// How long something stays in sight that was never done: a meeting that nobody followed up, a certificate that ended.
const IN_SIGHT: TimeDelta = TimeDelta::days(90);
/// Breaches that are named.
const WORST: usize = 5;
/// The longest period that is asked about.
const LONGEST: u64 = 3_660;

/// One clock with what it is of and whom it warns.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// Stable name of what runs, e.g. `registration:4711`.
    pub about: String,
    /// What is shown.
    pub line: ClockLine,
    /// The claim, for those whose queue decides.
    pub claim: Option<Box<Registration>>,
    /// Who owns the record or its partner.
    pub owners: Vec<OwnerId>,
}

/// A partner's name and owner.
type Party = (Option<String>, Option<OwnerId>);

/// Where clocks are read: the store in one view, the policy, the time.
pub(crate) struct Gather<'a> {
    pub ws: &'a Workspace,
    pub r: &'a Reader<'a>,
    pub scene: &'a Scene,
    /// Only this partner's.
    pub partner: Option<&'a str>,
    /// Lines of each clock.
    pub limit: u32,
    /// Not everything could be looked at.
    cut: Cell<bool>,
    names: RefCell<HashMap<String, Party>>,
}

impl<'a> Gather<'a> {
    pub fn new(ws: &'a Workspace, r: &'a Reader<'a>, scene: &'a Scene, partner: Option<&'a str>, limit: u32) -> Self {
        Self { ws, r, scene, partner, limit, cut: Cell::new(false), names: RefCell::default() }
    }

    fn watch(&self) -> Watch<'a> {
        Watch { policy: &self.ws.policy, go_live: self.scene.mapping.go_live, now: self.scene.now }
    }

    /// A partner's name and owner, each read once.
    fn partner(&self, id: Option<&PartnerId>) -> Result<Party> {
        let Some(id) = id.map(PartnerId::as_str) else { return Ok((None, None)) };
        if let Some(known) = self.names.borrow().get(id) {
            return Ok(known.clone());
        }
        let found = (self.r.name_of_company(id)?, self.r.owner_of_company(id)?);
        self.names.borrow_mut().insert(id.to_owned(), found.clone());
        Ok(found)
    }

    /// Whether a record of this partner is asked for.
    fn wanted(&self, partner: Option<&PartnerId>) -> bool {
        self.partner.is_none_or(|only| partner.is_some_and(|partner| partner.as_str() == only))
    }

    fn line(
        &self,
        clock: Clock,
        title: String,
        (partner, owner): (Option<&PartnerId>, Option<OwnerId>),
        opens: TodayTarget,
    ) -> Result<Line> {
        let (name, second) = self.partner(partner)?;
        let about = match &opens {
            TodayTarget::Registration(id) => format!("registration:{id}"),
            TodayTarget::Deal(id) => format!("deal:{id}"),
            TodayTarget::Partner(id) => format!("partner:{id}"),
            TodayTarget::Conflict(id) => format!("conflict:{id}"),
            TodayTarget::Outbox(id) => format!("op:{id}"),
        };
        let owners = owner.into_iter().chain(second).collect();
        Ok(Line { about, line: ClockLine { clock, title, partner: name, opens }, claim: None, owners })
    }
}

fn order(lines: &mut [Line]) {
    let key = |line: &Line| (line.line.clock.state == ClockState::Paused, line.line.clock.due);
    lines.sort_by(|a, b| key(a).cmp(&key(b)).then_with(|| a.about.cmp(&b.about)));
}

/// The clocks that have not ended.
///
/// # Errors
/// When a rule is no clock, or what the store says.
pub fn clocks(ws: &Arc<Workspace>, query: ClocksQuery) -> Answer<ClocksPage> {
    let asked = rules(&query.rules)?;
    let limit = if query.limit == 0 { USUAL } else { query.limit.min(MOST) };
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let partner = query.partner.as_ref().map(|partner| r.resolve(partner.as_str())).transpose()?;
        let gather = Gather::new(ws, r, &scene, partner.as_deref(), limit);
        let (mut all, mut kinds) = (Vec::new(), Vec::new());
        for rule in asked {
            let mut lines = gather.open(rule)?;
            lines.retain(|line| match line.line.clock.state {
                ClockState::Over => true,
                ClockState::Running | ClockState::Paused => !query.over,
                ClockState::Met | ClockState::Breached | ClockState::Baseline => false,
            });
            order(&mut lines);
            let more = lines.len() > limit as usize || gather.cut.take();
            lines.truncate(limit as usize);
            kinds.push(kind(ws, rule, &lines, more));
            all.extend(lines);
        }
        order(&mut all);
        Ok(ClocksPage { now: scene.now, rows: all.into_iter().map(|line| line.line).collect(), rules: kinds })
    })
}

fn rules(ids: &[String]) -> Answer<Vec<Rule>> {
    if ids.is_empty() {
        return Ok(GATHERED.to_vec());
    }
    let rule = |id: &String| {
        Rule::from_id(id).filter(|rule| GATHERED.contains(rule)).ok_or_else(|| {
            let known: Vec<&str> = GATHERED.iter().map(|rule| rule.id()).collect();
            ApiError::invalid("clock.unknown", format!("\"{id}\" is no clock"))
                .next(format!("Name one of {}", known.join(", ")))
        })
    };
    let mut all = ids.iter().map(rule).collect::<Answer<Vec<Rule>>>()?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

fn kind(ws: &Workspace, rule: Rule, lines: &[Line], more: bool) -> ClockKind {
    let row = rule.row();
    let count = |over: bool| {
        let counted = lines.iter().filter(|line| (line.line.clock.state == ClockState::Over) == over).count();
        u32::try_from(counted).unwrap_or(u32::MAX)
    };
    let notices = &ws.policy.notifications;
    ClockKind {
        rule: row.id.to_owned(),
        name: row.name.to_owned(),
        starts: row.starts.to_owned(),
        ends: row.ends.to_owned(),
        pauses: row.pauses.map(str::to_owned),
        target: rule.target(&ws.policy).to_string(),
        told: notices.on && notices.rules.iter().any(|told| told == row.id),
        running: count(false),
        over: count(true),
        more,
    }
}

/// How the clocks of a period were kept: those that ended in it, and those that ran out in it and are still over.
///
/// # Errors
/// When the period ends before it begins or is longer than ten years, or what the store says.
pub fn attainment(ws: &Arc<Workspace>, query: AttainmentQuery) -> Answer<AttainmentReport> {
    let to = query.to.unwrap_or_else(|| ws.clock.today());
    let from = query.from.unwrap_or_else(|| to.checked_sub_days(Days::new(30)).unwrap_or(to));
    if from > to || from.checked_add_days(Days::new(LONGEST)).is_none_or(|end| end < to) {
        return Err(ApiError::invalid("clocks.period", format!("From {from} to {to} is no period"))
            .next("Name a first and a last day, at most ten years apart"));
    }
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let partner = query.partner.as_ref().map(|partner| r.resolve(partner.as_str())).transpose()?;
        let gather = Gather::new(ws, r, &scene, partner.as_deref(), PAST);
        let period = Stretch { after: before_midnight(from), until: before_midnight(to.succ_opt().unwrap_or(to)) };
        let mut rows = Vec::new();
        for rule in GATHERED {
            rows.push(record(&gather, *rule, period)?);
        }
        Ok(AttainmentReport { from, to, rows })
    })
}

/// The last moment before a day, as the store keeps instants.
fn before_midnight(day: Day) -> Instant {
    day.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::milliseconds(1)
}

fn record(gather: &Gather<'_>, rule: Rule, period: Stretch) -> Result<ClockRecord> {
    let past = gather.past(rule, period)?;
    let within = |at: Instant| at > period.after && at <= period.until;
    let counts = |clock: &Clock| match clock.state {
        ClockState::Met | ClockState::Breached => clock.since.is_some_and(within),
        ClockState::Over => within(clock.due),
        ClockState::Baseline => within(clock.since.unwrap_or(clock.due)),
        ClockState::Running | ClockState::Paused => false,
    };
    let mut lines: Vec<ClockLine> = past.lines.into_iter().filter(|line| counts(&line.clock)).collect();
    let kept = kept(lines.iter().map(|line| &line.clock));
    lines.retain(|line| matches!(line.clock.state, ClockState::Breached | ClockState::Over));
    lines.sort_by(|a, b| (a.clock.left, a.clock.due, &a.title).cmp(&(b.clock.left, b.clock.due, &b.title)));
    lines.truncate(WORST);
    Ok(ClockRecord {
        rule: rule.id().to_owned(),
        name: rule.row().name.to_owned(),
        target: rule.target(&gather.ws.policy).to_string(),
        met: kept.met,
        breached: kept.breached,
        over: kept.over,
        baseline: kept.baseline,
        median_left: kept.median_left,
        reached: past.reached,
        worst: lines,
        partial: past.partial,
    })
}
