//! Whether a company is known already, as an account, from another registration or from an open deal, under any spelling.
//!
//! The one hard idea: there are two thresholds, both the policy's. From `matching.sure_percent` on a match is taken as
//! the account (so its deals count in the checks); between `matching.look_percent` and there the checks warn, with what
//! speaks for and against it, and a person decides. The same domain or the same plain name need no probability. Where
//! the policy counts a group as one company, names are judged by the weights for groups, and what is known of the
//! account's parent and sisters counts as the account's own; where not, a match says that it is of the same group. Callers
//! rely on the facts of the checks and the premises of a decision taking the account from here, so that they can never differ.

use std::sync::Arc;

use drumbeat_match::{Evidence, Level, Profile, Record};
use drumbeat_model::registration::Registration;
use drumbeat_rules::{Near, NearAccount, Policy, normal};
use drumbeat_store::matching::{Alike, Filed};
use drumbeat_store::{Reader, Result};
use serde::Serialize;

use crate::error::Answer;
use crate::workspace::Workspace;

/// A company that somebody asks about.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// Country.
    pub country: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Web address.
    pub domain: Option<String>,
    /// Mail address of somebody there.
    pub email: Option<String>,
    /// Telephone number.
    pub phone: Option<String>,
}

/// A record that is probably the company.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// Account, registration or deal.
    pub kind: &'static str,
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// From 0.5 to 1.
    pub probability: f32,
    /// Probable enough to be taken without asking.
    pub sure: bool,
    /// What speaks for it.
    pub speaks_for: Vec<String>,
    /// What speaks against it.
    pub speaks_against: Vec<String>,
    /// The smallest change found that turns the verdict.
    pub would_turn: Option<String>,
}

/// Accounts, registrations and open deals without an account that are probably the company, most probable first.
///
/// # Errors
/// What the store says.
pub fn lookup(ws: &Arc<Workspace>, asked: &Asked) -> Answer<Vec<Found>> {
    let profile = Profile::of(&Record {
        name: &asked.name,
        country: asked.country.as_deref(),
        city: asked.city.as_deref(),
        domain: asked.domain.as_deref(),
        email: asked.email.as_deref(),
        phone: asked.phone.as_deref(),
    });
    ws.read(|r| {
        let mut all = Vec::new();
        for filed in [Filed::Accounts, Filed::Claims, Filed::Deals] {
            let mut alike = r.alike_as(filed, &profile, None, level(&ws.policy))?;
            if filed == Filed::Accounts {
                say_group(r, None, &mut alike)?;
            }
            all.extend(alike.into_iter().map(|one| found(filed, one, &asked.name, &ws.policy)));
        }
        all.sort_by(|x, y| y.probability.total_cmp(&x.probability));
        Ok(all)
    })
}

/// What is filed, in a word.
pub(crate) fn word(filed: Filed) -> &'static str {
    match filed {
        Filed::Accounts => "account",
        Filed::Claims => "registration",
        Filed::Deals => "deal",
    }
}

/// What counts as one company.
fn level(policy: &Policy) -> Level {
    if policy.matching.groups_are_one { Level::Group } else { Level::Company }
}

/// Says of accounts that they are of the group of the account, or of the most probable of them.
fn say_group(r: &Reader<'_>, account: Option<&str>, all: &mut [Alike]) -> Result<()> {
    let Some(first) = account.map(str::to_owned).or_else(|| all.first().map(|one| one.id.clone())) else {
        return Ok(());
    };
    let group = r.group_of(&first)?;
    let name = r.name_of_company(&first)?.unwrap_or_else(|| first.clone());
    for one in all.iter_mut().filter(|one| one.id != first && group.iter().any(|(id, _)| *id == one.id)) {
        one.evidence.speaks_for.insert(0, format!("same group as “{name}”"));
    }
    if account.is_none()
        && let (Some(best), Some((_, above))) = (all.first_mut(), group.first())
    {
        best.evidence.speaks_for.push(format!("same group as “{above}”"));
    }
    Ok(())
}

/// As it is told; what the checks take for sure without a probability is sure here as well.
fn found(filed: Filed, one: Alike, asked: &str, policy: &Policy) -> Found {
    let same_name = filed != Filed::Deals && normal::company_name(&one.name) == normal::company_name(asked);
    let sure = same_name || is_sure(&one, policy);
    let Evidence { speaks_for, speaks_against, would_turn } = one.evidence;
    Found {
        kind: word(filed),
        id: one.id,
        name: one.name,
        probability: one.probability,
        sure,
        speaks_for,
        speaks_against,
        would_turn,
    }
}

/// The company that a registration claims.
pub(crate) fn claimed(claim: &Registration) -> Profile {
    Profile::of(&Record {
        name: &claim.company,
        country: claim.country.as_deref(),
        city: claim.city.as_deref(),
        domain: claim.domain.as_deref(),
        email: claim.contact_email.as_deref(),
        phone: claim.contact_phone.as_deref(),
    })
}

