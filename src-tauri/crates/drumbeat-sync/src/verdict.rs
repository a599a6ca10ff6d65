//! What `classify` answers: the next move of an op, why, and what somebody should know.
//!
//! A verdict is data. The driver carries it out (moves the op, writes the evidence, makes a request)
//! and decides nothing itself. Its evidence sentence names every value that differs or was lost, so
//! that nothing is ever overwritten or given up in silence.

use std::fmt;

use drumbeat_model::change::OpState;
use drumbeat_model::time::Instant;

use crate::sight::{Lost, Sides, shown};

/// The next move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Commit SENDING, then make one request to this record.
    Send {
        /// Record id; differs from the op's own after a merge.
        to: String,
    },
    /// Wait in the outbox, to be read again before it is sent.
    Queue {
        /// Not before this.
        not_before: Option<Instant>,
    },
    /// Nobody knows: read again at this time, never send before that.
    Check {
        /// When.
        at: Instant,
    },
    /// The CRM said yes: read again to see what was replaced.
    Verify {
        /// Not before this.
        at: Option<Instant>,
    },
    /// Over.
    Done {
        /// The record in the CRM.
        record: String,
        /// Whose doing it was.
        how: Landing,
    },
    /// A person has to choose.
    Conflict(ConflictKind),
    /// The CRM refuses; a person has to change something or give up.
    Reject,
    /// Something outside the op has to change first.
    Block,
    /// Leave it as it is.
    Stay,
}

impl Next {
    /// The state that the op goes to; none when it stays.
    #[must_use]
    pub fn state(&self) -> Option<OpState> {
        match self {
            Next::Send { .. } => Some(OpState::Sending),
            Next::Queue { .. } => Some(OpState::Queued),
            Next::Check { .. } => Some(OpState::Unknown),
            Next::Verify { .. } => Some(OpState::Acked),
            Next::Done { .. } => Some(OpState::Done),
            Next::Conflict(_) => Some(OpState::Conflict),
            Next::Reject => Some(OpState::Rejected),
            Next::Block => Some(OpState::Blocked),
            Next::Stay => None,
        }
    }
}

/// How a done op came to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Landing {
    /// The CRM applied our request.
    Ours,
    /// The CRM has the same from somebody else, or nobody can tell whose it is.
    Converged,
}

/// Why a person is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConflictKind {
    /// A field was changed there meanwhile.
    Changed,
    /// A condition of the decision does not hold any more (I9).
    Guard,
    /// The record is in the recycle bin.
    Archived,
    /// The record was merged into another that differs.
    Merged,
    /// The record cannot be read any more.
    Missing,
    /// It may have been made, and nothing can show it.
    Unclear,
}

/// Something that a person should know though the op is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Our value replaced one that we had not seen.
    Overwrote(Lost),
    /// After our value landed somebody set another.
    ChangedAfter(Sides),
    /// The record went into the bin with a value that nobody here had seen.
    Binned(Lost),
    /// The CRM's ledger shows our op more than once.
    Repeated(usize),
    /// The record was merged; the op goes to the survivor.
    Moved {
        /// Id that the op was made for.
        from: String,
        /// Id of the survivor.
        to: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::Overwrote(lost) => {
                write!(f, "Overwrote {}: {} was set in the CRM", lost.property, shown(&lost.value))?;
                if let Some(by) = &lost.by {
                    write!(f, " by {by}")?;
                }
                if let Some(at) = &lost.at {
                    write!(f, " at {}", at.format("%Y-%m-%d %H:%M:%S UTC"))?;
                }
                f.write_str(" just before yours")
            }
            Notice::Binned(lost) => {
                write!(f, "{} was set to {}", lost.property, shown(&lost.value))?;
                if let Some(by) = &lost.by {
                    write!(f, " by {by}")?;
                }
                if let Some(at) = &lost.at {
                    write!(f, " at {}", at.format("%Y-%m-%d %H:%M:%S UTC"))?;
                }
                f.write_str(", just before the record went into the bin: take it out there to keep that")
            }
            Notice::ChangedAfter(sides) => {
                write!(
                    f,
                    "Changed after you: {} is now {}, yours was {}",
                    sides.property,
                    shown(&sides.theirs),
                    shown(&sides.mine)
                )
            }
            Notice::Repeated(times) => write!(f, "The CRM shows this change {times} times"),
            Notice::Moved { from, to } => write!(f, "Record {from} was merged into {to}"),
        }
    }
}

/// The next move with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What to do.
    pub next: Next,
    /// Why, in a sentence.
    pub text: String,
    /// Values that differ from what the op was based on and from what it wants.
    pub differs: Vec<Sides>,
    /// What somebody should know.
    pub notices: Vec<Notice>,
    /// Values that are sent merged, sets of choices and latest moments: `mine` is the merged value, `base` what
    /// the CRM has now.
    pub merged: Vec<Sides>,
}

impl Verdict {
    /// A move with its reason and nothing else.
    #[must_use]
    pub fn new(next: Next, text: impl Into<String>) -> Self {
        Self { next, text: text.into(), differs: Vec::new(), notices: Vec::new(), merged: Vec::new() }
    }

    /// With values that differ.
    #[must_use]
    pub fn differing(mut self, differs: Vec<Sides>) -> Self {
        self.differs.extend(differs);
        self
    }

    /// With sets of choices to be sent merged.
    #[must_use]
    pub fn merging(mut self, merged: Vec<Sides>) -> Self {
        self.merged.extend(merged);
        self
    }

    /// With notices.
    #[must_use]
    pub fn noting(mut self, notices: impl IntoIterator<Item = Notice>) -> Self {
        self.notices.extend(notices);
        self
    }

    /// The sentence that is kept with the op: the reason, then every differing value and notice.
    #[must_use]
    pub fn evidence(&self) -> String {
        let mut text = self.text.clone();
        for part in self.differs.iter().map(ToString::to_string).chain(self.notices.iter().map(ToString::to_string)) {
            text.push_str(". ");
            text.push_str(&part);
        }
        text
    }
}
