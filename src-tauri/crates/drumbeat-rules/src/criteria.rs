//! The exit criteria of a stage, one by one: what the data tells, what a person has confirmed, what is missing (M).
//!
//! The one hard idea: a fact has three answers. Where the data says yes or no, that stands, and nobody can confirm
//! against it; where it is silent (the CRM has no such field, or nothing is in it) a person tells, with evidence. What
//! was confirmed is kept with the deal and stays true when the deal comes back to the stage; the latest word counts.
//! The entry gate (M-10) is asked when a deal leaves its first stage, whatever its motion.

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{Attribution, ConflictStatus, Deal, Motion};
use drumbeat_model::gate::{Confirm, Criterion, Fact, Proven, ToldBy};
use drumbeat_model::time::{Day, Instant};

use crate::policy::{CriterionRule, Policy, StageRule};
use crate::text;

/// The criteria between a deal's stage and a position further on, in the policy's order: of the stage that it leaves
/// and of every one that it skips, and the entry gate's when it leaves the first. None when it does not move on, or when
/// its stage is not on the way.
#[must_use]
pub fn between(deal: &Deal, to_position: u32, policy: &Policy, now: Instant) -> Vec<Criterion> {
    if deal.position == 0 || to_position <= deal.position {
        return Vec::new();
    }
    let entry = policy.stages.entry.iter().filter(|_| deal.position == 1);
    let mut all: Vec<Criterion> =
        entry.map(|rule| judge(deal, "Entry", &format!("entry.{}", rule.id), rule, now.date_naive())).collect();
    for position in deal.position..to_position {
        if let Some(stage) = policy.stage(deal.motion, position) {
            all.extend(of_stage(deal, stage, position, now.date_naive()));
        }
    }
    all
}

/// The criteria of the stage that a deal is in, with the entry gate's in the first.
#[must_use]
pub fn present(deal: &Deal, policy: &Policy, now: Instant) -> Vec<Criterion> {
    between(deal, deal.position.saturating_add(1), policy, now)
}

fn of_stage(deal: &Deal, stage: &StageRule, position: u32, today: Day) -> Vec<Criterion> {
    let motion = deal.motion.map_or("generic", Motion::name);
    let key = |id: &str| format!("{motion}.{position}.{id}");
    if stage.criteria.is_empty() {
        let exit = CriterionRule { id: "exit".to_owned(), says: stage.exit.clone(), fact: None };
        return vec![judge(deal, &stage.name, &key("exit"), &exit, today)];
    }
    stage.criteria.iter().map(|rule| judge(deal, &stage.name, &key(&rule.id), rule, today)).collect()
}

fn judge(deal: &Deal, stage: &str, key: &str, rule: &CriterionRule, today: Day) -> Criterion {
    let told = rule.fact.and_then(|fact| Some((fact, told(deal, fact, today)?)));
    let proven = deal.dossier.criteria.iter().rev().find(|proven| proven.key == key).cloned();
    let (told_by, met, fact) = match (told, proven.as_ref().filter(|proven| proven.holds)) {
        (Some((_, (met, why))), _) => (ToldBy::Data, met, why),
        (None, Some(proven)) => {
            let shown = proven.proof.as_ref().map(|proof| format!(": {}", proof.text)).unwrap_or_default();
            (
                ToldBy::Person,
                true,
                format!("confirmed by {} on {}{shown}", proven.by, text::day(proven.at.date_naive())),
            )
        }
        (None, None) => (ToldBy::Person, false, "nobody has confirmed it".to_owned()),
    };
    Criterion { key: key.to_owned(), stage: stage.to_owned(), says: rule.says.clone(), told_by, met, fact, proven }
}

