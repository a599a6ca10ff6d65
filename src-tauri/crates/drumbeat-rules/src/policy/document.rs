//! The policy in sentences: as a document in the window, and as rules of engagement for partners (G-04).
//!
//! Every sentence carries the rule's id and its value. What partners are sent is a list of its own
//! ([`PUBLISHED`]): lists of accounts, discounts, weights and who works where stay inside.

use drumbeat_model::deal::Motion;
use drumbeat_model::field::Field;
use drumbeat_model::partner::Tier;
use drumbeat_model::policy::{PolicySection, PolicySentence};
use drumbeat_model::registration::{DeclineReason, RegistrationKind};
use drumbeat_model::time::FiscalYear;

use super::{Policy, TierRule};
use crate::text;

/// Parts that partners are sent.
const PUBLISHED: &[&str] = &[
    "motions",
    "stages",
    "registration",
    "decisions",
    "protection",
    "appeals",
    "certification",
    "tiers",
    "conflicts",
    "attribution",
    "clocks",
    "calendar",
    "safelist",
];

/// A section in the making.
struct Section(PolicySection);

impl Section {
    fn new(key: &str, title: &str) -> Self {
        Self(PolicySection { key: key.to_owned(), title: title.to_owned(), sentences: Vec::new() })
    }

    fn says(mut self, rule: &str, text: impl Into<String>) -> Self {
        self.0.sentences.push(PolicySentence { rule: rule.to_owned(), text: text.into() });
        self
    }

    fn says_all(mut self, sentences: impl IntoIterator<Item = (String, String)>) -> Self {
        self.0.sentences.extend(sentences.into_iter().map(|(rule, text)| PolicySentence { rule, text }));
        self
    }
}

/// The whole policy in sentences.
#[must_use]
pub fn document(policy: &Policy) -> Vec<PolicySection> {
    let sections = [
        motions(policy),
        stages(policy),
        registration(policy),
        decisions(policy),
        protection(policy),
        appeals(policy),
        certification(policy),
        tiers(policy),
        conflicts(policy),
        attribution(policy),
        clocks(policy),
        calendar(policy),
        safelist(policy),
        discounts(policy),
        accounts(policy),
        routing(policy),
        review(policy),
        notifications(policy),
    ];
    sections.into_iter().map(|section| section.0).collect()
}

