//! What queries find, in which order, and how they are refused.

use super::*;

#[tokio::test]
async fn a_first_sync_walks_all_deals_by_id_and_by_locator_alike() {
    let s = start(Options { data: Source::Synthetic(4_500), ..org() }).await.unwrap();
    let by_locator = all(&s, "SELECT Id, Name FROM Opportunity").await;
    assert_eq!(by_locator.len(), 4_500);
    let (mut walked, mut after) = (Vec::new(), "000000000000000".to_owned());
    loop {
        let page =
            all(&s, &format!("SELECT Id, Name FROM Opportunity WHERE Id > '{after}' ORDER BY Id LIMIT 2000")).await;
        let Some(last) = page.last() else { break };
        after = last["Id"].as_str().unwrap().to_owned();
        walked.extend(page);
    }
    assert_eq!(walked, by_locator);
    let ids: Vec<&str> = walked.iter().map(|r| r["Id"].as_str().unwrap()).collect();
    assert!(ids.is_sorted() && ids.iter().all(|id| id.len() == 18 && id.starts_with("006")));
}

#[tokio::test]
async fn a_poll_by_stamp_and_id_meets_each_change_once() {
    let s = salesforce().await;
    let everything = all(&s, "SELECT Id, SystemModstamp FROM Opportunity ORDER BY SystemModstamp, Id").await;
    let key = |r: &Value| (r["SystemModstamp"].as_str().unwrap().to_owned(), r["Id"].as_str().unwrap().to_owned());
    assert!(everything.is_sorted_by_key(key));
    let (mut met, mut at) = (0, key(&everything[99]));
    loop {
        let (stamp, id) = (at.0.replace("+0000", "Z"), &at.1);
        let query = format!(
            "SELECT Id, SystemModstamp FROM Opportunity WHERE (SystemModstamp = {stamp} AND Id > '{id}') OR SystemModstamp > {stamp} ORDER BY SystemModstamp ASC, Id ASC LIMIT 50"
        );
        let page = all(&s, &query).await;
        let Some(last) = page.last() else { break };
        assert_eq!(key(&page[0]), key(&everything[100 + met]));
        met += page.len();
        at = key(last);
    }
    assert_eq!(met, everything.len() - 100);
}

#[tokio::test]
async fn conditions_mean_what_the_vendor_means() {
    let s = salesforce().await;
    let deals = all(&s, "SELECT Id, Name, Amount, StageName, IsWon, CloseDate, Partner_Motion__c, Product__c, NextStep FROM Opportunity").await;
    let count = |f: &dyn Fn(&Value) -> bool| deals.iter().filter(|d| f(d)).count();
    let amount = |d: &Value| d["Amount"].as_f64().unwrap_or_default();
    let text = |d: &Value, n: &str| d[n].as_str().unwrap_or_default().to_owned();
    let cases: Vec<(&str, usize)> = vec![
        ("Amount > 10000 AND IsWon = true", count(&|d| amount(d) > 10_000.0 && d["IsWon"] == true)),
        ("NOT (Amount <= 10000 OR IsWon = false)", count(&|d| amount(d) > 10_000.0 && d["IsWon"] == true)),
        ("StageName = 'CLOSED WON'", count(&|d| text(d, "StageName").eq_ignore_ascii_case("Closed won"))),
        ("Partner_Motion__c = null", count(&|d| d["Partner_Motion__c"].is_null())),
        ("Partner_Motion__c != 'reseller'", count(&|d| d["Partner_Motion__c"] != "reseller")),
        (
            "Partner_Motion__c IN ('reseller', 'tech')",
            count(&|d| ["reseller", "tech"].contains(&text(d, "Partner_Motion__c").as_str())),
        ),
        (
            "Partner_Motion__c NOT IN ('reseller', 'tech') AND Partner_Motion__c != ''",
            count(&|d| !["", "reseller", "tech"].contains(&text(d, "Partner_Motion__c").as_str())),
        ),
        ("Product__c LIKE 'core%'", count(&|d| text(d, "Product__c").starts_with("Core"))),
        ("Product__c LIKE '%_pecial'", count(&|d| text(d, "Product__c").ends_with("pecial"))),
        ("CloseDate = THIS_MONTH", count(&|d| text(d, "CloseDate").starts_with("2026-11"))),
        ("CloseDate < 2026-01-01", count(&|d| text(d, "CloseDate").as_str() < "2026-01-01")),
        ("CreatedDate > LAST_N_DAYS:36500", 0),
        ("NextStep = 'it\\'s \\u0041'", 0),
    ];
    for (test, expected) in cases {
        let query = format!("SELECT COUNT() FROM Opportunity WHERE {test}");
        assert_eq!(soql(&s, &query).await.1["totalSize"], expected, "{query}");
    }
}

