//! The fields that a partner deal should carry, whether they are there and fresh (F), and whether the deal is
//! stalled (W-02).
//!
//! Only deals with a partner or a motion are judged: a direct deal owes the program nothing. Staleness counts
//! from the go-live day at the earliest (S-12). The policy says which fields, in which order, and which of
//! them are hard (F-01); a field that this deal has no use for (protection without a registration, incumbent
//! of new business) is free and does not count.

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{Deal, DealKind, FieldState, Need};
use drumbeat_model::field::Field;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::ClockState;

use crate::clocks;
use crate::policy::Policy;
use crate::text;

/// The fields that a policy may ask of a deal: those that a [`Deal`] carries.
pub const JUDGED: [Field; 19] = [
    Field::Motion,
    Field::PartnerType,
    Field::Partner,
    Field::Attribution,
    Field::AttributionPct,
    Field::RegistrationId,
    Field::ProtectionStart,
    Field::ProtectionEnd,
    Field::DealKind,
    Field::Incumbent,
    Field::ContactRoles,
    Field::ConflictStatus,
    Field::LastActivityAt,
    Field::StageNotes,
    Field::NextStep,
    Field::NextStepOwner,
    Field::NextStepDue,
    Field::Amount,
    Field::CloseDate,
];

/// One field of a deal, judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldCheck {
    /// Which.
    pub field: Field,
    /// How much it is wanted on this deal.
    pub need: Need,
    /// Whether it is there and fresh.
    pub state: FieldState,
}

/// Whether the program looks at a deal at all.
#[must_use]
pub fn concerns(deal: &Deal) -> bool {
    deal.partner.is_some() || deal.motion.is_some()
}

/// The fields of F in the policy's order; none for a direct deal.
#[must_use]
pub fn fields(deal: &Deal, policy: &Policy, go_live: Option<Day>, now: Instant) -> Vec<FieldCheck> {
    if !concerns(deal) {
        return Vec::new();
    }
    policy
        .hygiene
        .fields
        .iter()
        .map(|&field| FieldCheck {
            field,
            need: need(deal, field, policy),
            state: state(deal, field, policy, go_live, now),
        })
        .collect()
}

/// Share of the wanted fields that are present and fresh, 0 to 100 (F-06); 100 where nothing is wanted.
#[must_use]
pub fn score(deal: &Deal, policy: &Policy, go_live: Option<Day>, now: Instant) -> u32 {
    let (mut wanted, mut good) = (0, 0);
    for check in fields(deal, policy, go_live, now).iter().filter(|check| check.need != Need::Free) {
        wanted += 1;
        good += u32::from(check.state == FieldState::Present);
    }
    // Rounded down: 100 is only said when nothing is left to do.
    (good * 100_u32).checked_div(wanted).unwrap_or(100)
}

/// The hard fields that are missing, in the policy's order (F-01).
#[must_use]
pub fn missing_hard(deal: &Deal, policy: &Policy, now: Instant) -> Vec<Field> {
    fields(deal, policy, None, now)
        .into_iter()
        .filter(|check| check.need == Need::Hard && check.state == FieldState::Missing)
        .map(|check| check.field)
        .collect()
}

/// Which of these fields are missing, beside the hard ones, in their order; none for a direct deal.
#[must_use]
pub fn missing_of(deal: &Deal, fields: &[Field], policy: &Policy, now: Instant) -> Vec<Field> {
    let missing = |field: &Field| {
        concerns(deal)
            && !policy.hygiene.hard.contains(field)
            && state(deal, *field, policy, None, now) == FieldState::Missing
    };
    fields.iter().copied().filter(missing).collect()
}

