//! One change of the facts (or of the policy) that would have turned a verdict (B3).
//!
//! A flip is not only a sentence: it can be applied, and the sentence is written from what is applied. So a
//! verdict can promise "would pass if ..." only after the check has been run again on the changed facts, and
//! says what came out. Callers may rely on that; they never need to apply a change themselves.

use std::borrow::Cow;

use rust_decimal::Decimal;

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Motion;
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, PartnerId, RegistrationId};
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::partner::{Certification, PartnerStatus, Tier};
use drumbeat_model::registration::{Registration, RegistrationKind, RegistrationStatus};
use drumbeat_model::time::{Day, Instant};

use crate::checks::certification;
use crate::facts::{ClaimFact, DealFact, Facts};
use crate::normal;
use crate::policy::Policy;
use crate::text;

/// The id of records that exist only in a flip.
const SUPPOSED: &str = "supposed";

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A field of the claim were filled in.
    Fill(Field),
    /// A field of the claim were empty.
    Clear(Field),
    /// The contact's e-mail were at the company's own domain.
    ContactAtDomain(String),
    /// The contact had agreed or not.
    Consent(Option<bool>),
    /// The partner had this status.
    Status(PartnerStatus),
    /// The partner were marked as one.
    MarkedPartner,
    /// The partner were allowed this motion.
    AllowMotion(Motion),
    /// The claim were for this motion.
    ClaimMotion(Motion),
    /// The policy switched this motion on.
    SwitchOn(Motion),
    /// A certificate of this kind were valid until a day.
    Certificate(Option<String>, Day),
    /// No certificate were valid.
    NoCertificate,
    /// The territory covered this country.
    Territory(String),
    /// The claim were in this country.
    Country(String),
    /// The account were blocked, or not.
    Blocked(bool),
    /// The CRM kept the account for nobody.
    Unreserved,
    /// The policy did not list this account.
    Unlisted(String),
    /// The partner had this tier.
    Tier(Tier),
    /// The policy let a tier register a kind.
    AllowKind(Tier, RegistrationKind),
    /// The partner held this many protections.
    Protections(u32),
    /// The protection of a claim had ended.
    ClaimEnded(RegistrationId, String, Day),
    /// A claim were not there.
    NoClaim(RegistrationId, String),
    /// A record that is near were about another company.
    Unlike(String, String),
    /// Another partner's claim were in force.
    OtherClaim(Instant),
    /// A deal were closed lost.
    DealLost(DealId, String, Day),
    /// A deal were not there.
    NoDeal(DealId, String),
    /// Another partner had an open deal at the account.
    OtherDeal(Instant),
    /// Another partner had won a deal at the account.
    OtherWon(Day),
    /// No other partner held the account.
    NoIncumbent,
    /// The expected close were on a day.
    CloseDate(Day),
}

impl Change {
    /// The change as the end of "would pass if ...".
    #[must_use]
    pub fn say(&self, policy: &Policy) -> String {
        match self {
            Self::Fill(field) => format!("“{}” were filled in", field.label()),
            Self::Clear(field) => format!("“{}” were empty", field.label()),
            Self::ContactAtDomain(domain) => format!("the contact's e-mail were at {domain}"),
            Self::Consent(Some(true)) => "the contact had agreed".to_owned(),
            Self::Consent(_) => "the contact had not agreed".to_owned(),
            Self::Status(status) => format!("the partner's status were “{}”", status.label()),
            Self::MarkedPartner => "the company were marked as a partner".to_owned(),
            Self::AllowMotion(motion) => format!("the partner were allowed {}", motion.label()),
            Self::ClaimMotion(motion) => format!("the claim were for {}", motion.label()),
            Self::SwitchOn(motion) => format!("the policy ran {}", motion.label()),
            Self::Certificate(Some(kind), until) => {
                format!("a certificate “{kind}” were valid until {}", text::day(*until))
            }
            Self::Certificate(None, until) => format!("a certificate were valid until {}", text::day(*until)),
            Self::NoCertificate => "no certificate were valid".to_owned(),
            Self::Territory(country) => format!("the partner's territories covered {country}"),
            Self::Country(country) => format!("the customer were in {country}"),
            Self::Blocked(true) => "the account were blocked".to_owned(),
            Self::Blocked(false) => "the account were not blocked".to_owned(),
            Self::Unreserved => "the CRM kept the account for nobody".to_owned(),
            Self::Unlisted(entry) => format!("the policy did not list {entry}"),
            Self::Tier(tier) => format!("the partner's tier were {}", policy.tier(*tier).name),
            Self::AllowKind(tier, kind) => {
                format!("the policy let {} partners send a {}", policy.tier(*tier).name, kind.label().to_lowercase())
            }
            Self::Protections(n) => format!("the partner held {}", text::count(u64::from(*n), "protection")),
            Self::ClaimEnded(_, label, day) => format!("the protection of {label} had ended on {}", text::day(*day)),
            Self::NoClaim(_, label) => format!("there were no {label}"),
            Self::Unlike(_, label) => format!("{label} were another company"),
            Self::OtherClaim(_) => "another partner held a claim in force on this company".to_owned(),
            Self::DealLost(_, label, _) => format!("“{label}” were closed lost"),
            Self::NoDeal(_, label) => format!("there were no deal “{label}”"),
            Self::OtherDeal(_) => "another partner had an open deal at the account".to_owned(),
            Self::OtherWon(day) => format!("another partner had won a deal at the account on {}", text::day(*day)),
            Self::NoIncumbent => "no other partner held the account".to_owned(),
            Self::CloseDate(day) => format!("the close date were {}", text::day(*day)),
        }
    }

