//! Whether two company records mean one company: "is this company already an account, under any spelling?"
//!
//! A [Record] (name, place, domain, mail, phone) is read once into a [Profile]. An [Index] answers which
//! records share rare terms with it ([candidates]); each candidate is [compared](compare) word by word, and
//! [weights] turn the comparison into a probability that prints its evidence and what would change it.
//! The one hard idea: rarity decides. A shared word counts for how few companies have it, and what is left
//! over counts against for the same reason; edit distance only helps two rare words to meet.
//! Callers rely on purity (no clock, no database, no network), on a symmetric score, and on every function
//! being total for any text. Whether to act on a match is not decided here.

mod align;
pub mod candidates;
pub mod compare;
pub mod deal;
pub mod evidence;
pub mod index;
pub mod name;
pub mod phone;
pub mod profile;
pub mod sure;
#[cfg(test)]
mod tests;
pub mod vocabulary;
pub mod weights;

pub use candidates::{Lookup, Match, candidates, lookup};
pub use compare::{Comparison, compare};
pub use evidence::{Evidence, evidence};
pub use index::{Index, Memory, Rarity, Term};
pub use profile::{Profile, Record};
pub use weights::Level;
