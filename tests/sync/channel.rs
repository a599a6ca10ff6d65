//! Channel conflicts from the first sync to the appeal: found in the CRM's data, settled as one group over the deals of
//! both sides, told to each party alone, and no approval past one that is open.

use drumbeat_app::api::Nothing;
use drumbeat_app::{activity, channel, decide, policy, registrations, status};
use drumbeat_model::channel::{ConflictDetail, ConflictKind, ConflictRef, ConflictState, ConflictsQuery, Severity};
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::dossier::{DealDossier, PartnerRole, Proof, ProofKind};
use drumbeat_model::field::Field;
use drumbeat_model::ids::PartnerId;
use drumbeat_model::policy::{PolicyDraft, SavePolicy, SetSetting, SettingValue};
use drumbeat_model::registration::{Approve, Undo};
use drumbeat_model::settling::{
    AcknowledgeConflict, AddEvidence, AppealConflict, ApproveSettling, AskSeller, ConflictStepped, DismissConflicts,
    PartyShare, PlanConflict, RefuseConflictAppeal, RemoveEvidence, SellerAnswered, Settle, Settlement,
};
use drumbeat_model::verdict::ClockState;

use crate::desk::Desk;

fn detail(desk: &Desk, id: &str) -> ConflictDetail {
    channel::conflict(&desk.ws, ConflictRef { conflict: id.to_owned() }).unwrap()
}

fn open(desk: &Desk, kind: ConflictKind) -> Vec<ConflictDetail> {
    let query = ConflictsQuery { kinds: vec![kind], ..ConflictsQuery::default() };
    let rows = channel::conflicts(&desk.ws, query).unwrap().rows;
    rows.into_iter().map(|row| detail(desk, &row.id)).collect()
}

/// An open one in which both sides have a deal.
fn between_deals(desk: &Desk, kind: ConflictKind) -> ConflictDetail {
    let both = |one: &ConflictDetail| one.sides.len() == 2 && one.sides.iter().all(|side| !side.deals.is_empty());
    open(desk, kind).into_iter().find(both).expect("one between two deals")
}

fn award(id: &str, winner: &str) -> Settle {
    Settle {
        conflict: id.to_owned(),
        outcome: Settlement::Awarded,
        winner: Some(winner.to_owned()),
        shares: Vec::new(),
        reason: Some("they brought the customer to us".to_owned()),
    }
}

async fn an_award_lands_on_both_sides_and_each_party_reads_of_itself_alone(crm: Vendor) {
    let desk = Desk::new(crm).await;
    for kind in [ConflictKind::Horizontal, ConflictKind::Vertical, ConflictKind::MultiChannel, ConflictKind::Renewal] {
        assert!(!open(&desk, kind).is_empty(), "the sample has one of each: {}", kind.name());
    }
    let one = between_deals(&desk, ConflictKind::Horizontal);
    let id = one.row.id.clone();
    assert_eq!(one.clocks[0].state, ClockState::Running, "S-06");
    channel::acknowledge_conflict(&desk.ws, AcknowledgeConflict { conflict: id.clone() }).unwrap();
    assert_eq!(detail(&desk, &id).row.state, ConflictState::Acknowledged);
    let (winner, loser) = (&one.row.parties[0], &one.row.parties[1]);
    let done = channel::settle_conflict(&desk.ws, award(&id, winner.key())).unwrap();
    let decision = done.decision.expect("the CRM is told");
    assert!(desk.is_here(&decision), "nothing leaves before a sync");
    let told = || {
        let all = activity::messages(&desk.ws, Nothing {}).unwrap();
        all.into_iter().filter(|message| message.decision == decision).collect::<Vec<_>>()
    };
    assert_eq!(told().len(), 2);
    assert!(told().iter().all(|message| !message.released), "nobody is told before it has landed");
    desk.sync().await;
    desk.assert_landed(&decision);
    for message in told() {
        let (own, other) = if message.to == winner.name { (winner, loser) } else { (loser, winner) };
        assert!(message.released && message.text.contains(&own.name), "{}", message.text);
        assert!(!message.text.contains(&other.name), "{}", message.text);
    }
    for deal in one.sides.iter().flat_map(|side| &side.deals) {
        let there = desk.mirrored(ObjectKind::Deal, deal.id.as_str());
        assert_eq!(there[&desk.property(ObjectKind::Deal, Field::ConflictStatus)], "none");
        assert!(there[&desk.property(ObjectKind::Deal, Field::ConflictNotes)].contains("awarded to"));
        let dossier =
            DealDossier::read(there.get(&desk.property(ObjectKind::Deal, Field::Dossier)).map(String::as_str));
        assert_eq!(dossier.channel[0].winner.as_deref(), Some(winner.key()));
    }
    let now = detail(&desk, &id);
    assert_eq!(now.row.state, ConflictState::Settled, "and the next passes leave it so");
    assert!(now.acts.contains(&drumbeat_model::settling::ConflictAct::Appeal));
}

