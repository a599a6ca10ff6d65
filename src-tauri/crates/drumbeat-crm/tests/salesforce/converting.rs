//! Converting a lead into its deal: what the one request carries, and what its answers are believed to say.

use drumbeat_crm::crm::{Crm, Update, WriteOutcome};
use drumbeat_model::crm::{ObjectKind, Properties};
use serde_json::json;

use crate::desk::{ACCOUNT, Asked, DEAL, Desk, Reply, TOKEN, client, problem, question, rows, schema};

const LEAD: &str = "00Q000000000001AAA";
const OTHER: &str = "006000000000002AAA";
const CONTACT: &str = "003000000000001AAA";
const OWNER: &str = "005000000000001AAA";

fn conversion() -> Update {
    let set = Properties::from([("ConvertedOpportunityId".to_owned(), DEAL.to_owned())]);
    Update { kind: ObjectKind::Registration, id: LEAD.to_owned(), set, unmodified_since: None }
}

/// What the account says of the deal, the lead and its contact; `into` is the deal that the lead names.
fn known(asked: &Asked, account: Option<&str>, into: Option<&str>) -> Reply {
    let question = question(asked);
    if question.contains("FROM Opportunity ") {
        rows(&json!([{ "AccountId": account, "OwnerId": OWNER }]))
    } else if question.contains("ConvertedOpportunityId") {
        rows(&json!([{ "ConvertedOpportunityId": into }]))
    } else if question.contains("FROM Lead ") {
        rows(&json!([{ "Email": "o'neill@example.com" }]))
    } else {
        assert!(question.contains("FROM Contact WHERE AccountId = "), "{question}");
        rows(&json!([{ "Id": CONTACT }]))
    }
}

fn envelope(status: u16, body: &str) -> Reply {
    let whole = format!(
        "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{body}</s:Body></s:Envelope>"
    );
    Reply::Raw(status, vec![("content-type", "text/xml".into())], whole.into_bytes())
}

fn result(inner: &str) -> Reply {
    envelope(200, &format!("<convertLeadResponse><result>{inner}</result></convertLeadResponse>"))
}

fn yes(lead: &str, deal: &str) -> Reply {
    result(&format!("<leadId>{lead}</leadId><opportunityId>{deal}</opportunityId><success>true</success>"))
}

fn no(code: &str) -> Reply {
    let errors = format!("<errors><message>No &lt;budget&gt;</message><statusCode>{code}</statusCode></errors>");
    result(&format!("{errors}<opportunityId xsi:nil=\"true\"/><success>false</success>"))
}

fn fault(code: &str) -> Reply {
    envelope(500, &format!("<s:Fault><faultcode>sf:{code}</faultcode><faultstring>{code}: no</faultstring></s:Fault>"))
}

/// One word for an outcome, with the kind of a refusal.
fn word(outcome: &WriteOutcome) -> String {
    match outcome {
        WriteOutcome::Done { .. } => "done".into(),
        WriteOutcome::NotSent { .. } => "not sent".into(),
        WriteOutcome::RateLimited { .. } => "limited".into(),
        WriteOutcome::Refused(refusal) => format!("refused {:?}", refusal.kind),
        WriteOutcome::Stale => "stale".into(),
        WriteOutcome::Unknown { .. } => "unknown".into(),
    }
}

type Case = (&'static str, fn() -> Reply, &'static str);

