//! Decisions that carry their premises: only those whose facts moved come back for a look.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_app::api::Nothing;
use drumbeat_app::{activity, held, inbox, partners, registrations, review};
use drumbeat_model::change::{DecisionStatus, OpState};
use drumbeat_model::crm::{ObjectKind, Outcome, Vendor};
use drumbeat_model::deal::FieldEdit;
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DecisionId, RegistrationId};
use drumbeat_model::lifecycle::Award;
use drumbeat_model::merge::ReleaseHeld;
use drumbeat_model::partner::QuickLog;
use drumbeat_model::registration::{Approve, AskInfo, Registration, RegistrationKind};
use drumbeat_model::review::{AgendaItem, ItemVerdict, LogItem, Review, ReviewTemplate, StartReview};
use drumbeat_store::Step;

use crate::desk::Desk;

const WEEK: u64 = 7 * 24 * 3600;

/// What a claim rests on, read past the code under test.
struct Ground {
    claim: Registration,
    partner: String,
    tier: Option<String>,
    open_deals: Vec<String>,
    rivals: Vec<RegistrationId>,
}

fn ground(desk: &Desk, claim: Registration) -> Option<Ground> {
    let partner = claim.partner.clone()?.0;
    let tier = desk.ws.store.read(|r| r.company(&partner)).unwrap()?.tier.map(|tier| tier.name().to_owned());
    // What the inbox shows to the person who decides.
    let detail = inbox::registration(&desk.ws, claim.id.clone()).unwrap();
    let similar = detail.similar.into_iter().map(|similar| similar.record);
    let rivals = similar.filter(|record| record.kind == ObjectKind::Registration).map(|record| record.id.into());
    let open_deals = detail.linkable.into_iter().map(|deal| deal.id.0).collect();
    Some(Ground { partner, tier, open_deals, rivals: rivals.collect(), claim })
}

fn title(desk: &Desk, decision: &DecisionId) -> String {
    desk.ws.store.read(|r| r.decision(decision)).unwrap().unwrap().title
}