async fn what_a_settlement_would_write_is_what_it_writes_and_looking_saves_nothing(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let one = between_deals(&desk, ConflictKind::Horizontal);
    let shared = |pct| PartyShare { party: String::new(), pct, role: Some(PartnerRole::Support) };
    let keys: Vec<String> = one.row.parties.iter().map(|party| party.key().to_owned()).collect();
    let mut split = award(&one.row.id, "nobody");
    (split.outcome, split.winner) = (Settlement::Split, None);
    split.shares =
        vec![PartyShare { party: keys[0].clone(), ..shared(60) }, PartyShare { party: keys[1].clone(), ..shared(40) }];
    for settle in [award(&one.row.id, &keys[0]), award(&one.row.id, &keys[1]), split] {
        let before = desk.ws.store.read(|r| r.latest_ops(500)).unwrap().len();
        let would = channel::preview_settlement(&desk.ws, settle.clone()).unwrap();
        assert_eq!(desk.ws.store.read(|r| r.latest_ops(500)).unwrap().len(), before, "nothing is saved");
        assert!(detail(&desk, &one.row.id).row.state.is_open());
        let done = channel::settle_conflict(&desk.ws, settle).unwrap();
        assert_eq!(would.title, done.title);
        let decision = done.decision.unwrap();
        let ops = activity::outbox(&desk.ws, Nothing {}).unwrap();
        type Written = (String, Vec<(String, Option<String>, Option<String>)>);
        let mut wrote: Vec<Written> = ops
            .into_iter()
            .filter(|op| op.decision == decision)
            .map(|op| (op.record, op.fields.into_iter().map(|f| (f.label, f.base, f.mine)).collect()))
            .collect();
        let mut shown: Vec<_> = would
            .records
            .into_iter()
            .map(|one| (one.record.id, one.fields.into_iter().map(|f| (f.label, f.was, f.now)).collect()))
            .collect();
        wrote.sort();
        shown.sort();
        assert!(shown.len() >= 2, "both sides are told");
        assert_eq!(shown, wrote);
        let told = activity::messages(&desk.ws, Nothing {}).unwrap();
        let mut told: Vec<(String, String, String)> = told
            .into_iter()
            .filter(|message| message.decision == decision)
            .map(|message| (message.to, message.subject, message.text))
            .collect();
        for draft in &would.drafts {
            let own = one.row.parties.iter().find(|party| Some(party.key()) == draft.party.as_deref()).unwrap();
            let other = one.row.parties.iter().find(|party| *party != own).unwrap();
            assert!(draft.text.contains(&own.name) && !draft.text.contains(&other.name), "{}", draft.text);
        }
        let mut drafts: Vec<_> = would.drafts.into_iter().map(|one| (one.to, one.subject, one.text)).collect();
        drafts.sort();
        told.sort();
        assert_eq!(drafts, told);
        decide::undo(&desk.ws, Undo { decision }).unwrap();
    }
    assert!(channel::preview_settlement(&desk.ws, award(&one.row.id, "nobody")).is_err(), "as the settlement says");
}

