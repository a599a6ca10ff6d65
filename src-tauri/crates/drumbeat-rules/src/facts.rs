//! What is known when a registration is judged. The caller looks records up; absent means "not known",
//! and what is not known never fails a check by itself.

use std::cmp::Reverse;

use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::ids::{DealId, PartnerId, RegistrationId};
use drumbeat_model::money::Money;
use drumbeat_model::partner::{Certification, Company, Tier};
use drumbeat_model::registration::{DeclineReason, Registration, RegistrationKind, RegistrationStatus};
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::RecordLink;
use serde::{Deserialize, Serialize};

use crate::checks;
use crate::normal;
use crate::policy::Policy;
use crate::text;

/// Everything that the checks of one registration look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The claim.
    pub registration: Registration,
    /// Who claims.
    pub partner: Option<Company>,
    /// The partner's certificates.
    pub certifications: Vec<Certification>,
    /// The account that the claim is about, when one matches.
    pub account: Option<Company>,
    /// Other claims at the same registrable domain.
    pub same_domain: Vec<ClaimFact>,
    /// Other claims with the same normalised name; may repeat those of `same_domain`.
    pub same_name: Vec<ClaimFact>,
    /// Other claims on accounts of the same group; only where the policy counts a group as one company.
    #[serde(default)]
    pub same_group: Vec<ClaimFact>,
    /// Accounts that may be the claimed company; only where none is taken for it.
    #[serde(default)]
    pub near_accounts: Vec<NearAccount>,
    /// Other claims that may be on the claimed company, under a name of their own.
    #[serde(default)]
    pub near_claims: Vec<NearClaim>,
    /// Open deals without an account whose name may mean the claimed company.
    #[serde(default)]
    pub near_deals: Vec<NearDeal>,
    /// Deals at the account, open and closed; at its whole group where the policy counts that as one company.
    pub deals: Vec<DealFact>,
    /// Protections that the partner holds now.
    pub active_protections_of_partner: u32,
    /// The partner's first meeting about this claim, where known.
    pub first_meeting: Option<Day>,
    /// Clocks count from this day (S-12).
    pub go_live: Option<Day>,
}

impl Facts {
    /// The claim alone, with nothing known beside it.
    #[must_use]
    pub fn new(registration: Registration) -> Self {
        Self {
            first_meeting: registration.dossier.meeting.as_ref().map(|meeting| meeting.day),
            registration,
            partner: None,
            certifications: Vec::new(),
            account: None,
            same_domain: Vec::new(),
            same_name: Vec::new(),
            same_group: Vec::new(),
            near_accounts: Vec::new(),
            near_claims: Vec::new(),
            near_deals: Vec::new(),
            deals: Vec::new(),
            active_protections_of_partner: 0,
            go_live: None,
        }
    }

    /// The same facts in one order, whichever way they were gathered: no verdict depends on it.
    #[must_use]
    pub fn in_order(&self) -> std::borrow::Cow<'_, Self> {
        use std::borrow::Cow;
        let claim = |claim: &ClaimFact| (claim.submitted_at, claim.id.clone(), format!("{claim:?}"));
        let deal = |deal: &DealFact| (deal.created_at, deal.id.clone(), format!("{deal:?}"));
        let certificate = |one: &Certification| (one.id.clone(), format!("{one:?}"));
        let near = [self.near_accounts.len(), self.near_claims.len(), self.near_deals.len(), self.same_group.len()];
        if [self.same_domain.len(), self.same_name.len(), self.deals.len(), self.certifications.len()]
            .into_iter()
            .chain(near)
            .all(|many| many < 2)
        {
            return Cow::Borrowed(self);
        }
        let mut facts = self.clone();
        facts.same_domain.sort_by_cached_key(claim);
        facts.same_name.sort_by_cached_key(claim);
        facts.near_accounts.sort_by_cached_key(|one| (Reverse(one.near.thousandths), one.id.clone()));
        facts.near_claims.sort_by_cached_key(|one| (Reverse(one.near.thousandths), claim(&one.claim)));
        facts.same_group.sort_by_cached_key(claim);
        facts.near_deals.sort_by_cached_key(|one| (Reverse(one.near.thousandths), one.deal.id.clone()));
        facts.deals.sort_by_cached_key(deal);
        facts.certifications.sort_by_cached_key(certificate);
        Cow::Owned(facts)
    }

    /// The claimed company's registrable domain.
    #[must_use]
    pub fn domain(&self) -> Option<String> {
        self.registration.domain.as_deref().and_then(normal::domain)
    }

    /// The partner's name, as far as known.
    #[must_use]
    pub fn partner_name(&self) -> &str {
        self.partner.as_ref().map_or("the partner", |partner| partner.name.as_str())
    }

    /// Whether `partner` is the one who claims.
    pub(crate) fn is_ours(&self, partner: Option<&PartnerId>) -> bool {
        partner.is_some() && partner == self.registration.partner.as_ref()
    }
}

/// How near a record is to the claimed company, and what that rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Near {
    /// Probability that it is the same company, in thousandths.
    pub thousandths: u16,
    /// What speaks for and against it, and what would turn it.
    pub why: String,
}

