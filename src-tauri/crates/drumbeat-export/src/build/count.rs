//! The numbers of one quarter, each from its rows (K-01 to K-12). Exact; unknown stays unknown.

use std::collections::BTreeSet;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Attribution;
use drumbeat_model::ids::PartnerId;
use drumbeat_model::money::Currency;
use drumbeat_model::registration::RegistrationStatus;
use drumbeat_model::time::{Day, Quarter};
use rust_decimal::Decimal;

use crate::facts::{PackCertification, PackDeal, PackFacts, PackRegistration};
use crate::figure::{Sums, share};

/// One quarter of one partner.
pub(crate) struct Period<'a> {
    facts: &'a PackFacts,
    /// Which.
    pub quarter: Quarter,
    /// Its last day, or the day of the facts while it runs.
    pub last_day: Day,
    /// It is not over.
    pub running: bool,
    /// Deals won in it, largest first.
    pub won: Vec<&'a PackDeal>,
    /// Deals lost in it, largest first.
    pub lost: Vec<&'a PackDeal>,
    /// Deals created in it.
    pub created: Vec<&'a PackDeal>,
    /// Registrations submitted in it.
    pub submitted: Vec<&'a PackRegistration>,
    /// Registrations decided in it.
    pub decided: Vec<&'a PackRegistration>,
}

impl<'a> Period<'a> {
    /// Counts a quarter.
    pub fn new(facts: &'a PackFacts, quarter: Quarter) -> Self {
        let within = |day: Option<Day>| day.is_some_and(|x| facts.year.quarter_of(x) == quarter);
        let closed = |outcome| {
            let mut deals: Vec<_> = facts.deals.iter().filter(|x| x.outcome == outcome && within(x.close)).collect();
            largest_first(&mut deals, &facts.currency);
            deals
        };
        let today = facts.as_of.date_naive();
        let end = facts.year.last_day(quarter);
        Self {
            facts,
            quarter,
            last_day: end.min(today),
            running: today <= end,
            won: closed(Outcome::Won),
            lost: closed(Outcome::Lost),
            created: facts.deals.iter().filter(|x| within(x.created)).collect(),
            submitted: facts.registrations.iter().filter(|x| within(x.submitted)).collect(),
            decided: facts.registrations.iter().filter(|x| within(x.decided)).collect(),
        }
    }

    /// Closed won, by attribution.
    pub fn booked(&self, attribution: Attribution) -> Sums {
        Sums::of(self.won.iter().filter(|x| x.attribution == Some(attribution)).map(|x| &x.amount))
    }

    /// Closed won, all.
    pub fn booked_all(&self) -> Sums {
        Sums::of(self.won.iter().map(|x| &x.amount))
    }

    /// Won of won and lost, in percent.
    pub fn win_rate(&self) -> Option<Decimal> {
        share(Decimal::from(self.won.len()), Decimal::from(self.won.len() + self.lost.len()))
    }

    /// Average of the won deals that have an amount in the main currency, to the cent.
    pub fn average_size(&self) -> Option<Decimal> {
        let amounts: Vec<Decimal> = self
            .won
            .iter()
            .filter_map(|x| x.amount.as_ref())
            .filter(|x| x.currency == self.facts.currency)
            .map(|x| x.amount)
            .collect();
        let sum: Decimal = amounts.iter().sum();
        sum.checked_div(Decimal::from(amounts.len())).map(|x| x.round_dp(2))
    }

    /// Average days from created to won.
    pub fn cycle(&self) -> Option<u32> {
        let days: Vec<i64> =
            self.won.iter().filter_map(|x| Some((x.close? - x.created?).num_days())).filter(|x| *x >= 0).collect();
        let sum: i64 = days.iter().sum();
        let n = i64::try_from(days.len()).ok()?;
        u32::try_from((2 * sum + n).checked_div(2 * n)?).ok()
    }

    /// Those decided in it that were approved (and may have run on since).
    pub fn approved(&self) -> usize {
        self.decided.iter().filter(|x| was_approved(x.status)).count()
    }

