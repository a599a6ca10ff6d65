//! What an audience may see (V-01). A field is internal until the policy lists it: an unknown, new or
//! forgotten field is never shown to a partner.

use drumbeat_model::field::Field;
use drumbeat_model::partner::PartnerType;

use crate::policy::Policy;

/// For whom something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// A partner: the safelist of its type, or of all where its type has none, alone.
    Partner(Option<PartnerType>),
    /// The vendor's own people: everything.
    Internal,
}

/// Whether an audience may see a field.
#[must_use]
pub fn visible(field: Field, audience: Audience, policy: &Policy) -> bool {
    match audience {
        Audience::Internal => true,
        Audience::Partner(kind) => policy.seen_by(kind).contains(&field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partner_sees_what_is_listed_and_nothing_else() {
        let mut policy = Policy::built_in();
        for (field, seen) in [
            (Field::Stage, true),
            (Field::NextStep, true),
            (Field::ProtectionEnd, true),
            // A QBR pack is about the partner's own deals and what they are worth.
            (Field::Amount, true),
            (Field::StageNotes, false),
            (Field::Competitors, false),
            (Field::DiscountBand, false),
            (Field::ConflictStatus, false),
            (Field::Incumbent, false),
            (Field::DecisionReason, false),
            (Field::Owner, false),
            (Field::PartnerSince, false),
        ] {
            assert_eq!(visible(field, Audience::Partner(None), &policy), seen, "{}", field.name());
            assert!(visible(field, Audience::Internal, &policy));
        }
        policy.safelist.partner.clear();
        policy.safelist.by_type.insert(PartnerType::Referral, vec![Field::Stage]);
        assert!(Field::ALL.iter().all(|field| !visible(*field, Audience::Partner(None), &policy)));
        let seen =
            |kind| Field::ALL.iter().filter(|field| visible(**field, Audience::Partner(Some(kind)), &policy)).count();
        assert_eq!(
            (seen(PartnerType::Referral), seen(PartnerType::Reseller)),
            (1, 0),
            "a type of its own sees its own list"
        );
    }
}
