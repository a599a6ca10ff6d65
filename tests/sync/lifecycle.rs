//! Every act of a registration's life lands in the CRM as one group, and is taken back to what was there before.

use drumbeat_app::{attribution, letters, registrations, undoing};
use drumbeat_model::change::OpState;
use drumbeat_model::crm::{ObjectKind, Properties, Vendor};
use drumbeat_model::deal::Attribution;
use drumbeat_model::dossier::{Answered, DealDossier, DealPartner, Dossier, PartnerRole, Proof, ProofKind};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, DecisionId, PartnerId, RegistrationId};
use drumbeat_model::lifecycle::*;
use drumbeat_model::merge::DecisionRef;
use drumbeat_model::registration::{Approve, AskInfo, Registration, RegistrationKind};
use drumbeat_model::time::Day;

use crate::desk::Desk;
use crate::door;

const CLAIM: ObjectKind = ObjectKind::Registration;
const DAY: u64 = 24 * 60 * 60;

fn today(desk: &Desk) -> Day {
    desk.sandbox.now().date_naive()
}

fn proof(desk: &Desk, kind: ProofKind) -> Proof {
    Proof { kind, day: today(desk), text: "minutes of the call".to_owned() }
}

fn approve(desk: &Desk, claim: &Registration) -> DecisionId {
    let request = Approve {
        registration: claim.id.clone(),
        protection_days: None,
        seller: None,
        link_deal: None,
        message: None,
        reason: Some("we know them".to_owned()),
    };
    registrations::approve(&desk.ws, request).unwrap().decision
}

/// The first open claim of a kind.
fn open(desk: &Desk, kind: RegistrationKind) -> Registration {
    desk.open().into_iter().find(|claim| claim.kind == kind && claim.partner.is_some()).expect("an open claim")
}

/// An approved claim that has landed, as it is then.
async fn approved(desk: &Desk, kind: RegistrationKind) -> Registration {
    let claim = open(desk, kind);
    let decision = approve(desk, &claim);
    desk.sync().await;
    desk.assert_landed(&decision);
    now(desk, &claim.id)
}

fn now(desk: &Desk, id: &RegistrationId) -> Registration {
    desk.ws.store.read(|r| r.registration(id)).unwrap().unwrap()
}

fn dossier(desk: &Desk, id: &RegistrationId) -> Dossier {
    let text = desk.seen(CLAIM, id.as_str(), Field::Dossier);
    Dossier::read(Some(&text))
}

/// What the CRM has of a record, but for what it adds itself (it comes with the next read) and our mark.
fn holds(desk: &Desk, kind: ObjectKind, id: &str) -> Properties {
    let mut properties = desk.mirrored(kind, id);
    // A box that is not ticked says nothing, and HubSpot leaves it out.
    properties.retain(|name, value| !door::is_its_own(name) && !value.is_empty() && value != "false");
    properties
}

/// An act lands whole, changes what it should, and is taken back to the byte.
async fn lands_and_is_taken_back(
    desk: &Desk,
    records: &[(ObjectKind, String)],
    act: impl FnOnce() -> DecisionId,
    check: impl FnOnce(),
) {
    let before: Vec<Properties> = records.iter().map(|(kind, id)| holds(desk, *kind, id)).collect();
    let decision = act();
    assert!(desk.is_here(&decision), "nothing leaves before a sync");
    desk.sync().await;
    desk.assert_landed(&decision);
    assert!(desk.ops(&decision).iter().all(|op| op.state == OpState::Done), "{:#?}", desk.ops(&decision));
    check();
    let after: Vec<Properties> = records.iter().map(|(kind, id)| holds(desk, *kind, id)).collect();
    assert_ne!(before, after, "it changed something");
    let undone = undoing::undo_pushed(&desk.ws, DecisionRef { decision }).unwrap().decision;
    desk.sync().await;
    desk.assert_landed(&undone);
    let back: Vec<Properties> = records.iter().map(|(kind, id)| holds(desk, *kind, id)).collect();
    assert_eq!(before, back, "as it was before");
}

