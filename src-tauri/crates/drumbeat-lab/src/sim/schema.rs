//! The small account that every simulation runs on: five kinds of records, each property named after
//! the field that it holds, one pipeline, and the two properties by which Drumbeat's writes are known.

use std::collections::BTreeMap;

use drumbeat_model::crm::{Holds, ObjectKind, ObjectSchema, Outcome, Owner, Pipeline, PropertySchema, Schema, Stage};
use drumbeat_model::field::Field;
use drumbeat_model::ids::OwnerId;
use drumbeat_model::mapping::{Mapping, PipelineMapping, StageMapping};

use super::rules::Rules;

/// The property that carries the op's mark.
pub const LAST_OP: &str = "last_op";
/// The unique property by which a created record is found again.
pub const OP_ID: &str = "op_id";
/// The account that the workspace belongs to.
pub const ACCOUNT: &str = "4711";
/// Another account, which the same person may be signed in to.
pub const OTHER_ACCOUNT: &str = "4712";
/// Stages of the one pipeline.
pub const STAGES: &[(&str, Outcome)] = &[
    ("qualify", Outcome::Open),
    ("propose", Outcome::Open),
    ("negotiate", Outcome::Open),
    ("won", Outcome::Won),
    ("lost", Outcome::Lost),
];

const FIELDS: &[(ObjectKind, &[Field])] = &[
    (
        ObjectKind::Company,
        &[
            Field::Name,
            Field::Domain,
            Field::Country,
            Field::Owner,
            Field::IsPartner,
            Field::PartnerType,
            Field::PartnerTier,
            Field::PartnerStatus,
            Field::PartnerMotions,
        ],
    ),
    (
        ObjectKind::Registration,
        &[
            Field::Name,
            Field::CompanyName,
            Field::Domain,
            Field::Country,
            Field::ContactName,
            Field::ContactEmail,
            Field::Problem,
            Field::Products,
            Field::Amount,
            Field::Currency,
            Field::CloseDate,
            Field::Consent,
            Field::Status,
            Field::Partner,
            Field::Motion,
            Field::SubmittedAt,
            Field::SubmittedBy,
            Field::DecidedAt,
            Field::DecidedBy,
            Field::DecisionReason,
            Field::DeclineReason,
            Field::InfoRequest,
            Field::ProtectionStart,
            Field::ProtectionEnd,
            Field::Deal,
            Field::ClaimedBy,
        ],
    ),
    (
        ObjectKind::Deal,
        &[
            Field::Name,
            Field::Amount,
            Field::Currency,
            Field::Pipeline,
            Field::Stage,
            Field::CloseDate,
            Field::Owner,
            Field::NextStep,
            Field::NextStepDue,
            Field::Motion,
            Field::Partner,
            Field::PartnerType,
            Field::Attribution,
            Field::AttributionPct,
            Field::ContactRoles,
            Field::RegistrationId,
            Field::ProtectionStart,
            Field::ProtectionEnd,
            Field::DealKind,
            Field::StageEnteredAt,
            Field::StageNotes,
            Field::StageNotesAt,
        ],
    ),
    (ObjectKind::Task, &[Field::Title, Field::Body, Field::DueAt, Field::Status, Field::Owner]),
    (ObjectKind::Note, &[Field::Body, Field::At, Field::Owner]),
];

fn holds(field: Field) -> Holds {
    match field {
        Field::Amount | Field::AttributionPct => Holds::Number,
        Field::CloseDate | Field::NextStepDue | Field::ProtectionStart | Field::ProtectionEnd => Holds::Day,
        Field::SubmittedAt
        | Field::DecidedAt
        | Field::StageEnteredAt
        | Field::StageNotesAt
        | Field::DueAt
        | Field::At => Holds::Instant,
        Field::Consent | Field::IsPartner => Holds::Truth,
        Field::ContactRoles | Field::PartnerMotions => Holds::Choices,
        _ => Holds::Text,
    }
}

/// The schema as the CRM tells it; `marked` accounts have the properties for marks and op ids.
#[must_use]
pub fn schema(rules: Rules, account: &str, marked: bool, can_write: bool) -> Schema {
    let property = |name: &str, holds: Holds, unique: bool| PropertySchema {
        name: name.to_owned(),
        label: name.to_owned(),
        holds,
        options: Vec::new(),
        read_only: false,
        calculated: false,
        unique,
        required: false,
    };
    let objects = FIELDS
        .iter()
        .map(|(kind, fields)| {
            let mut properties: Vec<PropertySchema> =
                fields.iter().map(|field| property(field.name(), holds(*field), false)).collect();
            if marked {
                properties.push(property(LAST_OP, Holds::Text, false));
                // Notes without a place for it are found by their text.
                if *kind != ObjectKind::Note || rules.notes_have_ids {
                    properties.push(property(OP_ID, Holds::Text, true));
                }
            }
            let object = ObjectSchema {
                type_name: kind.name().to_owned(),
                label: kind.name().to_owned(),
                properties,
                conversion: None,
            };
            (*kind, object)
        })
        .collect();
    Schema {
        vendor: rules.vendor,
        account_id: account.to_owned(),
        account_name: "Simulated".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        me: Some("1".to_owned()),
        can_write,
        objects,
        could: BTreeMap::new(),
        pipelines: vec![Pipeline {
            id: "main".to_owned(),
            label: "Main".to_owned(),
            stages: STAGES
                .iter()
                .map(|(id, outcome)| Stage {
                    id: (*id).to_owned(),
                    label: (*id).to_owned(),
                    outcome: *outcome,
                    probability: 50,
                })
                .collect(),
        }],
        owners: ["Ines", "Otto"]
            .iter()
            .enumerate()
            .map(|(at, name)| Owner {
                id: (at + 1).to_string(),
                name: (*name).to_owned(),
                email: format!("{}@example.com", name.to_lowercase()),
            })
            .collect(),
    }
}

/// The mapping of that account.
#[must_use]
pub fn mapping(rules: Rules, marked: bool) -> Mapping {
    let fields = FIELDS
        .iter()
        .map(|(kind, fields)| {
            let mut map: BTreeMap<Field, String> =
                fields.iter().map(|field| (*field, field.name().to_owned())).collect();
            if marked {
                map.insert(Field::LastOp, LAST_OP.to_owned());
                if *kind != ObjectKind::Note || rules.notes_have_ids {
                    map.insert(Field::OpId, OP_ID.to_owned());
                }
            }
            (*kind, map)
        })
        .collect();
    Mapping {
        fields,
        pipelines: vec![PipelineMapping {
            id: "main".to_owned(),
            label: "Main".to_owned(),
            counts: true,
            motion: None,
            stages: STAGES
                .iter()
                .zip(1..)
                .map(|((id, outcome), position)| StageMapping {
                    id: (*id).to_owned(),
                    label: (*id).to_owned(),
                    position,
                    outcome: *outcome,
                    probability: 50,
                })
                .collect(),
        }],
        me: Some(OwnerId("1".to_owned())),
        go_live: None,
        ..Mapping::default()
    }
}
