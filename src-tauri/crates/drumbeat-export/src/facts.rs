//! What a pack is made from: one partner's records and counts, as the app read them from the store.
//!
//! The hard idea: facts are complete and internal. Every field that must not reach a partner is an
//! `Option` (or a list), so that the safelist filter in [`crate::safe`] can take it away and the
//! sections built afterwards simply lose the column or the row. Sums, rates and comparisons are not
//! given here; [`crate::build`] computes them from the rows, so a figure can always be traced to its
//! records. Nothing here reads a clock: `as_of` is the moment from which days are counted,
//! `read_at` that of the data.

use drumbeat_model::channel::{ChannelSignal, ConflictKind, ConflictState};
use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::{Attribution, ConflictStatus, Motion};
use drumbeat_model::ids::{DealId, PartnerId, RegistrationId};
use drumbeat_model::money::{Currency, Money};
use drumbeat_model::pack::{PackWords, Stance, TierCourse, TierCriterion};
use drumbeat_model::registration::{DeclineReason, RegistrationKind, RegistrationStatus};
use drumbeat_model::time::{Day, FiscalYear, Instant, Quarter};
use rust_decimal::Decimal;

/// Everything about one partner and one quarter that a pack can be made from.
#[derive(Debug, Clone, PartialEq)]
pub struct PackFacts {
    /// Whose pack.
    pub partner: PartnerId,
    /// Partner name.
    pub partner_name: String,
    /// Tier.
    pub tier: Option<String>,
    /// The quarter it reports on.
    pub quarter: Quarter,
    /// Which days that is.
    pub year: FiscalYear,
    /// The moment from which days are counted.
    pub as_of: Instant,
    /// When the CRM was read last: as of when the data are, which every file says.
    pub read_at: Instant,
    /// Main currency: amounts are in it by the CRM's rates; what it has no rate for is listed beside it.
    pub currency: Currency,
    /// Who made it: the one vendor contact that a partner may see (V-01).
    pub prepared_by: String,
    /// The vendor's name.
    pub vendor: String,
    /// Hours in which a registration is to be decided (S-02).
    pub decision_hours: u32,
    /// All deals of the partner, open and closed, of any quarter.
    pub deals: Vec<PackDeal>,
    /// All registrations of the partner.
    pub registrations: Vec<PackRegistration>,
    /// All certificates at the partner.
    pub certifications: Vec<PackCertification>,
    /// Commitments of both sides.
    pub commitments: Vec<PackCommitment>,
    /// Channel conflicts on accounts of the partner, early signs left out.
    pub conflicts: Vec<PackConflict>,
    /// Bookings targets, where the program has any (K-18).
    pub targets: Vec<PackTarget>,
    /// Where it stands by the criteria of tiers, where the policy has any (T-02).
    pub place: Option<PackPlace>,
    /// What the quarter after this one is likely to bring.
    pub outlook: Option<PackOutlook>,
    /// What a person wrote for this quarter, to be read by the partner.
    pub words: PackWords,
    /// The program beside this partner; internal edition only.
    pub program: Option<ProgramFacts>,
    /// Changes that the CRM has not accepted yet.
    pub pending: u32,
    /// Merge conflicts that wait for a person.
    pub merge_conflicts: u32,
}

