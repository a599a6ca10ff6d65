//! The acts on a registration beside approve, decline, ask and claim, and what the window shows for them.
//!
//! Each request is one act of a person and becomes one decision: it lands whole or waits whole, its messages wait
//! for it, and it can be taken back. A reason is a sentence; where a rule speaks against an act, `override_reason`
//! is the person's word against it and goes on record.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::words;
use crate::dossier::{
    Amendment, Appeal, DealPartner, Extension, Handover, Influence, Lock, Meeting, Part, PartnerReply, PartnerRole,
    Proof, Warned,
};
use crate::field::Field;
use crate::ids::{DealId, OwnerId, PartnerId, RegistrationId};
use crate::inbox::InboxQuery;
use crate::money::Money;
use crate::registration::{Decided, DeclineReason, RegistrationKind, RegistrationStatus};
use crate::time::{Day, Instant};
use crate::verdict::Check;

macro_rules! requests {
    ($($(#[$doc:meta])* $name:ident { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(deny_unknown_fields)]
        #[ts(optional_fields = nullable)]
        pub struct $name { $($(#[$fdoc])* pub $field: $ty),* }
    )*};
}

requests! {
    /// The partner takes its claim back.
    Withdraw {
        /// Which.
        registration: RegistrationId,
        /// Who at the partner said so.
        #[serde(default)]
        by: Option<String>,
        /// Why, in a sentence.
        reason: String,
        /// Message to the partner; drafted when absent.
        #[serde(default)]
        message: Option<String>,
    }

    /// The partner's answer has come: the decision clock runs on.
    AnswerInfo {
        /// Which.
        registration: RegistrationId,
        /// What the partner says.
        text: String,
        /// Fields of the claim that the answer fills in.
        #[serde(default)]
        set: Vec<Filled>,
        /// When it came; now when absent.
        #[serde(default)]
        at: Option<Instant>,
    }

    /// A field of a claim with its new value.
    Filled {
        /// Which.
        field: Field,
        /// New raw value.
        value: String,
    }

    /// A protection has ended, or an open claim will not be decided any more.
    Expire {
        /// Which.
        registration: RegistrationId,
        /// Why; needed while the protection has not ended.
        #[serde(default)]
        reason: Option<String>,
        /// Message to the partner; drafted when absent.
        #[serde(default)]
        message: Option<String>,
    }

    /// A lead becomes a deal registration: a new claim of the same partner, submitted now.
    ConvertLead {
        /// The lead.
        registration: RegistrationId,
        /// What the deal registration says beside: amount, close date, products, proof of work, competitors.
        set: Vec<Filled>,
        /// Currency of the amount; the lead's or the account's own when absent.
        #[serde(default)]
        currency: Option<String>,
    }

    /// The partner appeals against a decline.
    OpenAppeal {
        /// Which.
        registration: RegistrationId,
        /// What the partner says.
        text: String,
        /// With which evidence.
        proofs: Vec<Proof>,
        /// Who at the partner.
        #[serde(default)]
        by: Option<String>,
        /// Why, when the window is over or the evidence is not of the policy's kinds.
        #[serde(default)]
        override_reason: Option<String>,
    }

    /// An appeal is answered: the decline stands, or the claim is approved in the same act.
    DecideAppeal {
        /// Which.
        registration: RegistrationId,
        /// Approve after all.
        grant: bool,
        /// Why, in a sentence.
        reason: String,
        /// Days of protection, for an approval.
        #[serde(default)]
        protection_days: Option<u32>,
        /// The seller, for an approval.
        #[serde(default)]
        seller: Option<OwnerId>,
        /// Link this open deal, for an approval.
        #[serde(default)]
        link_deal: Option<DealId>,
        /// Message to the partner; drafted when absent.
        #[serde(default)]
        message: Option<String>,
    }

    /// The partner asks for more protection.
    RequestExtension {
        /// Which.
        registration: RegistrationId,
        /// With which evidence of progress.
        proofs: Vec<Proof>,
        /// Who at the partner.
        #[serde(default)]
        by: Option<String>,
    }

    /// Extends a protection.
    Extend {
        /// Which.
        registration: RegistrationId,
        /// Days more; the policy's when absent.
        #[serde(default)]
        days: Option<u32>,
        /// Evidence of progress; the waiting request's when empty.
        #[serde(default)]
        proofs: Vec<Proof>,
        /// Why, against the rule.
        #[serde(default)]
        override_reason: Option<String>,
        /// Message to the partner; drafted when absent.
        #[serde(default)]
        message: Option<String>,
    }

    /// A request for more protection is refused.
    RefuseExtension {
        /// Which.
        registration: RegistrationId,
        /// Why, in a sentence.
        reason: String,
        /// Message to the partner; drafted when absent.
        #[serde(default)]
        message: Option<String>,
    }

    /// The partner is told that a protection is untouched.
    WarnUntouched {
        /// Which.
        registration: RegistrationId,
        /// Message to the partner; drafted when absent.
        #[serde(default)]
        message: Option<String>,
    }

    /// A protection ends before its day.
    ReleaseProtection {
        /// Which.
        registration: RegistrationId,
        /// Why, in a sentence.
        reason: String,
        /// Why, where the partner was not warned, or not long enough ago.
        #[serde(default)]
        override_reason: Option<String>,
        /// Message to the partner; drafted when absent.
        #[serde(default)]
        message: Option<String>,
    }

    /// A protection goes to another partner, with its deal.
    Reassign {
        /// Which.
        registration: RegistrationId,
        /// To whom.
        partner: PartnerId,
        /// Why, in a sentence.
        reason: String,
        /// Why, where the partner was not warned, or not long enough ago.
        #[serde(default)]
        override_reason: Option<String>,
        /// Message to the partner that gives way; drafted when absent.
        #[serde(default)]
        message: Option<String>,
    }

    /// The partner's first meeting took place; a lead's hold is confirmed by it (S-10).
    LogMeeting {
        /// Which.
        registration: RegistrationId,
        /// When.
        day: Day,
        /// What is known of it.
        text: String,
        /// Why the hold goes on, where the meeting came too late.
        #[serde(default)]
        override_reason: Option<String>,
    }

    /// A lead's hold ends because no first meeting took place in time (S-10).
    LapseHold {
        /// Which.
        registration: RegistrationId,
        /// Why, where the time is not over.
        #[serde(default)]
        reason: Option<String>,
        /// Message to the partner; drafted when absent.
        #[serde(default)]
        message: Option<String>,
    }

    /// Of several open claims on one company one wins: it is approved and the others are declined, in one act.
    Award {
        /// Who wins.
        registration: RegistrationId,
        /// Who gives way.
        against: Vec<RegistrationId>,
        /// Why; the rule that separates them when absent.
        #[serde(default)]
        reason: Option<String>,
        /// Days of protection.
        #[serde(default)]
        protection_days: Option<u32>,
        /// The seller.
        #[serde(default)]
        seller: Option<OwnerId>,
        /// Link this open deal.
        #[serde(default)]
        link_deal: Option<DealId>,
    }

    /// Several open claims on one company are all approved, each for its part, on one deal (LEAD-07, R-09).
    SplitClaims {
        /// The claims with their parts; the first is the deal's partner of record.
        claims: Vec<SplitClaim>,
        /// Why, in a sentence.
        reason: String,
        /// Days of protection.
        #[serde(default)]
        protection_days: Option<u32>,
        /// The seller.
        #[serde(default)]
        seller: Option<OwnerId>,
        /// Link this open deal.
        #[serde(default)]
        link_deal: Option<DealId>,
    }

    /// One claim of a split.
    SplitClaim {
        /// Which.
        registration: RegistrationId,
        /// The segment or solution that it holds.
        part: String,
        /// What the partner does.
        role: PartnerRole,
        /// Its share in whole points.
        pct: u32,
    }

    /// The partners of a deal with their roles and shares (F-05).
    SetPartners {
        /// Which deal.
        deal: DealId,
        /// All of them; the first is the partner of record.
        partners: Vec<DealPartner>,
        /// Why; needed once the credit is locked (F-04).
        #[serde(default)]
        reason: Option<String>,
    }

    /// A partner's influence on a deal (F-04).
    AddInfluence {
        /// Which deal.
        deal: DealId,
        /// Who.
        partner: PartnerId,
        /// The stage that it helped, by its name; the deal's present one when absent.
        #[serde(default)]
        stage: Option<String>,
        /// The evidence, with its day.
        proof: Proof,
    }

    /// One act on many registrations. Each row has its own verdict; a row that is refused changes nothing.
    Bulk {
        /// Which, at most 200.
        registrations: Vec<RegistrationId>,
        /// What.
        act: BulkAct,
        /// Why, for approve (where the checks speak against it) and snooze; in words beside the list's for decline.
        #[serde(default)]
        reason: Option<String>,
        /// Why, from the list, for decline; each claim's own recommended one when absent.
        #[serde(default)]
        decline: Option<DeclineReason>,
        /// The question, for ask; each claim's own recommended one when absent.
        #[serde(default)]
        question: Option<String>,
        /// Until when, for snooze.
        #[serde(default)]
        until: Option<Instant>,
    }

    /// Puts a registration aside until a time, or takes it back.
    Snooze {
        /// Which.
        registration: RegistrationId,
        /// Until when; takes it back when absent.
        #[serde(default)]
        until: Option<Instant>,
        /// Why.
        #[serde(default)]
        reason: Option<String>,
    }

    /// Which protections.
    ProtectionsQuery {
        /// Of this group; all when absent.
        #[serde(default)]
        group: Option<ProtectionGroup>,
        /// Of this partner.
        #[serde(default)]
        partner: Option<PartnerId>,
    }

    /// Whose work is covered while they are away.
    Cover {
        /// Who is away.
        away: OwnerId,
        /// Who covers.
        by: OwnerId,
        /// From.
        from: Day,
        /// To, including.
        to: Day,
    }

    /// Who covers whom, as a whole.
    SaveCovers {
        /// All of them.
        covers: Vec<Cover>,
    }

    /// A named view of the inbox.
    InboxView {
        /// Its name, unique.
        name: String,
        /// What it asks.
        query: InboxQuery,
    }

    /// A view by its name.
    InboxViewRef {
        /// Name.
        name: String,
    }

    /// What a message is wanted for.
    DraftRequest {
        /// Which registration.
        registration: RegistrationId,
        /// About what.
        letter: Letter,
        /// Why, from the list, for a decline.
        #[serde(default)]
        decline: Option<DeclineReason>,
        /// Why, in words for the partner.
        #[serde(default)]
        reason: Option<String>,
        /// The question, when asking.
        #[serde(default)]
        question: Option<String>,
        /// Days of protection.
        #[serde(default)]
        protection_days: Option<u32>,
    }

    /// A message to be written as a file (.eml) that a mail program opens.
    SaveMessage {
        /// The recipient's name.
        to: String,
        /// The recipient's address, where known.
        #[serde(default)]
        address: Option<String>,
        /// Subject.
        subject: String,
        /// Text.
        text: String,
    }
}

words! {
    /// What can be done with many at once.
    BulkAct {
        Approve "approve" "Approve",
        Decline "decline" "Decline",
        Ask "ask" "Ask",
        Snooze "snooze" "Snooze",
        Claim "claim" "Claim",
    }
}

words! {
    /// What a message to a partner is about.
    Letter {
        Approve "approve" "Approved",
        Decline "decline" "Declined",
        Ask "ask" "A question",
        AppealStands "appeal_stands" "The decision stands",
        AppealGranted "appeal_granted" "The appeal is granted",
        Extended "extended" "Protection extended",
        ExtensionRefused "extension_refused" "Extension refused",
        EndingSoon "ending_soon" "Protection ends soon",
        Untouched "untouched" "Nothing has happened",
        Released "released" "Protection released",
        Reassigned "reassigned" "Given to this partner",
        Expired "expired" "Protection has ended",
        Withdrawn "withdrawn" "Withdrawn",
        HoldConfirmed "hold_confirmed" "The hold is confirmed",
        HoldLapsed "hold_lapsed" "The hold has lapsed",
    }
}

/// What became of an act on many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkDone {
    /// One line for each, in the order asked.
    pub rows: Vec<BulkRow>,
    /// How many were done.
    pub done: u32,
    /// How many were refused.
    pub refused: u32,
}

/// What became of one of many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkRow {
    /// Which.
    pub registration: RegistrationId,
    /// Its company, where known.
    pub company: String,
    /// The decision, for undo; none for snooze and where it was refused.
    pub decided: Option<Decided>,
    /// Why not; nothing was changed then.
    pub refused: Option<String>,
    /// What to do about it.
    pub next: Option<String>,
}

words! {
    /// Why a protection wants a look.
    ProtectionGroup {
        Appeals "appeals" "Appeals waiting",
        Extensions "extensions" "Extensions waiting",
        Holds "holds" "Lead holds without a first meeting",
        Untouched "untouched" "Untouched",
        EndingSoon "ending_soon" "Ending soon",
        Ended "ended" "Ended, not closed",
    }
}

/// One line of the protections list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProtectionRow {
    /// Why it is here; the gravest when there are several.
    pub group: ProtectionGroup,
    /// Registration.
    pub id: RegistrationId,
    /// Its number.
    pub number: String,
    /// Company.
    pub company: String,
    /// Partner.
    pub partner_id: Option<PartnerId>,
    /// Partner name.
    pub partner: Option<String>,
    /// Lead or deal.
    pub kind: RegistrationKind,
    /// State.
    pub status: RegistrationStatus,
    /// Amount.
    pub amount: Option<Money>,
    /// The deal that it led to.
    pub deal: Option<DealId>,
    /// Protection end.
    pub protection_end: Option<Day>,
    /// Days until then; negative when it has ended.
    pub days_left: Option<i32>,
    /// Days in which nothing has happened.
    pub idle_days: Option<u32>,
    /// When the partner was warned.
    pub warned_at: Option<Instant>,
    /// Since when the partner waits for an answer.
    pub waits_since: Option<Instant>,
    /// By when something is due.
    pub due: Option<Day>,
    /// What is to be known, in a sentence.
    pub text: String,
    /// What can be done about it now.
    pub acts: Vec<ActState>,
}

words! {
    /// The acts on one registration.
    LifeAct {
        Approve "approve" "Approve",
        Decline "decline" "Decline",
        Ask "ask" "Ask",
        Answer "answer" "Partner's answer received",
        Withdraw "withdraw" "Withdraw for the partner",
        Expire "expire" "Expire",
        Convert "convert" "Convert to a deal registration",
        OpenAppeal "open_appeal" "Open an appeal",
        DecideAppeal "decide_appeal" "Answer the appeal",
        RequestExtension "request_extension" "Extension asked for",
        Extend "extend" "Extend protection",
        RefuseExtension "refuse_extension" "Refuse the extension",
        Warn "warn" "Warn the partner",
        Release "release" "Release",
        Reassign "reassign" "Reassign",
        LogMeeting "log_meeting" "Log the first meeting",
        LapseHold "lapse_hold" "Let the hold lapse",
    }
}

/// An act that makes sense now, with what speaks against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ActState {
    /// Which.
    pub act: LifeAct,
    /// A rule speaks against it: it needs a reason.
    pub against: Option<String>,
}