/// What the data says of a fact, with the reason; nothing where it is silent.
fn told(deal: &Deal, fact: Fact, today: Day) -> Option<(bool, String)> {
    let yes_or_no = |is: bool, yes: &str, no: &str| Some((is, if is { yes } else { no }.to_owned()));
    let there =
        |is: bool, what: &str| yes_or_no(is, &format!("there is {what}"), &format!("there is no {}", bare(what)));
    match fact {
        Fact::Account => there(deal.account.is_some(), "an account"),
        Fact::Partner => there(deal.partner.is_some(), "a partner of record"),
        Fact::Roles => yes_or_no(
            text::there(deal.contact_roles.as_deref()),
            "the partner's people are named",
            "nobody of the partner has a role",
        ),
        Fact::Sourced => {
            let sourced = |one: Attribution| (one == Attribution::Sourced, format!("the deal says {}", one.name()));
            deal.attribution.map(sourced).or_else(|| Some((false, "the deal says nothing of attribution".to_owned())))
        }
        Fact::Credit => yes_or_no(
            deal.attribution.is_some() && (deal.attribution_pct.is_some() || !deal.dossier.partners.is_empty()),
            "attribution and share are set",
            "attribution or share is missing",
        ),
        Fact::Influence => match deal.dossier.influences.len() {
            0 => None,
            n => Some((true, format!("{} of influence", text::count(n as u64, "entry")))),
        },
        Fact::Registration => there(deal.registration.is_some(), "a registration"),
        Fact::Protection => deal.protection_end.map(|end| {
            let word = if end < today { "ended" } else { "runs until" };
            (end >= today, format!("protection {word} {}", text::day(end)))
        }),
        Fact::PriceProtection => {
            deal.price_protected.map(|yes| (yes, if yes { "the deal says yes" } else { "the deal says no" }.to_owned()))
        }
        Fact::Amount => there(deal.amount.is_some(), "an amount"),
        Fact::CloseDate => match deal.close_date {
            None => Some((false, "there is no close date".to_owned())),
            Some(day) => yes_or_no(
                day >= today || deal.outcome != Outcome::Open,
                &format!("it closes on {}", text::day(day)),
                &format!("the close date was {}", text::day(day)),
            ),
        },
        Fact::NextStep => there(text::there(deal.next_step.as_deref()), "a next step"),
        Fact::NoConflict => deal.conflict_status.map(|status| {
            let free = status != ConflictStatus::Active;
            (free, if free { "none is active" } else { "one is active" }.to_owned())
        }),
        Fact::Closed => yes_or_no(deal.outcome != Outcome::Open, "the deal is closed", "the deal is open"),
    }
}

/// `an account` without its article.
fn bare(what: &str) -> &str {
    what.split_once(' ').map_or(what, |(_, noun)| noun)
}

/// Why a confirmation cannot be taken; `None` when it can. `asked` is what is put to a person now.
#[must_use]
pub fn refusal(confirm: &Confirm, asked: &[Criterion], policy: &Policy, today: Day) -> Option<String> {
    let Some(criterion) = asked.iter().find(|criterion| criterion.key == confirm.key) else {
        return Some(format!("there is no criterion {} to confirm here", confirm.key));
    };
    if criterion.told_by == ToldBy::Data {
        return Some(format!("“{}” is told by the data: {}", criterion.says, criterion.fact));
    }
    if !confirm.holds {
        return None;
    }
    match &confirm.proof {
        Some(proof) if proof.text.trim().is_empty() => {
            Some(format!("the evidence for “{}” says nothing", criterion.says))
        }
        Some(proof) if proof.day > today => Some(format!("the evidence for “{}” is still to come", criterion.says)),
        None if policy.stages.evidence => Some(format!("“{}” needs evidence", criterion.says)),
        Some(_) | None => None,
    }
}

