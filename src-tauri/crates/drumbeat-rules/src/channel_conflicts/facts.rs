//! What is known of one cluster when it is judged, and what of it stands in a fingerprint.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::channel::{ChannelSignal, Party, PartyEvidence, SignalFound, link};
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::deal::{DealKind, Motion};
use drumbeat_model::dossier::DealPartner;
use drumbeat_model::ids::{AccountId, DealId, OwnerId, PartnerId, RegistrationId};
use drumbeat_model::money::Money;
use drumbeat_model::partner::Tier;
use drumbeat_model::settling::{ChannelStep, StepKind};
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::verdict::RecordLink;
use serde::{Deserialize, Serialize};

/// An account with its duplicates and its group, and everything that is known about who works on it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cluster {
    /// The accounts, which count as one; none where only registrations name the company.
    pub accounts: Vec<AccountFact>,
    /// Open deals on them.
    pub deals: Vec<ChannelDeal>,
    /// Registrations that wait for a decision or are in force.
    pub claims: Vec<ChannelClaim>,
    /// The partners that are named anywhere in it.
    pub partners: BTreeMap<PartnerId, PartnerFact>,
    /// Recent contacts, done ones.
    pub touches: Vec<TouchFact>,
    /// Evidence that was added by hand or read from activities.
    pub evidence: Vec<PartyEvidence>,
    /// Parties, by their keys, whose settlement is under appeal: what it has shared out does not end their finding.
    #[serde(default)]
    pub appealed: BTreeSet<BTreeSet<String>>,
    /// The policy in force began on.
    pub policy_since: Option<Day>,
    /// Clocks count from this day (S-12).
    pub go_live: Option<Day>,
}

/// One account of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountFact {
    /// Which.
    pub id: AccountId,
    /// Name.
    pub name: String,
    /// Registrable domain.
    pub domain: Option<String>,
    /// Country.
    pub country: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Owner in the CRM.
    pub owner: Option<OwnerId>,
    /// The partner who holds it today.
    pub incumbent: Option<PartnerId>,
    /// Next renewal.
    pub renewal: Option<Day>,
    /// The account that it belongs to in its group.
    pub parent: Option<AccountId>,
    /// It is a partner itself.
    pub is_partner: bool,
    /// Whom the CRM keeps it for: a partner's id or name, or `direct`.
    pub reserved_for: Option<String>,
}

/// An open deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelDeal {
    /// Which.
    pub id: DealId,
    /// Name.
    pub name: String,
    /// On which account.
    pub account: AccountId,
    /// The partner of record; a direct deal has none.
    pub partner: Option<PartnerId>,
    /// Partner fields are filled, whether or not a partner is named.
    pub marked: bool,
    /// All partners with their shares, where there are several.
    pub shares: Vec<DealPartner>,
    /// Motion.
    pub motion: Option<Motion>,
    /// Product.
    pub product: Option<String>,
    /// Amount.
    pub amount: Option<Money>,
    /// The same in the account's own currency, where it is known.
    pub home: Option<Money>,
    /// Stage position 1 to 5.
    pub position: u32,
    /// Created.
    pub created_at: Option<Instant>,
    /// Protection window.
    pub protection: Option<(Option<Day>, Day)>,
    /// Prices are protected.
    pub price_protected: bool,
    /// Discount band as written, e.g. `10-20`.
    pub discount: Option<String>,
    /// New, renewal, expansion.
    pub kind: Option<DealKind>,
    /// The registration that it came from.
    pub registration: Option<RegistrationId>,
    /// Owner.
    pub owner: Option<OwnerId>,
    /// When its owner changed last.
    pub owner_changed_at: Option<Instant>,
    /// What its record says was done about channel conflicts on it.
    pub steps: Vec<ChannelStep>,
}

/// A registration that waits or is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelClaim {
    /// Which.
    pub id: RegistrationId,
    /// Its number.
    pub number: String,
    /// The company as written there.
    pub company: String,
    /// Whose.
    pub partner: PartnerId,
    /// Approved or converted, and its protection runs.
    pub in_force: bool,
    /// Ends on.
    pub protection_end: Option<Day>,
    /// Submitted.
    pub submitted_at: Option<Instant>,
    /// Complete and passing.
    pub qualified: bool,
    /// The partner's first meeting about it.
    pub first_meeting: Option<Day>,
    /// Motion.
    pub motion: Option<Motion>,
    /// Products.
    pub products: Option<String>,
    /// Amount.
    pub amount: Option<Money>,
    /// The deal that it led to.
    pub deal: Option<DealId>,
}

/// A partner that is named in a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PartnerFact {
    /// Name.
    pub name: String,
    /// Tier.
    pub tier: Option<Tier>,
    /// Has a valid certificate; absent where none is on file at all.
    pub certified: Option<bool>,
    /// Territories that it may sell in; everywhere when empty.
    pub territories: Vec<String>,
    /// Days of its contacts, latest first, as far as they were looked at.
    pub contacts: Vec<Instant>,
}