fn both(claim: &Registration) -> Vec<(ObjectKind, String)> {
    let mut all = vec![(CLAIM, claim.id.0.clone())];
    all.extend(claim.deal.iter().map(|deal| (ObjectKind::Deal, deal.0.clone())));
    all
}

async fn an_appeal_that_is_granted_approves_the_claim_in_the_same_act(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let claim = open(&desk, RegistrationKind::Deal);
    let id = claim.id.clone();
    desk.decline(&id);
    desk.sync().await;
    let appeal = |proofs, override_reason| OpenAppeal {
        registration: id.clone(),
        text: "We met them first".to_owned(),
        proofs,
        by: Some("Jana".to_owned()),
        override_reason,
    };
    let refused = registrations::open_appeal(&desk.ws, appeal(Vec::new(), None)).unwrap_err();
    assert_eq!(refused.id, "appeal.against", "{refused}");
    let proofs = vec![proof(&desk, ProofKind::Meeting)];
    let open = || registrations::open_appeal(&desk.ws, appeal(proofs.clone(), None)).unwrap().decision;
    lands_and_is_taken_back(&desk, &both(&claim), open, || {
        assert_eq!(dossier(&desk, &id).appeal().unwrap().proofs, proofs);
    })
    .await;

    let opened = open();
    desk.sync().await;
    desk.assert_landed(&opened);
    let listed =
        registrations::protections(&desk.ws, ProtectionsQuery { group: Some(ProtectionGroup::Appeals), partner: None });
    assert_eq!(listed.unwrap().iter().map(|row| row.id.clone()).collect::<Vec<_>>(), std::slice::from_ref(&id));
    let decide = |grant| DecideAppeal {
        registration: id.clone(),
        grant,
        reason: "They were first".to_owned(),
        protection_days: None,
        seller: None,
        link_deal: None,
        message: None,
    };
    lands_and_is_taken_back(
        &desk,
        &both(&claim),
        || registrations::decide_appeal(&desk.ws, decide(false)).unwrap().decision,
        || {
            let answered = dossier(&desk, &id).appeals.remove(0);
            assert_eq!((answered.answered, now(&desk, &id).status.name()), (Answered::Refused, "declined"));
        },
    )
    .await;
    lands_and_is_taken_back(
        &desk,
        &both(&claim),
        || registrations::decide_appeal(&desk.ws, decide(true)).unwrap().decision,
        || {
            let claim = now(&desk, &id);
            assert_eq!((claim.status.name(), claim.decline_reason), ("approved", None));
            assert!(claim.deal.is_some() && claim.protection_end.is_some());
            assert_eq!(claim.dossier.appeals[0].answered, Answered::Granted);
        },
    )
    .await;
    assert!(dossier(&desk, &id).appeal().is_some(), "it waits again");
}

async fn protection_is_extended_on_the_claim_and_its_deal_for_evidence_alone(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let claim = approved(&desk, RegistrationKind::Deal).await;
    let (id, deal) = (claim.id.clone(), claim.deal.clone().unwrap());
    let extend = |proofs, override_reason| Extend {
        registration: id.clone(),
        days: None,
        proofs,
        override_reason,
        message: None,
    };
    let refused = registrations::extend(&desk.ws, extend(Vec::new(), None)).unwrap_err();
    assert_eq!(refused.id, "extend.against", "{refused}");
    assert!(refused.message.contains("no evidence of progress"), "{refused}");
    desk.wait(10 * DAY);
    let proofs = vec![proof(&desk, ProofKind::Discovery)];
    let request = RequestExtension { registration: id.clone(), proofs: proofs.clone(), by: None };
    let asked = || registrations::request_extension(&desk.ws, request).unwrap().decision;
    lands_and_is_taken_back(&desk, &both(&claim), asked, || assert!(dossier(&desk, &id).extension().is_some())).await;
    let ends =
        |desk: &Desk| (now(desk, &id).protection_end, desk.seen(ObjectKind::Deal, deal.as_str(), Field::ProtectionEnd));
    let before = ends(&desk);
    let given = || registrations::extend(&desk.ws, extend(proofs, None)).unwrap().decision;
    lands_and_is_taken_back(&desk, &both(&claim), given, || {
        let after = ends(&desk);
        let end = after.0.unwrap();
        assert_eq!((end - before.0.unwrap()).num_days(), 30);
        assert_eq!(after.1, end.to_string(), "the deal goes with it");
        assert_eq!(dossier(&desk, &id).extensions[0].to, Some(end));
    })
    .await;
    let against =
        || registrations::extend(&desk.ws, extend(Vec::new(), Some("the chief wants it".to_owned()))).unwrap().decision;
    lands_and_is_taken_back(&desk, &both(&claim), against, || {
        assert!(dossier(&desk, &id).extensions[0].overridden);
        assert!(desk.audit().contains("the chief wants it"));
    })
    .await;
}