/// What the policy says of an appeal or an extension.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ruling {
    /// Speaks for it.
    pub grant: bool,
    /// Head line, e.g. "extend by 30 days".
    pub text: String,
    /// What was looked at, fails first; each with what would turn it.
    pub checks: Vec<Check>,
    /// What would have turned it.
    pub flip: Option<String>,
    /// Policy version that judged.
    pub policy: u32,
}

/// What a registration's detail has beside the claim and its checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Life {
    /// What can be done now.
    pub acts: Vec<ActState>,
    /// Appeals, oldest first.
    pub appeals: Vec<Appeal>,
    /// What the policy says of the one that waits.
    pub appeal: Option<Ruling>,
    /// The last day for an appeal, while it is declined.
    pub appeal_until: Option<Day>,
    /// Extensions, oldest first.
    pub extensions: Vec<Extension>,
    /// What the policy says of the one that waits, or of one without evidence.
    pub extension: Option<Ruling>,
    /// Protection, from and to.
    pub protection: Option<[Option<Day>; 2]>,
    /// Days in which nothing has happened.
    pub idle_days: Option<u32>,
    /// The partner was warned of a release.
    pub warned: Option<Warned>,
    /// From this day it may be released without more ado.
    pub release_from: Option<Day>,
    /// The first meeting.
    pub meeting: Option<Meeting>,
    /// By when it is due (S-10).
    pub meeting_by: Option<Day>,
    /// Who held it before.
    pub handovers: Vec<Handover>,
    /// Answers of the partner, oldest first.
    pub replies: Vec<PartnerReply>,
    /// The lead that it was made of.
    pub lead: Option<RegistrationId>,
    /// The deal registration that was made of it.
    pub converted_to: Option<RegistrationId>,
    /// What its conversion in the CRM means, where its approval converts it or it has been converted.
    #[ts(optional)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversion: Option<String>,
    /// Its part of a split.
    pub part: Option<Part>,
    /// Put aside until.
    pub snoozed: Option<Snoozed>,
    /// Whose it is by the policy, while nobody has claimed it and the CRM names no owner.
    pub assigned: Option<Assigned>,
    /// The dossier in the CRM does not read: nothing that it would hold can be changed.
    pub unread: bool,
}

