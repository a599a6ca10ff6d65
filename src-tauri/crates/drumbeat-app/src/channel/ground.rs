//! Gathering what is known of one account, with its duplicates and its group, for the rules.
//!
//! Read from the records as they are shown (pending changes laid over), so that a decision made here counts at once.
//! Meetings that activities of the CRM show are evidence like that which a person adds, and say so.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::TimeDelta;
use drumbeat_model::channel::{ConflictState, PartyEvidence, link};
use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::dossier::ProofKind;
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{AccountId, DealId, OwnerId, PartnerId, RegistrationId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::registration::Registration;
use drumbeat_model::settling::SettledNote;
use drumbeat_model::time::{Day, Instant};
use drumbeat_model::value;
use drumbeat_rules::channel_conflicts::{AccountFact, ChannelClaim, ChannelDeal, Cluster, PartnerFact, TouchFact};
use drumbeat_rules::{Policy, checks, facts, normal};
use drumbeat_store::channel::Kept;
use drumbeat_store::{Reader, Result, projection};

/// How far back contacts are looked at, in days.
const CONTACTS_SINCE: i64 = 365;
/// Contacts of one record that are looked at.
const CONTACTS: u32 = 40;
/// Contacts of a partner as such.
const OF_PARTNER: u32 = 20;

/// What every account is judged under, and what was looked up already.
pub(crate) struct Ground<'p> {
    /// The policy.
    pub policy: &'p Policy,
    /// Now.
    pub now: Instant,
    /// Today.
    pub today: Day,
    mapping: Arc<Mapping>,
    partners: RefCell<HashMap<PartnerId, PartnerFact>>,
}

impl<'p> Ground<'p> {
    /// Under a policy, at a moment.
    pub(crate) fn read(r: &Reader<'_>, policy: &'p Policy, now: Instant) -> Result<Self> {
        Ok(Self { policy, now, today: now.date_naive(), mapping: Arc::new(r.mapping()?), partners: RefCell::default() })
    }

    /// Clocks count from this day.
    pub(crate) fn go_live(&self) -> Option<Day> {
        self.mapping.go_live
    }

    /// Everything known of the accounts and registrations that count as one, and how it was settled elsewhere.
    pub(crate) fn cluster(&self, r: &Reader<'_>, nodes: &[String]) -> Result<(Cluster, Vec<SettledNote>)> {
        let mut cluster = Cluster {
            // What judged before the program had a policy of its own was no change of it.
            policy_since: (self.policy.version > 1).then_some(self.policy.effective),
            go_live: self.mapping.go_live,
            ..Cluster::default()
        };
        let mut notes = Vec::new();
        for node in nodes {
            let (account, deals, registration) = r.channel_records(node)?;
            if let Some(fact) = account.map(|id| self.account(r, &id)).transpose()?.flatten() {
                for id in deals {
                    if let Some((deal, settled)) = self.deal(r, &id, &fact.id)? {
                        cluster.deals.push(deal);
                        notes.extend(settled);
                    }
                }
                cluster.accounts.push(fact);
            }
            if let Some(id) = registration {
                cluster.claims.extend(self.claim(r, &id)?);
            }
        }
        if cluster.deals.iter().any(|deal| !deal.shares.is_empty()) {
            let known = r.conflicts_at(nodes)?.into_iter().filter(|kept| kept.state == ConflictState::Appealed);
            let keys = |kept: Kept| kept.finding.parties.iter().map(|party| party.key().to_owned()).collect();
            cluster.appealed = known.map(keys).collect();
        }
        self.contacts(r, &mut cluster)?;
        self.name_partners(r, &mut cluster)?;
        Ok((cluster, notes))
    }

