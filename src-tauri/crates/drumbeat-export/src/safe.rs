//! The safelist filter: what a partner may see (V-01, V-02).
//!
//! The hard idea: [`PartnerSafe`] has a private field and one maker, [`partner_safe`], so holding one
//! proves that the filter ran. The filter is written as a copy: each field of a row is either put
//! through `Safelist::keep` under its model name or set to `None`, with no `..` anywhere, so a new
//! field does not compile until somebody has decided about it. A row of another partner is an error
//! and not a silent drop, because it means that the query in front of us was wrong.
//! What is not done here: searching the finished file (see [`crate::scan()`]).

use std::collections::BTreeSet;

use drumbeat_model::field::Field;
use drumbeat_model::ids::PartnerId;
use drumbeat_model::pack::TierCriterion;

use crate::facts::{
    PackCertification, PackCommitment, PackConflict, PackDeal, PackFacts, PackOutlook, PackPlace, PackRegistration,
};
use crate::scan::squeeze;

/// The fields that a partner may see. Every other field is withheld.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Safelist(BTreeSet<Field>);

impl Safelist {
    /// A safelist of exactly these fields.
    pub fn new(fields: impl IntoIterator<Item = Field>) -> Self {
        Self(fields.into_iter().collect())
    }

    /// Whether a field may be shown.
    #[must_use]
    pub fn allows(&self, field: Field) -> bool {
        self.0.contains(&field)
    }

    fn keep<T>(&self, field: Field, value: Option<T>) -> Option<T> {
        if self.allows(field) { value } else { None }
    }
}

/// Facts that went through the safelist. Made by [`partner_safe`] alone:
///
/// ```
/// # use drumbeat_export::{PackFacts, Safelist, build_partner, partner_safe};
/// # use drumbeat_model::ids::PartnerId;
/// # fn right(facts: PackFacts, list: &Safelist, partner: &PartnerId) {
/// if let Ok(safe) = partner_safe(facts, list, partner) {
///     let pack = build_partner(&safe);
/// }
/// # }
/// ```
///
/// Unfiltered facts are another type:
///
/// ```compile_fail,E0308
/// # use drumbeat_export::{PackFacts, build_partner};
/// # fn leak(facts: PackFacts) {
/// let pack = build_partner(&facts);
/// # }
/// ```
///
/// Nobody else can wrap them, because the field is private:
///
/// ```compile_fail,E0423
/// # use drumbeat_export::{PackFacts, PartnerSafe};
/// # fn forge(facts: PackFacts) {
/// let safe = PartnerSafe(facts);
/// # }
/// ```
///
/// And a pack of one edition cannot be called the other, nor be given its sections:
///
/// ```compile_fail,E0616
/// # use drumbeat_export::Pack;
/// # fn relabel(mut pack: Pack) {
/// pack.edition = drumbeat_model::pack::Edition::Partner;
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PartnerSafe<T>(T);

impl<T> PartnerSafe<T> {
    /// What may be shown.
    #[must_use]
    pub fn get(&self) -> &T {
        &self.0
    }
}

/// Why facts were refused as partner-safe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SafeError {
    /// The facts are about another partner.
    #[error("these facts are about partner {found}, not {wanted}")]
    WrongPartner {
        /// Asked for.
        wanted: PartnerId,
        /// Given.
        found: PartnerId,
    },
    /// A row belongs to another partner.
    #[error("{what} {row} belongs to partner {found}, not {wanted}")]
    ForeignRow {
        /// Kind of row.
        what: &'static str,
        /// Its id or position.
        row: String,
        /// Asked for.
        wanted: PartnerId,
        /// The row's.
        found: PartnerId,
    },
}