    /// Those decided in it that were declined.
    pub fn declined(&self) -> Vec<&'a PackRegistration> {
        self.decided.iter().filter(|x| x.status == RegistrationStatus::Declined).copied().collect()
    }

    /// Median hours on the clock of those decided in it, to a tenth.
    pub fn decision_hours(&self) -> Option<Decimal> {
        let mut minutes: Vec<u32> = self.decided.iter().filter_map(|x| x.minutes_to_decide).collect();
        minutes.sort_unstable();
        let middle = minutes.len() / 2;
        let high = *minutes.get(middle)?;
        let low = if minutes.len().is_multiple_of(2) { *minutes.get(middle.checked_sub(1)?)? } else { high };
        Some((Decimal::from(u64::from(low) + u64::from(high)) / Decimal::from(120)).round_dp(1))
    }

    /// How many of the timed decisions kept the clock, and how many were timed.
    pub fn in_time(&self) -> (usize, usize) {
        let limit = self.facts.decision_hours.saturating_mul(60);
        let timed: Vec<u32> = self.decided.iter().filter_map(|x| x.minutes_to_decide).collect();
        (timed.iter().filter(|x| **x <= limit).count(), timed.len())
    }

    /// How many decisions that kept the clock were late in the CRM all the same, or are not there yet.
    pub fn late_sync(&self) -> usize {
        let limit = self.facts.decision_hours.saturating_mul(60);
        let kept = |x: &&&PackRegistration| x.minutes_to_decide.is_some_and(|minutes| minutes <= limit);
        let arrived_late = |x: &&&PackRegistration| x.minutes_to_reach.is_none_or(|minutes| minutes > limit);
        self.decided.iter().filter(kept).filter(arrived_late).count()
    }

    /// How many of those approved in it had their first meeting in time, of how many where that is known.
    pub fn met(&self) -> (usize, usize) {
        // Where no meeting was ever logged, nobody logs them, and none is missed.
        if !self.facts.registrations.iter().any(|x| x.met_in_time == Some(true)) {
            return (0, 0);
        }
        let known: Vec<bool> = self.decided.iter().filter_map(|x| x.met_in_time).collect();
        (known.iter().filter(|x| **x).count(), known.len())
    }

    /// Protections that ended in it without a deal that goes on under them.
    pub fn expired(&self) -> usize {
        let today = self.facts.as_of.date_naive();
        let ended = |x: &&PackRegistration| {
            matches!(x.status, RegistrationStatus::Approved | RegistrationStatus::Expired)
                && x.protection_end.is_some_and(|end| end < today && self.facts.year.quarter_of(end) == self.quarter)
        };
        self.facts.registrations.iter().filter(ended).count()
    }

    /// People with a valid certificate on its last day; `None` when holders are not known.
    pub fn certified(&self) -> Option<u32> {
        // One name at two partners of a program is two people, as in the numbers.
        let people: BTreeSet<(&PartnerId, &str)> = self
            .facts
            .certifications
            .iter()
            .filter(|x| is_valid(x, self.last_day))
            .filter_map(|x| Some((&x.partner, x.holder.as_deref()?)))
            .collect();
        let known = self.facts.certifications.iter().any(|x| x.holder.is_some());
        if known { u32::try_from(people.len()).ok() } else { None }
    }
}

/// Whether a status says that the registration has been approved at some time.
pub(crate) fn was_approved(status: RegistrationStatus) -> bool {
    matches!(status, RegistrationStatus::Approved | RegistrationStatus::Converted | RegistrationStatus::Expired)
}

/// Whether a certificate counts on a day (K-12): by its own days, and never while somebody still works on it.
pub(crate) fn is_valid(certificate: &PackCertification, day: Day) -> bool {
    !certificate.in_progress
        && certificate.earned.is_none_or(|x| x <= day)
        && certificate.expires.is_none_or(|x| x >= day)
}

/// Sorts by amount in the main currency, then other currencies, then by name and id.
pub(crate) fn largest_first(deals: &mut [&PackDeal], main: &Currency) {
    deals.sort_by(|a, b| {
        let key = |x: &PackDeal| {
            let amount = x.amount.as_ref();
            (amount.is_some_and(|x| &x.currency == main), amount.map(|x| x.amount))
        };
        key(b).cmp(&key(a)).then_with(|| called(a).cmp(&called(b))).then_with(|| a.id.cmp(&b.id))
    });
}

/// What a deal is called for a reader: the account, else its name, else that it has none.
pub(crate) fn called(deal: &PackDeal) -> String {
    deal.account.as_deref().or(deal.name.as_deref()).unwrap_or("Unnamed deal").to_owned()
}
