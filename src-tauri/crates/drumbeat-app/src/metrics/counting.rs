//! What the numbers are made of, put into a ledger for each group and quarter.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{Attribution, Motion};
use drumbeat_model::metrics::{MetricBy, Target};
use drumbeat_model::partner::PartnerStatus;
use drumbeat_model::registration::RegistrationStatus;
use drumbeat_model::time::{Day, FiscalYear, Instant, Quarter};
use drumbeat_rules::metrics::{Certified, Claims, Conflicts, Customers, Kept, Ledger, Part, Partners, Stand, Sums};
use drumbeat_store::companies::PartnerPlace;
use drumbeat_store::counted::{Counted, CountedBy, CountedTrait};
use drumbeat_store::joint::Weighed;
use drumbeat_store::measures::Verdicts;
use drumbeat_store::{Reader, Result, StoreError};
use rust_decimal::Decimal;

use super::{BEFORE, NOW, QUARTERS, YEAR_AGO};
use crate::targets;
use crate::workspace::{Scene, Workspace};

/// Ledgers of a group by quarter.
pub(super) type Ledgers = BTreeMap<u32, Ledger>;
/// Ledgers of all groups.
pub(super) type Groups = BTreeMap<String, Ledgers>;
/// The group of a key.
pub(super) type Grouped<'g> = &'g dyn Fn(&str) -> String;

/// Where the numbers are counted.
pub(super) struct Counting<'a> {
    ws: &'a Workspace,
    r: &'a Reader<'a>,
    pub scene: &'a Scene,
    pub year: FiscalYear,
    pub first: Quarter,
    pub targets: Vec<Target>,
    /// Every partner's place in the program.
    pub places: BTreeMap<String, PartnerPlace>,
    /// The quarters that somebody looks at: what is not kept as a sum is counted in no others.
    looked_at: Vec<u32>,
    /// What is counted of the whole program, and by what.
    whole: Rows,
    whole_by: CountedBy,
}

/// What is counted of deals and registrations, each with the place of its quarter.
#[derive(Default)]
struct Rows {
    deals: Vec<(u32, Counted)>,
    traits: Vec<(u32, CountedTrait)>,
    claims: Vec<(String, u32, Claims)>,
}

impl<'a> Counting<'a> {
    pub fn new(
        ws: &'a Workspace,
        r: &'a Reader<'a>,
        scene: &'a Scene,
        first: Quarter,
        by: Option<MetricBy>,
    ) -> Result<Self> {
        let looked_at =
            if by == Some(MetricBy::Quarter) { (0..QUARTERS).collect() } else { vec![YEAR_AGO, BEFORE, NOW] };
        let year = ws.policy.calendar.fiscal_year();
        let whole_by = if by == Some(MetricBy::Motion) { CountedBy::Motion } else { CountedBy::All };
        let targets = targets::all(r)?;
        let places = r.partner_places()?;
        let whole = Rows::default();
        let mut counting = Self { ws, r, scene, year, first, targets, places, looked_at, whole_by, whole };
        counting.whole = counting.rows(whole_by, true)?;
        Ok(counting)
    }

    /// The whole program's.
    pub fn program(&self) -> Result<Ledgers> {
        let mut ledgers = self.with_partners(self.whole_by, &|_| String::new())?.remove("").unwrap_or_default();
        self.aim(&mut ledgers, |quarter| targets::of_program(&self.targets, quarter));
        let (joint, direct) = self.r.customers_weighed()?;
        if joint.customers + direct.customers > 0 {
            ledgers.entry(NOW).or_default().customers = Some(Customers { joint: kept(joint), direct: kept(direct) });
        }
        // A quarter in which nobody looked for them has none that are known, which is not none.
        let since = self.r.conflicts_since()?.unwrap_or(self.scene.now);
        for at in self.looked_at.iter().filter(|at| since < self.moments(**at).1) {
            let ledger = ledgers.entry(*at).or_default();
            ledger.conflicts = Some(self.conflicts(*at, ledger.partnered(Stand::Created).deals)?);
        }
        Ok(ledgers)
    }

    /// Puts the targets of each quarter into the ledgers.
    pub fn aim(&self, ledgers: &mut Ledgers, target: impl Fn(Quarter) -> Option<Decimal>) {
        for at in 0..QUARTERS {
            if let Some(target) = target(self.quarter(at)) {
                ledgers.entry(at).or_default().target = Some(target);
            }
        }
    }

    /// The quarter at a place.
    fn quarter(&self, at: u32) -> Quarter {
        (0..at).fold(self.first, |of, _| of.next())
    }

    /// The first and the last moment of a quarter.
    fn moments(&self, at: u32) -> (Instant, Instant) {
        let quarter = self.quarter(at);
        (midnight(self.year.first_day(quarter)), midnight(self.year.end(quarter)))
    }

