//! What a sandbox starts with.

use crate::*;

fn fixture(folder: &Path) {
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write(
        "accounts.csv",
        "account,sector,year_established,revenue,employees,office_location,subsidiary_of\nBrass Bells Ltd,technolgy,1996,1100.04,2822,United States,\nQuiet Kites,medical,1999,251.41,495,Kenya,Brass Bells Ltd\n",
    );
    write("products.csv", "product,series,sales_price\nGTX Pro,GTX,4821\n");
    write("sales_teams.csv", "sales_agent,manager,regional_office\nAda Ames,Bo Burr,Central\nCy Cole,Bo Burr,East\n");
    write(
        "sales_pipeline.csv",
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\nA1,Ada Ames,GTXPro,Quiet Kites,Won,10/20/2016,3/1/2017,1054\nA2,Cy Cole,GTX Pro,,Engaging,11/3/2016,,\nA3,Cy Cole,GTX Pro,Brass Bells Ltd,Prospecting,,,\nA4,Ada Ames,GTX Pro,Brass Bells Ltd,Lost,1/2/2017,4/5/2017,0\n",
    );
}

fn folder_options(folder: &Path) -> Options {
    Options { data: Source::Folder(folder.into()), now: Some(at("2017-12-30T12:00:00Z")), ..options() }
}

#[tokio::test]
async fn the_same_seed_makes_the_same_records() {
    let (a, b) = (sample().await, sample().await);
    let other = start(Options { seed: 2, ..options() }).await.unwrap();
    let path = "/crm/v3/objects/deals?limit=100&properties=amount,partner_organisation&associations=companies";
    let results = |v: (u16, Value)| v.1["results"].clone();
    assert_eq!(results(get(&a, path).await), results(get(&b, path).await));
    assert_ne!(results(get(&a, path).await), results(get(&other, path).await));
}

/// Every record of a type, with these properties and its companies.
async fn every(s: &Sandbox, kind: &str, properties: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), "0".to_owned());
    loop {
        let path =
            format!("/crm/v3/objects/{kind}?limit=100&associations=companies&properties={properties}&after={after}");
        let (_, page) = get(s, &path).await;
        all.extend(page["results"].as_array().unwrap().iter().cloned());
        match page["paging"]["next"]["after"].as_str() {
            Some(next) => after = next.to_owned(),
            None => return all,
        }
    }
}

/// How often each value comes, the most frequent first.
fn shares(values: impl Iterator<Item = String>) -> Vec<(usize, String)> {
    let mut counts = std::collections::BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_insert(0) += 1);
    let mut counts: Vec<(usize, String)> = counts.into_iter().map(|(value, count)| (count, value)).collect();
    counts.sort_by(|a, b| b.cmp(a));
    counts
}

#[tokio::test]
async fn no_partner_and_no_account_swallows_the_book() {
    for seed in [1, 7, 12] {
        let s = start(Options { seed, ..options() }).await.unwrap();
        let deals = every(&s, "deals", "partner_organisation,partner_motion,dealstage,pipeline,hs_is_closed").await;
        let value = |deal: &Value, name: &str| deal["properties"][name].as_str().map(str::to_owned);
        let accounts = shares(
            deals
                .iter()
                .filter_map(|deal| Some(deal["associations"]["companies"]["results"][0]["id"].as_str()?.to_owned())),
        );
        assert!(accounts[0].0 * 8 < deals.len(), "seed {seed}: one account has {} of {}", accounts[0].0, deals.len());
        let with_partner: Vec<&Value> =
            deals.iter().filter(|deal| value(deal, "partner_organisation").is_some()).collect();
        let partners = shares(with_partner.iter().filter_map(|deal| value(deal, "partner_organisation")));
        assert!(partners[0].0 * 3 < with_partner.len(), "seed {seed}: {partners:?} of {}", with_partner.len());
        assert!(partners.len() >= 8, "seed {seed}: {partners:?}");
        let open: Vec<&&Value> =
            with_partner.iter().filter(|deal| value(deal, "hs_is_closed").as_deref() == Some("false")).collect();
        let motions = shares(open.iter().filter_map(|deal| value(deal, "partner_motion")));
        assert!(motions.len() >= 4 && motions[0].0 * 2 < open.len(), "seed {seed}: {motions:?} of {}", open.len());
        let stages = shares(open.iter().filter_map(|deal| value(deal, "dealstage")));
        assert!(stages.len() >= 8 && stages[0].0 * 3 < open.len(), "seed {seed}: {stages:?} of {}", open.len());
    }
}

