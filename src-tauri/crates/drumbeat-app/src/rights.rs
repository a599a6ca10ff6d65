//! What Drumbeat's user may see in the CRM and not write: said when an account is connected and in the status, and refused
//! before a decision that needs it is queued, because the decision's other parts would land without it.
//!
//! What the CRM sets itself is no matter of rights: there its own value stands, whatever was decided.

use std::collections::{BTreeMap, BTreeSet};

use drumbeat_model::crm::{ObjectKind, PropertySchema, Schema, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::mapping::Mapping;

use crate::connect;
use crate::error::{Answer, ApiError, Code};
use crate::words::noun;
use crate::workspace::Workspace;

/// Fields that a decision would write and this user may not.
pub(crate) type Barred = BTreeSet<(ObjectKind, Field)>;

/// Fields of one kind that are named before the rest is counted.
const NAMED: usize = 6;

/// Whether this user may not write a field that others may. Moments that the CRM may note as well can be left to it.
pub(crate) fn bars(known: &PropertySchema, field: Field) -> bool {
    let is_noted = matches!(
        field,
        Field::StageNotesAt | Field::StageEnteredAt | Field::LastActivityAt | Field::CreatedAt | Field::SubmittedAt
    );
    known.read_only && !known.calculated && !is_noted
}

/// Every mapped field of those that decisions write which this user may not write.
fn barred(schema: &Schema, mapping: &Mapping) -> Barred {
    let of = |kind: ObjectKind, field: Field| {
        let property = mapping.property(kind, field)?;
        let known = schema.objects.get(&kind)?.properties.iter().find(|known| known.name == property)?;
        bars(known, field).then_some((kind, field))
    };
    let reviewed = connect::wanted().iter().filter(|(kind, _)| *kind != ObjectKind::Certification);
    reviewed.flat_map(|(kind, fields)| fields.iter().filter_map(move |field| of(*kind, *field))).collect()
}

/// The fields by kind: "Deal: Stage, Amount; Registration: Status".
fn named(barred: &Barred) -> String {
    let mut kinds: BTreeMap<ObjectKind, Vec<&str>> = BTreeMap::new();
    for (kind, field) in barred {
        kinds.entry(*kind).or_default().push(field.label());
    }
    let one = |(kind, labels): (&ObjectKind, &Vec<&str>)| {
        let more = labels.len().saturating_sub(NAMED);
        let shown: Vec<&str> = labels.iter().take(NAMED).copied().collect();
        let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
        format!("{}: {}{rest}", noun(*kind), shown.join(", "))
    };
    kinds.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What this user may not write of what decisions write, in a sentence; nothing where the token may only read, which is
/// said of its own.
#[must_use]
pub fn sentence(schema: &Schema, mapping: &Mapping) -> Option<String> {
    let barred = barred(schema, mapping);
    (schema.can_write && !barred.is_empty()).then(|| {
        let crm = schema.vendor.label();
        format!("{crm} does not let this user write {}: what needs that cannot be decided here", named(&barred))
    })
}

/// The same of a workspace, as its account was read last.
///
/// # Errors
/// What the store says.
pub fn of(ws: &Workspace) -> Answer<Option<String>> {
    ws.read(|r| {
        let setup = ws.setup(r)?;
        Ok(setup.schema.as_deref().and_then(|schema| sentence(schema, &setup.mapping)))
    })
}

/// Refuses a decision that would write what this user may not.
///
/// # Errors
/// When there is such a field; nothing is saved then.
pub(crate) fn refuse(ws: &Workspace, barred: &Barred) -> Answer<()> {
    if barred.is_empty() {
        return Ok(());
    }
    let crm = ws.card.vendor.label();
    let right = match ws.card.vendor {
        Vendor::Salesforce => "the right to edit them (the objects and field-level security of a permission set)",
        Vendor::Hubspot => "the right to edit them (the properties' own settings)",
    };
    Err(ApiError::new(
        Code::NeedsAttention,
        "crm.rights",
        format!("{crm} does not let this user write {}", named(barred)),
    )
    .kept("Nothing was decided, and nothing waits to be sent")
    .next(format!(
        "Let {crm}'s admin give Drumbeat's user {right}, sync and decide again; or map other fields in Settings"
    )))
}
