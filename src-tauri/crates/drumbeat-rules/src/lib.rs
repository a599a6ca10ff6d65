//! The program's rules: what is checked, who wins, what is due, what a partner may see.
//!
//! Every rule is a pure function of facts, the [policy] and `now`: no clock, no database, no network,
//! so that the same question always has the same answer and the past can be judged again. Every verdict
//! explains itself: the rule's id, the fact that decided, the records it is about and the smallest change
//! that would have turned it. Callers gather the facts (usually from the store) and show what comes back;
//! nothing here decides for a person.

pub mod agenda;
pub mod calendar;
pub mod change;
pub mod channel_conflicts;
pub mod checks;
pub mod clocks;
pub mod criteria;
pub mod facts;
pub mod forecast;
pub mod gate;
pub mod hygiene;
pub mod incentives;
pub mod lifecycle;
pub mod messages;
pub mod metrics;
pub mod movement;
pub mod policy;
pub mod recommend;
pub mod replay;
pub mod routing;
pub mod safelist;
#[cfg(test)]
mod sample;
pub mod shares;
pub mod signals;
pub mod stance;
pub mod telling;
mod text;
pub mod tiers;
pub mod who_wins;

pub use drumbeat_match::name as normal;
pub use facts::{ClaimFact, DealFact, Facts, Near, NearAccount, NearClaim, NearDeal};
pub use policy::{Policy, PolicyErrors};