    fn account(&self, r: &Reader<'_>, id: &AccountId) -> Result<Option<AccountFact>> {
        let Some(company) = r.company(id.as_str())? else { return Ok(None) };
        Ok(Some(AccountFact {
            id: AccountId(company.id),
            domain: company.domain.as_deref().and_then(normal::domain),
            name: company.name,
            country: company.country,
            region: company.region,
            owner: company.owner,
            incumbent: company.incumbent.map(|id| r.resolve(id.as_str())).transpose()?.map(PartnerId),
            renewal: company.renewal_date,
            parent: company.parent,
            is_partner: company.is_partner,
            reserved_for: company.reserved_for,
        }))
    }

    fn deal(
        &self,
        r: &Reader<'_>,
        id: &DealId,
        account: &AccountId,
    ) -> Result<Option<(ChannelDeal, Vec<SettledNote>)>> {
        let kind = ObjectKind::Deal;
        let Some((properties, pending)) = r.effective(kind, id.as_str())? else { return Ok(None) };
        let on = Some(account.0.clone());
        let deal = projection::deal(&self.mapping, id.as_str(), &properties, on, &*r.home()?, pending);
        if deal.outcome != Outcome::Open {
            return Ok(None);
        }
        let text = |field| self.mapping.value(kind, field, &properties);
        let partner = deal.partner.map(|id| r.resolve(id.as_str())).transpose()?.map(PartnerId);
        let marked = partner.is_some()
            || deal.motion.is_some()
            || deal.attribution.is_some()
            || deal.partner_type.is_some()
            || deal.registration.is_some();
        let fact = ChannelDeal {
            account: account.clone(),
            marked,
            // One partner with all of it says no more than the deal's own field.
            shares: if deal.dossier.partners.len() > 1 || partner.is_none() {
                deal.dossier.partners
            } else {
                deal.dossier.partners.into_iter().filter(|share| share.pct < 100).collect()
            },
            partner,
            motion: deal.motion,
            product: text(F::Products).map(str::to_owned),
            amount: deal.amount,
            home: deal.home,
            position: deal.position,
            created_at: deal.created_at,
            protection: deal.protection_end.map(|end| (deal.protection_start, end)),
            price_protected: text(F::PriceProtected).and_then(value::truth).unwrap_or(false),
            discount: text(F::DiscountBand).map(str::to_owned),
            kind: deal.deal_kind,
            registration: deal.registration,
            owner: deal.owner,
            owner_changed_at: r.owner_changed_at(&deal.id)?,
            steps: deal.dossier.channel_steps,
            name: deal.name,
            id: deal.id,
        };
        Ok(Some((fact, deal.dossier.channel)))
    }

    fn claim(&self, r: &Reader<'_>, id: &RegistrationId) -> Result<Option<ChannelClaim>> {
        let Some(claim) = r.registration(id)? else { return Ok(None) };
        let in_force = claim.status.is_protected() && claim.protection_end.is_none_or(|end| end >= self.today);
        let Some(partner) = claim.partner.as_ref().filter(|_| claim.status.is_open() || in_force) else {
            return Ok(None);
        };
        // A claim whose deal is over is over.
        if let Some(deal) = &claim.deal
            && r.deal(deal)?.is_some_and(|deal| deal.outcome != Outcome::Open)
        {
            return Ok(None);
        }
        let partner = PartnerId(r.resolve(partner.as_str())?);
        Ok(Some(self.claim_of(&claim, partner, in_force)))
    }

    fn claim_of(&self, claim: &Registration, partner: PartnerId, in_force: bool) -> ChannelClaim {
        ChannelClaim {
            id: claim.id.clone(),
            number: claim.name.clone(),
            company: claim.company.clone(),
            partner,
            in_force,
            protection_end: claim.protection_end.filter(|_| in_force),
            submitted_at: claim.submitted_at,
            qualified: facts::qualified(claim, self.policy),
            first_meeting: claim.dossier.meeting.as_ref().map(|meeting| meeting.day),
            motion: claim.motion,
            products: claim.products.clone(),
            amount: claim.amount.clone(),
            deal: claim.deal.clone(),
        }
    }

