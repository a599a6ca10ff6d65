//! Reading what an op needs to be judged by: its record, its twin in the CRM, its link.
//!
//! Reads are by id or by unique value, never through search, because search lags behind. A record that
//! is not answered is looked for in the recycle bin before anything is said of it (I16).

use std::collections::BTreeSet;

use drumbeat_crm::crm::{Crm, Read};
use drumbeat_crm::error::CrmError;
use drumbeat_model::change::{Op, OpKind};
use drumbeat_model::crm::{Link, ObjectKind, Properties, Schema};
use drumbeat_model::field::Field;
use drumbeat_model::ids::OpId;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::planted::{Bug, planted};

use crate::sight::{Sight, marker, merges};

/// Touches of one record that are searched for our own.
const MOST_TOUCHES: usize = 1000;

/// A connection with what is known of the account.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) crm: &'a dyn Crm,
    pub(crate) schema: &'a Schema,
    pub(crate) mapping: &'a Mapping,
}

/// The line that marks a touch's text as made by an op.
fn footer(op: &OpId) -> String {
    format!("Drumbeat {op}")
}

impl Look<'_> {
    /// The mapped property of a field, when the account really has it.
    pub(crate) fn property(&self, kind: ObjectKind, field: Field) -> Option<&str> {
        let name = self.mapping.property(kind, field)?;
        self.schema.objects.get(&kind)?.properties.iter().any(|property| property.name == name).then_some(name)
    }

    /// Where an op leaves its mark; nowhere when it converts a record, which writes nothing else.
    fn mark(&self, op: &Op) -> Option<&str> {
        let into = self.mapping.property(op.object, Field::ConvertedInto);
        let converts =
            matches!((&op.kind, into), (OpKind::Set { desired, .. }, Some(into)) if desired.contains_key(into));
        self.property(op.object, Field::LastOp).filter(|_| !converts)
    }

    /// Where a new touch carries its op id when it has no property for it: its text, beside a linked record.
    fn text_of<'l>(&self, kind: ObjectKind, links: &'l [Link]) -> Option<(&str, &'l Link)> {
        if !kind.is_touch() {
            return None;
        }
        self.property(kind, Field::Body).zip(links.first())
    }

    /// Whether a CREATE could not be found again after a lost answer.
    pub(crate) fn is_unfindable(&self, op: &Op) -> bool {
        match &op.kind {
            OpKind::Create { links, .. } => {
                self.property(op.object, Field::OpId).is_none() && self.text_of(op.object, links).is_none()
            }
            OpKind::Set { .. } | OpKind::Link { .. } | OpKind::Archive { .. } => false,
        }
    }

    /// The values that the request carries: the op's own, and what it is known again by.
    pub(crate) fn request(&self, op: &Op, attempt: u32) -> Properties {
        let mut set = match &op.kind {
            OpKind::Set { desired, .. } | OpKind::Create { desired, .. } => desired.clone(),
            OpKind::Link { .. } | OpKind::Archive { .. } => return Properties::new(),
        };
        if let Some(property) = self.mark(op) {
            set.insert(property.to_owned(), marker(&op.id, attempt));
        }
        if let OpKind::Create { links, .. } = &op.kind {
            if let Some(property) = self.property(op.object, Field::OpId) {
                set.insert(property.to_owned(), op.id.0.clone());
            } else if let Some((body, _)) = self.text_of(op.object, links) {
                let text = set.get(body).cloned().unwrap_or_default();
                set.insert(body.to_owned(), format!("{text}\n\n{}", footer(&op.id)).trim_start().to_owned());
            }
        }
        set
    }

    /// What the CRM shows of an op.
    pub(crate) async fn at(&self, op: &Op) -> Result<Sight, CrmError> {
        match &op.kind {
            OpKind::Set { desired, guard, .. } => {
                self.record(op, desired.keys().chain(guard.keys()), desired.keys().chain(guard.keys())).await
            }
            OpKind::Create { links, .. } => self.created(op, links).await,
            OpKind::Link { link } => {
                let found = self.crm.links(op.object, std::slice::from_ref(&op.record), link.to).await?;
                let links = found.get(&op.record).map(Vec::as_slice).unwrap_or_default();
                let linked = links.iter().any(|other| other.id == link.id && (other.primary || !link.primary));
                Ok(Sight::Linked(linked))
            }
            OpKind::Archive { beside, .. } => self.made(op, beside).await,
        }
    }

    async fn record<'n>(
        &self,
        op: &Op,
        fields: impl Iterator<Item = &'n String>,
        changed: impl Iterator<Item = &'n String>,
    ) -> Result<Sight, CrmError> {
        let marker = self.mark(op).map(str::to_owned);
        // Everything that is mirrored is asked for, so that the mirror can take the answer as it is.
        let mut properties: BTreeSet<String> =
            self.mapping.properties(op.object).into_iter().chain(fields.cloned()).collect();
        properties.extend(marker.clone());
        let history = changed.cloned().chain(marker.clone()).collect();
        let read = Read {
            kind: op.object,
            ids: vec![op.record.clone()],
            properties: properties.into_iter().collect(),
            history,
            dated: false,
        };
        let found = self
            .crm
            .read(&read)
            .await?
            .into_iter()
            .find(|found| found.asked == op.record || found.record.id == op.record);
        match found {
            Some(found) => Ok(Sight::Record {
                found: Box::new(found),
                marker,
                merges: merges(Some(self.schema), self.mapping, op.object),
            }),
            None if self.crm.archived(op.object, &read.ids).await?.contains(&op.record) => Ok(Sight::Archived),
            None => Ok(Sight::Missing),
        }
    }

    /// The record that is to be archived, with the history of all that anybody could have written in it.
    async fn made(&self, op: &Op, ours: &[Link]) -> Result<Sight, CrmError> {
        let own: BTreeSet<Option<&str>> =
            [Field::LastOp, Field::OpId].into_iter().map(|field| self.mapping.property(op.object, field)).collect();
        let known = self.schema.objects.get(&op.object).into_iter().flat_map(|object| &object.properties);
        let history = known
            .filter(|property| !property.read_only && !own.contains(&Some(property.name.as_str())))
            .map(|property| property.name.clone())
            .collect();
        let properties: BTreeSet<String> = self.mapping.properties(op.object).into_iter().collect();
        let read = Read {
            kind: op.object,
            ids: vec![op.record.clone()],
            properties: properties.into_iter().collect(),
            history,
            dated: true,
        };
        let found = self.crm.read(&read).await?.into_iter().find(|found| found.asked == op.record);
        let Some(found) = found else {
            let binned = self.crm.binned(&read).await?.into_iter().find(|found| found.record.id == op.record);
            return Ok(binned.map_or(Sight::Missing, |found| Sight::Binned(Box::new(found))));
        };
        let mut beside = Vec::new();
        for touch in self.schema.objects.keys().copied().filter(|kind| kind.is_touch() && !op.object.is_touch()) {
            let links = self.crm.links(op.object, &read.ids, touch).await?.into_values().flatten();
            beside.extend(links.filter(|link| !ours.iter().any(|own| own.to == link.to && own.id == link.id)));
        }
        Ok(Sight::Made { found: Box::new(found), beside })
    }

    async fn created(&self, op: &Op, links: &[Link]) -> Result<Sight, CrmError> {
        if planted(Bug::CreateWithoutLook) {
            return Ok(Sight::ByOpId(None));
        }
        if let Some(property) = self.property(op.object, Field::OpId) {
            let found = self.crm.find(op.object, property, op.id.as_str(), &[property.to_owned()]).await?;
            return Ok(Sight::ByOpId(found.map(|record| record.id)));
        }
        let Some((body, link)) = self.text_of(op.object, links) else { return Ok(Sight::Unfindable) };
        if op.attempt == 0 {
            return Ok(Sight::ByText(None));
        }
        let beside = self.crm.links(link.to, std::slice::from_ref(&link.id), op.object).await?;
        let ids: Vec<String> = beside.into_values().flatten().map(|touch| touch.id).take(MOST_TOUCHES).collect();
        let footer = footer(&op.id);
        for chunk in ids.chunks(self.crm.read_limit(false).max(1)) {
            let read = Read {
                kind: op.object,
                ids: chunk.to_vec(),
                properties: vec![body.to_owned()],
                history: Vec::new(),
                dated: false,
            };
            let found = self
                .crm
                .read(&read)
                .await?
                .into_iter()
                .find(|found| found.record.properties.get(body).is_some_and(|text| text.contains(&footer)));
            if let Some(found) = found {
                return Ok(Sight::ByText(Some(found.record.id)));
            }
        }
        Ok(Sight::ByText(None))
    }
}