async fn after_a_week_offline_exactly_the_decisions_whose_premises_moved_are_held_back(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let grounds: Vec<Ground> = desk.open().into_iter().filter_map(|claim| ground(&desk, claim)).collect();

    // What will move in the CRM, each on another claim: a partner's tier, an amount, an open deal, a rival.
    let with_tier = grounds.iter().position(|g| g.tier.is_some() && g.rivals.is_empty()).unwrap();
    let elsewhere = |g: &Ground| g.partner != grounds[with_tier].partner;
    let with_deal = grounds.iter().position(|g| elsewhere(g) && !g.open_deals.is_empty()).unwrap();
    let with_rival =
        grounds.iter().enumerate().position(|(at, g)| at != with_deal && elsewhere(g) && !g.rivals.is_empty()).unwrap();
    let with_amount = grounds
        .iter()
        .enumerate()
        .position(|(at, g)| at != with_deal && at != with_rival && elsewhere(g) && g.rivals.is_empty())
        .unwrap();
    let tier = if grounds[with_tier].tier.as_deref() == Some("elite") { "select" } else { "elite" };
    let closed_deal = grounds[with_deal].open_deals[0].clone();
    let rival = grounds[with_rival].rivals[0].clone();

    // Decided offline: everything but the rival, which somebody else decides meanwhile.
    let mut decided: BTreeMap<usize, DecisionId> = BTreeMap::new();
    for (at, ground) in grounds.iter().enumerate().filter(|(_, ground)| ground.claim.id != rival) {
        decided.insert(at, desk.decline(&ground.claim.id));
    }
    desk.wait(WEEK);
    desk.edit(ObjectKind::Company, &grounds[with_tier].partner, &[(Field::PartnerTier, tier)]);
    desk.edit(ObjectKind::Registration, grounds[with_amount].claim.id.as_str(), &[(Field::Amount, "123456")]);
    let lost = desk.ws.store.read(|r| {
        let deal = r.deal(&closed_deal.as_str().into())?.unwrap();
        let mapping = r.mapping()?;
        let pipeline = mapping.pipelines.iter().find(|pipeline| pipeline.id == deal.pipeline).unwrap();
        Ok(pipeline.stages.iter().find(|stage| stage.outcome == Outcome::Lost).unwrap().id.clone())
    });
    desk.edit(ObjectKind::Deal, &closed_deal, &[(Field::Stage, &lost.unwrap())]);
    desk.edit(ObjectKind::Registration, rival.as_str(), &[(Field::Status, "approved")]);
    // Changes on which no decision rests.
    let unrelated = grounds.iter().position(|g| elsewhere(g) && g.claim.id != rival).unwrap();
    desk.edit(ObjectKind::Registration, grounds[unrelated].claim.id.as_str(), &[(Field::ContactPhone, "+49 1")]);
    desk.wait(120);

    let expected: BTreeSet<DecisionId> = grounds
        .iter()
        .enumerate()
        .filter(|(at, g)| {
            g.partner == grounds[with_tier].partner
                || *at == with_amount
                || g.open_deals.contains(&closed_deal)
                || g.rivals.contains(&rival)
        })
        .filter_map(|(at, _)| decided.get(&at).cloned())
        .collect();
    assert!(expected.len() >= 4 && expected.len() < decided.len(), "{} of {}", expected.len(), decided.len());

    let summary = desk.sync().await;
    let held = desk.held();
    let found: BTreeSet<DecisionId> = held.iter().map(|held| held.decision.clone()).collect();
    let names = |ids: &BTreeSet<DecisionId>| ids.iter().map(|id| title(&desk, id)).collect::<Vec<_>>();
    assert_eq!(names(&found), names(&expected), "{held:#?}");
    assert_eq!(summary.held, Some(u32::try_from(expected.len()).unwrap()));
    for (at, decision) in &decided {
        if expected.contains(decision) {
            assert!(desk.is_here(decision), "nothing of it has left");
            assert_eq!(desk.status(decision), DecisionStatus::NeedsYou);
        } else {
            desk.assert_landed(decision);
            assert_eq!(desk.ops(decision).len(), 1, "{at}: pushed untouched");
        }
    }

    // Each with the fact before and after.
    let moved = |at: usize, name: &str| {
        let held = held.iter().find(|held| held.decision == decided[&at]).unwrap();
        let fact = held.moved.iter().find(|fact| fact.name == name).unwrap_or_else(|| panic!("{name}: {held:#?}"));
        (fact.before.clone().unwrap_or_default().to_lowercase(), fact.after.clone().unwrap_or_default().to_lowercase())
    };
    let was = grounds[with_tier].tier.clone().unwrap();
    assert_eq!(moved(with_tier, "partner_tier"), (was, tier.to_owned()));
    // An amount is told as money: three letters and its thousands apart.
    let amount = moved(with_amount, "amount").1;
    let (currency, figure) = amount.split_once(' ').unwrap_or_default();
    assert_eq!((currency.len(), figure), (3, "123,456"), "{amount}");
    assert_eq!(moved(with_deal, &format!("deal:{closed_deal}")), ("open".into(), "not open any more".into()));
    assert_eq!(moved(with_rival, &format!("claim:{rival}")).1, "approved");

    // Their messages wait with them, the others' are out.
    let messages = activity::messages(&desk.ws, Nothing {}).unwrap();
    for message in messages {
        assert_eq!(message.released, !expected.contains(&message.decision), "{}", title(&desk, &message.decision));
    }

    // A person lets one go on and takes another back; the one that goes on is not held for the same facts again.
    let (going, back) = (decided[&with_amount].clone(), decided[&with_tier].clone());
    held::release_held(&desk.ws, ReleaseHeld { decision: going.clone(), go_on: true }).unwrap();
    held::release_held(&desk.ws, ReleaseHeld { decision: back.clone(), go_on: false }).unwrap();
    let summary = desk.sync().await;
    desk.assert_landed(&going);
    assert_eq!(desk.status(&back), DecisionStatus::Withdrawn);
    assert!(desk.is_here(&back));
    assert_eq!(summary.held, Some(u32::try_from(expected.len() - 2).unwrap()));
}

async fn what_our_own_decisions_put_into_the_crm_does_not_hold_the_others_back(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let grounds: Vec<Ground> = desk.open().into_iter().filter_map(|claim| ground(&desk, claim)).collect();
    let open: BTreeSet<RegistrationId> = grounds.iter().map(|g| g.claim.id.clone()).collect();
    let both = grounds.iter().find(|g| g.rivals.iter().any(|rival| open.contains(rival))).unwrap();
    let rival = both.rivals.iter().find(|rival| open.contains(*rival)).unwrap();
    let first = desk.decline(&both.claim.id);
    let second = desk.decline(rival);
    // The first lands while the second has to wait; when it is looked at again, the rival is declined, by us.
    let at = desk.sandbox.now();
    let until = Some(at + chrono::TimeDelta::seconds(150));
    let text = "the CRM asked to wait".to_owned();
    let step = Step { to: OpState::Queued, at, attempt: None, not_before: until, sent_at: None, text };
    desk.ws.keep(|w| w.move_op(&desk.op(&second).id, &step)).unwrap();
    desk.sync().await;
    desk.assert_landed(&first);
    assert!(desk.is_here(&second), "it had to wait");
    for _ in 0..2 {
        desk.wait(200);
        desk.sync().await;
    }
    assert!(desk.held().is_empty(), "{:#?}", desk.held());
    desk.assert_landed(&first);
    desk.assert_landed(&second);
}

