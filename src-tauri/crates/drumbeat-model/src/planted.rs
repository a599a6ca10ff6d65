//! Known bugs that the lab can switch on, to learn whether its campaigns would find them.
//!
//! A simulator that has never failed proves nothing, so the protocol carries the places where it is
//! easiest to get wrong as named switches: `if planted(Bug::NoQuarantine) { .. }`. Without the feature
//! `planted`, which only the lab's builds have, [`planted`] is a constant `false` and the branches are
//! not in the binary. With it they are off until [`plant`] turns one on, for the present thread alone.

macro_rules! bugs {
    ($($(#[$doc:meta])* $variant:ident $number:literal $name:literal),* $(,)?) => {
        /// One way to break the outbox protocol or the pull (numbers of the test programme, 7.4).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Bug { $($(#[$doc])* $variant),* }

        impl Bug {
            /// All of them.
            pub const ALL: &[Bug] = &[$(Bug::$variant),*];

            /// Its number in the test programme.
            #[must_use]
            pub fn number(self) -> u8 {
                match self { $(Bug::$variant => $number),* }
            }

            /// What it does, as a name for reports and arguments.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Bug::$variant => $name),* }
            }
        }
    };
}

bugs! {
    /// The request leaves before SENDING is on disk.
    SendBeforeIntent 1 "send-before-intent",
    /// A lost answer leads straight to another request.
    ResendWithoutReadBack 2 "resend-without-read-back",
    /// Any answer at all counts as a yes.
    AnyAnswerIsYes 3 "any-answer-is-yes",
    /// A failed condition counts as a refusal.
    StaleIsRejected 5 "stale-is-rejected",
    /// A lost answer counts as "nothing was applied".
    LostIsNotApplied 6 "lost-is-not-applied",
    /// A read-back is believed at once.
    NoQuarantine 7 "no-quarantine",
    /// What the mirror has now counts as what the decision was based on.
    BaseFromMirror 9 "base-from-mirror",
    /// Somebody else's value is written over.
    NewestWins 10 "newest-wins",
    /// The conditions of a decision are not looked at.
    NoGuard 11 "no-guard",
    /// Ops of one record go out in any order.
    NoLaneOrder 12 "no-lane-order",
    /// What may have been sent can be taken back.
    WithdrawUnknown 13 "withdraw-unknown",
    /// The mark travels in a request of its own.
    MarkApart 15 "mark-apart",
    /// A record that may exist is made again without looking.
    CreateWithoutLook 16 "create-without-look",
    /// Windows end at this computer's time.
    OwnClock 17 "own-clock",
    /// Windows do not overlap.
    NoOverlap 18 "no-overlap",
    /// The place in a scan is kept before its records.
    CursorFirst 20 "cursor-first",
    /// What a full scan does not show counts as deleted.
    UnseenIsDeleted 22 "unseen-is-deleted",
    /// What may not be seen counts as deleted.
    HiddenIsDeleted 23 "hidden-is-deleted",
    /// A delete takes the unsent edits with it.
    DeleteBeatsEdit 24 "delete-beats-edit",
    /// That a record was merged away is not kept.
    AliasIgnored 25 "alias-ignored",
    /// Ops go to whatever account the token opens.
    AnyAccount 27 "any-account",
    /// A sender that was replaced goes on.
    NoEpoch 28 "no-epoch",
    /// An op moves without an audit entry.
    MoveWithoutAudit 31 "move-without-audit",
    /// A set of choices is treated as one text.
    SetAsText 36 "set-as-text",
    /// Values that the schema does not name are dropped.
    UnknownDropped 37 "unknown-dropped",
    /// Fields that belong together are sent one by one.
    GroupSplit 38 "group-split",
    /// Nobody looks at what a write replaced.
    NoVerify 39 "no-verify",
    /// What was read before a later sending counts for that sending too (not of the test programme).
    OldVerdict 41 "old-verdict",
}

#[cfg(feature = "planted")]
thread_local! {
    static PLANTED: std::cell::Cell<Option<Bug>> = const { std::cell::Cell::new(None) };
}

/// Whether this bug is switched on here.
#[cfg(feature = "planted")]
#[must_use]
pub fn planted(bug: Bug) -> bool {
    PLANTED.get() == Some(bug)
}

/// Whether this bug is switched on here: never, outside the lab.
#[cfg(not(feature = "planted"))]
#[must_use]
#[inline]
pub const fn planted(_: Bug) -> bool {
    false
}

/// Switches one bug on for the present thread, or all off.
#[cfg(feature = "planted")]
pub fn plant(bug: Option<Bug>) {
    PLANTED.set(bug);
}
