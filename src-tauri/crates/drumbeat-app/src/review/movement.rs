//! What moved between two reviews, gathered from the store and told with names (W-05, B8).
//!
//! The ends of the comparison are the starts of reviews: how deals stood then is the store's to know
//! (`drumbeat_store::movements`), what they did in between is the rules' (`drumbeat_rules::movement`). The
//! totals at both ends were counted and kept when the reviews started, apart from the deals, so that a sum
//! that does not add up shows.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use drumbeat_model::deal::Movement;
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DealId, PartnerId};
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::movement::{
    DealStood, MoveKind, MovedDeal, MovementGroup, MovementQuery, ReviewMovement, Standing,
};
use drumbeat_model::review::{PipelineTotal, Review};
use drumbeat_model::time::{Day, Instant};
use drumbeat_rules::movement::{Moves, moves, waterfalls};
use drumbeat_store::{Reader, Result};
use rust_decimal::Decimal;

use crate::error::Answer;
use crate::workspace::{Scene, Workspace};

/// Deals that a group lists.
const LISTED: usize = 200;
/// Changes whose reversal is told.
const TOLD: &[Field] = &[Field::Stage, Field::Amount, Field::CloseDate, Field::Partner, Field::Motion];

/// One deal that moved.
pub(super) struct Moved {
    pub id: DealId,
    pub then: Option<Standing>,
    pub now: Option<Standing>,
    pub moves: Moves,
    pub changes: Vec<Movement>,
}

impl Moved {
    /// What the moves of a kind come to.
    fn sums(&self, kind: MoveKind) -> BTreeMap<Currency, Decimal> {
        let mut sums = BTreeMap::new();
        for part in self.moves.parts.iter().filter(|part| part.kind == kind) {
            *sums.entry(part.amount.currency.clone()).or_default() += part.amount.amount;
        }
        sums
    }

    fn stood(&self) -> Option<&Standing> {
        self.now.as_ref().or(self.then.as_ref())
    }

    /// How much money is in it, for what comes first.
    pub(super) fn size(&self) -> Decimal {
        let amount = |stood: &Option<Standing>| stood.as_ref()?.amount.as_ref().map(|money| money.amount.abs());
        amount(&self.then).max(amount(&self.now)).unwrap_or_default()
    }
}

/// The two ends of a comparison with the deals that moved in between.
pub(super) struct Between {
    pub since: Option<Instant>,
    pub until: Instant,
    then: Vec<PipelineTotal>,
    now: Vec<PipelineTotal>,
    pub deals: Vec<Moved>,
}

/// Compares the start of `upto` with that of the review before it; the present with the last start when absent.
pub(super) fn between(r: &Reader<'_>, upto: Option<&Review>, now: Instant) -> Result<Between> {
    let before = r.review_before(upto.map(|review| (review.started_at, &review.id)))?;
    let kept = r.review_marks()?;
    // A mark from before the row of marks began anew, by a repair, has not everything that changed since.
    let mark =
        before.as_ref().and_then(|review| review.mark).filter(|mark| kept.is_some_and(|(first, _)| *mark >= first));
    let until = upto.map_or(now, |review| review.started_at);
    let totals = match upto {
        Some(review) => review.pipeline.clone(),
        None => r.reviewed_pipeline()?,
    };
    let (Some(before), Some(mark)) = (before, mark) else {
        return Ok(Between { since: None, until, then: Vec::new(), now: totals, deals: Vec::new() });
    };
    let at = upto.and_then(|review| review.mark);
    let mut changes = r.deal_changes(before.started_at, until, TOLD)?;
    let mut deals = Vec::new();
    for stood in r.deals_moved(mark, at)? {
        let changes = changes.remove(&stood.id).unwrap_or_default();
        let moves = moves(stood.then.as_ref(), stood.now.as_ref(), &changes);
        deals.push(Moved { id: stood.id, then: stood.then, now: stood.now, moves, changes });
    }
    // What else was changed stands as it stood: it was changed back.
    for (id, changes) in changes {
        let stood = r.deal_stood(id.as_str(), at)?;
        let moves = moves(stood.as_ref(), stood.as_ref(), &changes);
        deals.push(Moved { id, then: stood.clone(), now: stood, moves, changes });
    }
    deals.retain(|deal| !deal.moves.kinds.is_empty());
    Ok(Between { since: Some(before.started_at), until, then: before.pipeline, now: totals, deals })
}

/// What moved between a review and the one before it, or since the last one started.
///
/// # Errors
/// When there is no such review, or what the store says.
pub fn review_movement(ws: &Arc<Workspace>, query: MovementQuery) -> Answer<ReviewMovement> {
    ws.read(|r| {
        let scene = Scene::read(ws, r)?;
        let upto = query.review.as_ref().map(|id| r.review(id)).transpose()?;
        told(r, &scene, &between(r, upto.as_ref(), scene.now)?)
    })
}