async fn a_full_book_is_a_fact_and_an_award_past_it_needs_a_reason(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let one = open(&desk, ConflictKind::Horizontal)
        .into_iter()
        .find(|one| one.verdict.first.is_some() && one.capacity.iter().flatten().all(|book| book.held > 0))
        .expect("the policy puts one first");
    let first = one.verdict.first.clone().unwrap();
    let book = |detail: &ConflictDetail| {
        detail.capacity.clone().unwrap().into_iter().find(|book| book.party == first).unwrap()
    };
    assert!(!book(&one).full && book(&one).limit.is_none(), "the built-in policy sets no limit");
    let limit =
        SetSetting { key: "capacity.per_partner".to_owned(), value: Some(SettingValue::Number(book(&one).held)) };
    let draft = PolicyDraft { changes: vec![limit], ..PolicyDraft::default() };
    let save = SavePolicy { draft, reason: "partners hold too many".to_owned(), effective: None, seen: None };
    policy::save_policy(&desk.ws, save).unwrap();
    let full = detail(&desk, &one.row.id);
    assert!(book(&full).full, "{:?}", full.capacity);
    let silent = Settle { reason: None, ..award(&one.row.id, &first) };
    let refused = channel::preview_settlement(&desk.ws, silent.clone()).unwrap_err();
    assert!(refused.message.contains("is full"), "{refused:?}");
    assert!(channel::settle_conflict(&desk.ws, silent).is_err());
    channel::settle_conflict(&desk.ws, award(&one.row.id, &first)).unwrap();
}

async fn the_rail_counts_what_is_open_by_severity_and_the_regions_are_those_of_open_ones(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let query = ConflictsQuery { limit: 500, ..ConflictsQuery::default() };
    let rows = channel::conflicts(&desk.ws, query.clone()).unwrap().rows;
    let of = |band| u32::try_from(rows.iter().filter(|row| row.band == band).count()).unwrap();
    let counts = status::status(&desk.app, Nothing {}).unwrap().counts.channel;
    assert_eq!((counts.high, counts.medium, counts.low), (of(Severity::High), of(Severity::Medium), of(Severity::Low)));
    assert!(counts.high + counts.medium + counts.low > 1);
    let regions = channel::conflict_filters(&desk.ws, Nothing {}).unwrap().regions;
    assert!(!regions.is_empty(), "the sample has regions");
    for region in regions {
        let query = ConflictsQuery { region: Some(region.clone()), kinds: ConflictKind::ALL.to_vec(), ..query.clone() };
        assert!(channel::conflicts(&desk.ws, query).unwrap().total > 0, "{region}");
    }
}

async fn an_appeal_with_evidence_is_judged_again_and_refused_or_upheld(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let one = between_deals(&desk, ConflictKind::Horizontal);
    let id = one.row.id.clone();
    let (winner, loser) = (one.row.parties[0].clone(), one.row.parties[1].clone());
    channel::settle_conflict(&desk.ws, award(&id, winner.key())).unwrap();
    desk.sync().await;
    let appeal = |proofs| AppealConflict {
        conflict: id.clone(),
        partner: PartnerId(loser.key().to_owned()),
        text: "we met them first".to_owned(),
        proofs,
    };
    let today = desk.sandbox.now().date_naive();
    let proof = |kind| Proof { kind, day: today, text: "minutes of the meeting".to_owned() };
    assert!(channel::appeal_conflict(&desk.ws, appeal(Vec::new())).is_err(), "without evidence it is none");
    channel::appeal_conflict(&desk.ws, appeal(vec![proof(ProofKind::Meeting)])).unwrap();
    let appealed = detail(&desk, &id);
    assert_eq!(appealed.row.state, ConflictState::Appealed);
    let side = appealed.sides.iter().find(|side| side.party == loser).unwrap();
    assert!(side.evidence.iter().any(|piece| piece.text == "minutes of the meeting"), "{side:#?}");
    assert!(side.first_meeting.is_some(), "the verdict is judged with it");
    let refuse = RefuseConflictAppeal { conflict: id.clone(), reason: "they met us too".to_owned() };
    channel::refuse_conflict_appeal(&desk.ws, refuse).unwrap();
    assert_eq!(detail(&desk, &id).row.state, ConflictState::Settled);
    channel::appeal_conflict(&desk.ws, appeal(vec![proof(ProofKind::Proposal)])).unwrap();
    let turned = channel::settle_conflict(&desk.ws, award(&id, loser.key())).unwrap();
    desk.sync().await;
    desk.assert_landed(&turned.decision.unwrap());
    let now = detail(&desk, &id);
    assert_eq!((now.row.state, now.outcome), (ConflictState::Settled, Some(format!("awarded to {}", loser.name))));
    let from = today;
    let measures =
        channel::conflict_measures(&desk.ws, drumbeat_model::settling::MeasureConflicts { from, to: today }).unwrap();
    assert_eq!((measures.appeals, measures.upheld), (2, 1));
}

