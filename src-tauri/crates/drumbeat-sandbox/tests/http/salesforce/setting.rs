//! What the org says of itself, and what it starts with.

use super::*;

#[tokio::test]
async fn without_a_session_there_are_only_the_versions() {
    let s = salesforce().await;
    let plain = |path: String| async move { reqwest::get(path).await.unwrap() };
    let versions: Value =
        serde_json::from_str(&plain(format!("{}/services/data", s.url())).await.text().await.unwrap()).unwrap();
    assert_eq!(versions.as_array().unwrap().last().unwrap()["version"], "68.0");
    let answer = plain(format!("{}{V}/sobjects", s.url())).await;
    assert_eq!(answer.status(), 401);
    let wrong =
        reqwest::Client::new().get(format!("{}{V}/sobjects", s.url())).bearer_auth("00D!x").send().await.unwrap();
    assert!(wrong.text().await.unwrap().contains("INVALID_SESSION_ID"));
    let answer = send(&s, Method::GET, &format!("{V}/limits"), None).await.unwrap();
    assert!(answer.headers()["sforce-limit-info"].to_str().unwrap().starts_with("api-usage=1/"));
    assert_eq!(get(&s, "/services/data/v99.0/limits").await.0, 404);
}

#[tokio::test]
async fn an_object_describes_its_fields_children_and_record_types() {
    let s = salesforce().await;
    let (_, global) = get(&s, &format!("{V}/sobjects")).await;
    assert!(
        global["sobjects"]
            .as_array()
            .unwrap()
            .iter()
            .any(|o| o["name"] == "Partner_Certification__c" && o["keyPrefix"] == "a00")
    );
    let (_, deal) = get(&s, &format!("{V}/sobjects/opportunity/describe")).await;
    let field = |name: &str| deal["fields"].as_array().unwrap().iter().find(|f| f["name"] == name).unwrap().clone();
    let op = field("Drumbeat_Op_Id__c");
    assert_eq!(
        (&op["unique"], &op["externalId"], &op["custom"], &op["length"]),
        (&json!(true), &json!(true), &json!(true), &json!(64))
    );
    let partner = field("Partner_Organisation__c");
    assert_eq!(
        (&partner["referenceTo"], &partner["relationshipName"]),
        (&json!(["Account"]), &json!("Partner_Organisation__r"))
    );
    assert_eq!((&field("IsWon")["updateable"], &field("Amount")["type"]), (&json!(false), &json!("currency")));
    let motions = field("Partner_Motion__c");
    assert_eq!(
        (&motions["restrictedPicklist"], &motions["picklistValues"][0]["value"]),
        (&json!(true), &json!("referral"))
    );
    let (_, account) = get(&s, &format!("{V}/sobjects/Account/describe")).await;
    assert!(account["childRelationships"].as_array().unwrap().iter().any(|c| c["relationshipName"] == "Opportunities"));
    let types: Vec<&str> =
        deal["recordTypeInfos"].as_array().unwrap().iter().map(|t| t["developerName"].as_str().unwrap()).collect();
    assert_eq!(types.len(), 7);
    assert!(types.contains(&"Partner_reseller") && types.contains(&"Master"), "{types:?}");
    let (_, layouts) = get(&s, &format!("{V}/sobjects/Opportunity/describe/layouts")).await;
    let reseller = layouts["recordTypeMappings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["name"] == "Partner: reseller")
        .unwrap()
        .clone();
    let stages = reseller["picklistsForRecordType"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["picklistName"] == "StageName")
        .unwrap()["picklistValues"]
        .clone();
    assert_eq!((stages.as_array().unwrap().len(), &stages[0]["value"]), (6, &json!("Deal Registration")));
}

#[tokio::test]
async fn the_same_seed_makes_the_same_org() {
    let (a, b) = (salesforce().await, salesforce().await);
    let other = start(Options { seed: 2, ..org() }).await.unwrap();
    let query = "SELECT Id, Name, Amount, Partner_Organisation__c, SystemModstamp FROM Opportunity";
    assert_eq!(all(&a, query).await, all(&b, query).await);
    assert_ne!(all(&a, query).await, all(&other, query).await);
    for object in
        ["Lead", "Task", "Event", "Contact", "OpportunityContactRole", "Partner_Certification__c", "OpportunityHistory"]
    {
        let found = all(&a, &format!("SELECT Id FROM {object}")).await;
        assert!(!found.is_empty(), "{object}");
        assert_eq!(found, all(&b, &format!("SELECT Id FROM {object}")).await);
    }
}

#[tokio::test]
async fn registrations_are_leads_of_a_record_type_beside_others() {
    let s = salesforce().await;
    let leads = all(
        &s,
        "SELECT Id, RecordType.DeveloperName, Status, Partner__r.IsPartner__c, Submitted_At__c, Deal__c FROM Lead",
    )
    .await;
    let (registered, others): (Vec<&Value>, Vec<&Value>) =
        leads.iter().partition(|l| l["RecordType"]["DeveloperName"] == "Deal_Registration");
    assert_eq!((registered.len(), others.is_empty()), (84, false));
    assert!(registered.iter().all(|r| r["Partner__r"]["IsPartner__c"] == true && r["Submitted_At__c"].is_string()));
    let waiting =
        registered.iter().filter(|r| ["submitted", "info_requested"].contains(&r["Status"].as_str().unwrap())).count();
    assert_eq!(waiting, 24);
    let stages =
        all(&s, "SELECT MasterLabel, IsClosed, IsWon, DefaultProbability FROM OpportunityStage ORDER BY SortOrder")
            .await;
    assert!(
        stages.iter().any(|t| t["IsWon"] == true)
            && stages.iter().any(|t| t["IsClosed"] == true && t["IsWon"] == false)
    );
}

#[tokio::test]
async fn a_bare_org_has_nothing_of_the_program() {
    let s = start(Options { bare: true, ..org() }).await.unwrap();
    let (_, deal) = get(&s, &format!("{V}/sobjects/Opportunity/describe")).await;
    assert!(deal["fields"].as_array().unwrap().iter().all(|f| f["custom"] == false));
    assert_eq!(get(&s, &format!("{V}/sobjects/Partner_Certification__c/describe")).await.0, 404);
    assert_eq!(all(&s, "SELECT Id FROM Opportunity").await.len(), 600);
}

#[tokio::test]
async fn a_journal_brings_a_stopped_org_back() {
    let folder = tempfile::tempdir().unwrap();
    let kept = || Options { journal: Some(folder.path().join("journal")), ..org() };
    let s = start(kept()).await.unwrap();
    let deal = first_id(&s, "Opportunity").await;
    call(&s, Method::PATCH, &format!("{V}/sobjects/Opportunity/{deal}"), Some(json!({"NextStep": "Kept"}))).await;
    let (_, made) = post(&s, &format!("{V}/sobjects/Account"), json!({"Name": "Made"})).await;
    s.stop().await;
    let s = start(kept()).await.unwrap();
    assert_eq!(all(&s, &format!("SELECT NextStep FROM Opportunity WHERE Id = '{deal}'")).await[0]["NextStep"], "Kept");
    assert_eq!(get(&s, &format!("{V}/sobjects/Account/{}", made["id"].as_str().unwrap())).await.1["Name"], "Made");
    s.stop().await;
    let other = start(Options { crm: Dialect::Hubspot, ..kept() }).await.unwrap_err().to_string();
    assert!(other.contains("belongs to other data"), "{other}");
}
