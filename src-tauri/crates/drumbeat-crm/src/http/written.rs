//! What a write came to that has no answer, or none that says it.

use super::answer::{Answer, Lost};
use crate::crm::WriteOutcome;
use crate::error::CrmError;

impl From<Lost> for WriteOutcome {
    fn from(lost: Lost) -> Self {
        if lost.unsent { Self::NotSent { why: lost.why } } else { Self::Unknown { why: lost.why } }
    }
}

/// It could not even be asked.
pub(crate) fn not_sent(error: &CrmError) -> WriteOutcome {
    WriteOutcome::NotSent { why: error.to_string() }
}

/// It was answered by something that is not the vendor's.
pub(crate) fn unknown(answer: &Answer) -> WriteOutcome {
    let what = match answer.body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => "with nothing",
        Some(b'<') => "with a web page",
        Some(_) => "in an unexpected form",
    };
    WriteOutcome::Unknown { why: format!("it answers {} {what}", answer.status.as_u16()) }
}