impl Near {
    /// Whether the policy wants a person to look.
    #[must_use]
    pub fn to_look_at(&self, policy: &Policy) -> bool {
        u32::from(self.thousandths) >= policy.matching.look_percent * 10
    }

    /// The probability and what it rests on, as a person reads them.
    pub(crate) fn say(&self) -> String {
        format!("{} %: {}", self.thousandths / 10, self.why)
    }
}

/// An account that may be the claimed company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearAccount {
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How near.
    pub near: Near,
    /// Open deals at it.
    #[serde(default)]
    pub open_deals: u32,
}

impl NearAccount {
    /// Its name, how near it is and what is open there.
    pub(crate) fn say(&self) -> String {
        let open = match self.open_deals {
            0 => String::new(),
            n => format!(", with {}", text::count(u64::from(n), "open deal")),
        };
        format!("“{}”{open} ({})", self.name, self.near.say())
    }

    pub(crate) fn link(&self) -> RecordLink {
        RecordLink { kind: ObjectKind::Company, id: self.id.clone(), label: self.name.clone() }
    }
}

/// Another claim that may be on the claimed company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearClaim {
    /// The claim.
    pub claim: ClaimFact,
    /// How near its company is.
    pub near: Near,
}

/// An open deal without an account that may be for the claimed company, by its own name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearDeal {
    /// The deal.
    pub deal: DealFact,
    /// How near its name is.
    pub near: Near,
}

/// Another claim on what looks like the same company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimFact {
    /// Which.
    pub id: RegistrationId,
    /// Its number.
    pub number: String,
    /// Company as written there.
    pub company: String,
    /// Registrable domain there.
    pub domain: Option<String>,
    /// Lead or deal.
    pub kind: RegistrationKind,
    /// Whose.
    pub partner: Option<PartnerId>,
    /// Whose, by name.
    pub partner_name: Option<String>,
    /// That partner's tier.
    pub tier: Option<Tier>,
    /// State.
    pub status: RegistrationStatus,
    /// Submitted.
    pub submitted_at: Option<Instant>,
    /// Protection end.
    pub protection_end: Option<Day>,
    /// Complete and passing, as [`qualified`] says.
    pub qualified: bool,
    /// That partner's first meeting about it, where known.
    pub first_meeting: Option<Day>,
    /// Decided.
    pub decided_at: Option<Instant>,
    /// Why it was declined, from the list.
    pub decline_reason: Option<DeclineReason>,
    /// Products that it names.
    pub products: Option<String>,
    /// The lead that it was made of, or the deal registration's lead: the same claim in another form.
    pub lead: Option<RegistrationId>,
}

impl ClaimFact {
    /// The fact that `registration` of `partner` is.
    #[must_use]
    pub fn of(registration: &Registration, partner: Option<&Company>, policy: &Policy) -> Self {
        Self {
            id: registration.id.clone(),
            number: registration.name.clone(),
            company: registration.company.clone(),
            domain: registration.domain.as_deref().and_then(normal::domain),
            kind: registration.kind,
            partner: registration.partner.clone(),
            partner_name: partner.map(|company| company.name.clone()),
            tier: partner.and_then(|company| company.tier),
            status: registration.status,
            submitted_at: registration.submitted_at,
            protection_end: registration.protection_end,
            qualified: qualified(registration, policy),
            first_meeting: registration.dossier.meeting.as_ref().map(|meeting| meeting.day),
            decided_at: registration.decided_at,
            decline_reason: registration.decline_reason,
            products: registration.products.clone(),
            lead: registration.dossier.lead.clone(),
        }
    }

    /// Number and partner, as a person reads them.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.partner_name {
            Some(name) => format!("{}, {name}", self.number),
            None => self.number.clone(),
        }
    }

    pub(crate) fn link(&self) -> RecordLink {
        RecordLink { kind: ObjectKind::Registration, id: self.id.0.clone(), label: self.number.clone() }
    }

    /// Holds the company on `today`: approved or converted, and the protection has not ended.
    #[must_use]
    pub fn in_force(&self, today: Day) -> bool {
        matches!(self.status, RegistrationStatus::Approved | RegistrationStatus::Converted)
            && self.protection_end.is_none_or(|end| end >= today)
    }
}

/// A deal at the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DealFact {
    /// Which.
    pub id: DealId,
    /// Name.
    pub name: String,
    /// Partner of record, with name; a direct deal has none.
    pub partner: Option<(PartnerId, String)>,
    /// Open, won or lost.
    pub outcome: Outcome,
    /// Created.
    pub created_at: Option<Instant>,
    /// Closed; for a won or lost deal.
    pub closed: Option<Day>,
    /// Amount.
    pub amount: Option<Money>,
}

impl DealFact {
    pub(crate) fn link(&self) -> RecordLink {
        RecordLink { kind: ObjectKind::Deal, id: self.id.0.clone(), label: self.name.clone() }
    }
}

/// Whether a submission is complete: required fields, consent and proof of work are there.
#[must_use]
pub fn qualified(registration: &Registration, policy: &Policy) -> bool {
    let rules = &policy.registration;
    checks::required_fields::missing(registration, policy).is_empty()
        && (registration.consent == Some(true) || !rules.consent.contains(&registration.kind))
        && (checks::proof_of_work::given(registration) || !rules.proof_of_work.contains(&registration.kind))
}