fn evidence(id: &str, party: &str, day: drumbeat_model::time::Day, text: &str) -> AddEvidence {
    AddEvidence {
        conflict: id.to_owned(),
        party: party.to_owned(),
        proof: Proof { kind: ProofKind::Meeting, day, text: text.to_owned() },
        source: None,
    }
}

/// What the evidence of a channel conflict says, with its numbers.
fn pieces(detail: &ConflictDetail) -> Vec<(u32, String)> {
    let all = detail.sides.iter().flat_map(|side| &side.evidence);
    let mut all: Vec<(u32, String)> = all.filter_map(|piece| Some((piece.id?, piece.text.clone()))).collect();
    all.sort();
    all
}

async fn what_is_done_about_a_channel_conflict_is_known_on_another_computer(crm: Vendor) {
    let (here, there) = {
        let here = Desk::new(crm).await;
        let there = here.beside().await;
        (here, there)
    };
    let one = between_deals(&here, ConflictKind::Horizontal);
    let (id, party) = (one.row.id.clone(), one.row.parties[0].key().to_owned());
    assert_eq!(detail(&there, &id).row.state, ConflictState::Open);
    here.wait(3600);
    channel::acknowledge_conflict(&here.ws, AcknowledgeConflict { conflict: id.clone() }).unwrap();
    let today = here.sandbox.now().date_naive();
    let due = today + chrono::Days::new(3);
    let seller = here.ws.store.read(|r| r.schema()).unwrap().unwrap().owners[0].id.clone();
    let question = "Who called them first?".to_owned();
    let ask = AskSeller { conflict: id.clone(), question, seller: Some(seller.into()) };
    channel::ask_seller(&here.ws, ask).unwrap();
    here.wait(60);
    let plan = PlanConflict { conflict: id.clone(), text: "both get a part".to_owned(), due: Some(due) };
    channel::plan_conflict(&here.ws, plan).unwrap();
    channel::add_evidence(&here.ws, evidence(&id, &party, today, "met at the fair")).unwrap();
    let mine = detail(&here, &id);
    here.sync().await;
    assert_eq!(here.merges().len(), 0);
    here.wait(120);
    there.sync().await;
    let theirs = detail(&there, &id);
    assert_eq!((theirs.row.state, theirs.plan.as_deref()), (ConflictState::Planned, Some("both get a part")));
    let clocks = |detail: &ConflictDetail| {
        let all = detail.clocks.iter().map(|clock| (clock.rule.clone(), clock.state, clock.since));
        all.collect::<Vec<_>>()
    };
    assert_eq!(clocks(&theirs), clocks(&mine), "S-06 and S-07 are met there as well, and the question waits");
    assert_eq!(pieces(&theirs), pieces(&mine));
    assert_eq!(theirs.sides, mine.sides, "the verdict is judged with it");
    let told = |what: &str| theirs.timeline.iter().filter(|entry| entry.text.starts_with(what)).count();
    assert_eq!((told("acknowledged"), told("plan: "), told("a seller was asked: ")), (1, 1, 1));
    there.sync().await;
    assert_eq!(detail(&there, &id).timeline.len(), theirs.timeline.len(), "and told once");
    // Who begins later knows it too.
    let new = here.beside().await;
    assert_eq!(detail(&new, &id).plan.as_deref(), Some("both get a part"));

    // Both add evidence at once; then one takes away what the other has added.
    channel::add_evidence(&here.ws, evidence(&id, &party, today, "their minutes")).unwrap();
    channel::add_evidence(&there.ws, evidence(&id, &party, today, "our minutes")).unwrap();
    let answer = SellerAnswered { conflict: id.clone(), answer: "they did".to_owned() };
    channel::seller_answered(&there.ws, answer).unwrap();
    for desk in [&here, &there, &here] {
        desk.wait(120);
        desk.sync().await;
    }
    assert_eq!((here.merges().len(), there.merges().len()), (0, 0), "nobody has to choose");
    let both = pieces(&detail(&here, &id));
    assert_eq!(both.len(), 3, "{both:?}");
    assert_eq!(both, pieces(&detail(&there, &id)));
    let answered = detail(&here, &id).clocks.into_iter().find(|clock| clock.rule == "C-08").unwrap();
    assert_eq!(answered.state, ClockState::Met);
    let gone = both.iter().find(|(_, text)| text == "their minutes").unwrap().0;
    channel::remove_evidence(&there.ws, RemoveEvidence { conflict: id.clone(), evidence: gone }).unwrap();
    assert_eq!(pieces(&detail(&there, &id)).len(), 2);
    there.sync().await;
    here.wait(120);
    here.sync().await;
    assert_eq!(pieces(&detail(&here, &id)), pieces(&detail(&there, &id)));
}

