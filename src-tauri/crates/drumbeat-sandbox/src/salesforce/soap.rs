//! The two things that only SOAP can do: converting leads, and merging records.
//!
//! Callers rely on: an envelope is read by its elements' names whatever their prefixes; what the vendor's own clients send is
//! understood, and not XML at large.

use serde_json::Value;

use crate::answer::Answer;
use crate::json::day_text;
use crate::ledger::LedgerKind;
use crate::request::Request;
use crate::salesforce::check::Values;
use crate::salesforce::id::Id;
use crate::salesforce::org::{ObjectIx, RowIx};
use crate::salesforce::problem::Problem;
use crate::salesforce::write::Hand;

/// The texts between the tags of this name, outermost first.
fn inside<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let mut out = Vec::new();
    let mut rest = xml;
    while let Some(open) = rest.find('<') {
        let after = &rest[open + 1..];
        let Some(end) = after.find('>') else { break };
        let tag = after[..end].split([' ', '/', '\n', '\t', '\r']).next().unwrap_or_default();
        let own = tag.rsplit(':').next() == Some(name) && !after.starts_with('/');
        let body = &after[end + 1..];
        if !own || after[..end].ends_with('/') {
            rest = body;
            continue;
        }
        let close = format!("</{tag}>");
        let Some(length) = body.find(&close) else { break };
        out.push(&body[..length]);
        rest = &body[length + close.len()..];
    }
    out
}

fn text(xml: &str, name: &str) -> Option<String> {
    let raw = inside(xml, name).first()?.trim().to_owned();
    let plain = raw
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
    Some(plain).filter(|t| !t.is_empty())
}

/// Whose session an envelope names.
pub(crate) fn session(body: &[u8]) -> Option<String> {
    text(&String::from_utf8_lossy(body), "sessionId")
}

fn envelope(status: u16, body: &str) -> Answer {
    let whole = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns=\"urn:partner.soap.sforce.com\" xmlns:sf=\"urn:fault.partner.soap.sforce.com\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    );
    Answer { status, body: whole.into_bytes(), media: "text/xml;charset=UTF-8", headers: Vec::new() }
}

fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A refusal of the whole envelope.
pub(crate) fn fault(problem: &Problem) -> Answer {
    let message = plain(&problem.message);
    envelope(
        500,
        &format!(
            "<soapenv:Fault><faultcode>sf:{0}</faultcode><faultstring>{0}: {message}</faultstring></soapenv:Fault>",
            problem.code
        ),
    )
}

pub(crate) fn handle(hand: &mut Hand<'_>, request: &Request) -> Answer {
    let xml = String::from_utf8_lossy(&request.body).into_owned();
    let body = inside(&xml, "Body").first().copied().unwrap_or_default().to_owned();
    let (name, parts) = if body.contains("convertLead") {
        ("convertLeadResponse", inside(&body, "leadConverts"))
    } else if body.contains("merge") {
        let parts = inside(&body, "request");
        ("mergeResponse", if parts.is_empty() { inside(&body, "mergeRequests") } else { parts })
    } else {
        return fault(&Problem::new(500, "INVALID_OPERATION", "No operation available for request"));
    };
    let results: String = parts
        .into_iter()
        .map(|part| {
            let own = hand.org.begin();
            let done = if name == "mergeResponse" { merge(hand, part) } else { convert(hand, part) };
            if own {
                hand.org.end(done.is_err());
            }
            let inner = done.unwrap_or_else(|p| {
                format!(
                    "<errors><message>{}</message><statusCode>{}</statusCode></errors><success>false</success>",
                    plain(&p.message),
                    p.code
                )
            });
            format!("<result>{inner}</result>")
        })
        .collect();
    envelope(200, &format!("<{name}>{results}</{name}>"))
}

fn named(hand: &Hand<'_>, object: &str, id: &str) -> Result<(ObjectIx, RowIx, Id), Problem> {
    let malformed = || Problem::bad("MALFORMED_ID", format!("malformed id {id}"));
    let id = Id::parse(id).ok_or_else(malformed)?;
    let (ix, row) =
        hand.org.find(id).ok_or_else(|| Problem::bad("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id"))?;
    if !hand.org.at(ix).name.eq_ignore_ascii_case(object) {
        return Err(malformed());
    }
    if hand.org.at(ix).row(row).deleted.is_some() {
        return Err(Problem::bad("ENTITY_IS_DELETED", "entity is deleted"));
    }
    Ok((ix, row, id))
}