async fn an_untouched_protection_is_released_only_after_a_warning(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let claim = approved(&desk, RegistrationKind::Deal).await;
    let id = claim.id.clone();
    desk.wait(40 * DAY);
    desk.sync().await;
    let list = || registrations::protections(&desk.ws, ProtectionsQuery { group: None, partner: None }).unwrap();
    let row = list().into_iter().find(|row| row.id == id).expect("it wants a look");
    assert_eq!((row.group, row.idle_days), (ProtectionGroup::Untouched, Some(40)), "{row:#?}");
    let release = |override_reason| ReleaseProtection {
        registration: id.clone(),
        reason: "nothing happens".to_owned(),
        override_reason,
        message: None,
    };
    let refused = registrations::release_protection(&desk.ws, release(None)).unwrap_err();
    assert!(refused.message.contains("not warned"), "{refused}");
    let warn = || {
        let request = WarnUntouched { registration: id.clone(), message: None };
        registrations::warn_untouched(&desk.ws, request).unwrap().decision
    };
    lands_and_is_taken_back(&desk, &both(&claim), warn, || {
        assert_eq!(dossier(&desk, &id).warned.unwrap().idle_days, 40);
    })
    .await;
    warn();
    desk.sync().await;
    assert!(registrations::release_protection(&desk.ws, release(None)).unwrap_err().message.contains("has until"));
    desk.wait(8 * DAY);
    let released = || registrations::release_protection(&desk.ws, release(None)).unwrap().decision;
    lands_and_is_taken_back(&desk, &both(&claim), released, || {
        let claim = now(&desk, &id);
        assert_eq!((claim.status.name(), claim.protection_end), ("expired", Some(today(&desk))));
    })
    .await;
    let partners = desk.ws.store.read(|r| r.partner_names(50)).unwrap();
    let other = partners
        .into_iter()
        .map(|(id, _)| id)
        .find(|one| Some(one.as_str()) != claim.partner.as_ref().map(PartnerId::as_str));
    let other = PartnerId(other.unwrap());
    let reassign = || {
        let request = Reassign {
            registration: id.clone(),
            partner: other.clone(),
            reason: "they know the customer".to_owned(),
            override_reason: None,
            message: None,
        };
        registrations::reassign(&desk.ws, request).unwrap().decision
    };
    lands_and_is_taken_back(&desk, &both(&claim), reassign, || {
        let claim = now(&desk, &id);
        assert_eq!(claim.partner.as_ref(), Some(&other));
        assert_eq!(claim.dossier.handovers[0].to, other);
        let text = desk.seen(ObjectKind::Deal, claim.deal.unwrap().as_str(), Field::Dossier);
        let amendment = DealDossier::read(Some(&text)).amendments.remove(0);
        assert_eq!(amendment.to[0].partner, other, "both values stay on record");
        assert_ne!(amendment.from[0].partner, other);
    })
    .await;
}