async fn evidence_that_is_taken_back_before_it_is_sent_counts_no_more(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let one = between_deals(&desk, ConflictKind::Horizontal);
    let (id, party) = (one.row.id.clone(), one.row.parties[1].key().to_owned());
    let today = desk.sandbox.now().date_naive();
    let added = channel::add_evidence(&desk.ws, evidence(&id, &party, today, "met at the fair")).unwrap();
    assert_eq!(pieces(&detail(&desk, &id)).len(), 1);
    decide::undo(&desk.ws, Undo { decision: added.decision.expect("the CRM is told") }).unwrap();
    assert_eq!(pieces(&detail(&desk, &id)), []);
}

async fn an_acknowledgement_and_a_plan_that_are_taken_back_have_not_been(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let id = between_deals(&desk, ConflictKind::Horizontal).row.id;
    let of = |what: &str| {
        let now = detail(&desk, &id);
        let times = now.timeline.iter().filter(|entry| entry.text == format!("the {what} was taken back")).count();
        (now.row.state, now.plan, times)
    };
    let undo = |done: ConflictStepped| {
        decide::undo(&desk.ws, Undo { decision: done.decision.expect("the CRM is told") }).unwrap();
    };
    let plan = |text: &str| PlanConflict { conflict: id.clone(), text: text.to_owned(), due: None };
    let seen = channel::acknowledge_conflict(&desk.ws, AcknowledgeConflict { conflict: id.clone() }).unwrap();
    let planned = channel::plan_conflict(&desk.ws, plan("both get a part")).unwrap();
    assert_eq!(of("plan"), (ConflictState::Planned, Some("both get a part".to_owned()), 0));
    undo(planned);
    assert_eq!(of("plan"), (ConflictState::Acknowledged, None, 1));
    undo(seen);
    assert_eq!(of("acknowledgement"), (ConflictState::Open, None, 1));
    // Who plans has seen it, and takes back both with one act.
    undo(channel::plan_conflict(&desk.ws, plan("one of them")).unwrap());
    assert_eq!(of("acknowledgement"), (ConflictState::Open, None, 2));
}

