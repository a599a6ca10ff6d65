//! What a person writes for a partner's quarter. It is kept in this workspace under partner and quarter, so
//! that every export of the quarter has it; a restored backup has it as well.

use std::sync::Arc;

use drumbeat_model::ids::PartnerId;
use drumbeat_model::pack::{PackRef, PackWords};
use drumbeat_model::time::Quarter;
use drumbeat_store::{Entry, Reader};

use crate::error::{Answer, ApiError};
use crate::workspace::Workspace;

/// Points, bets or quotes in one list: what a slide holds.
const MOST: usize = 8;
/// Points of the summary.
const POINTS: usize = 3;
/// Risks that stand before those that the deals show.
const RISKS: usize = 4;
/// Letters of one of them.
const LONGEST: usize = 400;

fn kept_as(partner: &PartnerId, quarter: Quarter) -> String {
    format!("pack_words/{}/{quarter}", partner.as_str())
}

/// The words of a quarter; none were written where there are none.
pub(super) fn read(r: &Reader<'_>, partner: &PartnerId, quarter: Quarter) -> drumbeat_store::Result<PackWords> {
    let words: Option<PackWords> = r.value(&kept_as(partner, quarter))?;
    Ok(words.unwrap_or_else(|| PackWords::none(partner.clone(), quarter)))
}

/// What was written for a partner's quarter.
///
/// # Errors
/// What the store says.
pub fn pack_words(ws: &Arc<Workspace>, of: PackRef) -> Answer<PackWords> {
    ws.read(|r| read(r, &of.partner, of.quarter))
}

/// Keeps what was written for a partner's quarter, in place of what was there.
///
/// # Errors
/// When there is no such partner, or a list or a text is too long for a slide.
pub fn save_pack_words(ws: &Arc<Workspace>, words: PackWords) -> Answer<PackWords> {
    let company = ws.read(|r| r.company(words.partner.as_str()))?;
    let company = company.ok_or_else(|| ApiError::not_found("partner", words.partner.as_str()))?;
    let words = words.trimmed();
    let refused = |what: String| {
        Err(ApiError::invalid("pack.words", what).kept("What you wrote is still in the window, nothing was saved"))
    };
    for (name, points) in [("wins", &words.wins), ("problems", &words.problems), ("asks", &words.asks)] {
        if points.len() > POINTS {
            return refused(format!("The summary has room for {POINTS} {name}"));
        }
    }
    for (name, n) in [("bets", words.bets.len()), ("quotes", words.quotes.len())] {
        if n > MOST {
            return refused(format!("A slide has room for {MOST} {name}"));
        }
    }
    if words.risks.len() > RISKS {
        return refused(format!("There is room for {RISKS} written risks"));
    }
    for within in [30, 60, 90] {
        if words.plan.iter().filter(|x| x.within == within).count() > POINTS {
            return refused(format!("The plan has room for {POINTS} steps in {within} days"));
        }
    }
    if let Some(step) = words.plan.iter().find(|x| ![30, 60, 90].contains(&x.within)) {
        return refused(format!("\u{201c}{}\u{201d} is for none of 30, 60 and 90 days", step.text));
    }
    if words.texts().any(|text| text.chars().count() > LONGEST) {
        return refused(format!("One of the texts has more than {LONGEST} letters"));
    }
    let actor = ws.actor()?;
    let title = format!("Wrote the words of {} for {}", company.name, words.quarter);
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "pack words",
        title: &title,
        reason: None,
        facts: None,
        policy: Some(ws.policy.version),
    };
    ws.write(entry, |w| w.put_value(&kept_as(&words.partner, words.quarter), &words))?;
    Ok(words)
}