#[tokio::test]
async fn a_folder_is_read_as_it_is_with_a_partner_program_over_it() {
    let folder = tempfile::tempdir().unwrap();
    fixture(folder.path());
    let s = start(folder_options(folder.path())).await.unwrap();
    let (_, deals) = get(
        &s,
        "/crm/v3/objects/deals?limit=100&properties=product,amount,dealstage,closedate,dealname&associations=companies",
    )
    .await;
    let deals = deals["results"].as_array().unwrap();
    let line = |i: usize| {
        let p = &deals[i]["properties"];
        (
            p["product"].as_str().unwrap(),
            p["dealstage"].as_str().unwrap(),
            p["amount"].as_str(),
            p["closedate"].as_str().map(|d| &d[..10]),
            deals[i]["associations"]["companies"]["results"][0]["type"].as_str(),
        )
    };
    assert_eq!(line(0), ("GTXPro", "won", Some("1054"), Some("2017-03-01"), Some("deal_to_company")));
    assert_eq!(line(1), ("GTX Pro", "engaging", None, None, None));
    assert_eq!(deals.len(), 4);
    let (_, companies) = get(&s, "/crm/v3/objects/companies?limit=100&properties=is_partner,industry,domain").await;
    let accounts: Vec<&Value> =
        companies["results"].as_array().unwrap().iter().filter(|c| c["properties"]["is_partner"] == "false").collect();
    assert_eq!(accounts.len(), 2);
    assert_eq!(
        (&accounts[0]["properties"]["industry"], &accounts[0]["properties"]["domain"]),
        (&json!("technolgy"), &json!("brass-bells-ltd.example"))
    );
    let (_, open) = post(&s, "/crm/v3/objects/partner_registration/search", json!({"limit": 100, "properties": ["submitted_at"],
        "filterGroups": [{"filters": [{"propertyName": "registration_status", "operator": "IN", "values": ["submitted", "info_requested"]}]}]})).await;
    assert_eq!(open["total"], 40);
    for r in open["results"].as_array().unwrap() {
        let age = s.now() - at(r["properties"]["submitted_at"].as_str().unwrap());
        assert!((0..=70 * 60).contains(&age.num_minutes()), "{r}");
    }
    let (_, pipelines) = get(&s, "/crm/pipelines/2026-09/deals").await;
    let labels: Vec<&str> =
        pipelines["results"][0]["stages"].as_array().unwrap().iter().map(|s| s["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["Prospecting", "Engaging", "Won", "Lost"]);
}

#[tokio::test]
async fn a_malformed_folder_is_refused_with_file_and_row() {
    let cases = [
        ("sales_pipeline.csv", "10/20/2016", "20.10.2016", "row 2: engage_date is 20.10.2016"),
        ("sales_pipeline.csv", "Engaging", "Dreaming", "row 3: deal_stage is Dreaming"),
        ("sales_pipeline.csv", "1054", "much", "row 2: close_value is much"),
        ("accounts.csv", "Quiet Kites,medical", "Quiet Kites", "row 3"),
        ("products.csv", "sales_price", "price", "no column sales_price"),
    ];
    for (file, from, to, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        fixture(folder.path());
        let path = folder.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap().replace(from, to);
        std::fs::write(&path, text).unwrap();
        let sentence = start(folder_options(folder.path())).await.unwrap_err().to_string();
        assert!(sentence.contains(file) && sentence.contains(expected) && sentence.ends_with('.'), "{sentence}");
    }
    let sentence = start(folder_options(Path::new("nowhere"))).await.unwrap_err().to_string();
    assert!(sentence.contains("sales_teams.csv cannot be opened"), "{sentence}");
}

#[tokio::test]
async fn the_truth_of_a_synthetic_crm_names_records_that_are_there() {
    let folder = tempfile::tempdir().unwrap();
    let truth = folder.path().join("truth.jsonl");
    let s = start(Options { data: Source::Synthetic(2_000), truth: Some(truth.clone()), ..options() }).await.unwrap();
    let lines: Vec<Value> =
        std::fs::read_to_string(truth).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let mut types: Vec<&str> = lines.iter().filter_map(|l| l["type"].as_str()).collect();
    types.sort_unstable();
    types.dedup();
    assert_eq!(types, ["horizontal", "multi_channel", "renewal", "vertical"]);
    for line in lines.iter().filter(|l| l["kind"] == "channel_conflict") {
        for deal in line["deals"].as_array().unwrap() {
            let (_, found) = get(
                &s,
                &format!(
                    "/crm/v3/objects/deals/{}?properties=hs_is_closed&associations=companies",
                    deal.as_str().unwrap()
                ),
            )
            .await;
            assert_eq!(found["properties"]["hs_is_closed"], "false");
            let on = &found["associations"]["companies"]["results"][0]["id"];
            assert!(*on == line["account"] || *on == line["twin"]["company"], "{on} is neither of {line}");
        }
    }
    assert!(lines.iter().any(|l| l["kind"] == "duplicate_account"));
    assert_eq!(get(&s, "/__admin/stats").await.1["records"]["deals"], 2_000);
}