async fn an_appeal_against_a_split_is_open_with_its_evidence_until_it_is_decided(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let one = between_deals(&desk, ConflictKind::Horizontal);
    let id = one.row.id.clone();
    let share = |at: usize, pct| PartyShare { party: one.row.parties[at].key().to_owned(), pct, role: None };
    let split = Settle {
        conflict: id.clone(),
        outcome: Settlement::Split,
        winner: None,
        shares: vec![share(0, 70), share(1, 30)],
        reason: Some("each did its part".to_owned()),
    };
    channel::settle_conflict(&desk.ws, split).unwrap();
    desk.sync().await;
    let less = one.row.parties[1].clone();
    let appeal = AppealConflict {
        conflict: id.clone(),
        partner: PartnerId(less.key().to_owned()),
        text: "we did all of it".to_owned(),
        proofs: vec![Proof {
            kind: ProofKind::Meeting,
            day: desk.sandbox.now().date_naive(),
            text: "minutes of the meeting".to_owned(),
        }],
    };
    channel::appeal_conflict(&desk.ws, appeal).unwrap();
    let seen = || {
        let now = detail(&desk, &id);
        let side = now.sides.iter().find(|side| side.party == less).unwrap();
        assert!(side.evidence.iter().any(|piece| piece.text == "minutes of the meeting"), "{side:#?}");
        now.row.state
    };
    assert_eq!(seen(), ConflictState::Appealed, "that they share a deal is what it is about");
    desk.sync().await;
    channel::judge_conflicts(std::sync::Arc::clone(&desk.ws), Nothing {}).await.unwrap();
    assert_eq!(seen(), ConflictState::Appealed);
    channel::settle_conflict(&desk.ws, award(&id, less.key())).unwrap();
    desk.sync().await;
    let now = detail(&desk, &id);
    assert_eq!((now.row.state, now.outcome), (ConflictState::Settled, Some(format!("awarded to {}", less.name))));
}

async fn a_split_adds_up_on_one_deal_and_is_taken_back_with_its_finding(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let one = between_deals(&desk, ConflictKind::MultiChannel);
    let id = one.row.id.clone();
    let share =
        |at: usize, pct, role| PartyShare { party: one.row.parties[at].key().to_owned(), pct, role: Some(role) };
    let settle = |first, second| Settle {
        conflict: id.clone(),
        outcome: Settlement::Joint,
        winner: None,
        shares: vec![share(0, first, PartnerRole::Resale), share(1, second, PartnerRole::Services)],
        reason: Some("each brings something else".to_owned()),
    };
    assert!(channel::settle_conflict(&desk.ws, settle(70, 40)).is_err(), "110 % is no split");
    let done = channel::settle_conflict(&desk.ws, settle(70, 30)).unwrap();
    assert_eq!(detail(&desk, &id).row.state, ConflictState::Settled);
    let shared: Vec<usize> = one
        .sides
        .iter()
        .flat_map(|side| &side.deals)
        .map(|deal| {
            DealDossier::read(Some(&desk.seen(ObjectKind::Deal, deal.id.as_str(), Field::Dossier))).partners.len()
        })
        .collect();
    assert_eq!(shared.iter().filter(|partners| **partners == 2).count(), 1, "{shared:?}");
    decide::undo(&desk.ws, Undo { decision: done.decision.unwrap() }).unwrap();
    assert!(detail(&desk, &id).row.state.is_open(), "what was taken back is open again");
}

