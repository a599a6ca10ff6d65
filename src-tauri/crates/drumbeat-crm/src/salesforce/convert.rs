//! Converting a lead into the deal that was made for it: the one write that only the SOAP API has.
//!
//! The lead goes into the deal's own account and its owner gets what is made beside; a contact of that account with the
//! lead's e-mail address is taken, so that nobody is there twice, else the vendor makes one. The vendor fills in what is
//! empty in those that it goes into and writes over nothing. Nothing of ours can be written in the same request, so that
//! a lost answer is settled by which deal the lead names: a lead is converted once, and a second request is refused.

use drumbeat_model::crm::ObjectKind;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};

use super::data::rows;
use super::kinds::{CONVERTED_INTO, LEAD, is_id};
use super::schema::same_id;
use super::soql::{Condition, Select};
use super::wire::{Problem, Row};
use super::write::refused_or_unknown;
use super::{API_VERSION, Salesforce, problem};
use crate::crm::{Refusal, RefusalKind, WriteOutcome};
use crate::error::CrmError;
use crate::http::Toll;
use crate::http::answer::Answer;
use crate::http::text::Text;
use crate::http::written::{not_sent, unknown};

/// The vendor's word for a lead that has been converted already.
const CONVERTED_ALREADY: &str = "CANNOT_UPDATE_CONVERTED_LEAD";
/// Words after which nobody can say whether anything was applied.
const UNCLEAR: [&str; 3] = ["UNKNOWN_EXCEPTION", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT"];
/// What a refusal is told as: the envelope's own status says nothing of a part of it.
const REFUSED: u16 = 400;

fn refusal(message: String, properties: Vec<String>) -> Refusal {
    Refusal { status: REFUSED, kind: RefusalKind::Validation, message, properties }
}

/// What is asked for.
struct Conversion<'a> {
    lead: &'a str,
    deal: &'a str,
    state: String,
    account: Option<String>,
    contact: Option<String>,
    owner: Option<String>,
}

pub(super) async fn convert(salesforce: &Salesforce, lead: &str, deal: &str) -> WriteOutcome {
    let conversion = match prepare(salesforce, lead, deal).await {
        Ok(Ok(conversion)) => conversion,
        Ok(Err(refusal)) => return WriteOutcome::Refused(refusal),
        Err(CrmError::RateLimited(wait)) => return WriteOutcome::RateLimited { wait },
        Err(error) => return not_sent(&error),
    };
    let url = match salesforce.http.url(&["services", "Soap", "u", API_VERSION.trim_start_matches('v')]) {
        Ok(url) => url,
        Err(error) => return not_sent(&error),
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=UTF-8")),
        (HeaderName::from_static("soapaction"), HeaderValue::from_static("\"\"")),
    ];
    let token = salesforce.http.token();
    let body = conversion.envelope(token.expose()).into_bytes();
    match salesforce.http.write(Method::POST, url, Some(body), &headers).await {
        Ok(answer) => match outcome(salesforce, &conversion, &answer, token.expose()) {
            WriteOutcome::Stale => converted_already(salesforce, &conversion).await,
            outcome => outcome,
        },
        Err(outcome) => outcome,
    }
}

/// A lead is converted once: by our own request that was believed lost, or by somebody else.
async fn converted_already(salesforce: &Salesforce, asked: &Conversion<'_>) -> WriteOutcome {
    let into = [CONVERTED_INTO];
    let found = match one(salesforce, LEAD, &into, &[("Id", asked.lead)]).await {
        Ok(found) => found,
        Err(error) => return WriteOutcome::Unknown { why: error.to_string() },
    };
    let deal = found.as_ref().and_then(|row| row.get(CONVERTED_INTO));
    if deal.is_some_and(|deal| same_id(deal, asked.deal)) {
        return WriteOutcome::Stale;
    }
    let message = match deal {
        Some(deal) => format!("the lead has been converted into another deal ({deal}) already"),
        None => "the lead has been converted already, and into no deal".to_owned(),
    };
    WriteOutcome::Refused(refusal(message, vec![CONVERTED_INTO.to_owned()]))
}

/// What the vendor has to be told besides the lead and its deal.
async fn prepare<'a>(
    salesforce: &Salesforce,
    lead: &'a str,
    deal: &'a str,
) -> Result<Result<Conversion<'a>, Refusal>, CrmError> {
    let object = salesforce.object(ObjectKind::Registration)?;
    let missing = |what: &str| refusal(format!("{what}, so the lead cannot be converted"), Vec::new());
    let Some(state) = object.converted_states.first().cloned() else {
        return Ok(Err(missing("the account has no state for converted leads")));
    };
    let Some(of_deal) = one(salesforce, "Opportunity", &["AccountId", "OwnerId"], &[("Id", deal)]).await? else {
        return Ok(Err(missing("the CRM does not show the deal")));
    };
    let id = |row: &Row, field: &str| row.get(field).filter(|id| is_id(id)).map(str::to_owned);
    let account = id(&of_deal, "AccountId");
    let contact = match &account {
        Some(account) => {
            let email = one(salesforce, LEAD, &["Email"], &[("Id", lead)]).await?;
            match email.as_ref().and_then(|row| row.get("Email")) {
                Some(email) => {
                    let known =
                        one(salesforce, "Contact", &["Id"], &[("AccountId", account), ("Email", email)]).await?;
                    known.as_ref().and_then(|row| id(row, "Id"))
                }
                None => None,
            }
        }
        None => None,
    };
    Ok(Ok(Conversion { lead, deal, state, owner: id(&of_deal, "OwnerId"), account, contact }))
}

