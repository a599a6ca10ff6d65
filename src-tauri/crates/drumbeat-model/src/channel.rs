//! Channel conflicts: two parties with a claim on one account, and the early signs of one (C).
//!
//! A finding is what the rules see; its record here is that finding with what people have done about it: who has seen
//! it, what was planned, how it was settled. The one hard idea is the fingerprint: it stands for the facts that make
//! the finding and for nothing that only makes it more urgent (amounts, stages, days), so that what a person has
//! settled stays settled until the facts themselves change. A party is a partner, or direct sales where the partner
//! is absent. What is done about a finding is in [`crate::settling`].

mod detail;
mod finding;
mod judged;
mod kinds;
mod list;

pub use detail::{ConflictDetail, ConflictRef, GraphEdge, PartyCapacity, TimelineEntry};
pub use finding::{Finding, Party, PartyEvidence, Points, Side, SideDeal, SignalFound, Standing, link};
pub use judged::{ConflictMeasures, MovedSince, PassDone, VerdictMoved};
pub use kinds::{ChannelSignal, ConflictKind, ConflictState, Severity, SignalFamily};
pub use list::{ChannelCounts, ConflictFilters, ConflictRow, ConflictView, ConflictsQuery};
