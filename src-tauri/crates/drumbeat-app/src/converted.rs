//! Leads that the CRM has converted, or will once what waits is sent: nobody writes in them any more.
//!
//! The one rule about them is asked before anything is queued: a change of such a lead would be refused by the CRM, behind
//! everything else that its decision does. Where the CRM lets this user go on writing there is nothing to refuse.

use drumbeat_model::change::{NewOp, Op, OpKind};
use drumbeat_model::crm::{Conversion, ObjectKind, Schema};
use drumbeat_model::field::Field;
use drumbeat_model::registration::{Registration, RegistrationKind};
use drumbeat_rules::policy::{ConvertLeads, Policy};
use drumbeat_store::{Reader, Result};

use crate::error::{Answer, ApiError, Code};
use crate::scene::Setup;
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

/// How approving a claim converts the lead that it is, where it does: a deal registration, and the policy wants
/// it. A lead registration still waits for its own deal registration.
pub(crate) fn on_approval<'s>(
    claim: &Registration,
    schema: Option<&'s Schema>,
    policy: &Policy,
) -> Option<&'s Conversion> {
    let wanted = |conversion: &&Conversion| match policy.registration.convert_leads {
        ConvertLeads::Always => true,
        ConvertLeads::WhenEditable => conversion.stays_open,
        ConvertLeads::Never => false,
    };
    conversion(schema).filter(wanted).filter(|_| claim.kind == RegistrationKind::Deal)
}

/// The deal that a lead in which nobody may write any more is converted into, by its local id while that waits.
fn closed(r: &Reader<'_>, setup: &Setup, lead: &str) -> Result<Option<String>> {
    let Some(into) = setup.mapping.property(ObjectKind::Registration, Field::ConvertedInto) else { return Ok(None) };
    if conversion(setup.schema.as_deref()).is_none_or(|conversion| conversion.stays_open) {
        return Ok(None);
    }
    let values = r.effective(ObjectKind::Registration, lead)?.map(|(values, _)| values).unwrap_or_default();
    Ok(values.get(into).filter(|deal| !deal.is_empty()).cloned())
}

/// Whether nobody may write in a claim any more, because the lead that it is has been converted.
pub(crate) fn is_closed(ws: &Workspace, r: &Reader<'_>, claim: &Registration) -> Result<bool> {
    Ok(closed(r, &*ws.setup(r)?, claim.id.as_str())?.is_some())
}

/// What its conversion means for a claim, in a sentence: before its approval, and once nobody may write in it any more.
pub(crate) fn sentence(ws: &Workspace, r: &Reader<'_>, claim: &Registration) -> Result<Option<String>> {
    let setup = ws.setup(r)?;
    let crm = ws.card.vendor.label();
    if claim.status.is_open() {
        let conversion = on_approval(claim, setup.schema.as_deref(), &ws.policy);
        return Ok(conversion.map(|conversion| {
            let then = if conversion.stays_open { "" } else { ", and nothing can be changed in the lead afterwards" };
            format!("{crm} converts the lead into its deal, which cannot be taken back{then}.")
        }));
    }
    let closed = closed(r, &setup, claim.id.as_str())?;
    Ok(closed.map(|_| format!("The lead is converted: {crm} takes no change of it any more, its deal goes on.")))
}

/// Refuses changes of a lead that is converted.
///
/// # Errors
/// When one of the ops would write in one; nothing is saved then.
pub(crate) fn refuse(ws: &Workspace, ops: &[NewOp]) -> Answer<()> {
    let told = ws.read(|r| {
        let setup = ws.setup(r)?;
        for op in ops.iter().filter(|op| op.object == ObjectKind::Registration) {
            if let Some(deal) = closed(r, &setup, &op.record)? {
                let words = Words::read(ws, r)?;
                let lead = words.record(op.object, &op.record)?.label;
                return Ok(Some((lead, words.record(ObjectKind::Deal, &deal)?.label)));
            }
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
