//! Detecting: the customer's own names, other people's names, and names that only look alike.

use drumbeat_model::crm::{Outcome, Pipeline, Stage, Vendor};
use drumbeat_model::deal::Motion;

use super::*;

fn property(name: &str, label: &str, holds: Holds) -> PropertySchema {
    PropertySchema {
        name: name.into(),
        label: label.into(),
        holds,
        options: Vec::new(),
        read_only: false,
        calculated: false,
        unique: false,
        required: false,
    }
}

fn schema(vendor: Vendor, objects: Vec<(ObjectKind, Vec<PropertySchema>)>) -> Schema {
    let object = |(kind, properties): (ObjectKind, Vec<PropertySchema>)| {
        (kind, ObjectSchema { type_name: kind.name().into(), label: kind.name().into(), properties, conversion: None })
    };
    Schema {
        vendor,
        account_id: "4242".into(),
        account_name: "Test".into(),
        currency: "EUR".into(),
        time_zone: "UTC".into(),
        me: Some("12".into()),
        can_write: true,
        objects: objects.into_iter().map(object).collect(),
        could: std::collections::BTreeMap::new(),
        pipelines: Vec::new(),
        owners: Vec::new(),
    }
}

#[test]
fn an_account_with_all_the_known_names_is_mapped_whole() {
    for vendor in [Vendor::Hubspot, Vendor::Salesforce] {
        let all = ObjectKind::ALL.iter().map(|kind| {
            let rows = names::rows(vendor, *kind);
            (*kind, rows.iter().map(|(_, holds, exact)| property(exact[0], "?", *holds)).collect())
        });
        let detected = detect(&schema(vendor, all.collect()));
        assert_eq!(detected.unmapped, [], "{vendor:?}");
        for kind in ObjectKind::ALL {
            for (field, _, exact) in names::rows(vendor, *kind) {
                assert_eq!(detected.mapping.property(*kind, *field), Some(exact[0]), "{kind:?} {field:?}");
            }
        }
        assert_eq!(detected.mapping.me, Some(OwnerId("12".into())));
    }
}

#[test]
fn a_property_serves_one_field_and_no_table_names_one_twice() {
    for vendor in [Vendor::Hubspot, Vendor::Salesforce] {
        for kind in ObjectKind::ALL {
            let rows = names::rows(vendor, *kind);
            let mut first: Vec<&str> = rows.iter().map(|(.., exact)| exact[0]).collect();
            let mut fields: Vec<_> = rows.iter().map(|(field, ..)| *field).collect();
            first.sort_unstable();
            fields.sort_unstable();
            let (names, known) = (first.len(), fields.len());
            first.dedup();
            fields.dedup();
            assert_eq!((first.len(), fields.len()), (names, known), "{vendor:?} {kind:?}");
        }
    }
}

#[test]
fn names_and_labels_that_people_choose_are_understood() {
    use Holds::{Choice, Choices, Day, Number, Text, Truth};
    // Kind, name, label, form, the field that it is found for.
    let cases = [
        (ObjectKind::Deal, "acme_route", "Route to market", Choice, Some(Field::Motion)),
        (ObjectKind::Deal, "Partner-Motion", "x", Choice, Some(Field::Motion)),
        (ObjectKind::Deal, "partner_account", "Partner of record", Text, Some(Field::Partner)),
        (ObjectKind::Deal, "x1", "Protected until", Day, Some(Field::ProtectionEnd)),
        (ObjectKind::Deal, "x1", "Protected until", Text, None),
        (ObjectKind::Deal, "x2", "Partner share", Number, Some(Field::AttributionPct)),
        (ObjectKind::Deal, "x2", "Partner share", Choice, None),
        (ObjectKind::Deal, "last_op", "Op marker", Text, None),
        (ObjectKind::Deal, "colour", "Colour", Text, None),
        (ObjectKind::Company, "partner", "Partner", Truth, Some(Field::IsPartner)),
        (ObjectKind::Company, "partner", "Partner", Number, None),
        (ObjectKind::Company, "p_level", "Partner level", Choice, Some(Field::PartnerTier)),
        (ObjectKind::Company, "routes", "Partner routes", Choices, Some(Field::PartnerMotions)),
        (ObjectKind::Registration, "reg_state", "Registration state", Choice, Some(Field::Status)),
        (ObjectKind::Registration, "customer", "End customer", Text, Some(Field::CompanyName)),
        (ObjectKind::Registration, "denial", "Rejection reason", Choice, Some(Field::DeclineReason)),
        (ObjectKind::Certification, "valid", "Valid until", Day, Some(Field::ExpiresAt)),
    ];
    for (kind, name, label, holds, expected) in cases {
        let detected = detect(&schema(Vendor::Hubspot, vec![(kind, vec![property(name, label, holds)])]));
        assert_eq!(detected.mapping.field(kind, name), expected, "{kind:?} {name} {label} {holds:?}");
    }
}

