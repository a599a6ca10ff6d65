//! Gathering what the rules look at.

use std::cell::RefCell;
use std::collections::HashMap;

use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::{Deal, DealRow};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{AccountId, DealId, PartnerId, RegistrationId};
use drumbeat_model::partner::{Certification, Company};
use drumbeat_model::registration::Registration;
use drumbeat_model::value;
use drumbeat_rules::signals::DealContext;
use drumbeat_rules::{ClaimFact, DealFact, Facts, NearClaim, NearDeal, Policy, normal};
use drumbeat_store::registrations::QueueRow;
use drumbeat_store::{Reader, Result};

use crate::matching;
use crate::workspace::Scene;

/// Deals at one account that the checks look at.
const DEALS_AT_ACCOUNT: u32 = 50;

/// Records by id, as far as they were asked for.
type Memo<T> = RefCell<HashMap<String, T>>;

/// A reader that remembers: the rows of one page name the same partners, accounts and rival claims again and
/// again, and each of them is read once.
pub struct Shared<'r> {
    /// The view that all of it is read from.
    pub r: &'r Reader<'r>,
    companies: Memo<Option<Company>>,
    claims: Memo<Option<ClaimFact>>,
    deals: Memo<Vec<DealFact>>,
    standing: Memo<(Vec<Certification>, u32)>,
}

/// The remembered value, or what `read` says now.
fn once<T: Clone>(memo: &Memo<T>, id: &str, read: impl FnOnce() -> Result<T>) -> Result<T> {
    if let Some(known) = memo.borrow().get(id) {
        return Ok(known.clone());
    }
    let value = read()?;
    memo.borrow_mut().insert(id.to_owned(), value.clone());
    Ok(value)
}

impl<'r> Shared<'r> {
    /// Nothing is remembered yet.
    #[must_use]
    pub fn new(r: &'r Reader<'r>) -> Self {
        Self {
            r,
            companies: Memo::default(),
            claims: Memo::default(),
            deals: Memo::default(),
            standing: Memo::default(),
        }
    }

    fn company(&self, id: Option<&str>) -> Result<Option<Company>> {
        let Some(id) = id else { return Ok(None) };
        once(&self.companies, id, || self.r.company(id))
    }

    fn claims(&self, rows: &[QueueRow], policy: &Policy) -> Result<Vec<ClaimFact>> {
        let mut facts = Vec::with_capacity(rows.len());
        for row in rows {
            facts.extend(self.claim(&row.id, policy)?);
        }
        Ok(facts)
    }

    fn claim(&self, id: &RegistrationId, policy: &Policy) -> Result<Option<ClaimFact>> {
        once(&self.claims, id.as_str(), || {
            let Some(claim) = self.r.registration(id)? else { return Ok(None) };
            let partner = self.company(claim.partner.as_ref().map(PartnerId::as_str))?;
            Ok(Some(ClaimFact::of(&claim, partner.as_ref(), policy)))
        })
    }

    fn deals(&self, account: &str, scene: &Scene) -> Result<Vec<DealFact>> {
        once(&self.deals, account, || {
            let mut facts = Vec::new();
            for row in self.r.deals_at(&AccountId(account.to_owned()), DEALS_AT_ACCOUNT, scene.today)? {
                facts.extend(deal_fact(self.r, &row)?);
            }
            Ok(facts)
        })
    }

    /// A partner's certificates, and how many protections it holds now.
    fn standing(&self, partner: &str, scene: &Scene) -> Result<(Vec<Certification>, u32)> {
        once(&self.standing, partner, || {
            Ok((self.r.certifications(partner)?, self.r.active_protections(partner, scene.today)?))
        })
    }
}