/// Why an open partner deal is stalled: over its stage's days, or past its close date. `None` when it is not.
#[must_use]
pub fn stalled(deal: &Deal, policy: &Policy, go_live: Option<Day>, now: Instant) -> Option<String> {
    let reasons: Vec<String> =
        [past_close_date(deal, go_live, now), over_stage(deal, policy, go_live, now)].into_iter().flatten().collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// The first day on which [`stalled`] holds for an open partner deal that nobody touches; `None` when it never does.
#[must_use]
pub fn stalled_on(deal: &Deal, policy: &Policy, go_live: Option<Day>) -> Option<Day> {
    if !concerns(deal) || deal.outcome != Outcome::Open {
        return None;
    }
    let past_close =
        deal.close_date.filter(|date| go_live.is_none_or(|day| *date >= day)).map(|date| text::plus_days(date, 1));
    let over_stage = deal.stage_entered_at.zip(policy.stage(deal.motion, deal.position)).map(|(entered, stage)| {
        text::plus_days(text::not_before(entered, go_live).date_naive(), stage.days.saturating_add(1))
    });
    past_close.into_iter().chain(over_stage).min()
}

/// How far an open partner deal is past its close date, in words. A date before go-live is baseline (S-12).
#[must_use]
pub fn past_close_date(deal: &Deal, go_live: Option<Day>, now: Instant) -> Option<String> {
    let date = deal.close_date.filter(|_| concerns(deal) && deal.outcome == Outcome::Open)?;
    let today = now.date_naive();
    let baseline = go_live.is_some_and(|day| date < day);
    (date < today && !baseline)
        .then(|| format!("{} past the close date", text::count(text::days_between(date, today), "day")))
}

/// How far an open partner deal is over its stage's days, in words; the days count from go-live at the earliest.
#[must_use]
pub fn over_stage(deal: &Deal, policy: &Policy, go_live: Option<Day>, now: Instant) -> Option<String> {
    let entered = deal.stage_entered_at.filter(|_| concerns(deal) && deal.outcome == Outcome::Open)?;
    let stage = policy.stage(deal.motion, deal.position)?;
    let since = text::not_before(entered, go_live).date_naive();
    let over =
        text::days_between(since, now.date_naive()).checked_sub(u64::from(stage.days)).filter(|days| *days > 0)?;
    Some(format!(
        "{} over the {} of {}",
        text::count(over, "day"),
        text::count(u64::from(stage.days), "day"),
        stage.name
    ))
}

fn need(deal: &Deal, field: Field, policy: &Policy) -> Need {
    let applies = match field {
        Field::ProtectionStart | Field::ProtectionEnd => deal.registration.is_some() || deal.protection_end.is_some(),
        Field::Incumbent => matches!(deal.deal_kind, Some(DealKind::Renewal | DealKind::Expansion)),
        // A closed deal has no next step and no fresh notes to wait for.
        Field::NextStep | Field::NextStepOwner | Field::NextStepDue => deal.outcome == Outcome::Open,
        _ => true,
    };
    if policy.hygiene.hard.contains(&field) {
        Need::Hard
    } else if applies {
        Need::Advised
    } else {
        Need::Free
    }
}

fn state(deal: &Deal, field: Field, policy: &Policy, go_live: Option<Day>, now: Instant) -> FieldState {
    let there = |is: bool| if is { FieldState::Present } else { FieldState::Missing };
    let stale_if = |is: bool| if is { FieldState::Stale } else { FieldState::Present };
    let open = deal.outcome == Outcome::Open;
    let today = now.date_naive();
    let text_there = |value: &Option<String>| there(text::there(value.as_deref()));
    match field {
        Field::Motion => there(deal.motion.is_some()),
        Field::PartnerType => text_there(&deal.partner_type),
        Field::Partner => there(deal.partner.is_some()),
        Field::Attribution => there(deal.attribution.is_some()),
        Field::AttributionPct => there(deal.attribution_pct.is_some()),
        Field::RegistrationId => there(deal.registration.is_some()),
        Field::ProtectionStart => there(deal.protection_start.is_some()),
        // F-03: ended, or about to.
        Field::ProtectionEnd => match deal.protection_end {
            None => FieldState::Missing,
            Some(end) => stale_if(open && end <= policy.after(today, policy.clocks.protection_ends)),
        },
        Field::DealKind => there(deal.deal_kind.is_some()),
        Field::Incumbent => there(deal.incumbent.is_some()),
        Field::ContactRoles => text_there(&deal.contact_roles),
        Field::ConflictStatus => there(deal.conflict_status.is_some()),
        Field::LastActivityAt => there(deal.last_activity_at.is_some()),
        // F-02: notes without a date cannot be fresh.
        Field::StageNotes if !text::there(deal.stage_notes.as_deref()) => FieldState::Missing,
        Field::StageNotes => stale_if(open && stale_notes(deal, policy, go_live, now).is_some()),
        Field::NextStep => text_there(&deal.next_step),
        Field::NextStepOwner => there(deal.next_step_owner.is_some()),
        Field::NextStepDue => match deal.next_step_due {
            None => FieldState::Missing,
            Some(due) => stale_if(open && due < today),
        },
        Field::Amount => there(deal.amount.is_some()),
        Field::CloseDate => there(deal.close_date.is_some()),
        // The policy refuses any other field.
        _ => FieldState::Present,
    }
}

/// How old the stage notes are, in words, when they are stale (F-02); absent notes are missing, not stale.
#[must_use]
pub fn stale_notes(deal: &Deal, policy: &Policy, go_live: Option<Day>, now: Instant) -> Option<String> {
    if !text::there(deal.stage_notes.as_deref()) {
        return None;
    }
    match deal.stage_notes_at {
        Some(at) => {
            let clock = clocks::notes(clocks::Notes { at, next: None }, &clocks::Watch { policy, go_live, now });
            let age = || format!("notes are {} old", text::count(text::age_in_days(at, now), "day"));
            (clock.state == ClockState::Over).then(age)
        }
        None => Some("notes without a date".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;
    use crate::sample::{any_deal, at, date, deal, now};
    use drumbeat_model::deal::Motion;
    use proptest::prelude::*;

    fn policy() -> Policy {
        Policy::built_in()
    }

    fn state_of(deal: &Deal, field: Field) -> (Need, FieldState) {
        let check = fields(deal, &policy(), None, now()).into_iter().find(|check| check.field == field).unwrap();
        (check.need, check.state)
    }

    #[test]
    fn a_full_deal_has_every_field_and_a_direct_one_owes_none() {
        assert_eq!(score(&deal(), &policy(), None, now()), 100);
        assert_eq!(missing_hard(&deal(), &policy(), now()), []);
        assert_eq!(fields(&deal(), &policy(), None, now()).len(), policy().hygiene.fields.len());
        let direct = Deal { partner: None, motion: None, close_date: Some(date("2020-01-01")), ..deal() };
        assert_eq!(fields(&direct, &policy(), None, now()), []);
        assert_eq!(score(&direct, &policy(), None, now()), 100);
        assert_eq!(stalled(&direct, &policy(), None, now()), None);
    }

    #[test]
    fn each_field_is_judged() {
        use FieldState::{Missing, Present, Stale};
        use Need::{Advised, Free, Hard};
        type Bend = fn(&mut Deal);
        let cases: [(&str, Field, Bend, Need, FieldState); 14] = [
            ("no partner", Field::Partner, |d| d.partner = None, Hard, Missing),
            ("blank roles", Field::ContactRoles, |d| d.contact_roles = Some(" ".into()), Hard, Missing),
            ("no notes", Field::StageNotes, |d| d.stage_notes = None, Hard, Missing),
            ("notes of 7 days", Field::StageNotes, |d| d.stage_notes_at = Some(at("2026-11-12")), Hard, Present),
            ("notes of 8 days", Field::StageNotes, |d| d.stage_notes_at = Some(at("2026-11-10")), Hard, Stale),
            ("notes without a date", Field::StageNotes, |d| d.stage_notes_at = None, Hard, Stale),
            (
                "old notes of a won deal",
                Field::StageNotes,
                |d| {
                    d.stage_notes_at = Some(at("2025-11-10"));
                    d.outcome = Outcome::Won;
                },
                Hard,
                Present,
            ),
            (
                "protection in 8 days",
                Field::ProtectionEnd,
                |d| d.protection_end = Some(date("2026-11-27")),
                Advised,
                Present,
            ),
            (
                "protection in 7 days",
                Field::ProtectionEnd,
                |d| d.protection_end = Some(date("2026-11-26")),
                Advised,
                Stale,
            ),
            ("new business has no incumbent", Field::Incumbent, |_| {}, Free, Missing),
            ("a renewal has one", Field::Incumbent, |d| d.deal_kind = Some(DealKind::Renewal), Advised, Missing),
            ("next step is late", Field::NextStepDue, |d| d.next_step_due = Some(date("2026-11-18")), Advised, Stale),
            ("no next step", Field::NextStep, |d| d.next_step = None, Advised, Missing),
            (
                "a lost deal needs none",
                Field::NextStep,
                |d| {
                    d.next_step = None;
                    d.outcome = Outcome::Lost;
                },
                Free,
                Missing,
            ),
        ];
        for (name, field, bend, need, state) in cases {
            let mut deal = deal();
            bend(&mut deal);
            assert_eq!(state_of(&deal, field), (need, state), "{name}");
        }
    }

    #[test]
    fn the_score_is_the_share_of_what_is_wanted() {
        // Sixteen fields are wanted of new business; two are missing.
        let deal = Deal { attribution: None, next_step_due: None, ..deal() };
        assert_eq!(score(&deal, &policy(), None, now()), 14 * 100 / 16);
        assert_eq!(missing_hard(&deal, &policy(), now()), [Field::Attribution]);
    }

    #[test]
    fn stalled_says_why() {
        let over = Deal { stage_entered_at: Some(at("2026-10-20")), ..deal() };
        let late = Deal { close_date: Some(date("2026-11-18")), ..deal() };
        let both = Deal { close_date: late.close_date, ..over.clone() };
        let off_the_way = Deal { position: 0, ..over.clone() };
        let other_motion = Deal { motion: Some(Motion::Tech), ..over.clone() };
        let closed = Deal { outcome: Outcome::Lost, ..both.clone() };
        for (name, deal, go_live, expected) in [
            ("in time", &deal(), None, None),
            ("over the stage", &over, None, Some("9 days over the 21 days of Qualification")),
            ("past the close date", &late, None, Some("1 day past the close date")),
            ("both", &both, None, Some("1 day past the close date; 9 days over the 21 days of Qualification")),
            ("its stage is not mapped", &off_the_way, None, None),
            ("30 days are fine in tech", &other_motion, None, None),
            ("closed", &closed, None, None),
            ("all before go-live", &both, Some(date("2026-11-19")), None),
        ] {
            assert_eq!(stalled(deal, &policy(), go_live, now()).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn what_was_old_on_the_go_live_day_gets_a_week() {
        let deal = Deal { stage_notes_at: Some(at("2025-01-01")), ..deal() };
        assert_eq!(stale_notes(&deal, &policy(), Some(date("2026-11-15")), now()), None);
        assert!(stale_notes(&deal, &policy(), Some(date("2026-11-10")), now()).unwrap().contains("686 days"));
    }

    proptest! {
        #[test]
        fn any_deal_is_judged_and_the_day_of_stalling_is_the_first_stalled_one(deal in any_deal(), live in 0_i64..400) {
            let go_live = (live % 3 != 0).then(|| now().date_naive() - chrono::TimeDelta::days(live));
            prop_assert!(score(&deal, &policy(), go_live, now()) <= 100);
            let on = stalled_on(&deal, &policy(), go_live);
            let is = stalled(&deal, &policy(), go_live, now()).is_some();
            prop_assert_eq!(is, on.is_some_and(|day| day <= now().date_naive()), "{:?}", on);
        }
    }
}
