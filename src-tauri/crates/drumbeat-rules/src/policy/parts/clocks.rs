//! Targets of the clocks (S). Each says how much and in which time: `48 hours` are 48 hours by the wall,
//! `2 business days` are two days of the calendar's working hours.

use crate::policy::Span;

parts! {
    /// Targets of the clocks (S).
    Clocks {
        /// A partner's referral to the deal that is made of it (S-01).
        referral: Span,
        /// Submitted to decided (S-02); stands still while the partner owes an answer.
        decision: Span,
        /// Age at which stage notes are stale (S-03, F-02).
        notes: Span,
        /// Follow-up by the partner after a meeting (S-04).
        follow_up: Span,
        /// A next step lies within this time (S-05, W-04).
        next_step: Span,
        /// A channel conflict is acknowledged (S-06).
        conflict_acknowledged: Span,
        /// Its resolution plan is there (S-07).
        resolution_plan: Span,
        /// Who owns a renewal is confirmed so long before it (S-08).
        renewal_owner: Span,
        /// Reminder before a protection ends (S-09).
        protection_ends: Span,
        /// The partner books the first meeting after an approval (S-10).
        first_meeting: Span,
        /// Reminder before a certificate expires (S-11).
        certification_expires: Span,
    }
}