/// One deal of the partner.
#[derive(Debug, Clone, PartialEq)]
pub struct PackDeal {
    /// The CRM's id.
    pub id: DealId,
    /// Partner of record.
    pub partner: PartnerId,
    /// Deal name.
    pub name: Option<String>,
    /// Account name.
    pub account: Option<String>,
    /// Stage name.
    pub stage: String,
    /// Stage position 1 to 5, 0 when not mapped.
    pub position: u32,
    /// Open, won, lost.
    pub outcome: Outcome,
    /// Days past what its stage allows; `None` when it is not over (internal unless stage is listed).
    pub days_over: Option<u32>,
    /// Motion.
    pub motion: Option<Motion>,
    /// Sourced or influenced.
    pub attribution: Option<Attribution>,
    /// Percentage credited to the partner.
    pub pct: Option<Decimal>,
    /// Amount in the account's own currency; in the deal's where the CRM tells no rate.
    pub amount: Option<Money>,
    /// Created.
    pub created: Option<Day>,
    /// Expected or actual close.
    pub close: Option<Day>,
    /// Protection end.
    pub protection_end: Option<Day>,
    /// Next step.
    pub next_step: Option<String>,
    /// By when.
    pub next_step_due: Option<Day>,
    /// Who does it.
    pub next_step_owner: Option<String>,
    /// Why it was lost.
    pub lost_reason: Option<String>,
    /// What happened, what is next; internal by default.
    pub stage_notes: Option<String>,
    /// Discount band; internal by default.
    pub discount: Option<String>,
    /// Channel conflict status; internal by default.
    pub conflict_status: Option<ConflictStatus>,
    /// Owner on our side; internal by default.
    pub owner: Option<String>,
    /// Chance to be won in the next quarter, in percent; never for a partner.
    pub chance: Option<Decimal>,
    /// Fields filled and fresh, in percent; internal.
    pub hygiene: Option<u32>,
    /// Percent that the policy gives for it, once it is won (T-07).
    pub fee: Option<u32>,
    /// What that comes to.
    pub earned: Option<Money>,
}

/// One registration of the partner.
#[derive(Debug, Clone, PartialEq)]
pub struct PackRegistration {
    /// The CRM's id.
    pub id: RegistrationId,
    /// Who registered.
    pub partner: PartnerId,
    /// Company claimed.
    pub company: Option<String>,
    /// State.
    pub status: RegistrationStatus,
    /// Lead or deal.
    pub kind: Option<RegistrationKind>,
    /// Submitted.
    pub submitted: Option<Day>,
    /// Decided.
    pub decided: Option<Day>,
    /// Minutes on the decision clock, pauses taken out (S-02).
    pub minutes_to_decide: Option<u32>,
    /// Minutes until the decision was in the CRM; absent while it is on its way.
    pub minutes_to_reach: Option<u32>,
    /// Why declined.
    pub decline_reason: Option<DeclineReason>,
    /// Protection end.
    pub protection_end: Option<Day>,
    /// Whether the first meeting took place in time (S-10); `None` while there is time, or where none is due.
    pub met_in_time: Option<bool>,
}

/// One certificate of one person at the partner.
#[derive(Debug, Clone, PartialEq)]
pub struct PackCertification {
    /// Whose.
    pub partner: PartnerId,
    /// Name of the certificate.
    pub name: Option<String>,
    /// Who holds it.
    pub holder: Option<String>,
    /// Product, sales, technical.
    pub kind: Option<String>,
    /// Level.
    pub level: Option<String>,
    /// Earned.
    pub earned: Option<Day>,
    /// Ends.
    pub expires: Option<Day>,
    /// Somebody still works on it, and it counts nowhere.
    pub in_progress: bool,
}

/// Something one side owes the other.
#[derive(Debug, Clone, PartialEq)]
pub struct PackCommitment {
    /// With whom.
    pub partner: PartnerId,
    /// Who owes it.
    pub side: Side,
    /// What.
    pub text: Option<String>,
    /// The person.
    pub owner: Option<String>,
    /// By when.
    pub due: Option<Day>,
    /// Done.
    pub done: bool,
}

/// Who owes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The partner.
    Partner,
    /// The vendor.
    Vendor,
}

/// Where a partner stands by the criteria of the policy's tiers.
#[derive(Debug, Clone, PartialEq)]
pub struct PackPlace {
    /// Its tier, as it is called.
    pub tier: String,
    /// The next tier that asks for anything.
    pub next: Option<String>,
    /// What the criteria speak for.
    pub course: TierCourse,
    /// The tier that it comes to by them.
    pub to: String,
    /// What either tier asks, and what is there.
    pub asked: Vec<PackAsked>,
}

/// One criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackAsked {
    /// Which.
    pub criterion: TierCriterion,
    /// What the partner has.
    pub has: Option<Decimal>,
    /// What its own tier asks.
    pub own: Option<Decimal>,
    /// What the next tier asks.
    pub next: Option<Decimal>,
}

