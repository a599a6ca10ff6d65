//! The facts that a decision relied on (B1).
//!
//! A premise is a fact of the CRM, as the mirror has it, at the moment of the decision: never our own
//! pending changes, or a second decision of ours would make the first look rash. The hard idea is whose
//! doing a move is: what our own decisions have put into the CRM meanwhile does not count, and records that
//! were merged go by the survivor's name. What is done about a fact that moved is in `held`.
//!
//! How much a decision relies on differs. A verdict on a registration rests on everything that its checks
//! looked at. A stage moves through a gate: partner, motion, amount, close date, account, channel conflict,
//! and who else has registered it. Any other edit, and a promised next step, takes it that the deal is still
//! open (or the registration undecided, or the partner a partner); credit and protection rest on the partner
//! and the registration besides. What was merely noted rests on nothing, and neither does a value that is
//! put back or kept: that goes out over exactly what a person has seen, and the outbox asks otherwise. The
//! field that an edit sets is never a premise: when others set it too, it is a merge conflict.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_match::{Profile, Record};
use drumbeat_model::crm::{ObjectKind, Outcome, Properties};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{AccountId, is_local};
use drumbeat_model::merge::MovedFact;
use drumbeat_model::value::same;
use drumbeat_rules::normal;
use drumbeat_store::matching::Filed;
use drumbeat_store::registrations::QueueRow;
use drumbeat_store::{Reader, Result, StoreError};
use serde::{Deserialize, Serialize};

use crate::matching;
use crate::words::Words;
use crate::workspace::Workspace;

/// Deals at one account that count as premises.
const DEALS_AT_ACCOUNT: u32 = 200;
/// Where the premises stand among a decision's facts.
const KEY: &str = "premises";

/// One fact that a decision relied on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Premise {
    /// Stable name, with the id of the record where there can be several: `deal:4711`.
    name: String,
    /// What it is, for reading.
    label: String,
    /// The value as compared; nothing when there was none.
    value: Option<String>,
    /// The value for reading.
    shown: Option<String>,
    /// Where it comes from: whose move it was is seen there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<(ObjectKind, String, F)>,
}

/// The facts of the CRM that a decision on a registration relies on.
pub(crate) fn of_registration(ws: &Workspace, words: &Words<'_>, id: &str) -> Result<Vec<Premise>> {
    let (r, mapping) = (words.r, &words.scene.mapping);
    let kind = ObjectKind::Registration;
    let id = r.resolve(id)?;
    let claim = words.values(kind, &id)?;
    let mut all = Vec::new();
    for field in [F::Partner, F::Amount] {
        all.push(fact(words, (kind, id.clone(), field), field.name(), " on the registration")?);
    }
    let partner = mapping.value(kind, F::Partner, &claim).map(str::to_owned);
    let linked = mapping.value(kind, F::Account, &claim).map(str::to_owned);
    let company = mapping.value(kind, F::CompanyName, &claim).unwrap_or_default();
    let domain = mapping.value(kind, F::Domain, &claim).or_else(|| mapping.value(kind, F::ContactEmail, &claim));
    let (domain, name) = (domain.and_then(normal::domain), normal::company_name(company));
    let asked = Profile::of(&Record {
        name: company,
        country: mapping.value(kind, F::Country, &claim),
        city: mapping.value(kind, F::City, &claim),
        domain: mapping.value(kind, F::Domain, &claim),
        email: mapping.value(kind, F::ContactEmail, &claim),
        phone: mapping.value(kind, F::ContactPhone, &claim),
    });
    let account = match linked {
        Some(account) => Some(r.resolve(&account)?),
        None => matching::account(r, &asked, &ws.policy)?.0,
    };
    all.push(Premise {
        name: ACCOUNT.to_owned(),
        label: "Account".to_owned(),
        shown: account
            .as_deref()
            .map(|account| words.record(ObjectKind::Company, account))
            .transpose()?
            .map(|it| it.label),
        value: account.clone(),
        from: None,
    });
    if let Some(partner) = &partner {
        of_partner(words, &r.resolve(partner)?, &mut all)?;
    }
    if let Some(account) = &account {
        open_deals(words, account, &mut all)?;
        for id in matching::as_one(r, account, &ws.policy)? {
            open_deals(words, &id, &mut all)?;
        }
    }
    for (id, _) in matching::deals(r, &asked, &ws.policy)? {
        open_deal(words, id, &mut all)?;
    }
    let (by_domain, by_name) = r.registrations_like(&id, domain.as_deref(), &name)?;
    for rival in by_domain.iter().chain(&by_name).filter(|rival| !is_local(rival.id.as_str())) {
        all.push(claimed(words, rival)?);
    }
    let known = by_domain.iter().chain(&by_name);
    // Under another spelling: what the person is shown beside the claim.
    for rival in r.alike(Filed::Claims, &asked, Some(&id))? {
        if !is_local(&rival.id) && !known.clone().any(|row| row.id.as_str() == rival.id) {
            let from = (ObjectKind::Registration, rival.id.clone(), F::Status);
            let premise = fact(words, from, &format!("{CLAIM}{}", rival.id), "")?;
            let number = words.record(ObjectKind::Registration, &rival.id)?.label;
            all.push(Premise { label: format!("Registration {number} for {}", rival.name), ..premise });
        }
    }
    all.push(policy(ws));
    Ok(all)
}