    /// What is counted of deals and registrations, by the places of the quarters.
    fn rows(&self, by: CountedBy, whole: bool) -> Result<Rows> {
        let stages = self.scene.mapping.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
        let chances = stages.map(|stage| (stage.id.clone(), stage.probability)).collect();
        let early = || StoreError::NotPossible("the first sync is not over: its deals are not counted yet".into());
        let mut rows = Rows { claims: self.claims(by)?, ..Rows::default() };
        // The whole in one question; else each quarter that is looked at, of many groups.
        let asked = if whole { vec![(0, QUARTERS)] } else { self.looked_at.iter().map(|at| (*at, 1)).collect() };
        for (at, quarters) in asked {
            let first = self.year.first_day(self.quarter(at));
            for one in self.r.counted(by, first, quarters, &chances)?.ok_or_else(early)? {
                match one.outcome {
                    // What is open is open now, whichever quarter is looked at.
                    Some(Outcome::Open) if at + quarters <= NOW => {}
                    Some(Outcome::Open) => rows.deals.push((NOW, one)),
                    Some(Outcome::Won | Outcome::Lost) | None => rows.deals.push((at + one.quarter, one)),
                }
            }
            let traits = self.r.counted_traits(by, first, quarters)?.ok_or_else(early)?;
            rows.traits.extend(traits.into_iter().map(|one| (at + one.quarter, one)));
        }
        Ok(rows)
    }

    /// Ledgers of rows by what `group` makes of each key, and by quarter.
    fn filled(&self, rows: &Rows, group: Grouped<'_>) -> Groups {
        let mut all = Groups::new();
        let ledger = |all: &mut Groups, key: &str, quarter: u32, put: &mut dyn FnMut(&mut Ledger)| {
            put(all.entry(group(key)).or_default().entry(quarter).or_default());
        };
        for (quarter, one) in &rows.deals {
            let (stand, part, sums) = entry(one);
            ledger(&mut all, &one.key, *quarter, &mut |of| of.add(stand, part, sums));
        }
        for (quarter, one) in &rows.traits {
            let sums = Sums {
                deals: one.deals,
                priced: one.homed.0,
                amount: one.homed.1,
                cycled: one.cycled.0,
                cycle_days: one.cycled.1,
                ..Sums::default()
            };
            ledger(&mut all, &one.key, *quarter, &mut |of| of.add_trait(one.what, one.won, one.partnered, sums));
        }
        for (key, quarter, claims) in &rows.claims {
            ledger(&mut all, key, *quarter, &mut |of| {
                *of.claims.get_or_insert_with(Claims::default) += claims.clone();
            });
        }
        // Nothing came is a number as well.
        for ledgers in all.values_mut() {
            for at in &self.looked_at {
                ledgers.entry(*at).or_default().claims.get_or_insert_with(Claims::default);
            }
        }
        all
    }

    /// Deals and registrations of each group.
    pub fn deals(&self, by: CountedBy, group: Grouped<'_>) -> Result<Groups> {
        // Those of the program are by motion already where that is asked for.
        if by == self.whole_by {
            Ok(self.filled(&self.whole, group))
        } else {
            Ok(self.filled(&self.rows(by, false)?, group))
        }
    }

    fn claims(&self, by: CountedBy) -> Result<Vec<(String, u32, Claims)>> {
        let today = self.scene.today;
        let meeting = (self.ws.policy.after(today, self.ws.policy.clocks.first_meeting) - today).num_days();
        let meeting = u32::try_from(meeting).unwrap_or_default();
        let mut all = Vec::new();
        for at in &self.looked_at {
            let (from, to) = self.moments(*at);
            let days = (self.year.first_day(self.quarter(*at)), self.year.end(self.quarter(*at)));
            for one in self.r.registrations_submitted(by, (from, to))? {
                all.push((one.key, *at, Claims { submitted: one.count, ..Claims::default() }));
            }
            for one in self.r.registrations_decided(by, (from, to), meeting, self.scene.now)? {
                let counted = decided(&one);
                all.push((one.key, *at, counted));
            }
            for one in self.r.protections_ended(by, days, today)? {
                all.push((one.key, *at, Claims { ended: (one.count, one.expired), ..Claims::default() }));
            }
        }
        Ok(all)
    }

    /// Deals and registrations, and what is known of partners: `group` is asked for partners' ids.
    pub fn with_partners(&self, by: CountedBy, group: Grouped<'_>) -> Result<Groups> {
        let mut all = self.deals(by, group)?;
        let starts = self.r.partner_starts()?;
        for at in &self.looked_at {
            self.partners(*at, &starts, group, &mut all)?;
            let quarter = self.quarter(*at);
            let on = self.year.last_day(quarter).min(self.scene.today);
            let by = self.ws.policy.after(on, self.ws.policy.clocks.certification_expires);
            for ledgers in all.values_mut() {
                ledgers.entry(*at).or_default().certified = Some(Certified::default());
            }
            for one in self.r.certified_on(on, by)? {
                let of = all.entry(group(&one.partner)).or_default().entry(*at).or_default();
                *of.certified.get_or_insert_with(Certified::default) +=
                    Certified { valid: one.valid, held: one.held, people: one.people, ending: one.ending };
            }
        }
        Ok(all)
    }

