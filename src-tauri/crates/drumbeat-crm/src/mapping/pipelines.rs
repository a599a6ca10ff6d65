//! What a pipeline means to the program: whether it counts, whose motion it is, how far each stage is.

use drumbeat_model::crm::{Outcome, Pipeline};
use drumbeat_model::deal::Motion;
use drumbeat_model::mapping::{PipelineMapping, StageMapping};

/// Pipelines with one of these words are not new partner business.
const NOT_COUNTED: &[&str] = &[
    "test",
    "tests",
    "testing",
    "sandbox",
    "demo",
    "renewal",
    "renewals",
    "support",
    "ticket",
    "tickets",
    "archive",
    "archived",
    "old",
    "deprecated",
    "onboarding",
    "recruitment",
    "recruiting",
    "hiring",
];

/// A pipeline with one of these words is of one motion.
const MOTIONS: &[(Motion, &[&str])] = &[
    (Motion::Referral, &["referral", "referrals", "refer"]),
    (Motion::Reseller, &["reseller", "resellers", "resale", "resell", "distribution", "distributor", "var"]),
    (Motion::Marketplace, &["marketplace", "marketplaces"]),
    (Motion::Services, &["services", "service", "si", "implementation", "consulting"]),
    (Motion::Tech, &["tech", "technology", "isv", "integration", "integrations", "alliance", "alliances"]),
];

/// The last of five positions.
const LAST: usize = 5;

pub(super) fn meaning(pipeline: &Pipeline) -> PipelineMapping {
    let label = pipeline.label.to_lowercase();
    let words: Vec<&str> = label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let has = |known: &[&str]| words.iter().any(|word| known.contains(word));
    let named: Vec<Motion> = MOTIONS.iter().filter(|(_, known)| has(known)).map(|(motion, _)| *motion).collect();
    let open = pipeline.stages.iter().filter(|stage| stage.outcome == Outcome::Open).count();
    let mut seen = 0;
    let stages = pipeline.stages.iter().map(|stage| {
        let position = if stage.outcome == Outcome::Open {
            seen += 1;
            spread(seen - 1, open)
        } else {
            LAST
        };
        StageMapping {
            id: stage.id.clone(),
            label: stage.label.clone(),
            position: u32::try_from(position).unwrap_or_default(),
            outcome: stage.outcome,
            probability: stage.probability,
        }
    });
    PipelineMapping {
        id: pipeline.id.clone(),
        label: pipeline.label.clone(),
        counts: !has(NOT_COUNTED),
        // Two motions in one name say nothing about one deal.
        motion: if let [motion] = named.as_slice() { Some(*motion) } else { None },
        stages: stages.collect(),
    }
}

/// The position of the open stage `index` of `count`: first is 1, last is 5, the others evenly between.
fn spread(index: usize, count: usize) -> usize {
    let steps = count.saturating_sub(1);
    if steps == 0 {
        return 1;
    }
    1 + (index * (LAST - 1) + steps / 2) / steps
}