fn make(hand: &mut Hand<'_>, object: &str, values: Vec<(&str, Option<String>)>) -> Result<String, Problem> {
    let ix = hand.org.ix(object).ok_or_else(Problem::no_resource)?;
    let body = values.into_iter().filter_map(|(n, v)| Some((n.to_owned(), Value::from(v?)))).collect();
    Ok(hand.create(ix, &body)?.text())
}

/// Makes an account, a contact and a deal of a lead, or takes those that are named.
fn convert(hand: &mut Hand<'_>, part: &str) -> Result<String, Problem> {
    let lead_id = text(part, "leadId")
        .ok_or_else(|| Problem::bad("REQUIRED_FIELD_MISSING", "Required fields are missing: [leadId]"))?;
    let (leads, row, lead) = named(hand, "Lead", &lead_id)?;
    let own = |hand: &Hand<'_>, field: &str| hand.org.text(leads, row, field).map(|t| t.into_owned());
    if own(hand, "IsConverted").as_deref() == Some("true") {
        return Err(Problem::bad("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead"));
    }
    if !right(hand, "PermissionsConvertLeads") {
        return Err(Problem::bad("INSUFFICIENT_ACCESS", "insufficient access rights on object id"));
    }
    let asked = ["ConvertedOpportunityId", "ConvertedAccountId"].map(|name| (name.to_owned(), Value::Null));
    hand.refused(&asked.into_iter().collect(), Some(lead))?;
    let status = text(part, "convertedStatus").unwrap_or_default();
    if !super::catalog::lead_states().iter().any(|(state, converts)| *converts && state.eq_ignore_ascii_case(&status)) {
        return Err(Problem::bad("INVALID_STATUS", format!("invalid convertedStatus: {status}")));
    }
    let owner = text(part, "ownerId").or_else(|| own(hand, "OwnerId")).unwrap_or_default();
    if owner.starts_with("00G") {
        return Err(Problem::bad("INVALID_CROSS_REFERENCE_KEY", "Converted objects can only be owned by users"));
    }
    let company = own(hand, "Company").unwrap_or_default();
    let into = match text(part, "opportunityId") {
        Some(id) => Some(named(hand, "Opportunity", &id)?),
        None => None,
    };
    if let Some((deals, row, _)) = into {
        // A deal that has an account goes along with that one.
        let of = hand.org.text(deals, row, "AccountId").map(|t| t.into_owned()).filter(|of| !of.is_empty());
        if of.is_some() && of != text(part, "accountId") {
            let message = "The opportunity is not related to the specified account";
            return Err(Problem::bad("INVALID_CROSS_REFERENCE_KEY", message));
        }
    }
    let account = match text(part, "accountId") {
        Some(id) => named(hand, "Account", &id)?.2.text(),
        None => make(hand, "Account", vec![("Name", Some(company.clone())), ("OwnerId", Some(owner.clone()))])?,
    };
    let [first, last, email] = ["FirstName", "LastName", "Email"].map(|field| own(hand, field));
    let contact = match text(part, "contactId") {
        Some(id) => named(hand, "Contact", &id)?.2.text(),
        None => make(
            hand,
            "Contact",
            vec![
                ("FirstName", first),
                ("LastName", last),
                ("Email", email),
                ("AccountId", Some(account.clone())),
                ("OwnerId", Some(owner.clone())),
            ],
        )?,
    };
    let wanted = text(part, "doNotCreateOpportunity").as_deref() != Some("true");
    let deal = match into {
        Some((deals, row, id)) => {
            // What is empty there is filled in, nothing is written over.
            let o = hand.org.at(deals);
            let account_of = o.field_ix("AccountId").filter(|ix| o.row(row).get(*ix).is_none());
            let values: Values = account_of.into_iter().map(|ix| (ix, Some(account.clone()))).collect();
            hand.put(deals, row, &values, LedgerKind::Update);
            Some(id.text())
        }
        None if wanted => Some(opportunity(hand, part, (&account, &owner, &company))?),
        None => None,
    };
    if let Some(deal) = &deal {
        role(hand, deal, &contact)?;
    }
    let o = hand.org.at(leads);
    let today = day_text(hand.at);
    let values: Values = [
        ("IsConverted", Some("true".to_owned())),
        ("Status", Some(status)),
        ("ConvertedDate", Some(today)),
        ("ConvertedAccountId", Some(account.clone())),
        ("ConvertedContactId", Some(contact.clone())),
        ("ConvertedOpportunityId", deal.clone()),
    ]
    .into_iter()
    .filter_map(|(n, v)| Some((o.field_ix(n)?, v)))
    .collect();
    hand.put(leads, row, &values, LedgerKind::Update);
    let deal = deal.map_or_else(
        || "<opportunityId xsi:nil=\"true\"/>".to_owned(),
        |id| format!("<opportunityId>{id}</opportunityId>"),
    );
    Ok(format!(
        "<accountId>{account}</accountId><contactId>{contact}</contactId><leadId>{lead}</leadId>{deal}<success>true</success>"
    ))
}