/// The facts of a further claim that one act decides as well: they go by the claim's id, and are named after it.
pub(crate) fn also(r: &Reader<'_>, words: &Words<'_>, claim: &str, all: Vec<Premise>) -> Result<Vec<Premise>> {
    let kind = ObjectKind::Registration;
    let values = words.values(kind, &r.resolve(claim)?)?;
    let label = words.scene.mapping.value(kind, F::Name, &values).unwrap_or(claim);
    let own = |premise: Premise| Premise {
        name: format!("{}{OF_CLAIM}{claim}", premise.name),
        label: format!("{} ({label})", premise.label),
        ..premise
    };
    Ok(all.into_iter().filter(|premise| premise.name != POLICY).map(own).collect())
}

/// The further claims that an act decides, by its premises.
fn further(all: &[Premise]) -> BTreeSet<&str> {
    all.iter().filter_map(|premise| premise.name.split_once(OF_CLAIM)).map(|(_, claim)| claim).collect()
}

/// The facts that an edit of a deal relies on, but for those that the edit itself changes.
pub(crate) fn of_edit(ws: &Workspace, words: &Words<'_>, id: &str, edited: &BTreeSet<F>) -> Result<Vec<Premise>> {
    let id = words.r.resolve(id)?;
    if edited.contains(&F::Stage) {
        return of_move(ws, words, &id, edited);
    }
    let mut all = vec![standing(words, &id)?];
    if edited.iter().any(|field| OF_ONE_PARTNER.contains(field)) {
        for field in [F::Partner, F::RegistrationId].into_iter().filter(|field| !edited.contains(field)) {
            all.push(fact(words, (ObjectKind::Deal, id.clone(), field), field.name(), " of the deal")?);
        }
    }
    Ok(all)
}

/// Fields that mean something only together with the partner and the registration that they stand for.
const OF_ONE_PARTNER: &[F] = &[
    F::Attribution,
    F::AttributionPct,
    F::ProtectionStart,
    F::ProtectionEnd,
    F::PriceProtected,
    F::DiscountBand,
    F::ContactRoles,
];

/// The facts that an act on a protection relies on: whose it is, and that its deal is open.
pub(crate) fn of_protection(words: &Words<'_>, registration: &str, deal: Option<&str>) -> Result<Vec<Premise>> {
    let id = words.r.resolve(registration)?;
    let mut all =
        vec![fact(words, (ObjectKind::Registration, id, F::Partner), F::Partner.name(), " on the registration")?];
    if let Some(deal) = deal.filter(|deal| !is_local(deal)) {
        all.push(standing(words, &words.r.resolve(deal)?)?);
    }
    Ok(all)
}

/// The facts that a promised next step relies on.
pub(crate) fn of_promise(
    words: &Words<'_>,
    deal: Option<&str>,
    registration: Option<&str>,
    partner: Option<&str>,
) -> Result<Vec<Premise>> {
    let (kind, id, field, of) = match (deal, registration, partner) {
        (Some(deal), _, _) => return Ok(vec![standing(words, &words.r.resolve(deal)?)?]),
        (None, Some(id), _) => (ObjectKind::Registration, id, F::Status, " of the registration"),
        (None, None, Some(id)) => (ObjectKind::Company, id, F::PartnerStatus, " of the partner"),
        (None, None, None) => return Ok(Vec::new()),
    };
    Ok(vec![fact(words, (kind, words.r.resolve(id)?, field), field.name(), of)?])
}

