//! Decisions that carry their premises: only those whose facts moved come back for a look.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_app::api::Nothing;
use drumbeat_app::{activity, held, inbox};
use drumbeat_model::change::{DecisionStatus, OpState};
use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DecisionId, RegistrationId};
use drumbeat_model::merge::ReleaseHeld;
use drumbeat_model::registration::Registration;
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

#[tokio::test(flavor = "multi_thread")]
async fn after_a_week_offline_exactly_the_decisions_whose_premises_moved_are_held_back() {
    let desk = Desk::new().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn what_our_own_decisions_put_into_the_crm_does_not_hold_the_others_back() {
    let desk = Desk::new().await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_that_moved_and_moved_back_lets_its_decision_go_by_itself() {
    let desk = Desk::new().await;
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
