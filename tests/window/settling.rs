//! Two partners work on one account that the CRM has under two spellings. It is split while nothing answers, lands once on the
//! deals of both, each partner's letter names nobody else, and an appeal with earlier evidence turns it.

use crate::crm::Crm;
use crate::hand::{focus_in, open_row, run, status_bar, tab_to, tab_to_field};
use crate::names::{HUBSPOT, Names, SALESFORCE};
use crate::ready::{ask, open, synced_with};
use kit::display::Desktop;
use kit::driver::Window;
use kit::ledger;
use serde_json::{Value, json};

/// One company as two people have written it.
const SPELLINGS: [&str; 2] = ["Grünwald & Söhne Turbinenbau GmbH", "GRUENWALD UND SOEHNE Turbinenbau Ges.m.b.H."];
const SHARED: &str = "One brings the tender, the other the service contract";
const SAYS: &str = "We met their head of procurement in spring";
const SHOWS: &str = "Minutes of the meeting, signed by both";
const TURNS: &str = "The minutes show who was there first";

#[tokio::test(flavor = "multi_thread")]
async fn two_spellings_are_one_channel_conflict_that_is_split_offline_and_turned_by_an_appeal_in_hubspot() {
    two_spellings_are_one_channel_conflict_that_is_split_and_turned(&HUBSPOT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_spellings_are_one_channel_conflict_that_is_split_offline_and_turned_by_an_appeal_in_salesforce() {
    two_spellings_are_one_channel_conflict_that_is_split_and_turned(&SALESFORCE).await;
}

async fn two_spellings_are_one_channel_conflict_that_is_split_and_turned(names: &Names) {
    let desktop = Desktop::start();
    let mut crm = synced_with(names, &desktop);
    let sides = claimed_twice(names, &desktop, &crm);
    // The CRM's search knows it a moment later.
    crm.wait(60);
    ask(&desktop, &["sync"]).done();
    let id = found(&desktop);
    let before = crm.ledger().len();

    let window = open(&desktop).await;
    go_to(&window, &id).await;
    for name in SPELLINGS {
        window.see_text(name).await;
    }
    // Why, by which rule, and what would turn it, before anything is decided.
    for words in ["Would turn with", &sides[0].name, &sides[1].name] {
        window.see_text(words).await;
    }

    crm.cut();
    window.press("s").await;
    focus_in(&window, "[role=dialog] input").await;
    share(&window, "70").await;
    window.press("Ctrl+Enter").await;
    window.see_text("The shares add up to 120 %, not to 100 %.").await;
    tab_to_next_share(&window).await;
    share(&window, "30").await;
    tab_to(&window, "the reason", "at.tagName === 'TEXTAREA'").await;
    window.write(SHARED).await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    go_to_settled(&window, &id).await;
    window.see_text("waits for the CRM").await;
    assert_eq!(letters(&window).await.len(), 2, "a letter for each");

    crm.restore();
    run(&window, "Sync now").await;
    status_bar(&window, "0 pending changes").await;
    window.see_text("released").await;
    window.see_no_text("waits for the CRM").await;
    let told = letters(&window).await;
    for (own, other) in [(&sides[0], &sides[1]), (&sides[1], &sides[0])] {
        let letter = told.iter().find(|text| text.contains(&own.name)).expect("a letter to each");
        assert!(!letter.contains(&other.name), "{letter}");
    }
    let landed = crm.ledger().split_off(before);
    for side in &sides {
        let record = written(&landed, &side.deal);
        assert_eq!(record[names.conflict], "none", "{}: {record:#}", side.name);
        let notes = text(&record, names.conflict_notes);
        assert!(notes.contains("70 %") && notes.contains("30 %") && notes.contains(SHARED), "{notes}");
    }

    // The one with less appeals.
    window.press("Shift+a").await;
    focus_in(&window, "[role=dialog] textarea").await;
    window.write(SAYS).await;
    tab_to_field(&window, "What it says, and where it is").await;
    window.write(SHOWS).await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    window.see_text(SAYS).await;
    window.see_text(SHOWS).await;
    run(&window, "Sync now").await;
    status_bar(&window, "0 pending changes").await;
    window.press("a").await;
    focus_in(&window, "[role=dialog] input[type=radio]").await;
    let loser = appellant(&window).await;
    let place = choose(&window, &loser).await;
    assert!(place < 2, "one of the two");
    tab_to(&window, "the reason", "at.tagName === 'TEXTAREA'").await;
    window.write(TURNS).await;
    window.press("Ctrl+Enter").await;
    window.see_no("[role=dialog]").await;
    run(&window, "Sync now").await;
    status_bar(&window, "0 pending changes").await;
    window.close().await;

    let all = crm.ledger().split_off(before);
    let summary = ledger::sum_up(&all);
    assert_eq!(summary["ops"], summary["writes_with_a_marker"], "no op was written twice: {summary:#}");
    for side in &sides {
        let record = written(&all, &side.deal);
        let notes = text(&record, names.conflict_notes);
        assert!(notes.contains(&format!("awarded to {loser}")) && notes.contains(TURNS), "{notes}");
    }
    let now = ask(&desktop, &["conflicts", "show", &id, "--json"]).done().json();
    assert_eq!(now["row"]["state"], "settled", "and no pass raises it again: {now:#}");
    assert_eq!(now["outcome"], format!("awarded to {loser}"));
    ask(&desktop, &["conflicts", "judge"]).done();
    assert!(listed(&desktop).is_empty(), "nothing is raised twice");
}

/// One side: its partner, and the deal that it works on.
struct Side {
    name: String,
    deal: String,
}

/// Somebody else enters the account twice in the CRM, each with the deal of another partner for the same product.
fn claimed_twice(names: &Names, desktop: &Desktop, crm: &Crm<'_>) -> [Side; 2] {
    let partners = ask(desktop, &["partners", "list", "--json"]).done().json();
    let rows = partners["rows"].as_array().or(partners.as_array()).expect("partners").clone();
    let enter = match names.crm {
        "hubspot" => in_hubspot,
        _ => in_salesforce,
    };
    [0, 1].map(|at| {
        let partner = text(&rows[at], "id");
        Side { name: text(&rows[at], "name"), deal: enter(crm, at, &partner) }
    })
}

/// One of them in HubSpot: the deal's id.
fn in_hubspot(crm: &Crm<'_>, at: usize, partner: &str) -> String {
    let filter = json!({"propertyName": "partner_organisation", "operator": "HAS_PROPERTY"});
    let wanted = ["pipeline", "dealstage", "partner_motion", "product", "hubspot_owner_id", "deal_currency_code"];
    let like = crm.request(
        "POST",
        "/crm/v3/objects/deals/search",
        &json!({"filterGroups": [{"filters": [filter, {"propertyName": "hs_is_closed", "operator": "EQ", "value": "false"}]}],
            "limit": 1, "properties": wanted}),
    )["results"][0]["properties"]
        .clone();
    let company = json!({"properties": {"name": SPELLINGS[at], "country": "Austria", "city": "Graz"}});
    let company = text(&crm.request("POST", "/crm/v3/objects/companies", &company), "id");
    let mut properties: Value = wanted.iter().map(|name| ((*name).to_owned(), like[*name].clone())).collect();
    for (name, value) in [
        ("dealname", format!("Turbines {at}")),
        ("amount", "84000".to_owned()),
        ("closedate", "2026-12-18T12:00:00Z".to_owned()),
        ("partner_organisation", partner.to_owned()),
        ("partner_attribution", "sourced".to_owned()),
    ] {
        properties[name] = json!(value);
    }
    let link =
        json!([{"to": {"id": company}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 5}]}]);
    let deal = crm.request("POST", "/crm/v3/objects/deals", &json!({"properties": properties, "associations": link}));
    text(&deal, "id")
}