/// One field of one record, as the CRM has it.
fn fact(words: &Words<'_>, from: (ObjectKind, String, F), name: &str, of: &str) -> Result<Premise> {
    let (kind, field) = (from.0, from.2);
    let values = words.values(kind, &from.1)?;
    let value = words.scene.mapping.value(kind, field, &values).map(str::to_owned);
    Ok(Premise {
        name: name.to_owned(),
        label: format!("{}{of}", field.label()),
        shown: shown(words, (kind, &from.1), &values, field, value.as_deref())?,
        value,
        from: Some(from),
    })
}

/// How far another registration is.
fn claimed(words: &Words<'_>, claim: &QueueRow) -> Result<Premise> {
    let from = (ObjectKind::Registration, claim.id.0.clone(), F::Status);
    let premise = fact(words, from, &format!("{CLAIM}{}", claim.id), "")?;
    Ok(Premise { label: format!("Registration {} for {}", claim.number, claim.company), ..premise })
}

/// Whether a deal is open, won or lost.
fn standing(words: &Words<'_>, id: &str) -> Result<Premise> {
    let kind = ObjectKind::Deal;
    let stands = outcome(words, &words.values(kind, id)?).map(|outcome| match outcome {
        Outcome::Open => "open".to_owned(),
        Outcome::Won => "won".to_owned(),
        Outcome::Lost => "lost".to_owned(),
    });
    Ok(Premise {
        name: STANDING.to_owned(),
        label: format!("Deal {}", words.record(kind, id)?.label),
        shown: stands.clone(),
        value: stands,
        from: Some((kind, id.to_owned(), F::Stage)),
    })
}

/// The name of the premise that a deal is open, won or lost.
const STANDING: &str = "standing";
/// What it begins with where there are several deals.
const STANDS: &str = "standing:";

/// The facts that settling a channel conflict relies on: that the deals of both sides are open, and whose they are.
pub(crate) fn of_conflict(words: &Words<'_>, deals: &[String]) -> Result<Vec<Premise>> {
    let mut all = Vec::new();
    for id in deals.iter().filter(|id| !is_local(id)) {
        let id = words.r.resolve(id)?;
        all.push(Premise { name: format!("{STANDS}{id}"), ..standing(words, &id)? });
        let from = (ObjectKind::Deal, id.clone(), F::Partner);
        let of = format!(" of {}", words.record(ObjectKind::Deal, &id)?.label);
        all.push(fact(words, from, &format!("{}:{id}", F::Partner.name()), &of)?);
    }
    Ok(all)
}

/// The facts that moving a deal through a gate relies on.
fn of_move(ws: &Workspace, words: &Words<'_>, id: &str, edited: &BTreeSet<F>) -> Result<Vec<Premise>> {
    let (r, kind) = (words.r, ObjectKind::Deal);
    let mut all = Vec::new();
    let fields = [F::Partner, F::Motion, F::Amount, F::CloseDate, F::ConflictStatus];
    for field in fields.into_iter().filter(|field| !edited.contains(field)) {
        all.push(fact(words, (kind, id.to_owned(), field), field.name(), " of the deal")?);
    }
    let account = r.deal(&id.into())?.and_then(|deal| deal.account).map(|account| account.0);
    let named = account.as_deref().map(|account| words.record(ObjectKind::Company, account)).transpose()?;
    all.push(Premise {
        name: ACCOUNT.to_owned(),
        label: "Account of the deal".to_owned(),
        shown: named.map(|it| it.label),
        value: account.clone(),
        from: None,
    });
    for claim in r.registrations_on(id, account.as_deref())? {
        if !is_local(claim.id.as_str()) {
            all.push(claimed(words, &claim)?);
        }
    }
    all.push(policy(ws));
    Ok(all)
}

/// The name of the premise of an account.
const ACCOUNT: &str = "account";
/// What the names of premises about a registration begin with.
const CLAIM: &str = "claim:";
/// Between the name of a premise and the further claim that it is of.
const OF_CLAIM: char = '@';
/// The name of the policy's version; what is decided by checks or a gate has it.
const POLICY: &str = "policy";

fn policy(ws: &Workspace) -> Premise {
    let value = Some(ws.policy.version.to_string());
    Premise { name: POLICY.to_owned(), label: "Policy version".to_owned(), shown: value.clone(), value, from: None }
}

