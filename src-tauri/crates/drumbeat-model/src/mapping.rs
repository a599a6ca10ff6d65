//! Which CRM property holds which field, which pipelines count, who "me" is: data, never code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::crm::{ObjectKind, Outcome, Properties};
use crate::deal::Motion;
use crate::field::Field;
use crate::ids::OwnerId;
use crate::partner::Tier;
use crate::time::Day;

/// How one CRM account is read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Mapping {
    /// Property name by field, for each kind.
    pub fields: BTreeMap<ObjectKind, BTreeMap<Field, String>>,
    /// The pipelines that count, and what their stages mean.
    pub pipelines: Vec<PipelineMapping>,
    /// The person at this computer, among the CRM's owners.
    pub me: Option<OwnerId>,
    /// Clocks, staleness and signals count from this day (S-12).
    pub go_live: Option<Day>,
    /// The tier that a value means (T-02), lower case; what the program's own names say is left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(skip)]
    pub tiers: BTreeMap<String, Tier>,
}

/// What a pipeline means to the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PipelineMapping {
    /// The CRM's pipeline id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// Whether its deals count.
    pub counts: bool,
    /// The motion that all its deals have; absent when each deal says so itself.
    pub motion: Option<Motion>,
    /// Its stages in order.
    pub stages: Vec<StageMapping>,
}

/// What a stage means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StageMapping {
    /// The CRM's stage id.
    pub id: String,
    /// Its name.
    pub label: String,
    /// 1 to 5 on the way to the close.
    pub position: u32,
    /// Open, won or lost.
    pub outcome: Outcome,
    /// Chance of winning in percent, as the CRM has it.
    pub probability: u32,
}

impl Mapping {
    /// The CRM's property for a field of a kind.
    #[must_use]
    pub fn property(&self, kind: ObjectKind, field: Field) -> Option<&str> {
        self.fields.get(&kind)?.get(&field).map(String::as_str)
    }

    /// The field that a CRM property holds.
    #[must_use]
    pub fn field(&self, kind: ObjectKind, property: &str) -> Option<Field> {
        self.fields.get(&kind)?.iter().find(|(_, name)| *name == property).map(|(field, _)| *field)
    }

    /// The value of a field in a record's properties; empty counts as absent.
    #[must_use]
    pub fn value<'p>(&self, kind: ObjectKind, field: Field, properties: &'p Properties) -> Option<&'p str> {
        let value = properties.get(self.property(kind, field)?)?.as_str();
        (!value.is_empty()).then_some(value)
    }

    /// All properties of a kind that are mapped, in a stable order without repeats.
    #[must_use]
    pub fn properties(&self, kind: ObjectKind) -> Vec<String> {
        let mut names: Vec<String> =
            self.fields.get(&kind).map(|map| map.values().cloned().collect()).unwrap_or_default();
        names.sort();
        names.dedup();
        names
    }

    /// The tier that a value of the CRM means, whatever its case.
    #[must_use]
    pub fn tier(&self, value: &str) -> Option<Tier> {
        let value = value.trim().to_lowercase();
        self.tiers.get(&value).copied().or_else(|| Tier::from_name(&value))
    }

    /// The pipeline and stage with these ids.
    #[must_use]
    pub fn stage(&self, pipeline: &str, stage: &str) -> Option<(&PipelineMapping, &StageMapping)> {
        let pipeline = self.pipelines.iter().find(|p| p.id == pipeline)?;
        Some((pipeline, pipeline.stages.iter().find(|s| s.id == stage)?))
    }
}