async fn a_fact_that_moved_and_moved_back_lets_its_decision_go_by_itself(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let claim = desk.open().into_iter().find(|claim| claim.amount.is_some()).unwrap();
    let amount = desk.seen(ObjectKind::Registration, claim.id.as_str(), Field::Amount);
    let decision = desk.decline(&claim.id);
    desk.edit(ObjectKind::Registration, claim.id.as_str(), &[(Field::Amount, "1")]);
    desk.wait(120);
    desk.sync().await;
    assert_eq!(desk.held().len(), 1);
    desk.edit(ObjectKind::Registration, claim.id.as_str(), &[(Field::Amount, &amount)]);
    desk.wait(120);
    desk.sync().await;
    assert!(desk.held().is_empty());
    desk.assert_landed(&decision);
}

/// The desk's lists that the next test chooses from.
impl Desk {
    fn of_deal(&self, deal: &str) -> drumbeat_model::deal::Deal {
        self.ws.store.read(|r| r.deal(&deal.into())).unwrap().unwrap()
    }

    /// Another stage of the deal's pipeline that means this.
    fn stage(&self, deal: &str, outcome: Outcome) -> String {
        let deal = self.of_deal(deal);
        let mapping = self.ws.store.read(|r| r.mapping()).unwrap();
        let pipeline = mapping.pipelines.iter().find(|pipeline| pipeline.id == deal.pipeline).unwrap();
        let other = |stage: &&drumbeat_model::mapping::StageMapping| stage.outcome == outcome && stage.id != deal.stage;
        pipeline.stages.iter().find(other).unwrap().id.clone()
    }

    pub fn promise(&self) -> (Option<String>, Option<drumbeat_model::ids::OwnerId>, Option<drumbeat_model::time::Day>) {
        let owner = self.ws.store.read(|r| r.schema()).unwrap().unwrap().owners[0].id.clone();
        let due = self.sandbox.now().date_naive() + chrono::Days::new(3);
        (Some("Call the sponsor".to_owned()), Some(drumbeat_model::ids::OwnerId(owner)), Some(due))
    }

    fn log(&self, deal: &str, with_step: bool) -> DecisionId {
        let (next_step, owner, due) = if with_step { self.promise() } else { (None, None, None) };
        let request = QuickLog {
            partner: self.of_deal(deal).partner.unwrap(),
            deal: Some(deal.into()),
            note: "They called".to_owned(),
            next_step,
            owner,
            due,
        };
        partners::quick_log(&self.ws, request).unwrap().decision
    }

    fn log_item(&self, review: &Review, item: &AgendaItem, edits: Vec<FieldEdit>) -> DecisionId {
        let (next_step, owner, due) = self.promise();
        let request = LogItem {
            review: review.id.clone(),
            item: item.id.clone(),
            verdict: ItemVerdict::ChangePlan,
            text: "As discussed".to_owned(),
            next_step,
            owner,
            due,
            edits,
            override_reason: Some("as agreed".to_owned()),
            confirm: Vec::new(),
        };
        let review = review::log_item(&self.ws, request).unwrap();
        let item = review.items.into_iter().find(|known| known.id == item.id).unwrap();
        item.outcome.unwrap().decision.unwrap()
    }
}

