//! What Drumbeat would add to an account, one line each with its reason, before anything is added.
//!
//! The markers are what makes a write provable; the partner fields are the program itself. Fields that
//! are mapped to a property of the customer's own are shown as present under that name, never doubled.

use std::collections::BTreeMap;

use drumbeat_model::crm::{Holds, ObjectKind, ObjectSchema, PropertySchema, ProvisionItem, Schema, Vendor};
use drumbeat_model::deal::{Attribution, ConflictStatus, DealKind, Motion};
use drumbeat_model::field::Field;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::partner::{PartnerStatus, PartnerType, Tier};
use drumbeat_model::registration::{DeclineReason, RegistrationKind, RegistrationStatus};

use super::names;

/// The mark of a Salesforce Task that is a note.
pub const NOTE_MARK: &str = "Drumbeat_Note__c";
/// The record type of Salesforce Leads that are deal registrations.
pub const REGISTRATION_TYPE: &str = "Deal_Registration";

/// Which kinds carry a marker, and why.
const MARKERS: &[(Field, &[ObjectKind], &str)] = &[
    (
        Field::LastOp,
        &[ObjectKind::Company, ObjectKind::Deal, ObjectKind::Registration, ObjectKind::Task, ObjectKind::Note],
        "Says which change wrote last, so that a lost answer can be settled by reading.",
    ),
    (
        Field::OpId,
        &[ObjectKind::Deal, ObjectKind::Registration, ObjectKind::Task, ObjectKind::Note],
        "Lets a new record be found again, so that it is never made twice. Its values are unique.",
    ),
    (
        Field::ClaimedBy,
        &[ObjectKind::Registration],
        "Says who is deciding, so that two people do not decide the same registration.",
    ),
    (
        Field::Dossier,
        &[ObjectKind::Deal, ObjectKind::Registration],
        "Keeps appeals, extensions, meetings and shares of several partners, for which the account has no fields.",
    ),
];

const WHY_PARTNER: &str = "Says which companies are partners and on what terms.";
const WHY_DEAL: &str = "Part of what the program asks of every partner deal.";
const WHY_REGISTRATION: &str = "Part of a registration: what was claimed, and what was decided.";

/// The fields of the program that an account may lack, by kind.
const PROGRAM: &[(ObjectKind, &str, &[Field])] = &[
    (
        ObjectKind::Company,
        WHY_PARTNER,
        &[
            Field::IsPartner,
            Field::PartnerType,
            Field::PartnerTier,
            Field::PartnerStatus,
            Field::PartnerMotions,
            Field::PartnerTerritories,
            Field::PartnerSince,
            Field::Incumbent,
            Field::RenewalDate,
            Field::Blocked,
        ],
    ),
    (
        ObjectKind::Deal,
        WHY_DEAL,
        &[
            Field::Motion,
            Field::PartnerType,
            Field::Partner,
            Field::Attribution,
            Field::AttributionPct,
            Field::RegistrationId,
            Field::ProtectionStart,
            Field::ProtectionEnd,
            Field::PriceProtected,
            Field::DiscountBand,
            Field::DealKind,
            Field::Incumbent,
            Field::ContactRoles,
            Field::ConflictStatus,
            Field::ConflictNotes,
            Field::LastActivityAt,
            Field::StageNotes,
            Field::StageNotesAt,
            Field::NextStep,
            Field::NextStepOwner,
            Field::NextStepDue,
        ],
    ),
    (
        ObjectKind::Registration,
        WHY_REGISTRATION,
        &[
            Field::Name,
            Field::RegistrationKind,
            Field::Status,
            Field::Partner,
            Field::CompanyName,
            Field::Domain,
            Field::Country,
            Field::City,
            Field::ContactName,
            Field::ContactEmail,
            Field::ContactPhone,
            Field::Problem,
            Field::StageGuess,
            Field::Consent,
            Field::Amount,
            Field::Currency,
            Field::CloseDate,
            Field::Products,
            Field::ProofOfWork,
            Field::Competitors,
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
            Field::Account,
            Field::Deal,
        ],
    ),
];

/// Everything that Drumbeat needs in the account, present or to be added.
#[must_use]
pub fn provision_plan(schema: &Schema, mapping: &Mapping) -> Vec<ProvisionItem> {
    let markers = MARKERS.iter().flat_map(|(field, kinds, why)| kinds.iter().map(move |kind| (*kind, *field, *why)));
    let program = PROGRAM.iter().flat_map(|(kind, why, fields)| fields.iter().map(move |field| (*kind, *field, *why)));
    let fields = markers.chain(program).filter_map(|(kind, field, why)| item(schema, mapping, kind, field, why));
    fields.chain(salesforce(schema)).collect()
}

