//! Leads that the CRM has converted, or will once what waits is sent: nobody writes in them any more.
//!
//! The one rule about them is asked before anything is queued: a change of such a lead would be refused by the CRM, behind
//! everything else that its decision does. Where the CRM lets this user go on writing there is nothing to refuse.

use drumbeat_model::change::{NewOp, Op, OpKind};
use drumbeat_model::crm::{Conversion, ObjectKind, Schema};
use drumbeat_model::field::Field;

use crate::error::{Answer, ApiError, Code};
use crate::words::Words;
use crate::workspace::Workspace;

/// How registrations of an account become deals for good, where they do.
pub(crate) fn conversion(schema: Option<&Schema>) -> Option<&Conversion> {
    schema?.objects.get(&ObjectKind::Registration)?.conversion.as_ref()
}

/// Whether an op converts a lead: that can be done once, and not be taken back.
pub(crate) fn converts(words: &Words<'_>, op: &Op) -> bool {
    let into = words.scene.mapping.property(op.object, Field::ConvertedInto);
    matches!((&op.kind, into), (OpKind::Set { desired, .. }, Some(into)) if desired.contains_key(into))
}

/// Refuses changes of a lead that is converted.
///
/// # Errors
/// When one of the ops would write in one; nothing is saved then.
pub(crate) fn refuse(ws: &Workspace, ops: &[NewOp]) -> Answer<()> {
    let told = ws.read(|r| {
        let setup = ws.setup(r)?;
        let Some(into) = setup.mapping.property(ObjectKind::Registration, Field::ConvertedInto) else {
            return Ok(None);
        };
        if conversion(setup.schema.as_deref()).is_none_or(|conversion| conversion.stays_open) {
            return Ok(None);
        }
        for op in ops.iter().filter(|op| op.object == ObjectKind::Registration) {
            let Some((values, _)) = r.effective(op.object, &op.record)? else { continue };
            let Some(deal) = values.get(into).filter(|deal| !deal.is_empty()) else { continue };
            let words = Words::read(ws, r)?;
            let (lead, deal) =
                (words.record(op.object, &op.record)?.label, words.record(ObjectKind::Deal, deal)?.label);
            return Ok(Some((lead, deal)));
        }
        Ok(None)
    })?;
    let Some((lead, deal)) = told else { return Ok(()) };
    let crm = ws.card.vendor.label();
    let message =
        format!("The lead of {lead} is converted into the deal {deal}: {crm} takes no change of a converted lead");
    Err(ApiError::new(Code::NeedsAttention, "lead.converted", message)
        .kept("Nothing was changed, and nothing waits to be sent")
        .next(format!(
            "Go on with the deal {deal}. To go on with the registration as well, let {crm}'s admin give Drumbeat's user the \
             right “View and Edit Converted Leads”, then sync"
        )))
}