    /// What the CRM knows of the worth of the customers of each group; a customer of two partners of a group is one.
    pub fn customers(&self, group: Grouped<'_>, all: &mut Groups) -> Result<()> {
        let (_, direct) = self.r.customers_weighed()?;
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        let mut joint: BTreeMap<String, Kept> = BTreeMap::new();
        for one in self.r.customers_worth()? {
            let key = group(&one.partner);
            if seen.insert((key.clone(), one.account)) {
                joint.entry(key).or_default().add(one.retention, one.satisfaction, one.integrated);
            }
        }
        if !joint.is_empty() || direct.customers > 0 {
            for (key, ledgers) in all {
                let joint = joint.get(key).copied().unwrap_or_default();
                ledgers.entry(NOW).or_default().customers = Some(Customers { joint, direct: kept(direct) });
            }
        }
        Ok(())
    }

    fn partners(
        &self,
        at: u32,
        starts: &[drumbeat_store::measures::Start],
        group: Grouped<'_>,
        all: &mut Groups,
    ) -> Result<()> {
        let (quarter, (from, to)) = (self.quarter(at), self.moments(at));
        let first = self.year.first_day(quarter);
        let mut at_work = self.r.partners_at_work(first)?;
        at_work.extend(self.r.partners_submitting(from, to)?);
        let mut counted: BTreeMap<String, Partners> = BTreeMap::new();
        for (id, place) in &self.places {
            if place.status != Some(PartnerStatus::Ended) {
                let of = counted.entry(group(id)).or_default();
                of.all += 1;
                of.at_work += u32::from(at_work.contains(id));
            }
        }
        for (id, won) in self.r.won_by_partner(first)? {
            counted.entry(group(&id)).or_default().won.push(won);
        }
        for start in starts {
            let Some(won) = start.first_won.filter(|day| self.year.quarter_of(*day) == quarter) else { continue };
            let of = counted.entry(group(&start.partner)).or_default();
            of.first_won += 1;
            if let Some(since) = start.since.filter(|since| *since <= won) {
                of.started.0 += 1;
                of.started.1 += (won - since).num_days();
            }
        }
        for (key, mut partners) in counted {
            partners.won.sort_unstable_by(|a, b| b.cmp(a));
            all.entry(key).or_default().entry(at).or_default().partners = Some(partners);
        }
        Ok(())
    }

    fn conflicts(&self, at: u32, of_deals: u32) -> Result<Conflicts> {
        let (from, to) = self.moments(at);
        let times = self.r.conflict_times(from, to)?;
        let upheld = self.r.conflict_event_count("appeal upheld", from, to)?;
        Ok(Conflicts {
            raised: u32::try_from(times.len()).unwrap_or(u32::MAX),
            acknowledged: times.iter().filter_map(|(acknowledged, _)| *acknowledged).collect(),
            closed: times.iter().filter_map(|(_, closed)| *closed).collect(),
            settled: self.r.conflicts_settled(from, to)?,
            appeals: (upheld + self.r.conflict_event_count("appeal refused", from, to)?, upheld),
            of_deals,
        })
    }

    /// What a group aims at.
    pub fn aim_group(&self, by: MetricBy, key: &str, ledgers: &mut Ledgers) {
        self.aim(ledgers, |quarter| match by {
            MetricBy::Motion => targets::of_motion(&self.targets, quarter, Motion::from_name(key)?),
            MetricBy::Partner => targets::of_partner(&self.targets, quarter, key),
            _ => None,
        });
    }
}

/// The first moment of a day.
pub(super) fn midnight(day: Day) -> Instant {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

fn kept(of: Weighed) -> Kept {
    let Weighed { customers, retention, satisfaction, integrated } = of;
    Kept { customers, retention, satisfaction, integrated }
}

fn decided(one: &Verdicts) -> Claims {
    match one.status {
        RegistrationStatus::Approved | RegistrationStatus::Converted | RegistrationStatus::Expired => {
            Claims { approved: one.count, timed: one.timed, met: one.met, ..Claims::default() }
        }
        RegistrationStatus::Declined => Claims {
            declined: one.count,
            timed: one.timed,
            reasons: BTreeMap::from([(one.reason, one.count)]),
            ..Claims::default()
        },
        _ => Claims::default(),
    }
}

fn entry(one: &Counted) -> (Stand, Part, Sums) {
    let stand = match one.outcome {
        Some(Outcome::Open) => Stand::Open,
        Some(Outcome::Won) => Stand::Won,
        Some(Outcome::Lost) => Stand::Lost,
        None => Stand::Created,
    };
    let part = match (one.partnered, one.attribution) {
        (false, _) => Part::Direct,
        (true, Some(Attribution::Sourced)) => Part::Sourced,
        (true, Some(Attribution::Influenced)) => Part::Influenced,
        (true, None) => Part::Untold,
    };
    let sums = Sums {
        deals: one.deals,
        priced: one.homed.0,
        amount: one.homed.1,
        weighed: one.shared.0,
        share: one.shared.1,
        expected: one.expected,
        cycled: one.cycled.0,
        cycle_days: one.cycled.1,
    };
    (stand, part, sums)
}