fn shown(
    words: &Words<'_>,
    of: (ObjectKind, &str),
    values: &Properties,
    field: F,
    raw: Option<&str>,
) -> Result<Option<String>> {
    match (raw, words.scene.mapping.property(of.0, field)) {
        (Some(raw), Some(property)) => words.value_of(of, values, property, raw),
        (raw, _) => Ok(raw.map(str::to_owned)),
    }
}

fn of_partner(words: &Words<'_>, partner: &str, all: &mut Vec<Premise>) -> Result<()> {
    let kind = ObjectKind::Company;
    for field in [F::PartnerTier, F::PartnerStatus] {
        all.push(fact(words, (kind, partner.to_owned(), field), field.name(), "")?);
    }
    for certificate in words.r.certifications(partner)? {
        let ends = certificate.expires.map(|day| format!("until {day}"));
        let value: Vec<String> = certificate.status.into_iter().chain(ends).collect();
        let value = some_joined(&value);
        all.push(Premise {
            name: format!("certificate:{}", certificate.id),
            label: format!("Certificate {}", certificate.name),
            shown: value.clone(),
            value,
            from: None,
        });
    }
    Ok(())
}

fn some_joined(parts: &[String]) -> Option<String> {
    Some(if parts.is_empty() { "held".to_owned() } else { parts.join(", ") })
}

/// What the CRM says a deal is, by its stage.
fn outcome(words: &Words<'_>, values: &Properties) -> Option<Outcome> {
    let mapping = &words.scene.mapping;
    let stage = mapping.value(ObjectKind::Deal, F::Stage, values)?;
    let pipeline = mapping.value(ObjectKind::Deal, F::Pipeline, values).unwrap_or_default();
    Some(mapping.stage(pipeline, stage).map_or(Outcome::Open, |(_, stage)| stage.outcome))
}

fn open_deals(words: &Words<'_>, account: &str, all: &mut Vec<Premise>) -> Result<()> {
    for row in words.r.deals_at(&AccountId(account.to_owned()), DEALS_AT_ACCOUNT, words.scene.today)? {
        open_deal(words, row.id.0, all)?;
    }
    Ok(())
}

/// That a deal is open, where the CRM has it and says so.
fn open_deal(words: &Words<'_>, id: String, all: &mut Vec<Premise>) -> Result<()> {
    let kind = ObjectKind::Deal;
    if is_local(&id) {
        return Ok(());
    }
    let Some(known) = words.r.mirrored(kind, &id)?.filter(|known| known.gone.is_none()) else { return Ok(()) };
    if outcome(words, &known.properties) == Some(Outcome::Open) {
        all.push(Premise {
            name: format!("deal:{id}"),
            label: format!("Open deal {}", words.record(kind, &id)?.label),
            value: Some("open".to_owned()),
            shown: Some("open".to_owned()),
            from: Some((kind, id, F::Stage)),
        });
    }
    Ok(())
}

/// Premises as they stand among a decision's facts; none are no word about them.
pub(crate) fn put(mut facts: serde_json::Value, premises: &[Premise]) -> Result<serde_json::Value> {
    if premises.is_empty() {
        return Ok(facts);
    }
    let premises = serde_json::to_value(premises).map_err(StoreError::from)?;
    if let serde_json::Value::Object(map) = &mut facts {
        map.insert(KEY.to_owned(), premises);
    }
    Ok(facts)
}

/// The premises among a decision's facts.
pub(crate) fn known(facts: &serde_json::Value) -> Option<Vec<Premise>> {
    // Decisions of an older version name their facts otherwise: they are not held for what they do not say.
    serde_json::from_value(facts.get(KEY)?.clone()).ok()
}

/// The same facts as they are now.
pub(crate) fn present(
    ws: &Workspace,
    words: &Words<'_>,
    about: &(ObjectKind, String),
    before: &[Premise],
) -> Result<Vec<Premise>> {
    let kept: BTreeSet<&str> = before.iter().map(|premise| premise.name.as_str()).collect();
    match about.0 {
        ObjectKind::Registration if kept.contains(POLICY) => {
            let mut now = of_registration(ws, words, &about.1)?;
            for claim in further(before) {
                now.extend(also(words.r, words, claim, of_registration(ws, words, claim)?)?);
            }
            Ok(now)
        }
        ObjectKind::Deal if kept.contains(POLICY) => {
            let now = of_move(ws, words, &words.r.resolve(&about.1)?, &BTreeSet::new())?;
            // Registrations come and go; they count where they were looked at, as the account was.
            let counts = |name: &str| kept.contains(name) || name.starts_with(CLAIM) && kept.contains(ACCOUNT);
            Ok(now.into_iter().filter(|premise| counts(&premise.name)).collect())
        }
        _ => before.iter().map(|premise| again(words, premise)).collect(),
    }
}

