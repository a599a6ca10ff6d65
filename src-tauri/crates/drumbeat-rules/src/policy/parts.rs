//! The parts of a policy, as they stand in the file; one file here for each subject. What each number means to a
//! rule is said at the rule; here it only has its place. Every struct refuses keys that it does not know.

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty),* }
    )*};
}

mod accounts;
mod certification;
mod clocks;
mod deals;
mod motions;
mod partner;
mod protection;
mod registration;
mod review;
mod tiers;

pub use accounts::*;
pub use certification::*;
pub use clocks::*;
pub use deals::*;
pub use motions::*;
pub use partner::*;
pub use protection::*;
pub use registration::*;
pub use review::*;
pub use tiers::*;