    /// Makes the facts (and, where the change is about it, the policy) what the change supposes.
    pub fn apply(&self, facts: &mut Facts, policy: &mut Cow<'_, Policy>) {
        match self {
            Self::Fill(field) => fill(&mut facts.registration, *field),
            Self::Clear(field) => clear(&mut facts.registration, *field),
            Self::ContactAtDomain(domain) => facts.registration.contact_email = Some(format!("someone@{domain}")),
            Self::Consent(consent) => facts.registration.consent = *consent,
            Self::Status(status) => each(&mut facts.partner, |partner| partner.status = Some(*status)),
            Self::MarkedPartner => each(&mut facts.partner, |partner| partner.is_partner = true),
            Self::AllowMotion(motion) => each(&mut facts.partner, |partner| partner.motions.push(*motion)),
            Self::ClaimMotion(motion) => facts.registration.motion = Some(*motion),
            Self::SwitchOn(motion) => policy.to_mut().motions.on.push(*motion),
            Self::Certificate(kind, until) => {
                facts.certifications.push(certificate(facts, policy, kind.as_deref(), *until))
            }
            Self::NoCertificate => facts.certifications.clear(),
            Self::Territory(country) => each(&mut facts.partner, |partner| partner.territories.push(country.clone())),
            Self::Country(country) => facts.registration.country = Some(country.clone()),
            Self::Blocked(blocked) => each(&mut facts.account, |account| account.blocked = *blocked),
            Self::Unreserved => each(&mut facts.account, |account| account.reserved_for = None),
            Self::Unlisted(entry) => {
                let accounts = &mut policy.to_mut().accounts;
                accounts.blocked.retain(|listed| listed != entry);
                accounts.named.retain(|listed| listed != entry);
                accounts.exclusive.retain(|listed| listed.account != *entry);
            }
            Self::Tier(tier) => each(&mut facts.partner, |partner| partner.tier = Some(*tier)),
            Self::AllowKind(tier, kind) => {
                let tiers = &mut policy.to_mut().tiers;
                match tier {
                    Tier::Registered => tiers.registered.kinds.push(*kind),
                    Tier::Select => tiers.select.kinds.push(*kind),
                    Tier::Elite => tiers.elite.kinds.push(*kind),
                }
            }
            Self::Protections(n) => facts.active_protections_of_partner = *n,
            Self::ClaimEnded(id, _, day) => {
                let near = facts.near_claims.iter_mut().map(|one| &mut one.claim);
                let known = facts.same_domain.iter_mut().chain(&mut facts.same_name).chain(&mut facts.same_group);
                let all = known.chain(near);
                for claim in all.filter(|claim| claim.id == *id) {
                    claim.status = RegistrationStatus::Expired;
                    claim.protection_end = Some(*day);
                }
            }
            Self::NoClaim(id, _) => {
                facts.same_domain.retain(|claim| claim.id != *id);
                facts.same_name.retain(|claim| claim.id != *id);
                facts.same_group.retain(|claim| claim.id != *id);
                facts.near_claims.retain(|one| one.claim.id != *id);
            }
            Self::Unlike(id, _) => {
                facts.near_accounts.retain(|one| one.id != *id);
                facts.near_claims.retain(|one| one.claim.id.as_str() != id);
                facts.near_deals.retain(|one| one.deal.id.as_str() != id);
            }
            Self::OtherClaim(at) => facts.same_domain.push(other_claim(&facts.registration, *at)),
            Self::DealLost(id, _, day) => {
                for deal in facts.deals.iter_mut().filter(|deal| deal.id == *id) {
                    deal.outcome = Outcome::Lost;
                    deal.closed = Some(*day);
                }
            }
            Self::NoDeal(id, _) => facts.deals.retain(|deal| deal.id != *id),
            Self::OtherDeal(at) => {
                facts.deals.push(DealFact { created_at: Some(*at), ..other_deal(&facts.registration) })
            }
            Self::OtherWon(day) => {
                facts.deals.push(DealFact {
                    outcome: Outcome::Won,
                    closed: Some(*day),
                    ..other_deal(&facts.registration)
                });
            }
            Self::NoIncumbent => each(&mut facts.account, |account| account.incumbent = None),
            Self::CloseDate(day) => facts.registration.close_date = Some(*day),
        }
    }
}