#[tokio::test]
async fn every_end_of_a_conversion_is_told_apart() {
    let cases: &[Case] = &[
        ("converted", || yes(LEAD, DEAL), "done"),
        ("with short ids", || yes(&LEAD[..15], &DEAL[..15]), "done"),
        ("another deal", || yes(LEAD, OTHER), "unknown"),
        ("another lead", || yes("00Q000000000002AAA", DEAL), "unknown"),
        ("a yes to nothing", || result("<success>true</success>"), "unknown"),
        ("neither yes nor no", || result("<leadId>x</leadId>"), "unknown"),
        ("a no without a reason", || result("<success>false</success>"), "unknown"),
        ("a no with an empty reason", || no(""), "unknown"),
        ("an empty envelope", || envelope(200, ""), "unknown"),
        ("cut off", || Reply::Raw(200, vec![], b"<s:Envelope><s:Body><result><success>true".to_vec()), "unknown"),
        ("a web page", || Reply::Raw(200, vec![], b"<html>log in</html>".to_vec()), "unknown"),
        ("a page with a body", || Reply::Raw(200, vec![], b"<html><Body>Hello</Body></html>".to_vec()), "unknown"),
        ("nothing", || Reply::Raw(200, vec![], vec![]), "unknown"),
        ("no letters", || Reply::Raw(200, vec![], vec![0xff, 0xfe]), "unknown"),
        ("no answer", || Reply::Never, "unknown"),
        ("a yes with an error", || envelope(500, "<result><success>true</success></result>"), "unknown"),
        ("JSON of the vendor's", || Reply::Json(401, problem("INVALID_SESSION_ID", "no")), "refused NotAuthorised"),
        ("a rule", || no("FIELD_CUSTOM_VALIDATION_EXCEPTION"), "refused Validation"),
        ("a required field", || no("REQUIRED_FIELD_MISSING"), "refused Validation"),
        ("a duplicate", || no("DUPLICATES_DETECTED"), "refused Validation"),
        ("no right", || no("INSUFFICIENT_ACCESS"), "refused Forbidden"),
        ("a lock", || no("UNABLE_TO_LOCK_ROW"), "refused Locked"),
        ("gone", || no("ENTITY_IS_DELETED"), "refused Gone"),
        ("no session", || fault("INVALID_SESSION_ID"), "refused NotAuthorised"),
        ("no API", || fault("API_DISABLED_FOR_ORG"), "refused Forbidden"),
        ("the day is used up", || fault("REQUEST_LIMIT_EXCEEDED"), "limited"),
        ("it broke", || fault("UNKNOWN_EXCEPTION"), "unknown"),
        ("it is away", || fault("SERVER_UNAVAILABLE"), "unknown"),
    ];
    for (name, reply, expected) in cases {
        let desk =
            Desk::open(|asked, _| if asked.method == "POST" { reply() } else { known(asked, Some(ACCOUNT), None) });
        let desk = desk.await;
        let outcome = desk.client().update(&conversion()).await;
        assert_eq!(word(&outcome), *expected, "{name}: {outcome:?}");
        assert_eq!(desk.asked().iter().filter(|asked| asked.method == "POST").count(), 1, "{name}: one request");
        if let WriteOutcome::Refused(refusal) = &outcome {
            assert!(!refusal.message.contains(TOKEN) && !refusal.message.contains("&lt;"), "{refusal:?}");
        }
    }
    let outcome = client("http://127.0.0.1:1").update(&conversion()).await;
    assert_eq!(word(&outcome), "not sent", "{outcome:?}");
}

#[tokio::test]
async fn a_lead_that_is_converted_already_is_ours_or_somebody_elses() {
    for (into, expected) in [(Some(DEAL), "stale"), (Some(OTHER), "refused Validation"), (None, "refused Validation")] {
        let desk = Desk::open(move |asked, _| match asked.method.as_str() {
            "POST" => no("CANNOT_UPDATE_CONVERTED_LEAD"),
            _ => known(asked, Some(ACCOUNT), into),
        });
        let outcome = desk.await.client().update(&conversion()).await;
        assert_eq!(word(&outcome), expected, "{into:?} {outcome:?}");
        let told = format!("{outcome:?}");
        assert_eq!(told.contains(OTHER), into == Some(OTHER), "the other deal is named: {told}");
    }
}

#[tokio::test]
async fn a_conversion_names_the_deal_its_account_and_owner_and_the_contact_who_is_there_already() {
    for account in [Some(ACCOUNT), None] {
        let desk = Desk::open(move |asked, _| match asked.method.as_str() {
            "POST" => yes(LEAD, DEAL),
            _ => known(asked, account, None),
        });
        let desk = desk.await;
        let outcome = desk.client().update(&conversion()).await;
        assert_eq!(outcome, WriteOutcome::Done { id: LEAD.to_owned(), updated_at: None });
        let sent = desk.asked().pop().unwrap();
        assert!(sent.is("POST", "/services/Soap/u/62.0"));
        assert_eq!(
            (&sent.headers["soapaction"], &sent.headers["content-type"]),
            (&"\"\"".parse().unwrap(), &"text/xml; charset=UTF-8".parse().unwrap())
        );
        let beside = match account {
            Some(account) => format!("<accountId>{account}</accountId><contactId>{CONTACT}</contactId>"),
            None => String::new(),
        };
        let asked = format!(
            "<convertLead><leadConverts>{beside}<convertedStatus>Closed &amp; won</convertedStatus>\
             <doNotCreateOpportunity>false</doNotCreateOpportunity><leadId>{LEAD}</leadId><opportunityId>{DEAL}</opportunityId>\
             <overwriteLeadSource>false</overwriteLeadSource><ownerId>{OWNER}</ownerId>\
             <sendNotificationEmail>false</sendNotificationEmail></leadConverts></convertLead>"
        );
        assert!(sent.text.contains(&asked), "{}", sent.text);
        assert!(sent.text.contains(&format!("<sessionId>{TOKEN}</sessionId>")));
    }
}

#[tokio::test]
async fn an_account_without_a_state_for_converted_leads_converts_none() {
    let desk = Desk::open(|asked, _| known(asked, Some(ACCOUNT), None)).await;
    let salesforce = client(&desk.url);
    let mut schema = schema();
    schema.objects.get_mut(&ObjectKind::Registration).unwrap().conversion = None;
    salesforce.use_schema(&schema);
    let outcome = salesforce.update(&conversion()).await;
    assert_eq!(word(&outcome), "refused Validation", "{outcome:?}");
    assert!(desk.asked().iter().all(|asked| asked.method == "GET"), "nothing is sent");
}
