//! What a policy must hold beyond its form: order, fields that a rule can judge, placeholders that a message
//! can fill, values that fit together. Each problem names the place of its value.

use std::collections::BTreeSet;

use drumbeat_model::field::Field;

use super::{CriterionRule, Policy};
use crate::clocks::Rule;
use crate::hygiene::{self, JUDGED};
use crate::{checks, messages};

/// A value that does not fit, by its place in the file.
pub(super) struct Misfit {
    pub path: String,
    pub message: String,
    pub advice: String,
}

/// Fields that say what is thought of others; no policy shows them to a partner (V-01).
const ALWAYS_INTERNAL: [Field; 4] = [Field::Competitors, Field::ConflictStatus, Field::ConflictNotes, Field::LastOp];

struct Misfits(Vec<Misfit>);

impl Misfits {
    fn say(&mut self, path: impl Into<String>, message: impl Into<String>, advice: impl Into<String>) {
        self.0.push(Misfit { path: path.into(), message: message.into(), advice: advice.into() });
    }

    fn unless(&mut self, holds: bool, path: &str, message: &str, advice: &str) {
        if !holds {
            self.say(path, message, advice);
        }
    }
}

/// Everything that does not fit.
pub(super) fn misfits(policy: &Policy) -> Vec<Misfit> {
    let mut all = Misfits(Vec::new());
    numbers(policy, &mut all);
    stages(policy, &mut all);
    time(policy, &mut all);
    measures(policy, &mut all);
    fields(policy, &mut all);
    texts(policy, &mut all);
    all.0
}

fn numbers(policy: &Policy, all: &mut Misfits) {
    let (r, p) = (&policy.registration, &policy.protection);
    all.unless(
        r.close_date.min_days <= r.close_date.max_days,
        "registration.close_date.min_days",
        "close_date.min_days is more than close_date.max_days",
        "Lower the one or raise the other",
    );
    all.unless(
        policy.matching.look_percent <= policy.matching.sure_percent,
        "matching.look_percent",
        "look_percent is more than sure_percent",
        "Lower the one or raise the other",
    );
    all.unless(
        p.choices.contains(&p.default_days),
        "protection.default_days",
        "default_days is not one of the choices",
        "Add it to choices, or take one of them",
    );
    all.unless(
        p.choices.iter().all(|days| (1..=36_525).contains(days)),
        "protection.choices",
        "one of the choices is out of range",
        "Write days from 1 to 36525",
    );
    for (name, rule) in
        [("registered", &policy.tiers.registered), ("select", &policy.tiers.select), ("elite", &policy.tiers.elite)]
    {
        let [from, to] = rule.discount;
        all.unless(
            from <= to && to <= 100,
            &format!("tiers.{name}.discount"),
            "a discount band goes from the lower to the higher percentage, at most 100",
            "Write e.g. [10, 20]",
        );
    }
    let tiers = &policy.tiers;
    for (lower, (name, upper)) in
        [(&tiers.registered, ("select", &tiers.select)), (&tiers.select, ("elite", &tiers.elite))]
    {
        for (criterion, below, above) in [
            ("bookings", lower.bookings, upper.bookings),
            ("deals_won", lower.deals_won, upper.deals_won),
            ("registrations", lower.registrations, upper.registrations),
            ("certified", lower.certified, upper.certified),
            ("hygiene", lower.hygiene, upper.hygiene),
        ] {
            all.unless(
                below.zip(above).is_none_or(|(below, above)| below <= above),
                &format!("tiers.{name}.{criterion}"),
                "a tier asks for less than the tier below it",
                "Raise the one or lower the other",
            );
        }
    }
    if let Some(motion) = policy.motions.primary.iter().find(|motion| !policy.motions.on.contains(motion)) {
        all.say(
            "motions.primary",
            format!("{} is primary but not on", motion.name()),
            "Add it to on, or choose another",
        );
    }
}

fn stages(policy: &Policy, all: &mut Misfits) {
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
            let message = format!("{key} has {} stages; five are needed", list.len());
            all.say(format!("stages.{key}"), message, "Add or take out stages until there are five");
        }
        for stage in list {
            criteria(&format!("stages.{key}"), &stage.name, &stage.criteria, all);
            if let Some(field) = stage.fields.iter().find(|field| !JUDGED.contains(field)) {
                let message = format!("{} asks for {}, which no deal is judged by", stage.name, field.name());
                all.say(format!("stages.{key}"), message, "Take it out, or choose one of those in hygiene.fields");
            }
        }
    }
    criteria("stages.entry", "entry", &stages.entry, all);
}

/// What was confirmed is kept by the name of its criterion: it has to be one, and the only one in its stage.
fn criteria(path: &str, stage: &str, list: &[CriterionRule], all: &mut Misfits) {
    for (place, rule) in list.iter().enumerate() {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if rule.id.is_empty() || !rule.id.chars().all(fits) {
            let message = format!("{stage} has a criterion named “{}”", rule.id);
            all.say(path, message, "Use small letters, digits and _");
        }
        if list[..place].iter().any(|other| other.id == rule.id) {
            all.say(path, format!("{stage} has two criteria named {}", rule.id), "Give each its own name");
        }
        if rule.says.trim().is_empty() {
            all.say(path, format!("the criterion {} of {stage} says nothing", rule.id), "Say what must hold");
        }
    }
}