fn each<T>(value: &mut Option<T>, change: impl FnOnce(&mut T)) {
    if let Some(value) = value {
        change(value);
    }
}

fn fill(registration: &mut Registration, field: Field) {
    let some = || Some("given".to_owned());
    match field {
        Field::CompanyName => registration.company = "Given".to_owned(),
        Field::Domain => {
            let at_contact = registration.contact_email.as_deref().and_then(normal::domain);
            registration.domain = Some(at_contact.unwrap_or_else(|| "given.example".to_owned()));
        }
        Field::ContactName => registration.contact_name = some(),
        Field::ContactEmail => {
            let company = registration.domain.as_deref().and_then(normal::domain);
            registration.contact_email = Some(format!("someone@{}", company.as_deref().unwrap_or("given.example")));
        }
        Field::ContactPhone => registration.contact_phone = some(),
        Field::Country => registration.country = some(),
        Field::City => registration.city = some(),
        Field::Problem => registration.problem = some(),
        Field::StageGuess => registration.stage_guess = some(),
        Field::SubmittedBy => registration.submitted_by = some(),
        Field::Products => registration.products = some(),
        Field::ProofOfWork => registration.proof_of_work = some(),
        Field::Competitors => registration.competitors = some(),
        Field::Partner => registration.partner = Some(PartnerId::from(SUPPOSED)),
        Field::Motion => registration.motion = Some(Motion::Reseller),
        Field::Amount => {
            registration.amount = Currency::parse("EUR").ok().map(|currency| Money::new(Decimal::ONE, currency))
        }
        // Any day will do for a field that only has to be there; whether it is plausible is another check.
        Field::CloseDate => registration.close_date = Some(Day::default()),
        // No other field can be required of a registration; the policy refuses it.
        _ => {}
    }
}

fn clear(registration: &mut Registration, field: Field) {
    match field {
        Field::CompanyName => registration.company.clear(),
        Field::Domain => registration.domain = None,
        Field::ContactName => registration.contact_name = None,
        Field::ContactEmail => registration.contact_email = None,
        Field::ContactPhone => registration.contact_phone = None,
        Field::Country => registration.country = None,
        Field::City => registration.city = None,
        Field::Problem => registration.problem = None,
        Field::StageGuess => registration.stage_guess = None,
        Field::SubmittedBy => registration.submitted_by = None,
        Field::Products => registration.products = None,
        Field::ProofOfWork => registration.proof_of_work = None,
        Field::Competitors => registration.competitors = None,
        Field::Partner => registration.partner = None,
        Field::Motion => registration.motion = None,
        Field::Amount => registration.amount = None,
        Field::CloseDate => registration.close_date = None,
        // As above.
        _ => {}
    }
}

fn certificate(facts: &Facts, policy: &Policy, kind: Option<&str>, until: Day) -> Certification {
    Certification {
        id: SUPPOSED.to_owned(),
        partner: facts.registration.partner.clone().unwrap_or_else(|| PartnerId::from(SUPPOSED)),
        name: kind.unwrap_or("Certificate").to_owned(),
        holder: None,
        kind: kind.map(str::to_owned),
        level: certification::gate(facts, policy).and_then(|gate| gate.level.clone()),
        earned: None,
        expires: Some(until),
        status: policy.certification.valid_status.first().cloned(),
    }
}

/// A partner who is surely another one.
fn other_partner(registration: &Registration) -> PartnerId {
    PartnerId(format!("{SUPPOSED}-not-{}", registration.partner.as_ref().map_or("", PartnerId::as_str)))
}

fn other_claim(registration: &Registration, at: Instant) -> ClaimFact {
    ClaimFact {
        id: RegistrationId(format!("{SUPPOSED}-not-{}", registration.id)),
        number: "another claim".to_owned(),
        company: registration.company.clone(),
        domain: None,
        kind: registration.kind,
        partner: Some(other_partner(registration)),
        partner_name: None,
        tier: None,
        status: RegistrationStatus::Approved,
        submitted_at: Some(at),
        protection_end: None,
        qualified: true,
        first_meeting: None,
        decided_at: None,
        decline_reason: None,
        products: None,
        lead: None,
    }
}

fn other_deal(registration: &Registration) -> DealFact {
    let id = registration.deal.as_ref().map_or("", DealId::as_str);
    DealFact {
        id: DealId(format!("{SUPPOSED}-not-{id}")),
        name: "another deal".to_owned(),
        partner: Some((other_partner(registration), "another partner".to_owned())),
        outcome: Outcome::Open,
        created_at: None,
        closed: None,
        amount: None,
    }
}
