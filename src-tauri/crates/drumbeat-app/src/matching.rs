//! Whether a company is known already, as an account or from another registration, under any spelling.
//!
//! The one hard idea: there are two thresholds. From [`SURE`] on a match is taken as the account (so its deals
//! count in the checks); between [`LOOK`] and there it is only shown, with what speaks for and against it, and a
//! person decides. The same domain or the same plain name need no probability. Callers rely on the facts of the
//! checks and the premises of a decision taking the account from here, so that they can never differ.

use std::sync::Arc;

use drumbeat_match::weights::{LOOK, SURE};
use drumbeat_match::{Evidence, Profile, Record};
use drumbeat_model::registration::Registration;
use drumbeat_rules::normal;
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
}

/// A record that is probably the company.
#[derive(Debug, Clone, Serialize)]
pub struct Found {
    /// Account or registration.
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

/// Accounts and registrations that are probably the company, most probable first.
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
        phone: None,
    });
    ws.read(|r| {
        let mut all = Vec::new();
        for (filed, kind) in [(Filed::Accounts, "account"), (Filed::Claims, "registration")] {
            all.extend(r.alike(filed, &profile, None)?.into_iter().map(|one| found(kind, one)));
        }
        all.sort_by(|x, y| y.probability.total_cmp(&x.probability));
        Ok(all)
    })
}

fn found(kind: &'static str, one: Alike) -> Found {
    let Evidence { speaks_for, speaks_against, would_turn } = one.evidence;
    let sure = one.probability >= SURE;
    Found {
        kind,
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

/// The account that a company is, when that is sure: the same domain, the same plain name, or a sure match.
pub(crate) fn account(r: &Reader<'_>, asked: &Profile) -> Result<Option<String>> {
    let known = r.accounts_like(asked.domain.as_deref(), &normal::company_name(&asked.name))?;
    if let Some(id) = known.into_iter().next() {
        return Ok(Some(id));
    }
    let best = r.alike(Filed::Accounts, asked, None)?.into_iter().next();
    Ok(best.filter(|best| best.probability >= SURE).map(|best| best.id))
}

/// Other registrations that claim the same company for sure, under whatever spelling.
pub(crate) fn rivals(r: &Reader<'_>, claim: &Registration, asked: &Profile) -> Result<Vec<String>> {
    let found = r.alike(Filed::Claims, asked, Some(claim.id.as_str()))?;
    Ok(found.into_iter().filter(|one| one.probability >= SURE).map(|one| one.id).collect())
}

/// Accounts and other registrations that a person should look at, with why.
pub(crate) fn near(r: &Reader<'_>, claim: &Registration) -> Result<Vec<(Filed, Alike)>> {
    let asked = claimed(claim);
    let mut all = Vec::new();
    for (filed, but) in [(Filed::Claims, Some(claim.id.as_str())), (Filed::Accounts, None)] {
        all.extend(r.alike(filed, &asked, but)?.into_iter().map(|one| (filed, one)));
    }
    Ok(all)
}

/// Why a record matches, in one line: the verdict, what speaks for it, what against, what would turn it.
pub(crate) fn why(one: &Alike) -> String {
    debug_assert!(one.probability >= LOOK);
    let list = |intro: &str, all: &[String]| {
        let most: Vec<&str> = all.iter().take(3).map(String::as_str).collect();
        if most.is_empty() { String::new() } else { format!("{intro}{}", most.join(", ")) }
    };
    format!(
        "{} ({:.0} %): {}{}{}",
        if one.probability >= SURE { "the same company" } else { "perhaps the same company" },
        one.probability * 100.0,
        list("", &one.evidence.speaks_for),
        list("; against it: ", &one.evidence.speaks_against),
        one.evidence.would_turn.as_ref().map_or_else(String::new, |turn| format!("; otherwise with {turn}")),
    )
}