/// One of them in Salesforce: the deal's id.
fn in_salesforce(crm: &Crm<'_>, at: usize, partner: &str) -> String {
    const DATA: &str = "/services/data/v62.0";
    let wanted = ["RecordTypeId", "StageName", "Partner_Motion__c", "Product__c", "OwnerId", "CurrencyIsoCode"];
    let question = format!(
        "SELECT {} FROM Opportunity WHERE IsClosed = false AND Partner_Organisation__c != null LIMIT 1",
        wanted.join(",")
    );
    let query: String = url::form_urlencoded::byte_serialize(question.as_bytes()).collect();
    let like = crm.request("GET", &format!("{DATA}/query?q={query}"), &Value::Null)["records"][0].clone();
    let account = json!({"Name": SPELLINGS[at], "BillingCountry": "Austria", "BillingCity": "Graz"});
    let account = text(&crm.request("POST", &format!("{DATA}/sobjects/Account"), &account), "id");
    let mut fields: Value = wanted.iter().map(|name| ((*name).to_owned(), like[*name].clone())).collect();
    for (name, value) in [
        ("Name", json!(format!("Turbines {at}"))),
        ("Amount", json!(84000)),
        ("CloseDate", json!("2026-12-18")),
        ("Partner_Organisation__c", json!(partner)),
        ("Partner_Attribution__c", json!("sourced")),
        ("AccountId", json!(account)),
    ] {
        fields[name] = value;
    }
    text(&crm.request("POST", &format!("{DATA}/sobjects/Opportunity"), &fields), "id")
}

