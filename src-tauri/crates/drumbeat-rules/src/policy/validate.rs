//! What a policy must hold beyond its form: ranges, order, fields that a rule can judge, placeholders
//! that a message can fill. The first problem is reported at its key.

use drumbeat_model::field::Field;

use super::Policy;
use crate::{checks, hygiene, messages};

/// A wrong value, by the table and key where it stands.
pub(super) struct Problem {
    pub section: &'static str,
    pub key: &'static str,
    pub message: String,
}

fn problem(section: &'static str, key: &'static str, message: impl Into<String>) -> Option<Problem> {
    Some(Problem { section, key, message: message.into() })
}

/// A century: longer is a slip of the finger, and days stay far inside what a calendar can hold.
const MOST_DAYS: u32 = 36_525;

/// Fields that say what is thought of others; no policy shows them to a partner (V-01).
const ALWAYS_INTERNAL: [Field; 4] = [Field::Competitors, Field::ConflictStatus, Field::ConflictNotes, Field::LastOp];

pub(super) fn first_problem(policy: &Policy) -> Option<Problem> {
    numbers(policy).or_else(|| lists(policy)).or_else(|| texts(policy))
}

fn numbers(policy: &Policy) -> Option<Problem> {
    if policy.version == 0 {
        return problem("", "version", "version starts at 1");
    }
    let (c, r, p, s) = (&policy.clocks, &policy.registration, &policy.protection, &policy.signals);
    for (section, key, value) in [
        ("clocks", "decision_hours", c.decision_hours),
        ("clocks", "notes_stale_days", c.notes_stale_days),
        ("clocks", "next_step_days", c.next_step_days),
        ("clocks", "protection_ends_soon_days", c.protection_ends_soon_days),
        ("clocks", "first_meeting_days", c.first_meeting_days),
        ("clocks", "certification_reminder_days", c.certification_reminder_days),
        ("registration", "lapsed_claims_months", r.lapsed_claims_months.saturating_mul(30)),
        ("registration", "active_cycle_days", r.active_cycle_days),
        ("registration", "net_new_months", r.net_new_months.saturating_mul(30)),
        ("registration", "close_date.max_days", r.close_date.max_days),
        ("protection", "default_days", p.default_days),
        ("protection", "untouched_days", p.untouched_days),
        ("signals", "owner_change_days", s.owner_change_days),
        ("signals", "protection_ends_days", s.protection_ends_days),
        ("review", "discussed", policy.review.discussed),
        ("review", "minutes", policy.review.minutes),
    ] {
        if !(1..=MOST_DAYS).contains(&value) {
            return problem(section, key, format!("{key} is at least 1 and at most a century"));
        }
    }
    for (key, weight) in [
        ("conflict_active", s.conflict_active),
        ("conflict_risk", s.conflict_risk),
        ("owner_change", s.owner_change),
        ("past_close_date", s.past_close_date),
        ("close_date_slipped", s.close_date_slipped),
        ("stalled", s.stalled),
        ("protection_ends", s.protection_ends),
        ("stale_notes", s.stale_notes),
        ("missing_field", s.missing_field),
    ] {
        if weight > 1000 {
            return problem("signals", key, format!("{key}: a weight is at most 1000"));
        }
    }
    if r.close_date.min_days > r.close_date.max_days {
        return problem("registration", "close_date.min_days", "close_date.min_days is more than close_date.max_days");
    }
    if !p.choices.contains(&p.default_days) {
        return problem("protection", "default_days", "default_days is not one of the choices");
    }
    if p.choices.iter().any(|days| !(1..=MOST_DAYS).contains(days)) {
        return problem("protection", "choices", "each of the choices is at least 1 and at most a century");
    }
    if policy.capacity.warn_at_percent > 100 {
        return problem("capacity", "warn_at_percent", "warn_at_percent is at most 100");
    }
    if policy.capacity.per_partner == Some(0) {
        return problem("capacity", "per_partner", "per_partner is at least 1; leave it out for no limit");
    }
    None
}

fn lists(policy: &Policy) -> Option<Problem> {
    let stages = &policy.stages;
    for (key, list) in [
        ("referral", &stages.referral),
        ("reseller", &stages.reseller),
        ("marketplace", &stages.marketplace),
        ("services", &stages.services),
        ("tech", &stages.tech),
        ("generic", &stages.generic),
    ] {
        if list.len() != 5 {
            return problem("stages", key, format!("{key} has {} stages; five are needed", list.len()));
        }
        if list.iter().any(|stage| !(1..=MOST_DAYS).contains(&stage.days)) {
            return problem("stages", key, format!("{key}: the days of a stage are at least 1 and at most a century"));
        }
    }
    if let Some(motion) = policy.motions.primary.iter().find(|motion| !policy.motions.on.contains(motion)) {
        return problem("motions", "primary", format!("{} is primary but not on", motion.name()));
    }
    for (section, rule) in [
        ("tiers.registered", &policy.tiers.registered),
        ("tiers.select", &policy.tiers.select),
        ("tiers.elite", &policy.tiers.elite),
    ] {
        let [from, to] = rule.discount;
        if from > to || to > 100 {
            return problem(
                section,
                "discount",
                "a discount band goes from the lower to the higher percentage, at most 100",
            );
        }
    }
    let r = &policy.registration;
    for (key, list) in [
        ("required.lead", &r.required.lead),
        ("required.deal", &r.required.deal),
        ("advised.lead", &r.advised.lead),
        ("advised.deal", &r.advised.deal),
    ] {
        if let Some(field) = list.iter().find(|field| !checks::required_fields::JUDGED.contains(field)) {
            return problem(
                "registration",
                key,
                format!("{key}: a registration has no field {} to ask for", field.name()),
            );
        }
    }
    if let Some(field) = policy.hygiene.fields.iter().find(|field| !hygiene::JUDGED.contains(field)) {
        return problem("hygiene", "fields", format!("fields: {} cannot be judged on a deal", field.name()));
    }
    if let Some(field) = policy.hygiene.hard.iter().find(|field| !policy.hygiene.fields.contains(field)) {
        return problem("hygiene", "hard", format!("hard: {} is not one of the fields", field.name()));
    }
    if let Some(field) = policy.safelist.partner.iter().find(|field| ALWAYS_INTERNAL.contains(field)) {
        return problem("safelist", "partner", format!("partner: {} is always internal", field.name()));
    }
    None
}

fn texts(policy: &Policy) -> Option<Problem> {
    let m = &policy.messages;
    for (key, template) in [("approve", &m.approve), ("decline", &m.decline), ("ask", &m.ask)] {
        if let Some(name) = messages::unknown_placeholder(template) {
            return problem("messages", key, format!("{key}: there is no placeholder {{{name}}}"));
        }
    }
    None
}

/// Byte at which `key` of `[section]` stands in the text; where the section begins when the key is written
/// in another way, so that the place is near at least.
pub(super) fn locate(text: &str, section: &str, key: &str) -> usize {
    let mut here = section.is_empty();
    let mut at = 0;
    let mut section_at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if let Some(header) = bare.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            here = header.trim() == section;
            if here {
                section_at = at;
            }
        } else if here && bare.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            return at + (line.len() - line.trim_start().len());
        }
        at += line.len();
    }
    section_at
}