fn names<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.as_slice() {
        [] => "none".to_owned(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn listed(words: &[String]) -> String {
    names(words.iter().map(String::as_str))
}

fn fields(list: &[Field]) -> String {
    let labels: Vec<String> = list.iter().map(|field| field.label().to_lowercase()).collect();
    names(labels.iter().map(String::as_str))
}

fn kinds(list: &[RegistrationKind]) -> String {
    names(list.iter().map(|kind| match kind {
        RegistrationKind::Lead => "lead registrations",
        RegistrationKind::Deal => "deal registrations",
    }))
}

fn days(count: u32) -> String {
    text::count(count.into(), "day")
}

fn motions(policy: &Policy) -> Section {
    let rule = &policy.motions;
    let on = names(rule.on.iter().map(|motion| motion.label()));
    let first = names(rule.primary.iter().map(|motion| motion.label()));
    Section::new("motions", "Motions")
        .says("M-13", format!("The program runs these motions: {on}."))
        .says("M-13", format!("{first} come first in a review."))
        .says("M-13", format!("Co-sell is {}.", rule.cosell.label()))
}

fn stages(policy: &Policy) -> Section {
    let on = policy.motions.on.iter().map(|motion| Some(*motion)).chain([None]);
    let says = |rules: &[super::CriterionRule]| names(rules.iter().map(|rule| rule.says.as_str()));
    let evidence = if policy.stages.evidence { ", with evidence" } else { "" };
    let entry = match policy.stages.entry.as_slice() {
        [] => "No more is asked of a deal that leaves its first stage than its criteria.".to_owned(),
        rules => format!("Before work starts, when a deal leaves its first stage: {}.", says(rules)),
    };
    Section::new("stages", "Stages")
        .says("M-10", entry)
        .says("M", format!("What the data cannot tell a person confirms{evidence}."))
        .says_all(on.map(|motion: Option<Motion>| {
            let name = motion.map_or("Deals without a motion", Motion::label);
            let stage = |stage: &super::StageRule| {
                let exit = if stage.criteria.is_empty() { stage.exit.clone() } else { says(&stage.criteria) };
                format!("{} ({}; {}; {exit})", stage.name, days(stage.days), stage.role.label().to_lowercase())
            };
            let list: Vec<String> = policy.stages_of(motion).iter().map(stage).collect();
            ("M".to_owned(), format!("{name}: {}.", list.join("; ")))
        }))
}

fn registration(policy: &Policy) -> Section {
    let r = &policy.registration;
    Section::new("registration", "Registering")
        .says("R-04.1", format!("A lead registration says {}.", fields(&r.required.lead)))
        .says("R-04.1", format!("A deal registration says {}.", fields(&r.required.deal)))
        .says("R-04.2", format!("The contact's consent is needed for {}.", kinds(&r.consent)))
        .says("R-04.12", format!("Proof of work is needed for {}.", kinds(&r.proof_of_work)))
        .says(
            "R-04.3",
            format!(
                "Partners who are {} may register.",
                names(r.partner_status.allowed.iter().map(|status| status.label()))
            ),
        )
        .says(
            "R-04.13",
            format!("A close date lies {} to {} ahead.", r.close_date.min_days, days(r.close_date.max_days)),
        )
        .says(
            "R-05",
            format!(
                "An account with a deal won in the last {} is not net-new.",
                text::of_last(r.net_new_months, "month")
            ),
        )
        .says(
            "R-04.10",
            format!("An open deal without a partner counts as an active cycle for {}.", days(r.active_cycle_days)),
        )
        .says(
            "R-04.9",
            format!(
                "Claims that lapsed in the last {} are shown beside a new one.",
                text::of_last(r.lapsed_claims_months, "month")
            ),
        )
}

fn decisions(policy: &Policy) -> Section {
    let wins = names(policy.registration.who_wins.iter().map(|rule| rule.label()));
    let capacity = match policy.capacity.per_partner {
        Some(limit) => format!("One partner holds at most {limit} protections at once."),
        None => "There is no limit to the protections that one partner holds.".to_owned(),
    };
    let reasons = DeclineReason::ALL.iter().map(|reason| policy.decline(*reason).label.as_str());
    Section::new("decisions", "Decisions")
        .says(
            "S-02",
            format!(
                "A registration is decided within {}. The time stands still while the partner owes an answer.",
                policy.clocks.decision
            ),
        )
        .says("R-08", format!("Between two claims on one company these decide, in this order: {wins}."))
        .says("R-04.8", capacity)
        .says("R-07", format!("A registration is declined for one of these reasons: {}.", names(reasons)))
}

fn protection(policy: &Policy) -> Section {
    let p = &policy.protection;
    let choices: Vec<String> = p.choices.iter().map(ToString::to_string).collect();
    let evidence = |list: &[super::Evidence]| names(list.iter().map(|kind| kind.label()));
    let extension = match p.extension.times {
        0 => "A protection is not extended.".to_owned(),
        times => format!(
            "It is extended by {}, at most {}, with evidence of progress: one of {}.",
            days(p.extension.days),
            text::count(times.into(), "time"),
            evidence(&p.extension.evidence)
        ),
    };
    let lead = if p.lead.needs_first_meeting { ", when the first meeting takes place in time" } else { "" };
    Section::new("protection", "Protection")
        .says(
            "R-06",
            format!(
                "Protection lasts {} ({} can be chosen) and starts {}.",
                days(p.default_days),
                names(choices.iter().map(String::as_str)),
                p.starts.label()
            ),
        )
        .says("R-06", extension)
        .says("R-06", format!("Untouched for {}, {}.", days(p.untouched_days), p.untouched.label()))
        .says(
            "R-06",
            format!("After a warning a partner has {} before a release.", days(policy.lifecycle.after_warning_days)),
        )
        .says(
            "LEAD-13",
            match policy.lifecycle.cooling_off_days {
                0 => "A partner may claim a company again at once.".to_owned(),
                n => {
                    format!("For {} after its claim has ended, a new claim of the same partner is looked at.", days(n))
                }
            },
        )
        .says("LEAD-06", format!("A lead holds its account for {}{lead}.", days(p.lead.days)))
        .says("S-10", format!("The partner books the first meeting within {}.", policy.clocks.first_meeting))
        .says("S-09", format!("A reminder comes {} before the protection ends.", policy.clocks.protection_ends))
}

fn appeals(policy: &Policy) -> Section {
    let evidence = names(policy.appeals.evidence.iter().map(|kind| kind.label()));
    Section::new("appeals", "Appeals").says(
        "R-03",
        format!("A declined partner can appeal within {} with evidence: one of {evidence}.", days(policy.appeals.days)),
    )
}

fn certification(policy: &Policy) -> Section {
    let c = &policy.certification;
    let motions = names(c.motions.iter().map(|motion| motion.label()));
    let which = if c.certificates.is_empty() {
        "Any certificate counts while it is valid.".to_owned()
    } else {
        format!("These certificates count while they are valid: {}.", names(c.certificates.iter().map(String::as_str)))
    };
    Section::new("certification", "Certificates")
        .says("T-03", format!("A valid certificate is needed for {} of these motions: {motions}.", kinds(&c.kinds)))
        .says("T-03", which)
        .says_all(c.gates.iter().map(|gate| {
            let motions = names(gate.motions.iter().map(|motion| motion.label()));
            let wanted = match gate.certificates.as_slice() {
                [] => "any certificate".to_owned(),
                wanted => format!("a certificate of {}", names(wanted.iter().map(String::as_str))),
            };
            let level = gate.level.as_ref().map_or_else(String::new, |level| format!(", level {level}"));
            ("CERT-01".to_owned(), format!("For {} in {motions} it is {wanted}{level}.", kinds(&gate.kinds)))
        }))
        .says("S-11", format!("A reminder comes {} before a certificate expires.", policy.clocks.certification_expires))
}

fn tiers(policy: &Policy) -> Section {
    Section::new("tiers", "Tiers").says_all(Tier::ALL.iter().flat_map(|tier| {
        let rule = policy.tier(*tier);
        let may = ("T-02".to_owned(), format!("{} partners may send {}.", rule.name, kinds(&rule.kinds)));
        let asked = asked(rule).map(|asked| {
            (
                "T-02".to_owned(),
                format!("{} asks for {asked}; what is won and approved counts over four quarters.", rule.name),
            )
        });
        let fees = rule.fees.iter().map(|fee| {
            let credit = fee.attribution.map_or_else(String::new, |x| format!(" {}", x.label().to_lowercase()));
            let text = format!(
                "{} partners earn {} % of what is credited to them of{credit} {} deals that are won.",
                rule.name,
                fee.percent,
                fee.motion.label().to_lowercase()
            );
            ("T-07".to_owned(), text)
        });
        std::iter::once(may).chain(asked).chain(fees)
    }))
}

/// What a tier asks, in words; nothing where it asks for nothing.
fn asked(rule: &TierRule) -> Option<String> {
    let counted = |n: Option<u32>, one: &str, many: &str| n.map(|n| format!("{n} {}", if n == 1 { one } else { many }));
    let all = [
        rule.bookings.map(|sum| format!("bookings of {sum}")),
        counted(rule.deals_won, "deal won", "deals won"),
        counted(rule.registrations, "registration approved", "registrations approved"),
        counted(rule.certified, "certified person", "certified people"),
        rule.hygiene.map(|percent| format!("a hygiene of {percent} %")),
    ];
    let all: Vec<String> = all.into_iter().flatten().collect();
    (!all.is_empty()).then(|| names(all.iter().map(String::as_str)))
}

fn conflicts(policy: &Policy) -> Section {
    let order = names(policy.conflicts.hierarchy.iter().map(|rule| rule.label()));
    Section::new("conflicts", "Channel conflicts")
        .says("C-04", format!("On one account these stand first, in this order: {order}."))
        .says("C-08", format!("A seller who is asked answers within {}.", policy.conflicts.ask_seller))
        .says("S-06", format!("A channel conflict is acknowledged within {}.", policy.clocks.conflict_acknowledged))
        .says("S-07", format!("A plan to resolve it is there within {}.", policy.clocks.resolution_plan))
}

fn attribution(policy: &Policy) -> Section {
    let a = &policy.attribution;
    let mut section = Section::new("attribution", "Credit")
        .says("F-04", format!("\"Sourced\" is locked {}.", a.sourced_locks.label()))
        .says("F-04", format!("\"Influenced\" accrues {}.", a.influenced.label()))
        .says("F-05", format!("Where several partners work on a deal, {}.", a.credit.label()));
    if a.fixed_before_close {
        section = section.says("F-04", "Percentages are fixed before the deal closes.");
    }
    if a.amendment_reason {
        section = section.says("F-04", "A change after that needs a reason, and both values stay on record.");
    }
    section
        .says("K-02", format!("Pipeline counts {}.", policy.metrics.pipeline.label()))
        .says("K-02", format!("Average deal size is taken over {}.", policy.metrics.average_size.label()))
        .says(
            "K-08",
            format!("Services are attached to a deal whose products name {}.", listed(&policy.metrics.services)),
        )
        .says("K-08", format!("An integration is attached where they name {}.", listed(&policy.metrics.integrations)))
}

fn clocks(policy: &Policy) -> Section {
    let c = &policy.clocks;
    Section::new("clocks", "Time")
        .says("S-01", format!("A referral becomes a deal within {}.", c.referral))
        .says("S-03", format!("Notes on a deal are at most {} old.", c.notes))
        .says("S-04", format!("A partner follows up a meeting within {}.", c.follow_up))
        .says("S-05", format!("Every talk ends with a next step within {}.", c.next_step))
        .says("S-08", format!("Who owns a renewal is confirmed {} before it.", c.renewal_owner))
}

fn calendar(policy: &Policy) -> Section {
    let c = &policy.calendar;
    let list = |words: Vec<String>| names(words.iter().map(String::as_str));
    let days: Vec<String> = c.days.iter().map(ToString::to_string).collect();
    let off: Vec<String> = c.holidays.iter().map(ToString::to_string).collect();
    Section::new("calendar", "Working hours and years")
        .says(
            "S",
            format!(
                "Business time counts {} from {} to {} ({}), but for {}.",
                list(days),
                c.from,
                c.to,
                c.zone,
                if off.is_empty() { "no day".to_owned() } else { list(off) }
            ),
        )
        .says("K", fiscal_year(policy))
}

fn fiscal_year(policy: &Policy) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let year = policy.calendar.fiscal_year();
    let month = MONTHS[(year.starts() as usize - 1) % 12];
    let named = if year == FiscalYear::CALENDAR { "" } else { " and is called by the calendar year in which it ends" };
    format!("The fiscal year, whose quarters all figures are of, begins with {month}{named}.")
}

fn safelist(policy: &Policy) -> Section {
    let own = policy
        .safelist
        .by_type
        .iter()
        .map(|(kind, list)| ("V-01".to_owned(), format!("{} partners see {}.", kind.label(), fields(list))));
    Section::new("safelist", "What partners see")
        .says(
            "V-01",
            format!("Partners see, of their own records, {}; nothing else.", fields(&policy.safelist.partner)),
        )
        .says_all(own)
}

fn discounts(policy: &Policy) -> Section {
    Section::new("discounts", "Discounts").says_all(Tier::ALL.iter().map(|tier| {
        let rule = policy.tier(*tier);
        let [from, to] = rule.discount;
        ("R-04.7".to_owned(), format!("{}: {from} to {to} %.", rule.name))
    }))
}

fn accounts(policy: &Policy) -> Section {
    let a = &policy.accounts;
    let list = |words: &[String]| names(words.iter().map(String::as_str));
    let kept: Vec<String> = a.exclusive.iter().map(|it| format!("{} for {}", it.account, it.partner)).collect();
    let territories =
        policy.territories.iter().map(|(name, members)| ("R-04.5".to_owned(), format!("{name}: {}.", list(members))));
    Section::new("accounts", "Accounts and territories")
        .says("R-04.6", format!("No registrations are taken for: {}.", list(&a.blocked)))
        .says("R-04.6", format!("These belong to the direct team: {}.", list(&a.named)))
        .says("R-04.8", format!("Kept for one partner: {}.", list(&kept)))
        .says(
            "R-04.9",
            format!(
                "Two companies are taken for one from {} % on; from {} % on a person looks. A parent and its subsidiaries {}.",
                policy.matching.sure_percent,
                policy.matching.look_percent,
                if policy.matching.groups_are_one { "count as one company" } else { "are companies of their own" }
            ),
        )
        .says_all(territories)
}

fn routing(policy: &Policy) -> Section {
    let r = &policy.routing;
    let sizes = r.sizes.iter().map(|it| format!("from {}: {}", it.from, it.owner));
    let lands = r.territories.iter().map(|(place, owner)| format!("{place}: {owner}"));
    let cover = r.cover.iter().map(|(away, there)| format!("{there} stands in for {away}"));
    let order = names(r.order.iter().map(|by| by.label()));
    Section::new("routing", "Whose queue")
        .says("R-15", format!("These decide whose queue a registration comes into, in this order: {order}."))
        .says(
            "R-13",
            format!("A lead of Salesforce is converted by its approval {}.", policy.registration.convert_leads.label()),
        )
        .says_all(sizes.chain(lands).chain(cover).map(|text| ("R-15".to_owned(), format!("{text}."))))
}

fn review(policy: &Policy) -> Section {
    let (r, s) = (&policy.review, &policy.signals);
    Section::new("review", "Reviews")
        .says("W-01", format!("Partners are reviewed {}, in about {} minutes.", r.rhythm.label(), r.minutes))
        .says(
            "W-07",
            format!(
                "{} items are talked about one by one, of one section at most {} while others have any.",
                r.discussed, r.per_section
            ),
        )
        .says(
            "W-03",
            format!(
                "Signals weigh: active channel conflict {}, its risk {}, owner change {}, past close date {}, close date slipped {}, stalled {}, protection ends {}, stale notes {}, missing field {}.",
                s.conflict_active,
                s.conflict_risk,
                s.owner_change,
                s.past_close_date,
                s.close_date_slipped,
                s.stalled,
                s.protection_ends,
                s.stale_notes,
                s.missing_field
            ),
        )
}

fn notifications(policy: &Policy) -> Section {
    let n = &policy.notifications;
    let section = Section::new("notifications", "On the desktop");
    if !n.on {
        return section.says("S", "Nothing is told on the desktop.");
    }
    let before: Vec<String> = n.before.iter().map(ToString::to_string).collect();
    section
        .says(
            "S",
            format!(
                "Told {} before {} runs out.",
                names(before.iter().map(String::as_str)),
                names(n.rules.iter().map(String::as_str))
            ),
        )
        .says("S", format!("Quiet from {} to {}.", n.quiet.from, n.quiet.to))
}

/// The rules of engagement for partners, as Markdown, with what they sign.
#[must_use]
pub fn markdown(policy: &Policy, vendor: &str) -> String {
    let vendor = plain(vendor);
    let mut text = format!("# Rules of engagement\n\n{}.\n", subtitle(policy, &vendor));
    for section in published(policy) {
        text.push_str(&format!("\n## {}\n\n", plain(&section.title)));
        for sentence in section.sentences {
            text.push_str(&format!("- {} *({})*\n", plain(&sentence.text), sentence.rule));
        }
    }
    text.push_str(&format!(
        "\n## Acknowledgement\n\n{}\n\nCompany: \n\nName: \n\nDate: \n\nSignature: \n",
        acknowledgement(policy, &vendor)
    ));
    text
}

/// The sections that partners are sent.
#[must_use]
pub fn published(policy: &Policy) -> Vec<PolicySection> {
    document(policy).into_iter().filter(|section| PUBLISHED.contains(&section.key.as_str())).collect()
}

/// Whose rules these are, and since when.
#[must_use]
pub fn subtitle(policy: &Policy, vendor: &str) -> String {
    format!("{vendor}, version {}, in force from {}", policy.version, text::day(policy.effective))
}

/// What a partner signs.
#[must_use]
pub fn acknowledgement(policy: &Policy, vendor: &str) -> String {
    format!(
        "We have read version {} of the rules of engagement of {vendor} and work by them from {} on.",
        policy.version,
        text::day(policy.effective)
    )
}

/// Text that Markdown takes as text.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' => plain.extend(['\\', c]),
            c if c.is_control() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}
