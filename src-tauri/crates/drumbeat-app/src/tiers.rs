//! Which of the policy's tiers a value in the CRM means (T-02): by the program's own name, by the name that the policy
//! gives the tier, or by the label of the CRM's option, whatever the case.
//!
//! What is found stands in the mapping, where every reader of a company sees it; it is found anew when the schema, the
//! mapping or the policy changes. What means no tier is said by the doctor and counts as no tier.

use std::collections::BTreeMap;

use drumbeat_model::crm::{ObjectKind, Schema};
use drumbeat_model::field::Field as F;
use drumbeat_model::mapping::Mapping;
use drumbeat_model::partner::Tier;
use drumbeat_rules::Policy;
use drumbeat_store::{Reader, Result};

/// Real values that are looked at.
const SAMPLES: usize = 30;

/// The options of the property that holds the tier, each with its label.
fn options<'s>(schema: Option<&'s Schema>, mapping: &Mapping) -> &'s [(String, String)] {
    let found = || {
        let object = schema?.objects.get(&ObjectKind::Company)?;
        let name = mapping.property(ObjectKind::Company, F::PartnerTier)?;
        object.properties.iter().find(|property| property.name == name)
    };
    found().map_or(&[], |property| property.options.as_slice())
}

/// The tier of each value that the program's own names do not say, lower case.
pub(crate) fn known(schema: Option<&Schema>, mapping: &Mapping, policy: &Policy) -> BTreeMap<String, Tier> {
    let mut all: BTreeMap<String, Tier> =
        Tier::ALL.iter().map(|tier| (policy.tier(*tier).name.trim().to_lowercase(), *tier)).collect();
    let means = |all: &BTreeMap<String, Tier>, text: &str| {
        let text = text.trim().to_lowercase();
        all.get(&text).copied().or_else(|| Tier::from_name(&text))
    };
    for (value, label) in options(schema, mapping) {
        if let Some(tier) = means(&all, value).or_else(|| means(&all, label)) {
            all.insert(value.trim().to_lowercase(), tier);
        }
    }
    all.retain(|text, tier| !text.is_empty() && Tier::from_name(text) != Some(*tier));
    all
}

/// Values of the CRM that mean none of the policy's tiers: options, and what partners have.
///
/// # Errors
/// What the store says.
pub(crate) fn unknown(r: &Reader<'_>) -> Result<Vec<String>> {
    let (schema, mapping) = (r.schema()?, r.mapping()?);
    let mut all: Vec<String> = options(schema.as_ref(), &mapping)
        .iter()
        .filter(|(value, _)| mapping.tier(value).is_none())
        .map(|(value, label)| if label.is_empty() { value.clone() } else { label.clone() })
        .collect();
    if all.is_empty()
        && let Some(property) = mapping.property(ObjectKind::Company, F::PartnerTier)
    {
        let values = r.sample_values(ObjectKind::Company, property, SAMPLES)?;
        all.extend(values.into_iter().filter(|value| !value.trim().is_empty() && mapping.tier(value).is_none()));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use drumbeat_model::crm::{Holds, ObjectSchema, PropertySchema};

    use super::*;

    #[test]
    fn a_tier_is_known_by_the_policys_name_the_options_label_and_its_own_in_any_case() {
        let mut policy = Policy::built_in();
        policy.tiers.elite.name = "Gold".to_owned();
        let mapping = Mapping {
            fields: [(ObjectKind::Company, [(F::PartnerTier, "level".to_owned())].into())].into(),
            ..Mapping::default()
        };
        let option = |value: &str, label: &str| (value.to_owned(), label.to_owned());
        let property = PropertySchema {
            name: "level".to_owned(),
            label: "Level".to_owned(),
            holds: Holds::Choice,
            options: vec![
                option("l1", "Registered"),
                option("l2", "SELECT"),
                option("l3", "gold"),
                option("l4", "Ruby"),
            ],
            read_only: false,
            calculated: false,
            unique: false,
            required: false,
        };
        let company = ObjectSchema {
            type_name: "companies".into(),
            label: "Company".into(),
            properties: vec![property],
            conversion: None,
        };
        let schema = Schema {
            vendor: drumbeat_model::crm::Vendor::Hubspot,
            account_id: String::new(),
            account_name: String::new(),
            currency: "EUR".to_owned(),
            time_zone: "UTC".to_owned(),
            me: None,
            can_write: true,
            objects: [(ObjectKind::Company, company)].into(),
            could: BTreeMap::new(),
            pipelines: Vec::new(),
            owners: Vec::new(),
        };
        let mapping = Mapping { tiers: known(Some(&schema), &mapping, &policy), ..mapping };
        for (value, tier) in [
            ("l1", Some(Tier::Registered)),
            ("L2", Some(Tier::Select)),
            ("l3", Some(Tier::Elite)),
            (" GOLD ", Some(Tier::Elite)),
            ("Elite", Some(Tier::Elite)),
            ("select", Some(Tier::Select)),
            ("l4", None),
            ("Ruby", None),
            ("", None),
        ] {
            assert_eq!(mapping.tier(value), tier, "{value}");
        }
        assert!(known(None, &Mapping::default(), &Policy::built_in()).is_empty(), "its own names need no table");
    }
}