/// One fact as it is now, read where it came from.
fn again(words: &Words<'_>, premise: &Premise) -> Result<Premise> {
    let Some((kind, id, field)) = premise.from.clone() else { return Ok(premise.clone()) };
    let id = words.r.resolve(&id)?;
    if premise.name == STANDING {
        return standing(words, &id);
    }
    if premise.name.starts_with(STANDS) {
        return Ok(Premise { name: premise.name.clone(), ..standing(words, &id)? });
    }
    let now = fact(words, (kind, id, field), &premise.name, "")?;
    Ok(Premise { label: premise.label.clone(), ..now })
}

/// A premise's name with the ids as they are now: records that were merged go by the survivor's.
fn named(r: &Reader<'_>, premise: &Premise) -> Result<String> {
    let (name, claim) = match premise.name.split_once(OF_CLAIM) {
        Some((name, claim)) => (name, format!("{OF_CLAIM}{}", r.resolve(claim)?)),
        None => (premise.name.as_str(), String::new()),
    };
    Ok(match name.split_once(':') {
        Some((what, id)) => format!("{what}:{}{claim}", r.resolve(id)?),
        None => format!("{name}{claim}"),
    })
}

/// The facts that others have moved.
pub(crate) fn moved(r: &Reader<'_>, before: &[Premise], now: &[Premise]) -> Result<Vec<MovedFact>> {
    let by_name = |all: &[Premise]| -> Result<BTreeMap<String, Premise>> {
        all.iter().map(|premise| Ok((named(r, premise)?, premise.clone()))).collect()
    };
    let (was, is) = (by_name(before)?, by_name(now)?);
    let mut facts = Vec::new();
    // What several claims of one act rest on is told once.
    let mut told = BTreeSet::new();
    for name in was.keys().chain(is.keys().filter(|name| !was.contains_key(*name))) {
        let (old, new) = (was.get(name), is.get(name));
        let plain = name.split_once(OF_CLAIM).map_or(name.as_str(), |(plain, _)| plain);
        let value = |premise: Option<&Premise>| -> Result<Option<String>> {
            match premise.and_then(|premise| premise.value.as_deref()) {
                Some(value) if plain == F::Partner.name() || plain == ACCOUNT => r.resolve(value).map(Some),
                value => Ok(value.map(str::to_owned)),
            }
        };
        if same(value(old)?.as_deref(), value(new)?.as_deref()) {
            continue;
        }
        let Some(fact) = new.or(old) else { continue };
        let source = fact.from.as_ref().map(|(kind, id, field)| (*kind, id.clone(), *field));
        if is_ours(r, fact, old.is_none(), new)? || source.is_some_and(|source| !told.insert(source)) {
            continue;
        }
        let shown =
            |premise: Option<&Premise>| premise.and_then(|premise| premise.shown.clone().or(premise.value.clone()));
        let mut after = shown(new);
        if new.is_none() && name.starts_with("deal:") {
            after = Some("not open any more".to_owned());
        }
        let mut before = shown(old);
        if old.is_none() && name.starts_with("deal:") {
            before = Some("was not there, or not open".to_owned());
        }
        facts.push(MovedFact { name: name.clone(), label: fact.label.clone(), before, after });
    }
    Ok(facts)
}

/// Whether the latest move of a fact was a decision of ours that has landed meanwhile.
fn is_ours(r: &Reader<'_>, fact: &Premise, is_new: bool, now: Option<&Premise>) -> Result<bool> {
    let Some((kind, id, field)) = &fact.from else { return Ok(false) };
    let id = r.resolve(id)?;
    if is_new && *kind == ObjectKind::Deal && r.made_here(*kind, &id)? {
        return Ok(true);
    }
    let Some(written) = r.own_movement(*kind, &id, *field)? else { return Ok(false) };
    // Of a deal the stage moves and "open" is compared; of everything else what was written itself.
    let now = now.and_then(|premise| premise.value.as_deref());
    Ok(*field == F::Stage || same(Some(&written), now))
}
