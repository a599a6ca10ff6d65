//! Jobs of the Bulk API, fields made by the Tooling API, leads converted and accounts merged by SOAP.

use drumbeat_sandbox::OrgFaults;

use super::*;

async fn table(s: &Sandbox, id: &str, locator: &str) -> (u16, String, String, String) {
    let answer =
        send(s, Method::GET, &format!("{V}/jobs/query/{id}/results?maxRecords=400{locator}"), None).await.unwrap();
    let head = |n: &str| answer.headers().get(n).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let (status, next, count) = (answer.status().as_u16(), head("sforce-locator"), head("sforce-numberofrecords"));
    (status, next, count, answer.text().await.unwrap())
}

#[tokio::test]
async fn a_job_is_waited_for_and_read_piece_by_piece() {
    let s = salesforce().await;
    let query = "SELECT Id, Name, Amount, Account.Name, CreatedDate, IsWon, NextStep FROM Opportunity";
    let (status, job) = post(&s, &format!("{V}/jobs/query"), json!({"operation": "query", "query": query})).await;
    assert_eq!((status, &job["state"], &job["object"]), (200, &json!("UploadComplete"), &json!("Opportunity")));
    let id = job["id"].as_str().unwrap();
    assert_eq!(table(&s, id, "").await.0, 400);
    let states: Vec<Value> =
        [get(&s, &format!("{V}/jobs/query/{id}")).await, get(&s, &format!("{V}/jobs/query/{id}")).await]
            .into_iter()
            .map(|(_, job)| job["state"].clone())
            .collect();
    assert_eq!(states, ["InProgress", "JobComplete"]);
    let (status, next, count, first) = table(&s, id, "").await;
    assert_eq!((status, count.as_str(), first.lines().count()), (200, "400", 401));
    assert_eq!(
        first.lines().next(),
        Some("\"Id\",\"Name\",\"Amount\",\"Account.Name\",\"CreatedDate\",\"IsWon\",\"NextStep\"")
    );
    let (_, end, count, second) = table(&s, id, &format!("&locator={next}")).await;
    assert_eq!((end.as_str(), count.as_str()), ("null", "200"));
    let by_query = all(&s, query).await;
    let lines: Vec<&str> = first.lines().skip(1).chain(second.lines().skip(1)).collect();
    assert_eq!(lines.len(), by_query.len());
    for (line, record) in lines.iter().zip(&by_query) {
        assert!(line.starts_with(&format!("\"{}\"", record["Id"].as_str().unwrap())));
        assert!(line.contains(&record["CreatedDate"].as_str().unwrap().replace("+0000", "Z")), "{line}");
    }
    assert_eq!(
        send(&s, Method::GET, &format!("/services/data/v63.0/jobs/query/{id}/results"), None).await.unwrap().status(),
        409
    );
    assert_eq!(call(&s, Method::DELETE, &format!("{V}/jobs/query/{id}"), None).await.0, 204);
    let grouped =
        json!({"operation": "query", "query": "SELECT StageName, COUNT(Id) FROM Opportunity GROUP BY StageName"});
    assert_eq!(post(&s, &format!("{V}/jobs/query"), grouped).await.0, 400);
}

#[tokio::test]
async fn an_admin_makes_fields_and_others_may_not() {
    let s = start(Options { bare: true, ..org() }).await.unwrap();
    let path = format!("{V}/tooling/sobjects/CustomField");
    let field = |name: &str, data: Value| json!({"FullName": format!("Opportunity.{name}"), "Metadata": data});
    let op = field(
        "Drumbeat_Op_Id__c",
        json!({"type": "Text", "label": "Op", "length": 64, "unique": true, "externalId": true}),
    );
    let partner = field(
        "Partner_Organisation__c",
        json!({"type": "Lookup", "label": "Partner", "referenceTo": "Account", "relationshipName": "Partner_Deals"}),
    );
    let values = json!({"restricted": true, "valueSetDefinition": {"sorted": false, "value": [{"fullName": "referral", "label": "Referral", "default": false}]}});
    let motion = field("Partner_Motion__c", json!({"type": "Picklist", "label": "Motion", "valueSet": values}));
    for body in [&op, &partner, &motion] {
        let (status, made) = post(&s, &path, body.clone()).await;
        assert_eq!((status, &made["success"]), (201, &json!(true)), "{made}");
    }
    assert_eq!(refusal(&post(&s, &path, op).await.1).0, "DUPLICATE_DEVELOPER_NAME");
    let short = field("Short__c", json!({"type": "Text", "label": "Short"}));
    assert_eq!(
        refusal(&post(&s, &path, short).await.1),
        ("FIELD_INTEGRITY_EXCEPTION", "Must specify 'length' for a CustomField of type Text")
    );
    let account = first_id(&s, "Account").await;
    let deal = json!({"Name": "D", "StageName": "Closed won", "CloseDate": "2027-01-31", "Partner_Organisation__c": account, "Partner_Motion__c": "referral"});
    let (status, made) =
        call(&s, Method::PATCH, &format!("{V}/sobjects/Opportunity/Drumbeat_Op_Id__c/x1"), Some(deal)).await;
    assert_eq!(status, 201, "{made}");
    let found =
        all(&s, &format!("SELECT (SELECT Name FROM Partner_Deals__r) FROM Account WHERE Id = '{account}'")).await;
    assert_eq!(found[0]["Partner_Deals__r"]["records"][0]["Name"], "D");
    s.set_faults(Faults { org: OrgFaults { no_metadata: true, ..OrgFaults::default() }, ..Faults::default() });
    let (status, refused) = post(&s, &path, motion).await;
    assert_eq!((status, refusal(&refused).0), (403, "INSUFFICIENT_ACCESS"));
}