/// Facts of one partner, cut down to the safelist.
///
/// # Errors
/// When the facts, or any row of them, belong to another partner.
pub fn partner_safe(
    facts: PackFacts,
    safelist: &Safelist,
    partner: &PartnerId,
) -> Result<PartnerSafe<PackFacts>, SafeError> {
    let PackFacts {
        partner: found,
        partner_name,
        tier,
        quarter,
        year,
        as_of,
        read_at,
        currency,
        prepared_by,
        vendor,
        decision_hours,
        deals,
        registrations,
        certifications,
        commitments,
        conflicts,
        targets,
        place,
        outlook,
        words,
        program: _,
        pending,
        merge_conflicts,
    } = facts;
    if &found != partner {
        return Err(SafeError::WrongPartner { wanted: partner.clone(), found });
    }
    let own = |what, row: String, found: &PartnerId| {
        if found == partner {
            Ok(())
        } else {
            Err(SafeError::ForeignRow { what, row, wanted: partner.clone(), found: found.clone() })
        }
    };
    for deal in &deals {
        own("deal", deal.id.to_string(), &deal.partner)?;
    }
    for registration in &registrations {
        own("registration", registration.id.to_string(), &registration.partner)?;
    }
    for (i, certification) in certifications.iter().enumerate() {
        own("certificate", (i + 1).to_string(), &certification.partner)?;
    }
    for (i, commitment) in commitments.iter().enumerate() {
        own("commitment", (i + 1).to_string(), &commitment.partner)?;
    }
    for conflict in &conflicts {
        own("channel conflict", conflict.id.clone(), &conflict.partner)?;
    }
    own("words", words.quarter.to_string(), &words.partner)?;
    // A deal or registration says nothing without its status, so without leave to show the status
    // the whole row stays inside.
    let stages = safelist.allows(Field::Stage);
    let statuses = safelist.allows(Field::Status);
    let certificates = safelist.allows(Field::CertificationKind) || safelist.allows(Field::ExpiresAt);
    let commitments_shown = safelist.allows(Field::NextStep);
    let conflicts_shown = safelist.allows(Field::ConflictStatus);
    // A range is made of amounts and of where deals stand.
    let outlook_shown = stages && safelist.allows(Field::Amount);
    Ok(PartnerSafe(PackFacts {
        partner: found,
        partner_name,
        tier: safelist.keep(Field::PartnerTier, tier),
        quarter,
        year,
        as_of,
        read_at,
        currency,
        prepared_by,
        vendor,
        decision_hours,
        deals: deals.into_iter().filter(|_| stages).map(|x| deal(x, safelist)).collect(),
        registrations: registrations.into_iter().filter(|_| statuses).map(|x| registration(x, safelist)).collect(),
        certifications: certifications
            .into_iter()
            .filter(|_| certificates)
            .map(|x| certification(x, safelist))
            .collect(),
        commitments: commitments.into_iter().filter(|_| commitments_shown).map(|x| commitment(x, safelist)).collect(),
        conflicts: conflicts.into_iter().filter(|_| conflicts_shown).map(|x| conflict(x, safelist)).collect(),
        targets: if safelist.allows(Field::Amount) { targets } else { Vec::new() },
        place: safelist.keep(Field::PartnerTier, place).map(|x| placed(x, safelist)),
        outlook: outlook.as_ref().filter(|_| outlook_shown).map(in_total),
        // Written for the partner, by a person, with both editions in view.
        words,
        program: None,
        pending,
        merge_conflicts,
    }))
}