async fn a_leads_hold_is_confirmed_by_its_meeting_lapses_without_and_becomes_a_deal_registration(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let claim = approved(&desk, RegistrationKind::Lead).await;
    let id = claim.id.clone();
    desk.wait(5 * DAY);
    let met = || {
        let request = LogMeeting {
            registration: id.clone(),
            day: today(&desk),
            text: "Jana met the head of IT".to_owned(),
            override_reason: None,
        };
        registrations::log_meeting(&desk.ws, request).unwrap().decision
    };
    lands_and_is_taken_back(&desk, &both(&claim), met, || {
        assert!(dossier(&desk, &id).meeting.is_some());
        let deal = now(&desk, &id).deal.unwrap();
        let touches = desk.ws.read(|r| r.touches(ObjectKind::Deal, deal.as_str(), 20)).unwrap();
        let tasks: Vec<bool> =
            touches.iter().filter(|touch| touch.kind == ObjectKind::Task).map(|touch| touch.done).collect();
        assert_eq!(tasks, [true], "the task that asks for the meeting is done");
    })
    .await;
    let set = [(Field::CloseDate, "2027-06-30"), (Field::ProofOfWork, "Workshop"), (Field::Amount, "12000")];
    let set = set.map(|(field, value)| Filled { field, value: value.to_owned() }).to_vec();
    let before = desk.open().len();
    let convert = || {
        let request = ConvertLead { registration: id.clone(), set, currency: Some("EUR".to_owned()) };
        registrations::convert_lead(&desk.ws, request).unwrap().decision
    };
    lands_and_is_taken_back(&desk, &both(&claim), convert, || {
        assert_eq!(now(&desk, &id).status.name(), "converted");
        let made: Vec<Registration> =
            desk.open().into_iter().filter(|one| one.dossier.lead.as_ref() == Some(&id)).collect();
        assert_eq!((made.len(), desk.open().len()), (1, before + 1));
        assert_eq!(
            (made[0].kind, &made[0].company, &made[0].partner),
            (RegistrationKind::Deal, &claim.company, &claim.partner)
        );
        assert_eq!(made[0].amount.as_ref().unwrap().to_string(), "EUR 12,000");
    })
    .await;
    desk.wait(12 * DAY);
    let lapse = || {
        registrations::lapse_hold(&desk.ws, LapseHold { registration: id.clone(), reason: None, message: None })
            .unwrap()
            .decision
    };
    lands_and_is_taken_back(&desk, &both(&claim), lapse, || assert_eq!(now(&desk, &id).status.name(), "expired")).await;
}

async fn an_answer_runs_the_clock_on_and_a_withdrawal_ends_it(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let claim = open(&desk, RegistrationKind::Deal);
    let id = claim.id.clone();
    let ask = AskInfo { registration: id.clone(), question: "Which site?".to_owned(), message: None };
    registrations::ask_info(&desk.ws, ask).unwrap();
    desk.sync().await;
    desk.wait(2 * DAY);
    let answer = || {
        let set = vec![Filled { field: Field::City, value: "Hamburg".to_owned() }];
        let request = AnswerInfo { registration: id.clone(), text: "The site in Hamburg".to_owned(), set, at: None };
        registrations::answer_info(&desk.ws, request).unwrap().decision
    };
    lands_and_is_taken_back(&desk, &both(&claim), answer, || {
        let claim = now(&desk, &id);
        assert_eq!((claim.status.name(), claim.city.as_deref()), ("submitted", Some("Hamburg")));
        let reply = &claim.dossier.replies[0];
        assert_eq!((reply.at - reply.asked_at.unwrap()).num_days(), 2);
    })
    .await;
    let withdraw = || {
        let request =
            Withdraw { registration: id.clone(), by: None, reason: "project stopped".to_owned(), message: None };
        registrations::withdraw(&desk.ws, request).unwrap().decision
    };
    lands_and_is_taken_back(&desk, &both(&claim), withdraw, || assert_eq!(now(&desk, &id).status.name(), "withdrawn"))
        .await;
    let expire =
        |reason: Option<&str>| Expire { registration: id.clone(), reason: reason.map(str::to_owned), message: None };
    assert!(registrations::expire(&desk.ws, expire(None)).is_err(), "its time is not over");
    let expired = || registrations::expire(&desk.ws, expire(Some("the program ends"))).unwrap().decision;
    lands_and_is_taken_back(&desk, &both(&claim), expired, || assert_eq!(now(&desk, &id).status.name(), "expired"))
        .await;
}