/// A bookings target in the main currency.
#[derive(Debug, Clone, PartialEq)]
pub struct PackTarget {
    /// Quarter.
    pub quarter: Quarter,
    /// Sourced and influenced bookings together.
    pub bookings: Decimal,
}

/// A channel conflict on an account where the partner is one of the parties.
#[derive(Debug, Clone, PartialEq)]
pub struct PackConflict {
    /// Whose facts these are.
    pub partner: PartnerId,
    /// Which.
    pub id: String,
    /// Between whom.
    pub kind: ConflictKind,
    /// What points at it most; internal by default.
    pub cause: Option<ChannelSignal>,
    /// The account.
    pub account: Option<String>,
    /// The other party by name; never for a partner.
    pub other: Option<String>,
    /// What is at stake on the larger side, which may be the other's; never for a partner.
    pub value: Option<Money>,
    /// How far people have come.
    pub state: ConflictState,
    /// Found on.
    pub raised: Day,
    /// Minutes until somebody had seen it.
    pub minutes_to_acknowledge: Option<u32>,
    /// Settled, dismissed or ended on.
    pub closed: Option<Day>,
}

/// What a quarter is likely to bring, in the main currency.
#[derive(Debug, Clone, PartialEq)]
pub struct PackOutlook {
    /// Which quarter.
    pub quarter: Quarter,
    /// Won in it already.
    pub won: Decimal,
    /// One time in ten it comes to less.
    pub low: Decimal,
    /// Won and expected.
    pub expected: Decimal,
    /// One time in ten it comes to more.
    pub high: Decimal,
    /// Open deals that were counted.
    pub deals: u32,
    /// By motion; the program's alone has it.
    pub by_motion: Vec<(Option<Motion>, PackOutlook)>,
}

/// How the forecast has done before (P-03).
#[derive(Debug, Clone, PartialEq)]
pub struct PackRecord {
    /// The last day that was known.
    pub as_of: Day,
    /// What follows from it, in a sentence.
    pub verdict: String,
    /// One for each horizon.
    pub horizons: Vec<PackHorizon>,
    /// Median distance of a quarter's wins from what came, in percent.
    pub median_off: Option<Decimal>,
    /// How often the interval held, in percent; eight in ten is right.
    pub held: Option<Decimal>,
}

/// How chances over one horizon came out.
#[derive(Debug, Clone, PartialEq)]
pub struct PackHorizon {
    /// Days ahead.
    pub days: u32,
    /// Deals that were asked about.
    pub asked: u32,
    /// Of them won.
    pub won: u32,
    /// Brier score of the forecast; less is better.
    pub own: Option<Decimal>,
    /// That of the base rate.
    pub base: Option<Decimal>,
    /// That of the CRM's own probabilities.
    pub crm: Option<Decimal>,
}

/// What the numbers of a partner speak for, by the policy's rule.
#[derive(Debug, Clone, PartialEq)]
pub struct PackStance {
    /// Invest, hold or exit.
    pub stance: Stance,
    /// Each measure that is known, with what it speaks for.
    pub reasons: Vec<PackReason>,
}

/// One measure of a stance.
#[derive(Debug, Clone, PartialEq)]
pub struct PackReason {
    /// What is measured.
    pub measure: String,
    /// Its value.
    pub value: String,
    /// From when on it speaks for more.
    pub invest: String,
    /// From when on it speaks for less.
    pub exit: String,
    /// What it speaks for.
    pub stance: Stance,
}

/// How deals without a partner did in the same quarter; never leaves the house.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ProgramFacts {
    /// Won of closed, in percent, of direct deals.
    pub direct_win_rate: Option<Decimal>,
    /// Average days from created to won, of direct deals.
    pub direct_cycle_days: Option<u32>,
    /// The partner's share of all partner bookings of the quarter, in percent.
    pub share_of_bookings: Option<Decimal>,
    /// What the numbers speak for; absent where too few are known.
    pub stance: Option<PackStance>,
    /// How the forecast has done, where the past was played again.
    pub record: Option<PackRecord>,
}