/// Whether the policy takes a match without asking.
fn is_sure(one: &Alike, policy: &Policy) -> bool {
    f64::from(one.probability) >= f64::from(policy.matching.sure_percent) / 100.0
}

/// The account that a company is, when that is sure: the same domain, the same plain name, or a sure match. Where none
/// is, the accounts that may be it.
pub(crate) fn account(r: &Reader<'_>, asked: &Profile, policy: &Policy) -> Result<(Option<String>, Vec<NearAccount>)> {
    let known = r.accounts_like(asked.domain.as_deref(), &normal::company_name(&asked.name))?;
    if let Some(id) = known.into_iter().next() {
        return Ok((Some(id), Vec::new()));
    }
    let mut alike = r.alike_as(Filed::Accounts, asked, None, level(policy))?;
    if let Some(best) = alike.first().filter(|best| is_sure(best, policy)) {
        return Ok((Some(best.id.clone()), Vec::new()));
    }
    say_group(r, None, &mut alike)?;
    let near =
        |one: &Alike| NearAccount { id: one.id.clone(), name: one.name.clone(), near: near_by(one), open_deals: 0 };
    Ok((None, alike.iter().map(near).collect()))
}

/// Other registrations that claim the same company under another spelling.
pub(crate) struct Rivals {
    /// Those that do for sure.
    pub(crate) sure: Vec<String>,
    /// Those that may, with how near they are.
    pub(crate) near: Vec<(String, Near)>,
}

/// The other registrations that claim the company of this one, or may.
pub(crate) fn rivals(r: &Reader<'_>, claim: &Registration, asked: &Profile, policy: &Policy) -> Result<Rivals> {
    let found = r.alike_as(Filed::Claims, asked, Some(claim.id.as_str()), level(policy))?;
    let (sure, may): (Vec<Alike>, Vec<Alike>) = found.into_iter().partition(|one| is_sure(one, policy));
    Ok(Rivals {
        sure: sure.into_iter().map(|one| one.id).collect(),
        near: may.into_iter().map(|one| (one.id.clone(), near_by(&one))).collect(),
    })
}

/// The other accounts that count as one company with an account: none unless the policy says so.
pub(crate) fn as_one(r: &Reader<'_>, account: &str, policy: &Policy) -> Result<Vec<String>> {
    if !policy.matching.groups_are_one {
        return Ok(Vec::new());
    }
    Ok(r.group_of(account)?.into_iter().map(|(id, _)| id).collect())
}

/// Open deals that no account is known of and whose names may mean the company, with how near they are.
pub(crate) fn deals(r: &Reader<'_>, asked: &Profile, policy: &Policy) -> Result<Vec<(String, Near)>> {
    let alike = r.alike_as(Filed::Deals, asked, None, level(policy))?;
    Ok(alike.iter().map(|one| (one.id.clone(), near_by(one))).collect())
}

fn near_by(one: &Alike) -> Near {
    Near { thousandths: (one.probability * 1000.0) as u16, why: reasons(one) }
}

/// Accounts, other registrations and open deals without an account that a person should look at, with why; `account` is
/// the claim's own.
pub(crate) fn near(
    r: &Reader<'_>,
    claim: &Registration,
    account: Option<&str>,
    policy: &Policy,
) -> Result<Vec<(Filed, Alike)>> {
    let asked = claimed(claim);
    let mut all = Vec::new();
    for (filed, but) in [(Filed::Claims, Some(claim.id.as_str())), (Filed::Deals, None), (Filed::Accounts, None)] {
        let mut found = r.alike_as(filed, &asked, but, level(policy))?;
        if filed == Filed::Accounts {
            say_group(r, account, &mut found)?;
        }
        all.extend(found.into_iter().map(|one| (filed, one)));
    }
    Ok(all)
}

/// Why a record matches, in one line: the verdict, what speaks for it, what against, what would turn it.
pub(crate) fn why(one: &Alike, policy: &Policy) -> String {
    let verdict = if is_sure(one, policy) { "the same company" } else { "perhaps the same company" };
    format!("{verdict} ({:.0} %): {}", (one.probability * 100.0).floor(), reasons(one))
}

/// What speaks for a match, what against it, what would turn it.
pub(crate) fn reasons(one: &Alike) -> String {
    let list = |intro: &str, all: &[String]| {
        let most: Vec<&str> = all.iter().take(3).map(String::as_str).collect();
        if most.is_empty() { String::new() } else { format!("{intro}{}", most.join(", ")) }
    };
    format!(
        "{}{}{}",
        list("", &one.evidence.speaks_for),
        list("; against it: ", &one.evidence.speaks_against),
        one.evidence.would_turn.as_ref().map_or_else(String::new, |turn| format!("; otherwise with {turn}")),
    )
}