async fn claims_on_one_company_are_decided_in_one_act(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let open = desk.open();
    let first =
        open.iter().find(|claim| claim.kind == RegistrationKind::Deal && claim.domain.is_some()).unwrap().clone();
    let second = open
        .iter()
        .find(|claim| claim.partner.is_some() && claim.partner != first.partner && claim.deal.is_none())
        .unwrap()
        .clone();
    let like = [(Field::CompanyName, first.company.as_str()), (Field::Domain, first.domain.as_deref().unwrap())];
    desk.edit(CLAIM, second.id.as_str(), &like);
    desk.wait(60);
    desk.sync().await;
    let records = [both(&first), both(&second)].concat();
    let award = || {
        let request = Award {
            registration: first.id.clone(),
            against: vec![second.id.clone()],
            reason: Some("they did the work".to_owned()),
            protection_days: None,
            seller: None,
            link_deal: None,
        };
        registrations::award(&desk.ws, request).unwrap().decision
    };
    lands_and_is_taken_back(&desk, &records, award, || {
        let status = |claim: &Registration| now(&desk, &claim.id).status.name();
        assert_eq!((status(&first), status(&second)), ("approved", "declined"));
    })
    .await;
    let one = |claim: &Registration, part: &str, role, pct| SplitClaim {
        registration: claim.id.clone(),
        part: part.to_owned(),
        role,
        pct,
    };
    let claims = |pct| {
        vec![one(&first, "Software", PartnerRole::Resale, 70), one(&second, "Services", PartnerRole::Services, pct)]
    };
    let split = |pct| SplitClaims {
        claims: claims(pct),
        reason: "each brings something".to_owned(),
        protection_days: Some(90),
        seller: None,
        link_deal: None,
    };
    assert!(registrations::split_claims(&desk.ws, split(31)).unwrap_err().message.contains("101 %"));
    lands_and_is_taken_back(
        &desk,
        &records,
        || registrations::split_claims(&desk.ws, split(30)).unwrap().decision,
        || {
            let (a, b) = (now(&desk, &first.id), now(&desk, &second.id));
            assert_eq!((a.status.name(), b.status.name()), ("approved", "approved"));
            assert!(a.deal.is_some() && a.deal == b.deal, "both are on one deal");
            let text = desk.seen(ObjectKind::Deal, a.deal.unwrap().as_str(), Field::Dossier);
            let shares: Vec<u32> = DealDossier::read(Some(&text)).partners.iter().map(|one| one.pct).collect();
            assert_eq!(shares, [70, 30]);
            assert_eq!(b.dossier.part.unwrap().name, "Services");
        },
    )
    .await;
}