/// Whether the user whose token it is has a right.
pub(crate) fn right(hand: &Hand<'_>, name: &str) -> bool {
    hand.org.ix("UserPermissionAccess").and_then(|rights| hand.org.text(rights, 0, name)).as_deref() == Some("true")
}

/// The contact that came of a lead is the deal's, its first where it has none.
fn role(hand: &mut Hand<'_>, deal: &str, contact: &str) -> Result<(), Problem> {
    let roles = hand.org.ix("OpportunityContactRole").ok_or_else(Problem::no_resource)?;
    let of = |row: RowIx, name: &str| hand.org.text(roles, row, name).map(|t| t.into_owned());
    let living = |row: &RowIx| hand.org.at(roles).row(*row).deleted.is_none();
    let rows: Vec<RowIx> = (0..hand.org.at(roles).rows.len() as RowIx).filter(living).collect();
    let own: Vec<RowIx> = rows.into_iter().filter(|row| of(*row, "OpportunityId").as_deref() == Some(deal)).collect();
    if own.iter().any(|row| of(*row, "ContactId").as_deref() == Some(contact)) {
        return Ok(());
    }
    let first = Some(own.is_empty().to_string());
    let values =
        vec![("OpportunityId", Some(deal.to_owned())), ("ContactId", Some(contact.to_owned())), ("IsPrimary", first)];
    make(hand, "OpportunityContactRole", values).map(drop)
}

fn opportunity(
    hand: &mut Hand<'_>,
    part: &str,
    (account, owner, company): (&str, &str, &str),
) -> Result<String, Problem> {
    let stage = hand
        .org
        .object("Opportunity")
        .and_then(|o| Some(o.field(o.field_ix("StageName")?).choices.first()?.value.clone()));
    // A deal that comes of a lead closes a quarter on.
    let close = day_text(hand.at + 90 * 86_400_000);
    let name = text(part, "opportunityName").unwrap_or_else(|| format!("{company}-"));
    make(
        hand,
        "Opportunity",
        vec![
            ("Name", Some(name)),
            ("StageName", stage),
            ("CloseDate", Some(close)),
            ("AccountId", Some(account.to_owned())),
            ("OwnerId", Some(owner.to_owned())),
        ],
    )
}

/// Puts up to two records into a third: what belongs to them goes over, they go into the bin and say where they went.
fn merge(hand: &mut Hand<'_>, part: &str) -> Result<String, Problem> {
    let master = inside(part, "masterRecord").first().copied().unwrap_or_default().to_owned();
    let of = text(&master, "type").unwrap_or_default();
    if !matches!(of.to_ascii_lowercase().as_str(), "account" | "contact" | "lead") {
        return Err(Problem::bad("INVALID_TYPE", format!("merge is not supported for {of}")));
    }
    let master_id = text(&master, "Id").or_else(|| text(&master, "id")).unwrap_or_default();
    let (object, row, id) = named(hand, &of, &master_id)?;
    let mut gone = String::new();
    let mut moved = String::new();
    for loser in inside(part, "recordToMergeIds").iter().map(|t| t.trim().to_owned()).collect::<Vec<_>>() {
        let (_, other, other_id) = named(hand, &of, &loser)?;
        for (child, field, rows) in hand.org.pointing_at(object, other_id) {
            for r in rows {
                moved.push_str(&format!("<updatedRelatedIds>{}</updatedRelatedIds>", hand.org.at(child).row(r).id));
                let o = hand.org.at_mut(child);
                o.set(r, &[(field, Some(id.text()))]);
                o.touch(r, hand.at, None);
            }
        }
        let o = hand.org.at_mut(object);
        if let Some(field) = o.field_ix("MasterRecordId") {
            o.set(other, &[(field, Some(id.text()))]);
        }
        o.delete(other, hand.at, hand.by);
        gone.push_str(&format!("<mergedRecordIds>{other_id}</mergedRecordIds>"));
    }
    hand.put(object, row, &Values::new(), LedgerKind::Merge);
    Ok(format!("<id>{id}</id>{gone}<success>true</success>{moved}"))
}
