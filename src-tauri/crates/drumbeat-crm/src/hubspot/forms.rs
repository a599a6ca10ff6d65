//! The account's own forms: which there are, and making one that partners fill in.
//!
//! The hard idea: HubSpot takes two forms of one name, and a lost answer may be a form that was made. So nothing is
//! repeated here, and whoever asks again looks for the name first. A form is made whole: everything that the vendor
//! wants of one (look, consent, what happens afterwards) is said, because what is left out is refused. Forms have no
//! dated path yet that is not a beta.

use drumbeat_model::crm::{Holds, ObjectKind};
use drumbeat_model::value::write_instant;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::HubSpot;
use super::wire::List;
use super::write::{refused_or_unknown, send};
use crate::crm::{FormDraft, FormField, FormRow, WriteOutcome, failed};
use crate::error::CrmError;
use crate::http::Toll;
use crate::http::answer::Got;
use crate::http::text::Text;
use crate::retry::{Counter, Lane};

const PATH: [&str; 3] = ["marketing", "v3", "forms"];
/// Forms of one page.
const PAGE: &str = "100";
/// Pages that are read at most; nobody has more forms.
const PAGES: usize = 50;

#[derive(Debug, Deserialize)]
struct Form {
    #[serde(default)]
    id: Text,
    #[serde(default)]
    name: Text,
}

/// The forms that live, by name and id.
pub(super) async fn list(hubspot: &HubSpot) -> Result<Vec<FormRow>, CrmError> {
    let (mut all, mut after) = (Vec::new(), None::<String>);
    for _ in 0..PAGES {
        let mut url = hubspot.http.url(&PATH)?;
        url.query_pairs_mut().append_pair("limit", PAGE).append_pair("formTypes", "hubspot");
        if let Some(after) = &after {
            url.query_pairs_mut().append_pair("after", after);
        }
        let page: Got<List<Form>> = hubspot.http.get(Toll(Counter::General, Lane::Write), url).await?;
        let rows = page.value.results.into_iter().filter(|form| !form.id.as_str().is_empty());
        all.extend(rows.map(|form| FormRow { name: form.name.as_str().to_owned(), id: form.id.into_id() }));
        match page.value.paging.next.after.0 {
            Some(next) if Some(&next) != after.as_ref() => after = Some(next),
            Some(_) => return Err(CrmError::Garbled("the next page is this page".to_owned())),
            None => return Ok(all),
        }
    }
    Err(CrmError::TooLarge("more forms than anybody has".to_owned()))
}

/// Makes a form; its id.
pub(super) async fn create(hubspot: &HubSpot, draft: &FormDraft) -> Result<String, CrmError> {
    let mut groups = Vec::with_capacity(draft.fields.len());
    for field in &draft.fields {
        let object = match field.object {
            ObjectKind::Contact => "0-1".to_owned(),
            kind => hubspot.type_of(kind)?,
        };
        groups.push(json!({ "groupType": "default_group", "richTextType": "text", "fields": [wire(field, &object)] }));
    }
    let at = write_instant(draft.at);
    let body = json!({
        "formType": "hubspot",
        "name": draft.name,
        "createdAt": at,
        "updatedAt": at,
        "archived": false,
        "fieldGroups": groups,
        "configuration": {
            "language": "en",
            "createNewContactForNewEmail": true,
            "editable": true,
            "allowLinkToResetKnownValues": false,
            "lifecycleStages": [],
            "postSubmitAction": { "type": "thank_you", "value": draft.thanks },
            "prePopulateKnownValues": false,
            "cloneable": true,
            "notifyContactOwner": false,
            "recaptchaEnabled": true,
            "archivable": true,
            "notifyRecipients": [],
        },
        "displayOptions": {
            "renderRawHtml": false,
            "theme": "default_style",
            "submitButtonText": draft.button,
            "style": {
                "fontFamily": "arial, helvetica, sans-serif", "backgroundWidth": "100%",
                "labelTextColor": "#33475b", "labelTextSize": "14px", "helpTextColor": "#7c98b6", "helpTextSize": "11px",
                "legalConsentTextColor": "#33475b", "legalConsentTextSize": "14px",
                "submitColor": "#1f5f8b", "submitAlignment": "left", "submitFontColor": "#ffffff", "submitSize": "12px",
            },
            "cssClass": "",
        },
        "legalConsentOptions": { "type": "none" },
    });
    let outcome = match send(hubspot, Method::POST, hubspot.http.url(&PATH)?, Some(&body)).await {
        Ok(answer) if answer.status.is_success() => match crate::http::answer::parse::<Form>(&answer.body) {
            Ok(form) if form.name.as_str() == draft.name && !form.id.as_str().is_empty() => {
                return Ok(form.id.into_id());
            }
            Ok(_) | Err(_) => WriteOutcome::Unknown { why: "the answer does not show the form".to_owned() },
        },
        Ok(answer) => refused_or_unknown(&answer, hubspot.http.token().expose()),
        Err(outcome) => outcome,
    };
    Err(failed(outcome))
}

/// A field as the vendor wants it: by what it holds, with the checks that its kind must have.
fn wire(field: &FormField, object: &str) -> Value {
    let kind = match field.holds {
        Holds::Text if field.is_email => "email",
        Holds::Text if field.is_phone => "phone",
        Holds::Text if field.is_long => "multi_line_text",
        Holds::Text => "single_line_text",
        Holds::Number => "number",
        Holds::Day | Holds::Instant => "datepicker",
        Holds::Truth => "single_checkbox",
        Holds::Choice => "dropdown",
        Holds::Choices => "multiple_checkboxes",
    };
    let mut wire = json!({
        "objectTypeId": object,
        "name": field.property,
        "label": field.label,
        "required": field.required,
        "hidden": field.value.is_some(),
        "dependentFields": [],
        "fieldType": kind,
    });
    let more = match kind {
        "email" => {
            json!({ "validation": { "blockedEmailDomains": [], "useDefaultBlockList": field.object == ObjectKind::Contact } })
        }
        "phone" => {
            json!({ "useCountryCodeSelect": false, "validation": { "minAllowedDigits": 7, "maxAllowedDigits": 20 } })
        }
        "dropdown" | "multiple_checkboxes" => {
            let options = field.options.iter().enumerate();
            let options: Vec<Value> = options
                .map(|(at, (value, label))| json!({ "label": label, "value": value, "displayOrder": at, "description": "" }))
                .collect();
            let chosen: Vec<&String> = field.value.iter().collect();
            json!({ "options": options, "defaultValues": chosen })
        }
        _ => json!({ "defaultValue": field.value }),
    };
    if let (Value::Object(wire), Value::Object(more)) = (&mut wire, more) {
        wire.extend(more.into_iter().filter(|(_, value)| !value.is_null()));
    }
    wire
}
