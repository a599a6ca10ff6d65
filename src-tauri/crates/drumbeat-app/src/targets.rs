//! Targets (K-18): what is to be won in a quarter, entered or imported.
//!
//! A target is of the whole program, of a motion or of a partner. What the program aims at is what was said of it; where
//! nobody has, it is the sum over motions, and else over partners: they are the same money seen in two ways and are never
//! added to each other. Setting targets is on record; an import replaces those of the quarters that it names.

use std::collections::BTreeSet;
use std::sync::Arc;

use drumbeat_export::PackTarget;
use drumbeat_intake::{amounts, sheet};
use drumbeat_model::deal::Motion;
use drumbeat_model::ids::PartnerId;
use drumbeat_model::metrics::{ImportTargets, SaveTargets, Target};
use drumbeat_model::time::Quarter;
use drumbeat_store::{Entry, Reader};
use rust_decimal::Decimal;
use serde_json::json;

use crate::api::Nothing;
use crate::error::{Answer, ApiError};
use crate::workspace::Workspace;

const NAME: &str = "targets";
/// More than a program has partners in twenty quarters.
const MOST: usize = 50_000;
/// Partners whose names are looked through.
const PARTNERS: u32 = 100_000;

/// All targets.
pub(crate) fn all(r: &Reader<'_>) -> drumbeat_store::Result<Vec<Target>> {
    Ok(r.value(NAME)?.unwrap_or_default())
}

fn sum<'t>(of: impl Iterator<Item = &'t Target>) -> Option<Decimal> {
    of.map(|target| target.bookings).reduce(|a, b| a + b)
}

/// What the program aims at in a quarter.
pub(crate) fn of_program(targets: &[Target], quarter: Quarter) -> Option<Decimal> {
    let of_quarter = || targets.iter().filter(|target| target.quarter == quarter);
    sum(of_quarter().filter(|target| target.partner.is_none() && target.motion.is_none()))
        .or_else(|| sum(of_quarter().filter(|target| target.motion.is_some())))
        .or_else(|| sum(of_quarter().filter(|target| target.partner.is_some())))
}

/// What a motion aims at in a quarter.
pub(crate) fn of_motion(targets: &[Target], quarter: Quarter, motion: Motion) -> Option<Decimal> {
    sum(targets.iter().filter(|target| target.quarter == quarter && target.motion == Some(motion)))
}

/// What a partner aims at in a quarter.
pub(crate) fn of_partner(targets: &[Target], quarter: Quarter, partner: &str) -> Option<Decimal> {
    let is = |target: &&Target| {
        target.quarter == quarter && target.partner.as_ref().is_some_and(|of| of.as_str() == partner)
    };
    sum(targets.iter().filter(is))
}

/// A partner's targets for its pack.
pub(crate) fn of_pack(r: &Reader<'_>, partner: &str) -> drumbeat_store::Result<Vec<PackTarget>> {
    let is = |target: &Target| target.partner.as_ref().is_some_and(|of| of.as_str() == partner);
    let targets = all(r)?.into_iter().filter(is);
    Ok(targets.map(|target| PackTarget { quarter: target.quarter, bookings: target.bookings }).collect())
}

/// The program's targets for its pack.
pub(crate) fn of_program_pack(r: &Reader<'_>) -> drumbeat_store::Result<Vec<PackTarget>> {
    let targets = all(r)?;
    let quarters: BTreeSet<Quarter> = targets.iter().map(|target| target.quarter).collect();
    let aimed = quarters
        .into_iter()
        .filter_map(|quarter| of_program(&targets, quarter).map(|bookings| PackTarget { quarter, bookings }));
    Ok(aimed.collect())
}

/// Targets by quarter.
///
/// # Errors
/// What the store says.
pub fn targets(ws: &Arc<Workspace>, _: Nothing) -> Answer<Vec<Target>> {
    ws.read(all)
}