#[tokio::test]
async fn parents_and_children_come_along() {
    let s = salesforce().await;
    let deals = all(&s, "SELECT Name, Account.Name, Account.Owner.Name, Partner_Organisation__r.Name, Owner.Email FROM Opportunity WHERE Partner_Organisation__r.IsPartner__c = true LIMIT 3").await;
    assert_eq!(deals.len(), 3);
    for deal in &deals {
        assert_eq!(deal["Account"]["attributes"]["type"], "Account");
        assert!(
            deal["Account"]["Owner"]["Name"].is_string() && deal["Partner_Organisation__r"]["Name"].is_string(),
            "{deal}"
        );
    }
    let accounts = all(&s, "SELECT Id, Name, (SELECT Id, StageName FROM Opportunities WHERE IsClosed = false ORDER BY Amount DESC NULLS LAST LIMIT 2), (SELECT Id FROM Contacts) FROM Account").await;
    assert!(
        accounts.iter().any(|a| a["Opportunities"]["totalSize"] == 2)
            && accounts.iter().any(|a| a["Opportunities"].is_null())
    );
    assert!(accounts.iter().all(|a| a["Contacts"]["totalSize"].as_u64() >= Some(1)));
    let touched = all(&s, "SELECT Id, What.Name, What.Type FROM Task LIMIT 5").await;
    assert!(touched.iter().all(|t| t["What"]["Type"] == "Opportunity" && t["What"]["Name"].is_string()), "{touched:?}");
    let with_deals =
        all(&s, "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Opportunity WHERE IsWon = true)").await;
    let without =
        all(&s, "SELECT Id FROM Account WHERE Id NOT IN (SELECT AccountId FROM Opportunity WHERE IsWon = true)").await;
    assert_eq!(with_deals.len() + without.len(), all(&s, "SELECT Id FROM Account").await.len());
}

#[tokio::test]
async fn groups_add_up_to_the_whole() {
    let s = salesforce().await;
    let groups = all(&s, "SELECT StageName, COUNT(Id) n, SUM(Amount) total, MIN(CloseDate), AVG(Amount) FROM Opportunity GROUP BY StageName ORDER BY COUNT(Id) DESC").await;
    let whole = &all(&s, "SELECT COUNT(Id), SUM(Amount) FROM Opportunity").await[0];
    assert_eq!(groups.iter().map(|g| g["n"].as_u64().unwrap()).sum::<u64>(), 600);
    assert_eq!(whole["expr0"], 600);
    let sum: f64 = groups.iter().filter_map(|g| g["total"].as_f64()).sum();
    assert!((sum - whole["expr1"].as_f64().unwrap()).abs() < 0.01);
    assert!(groups.is_sorted_by(|a, b| a["n"].as_u64() >= b["n"].as_u64()));
    let many = all(&s, "SELECT AccountId, COUNT(Id) FROM Opportunity GROUP BY AccountId HAVING COUNT(Id) > 20").await;
    assert!(!many.is_empty() && many.iter().all(|g| g["expr0"].as_u64().unwrap() > 20));
}

#[tokio::test]
async fn bundles_of_fields_want_a_limit() {
    let s = salesforce().await;
    let whole = &all(&s, "SELECT FIELDS(ALL) FROM Account LIMIT 1").await[0];
    assert!(
        whole["IsPartner__c"].is_boolean() && whole["SystemModstamp"].is_string() && whole.get("ParentId").is_some()
    );
    assert_eq!(all(&s, "select fields(standard) from account limit 1").await[0].get("IsPartner__c"), None);
    let (status, body) = soql(&s, "SELECT FIELDS(CUSTOM) FROM Account").await;
    assert_eq!((status, refusal(&body).0), (400, "MALFORMED_QUERY"));
}

#[tokio::test]
async fn a_query_that_is_wrong_is_refused_with_the_place() {
    let s = salesforce().await;
    let cases = [
        ("SELECT Id FORM Account", "MALFORMED_QUERY", "ERROR at Row:1:Column:11\nunexpected token: 'FORM'"),
        (
            "SELECT Id FROM Account\nWHERE Name = ",
            "MALFORMED_QUERY",
            "ERROR at Row:2:Column:14\nunexpected token: '<EOF>'",
        ),
        (
            "SELECT Idd FROM Account",
            "INVALID_FIELD",
            "ERROR at Row:1:Column:8\nNo such column 'Idd' on entity 'Account'.",
        ),
        ("SELECT Id FROM Acount", "INVALID_TYPE", "sObject type 'Acount' is not supported."),
        ("SELECT Id, Bar.Name FROM Account", "INVALID_FIELD", "Didn't understand relationship 'Bar' in field path."),
        (
            "SELECT Id, (SELECT Id FROM Bars) FROM Account",
            "INVALID_TYPE",
            "Didn't understand relationship 'Bars' in FROM part",
        ),
        (
            "SELECT Id FROM Opportunity WHERE Amount = '5'",
            "INVALID_FIELD",
            "must be of type double and should not be enclosed in quotes",
        ),
        ("SELECT Id FROM Opportunity WHERE CreatedDate > 2026-01-01", "INVALID_FIELD", "must be of type dateTime"),
        (
            "SELECT Id FROM Opportunity WHERE AccountId = 'nobody'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid ID field: nobody",
        ),
        ("SELECT Id FROM Opportunity WHERE Description = 'x'", "INVALID_FIELD", "can not be filtered in a query call"),
        (
            "SELECT Id FROM Opportunity WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
            "MALFORMED_QUERY",
            "unexpected token: 'OR'",
        ),
        ("SELECT Id FROM Opportunity WHERE Name INCLUDES ('a')", "INVALID_QUERY_FILTER_OPERATOR", "multipicklist"),
        ("SELECT Name, COUNT(Id) FROM Opportunity", "MALFORMED_QUERY", "Field must be grouped or aggregated: Name"),
        ("SELECT Id FROM Opportunity OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "2000"),
        ("SELECT Id FROM Opportunity WHERE Name = 'a\\x'", "MALFORMED_QUERY", "Illegal string literal"),
    ];
    for (query, code, message) in cases {
        let (status, body) = soql(&s, query).await;
        assert_eq!((status, refusal(&body).0), (400, code), "{query}: {body}");
        assert!(refusal(&body).1.contains(message), "{query}: {body}");
    }
}