async fn no_registration_is_approved_past_an_open_channel_conflict(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let claims = desk.open();
    let (claim, conflict) = claims
        .iter()
        .find_map(|claim| {
            let all = ConflictKind::ALL.iter().filter(|kind| **kind != ConflictKind::Sign);
            let mine = all
                .flat_map(|kind| open(&desk, *kind))
                .filter(|one| one.sides.iter().flat_map(|side| &side.claims).any(|link| link.id == claim.id.0));
            let mine: Vec<ConflictDetail> = mine.collect();
            let first =
                |one: &ConflictDetail| one.verdict.first.as_deref() == claim.partner.as_ref().map(PartnerId::as_str);
            (mine.len() == 1 && !first(&mine[0])).then(|| (claim, mine[0].clone()))
        })
        .expect("a claim in one channel conflict");
    let against = || {
        let all = channel::conflicts_against(&desk.ws, claim.id.clone()).unwrap();
        all.into_iter().map(|one| (one.row.id, one.verdict.first)).collect::<Vec<_>>()
    };
    assert_eq!(against(), [(conflict.row.id.clone(), conflict.verdict.first.clone())], "told in one read");
    let approve = Approve {
        registration: claim.id.clone(),
        protection_days: None,
        seller: None,
        link_deal: None,
        message: None,
        reason: Some("we know them".to_owned()),
    };
    let silent = Approve { reason: None, ..approve.clone() };
    let refused = registrations::approve(&desk.ws, silent).unwrap_err();
    assert_eq!(refused.id, "approve.conflict");
    let winner = claim.partner.clone().unwrap();
    let settle = vec![award(&conflict.row.id, winner.as_str())];
    let done = channel::approve_settling(&desk.ws, ApproveSettling { approve, settle }).unwrap();
    assert_eq!(against(), []);
    desk.sync().await;
    desk.assert_landed(&done.decision);
    assert_eq!(detail(&desk, &conflict.row.id).row.state, ConflictState::Settled, "landing is no new fact");
}

async fn many_are_dismissed_at_once_and_stay_so(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let query = || ConflictsQuery { kinds: vec![ConflictKind::Sign], limit: 500, ..ConflictsQuery::default() };
    let signs = channel::conflicts(&desk.ws, query()).unwrap();
    assert!(signs.total > 1, "the sample has early signs");
    let mut conflicts: Vec<String> = signs.rows.into_iter().map(|row| row.id).collect();
    conflicts.push("none".to_owned());
    let request = DismissConflicts { conflicts: conflicts.clone(), reason: "known".to_owned() };
    let done = channel::dismiss_conflicts(&desk.ws, request).unwrap();
    assert_eq!((done.done.len(), done.failed.len()), (conflicts.len() - 1, 1));
    assert!(!done.decisions.is_empty(), "what the CRM is told of can be taken back");
    for decision in &done.decisions {
        decide::undo(&desk.ws, Undo { decision: decision.clone() }).unwrap();
    }
    let again = channel::conflicts(&desk.ws, query()).unwrap();
    assert_eq!(again.total as usize, done.decisions.len(), "all that were taken back are open again");
    let request =
        DismissConflicts { conflicts: again.rows.into_iter().map(|row| row.id).collect(), reason: "known".to_owned() };
    channel::dismiss_conflicts(&desk.ws, request).unwrap();
    desk.sync().await;
    channel::judge_conflicts(std::sync::Arc::clone(&desk.ws), Nothing {}).await.unwrap();
    assert_eq!(channel::conflicts(&desk.ws, query()).unwrap().total, 0);
}

for_each_crm! {
    an_award_lands_on_both_sides_and_each_party_reads_of_itself_alone,
    what_a_settlement_would_write_is_what_it_writes_and_looking_saves_nothing,
    a_full_book_is_a_fact_and_an_award_past_it_needs_a_reason,
    the_rail_counts_what_is_open_by_severity_and_the_regions_are_those_of_open_ones,
    an_appeal_with_evidence_is_judged_again_and_refused_or_upheld,
    what_is_done_about_a_channel_conflict_is_known_on_another_computer,
    evidence_that_is_taken_back_before_it_is_sent_counts_no_more,
    an_acknowledgement_and_a_plan_that_are_taken_back_have_not_been,
    an_appeal_against_a_split_is_open_with_its_evidence_until_it_is_decided,
    a_split_adds_up_on_one_deal_and_is_taken_back_with_its_finding,
    no_registration_is_approved_past_an_open_channel_conflict,
    many_are_dismissed_at_once_and_stay_so,
}