async fn every_kind_of_decision_is_held_back_by_the_facts_that_it_relies_on_and_by_no_other(crm: Vendor) {
    use Field::{Amount, AttributionPct, CloseDate, ConflictStatus, Motion, NextStep, Partner, Stage, Status};
    use ObjectKind::{Deal, Registration};
    let desk = Desk::new(crm).await;
    let weekly = StartReview { template: ReviewTemplate::Weekly, attendees: Vec::new(), order: None };
    let review = review::start_review(&desk.ws, weekly).unwrap();
    let items: Vec<&AgendaItem> = review
        .items
        .iter()
        .filter(|item| item.deal.as_ref().is_some_and(|deal| desk.of_deal(deal.as_str()).partner.is_some()))
        .collect();
    let reviewed: Vec<String> = items.iter().take(3).map(|item| item.deal.clone().unwrap().0).collect();
    let on_agenda: BTreeSet<String> = reviewed.iter().cloned().collect();
    let claims_at = |deal: &str| {
        let account = desk.of_deal(deal).account.map(|account| account.0);
        desk.ws.store.read(|r| r.registrations_on(deal, account.as_deref())).unwrap()
    };
    let free = |deal: &String| !on_agenda.contains(deal) && desk.of_deal(deal).partner.is_some();
    let open: Vec<String> = (0..50).map(|place| desk.deal(place)).filter(free).collect();
    let claimed = open.iter().find(|deal| !claims_at(deal).is_empty()).unwrap().clone();
    let rival = claims_at(&claimed)[0].id.clone();
    let deals: Vec<&String> = open.iter().filter(|deal| claims_at(deal).is_empty()).collect();
    let far: Vec<Ground> = desk
        .open()
        .into_iter()
        .filter_map(|claim| ground(&desk, claim))
        .filter(|g| g.rivals.is_empty() && g.open_deals.is_empty() && g.claim.id != rival)
        .collect();

    let lost = |deal: &str| desk.stage(deal, Outcome::Lost);
    let next = |deal: &str| desk.stage(deal, Outcome::Open);
    let moved = |item: usize| vec![FieldEdit { field: Stage, value: Some(next(&reviewed[item])) }];
    let other_partner = |deal: &str| {
        let partner = desk.of_deal(deal).partner;
        let other =
            open.iter().filter_map(|deal| desk.of_deal(deal).partner).find(|other| Some(other) != partner.as_ref());
        other.unwrap().0
    };
    let other_motion = |deal: &str| {
        let motion = desk.of_deal(deal).motion;
        let other = open.iter().filter_map(|deal| desk.of_deal(deal).motion).find(|other| Some(*other) != motion);
        other.unwrap().name().to_owned()
    };
    let approve = |at: usize| {
        let request = Approve {
            registration: far[at].claim.id.clone(),
            protection_days: None,
            seller: None,
            link_deal: None,
            message: None,
            reason: Some("we know them".to_owned()),
        };
        registrations::approve(&desk.ws, request).unwrap().decision
    };
    let ask = |at: usize| {
        let question = "Who decides there?".to_owned();
        let request = AskInfo { registration: far[at].claim.id.clone(), question, message: None };
        registrations::ask_info(&desk.ws, request).unwrap().decision
    };
    let d = |at: usize| deals[at].clone();
    let r = |at: usize| far[at].claim.id.0.clone();

    // What was decided, what others do in the CRM meanwhile, and the fact that holds the decision back.
    type Case = (&'static str, DecisionId, (ObjectKind, String, Field, String), Option<String>);
    let held_by = |fact: &str| Some(fact.to_owned());
    let cases: Vec<Case> = vec![
        ("a stage, amount", desk.set(&d(0), Stage, &next(&d(0))), (Deal, d(0), Amount, "7".into()), held_by("amount")),
        ("a stage, next step", desk.set(&d(1), Stage, &next(&d(1))), (Deal, d(1), NextStep, "x".into()), None),
        (
            "a stage, channel conflict",
            desk.set(&d(2), Stage, &next(&d(2))),
            (Deal, d(2), ConflictStatus, "active".into()),
            held_by("conflict_status"),
        ),
        (
            "a stage, another's registration",
            desk.set(&claimed, Stage, &next(&claimed)),
            (Registration, rival.0.clone(), Status, "expired".into()),
            held_by(&format!("claim:{rival}")),
        ),
        ("a next step, lost", desk.set(&d(3), NextStep, "call"), (Deal, d(3), Stage, lost(&d(3))), held_by("standing")),
        ("a next step, another open stage", desk.set(&d(4), NextStep, "call"), (Deal, d(4), Stage, next(&d(4))), None),
        ("a next step, amount", desk.set(&d(5), NextStep, "call"), (Deal, d(5), Amount, "7".into()), None),
        (
            "credit, partner",
            desk.set(&d(6), AttributionPct, "41"),
            (Deal, d(6), Partner, other_partner(&d(6))),
            held_by("partner"),
        ),
        (
            "a close date, partner",
            desk.set(&d(7), CloseDate, "2027-02-03"),
            (Deal, d(7), Partner, other_partner(&d(7))),
            None,
        ),
        ("a promise, lost", desk.log(&d(8), true), (Deal, d(8), Stage, lost(&d(8))), held_by("standing")),
        ("a note, lost", desk.log(&d(9), false), (Deal, d(9), Stage, lost(&d(9))), None),
        (
            "a review's stage, motion",
            desk.log_item(&review, items[0], moved(0)),
            (Deal, reviewed[0].clone(), Motion, other_motion(&reviewed[0])),
            held_by("motion"),
        ),
        (
            "a review's step, lost",
            desk.log_item(&review, items[1], Vec::new()),
            (Deal, reviewed[1].clone(), Stage, lost(&reviewed[1])),
            held_by("standing"),
        ),
        (
            "a review's step, amount",
            desk.log_item(&review, items[2], Vec::new()),
            (Deal, reviewed[2].clone(), Amount, "7".into()),
            None,
        ),
        ("an approval, amount", approve(0), (Registration, r(0), Amount, "7".into()), held_by("amount")),
        ("an approval, phone", approve(1), (Registration, r(1), Field::ContactPhone, "+49 1".into()), None),
        ("a question, amount", ask(2), (Registration, r(2), Amount, "7".into()), held_by("amount")),
        ("a question, phone", ask(3), (Registration, r(3), Field::ContactPhone, "+49 1".into()), None),
    ];
    desk.wait(WEEK);
    for (_, _, (kind, id, field, value), _) in &cases {
        desk.edit(*kind, id, &[(*field, value)]);
    }
    desk.wait(120);
    desk.sync().await;
    // What an approval has made is sent with the ops that wait for it.
    desk.wait(120);
    desk.sync().await;
    let held = desk.held();
    for (name, decision, _, fact) in &cases {
        let back = held.iter().find(|held| held.decision == *decision);
        let moved: Option<Vec<&str>> = back.map(|held| held.moved.iter().map(|fact| fact.name.as_str()).collect());
        assert_eq!(moved, fact.as_deref().map(|fact| vec![fact]), "{name}: {back:#?}");
        match fact {
            Some(_) => assert!(desk.is_here(decision), "{name}: nothing of it has left"),
            None => desk.assert_landed(decision),
        }
        assert!(back.is_none_or(|held| held.moved.iter().all(|fact| fact.before != fact.after)), "{name}: {back:#?}");
    }
    assert_eq!(held.len(), cases.iter().filter(|case| case.3.is_some()).count(), "and no other");
}

async fn an_act_on_several_claims_rests_on_the_facts_of_each(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let open = desk.open();
    let first =
        open.iter().find(|claim| claim.kind == RegistrationKind::Deal && claim.domain.is_some()).unwrap().clone();
    let is_another = |claim: &&Registration| claim.partner.is_some() && claim.partner != first.partner;
    let second = open.iter().filter(is_another).find(|claim| claim.deal.is_none()).unwrap().clone();
    let like = [(Field::CompanyName, first.company.as_str()), (Field::Domain, first.domain.as_deref().unwrap())];
    desk.edit(ObjectKind::Registration, second.id.as_str(), &like);
    desk.wait(60);
    desk.sync().await;
    let request = Award {
        registration: first.id.clone(),
        against: vec![second.id.clone()],
        reason: Some("they did the work".to_owned()),
        protection_days: None,
        seller: None,
        link_deal: None,
    };
    let decision = registrations::award(&desk.ws, request).unwrap().decision;
    // Offline meanwhile; only the claim that gives way is touched.
    desk.edit(ObjectKind::Registration, second.id.as_str(), &[(Field::Amount, "654321")]);
    desk.wait(120);
    desk.sync().await;
    let held = desk.held();
    let held = held.iter().find(|held| held.decision == decision).expect("it is held back");
    let moved: Vec<&str> = held.moved.iter().map(|fact| fact.label.as_str()).collect();
    assert_eq!(moved, [format!("Amount on the registration ({})", second.name)]);
    assert!(desk.is_here(&decision), "nothing of it has left");
    held::release_held(&desk.ws, ReleaseHeld { decision: decision.clone(), go_on: true }).unwrap();
    desk.sync().await;
    assert!(desk.held().is_empty(), "it rests on the facts as they are now");
    assert_eq!(desk.status(&decision), DecisionStatus::Landed);
}

for_each_crm! {
    after_a_week_offline_exactly_the_decisions_whose_premises_moved_are_held_back,
    what_our_own_decisions_put_into_the_crm_does_not_hold_the_others_back,
    a_fact_that_moved_and_moved_back_lets_its_decision_go_by_itself,
    every_kind_of_decision_is_held_back_by_the_facts_that_it_relies_on_and_by_no_other,
    an_act_on_several_claims_rests_on_the_facts_of_each,
}