fn deal(deal: PackDeal, list: &Safelist) -> PackDeal {
    PackDeal {
        id: deal.id,
        partner: deal.partner,
        name: list.keep(Field::Name, deal.name),
        account: list.keep(Field::Account, deal.account),
        stage: deal.stage,
        position: deal.position,
        outcome: deal.outcome,
        days_over: list.keep(Field::StageEnteredAt, deal.days_over),
        motion: list.keep(Field::Motion, deal.motion),
        attribution: list.keep(Field::Attribution, deal.attribution),
        pct: list.keep(Field::AttributionPct, deal.pct),
        amount: list.keep(Field::Amount, deal.amount),
        created: list.keep(Field::CreatedAt, deal.created),
        close: list.keep(Field::CloseDate, deal.close),
        protection_end: list.keep(Field::ProtectionEnd, deal.protection_end),
        next_step: list.keep(Field::NextStep, deal.next_step),
        next_step_due: list.keep(Field::NextStepDue, deal.next_step_due),
        next_step_owner: list.keep(Field::NextStepOwner, deal.next_step_owner),
        lost_reason: list.keep(Field::LostReason, deal.lost_reason),
        stage_notes: list.keep(Field::StageNotes, deal.stage_notes),
        discount: list.keep(Field::DiscountBand, deal.discount),
        conflict_status: list.keep(Field::ConflictStatus, deal.conflict_status),
        owner: list.keep(Field::Owner, deal.owner),
        chance: None,
        hygiene: None,
        fee: list.keep(Field::Amount, deal.fee),
        earned: list.keep(Field::Amount, deal.earned),
    }
}

/// What tiers ask is published; what a partner has of it is shown as far as its fields are.
fn placed(place: PackPlace, list: &Safelist) -> PackPlace {
    let shown = |criterion| match criterion {
        TierCriterion::Bookings => list.allows(Field::Amount),
        TierCriterion::DealsWon | TierCriterion::Hygiene => list.allows(Field::Stage),
        TierCriterion::Registrations => list.allows(Field::Status),
        TierCriterion::Certified => list.allows(Field::CertificationKind) || list.allows(Field::ExpiresAt),
    };
    PackPlace {
        tier: place.tier,
        next: place.next,
        course: place.course,
        to: place.to,
        asked: place.asked.into_iter().filter(|x| shown(x.criterion)).collect(),
    }
}

/// How often and how long: nothing of the other party, whose amount the value may be.
fn conflict(conflict: PackConflict, list: &Safelist) -> PackConflict {
    PackConflict {
        partner: conflict.partner,
        id: conflict.id,
        kind: conflict.kind,
        cause: list.keep(Field::ConflictNotes, conflict.cause),
        account: list.keep(Field::Account, conflict.account),
        other: None,
        value: None,
        state: conflict.state,
        raised: conflict.raised,
        minutes_to_acknowledge: conflict.minutes_to_acknowledge,
        closed: conflict.closed,
    }
}

/// The range alone, without what it is made of.
fn in_total(outlook: &PackOutlook) -> PackOutlook {
    PackOutlook {
        quarter: outlook.quarter,
        won: outlook.won,
        low: outlook.low,
        expected: outlook.expected,
        high: outlook.high,
        deals: outlook.deals,
        by_motion: Vec::new(),
    }
}

fn registration(registration: PackRegistration, list: &Safelist) -> PackRegistration {
    PackRegistration {
        id: registration.id,
        partner: registration.partner,
        company: list.keep(Field::CompanyName, registration.company),
        status: registration.status,
        kind: list.keep(Field::RegistrationKind, registration.kind),
        submitted: list.keep(Field::SubmittedAt, registration.submitted),
        decided: list.keep(Field::DecidedAt, registration.decided),
        minutes_to_decide: list.keep(Field::DecidedAt, registration.minutes_to_decide),
        minutes_to_reach: list.keep(Field::DecidedAt, registration.minutes_to_reach),
        decline_reason: list.keep(Field::DeclineReason, registration.decline_reason),
        protection_end: list.keep(Field::ProtectionEnd, registration.protection_end),
        met_in_time: list.keep(Field::DecidedAt, registration.met_in_time),
    }
}

fn certification(certification: PackCertification, list: &Safelist) -> PackCertification {
    PackCertification {
        partner: certification.partner,
        name: list.keep(Field::Name, certification.name),
        holder: list.keep(Field::Holder, certification.holder),
        kind: list.keep(Field::CertificationKind, certification.kind),
        level: list.keep(Field::Level, certification.level),
        earned: list.keep(Field::EarnedAt, certification.earned),
        expires: list.keep(Field::ExpiresAt, certification.expires),
        // Not shown as such: it says what is counted.
        in_progress: certification.in_progress,
    }
}

