//! What an audience may see (V-01). A field is internal until the policy lists it: an unknown, new or
//! forgotten field is never shown to a partner.

use drumbeat_model::field::Field;

use crate::policy::Policy;

/// For whom something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// A partner: the safelist alone.
    Partner,
    /// The vendor's own people: everything.
    Internal,
}

/// Whether an audience may see a field.
#[must_use]
pub fn visible(field: Field, audience: Audience, policy: &Policy) -> bool {
    match audience {
        Audience::Internal => true,
        Audience::Partner => policy.safelist.partner.contains(&field),
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
            assert_eq!(visible(field, Audience::Partner, &policy), seen, "{}", field.name());
            assert!(visible(field, Audience::Internal, &policy));
        }
        policy.safelist.partner.clear();
        assert!(Field::ALL.iter().all(|field| !visible(*field, Audience::Partner, &policy)));
    }
}