/// Everything that the checks of one registration look at.
///
/// # Errors
/// What the store says.
pub fn registration(shared: &Shared<'_>, claim: Registration, policy: &Policy, scene: &Scene) -> Result<Facts> {
    let r = shared.r;
    let partner = shared.company(claim.partner.as_ref().map(PartnerId::as_str))?;
    let domain = claim.domain.as_deref().or(claim.contact_email.as_deref()).and_then(normal::domain);
    let name = normal::company_name(&claim.company);
    let asked = matching::claimed(&claim);
    let (account, near_accounts) = match &claim.account {
        Some(account) => (shared.company(Some(account.as_str()))?, Vec::new()),
        None => {
            let (account, near) = matching::account(r, &asked, policy)?;
            (shared.company(account.as_deref())?, near)
        }
    };
    let (same_domain, same_name) = r.registrations_like(claim.id.as_str(), domain.as_deref(), &name)?;
    let rivals = matching::rivals(r, &claim, &asked, policy)?;
    let mut facts = Facts::new(claim);
    facts.same_domain = shared.claims(&same_domain, policy)?;
    facts.same_name = shared.claims(&same_name, policy)?;
    for id in rivals.sure.into_iter().map(RegistrationId) {
        if !facts.same_domain.iter().chain(&facts.same_name).any(|known| known.id == id) {
            facts.same_name.extend(shared.claim(&id, policy)?);
        }
    }
    for (id, near) in rivals.near {
        let id = RegistrationId(id);
        if !facts.same_domain.iter().chain(&facts.same_name).any(|known| known.id == id) {
            let claim = shared.claim(&id, policy)?;
            facts.near_claims.extend(claim.map(|claim| NearClaim { claim, near }));
        }
    }
    facts.near_accounts = near_accounts;
    for one in &mut facts.near_accounts {
        let open = shared.deals(&one.id, scene)?.into_iter().filter(|deal| deal.outcome == Outcome::Open).count();
        one.open_deals = u32::try_from(open).unwrap_or(u32::MAX);
    }
    if let Some(partner) = &partner {
        (facts.certifications, facts.active_protections_of_partner) = shared.standing(&partner.id, scene)?;
    }
    if let Some(account) = &account {
        facts.deals = shared.deals(&account.id, scene)?;
        for id in matching::as_one(r, &account.id, policy)? {
            facts.deals.extend(shared.deals(&id, scene)?);
            for claim in r.registrations_naming(&id)?.into_iter().map(RegistrationId) {
                facts.same_group.extend(shared.claim(&claim, policy)?);
            }
        }
    }
    for (id, near) in matching::deals(r, &asked, policy)? {
        if let Some(row) = r.deal_row(&DealId(id), scene.today)? {
            facts.near_deals.extend(deal_fact(r, &row)?.map(|deal| NearDeal { deal, near }));
        }
    }
    facts.partner = partner;
    facts.account = account;
    facts.go_live = scene.mapping.go_live;
    Ok(facts)
}

fn deal_fact(r: &Reader<'_>, row: &DealRow) -> Result<Option<DealFact>> {
    let Some(deal) = r.deal(&row.id)? else { return Ok(None) };
    let partner = deal
        .partner
        .as_ref()
        .map(|partner| (partner.clone(), row.partner.clone().unwrap_or_else(|| partner.0.clone())));
    Ok(Some(DealFact {
        id: deal.id,
        name: deal.name,
        partner,
        outcome: deal.outcome,
        created_at: deal.created_at,
        closed: deal.close_date.filter(|_| deal.outcome != Outcome::Open),
        amount: deal.amount,
    }))
}

/// What the signals of a deal need beside the deal.
///
/// # Errors
/// What the store says.
pub fn deal_context(r: &Reader<'_>, deal: &Deal, scene: &Scene) -> Result<DealContext> {
    let movements = r.movements(ObjectKind::Deal, deal.id.as_str(), None, 100)?;
    let owner_changed_at = movements
        .iter()
        .find(|movement| movement.field == Field::Owner && movement.before.is_some())
        .map(|movement| movement.at);
    let close_date_was = movements
        .iter()
        .rev()
        .find(|movement| movement.field == Field::CloseDate)
        .and_then(|movement| movement.before.as_deref())
        .and_then(value::day);
    let staged = movements.iter().find(|movement| movement.field == Field::Stage).filter(|movement| !movement.ours);
    let moved_there = staged.and_then(|movement| {
        let (_, stage) = scene.mapping.stage(&deal.pipeline, movement.before.as_deref()?)?;
        Some((movement.at, stage.position))
    });
    Ok(DealContext { owner_changed_at, close_date_was, moved_there, go_live: scene.mapping.go_live })
}

/// The rank of a deal with its signals.
///
/// # Errors
/// What the store says.
pub fn signals(
    r: &Reader<'_>,
    id: &DealId,
    policy: &Policy,
    scene: &Scene,
) -> Result<Option<(Deal, Vec<drumbeat_model::review::Signal>)>> {
    let Some(deal) = r.deal(id)? else { return Ok(None) };
    let context = deal_context(r, &deal, scene)?;
    let signals = drumbeat_rules::signals::signals(&deal, &context, policy, scene.now);
    Ok(Some((deal, signals)))
}

/// The name of a partner.
///
/// # Errors
/// What the store says.
pub fn partner_name(r: &Reader<'_>, id: Option<&PartnerId>) -> Result<Option<String>> {
    match id {
        Some(id) => r.name_of_company(id.as_str()),
        None => Ok(None),
    }
}