fn commitment(commitment: PackCommitment, list: &Safelist) -> PackCommitment {
    PackCommitment {
        partner: commitment.partner,
        side: commitment.side,
        text: list.keep(Field::NextStep, commitment.text),
        owner: list.keep(Field::NextStepOwner, commitment.owner),
        due: list.keep(Field::NextStepDue, commitment.due),
        done: commitment.done,
    }
}

/// Shortest withheld text, without white space, that is worth looking for: shorter ones are words
/// that stand in any pack ("Price", "Active").
const TELLING: usize = 8;

/// The texts of `facts` that did not come through the filter, for [`crate::scan()`] on the finished
/// file. A text that also stands in an allowed field is not among them.
#[must_use]
pub fn forbidden(facts: &PackFacts, safe: &PartnerSafe<PackFacts>) -> Vec<String> {
    let allowed: BTreeSet<String> = texts(safe.get()).into_iter().map(squeeze).collect();
    let all_allowed = allowed.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
    let mut out = BTreeSet::new();
    for text in texts(facts) {
        let squeezed = squeeze(text);
        if squeezed.chars().count() >= TELLING && !allowed.contains(&squeezed) && !all_allowed.contains(&squeezed) {
            out.insert(text.to_owned());
        }
    }
    out.into_iter().collect()
}

fn texts(facts: &PackFacts) -> Vec<&str> {
    let deals = facts.deals.iter().flat_map(|x| {
        [&x.name, &x.account, &x.next_step, &x.next_step_owner, &x.lost_reason, &x.stage_notes, &x.discount, &x.owner]
    });
    let registrations = facts.registrations.iter().map(|x| &x.company);
    let certifications = facts.certifications.iter().flat_map(|x| [&x.name, &x.holder, &x.kind, &x.level]);
    let commitments = facts.commitments.iter().flat_map(|x| [&x.text, &x.owner]);
    let conflicts = facts.conflicts.iter().flat_map(|x| [&x.account, &x.other]);
    let rows = deals.chain(registrations).chain(certifications).chain(commitments).chain(conflicts);
    let rows = rows.filter_map(|x| x.as_deref());
    let rows = rows.chain(facts.words.texts());
    rows.chain([facts.partner_name.as_str(), &facts.prepared_by, &facts.vendor]).collect()
}

/// Every field of the facts, in the order a person would look for them.
const SHOWN: &[Field] = &[
    Field::PartnerTier,
    Field::Name,
    Field::Account,
    Field::Stage,
    Field::StageEnteredAt,
    Field::Motion,
    Field::Attribution,
    Field::AttributionPct,
    Field::Amount,
    Field::CreatedAt,
    Field::CloseDate,
    Field::ProtectionEnd,
    Field::NextStep,
    Field::NextStepDue,
    Field::NextStepOwner,
    Field::LostReason,
    Field::StageNotes,
    Field::DiscountBand,
    Field::ConflictStatus,
    Field::ConflictNotes,
    Field::Owner,
    Field::CompanyName,
    Field::Status,
    Field::RegistrationKind,
    Field::SubmittedAt,
    Field::DecidedAt,
    Field::DeclineReason,
    Field::Holder,
    Field::CertificationKind,
    Field::Level,
    Field::EarnedAt,
    Field::ExpiresAt,
];

/// What a partner edition under this safelist leaves out, in words for a person (V-03).
#[must_use]
pub fn withheld(safelist: &Safelist) -> Vec<&'static str> {
    let mut out: Vec<&'static str> = SHOWN.iter().filter(|x| !safelist.allows(**x)).map(|x| x.label()).collect();
    out.push("Program comparison");
    out
}