/// A deal as it stands with confirmations, made by somebody now.
#[must_use]
pub fn confirmed(deal: &Deal, confirms: &[Confirm], by: &str, at: Instant) -> Deal {
    let mut deal = deal.clone();
    deal.dossier.criteria.extend(confirms.iter().map(|confirm| Proven {
        key: confirm.key.clone(),
        holds: confirm.holds,
        by: by.to_owned(),
        at,
        proof: confirm.proof.clone(),
    }));
    deal
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use drumbeat_model::dossier::{Proof, ProofKind};

    use super::*;
    use crate::sample::{any_deal, date, deal, now};
    use proptest::prelude::*;

    fn proof(text: &str, day: &str) -> Option<Proof> {
        Some(Proof { kind: ProofKind::Notes, day: date(day), text: text.to_owned() })
    }

    fn confirm(key: &str, proof: Option<Proof>) -> Confirm {
        Confirm { key: key.to_owned(), holds: true, proof }
    }

    fn states(deal: &Deal, to: u32) -> Vec<(String, bool)> {
        between(deal, to, &Policy::built_in(), now()).into_iter().map(|one| (one.key, one.met)).collect()
    }

    #[test]
    fn every_stage_of_every_motion_asks_for_something_and_each_thing_has_its_own_name() {
        let policy = Policy::built_in();
        for motion in Motion::ALL.iter().copied().map(Some).chain([None]) {
            for position in 1..=5 {
                let all = present(&Deal { motion, position, ..deal() }, &policy, now());
                assert!(!all.is_empty(), "{motion:?} {position}");
                let mut keys: Vec<&String> = all.iter().map(|one| &one.key).collect();
                keys.sort();
                keys.dedup();
                assert_eq!(keys.len(), all.len(), "{motion:?} {position}");
                assert_eq!(all.iter().any(|one| one.key.starts_with("entry.")), position == 1);
            }
        }
    }

    #[test]
    fn what_the_data_tells_and_what_it_is_silent_about() {
        type Bend = fn(&mut Deal);
        let cases: [(&str, Fact, Bend, Option<bool>); 14] = [
            ("an account", Fact::Account, |_| {}, Some(true)),
            ("no account", Fact::Account, |d| d.account = None, Some(false)),
            ("sourced", Fact::Sourced, |d| d.attribution = Some(Attribution::Sourced), Some(true)),
            ("influenced", Fact::Sourced, |d| d.attribution = Some(Attribution::Influenced), Some(false)),
            ("no credit", Fact::Credit, |d| d.attribution_pct = None, Some(false)),
            ("no influence noted", Fact::Influence, |_| {}, None),
            ("protection runs", Fact::Protection, |d| d.protection_end = Some(date("2026-11-19")), Some(true)),
            ("protection is over", Fact::Protection, |d| d.protection_end = Some(date("2026-11-18")), Some(false)),
            ("no protection known", Fact::Protection, |d| d.protection_end = None, None),
            ("price protection unknown", Fact::PriceProtection, |d| d.price_protected = None, None),
            ("price not protected", Fact::PriceProtection, |d| d.price_protected = Some(false), Some(false)),
            ("close date is past", Fact::CloseDate, |d| d.close_date = Some(date("2026-11-18")), Some(false)),
            ("a conflict", Fact::NoConflict, |d| d.conflict_status = Some(ConflictStatus::Active), Some(false)),
            ("open", Fact::Closed, |_| {}, Some(false)),
        ];
        for (name, fact, bend, expected) in cases {
            let mut deal = deal();
            bend(&mut deal);
            assert_eq!(told(&deal, fact, now().date_naive()).map(|(is, _)| is), expected, "{name}");
        }
    }

    #[test]
    fn what_a_person_confirmed_holds_until_it_is_taken_back() {
        let policy = Policy::built_in();
        let asked = present(&deal(), &policy, now());
        let open: Vec<Confirm> = asked
            .iter()
            .filter(|one| !one.met)
            .map(|one| confirm(&one.key, proof("call of 12 Nov", "2026-11-12")))
            .collect();
        assert!(!open.is_empty());
        let proven = confirmed(&deal(), &open, "Mara", now());
        let all = present(&proven, &policy, now());
        assert!(all.iter().all(|one| one.met), "{all:?}");
        assert!(all.iter().any(|one| one.fact == "confirmed by Mara on 19 Nov 2026: call of 12 Nov"), "{all:?}");
        let back = Confirm { holds: false, proof: None, ..open[0].clone() };
        let taken = confirmed(&proven, &[back], "Kai", now());
        let again = present(&taken, &policy, now());
        assert_eq!(again.iter().filter(|one| !one.met).map(|one| &one.key).collect::<Vec<_>>(), [&open[0].key]);
    }

    #[test]
    fn a_skipped_stage_is_asked_too_and_back_asks_nothing() {
        let here = states(&deal(), 3).len();
        assert!(states(&deal(), 4).len() > here);
        assert_eq!(states(&deal(), 2), []);
        assert_eq!(states(&Deal { position: 0, ..deal() }, 3), []);
    }

    #[test]
    fn what_cannot_be_confirmed() {
        let policy = Policy::built_in();
        let first = Deal { position: 1, registration: None, ..deal() };
        let asked = present(&first, &policy, now());
        let key = |by: ToldBy| asked.iter().find(|one| one.told_by == by).unwrap().key.clone();
        let today = now().date_naive();
        for (confirm, why) in [
            (confirm("reseller.9.x", None), "there is no criterion"),
            (confirm(&key(ToldBy::Data), proof("really", "2026-11-01")), "is told by the data"),
            (confirm(&key(ToldBy::Person), None), "needs evidence"),
            (confirm(&key(ToldBy::Person), proof(" ", "2026-11-01")), "says nothing"),
            (confirm(&key(ToldBy::Person), proof("a call", "2026-11-20")), "is still to come"),
        ] {
            let refused = refusal(&confirm, &asked, &policy, today).unwrap();
            assert!(refused.contains(why), "{refused}");
        }
        let good = confirm(&key(ToldBy::Person), proof("a call", "2026-11-19"));
        assert_eq!(refusal(&good, &asked, &policy, today), None);
        let mut lax = policy.clone();
        lax.stages.evidence = false;
        assert_eq!(refusal(&Confirm { proof: None, ..good }, &asked, &lax, today), None);
    }

    proptest! {
        #[test]
        fn nobody_confirms_against_the_data(deal in any_deal(), to in 1_u32..6) {
            let policy = Policy::built_in();
            let asked = between(&deal, to, &policy, now());
            let all: Vec<Confirm> = asked.iter().map(|one| confirm(&one.key, proof("seen", "2026-11-01"))).collect();
            let after = between(&confirmed(&deal, &all, "Mara", now()), to, &policy, now());
            for (before, after) in asked.iter().zip(&after) {
                let by_data = before.told_by == ToldBy::Data;
                prop_assert_eq!(after.met, if by_data { before.met } else { true }, "{:?}", before);
            }
        }
    }
}