/// Sets all targets anew.
///
/// # Errors
/// When one is told twice, is below nothing, or is of a partner and a motion at once, or what the store says.
pub fn save_targets(ws: &Arc<Workspace>, request: SaveTargets) -> Answer<Vec<Target>> {
    let wrong = |what: String| ApiError::invalid("targets", what).kept("Nothing was changed");
    let mut targets = request.targets;
    if targets.len() > MOST {
        return Err(wrong(format!("There are more than {MOST} targets")));
    }
    let key = |target: &Target| (target.quarter.to_string(), target.motion, target.partner.clone().map(|id| id.0));
    targets.sort_by_key(key);
    for target in &targets {
        if target.bookings <= Decimal::ZERO {
            return Err(wrong(format!("{} is no target for {}", target.bookings, target.quarter)));
        }
        if target.partner.is_some() && target.motion.is_some() {
            return Err(wrong(format!("A target of {} is of a partner or of a motion, not of both", target.quarter)));
        }
    }
    if let Some(pair) = targets.windows(2).find(|pair| key(&pair[0]) == key(&pair[1])) {
        return Err(wrong(format!(
            "{} has a target twice: {} and {}",
            pair[0].quarter, pair[0].bookings, pair[1].bookings
        )));
    }
    let actor = ws.actor()?;
    let facts = json!({ "targets": targets });
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "targets",
        title: "Changed the targets",
        reason: None,
        facts: Some(&facts),
        policy: None,
    };
    ws.write(entry, |w| w.put_value(NAME, &targets))?;
    Ok(targets)
}

/// Takes in a table of targets: all of it, or nothing.
///
/// # Errors
/// With the line, when a row does not read or names a partner that is not here.
pub fn import_targets(ws: &Arc<Workspace>, request: ImportTargets) -> Answer<Vec<Target>> {
    let wrong = |what: String| {
        ApiError::invalid("targets.table", what)
            .kept("Nothing was changed")
            .next("The table has columns quarter and bookings, and partner or motion")
    };
    let table = sheet::read(request.text.as_bytes(), &mut |_| true).map_err(|refusal| wrong(refusal.to_string()))?;
    let column = |name: &str| table.headers.iter().position(|header| header.trim().eq_ignore_ascii_case(name));
    let (Some(quarter), Some(bookings)) = (column("quarter"), column("bookings")) else {
        return Err(wrong("The table names no column quarter, or none bookings".to_owned()));
    };
    let (partner, motion) = (column("partner"), column("motion"));
    let marks = table.rows.iter().filter_map(|row| row.cell(bookings));
    let decimal = amounts::evidence(marks);
    let (main, partners) = ws.read(|r| Ok((r.main_currency()?, r.partner_names(PARTNERS)?)))?;
    let known = |text: &str| {
        let named = |(id, name): &&(String, String)| id == text || name.eq_ignore_ascii_case(text);
        partners.iter().find(named).map(|(id, _)| PartnerId(id.clone()))
    };
    let mut read = Vec::new();
    for row in &table.rows {
        let wrong = |what: String| wrong(format!("Line {}: {what}", row.line));
        let cell = |at: Option<usize>| at.and_then(|at| row.cell(at)).map(str::trim);
        let quarter = cell(Some(quarter)).ok_or_else(|| wrong("it names no quarter".to_owned()))?;
        let bookings = cell(Some(bookings)).ok_or_else(|| wrong("it names no bookings".to_owned()))?;
        let (bookings, currency) = amounts::amount(bookings, decimal, Some(&main)).map_err(wrong)?;
        if currency.is_some_and(|currency| currency != main) {
            return Err(wrong(format!("targets are in {main}")));
        }
        let partner = match cell(partner) {
            Some(text) => Some(
                known(text).ok_or_else(|| wrong(format!("{} is no partner", drumbeat_intake::text::quote(text))))?,
            ),
            None => None,
        };
        let motion = match cell(motion) {
            Some(text) => Some(
                Motion::from_name(text)
                    .ok_or_else(|| wrong(format!("{} is no motion", drumbeat_intake::text::quote(text))))?,
            ),
            None => None,
        };
        read.push(Target {
            quarter: Quarter::parse(quarter).map_err(|error| wrong(error.to_string()))?,
            partner,
            motion,
            bookings,
        });
    }
    let named: BTreeSet<String> = read.iter().map(|target| target.quarter.to_string()).collect();
    let mut targets = ws.read(all)?;
    targets.retain(|target| !named.contains(&target.quarter.to_string()));
    targets.extend(read);
    save_targets(ws, SaveTargets { targets })
}
