//! Typed identifiers. An id is the CRM's own (or, before a record exists there, `local:<uuid>`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    )*};
}

ids! {
    /// One deal (HubSpot deal, Salesforce opportunity).
    DealId,
    /// The end customer organisation.
    AccountId,
    /// A company that is marked as a partner.
    PartnerId,
    /// A partner's claim.
    RegistrationId,
    /// A person at an account or a partner.
    ContactId,
    /// A CRM user who can own records.
    OwnerId,
    /// One operation of the outbox (UUID v7).
    OpId,
    /// One act of a person, with all the operations that carry it out.
    DecisionId,
    /// One run of the partner review.
    ReviewId,
    /// One item of a review's agenda.
    ReviewItemId,
    /// One workspace on this computer: the name of its folder.
    WorkspaceId,
    /// One running job of this process.
    JobId,
    /// One import that is looked at before it is saved.
    ImportId,
}

/// Marks ids that exist only here so far; replaced by the CRM's id when the create has landed.
pub const LOCAL_PREFIX: &str = "local:";

/// Whether `id` names a record that the CRM has not confirmed yet.
#[must_use]
pub fn is_local(id: &str) -> bool {
    id.starts_with(LOCAL_PREFIX)
}