/// Put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Snoozed {
    /// Until when.
    pub until: Instant,
    /// Why.
    pub reason: Option<String>,
}

/// Whose queue the policy puts a registration into, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Assigned {
    /// Whose.
    pub owner: OwnerId,
    /// Their name.
    pub name: String,
    /// By which rule.
    pub why: String,
    /// Who covers for them now.
    pub cover: Option<String>,
}

/// The partners of a deal, and how that came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DealPartners {
    /// Deal.
    pub deal: DealId,
    /// Who, the partner of record first.
    pub partners: Vec<DealPartnerRow>,
    /// Points that nobody has.
    pub free_pct: u32,
    /// Locked since.
    pub locked: Option<Lock>,
    /// Changes since, with their reasons and both values.
    pub amendments: Vec<Amendment>,
    /// Influence, oldest first.
    pub influences: Vec<Influence>,
    /// Roles to choose from, by the policy.
    pub roles: Vec<PartnerRole>,
    /// The dossier in the CRM does not read: nothing can be changed.
    pub unread: bool,
}

/// One partner of a deal with its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DealPartnerRow {
    /// Who, with role and share.
    pub share: DealPartner,
    /// Name.
    pub name: String,
}

/// A message as drafted. The window offers to copy it, to open it in the mail program, or to save it as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MessageDraft {
    /// The recipient's name.
    pub to: String,
    /// The recipient's address, where known.
    pub address: Option<String>,
    /// Subject.
    pub subject: String,
    /// Text.
    pub text: String,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedFile {
    /// Where.
    pub file: String,
}
