//! The CRM's intake forms: what they would ask, shown first, then made in the CRM.
//!
//! The one hard idea: a form is known by its name. Looking comes before making, so that making twice is making once, also
//! when an answer was lost. Where the token may not see or make forms, why is said, and the page for the admin
//! ([`crate::guide`]) says by hand the same that would be made here. The acknowledgement, which is a workflow, and what
//! is required at a stage cannot be made by a published, stable interface: they stay on the page.

use std::sync::Arc;

use drumbeat_crm::crm::{FormDraft, FormField, FormRow};
use drumbeat_crm::error::CrmError;
use drumbeat_model::crm::{Holds, ObjectKind, Vendor};
use drumbeat_model::field::Field as F;
use drumbeat_model::intake::{IntakeForm, IntakeFormField, IntakeForms};
use drumbeat_model::registration::{RegistrationKind, RegistrationStatus};

use crate::api::Nothing;
use crate::error::{Answer, ApiError};
use crate::guide::{Page, to_be};
use crate::workspace::Workspace;

/// What partners read when they have sent one.
const THANKS: &str =
    "Thank you. Your registration has arrived; nothing is protected until you hear that it is approved.";
/// What stays with a person whatever the token may.
const BY_HAND: &[&str] = &[
    "The acknowledgement mail is a workflow; HubSpot has no stable interface that makes one. Section 3 of the admin’s page.",
    "Fields that are required at a stage are set by hand. Section 4 of the admin’s page.",
    "Whose claim it is comes from the partner’s own page or from the workflow: the hidden field of the partner. Sections 2 and 3.",
];

/// The same where partners' claims are leads of Salesforce, or records of the account's own.
const BY_HAND_THERE: &[&str] = &[
    "Setup makes the form’s HTML; Salesforce has no interface that makes it. Section 3 of the admin’s page.",
    "The acknowledgement is an auto-response rule for leads. Section 4 of the admin’s page.",
    "Fields that are required at a stage are validation rules; the page has their formulas. Section 5 of the admin’s page.",
];

/// The forms as the CRM has them and as they would be made. Asks the CRM; changes nothing.
///
/// # Errors
/// When the CRM has not been described yet, or does not answer.
pub async fn intake_forms(ws: Arc<Workspace>, _: Nothing) -> Answer<IntakeForms> {
    let drafts = drafts(&ws)?;
    let (known, refused) = known(&ws).await?;
    Ok(shown(&ws, &drafts, &known, refused))
}

/// Makes the forms that are not there yet; what was made stays when a later one is refused.
///
/// # Errors
/// What the CRM says of the first one that it refuses.
pub async fn create_intake_forms(ws: Arc<Workspace>, _: Nothing) -> Answer<IntakeForms> {
    let drafts = drafts(&ws)?;
    let (mut known, refused) = known(&ws).await?;
    let plan = shown(&ws, &drafts, &known, refused);
    if let Some(refused) = plan.refused {
        return Err(ApiError::invalid("forms.refused", refused)
            .kept("Nothing was made in the CRM")
            .next("Give the page for the admin to whoever may: `drumbeat provision --guide FILE`"));
    }
    let crm = ws.crm()?;
    let mut made = Vec::new();
    for draft in &drafts {
        if known.iter().any(|form| form.name == draft.form.name) {
            continue;
        }
        match crm.create_form(&draft.form).await {
            Ok(id) => {
                known.push(FormRow { id, name: draft.form.name.clone() });
                made.push(draft.form.name.clone());
            }
            Err(error) => {
                tell(&ws, &made)?;
                let kept = match made.len() {
                    0 => "No form was made for certain".to_owned(),
                    _ => format!("{} was made and stays", made.join(", ")),
                };
                return Err(ApiError::from(error)
                    .kept(kept)
                    .next("Do it again: a form that is there already is not made twice"));
            }
        }
    }
    tell(&ws, &made)?;
    Ok(shown(&ws, &drafts, &known, None))
}

/// One entry of the audit trail for what was made.
fn tell(ws: &Workspace, made: &[String]) -> Answer<()> {
    if made.is_empty() {
        return Ok(());
    }
    let title = format!("Made in {}: {}", ws.card.vendor.label(), made.join(", "));
    ws.write(crate::connect::entry(ws, "provision", &title), |_| Ok(()))?;
    Ok(())
}

/// A form as it would be made, and what it cannot ask yet.
struct Draft {
    kind: RegistrationKind,
    form: FormDraft,
    not_asked: Vec<String>,
    /// Something that it has to ask is not among them.
    is_short: bool,
}

fn drafts(ws: &Workspace) -> Answer<Vec<Draft>> {
    let (mapping, schema) = ws.read(|r| Ok((r.mapping()?, r.schema()?)))?;
    let schema = schema.ok_or_else(|| {
        ApiError::invalid("guide.none", "The CRM has not been described yet").next("Connect the CRM and sync once")
    })?;
    let (mapping, schema) = to_be(mapping, schema);
    let page = Page { mapping: &mapping, schema: &schema, policy: &ws.policy };
    Ok([RegistrationKind::Lead, RegistrationKind::Deal].into_iter().map(|kind| draft(ws, &page, kind)).collect())
}