#[test]
fn an_exact_name_wins_over_a_label_and_a_writable_property_over_a_computed_one() {
    let mut computed = property("partner_tier_rollup", "Partner level", Holds::Choice);
    computed.read_only = true;
    let properties = vec![
        property("zzz", "Partner type", Holds::Choice),
        property("partner_type", "Old label", Holds::Choice),
        computed,
        property("tier_of_partner", "Partner level", Holds::Choice),
    ];
    let detected = detect(&schema(Vendor::Hubspot, vec![(ObjectKind::Company, properties)]));
    assert_eq!(detected.mapping.property(ObjectKind::Company, Field::PartnerType), Some("partner_type"));
    assert_eq!(detected.mapping.property(ObjectKind::Company, Field::PartnerTier), Some("tier_of_partner"));
}

#[test]
fn an_exact_name_of_the_wrong_form_is_left_to_the_admin() {
    let detected = detect(&schema(
        Vendor::Hubspot,
        vec![(
            ObjectKind::Deal,
            vec![property("amount", "Amount", Holds::Truth), property("closedate", "Close date", Holds::Day)],
        )],
    ));
    assert_eq!(detected.mapping.property(ObjectKind::Deal, Field::Amount), None);
    assert!(detected.unmapped.contains(&(ObjectKind::Deal, Field::Amount)));
    assert_eq!(detected.mapping.property(ObjectKind::Deal, Field::CloseDate), Some("closedate"));
}

#[test]
fn a_pipelines_name_says_whether_it_counts_and_whose_it_is() {
    for (label, counts, motion) in [
        ("Sales", true, None),
        ("Sales Pipeline", true, None),
        ("Partner deals - Reseller", true, Some(Motion::Reseller)),
        ("Referrals", true, Some(Motion::Referral)),
        ("AWS Marketplace", true, Some(Motion::Marketplace)),
        ("SI / Implementation", true, Some(Motion::Services)),
        ("ISV & Technology alliances", true, Some(Motion::Tech)),
        ("Reseller and referral", true, None),
        ("Renewals", false, None),
        ("Test pipeline", false, None),
        ("Latest deals", true, None),
        ("Support tickets", false, None),
        ("Services renewal", false, Some(Motion::Services)),
    ] {
        let mapped = pipelines::meaning(&Pipeline { id: "1".into(), label: label.into(), stages: Vec::new() });
        assert_eq!((mapped.counts, mapped.motion), (counts, motion), "{label}");
    }
}

#[test]
fn open_stages_spread_over_five_positions_and_closed_ones_are_last() {
    let stage = |n: usize, outcome| Stage { id: n.to_string(), label: n.to_string(), outcome, probability: 0 };
    for (open, expected) in [
        (1, vec![1]),
        (2, vec![1, 5]),
        (3, vec![1, 3, 5]),
        (4, vec![1, 2, 4, 5]),
        (5, vec![1, 2, 3, 4, 5]),
        (7, vec![1, 2, 2, 3, 4, 4, 5]),
    ] {
        let mut stages: Vec<Stage> = (0..open).map(|n| stage(n, Outcome::Open)).collect();
        stages.extend([stage(90, Outcome::Won), stage(91, Outcome::Lost)]);
        let mapped = pipelines::meaning(&Pipeline { id: "1".into(), label: "Sales".into(), stages });
        let positions: Vec<u32> = mapped.stages.iter().map(|stage| stage.position).collect();
        assert_eq!(positions[..open].to_vec(), expected, "{open} open stages");
        assert_eq!(positions[open..], [5, 5]);
    }
}

#[test]
fn the_plan_names_every_marker_and_every_missing_field_once() {
    let objects = [ObjectKind::Company, ObjectKind::Deal, ObjectKind::Registration, ObjectKind::Task, ObjectKind::Note];
    let empty = schema(Vendor::Hubspot, objects.iter().map(|kind| (*kind, Vec::new())).collect());
    let plan = provision_plan(&empty, &detect(&empty).mapping);
    let mut names: Vec<_> = plan.iter().map(|item| (item.object, item.property.as_str())).collect();
    assert!(plan.iter().all(|item| !item.present));
    for kind in objects {
        assert!(names.contains(&(kind, "drumbeat_last_op")), "{kind:?}");
        assert_eq!(names.contains(&(kind, "drumbeat_op_id")), kind != ObjectKind::Company, "{kind:?}");
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    // Each has a form that a CRM can be told, lists with their values.
    for item in &plan {
        let (holds, options) = shape(item.object, &item.property);
        assert_eq!(
            matches!(holds, Holds::Choice | Holds::Choices | Holds::Truth),
            !options.is_empty(),
            "{}",
            item.property
        );
    }
    assert_eq!(shape(ObjectKind::Registration, "registration_status").1.len(), 8);
    assert_eq!(shape(ObjectKind::Deal, "anything").0, Holds::Text);
}

#[test]
fn a_field_under_the_customers_own_name_is_present_and_not_doubled() {
    let own = schema(
        Vendor::Hubspot,
        vec![(
            ObjectKind::Deal,
            vec![
                property("acme_route", "Route to market", Holds::Choice),
                property("drumbeat_op_id", "Op", Holds::Text),
            ],
        )],
    );
    let plan = provision_plan(&own, &detect(&own).mapping);
    let present: Vec<_> = plan.iter().filter(|item| item.present).map(|item| item.property.as_str()).collect();
    assert_eq!(present, ["acme_route"], "an op id that may come twice does not count as present");
    assert!(plan.iter().all(|item| item.property != "partner_motion"));
}
