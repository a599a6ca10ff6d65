//! The parts of a policy, as they stand in the file; one file here for each subject. What each number means to a
//! rule is said at the rule; here it only has its place. Every struct refuses keys that it does not know.

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty),* }
    )*};
}

/// A closed list of words in the file, with what a person reads.
macro_rules! choices {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $text:literal $label:literal),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// Every word.
            pub const ALL: &[$name] = &[$($name::$variant),*];
            /// The word in the file.
            #[must_use]
            pub fn name(self) -> &'static str { match self { $($name::$variant => $text),* } }
            /// What a person reads.
            #[must_use]
            pub fn label(self) -> &'static str { match self { $($name::$variant => $label),* } }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "enum": [$($text),*], "x-labels": [$($label),*] })
            }
        }
    )*};
}

mod accounts;
mod appeals;
mod attribution;
mod calendar;
mod certification;
mod clocks;
mod conflicts;
mod deals;
mod letters;
mod lifecycle;
mod metrics;
mod motions;
mod notifications;
mod partner;
mod protection;
mod registration;
mod review;
mod routing;
mod stance;
mod tiers;

pub use accounts::*;
pub use appeals::*;
pub use attribution::*;
pub use calendar::*;
pub use certification::*;
pub use clocks::*;
pub use conflicts::*;
pub use deals::*;
pub use letters::*;
pub use lifecycle::*;
pub use metrics::*;
pub use motions::*;
pub use notifications::*;
pub use partner::*;
pub use protection::*;
pub use registration::*;
pub use review::*;
pub use routing::*;
pub use stance::*;
pub use tiers::*;