/// The first record for which these hold.
async fn one(
    salesforce: &Salesforce,
    from: &str,
    fields: &[&str],
    equal: &[(&str, &str)],
) -> Result<Option<Row>, CrmError> {
    let select = Select {
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        from: from.to_owned(),
        conditions: equal.iter().map(|(field, value)| Condition::text(field, value)).collect(),
        order: vec!["Id".to_owned()],
        limit: Some(1),
    };
    Ok(rows(salesforce, Toll::of(1), &select, false).await?.into_iter().next())
}

impl Conversion<'_> {
    /// The envelope, its parts in the order of the vendor's description.
    fn envelope(&self, session: &str) -> String {
        let part = |name: &str, value: &str| format!("<{name}>{}</{name}>", escaped(value));
        let known = |name: &str, value: &Option<String>| value.as_ref().map(|value| part(name, value));
        let parts = [
            known("accountId", &self.account),
            known("contactId", &self.contact),
            Some(part("convertedStatus", &self.state)),
            Some(part("doNotCreateOpportunity", "false")),
            Some(part("leadId", self.lead)),
            Some(part("opportunityId", self.deal)),
            Some(part("overwriteLeadSource", "false")),
            known("ownerId", &self.owner),
            Some(part("sendNotificationEmail", "false")),
        ];
        let parts: String = parts.into_iter().flatten().collect();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             xmlns=\"urn:partner.soap.sforce.com\"><e:Header><SessionHeader>{}</SessionHeader></e:Header><e:Body>\
             <convertLead><leadConverts>{parts}</leadConverts></convertLead></e:Body></e:Envelope>",
            part("sessionId", session)
        )
    }
}

/// What an answer says of the conversion; only one that names this lead and this deal is a yes.
fn outcome(salesforce: &Salesforce, asked: &Conversion<'_>, answer: &Answer, token: &str) -> WriteOutcome {
    let Some(body) = std::str::from_utf8(&answer.body).ok().and_then(|xml| inside(xml, "Body")) else {
        return refused_or_unknown(salesforce, answer);
    };
    if let Some(fault) = inside(body, "Fault") {
        let code = text(fault, "faultcode").unwrap_or_default();
        let code = code.rsplit(':').next().unwrap_or_default().to_owned();
        let message = text(fault, "faultstring").unwrap_or_default();
        return no(code, message, Vec::new(), token);
    }
    let Some(result) = inside(body, "result").filter(|_| answer.status.is_success()) else { return unknown(answer) };
    match text(result, "success").as_deref() {
        Some("true") => {
            let is = |name: &str, id: &str| text(result, name).is_some_and(|told| same_id(&told, id));
            if is("leadId", asked.lead) && is("opportunityId", asked.deal) {
                return WriteOutcome::Done { id: asked.lead.to_owned(), updated_at: None };
            }
            WriteOutcome::Unknown { why: "it says yes and not to what".to_owned() }
        }
        Some("false") => match inside(result, "errors") {
            Some(errors) => {
                let code = text(errors, "statusCode").unwrap_or_default();
                let fields = text(errors, "fields").into_iter().collect();
                no(code, text(errors, "message").unwrap_or_default(), fields, token)
            }
            None => unknown(answer),
        },
        _ => unknown(answer),
    }
}

/// A refusal by its code.
fn no(code: String, message: String, fields: Vec<String>, token: &str) -> WriteOutcome {
    match code.as_str() {
        "" => WriteOutcome::Unknown { why: "it says no without a reason".to_owned() },
        CONVERTED_ALREADY => WriteOutcome::Stale,
        "REQUEST_LIMIT_EXCEEDED" => WriteOutcome::RateLimited { wait: problem::DAY_WAIT },
        code if UNCLEAR.contains(&code) => WriteOutcome::Unknown { why: format!("it answers {code}") },
        _ => {
            let told = Problem { message: Text(Some(message)), error_code: Text(Some(code)), fields };
            match problem::refusal(REFUSED, &[told], token) {
                Some(refusal) => WriteOutcome::Refused(refusal),
                None => WriteOutcome::Unknown { why: "it says no in no way that is known".to_owned() },
            }
        }
    }
}

/// What stands in the first element of this name, whatever its prefix; nothing when it does not end.
fn inside<'x>(xml: &'x str, name: &str) -> Option<&'x str> {
    let mut rest = xml;
    loop {
        let (_, after) = rest.split_once('<')?;
        let (tag, body) = after.split_once('>')?;
        let own = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        if own.rsplit(':').next() != Some(name) || own.is_empty() {
            rest = body;
        } else if tag.ends_with('/') {
            return Some("");
        } else {
            return body.split_once(&format!("</{own}>")).map(|(inner, _)| inner);
        }
    }
}

/// The text of the first element of this name; nothing where it is empty.
fn text(xml: &str, name: &str) -> Option<String> {
    let raw = inside(xml, name)?.trim();
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    let plain = signs.iter().fold(raw.to_owned(), |text, (written, sign)| text.replace(written, sign));
    (!plain.is_empty()).then_some(plain)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_is_found_whatever_its_prefix_and_only_when_it_ends() {
        let xml =
            "<?xml version=\"1.0\"?><s:A xmlns:s=\"x\"><s:b>1 &lt; 2 &amp;amp;</s:b><c nil=\"true\"/><d>open</s:A>";
        assert_eq!(text(xml, "b").as_deref(), Some("1 < 2 &amp;"));
        assert_eq!((inside(xml, "c"), text(xml, "c")), (Some(""), None));
        assert_eq!((inside(xml, "d"), inside(xml, "e"), inside("<a", "a"), inside("", "a")), (None, None, None, None));
    }
}