/// The open channel conflicts on that account.
fn listed(desktop: &Desktop) -> Vec<Value> {
    let told = ask(desktop, &["conflicts", "list", "--kind", "horizontal", "--text", "Turbinenbau", "--json"]).json();
    told["rows"].as_array().expect("rows").clone()
}

/// The one that is found.
fn found(desktop: &Desktop) -> String {
    let all = listed(desktop);
    assert_eq!(all.len(), 1, "one, under both spellings: {all:#?}");
    text(&all[0], "id")
}

fn text(of: &Value, key: &str) -> String {
    of[key].as_str().unwrap_or_default().to_owned()
}

/// What was written to a record, the latest word of each field.
fn written(entries: &[Value], id: &str) -> Value {
    let mut all = serde_json::Map::new();
    for entry in entries.iter().filter(|entry| entry["id"] == id) {
        all.extend(entry["after"].as_object().expect("fields").clone());
    }
    Value::Object(all)
}

/// Go to the open channel conflicts and down to this one.
async fn go_to(window: &Window, id: &str) {
    window.press("g c").await;
    window.arrive("/conflicts").await;
    window.see("[role=row][data-key]").await;
    down_to(window, id).await;
}

/// The settled ones, and down to this one.
async fn go_to_settled(window: &Window, id: &str) {
    run(window, "Show: Settled and ended").await;
    window.see("[role=row][data-key]").await;
    down_to(window, id).await;
}

async fn down_to(window: &Window, id: &str) {
    let mut steps = 0;
    while open_row(window).await.is_none_or(|(open, _)| open != id) {
        steps += 1;
        assert!(steps < 200, "the channel conflict is not in the list");
        window.press("j").await;
    }
    window.see_role("heading", "Turbinenbau").await;
    window.stand_still().await;
}

/// Write a share over what the field has.
async fn share(window: &Window, percent: &str) {
    window.press("Ctrl+a").await;
    window.write(percent).await;
}

async fn tab_to_next_share(window: &Window) {
    window.press("Tab").await;
    tab_to(window, "the other share", "at.labels?.[0]?.textContent === 'Share, %'").await;
}

/// The letters that are shown.
async fn letters(window: &Window) -> Vec<String> {
    let script = "return [...document.querySelectorAll('li[aria-label^=\"Message to\"] p')].filter((p, n) => n % 2 === 0).map((p) => p.innerText)";
    let found = window.run(script, vec![]).await;
    found.as_array().expect("letters").iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
}

/// Who the dialog does not put first: the one that appealed.
async fn appellant(window: &Window) -> String {
    let script = "return [...document.querySelectorAll('[role=dialog] [role=radiogroup] label')].map((one) => one.innerText.trim())";
    let names = window.run(script, vec![]).await;
    let other = names
        .as_array()
        .expect("names")
        .iter()
        .filter_map(Value::as_str)
        .find(|name| !name.contains("first by the policy"));
    other.and_then(|name| name.lines().next_back()).expect("another party").to_owned()
}

/// Choose a party by its number; answers its place.
async fn choose(window: &Window, name: &str) -> usize {
    let script = "return [...document.querySelectorAll('[role=dialog] [role=radiogroup] label')].findIndex((one) => one.innerText.includes(arguments[0]))";
    let place = window.run(script, vec![json!(name)]).await.as_u64().expect("a place");
    window.press(&(place + 1).to_string()).await;
    usize::try_from(place).expect("small")
}