/// What tells the kinds of one object apart in Salesforce, which is no field of the program.
fn salesforce(schema: &Schema) -> impl Iterator<Item = ProvisionItem> {
    let of = |object: ObjectKind, name: &str, property: &str, label: &str, why: &str, present| ProvisionItem {
        object,
        object_name: name.to_owned(),
        property: property.to_owned(),
        label: label.to_owned(),
        why: why.to_owned(),
        unique: false,
        present,
    };
    let tasks = schema.objects.get(&ObjectKind::Task).filter(|_| schema.vendor == Vendor::Salesforce);
    let note = tasks.map(|tasks| {
        let present = tasks.properties.iter().any(|known| known.name == NOTE_MARK);
        let why = "Tells a note from any other task that is done: the vendor's own notes cannot be asked for.";
        of(ObjectKind::Note, &tasks.type_name, NOTE_MARK, "Drumbeat note", why, present)
    });
    let record_type = schema.could.get(&ObjectKind::Registration).map(|object| {
        let why = "The record type that tells which leads are registrations.";
        of(ObjectKind::Registration, &object.type_name, REGISTRATION_TYPE, "Deal Registration", why, false)
    });
    note.into_iter().chain(record_type)
}

/// The fields of a kind that an object's own fields could hold already (`Schema::could`).
#[must_use]
pub fn serving(schema: &Schema, kind: ObjectKind) -> BTreeMap<Field, String> {
    let Some(object) = schema.could.get(&kind) else { return BTreeMap::new() };
    let found = |(field, _, exact): &names::Row| {
        let name = exact.iter().find(|name| serves(object, kind, *field, name))?;
        Some((*field, (*name).to_owned()))
    };
    names::rows(schema.vendor, kind).iter().filter_map(found).collect()
}

/// Whether an object has a field of this name that can be written and knows our values.
fn serves(object: &ObjectSchema, kind: ObjectKind, field: Field, name: &str) -> bool {
    let wanted = options(kind, field);
    let knows = |known: &PropertySchema| {
        !known.read_only && wanted.iter().all(|(value, _)| known.options.iter().any(|(option, _)| option == value))
    };
    object.properties.iter().any(|known| known.name == name && knows(known))
}

fn item(schema: &Schema, mapping: &Mapping, kind: ObjectKind, field: Field, why: &str) -> Option<ProvisionItem> {
    let object = schema.objects.get(&kind).or_else(|| schema.could.get(&kind))?;
    let (.., exact) = names::rows(schema.vendor, kind).iter().find(|(known, ..)| *known == field)?;
    // What is not read yet has no mapping.
    let unread = !schema.objects.contains_key(&kind);
    let known = exact.iter().find(|name| unread && serves(object, kind, field, name));
    let added = names::added(exact).filter(|name| schema.vendor == Vendor::Hubspot || name.ends_with("__c"));
    let property = mapping.property(kind, field).or(known.copied()).or(added)?;
    let there = object.properties.iter().find(|known| known.name == property);
    let unique = field == Field::OpId;
    let label = match field {
        Field::LastOp => "Drumbeat op marker",
        Field::OpId => "Drumbeat op id",
        Field::ClaimedBy => "Drumbeat claimed by",
        Field::Dossier => "Drumbeat record",
        _ => field.label(),
    };
    Some(ProvisionItem {
        object: kind,
        object_name: object.type_name.clone(),
        property: property.to_owned(),
        label: there.map_or(label, |known| known.label.as_str()).to_owned(),
        why: why.to_owned(),
        unique,
        // An op id that may come twice is no op id.
        present: there.is_some_and(|known| known.unique || !unique),
    })
}

/// What a property that Drumbeat adds holds, and its values with their labels.
#[must_use]
pub fn shape(kind: ObjectKind, property: &str) -> (Holds, Vec<(String, String)>) {
    if property == NOTE_MARK {
        return (Holds::Truth, Vec::new());
    }
    let rows = [Vendor::Hubspot, Vendor::Salesforce].into_iter().flat_map(|vendor| names::rows(vendor, kind));
    let Some((field, holds, _)) = rows.into_iter().find(|(.., exact)| names::added(exact) == Some(property)) else {
        return (Holds::Text, Vec::new());
    };
    let options = options(kind, *field);
    match holds {
        Holds::Truth => {
            (Holds::Truth, vec![("true".to_owned(), "Yes".to_owned()), ("false".to_owned(), "No".to_owned())])
        }
        // A list that the program does not fix is text.
        Holds::Choice | Holds::Choices if options.is_empty() => (Holds::Text, options),
        Holds::Text | Holds::Number | Holds::Day | Holds::Instant => (*holds, Vec::new()),
        Holds::Choice | Holds::Choices => (*holds, options),
    }
}

fn options(kind: ObjectKind, field: Field) -> Vec<(String, String)> {
    macro_rules! of {
        ($words:ty) => {
            <$words>::ALL.iter().map(|word| (word.name().to_owned(), word.label().to_owned())).collect()
        };
    }
    match (kind, field) {
        (_, Field::Motion | Field::PartnerMotions) => of!(Motion),
        (_, Field::PartnerType) => of!(PartnerType),
        (_, Field::PartnerTier) => of!(Tier),
        (_, Field::PartnerStatus) => of!(PartnerStatus),
        (_, Field::Attribution) => of!(Attribution),
        (_, Field::DealKind) => of!(DealKind),
        (_, Field::ConflictStatus) => of!(ConflictStatus),
        (ObjectKind::Registration, Field::RegistrationKind) => of!(RegistrationKind),
        (ObjectKind::Registration, Field::Status) => of!(RegistrationStatus),
        (_, Field::DeclineReason) => of!(DeclineReason),
        _ => Vec::new(),
    }
}