fn draft(ws: &Workspace, page: &Page<'_>, kind: RegistrationKind) -> Draft {
    let sender = FormField {
        object: ObjectKind::Contact,
        property: "email".to_owned(),
        label: "Your own e-mail".to_owned(),
        holds: Holds::Text,
        options: Vec::new(),
        required: true,
        value: None,
        is_email: true,
        is_phone: false,
        is_long: false,
    };
    let (mut fields, mut not_asked, mut is_short) = (vec![sender], Vec::new(), false);
    for asked in page.asked(kind) {
        match page.known(ObjectKind::Registration, &asked.property) {
            Some(known) if asked.present && !known.read_only => fields.push(FormField {
                object: ObjectKind::Registration,
                property: asked.property,
                label: if asked.field == F::Consent { CONSENT.to_owned() } else { asked.label },
                holds: known.holds,
                options: known.options.clone(),
                required: asked.required,
                value: None,
                is_email: asked.field == F::ContactEmail,
                is_phone: asked.field == F::ContactPhone,
                is_long: matches!(asked.field, F::Problem | F::ProofOfWork | F::Products | F::Competitors),
            }),
            _ => {
                is_short |= asked.required;
                not_asked.push(asked.label);
            }
        }
    }
    for (field, value) in
        [(F::RegistrationKind, kind.name()), (F::Status, RegistrationStatus::Submitted.name()), (F::Name, kind.label())]
    {
        let (property, label, present) = page.property(ObjectKind::Registration, field);
        match page.known(ObjectKind::Registration, &property).filter(|_| present) {
            Some(known) => fields.push(FormField {
                object: ObjectKind::Registration,
                property,
                label,
                holds: known.holds,
                options: known.options.clone(),
                required: false,
                value: Some(value.to_owned()),
                is_email: false,
                is_phone: false,
                is_long: false,
            }),
            None => {
                is_short = true;
                not_asked.push(label);
            }
        }
    }
    let form = FormDraft {
        name: format!("Partner registration: {}", kind.name()),
        fields,
        button: "Send the registration".to_owned(),
        thanks: THANKS.to_owned(),
        at: ws.clock.now(),
    };
    Draft { kind, form, not_asked, is_short }
}

/// The words beside the box of consent.
pub(crate) const CONSENT: &str = "The contact has agreed that we may use the details above to follow up.";

/// The forms that the CRM has, or why they cannot be seen or made.
async fn known(ws: &Workspace) -> Answer<(Vec<FormRow>, Option<String>)> {
    if ws.card.vendor == Vendor::Salesforce {
        let why = "Salesforce lets nobody make its Web-to-Lead form from outside: the page for the admin says what to \
                   choose for it (`drumbeat provision --guide FILE`)";
        return Ok((Vec::new(), Some(why.to_owned())));
    }
    let page = "the page for the admin tells how to make them by hand (`drumbeat provision --guide FILE`)";
    match ws.crm()?.forms().await {
        Ok(forms) => Ok((forms, None)),
        Err(CrmError::Forbidden(why)) => {
            let why = format!(
                "The token may not read and make forms (it lacks the right “forms”; HubSpot says: {why}): {page}"
            );
            Ok((Vec::new(), Some(why)))
        }
        Err(CrmError::NotFound(why)) => Ok((Vec::new(), Some(format!("This account has no forms ({why}): {page}")))),
        Err(error) => Err(error.into()),
    }
}

fn shown(ws: &Workspace, drafts: &[Draft], known: &[FormRow], refused: Option<String>) -> IntakeForms {
    let forms: Vec<IntakeForm> = drafts
        .iter()
        .map(|draft| IntakeForm {
            kind: draft.kind,
            name: draft.form.name.clone(),
            id: known.iter().find(|form| form.name == draft.form.name).map(|form| form.id.clone()),
            fields: draft.form.fields.iter().map(field).collect(),
            not_asked: draft.not_asked.clone(),
        })
        .collect();
    let missing = u32::try_from(forms.iter().filter(|form| form.id.is_none()).count()).unwrap_or(u32::MAX);
    let short = drafts.iter().zip(&forms).any(|(draft, form)| draft.is_short && form.id.is_none());
    let refused = refused.or_else(|| {
        short.then(|| {
            "Properties that a form has to ask for are not in the CRM yet: `drumbeat provision --apply` first"
                .to_owned()
        })
    });
    let by_hand = match ws.card.vendor {
        Vendor::Hubspot => BY_HAND,
        Vendor::Salesforce => BY_HAND_THERE,
    };
    IntakeForms { forms, missing, refused, by_hand: by_hand.iter().map(|text| (*text).to_owned()).collect() }
}

fn field(field: &FormField) -> IntakeFormField {
    IntakeFormField {
        label: field.label.clone(),
        property: field.property.clone(),
        required: field.required,
        value: field.value.clone(),
    }
}
