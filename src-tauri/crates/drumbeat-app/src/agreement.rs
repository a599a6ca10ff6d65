//! What a person is told when the mirror and the CRM differ though everything was read again.

use drumbeat_model::crm::ObjectKind;
use drumbeat_store::Result;
use drumbeat_sync::agreement::{AGREEMENT, Agreement, Difference, Differing};

use crate::words::{Words, noun};

/// Differences that are named; of more the number is told.
const NAMED: usize = 3;

/// What differs, in a sentence; nothing when mirror and CRM agreed.
pub(crate) fn sentence(words: &Words<'_>) -> Result<Option<String>> {
    let agreement: Agreement = words.r.value(AGREEMENT)?.unwrap_or_default();
    if agreement.differs.is_empty() {
        return Ok(None);
    }
    let rest = agreement.differs.len().saturating_sub(NAMED);
    let named = agreement.differs.iter().take(NAMED).map(|difference| said(words, difference));
    let mut named = named.collect::<Result<Vec<_>>>()?;
    if rest > 0 {
        named.push(format!("{rest} more"));
    }
    Ok(Some(format!(
        "What is here differs from the CRM, also after it was read again: {}. Every sync looks again",
        named.join("; ")
    )))
}

fn said(words: &Words<'_>, difference: &Difference) -> Result<String> {
    let kind = difference.kind;
    Ok(match &difference.what {
        Differing::Record { id, property } => {
            let record = format!("{} {}", noun(kind), words.record(kind, id)?.label);
            match property {
                Some(property) => format!("{} of {record}", words.label(kind, property)),
                None => record,
            }
        }
        Differing::Total { stage, here, there } => {
            let of = match stage.as_ref().and_then(|(pipeline, stage)| words.scene.mapping.stage(pipeline, stage)) {
                Some((_, stage)) => format!(" in {}", stage.label),
                None => String::new(),
            };
            format!("{} here{of}, {there} in the CRM", counted(*here, kind))
        }
    })
}

fn counted(count: u64, kind: ObjectKind) -> String {
    let noun = noun(kind).to_lowercase();
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