/// A contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TouchFact {
    /// Which.
    pub id: String,
    /// What kind.
    pub kind: ObjectKind,
    /// When.
    pub at: Instant,
    /// Title or first line.
    pub title: String,
    /// Which of ours.
    pub owner: Option<OwnerId>,
    /// Partners that it is linked with.
    pub partners: Vec<PartnerId>,
    /// The account or deal that it is on.
    pub on: RecordLink,
}

impl TouchFact {
    /// Where it can be looked at.
    #[must_use]
    pub fn link(&self) -> RecordLink {
        link(self.kind, &self.id, &self.title)
    }
}

impl ChannelDeal {
    /// Whose deal it is: its partners, or direct sales.
    pub(crate) fn holders(&self) -> Vec<Option<&PartnerId>> {
        let mut all: Vec<Option<&PartnerId>> = self.shares.iter().map(|share| Some(&share.partner)).collect();
        match &self.partner {
            Some(partner) if !all.contains(&Some(partner)) => all.push(Some(partner)),
            // Partner fields without a partner: it cannot be told whose it is, so it collides with nobody.
            None if all.is_empty() && !self.marked => all.push(None),
            Some(_) | None => {}
        }
        all
    }

    pub(crate) fn is_of(&self, party: &Party) -> bool {
        self.holders().contains(&party.partner.as_ref())
    }
}

impl ChannelClaim {
    pub(crate) fn is_of(&self, party: &Party) -> bool {
        party.partner.as_ref() == Some(&self.partner)
    }

    pub(crate) fn link(&self) -> RecordLink {
        link(ObjectKind::Registration, self.id.as_str(), &self.number)
    }
}

impl AccountFact {
    pub(crate) fn link(&self) -> RecordLink {
        link(ObjectKind::Company, self.id.as_str(), &self.name)
    }
}

impl Cluster {
    /// What was done about findings here, each once, oldest first: both sides' deals tell it.
    pub(crate) fn steps(&self) -> Vec<ChannelStep> {
        let mut all: Vec<ChannelStep> = Vec::new();
        for step in self.deals.iter().flat_map(|deal| &deal.steps) {
            if !all.contains(step) {
                all.push(step.clone());
            }
        }
        all.sort_by(|a, b| (a.at, &a.what, &a.text).cmp(&(b.at, &b.what, &b.text)));
        all
    }

    /// The same facts in one order: no finding depends on how they were gathered. Evidence that the deals tell of is
    /// among the evidence.
    pub(crate) fn in_order(&self) -> Cow<'_, Self> {
        let mut all = self.clone();
        let steps = all.steps();
        let gone = |piece: &PartyEvidence| {
            let takes = |step: &&ChannelStep| step.what == StepKind::EvidenceGone.name() && step.of == piece.id;
            steps.iter().any(|step| takes(&step))
        };
        all.evidence.extend(steps.iter().filter_map(ChannelStep::evidence).filter(|piece| !gone(piece)));
        all.accounts.sort_by(|a, b| place(a.id.as_str()).cmp(&place(b.id.as_str())));
        all.deals.sort_by(|a, b| (a.created_at, place(a.id.as_str())).cmp(&(b.created_at, place(b.id.as_str()))));
        all.claims.sort_by(|a, b| (a.submitted_at, place(a.id.as_str())).cmp(&(b.submitted_at, place(b.id.as_str()))));
        all.touches.sort_by(|a, b| (b.at, place(&a.id)).cmp(&(a.at, place(&b.id))));
        all.evidence.sort_by(|a, b| (a.day, &a.party, &a.text).cmp(&(b.day, &b.party, &b.text)));
        Cow::Owned(all)
    }

    /// A party by its partner.
    pub(crate) fn party(&self, partner: Option<&PartnerId>) -> Party {
        match partner {
            None => Party::direct(),
            Some(id) => Party {
                partner: Some(id.clone()),
                name: self.partners.get(id).map_or_else(|| id.0.clone(), |fact| fact.name.clone()),
            },
        }
    }

    /// What the company is called.
    pub(crate) fn name(&self) -> String {
        let of_account = self.accounts.first().map(|account| account.name.clone());
        of_account.or_else(|| self.claims.first().map(|claim| claim.company.clone())).unwrap_or_default()
    }

    /// The account where these parties meet: that of their first deal, else the first.
    pub(crate) fn account(&self, parties: &[Party]) -> Option<RecordLink> {
        let deal = self.deals.iter().find(|deal| parties.iter().any(|party| deal.is_of(party)));
        let of_deal = deal.and_then(|deal| self.accounts.iter().find(|account| account.id == deal.account));
        let held = || {
            self.accounts.iter().find(|account| {
                parties.iter().any(|party| party.partner.is_some() && party.partner == account.incumbent)
            })
        };
        of_deal.or_else(held).or(self.accounts.first()).map(AccountFact::link)
    }

    pub(crate) fn region(&self) -> Option<String> {
        self.accounts.iter().find_map(|account| account.region.clone().or_else(|| account.country.clone()))
    }

    /// Everybody who has an open deal or a registration here.
    pub(crate) fn interested(&self) -> BTreeSet<Option<PartnerId>> {
        let of_deals = self.deals.iter().flat_map(ChannelDeal::holders).map(|holder| holder.cloned());
        of_deals.chain(self.claims.iter().map(|claim| Some(claim.partner.clone()))).collect()
    }

    /// Who holds an account here today.
    pub(crate) fn incumbents(&self) -> BTreeSet<PartnerId> {
        self.accounts.iter().filter_map(|account| account.incumbent.clone()).collect()
    }

    /// The records that these parties meet in: accounts, deals, registrations.
    pub(crate) fn records(&self, parties: &[Party]) -> Vec<RecordLink> {
        let deals: Vec<&ChannelDeal> =
            self.deals.iter().filter(|deal| parties.iter().any(|party| deal.is_of(party))).collect();
        let held = |account: &AccountFact| {
            parties.iter().any(|party| party.partner.is_some() && party.partner == account.incumbent)
        };
        let mut all: Vec<RecordLink> = self
            .accounts
            .iter()
            .filter(|account| held(account) || deals.iter().any(|deal| deal.account == account.id))
            .map(AccountFact::link)
            .collect();
        if all.is_empty() {
            all.extend(self.accounts.first().map(AccountFact::link));
        }
        all.extend(deals.iter().map(|deal| super::deal_link(deal)));
        let claims = self.claims.iter().filter(|claim| parties.iter().any(|party| claim.is_of(party)));
        all.extend(claims.map(ChannelClaim::link));
        all
    }

    /// Whether two accounts are one company written twice, and not sisters of one group.
    pub(crate) fn doubled(&self, one: &AccountId, other: &AccountId) -> bool {
        let of = |id: &AccountId| self.accounts.iter().find(|account| account.id == *id);
        let (Some(one), Some(other)) = (of(one), of(other)) else { return false };
        let related = |a: &AccountFact, b: &AccountFact| a.parent.as_ref() == Some(&b.id);
        let sisters = one.parent.is_some() && one.parent == other.parent;
        one.id != other.id && !related(one, other) && !related(other, one) && !sisters
    }
}

