//! The facts that a decision relied on (B1).
//!
//! A premise is a fact of the CRM, as the mirror has it, at the moment of the decision: never our own
//! pending changes, or a second decision of ours would make the first look rash. The hard idea is whose
//! doing a move is: what our own decisions have put into the CRM meanwhile does not count, and records that
//! were merged go by the survivor's name. What is done about a fact that moved is in `held`.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::{ObjectKind, Outcome, Properties};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{AccountId, is_local};
use drumbeat_model::merge::MovedFact;
use drumbeat_model::value::same;
use drumbeat_rules::normal;
use drumbeat_store::{Reader, Result, StoreError};
use serde::{Deserialize, Serialize};

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
    let claim_fact = |name: &str, field: F, all: &mut Vec<Premise>| -> Result<Option<String>> {
        let value = mapping.value(kind, field, &claim).map(str::to_owned);
        let shown = shown(words, (kind, &id), &claim, field, value.as_deref())?;
        let label = format!("{} on the registration", field.label());
        all.push(Premise {
            name: name.to_owned(),
            label,
            value: value.clone(),
            shown,
            from: Some((kind, id.clone(), field)),
        });
        Ok(value)
    };
    let partner = claim_fact("partner", F::Partner, &mut all)?;
    claim_fact("amount", F::Amount, &mut all)?;
    let linked = mapping.value(kind, F::Account, &claim).map(str::to_owned);
    let company = mapping.value(kind, F::CompanyName, &claim).unwrap_or_default();
    let domain = mapping.value(kind, F::Domain, &claim).or_else(|| mapping.value(kind, F::ContactEmail, &claim));
    let (domain, name) = (domain.and_then(normal::domain), normal::company_name(company));
    let account = match linked {
        Some(account) => Some(r.resolve(&account)?),
        None => r.accounts_like(domain.as_deref(), &name)?.into_iter().next(),
    };
    all.push(Premise {
        name: "account".to_owned(),
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
    }
    let (by_domain, by_name) = r.registrations_like(&id, domain.as_deref(), &name)?;
    for rival in by_domain.iter().chain(&by_name).filter(|rival| !is_local(rival.id.as_str())) {
        let values = words.values(kind, rival.id.as_str())?;
        let status = mapping.value(kind, F::Status, &values).map(str::to_owned);
        all.push(Premise {
            name: format!("claim:{}", rival.id),
            label: format!("Registration {} for {}", rival.number, rival.company),
            shown: shown(words, (kind, rival.id.as_str()), &values, F::Status, status.as_deref())?,
            value: status,
            from: Some((kind, rival.id.0.clone(), F::Status)),
        });
    }
    all.push(policy(ws));
    Ok(all)
}

/// The facts that moving a deal through a gate relies on, but for those that the edit itself changes.
pub(crate) fn of_deal(ws: &Workspace, words: &Words<'_>, id: &str, edited: &BTreeSet<F>) -> Result<Vec<Premise>> {
    let values = words.values(ObjectKind::Deal, id)?;
    let mut all = Vec::new();
    for field in [F::Partner, F::Motion, F::Amount, F::CloseDate].into_iter().filter(|field| !edited.contains(field)) {
        let value = words.scene.mapping.value(ObjectKind::Deal, field, &values).map(str::to_owned);
        all.push(Premise {
            name: field.name().to_owned(),
            label: format!("{} of the deal", field.label()),
            shown: shown(words, (ObjectKind::Deal, id), &values, field, value.as_deref())?,
            value,
            from: Some((ObjectKind::Deal, id.to_owned(), field)),
        });
    }
    all.push(policy(ws));
    Ok(all)
}

fn policy(ws: &Workspace) -> Premise {
    let value = Some(ws.policy.version.to_string());
    Premise { name: "policy".to_owned(), label: "Policy version".to_owned(), shown: value.clone(), value, from: None }
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
    let values = words.values(kind, partner)?;
    for field in [F::PartnerTier, F::PartnerStatus] {
        let value = words.scene.mapping.value(kind, field, &values).map(str::to_owned);
        all.push(Premise {
            name: field.name().to_owned(),
            label: field.label().to_owned(),
            shown: shown(words, (kind, partner), &values, field, value.as_deref())?,
            value,
            from: Some((kind, partner.to_owned(), field)),
        });
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
    let kind = ObjectKind::Deal;
    for row in words.r.deals_at(&AccountId(account.to_owned()), DEALS_AT_ACCOUNT, words.scene.today)? {
        let id = row.id.0;
        if is_local(&id) {
            continue;
        }
        let Some(known) = words.r.mirrored(kind, &id)?.filter(|known| known.gone.is_none()) else { continue };
        if outcome(words, &known.properties) == Some(Outcome::Open) {
            all.push(Premise {
                name: format!("deal:{id}"),
                label: format!("Open deal {}", words.record(kind, &id)?.label),
                value: Some("open".to_owned()),
                shown: Some("open".to_owned()),
                from: Some((kind, id, F::Stage)),
            });
        }
    }
    Ok(())
}

/// Premises as they stand among a decision's facts.
pub(crate) fn put(mut facts: serde_json::Value, premises: &[Premise]) -> Result<serde_json::Value> {
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

/// The same facts as they are now; nothing for a record of which decisions keep none.
pub(crate) fn present(
    ws: &Workspace,
    words: &Words<'_>,
    about: &(ObjectKind, String),
    before: &[Premise],
) -> Result<Option<Vec<Premise>>> {
    match about.0 {
        ObjectKind::Registration => of_registration(ws, words, &about.1).map(Some),
        ObjectKind::Deal => {
            let kept: BTreeSet<&str> = before.iter().map(|premise| premise.name.as_str()).collect();
            let now = of_deal(ws, words, &about.1, &BTreeSet::new())?;
            Ok(Some(now.into_iter().filter(|premise| kept.contains(premise.name.as_str())).collect()))
        }
        ObjectKind::Company
        | ObjectKind::Certification
        | ObjectKind::Contact
        | ObjectKind::Task
        | ObjectKind::Note
        | ObjectKind::Meeting
        | ObjectKind::Call
        | ObjectKind::Email => Ok(None),
    }
}

/// A premise's name with the ids as they are now: records that were merged go by the survivor's.
fn named(r: &Reader<'_>, premise: &Premise) -> Result<String> {
    Ok(match premise.name.split_once(':') {
        Some((what, id)) => format!("{what}:{}", r.resolve(id)?),
        None => premise.name.clone(),
    })
}

/// The facts that others have moved.
pub(crate) fn moved(r: &Reader<'_>, before: &[Premise], now: &[Premise]) -> Result<Vec<MovedFact>> {
    let by_name = |all: &[Premise]| -> Result<BTreeMap<String, Premise>> {
        all.iter().map(|premise| Ok((named(r, premise)?, premise.clone()))).collect()
    };
    let (was, is) = (by_name(before)?, by_name(now)?);
    let mut facts = Vec::new();
    for name in was.keys().chain(is.keys().filter(|name| !was.contains_key(*name))) {
        let (old, new) = (was.get(name), is.get(name));
        let value = |premise: Option<&Premise>| -> Result<Option<String>> {
            match premise.and_then(|premise| premise.value.as_deref()) {
                Some(value) if name == "partner" || name == "account" => r.resolve(value).map(Some),
                value => Ok(value.map(str::to_owned)),
            }
        };
        if same(value(old)?.as_deref(), value(new)?.as_deref()) {
            continue;
        }
        let Some(fact) = new.or(old) else { continue };
        if is_ours(r, fact, old.is_none(), new)? {
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