fn measures(policy: &Policy, all: &mut Misfits) {
    for (path, words) in
        [("metrics.services", &policy.metrics.services), ("metrics.integrations", &policy.metrics.integrations)]
    {
        // It would stand in whatever a deal lists.
        all.unless(words.iter().all(|word| !word.trim().is_empty()), path, "a word is empty", "Take it out");
    }
}

fn time(policy: &Policy, all: &mut Misfits) {
    let calendar = &policy.calendar;
    all.unless(
        calendar.from < calendar.to,
        "calendar.to",
        "the working day ends before it begins",
        "Write a time after calendar.from",
    );
    all.unless(!calendar.days.is_empty(), "calendar.days", "no day is a working day", "Write e.g. [\"mon\", \"tue\"]");
    let clocks: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    if let Some(rule) = policy.notifications.rules.iter().find(|rule| !clocks.contains(&rule.as_str())) {
        let rule: String = rule.chars().take(20).collect();
        all.say(
            "notifications.rules",
            format!("there is no clock {rule} to tell of"),
            format!("Take it out; there are {}", clocks.join(", ")),
        );
    }
}

fn fields(policy: &Policy, all: &mut Misfits) {
    let r = &policy.registration;
    for (key, list) in [
        ("required.lead", &r.required.lead),
        ("required.deal", &r.required.deal),
        ("advised.lead", &r.advised.lead),
        ("advised.deal", &r.advised.deal),
    ] {
        if let Some(field) = list.iter().find(|field| !checks::required_fields::JUDGED.contains(field)) {
            let message = format!("{key}: a registration has no field {} to ask for", field.name());
            all.say(format!("registration.{key}"), message, "Take it out");
        }
    }
    if let Some(field) = policy.hygiene.fields.iter().find(|field| !hygiene::JUDGED.contains(field)) {
        all.say("hygiene.fields", format!("fields: {} cannot be judged on a deal", field.name()), "Take it out");
    }
    if let Some(field) = policy.hygiene.hard.iter().find(|field| !policy.hygiene.fields.contains(field)) {
        let message = format!("hard: {} is not one of the fields", field.name());
        all.say("hygiene.hard", message, "Add it to fields, or take it out here");
    }
    let lists = policy.safelist.by_type.iter().map(|(kind, list)| (format!("safelist.by_type.{}", kind.name()), list));
    for (path, list) in lists.chain([("safelist.partner".to_owned(), &policy.safelist.partner)]) {
        if let Some(field) = list.iter().find(|field| ALWAYS_INTERNAL.contains(field)) {
            all.say(path, format!("partner: {} is always internal", field.name()), "Take it out");
        }
    }
    twice(all, "registration.who_wins", &r.who_wins);
    twice(all, "conflicts.hierarchy", &policy.conflicts.hierarchy);
    twice(all, "routing.order", &policy.routing.order);
    twice(all, "motions.on", &policy.motions.on);
}

fn twice<T: Ord + Copy>(all: &mut Misfits, path: &str, list: &[T]) {
    let once: BTreeSet<T> = list.iter().copied().collect();
    all.unless(once.len() == list.len(), path, "the same word stands here twice", "Take one of them out");
}

fn texts(policy: &Policy, all: &mut Misfits) {
    let m = &policy.messages;
    let l = &policy.letters;
    for (part, key, template) in [
        ("messages", "approve", &m.approve),
        ("messages", "decline", &m.decline),
        ("messages", "ask", &m.ask),
        ("letters", "channel_awarded", &l.channel_awarded),
        ("letters", "channel_not_awarded", &l.channel_not_awarded),
        ("letters", "channel_shared", &l.channel_shared),
        ("letters", "channel_appeal_refused", &l.channel_appeal_refused),
        ("letters", "appeal_stands", &l.appeal_stands),
        ("letters", "appeal_granted", &l.appeal_granted),
        ("letters", "extended", &l.extended),
        ("letters", "extension_refused", &l.extension_refused),
        ("letters", "ending_soon", &l.ending_soon),
        ("letters", "untouched", &l.untouched),
        ("letters", "released", &l.released),
        ("letters", "reassigned", &l.reassigned),
        ("letters", "expired", &l.expired),
        ("letters", "withdrawn", &l.withdrawn),
        ("letters", "deal_won", &l.deal_won),
        ("letters", "deal_lost", &l.deal_lost),
        ("letters", "hold_confirmed", &l.hold_confirmed),
        ("letters", "hold_lapsed", &l.hold_lapsed),
    ] {
        if let Some(name) = messages::unknown_placeholder(template) {
            let message = format!("{key}: there is no placeholder {{{name}}}");
            all.say(
                format!("{part}.{key}"),
                message,
                "Take it out; the comment above the messages names those there are",
            );
        }
    }
}