    /// Contacts with the accounts and their deals, and the evidence that they are.
    fn contacts(&self, r: &Reader<'_>, cluster: &mut Cluster) -> Result<()> {
        let since = self.now - TimeDelta::days(CONTACTS_SINCE);
        let mut seen: BTreeMap<String, TouchFact> = BTreeMap::new();
        let accounts = cluster.accounts.iter().filter(|account| !account.is_partner);
        let on_accounts = accounts.map(|account| link(ObjectKind::Company, account.id.as_str(), &account.name));
        let on_deals = cluster.deals.iter().map(|deal| link(ObjectKind::Deal, deal.id.as_str(), &deal.name));
        for on in on_deals.chain(on_accounts).collect::<Vec<_>>() {
            for contact in r.channel_contacts(on.kind, &on.id, since, CONTACTS)? {
                let Some(at) = contact.touch.at.filter(|at| *at <= self.now) else { continue };
                seen.entry(contact.touch.id.clone()).or_insert_with(|| TouchFact {
                    id: contact.touch.id,
                    kind: contact.touch.kind,
                    at,
                    title: contact.touch.title,
                    owner: contact.touch.owner.map(OwnerId),
                    partners: contact.partners,
                    on: on.clone(),
                });
            }
        }
        for touch in seen.values().filter(|touch| touch.kind == ObjectKind::Meeting) {
            let direct = touch.partners.is_empty() && touch.on.kind == ObjectKind::Deal;
            let parties = touch.partners.iter().map(|partner| partner.0.clone());
            for party in parties.chain(direct.then(|| "direct".to_owned())) {
                cluster.evidence.push(PartyEvidence {
                    id: None,
                    party,
                    kind: ProofKind::Meeting,
                    day: touch.at.date_naive(),
                    text: touch.title.clone(),
                    source: format!("a meeting in the CRM on {}", touch.on.label),
                });
            }
        }
        cluster.touches = seen.into_values().collect();
        Ok(())
    }

    fn name_partners(&self, r: &Reader<'_>, cluster: &mut Cluster) -> Result<()> {
        let mut ids: Vec<PartnerId> = cluster.deals.iter().filter_map(|deal| deal.partner.clone()).collect();
        ids.extend(cluster.deals.iter().flat_map(|deal| &deal.shares).map(|share| share.partner.clone()));
        ids.extend(cluster.claims.iter().map(|claim| claim.partner.clone()));
        ids.extend(cluster.accounts.iter().filter_map(|account| account.incumbent.clone()));
        ids.extend(cluster.touches.iter().flat_map(|touch| touch.partners.clone()));
        let own = cluster.accounts.iter().filter(|account| account.is_partner);
        ids.extend(own.map(|account| PartnerId(account.id.0.clone())));
        ids.sort();
        ids.dedup();
        for id in ids {
            let fact = self.partner(r, &id)?;
            cluster.partners.insert(id, fact);
        }
        Ok(())
    }

    fn partner(&self, r: &Reader<'_>, id: &PartnerId) -> Result<PartnerFact> {
        if let Some(known) = self.partners.borrow().get(id) {
            return Ok(known.clone());
        }
        let company = r.company(id.as_str())?;
        let certificates = r.certifications(id.as_str())?;
        let valid = certificates.iter().any(|one| checks::certification::valid(one, self.policy, self.today));
        let known = self.mapping.fields.contains_key(&ObjectKind::Certification);
        let fact = PartnerFact {
            name: company.as_ref().map_or_else(|| id.0.clone(), |company| company.name.clone()),
            tier: company.as_ref().and_then(|company| company.tier),
            certified: (known || !certificates.is_empty()).then_some(valid),
            territories: company.map(|company| company.territories).unwrap_or_default(),
            contacts: r.contact_times(id, OF_PARTNER)?,
        };
        self.partners.borrow_mut().insert(id.clone(), fact.clone());
        Ok(fact)
    }
}