/// The comparison with names and words.
pub(super) fn told(r: &Reader<'_>, scene: &Scene, between: &Between) -> Result<ReviewMovement> {
    let Some(since) = between.since else {
        return Ok(ReviewMovement {
            since: None,
            until: between.until,
            waterfalls: Vec::new(),
            groups: Vec::new(),
            adds_up: true,
        });
    };
    let waterfalls = waterfalls(&between.then, &between.now, between.deals.iter().map(|deal| (&deal.id, &deal.moves)));
    let mut names = Names { r, scene, partners: BTreeMap::new() };
    let mut groups = Vec::new();
    for kind in MoveKind::ALL {
        let mut of: Vec<&Moved> = between.deals.iter().filter(|deal| deal.moves.kinds.contains(kind)).collect();
        if of.is_empty() {
            continue;
        }
        let mut sums: BTreeMap<Currency, Decimal> = BTreeMap::new();
        for (currency, amount) in of.iter().flat_map(|deal| deal.sums(*kind)) {
            *sums.entry(currency).or_default() += amount;
        }
        of.sort_by_key(|deal| (Reverse(deal.size()), deal.id.clone()));
        let count = u32::try_from(of.len()).unwrap_or(u32::MAX);
        let deals = of.into_iter().take(LISTED).map(|deal| names.deal(deal, *kind)).collect::<Result<_>>()?;
        let sums = sums.into_iter().map(|(currency, amount)| Money::new(amount.normalize(), currency)).collect();
        groups.push(MovementGroup { kind: *kind, count, sums, deals });
    }
    let adds_up = waterfalls.iter().all(|fall| fall.unexplained.is_none());
    Ok(ReviewMovement { since: Some(since), until: between.until, waterfalls, groups, adds_up })
}

/// Names for ids, each asked for once.
pub(super) struct Names<'a> {
    pub r: &'a Reader<'a>,
    pub scene: &'a Scene,
    pub partners: BTreeMap<PartnerId, String>,
}

impl Names<'_> {
    fn partner(&mut self, stood: Option<&Standing>) -> Result<Option<String>> {
        let Some(id) = stood.and_then(|stood| stood.partner.clone()) else { return Ok(None) };
        if let Some(name) = self.partners.get(&id) {
            return Ok(Some(name.clone()));
        }
        let name = self.r.name_of_company(id.as_str())?.unwrap_or_else(|| id.0.clone());
        self.partners.insert(id, name.clone());
        Ok(Some(name))
    }

    fn deal(&mut self, moved: &Moved, kind: MoveKind) -> Result<MovedDeal> {
        let deal = self.r.deal(&moved.id)?;
        let mut changes = moved.changes.clone();
        if let Some(deal) = &deal {
            for change in &mut changes {
                change.before = crate::deals::shown(self.r, self.scene, deal, change.field, change.before.as_deref())?;
                change.after = crate::deals::shown(self.r, self.scene, deal, change.field, change.after.as_deref())?;
            }
        }
        let sums = moved.sums(kind);
        // A deal that changes its currency goes out in one and comes in in another, each a kind of its own.
        let amount = sums.into_iter().next().map(|(currency, amount)| Money::new(amount.normalize(), currency));
        Ok(MovedDeal {
            id: moved.id.clone(),
            name: moved.stood().map(|stood| stood.name.clone()).unwrap_or_default(),
            partner: self.partner(moved.stood())?,
            kinds: moved.moves.kinds.clone(),
            amount,
            what: self.what(moved, kind)?,
            then: moved.then.as_ref().map(stood),
            now: moved.now.as_ref().map(stood),
            changes,
            known: deal.is_some(),
        })
    }

    /// From what to what, for one kind of a deal's moves.
    pub(super) fn what(&mut self, moved: &Moved, kind: MoveKind) -> Result<String> {
        let (then, now) = (moved.then.as_ref(), moved.now.as_ref());
        let amount = |stood: Option<&Standing>| {
            let money = stood.and_then(|stood| stood.amount.as_ref());
            money.map_or_else(|| "no amount".to_owned(), ToString::to_string)
        };
        let stage = |stood: Option<&Standing>| stood.map(|stood| stood.stage.clone()).unwrap_or_default();
        let close = |stood: Option<&Standing>| stood.and_then(|stood| stood.close_date);
        let motion = |stood: Option<&Standing>| {
            let motion = stood.and_then(|stood| stood.motion);
            motion.map_or("no motion", drumbeat_model::deal::Motion::label)
        };
        let place = |stood: Option<&Standing>| match stood {
            Some(stood) if stood.partner.is_none() => "no partner".to_owned(),
            _ => format!("{}, {}", motion(stood), amount(stood)),
        };
        Ok(match kind {
            MoveKind::New => format!("{} in {}", amount(now), stage(now)),
            MoveKind::Reopened => format!("from {} to {}", stage(then), stage(now)),
            MoveKind::CameIn | MoveKind::WentOut => format!("from {} to {}", place(then), place(now)),
            MoveKind::AmountUp | MoveKind::AmountDown => format!("from {} to {}", amount(then), amount(now)),
            MoveKind::Won | MoveKind::Lost => match then {
                Some(_) => format!("{} from {}", amount(now), stage(then)),
                None => amount(now),
            },
            MoveKind::Gone => format!("{} in {}", amount(then), stage(then)),
            MoveKind::Advanced | MoveKind::WentBack => format!("from {} to {}", stage(then), stage(now)),
            MoveKind::Slipped | MoveKind::PulledIn => by_days(close(then), close(now)),
            MoveKind::PartnerChanged => format!(
                "from {} to {}",
                self.partner(then)?.unwrap_or_default(),
                self.partner(now)?.unwrap_or_default()
            ),
            MoveKind::Reverted => {
                let mut fields: Vec<&str> = moved.changes.iter().map(|change| change.field.label()).collect();
                fields.sort_unstable();
                fields.dedup();
                let count = moved.changes.len();
                format!("{} changes of {}", count, fields.join(", ").to_lowercase())
            }
        })
    }
}

fn by_days(then: Option<Day>, now: Option<Day>) -> String {
    let (Some(then), Some(now)) = (then, now) else { return String::new() };
    let days = (now - then).num_days().abs();
    let unit = if days == 1 { "day" } else { "days" };
    format!("from {} to {}, {days} {unit}", super::day(then), super::day(now))
}

fn stood(standing: &Standing) -> DealStood {
    DealStood {
        motion: standing.motion,
        amount: standing.amount.clone(),
        stage: standing.stage.clone(),
        outcome: standing.outcome,
        close_date: standing.close_date,
    }
}