async fn soap(s: &Sandbox, body: &str) -> (u16, String) {
    let envelope = format!(
        "<?xml version=\"1.0\"?><soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Header xmlns=\"urn:partner.soap.sforce.com\"><SessionHeader><sessionId>{}</sessionId></SessionHeader></soapenv:Header><soapenv:Body xmlns=\"urn:partner.soap.sforce.com\">{body}</soapenv:Body></soapenv:Envelope>",
        s.token()
    );
    let answer =
        reqwest::Client::new().post(format!("{}/services/Soap/u/62.0", s.url())).body(envelope).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_converted_lead_says_what_it_became_and_is_closed_to_changes() {
    let s = salesforce().await;
    let lead = all(&s, "SELECT Id, Company, LastName FROM Lead WHERE RecordType.DeveloperName = 'Deal_Registration' AND Status = 'approved' LIMIT 1").await.remove(0);
    let id = lead["Id"].as_str().unwrap();
    let convert = |status: &str| {
        format!(
            "<convertLead><leadConverts><leadId>{id}</leadId><convertedStatus>{status}</convertedStatus><opportunityName>Won &amp; done</opportunityName></leadConverts></convertLead>"
        )
    };
    let (_, refused) = soap(&s, &convert("approved")).await;
    assert!(
        refused.contains("<statusCode>INVALID_STATUS</statusCode>") && refused.contains("<success>false</success>"),
        "{refused}"
    );
    assert!(s.ledger().is_empty());
    let (status, done) = soap(&s, &convert("Closed - Converted")).await;
    assert!(status == 200 && done.contains("<success>true</success>"), "{done}");
    let after = &all(&s, &format!("SELECT IsConverted, ConvertedDate, ConvertedAccountId, ConvertedContactId, ConvertedOpportunityId, ConvertedOpportunity.Name, ConvertedAccount.Name FROM Lead WHERE Id = '{id}'")).await[0];
    assert_eq!(
        (&after["IsConverted"], &after["ConvertedOpportunity"]["Name"], &after["ConvertedAccount"]["Name"]),
        (&json!(true), &json!("Won & done"), &lead["Company"])
    );
    assert!(done.contains(after["ConvertedContactId"].as_str().unwrap()));
    let (_, closed) = call(&s, Method::PATCH, &format!("{V}/sobjects/Lead/{id}"), Some(json!({"City": "X"}))).await;
    assert_eq!(refusal(&closed).0, "CANNOT_UPDATE_CONVERTED_LEAD");
    let (status, fault) = soap(&s, "<whatElse/>").await;
    assert_eq!((status, fault.contains("sf:INVALID_OPERATION")), (500, true));
}

#[tokio::test]
async fn a_merged_account_is_in_the_bin_and_names_the_one_that_stays() {
    let s = salesforce().await;
    let found = all(&s, "SELECT Id, (SELECT Id FROM Opportunities) FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity) LIMIT 2").await;
    let (stays, goes) = (found[0]["Id"].as_str().unwrap(), found[1]["Id"].as_str().unwrap());
    let both = found[0]["Opportunities"]["totalSize"].as_u64().unwrap()
        + found[1]["Opportunities"]["totalSize"].as_u64().unwrap();
    s.advance(Duration::from_secs(60));
    let since = s.now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let (_, done) = soap(&s, &format!("<merge><request><masterRecord><type>Account</type><Id>{stays}</Id></masterRecord><recordToMergeIds>{goes}</recordToMergeIds></request></merge>")).await;
    assert!(
        done.contains("<success>true</success>")
            && done.contains(&format!("<mergedRecordIds>{goes}</mergedRecordIds>")),
        "{done}"
    );
    let (_, bin) = get(
        &s,
        &format!(
            "{V}/queryAll?q=SELECT+Id,MasterRecordId+FROM+Account+WHERE+IsDeleted=true+AND+SystemModstamp%3E={since}"
        ),
    )
    .await;
    assert_eq!((&bin["records"][0]["Id"], &bin["records"][0]["MasterRecordId"]), (&json!(goes), &json!(stays)));
    let moved = all(&s, &format!("SELECT Id FROM Opportunity WHERE AccountId = '{stays}'")).await;
    assert_eq!(moved.len() as u64, both);
}
