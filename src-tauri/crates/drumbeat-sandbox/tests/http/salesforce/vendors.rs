//! The vendor's world meets the sandbox unmodified: clients and exports.

use std::process::Command;

use super::*;

/// Calls the sandbox with jsforce, which must not be able to tell.
#[tokio::test(flavor = "multi_thread")]
async fn jsforce_cannot_tell() {
    let s = start(Options { now: None, data: Source::Synthetic(2_500), ..org() }).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/sync/jsforce");
    assert!(folder.join("node_modules").is_dir(), "jsforce is not installed; cargo xtask test does it");
    let (url, token) = (s.url().to_owned(), s.token().to_owned());
    let driven = tokio::task::spawn_blocking(move || {
        let mut node = Command::new("node");
        node.arg("drive.mjs").current_dir(folder).env("DRUMBEAT_SANDBOX_URL", url).env("DRUMBEAT_SANDBOX_TOKEN", token);
        node.output().unwrap()
    });
    let output = driven.await.unwrap();
    let (told, wrong) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}\n{wrong}");
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["done"].as_array().unwrap().len(), 12, "{told}");
}

fn export(folder: &Path) {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let mut accounts = "Id,Name,Type,ParentId,Industry,Website,Phone,BillingStreet,BillingCity,BillingState,BillingPostalCode,BillingCountry,AnnualRevenue,NumberOfEmployees,AccountSource,CurrencyIsoCode,OwnerId,CreatedDate,LastModifiedDate,SystemModstamp\n".to_owned();
    accounts.push_str("0018a00001uyyLHAAY,Grand Tents Ltd,Customer - Direct,,Hospitality,www.grand-tents.example,(312) 596-1000,\"2 Main Avenue, Suite 1\nChicago\",Chicago,IL,,USA,,39000,,USD,0058a00000LvkJhAAJ,2022-08-16 12:16:35+00,2023-01-20 07:25:43+00,2023-01-20 07:25:43+00\n");
    accounts.push_str("0018a00001pWk25AAC,Sample of nothing,Who knows,,,,,,,,,,,,,USD,0058a00000LvkJmAAJ,2022-05-16 16:18:39+00,2022-10-31 05:34:18+00,2022-10-31 05:34:18+00\n");
    write("Account.csv", &accounts);
    write(
        "Contact.csv",
        "Id,AccountId,FirstName,LastName,Email,Phone,Title,Department,MailingCity,MailingState,MailingCountry,LeadSource,OwnerId,CreatedDate,LastModifiedDate,SystemModstamp\n0038a000030UbmAAAS,0018a00001uyyLHAAY,Al,Yan,ayan@tents.example,736,,,Portland,OR,USA,Word of mouth,0058a00000LvkJmAAJ,2022-08-16 12:42:30+00,2022-08-17 11:14:44+00,2022-08-17 11:14:44+00\n",
    );
    write(
        "RecordType.csv",
        "Id,Name,DeveloperName,SobjectType,IsActive\n0128a000000djBJAAY,Own Opportunity,Own_Opportunity,Opportunity,true\n0128a000000NRDpAAO,Installed,Installed,Other__c,false\n",
    );
}

#[tokio::test]
async fn an_export_keeps_its_ids_and_its_dirt_with_deals_and_a_program_over_it() {
    let folder = tempfile::tempdir().unwrap();
    export(folder.path());
    let options = Options { data: Source::Folder(folder.path().into()), ..org() };
    let s = start(options.clone()).await.unwrap();
    let accounts = all(&s, "SELECT Id, Name, Type, BillingStreet, Phone, OwnerId, SystemModstamp FROM Account WHERE Id < '001Hn0000000000' ORDER BY Id").await;
    assert_eq!(accounts.iter().map(|a| &a["Id"]).collect::<Vec<_>>(), ["0018a00001pWk25AAC", "0018a00001uyyLHAAY"]);
    assert_eq!((&accounts[0]["Type"], &accounts[0]["Phone"]), (&json!("Who knows"), &Value::Null));
    assert_eq!(
        (&accounts[1]["BillingStreet"], &accounts[1]["SystemModstamp"]),
        (&json!("2 Main Avenue, Suite 1\nChicago"), &json!("2023-01-20T07:25:43.000+0000"))
    );
    assert_eq!(get(&s, &format!("{V}/sobjects/User/{}", accounts[1]["OwnerId"].as_str().unwrap())).await.0, 200);
    let contact = all(&s, "SELECT Id, Name, Account.Name FROM Contact WHERE Email = 'AYAN@tents.example'").await;
    assert_eq!(
        (&contact[0]["Id"], &contact[0]["Account"]["Name"]),
        (&json!("0038a000030UbmAAAS"), &json!("Grand Tents Ltd"))
    );
    let deals = all(&s, "SELECT RecordType.Name, AccountId FROM Opportunity WHERE AccountId != null").await;
    assert!(
        deals.iter().any(|d| d["RecordType"]["Name"] == "Own Opportunity" && d["AccountId"] == "0018a00001uyyLHAAY"),
        "{deals:?}"
    );
    assert_eq!(all(&s, "SELECT Id FROM RecordType WHERE SobjectType = 'Other__c'").await.len(), 1);
    assert_eq!(all(&s, "SELECT Id FROM Lead WHERE RecordType.DeveloperName = 'Deal_Registration'").await.len(), 190);
    let again = start(options).await.unwrap();
    assert_eq!(
        all(&again, "SELECT Id, Name, AccountId FROM Opportunity").await,
        all(&s, "SELECT Id, Name, AccountId FROM Opportunity").await
    );
    let text =
        std::fs::read_to_string(folder.path().join("RecordType.csv")).unwrap().replace("0128a000000djBJAAY", "0128a");
    std::fs::write(folder.path().join("RecordType.csv"), text).unwrap();
    let sentence =
        start(Options { data: Source::Folder(folder.path().into()), ..org() }).await.unwrap_err().to_string();
    assert!(sentence.contains("RecordType.csv cannot be read at row 2: Id is no id"), "{sentence}");
}