/// Ids as people count them: numbers by their value.
pub(crate) fn place(id: &str) -> (usize, &str) {
    (id.len(), id)
}

/// The facts that make a collision of these parties.
pub(crate) fn tokens(cluster: &Cluster, parties: &[Party]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for deal in cluster.deals.iter().filter(|deal| parties.iter().any(|party| deal.is_of(party))) {
        // A deal that an approval has made is no new fact beside the registration that it came from.
        all.insert(match &deal.registration {
            Some(registration) => format!("claim:{registration}"),
            None => format!("deal:{}", deal.id),
        });
    }
    for claim in cluster.claims.iter().filter(|claim| parties.iter().any(|party| claim.is_of(party))) {
        all.insert(format!("claim:{}", claim.id));
    }
    all.extend(cluster.incumbents().into_iter().map(|partner| format!("incumbent:{partner}")));
    all
}

/// What a signal adds to the fingerprint. What days alone bring and take away again is named by its records.
pub(crate) fn of_signal(cluster: &Cluster, found: &SignalFound) -> Vec<String> {
    let name = found.signal.name();
    match found.signal {
        // These follow from deals and registrations that stand in it already.
        ChannelSignal::TwoOpenDeals | ChannelSignal::TwoClaims | ChannelSignal::IncumbentTouched
            if found.records.iter().all(|record| {
                matches!(record.kind, ObjectKind::Deal | ObjectKind::Registration | ObjectKind::Company)
            }) =>
        {
            vec![name.to_owned()]
        }
        ChannelSignal::SilentAfterPolicy | ChannelSignal::SlowerReplies => vec![name.to_owned()],
        // The next change of owner and the next renewal are other facts.
        ChannelSignal::OwnerChange | ChannelSignal::RenewalUnconfirmed => vec![format!("{name}:{}", found.fact)],
        _ => found.records.iter().map(|record| format!("{name}:{}", named(cluster, record))).collect(),
    }
}

/// A record of a signal. A deal that an approval has made gets another id when it lands: its registration stands for it.
fn named(cluster: &Cluster, record: &RecordLink) -> String {
    let deal = cluster.deals.iter().find(|deal| record.kind == ObjectKind::Deal && deal.id.as_str() == record.id);
    match deal.and_then(|deal| deal.registration.as_ref()) {
        Some(registration) => format!("{}:{registration}", ObjectKind::Registration.name()),
        None => format!("{}:{}", record.kind.name(), record.id),
    }
}

/// Tokens as one text: eight hex digits each, in order.
pub(crate) fn fingerprint(tokens: &BTreeSet<String>) -> String {
    let hashed: BTreeSet<String> = tokens.iter().map(|token| format!("{:08x}", fnv(token))).collect();
    hashed.into_iter().collect::<Vec<_>>().join(" ")
}

/// FNV-1a, folded to 32 bits: the same on every computer and in every version.
fn fnv(text: &str) -> u32 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    (hash >> 32) as u32 ^ hash as u32
}