async fn locked_credit_is_amended_with_a_reason_and_influence_has_its_evidence(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let claim = approved(&desk, RegistrationKind::Deal).await;
    let (deal, partner) = (claim.deal.clone().unwrap(), claim.partner.clone().unwrap());
    let known = attribution::deal_partners(&desk.ws, DealId(deal.0.clone())).unwrap();
    assert!(known.locked.is_some() && known.free_pct == 0, "{known:#?}");
    let other = desk.ws.store.read(|r| r.partner_names(50)).unwrap().into_iter().map(|(id, _)| PartnerId(id));
    let other = other.into_iter().find(|one| *one != partner).unwrap();
    let share = |partner: &PartnerId, attribution, pct| DealPartner {
        partner: partner.clone(),
        role: PartnerRole::Services,
        attribution,
        pct,
        part: None,
    };
    let set = |reason: Option<&str>| SetPartners {
        deal: deal.clone(),
        partners: vec![share(&partner, Attribution::Sourced, 80), share(&other, Attribution::Influenced, 20)],
        reason: reason.map(str::to_owned),
    };
    let refused = attribution::set_partners(&desk.ws, set(None)).unwrap_err();
    assert_eq!(refused.id, "shares.locked", "{refused}");
    let of_deal = [(ObjectKind::Deal, deal.0.clone())];
    let read = || DealDossier::read(Some(&desk.seen(ObjectKind::Deal, deal.as_str(), Field::Dossier)));
    lands_and_is_taken_back(
        &desk,
        &of_deal,
        || attribution::set_partners(&desk.ws, set(Some("as agreed"))).unwrap().decision,
        || {
            assert_eq!(read().amendments[0].from[0].pct, 100, "what stood stays on record");
            assert_eq!(desk.seen(ObjectKind::Deal, deal.as_str(), Field::AttributionPct), "80");
        },
    )
    .await;
    // Editing the field is no way around.
    let edited = || desk.set(deal.as_str(), Field::AttributionPct, "60");
    lands_and_is_taken_back(&desk, &of_deal, edited, || assert_eq!(read().amendments[0].to[0].pct, 60)).await;
    let influence = || {
        let proof = proof(&desk, ProofKind::Validation);
        let request = AddInfluence { deal: deal.clone(), partner: other.clone(), stage: None, proof };
        attribution::add_influence(&desk.ws, request).unwrap().decision
    };
    lands_and_is_taken_back(&desk, &of_deal, influence, || assert_eq!(read().influences[0].partner, other)).await;
}

async fn many_are_decided_each_with_its_own_verdict_and_messages_are_files(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let open = desk.open();
    let ids: Vec<RegistrationId> = open.iter().take(3).map(|claim| claim.id.clone()).collect();
    desk.decline(&ids[1]);
    let request = Bulk {
        registrations: ids.clone(),
        act: BulkAct::Decline,
        reason: None,
        decline: Some(drumbeat_model::registration::DeclineReason::Territory),
        question: None,
        until: None,
    };
    let done = registrations::bulk(&desk.ws, request).unwrap();
    assert_eq!((done.done, done.refused), (2, 1), "{done:#?}");
    assert!(done.rows[1].refused.as_ref().unwrap().contains("decided already"));
    desk.sync().await;
    for row in done.rows.iter().filter_map(|row| row.decided.as_ref()) {
        desk.assert_landed(&row.decision);
    }
    let draft = DraftRequest {
        registration: open[4].id.clone(),
        letter: Letter::Ask,
        decline: None,
        reason: None,
        question: Some("Größe?".to_owned()),
        protection_days: None,
    };
    let draft = letters::message_draft(&desk.ws, draft).unwrap();
    assert!(draft.text.contains("Größe?"), "{draft:?}");
    let folder = tempfile::tempdir().unwrap();
    let save = || {
        let request = SaveMessage {
            to: draft.to.clone(),
            address: draft.address.clone(),
            subject: draft.subject.clone(),
            text: draft.text.clone(),
        };
        letters::save_message_to(&desk.ws, request, folder.path()).unwrap().file
    };
    let (first, second) = (save(), save());
    assert_ne!(first, second, "a file that is there is not replaced");
    assert!(std::fs::read_to_string(first).unwrap().contains("Gr=C3=B6=C3=9Fe?"));
}

for_each_crm! {
    an_appeal_that_is_granted_approves_the_claim_in_the_same_act,
    protection_is_extended_on_the_claim_and_its_deal_for_evidence_alone,
    a_leads_hold_is_confirmed_by_its_meeting_lapses_without_and_becomes_a_deal_registration,
    an_answer_runs_the_clock_on_and_a_withdrawal_ends_it,
    claims_on_one_company_are_decided_in_one_act,
    locked_credit_is_amended_with_a_reason_and_influence_has_its_evidence,
    many_are_decided_each_with_its_own_verdict_and_messages_are_files,
    an_untouched_protection_is_released_only_after_a_warning,
}
