//! The numbers at the shell: what the listed deals add up to, counted anew from the list.

use crate::crm::Crm;
use kit::binary::drumbeat;
use kit::display::Desktop;
use rust_decimal::Decimal;
use serde_json::Value;

const NOW: &str = "2026-11-16T09:00:00Z";

fn decimal(value: &Value) -> Option<Decimal> {
    value.as_str().map(|text| text.parse().expect("a number"))
}

#[test]
fn every_number_is_what_the_listed_deals_add_up_to() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited", "--synthetic", "3000"]);
    let run = |words: &[&str]| drumbeat(&desktop).args(words).args(["--now", NOW, "--json"]).run();
    crm.connect(NOW).done();
    run(&["provision", "--apply"]).done();
    run(&["sync"]).done();

    // Every deal, page by page.
    let mut deals: Vec<Value> = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut words = vec!["deals", "list", "--limit", "500"];
        if let Some(after) = &after {
            words.extend(["--after", after]);
        }
        let page = run(&words).done().json();
        deals.extend(page["rows"].as_array().expect("rows").iter().cloned());
        after = page["next"].as_str().map(str::to_owned);
        if after.is_none() {
            assert_eq!(page["total"].as_u64(), u64::try_from(deals.len()).ok(), "every deal once");
            break;
        }
    }
    let report = run(&["metrics", "--quarter", "2026Q3", "--by", "motion"]).done().json();
    let number = |of: &Value, id: &str| {
        let place = report["definitions"].as_array().expect("definitions").iter().position(|is| is["id"] == id);
        of[place.unwrap_or_else(|| panic!("{id} is a number"))].clone()
    };
    let closed_in = |deal: &&Value, outcome: &str| {
        let day = deal["close_date"].as_str().unwrap_or_default();
        deal["outcome"] == outcome && ("2026-07-01".."2026-10-01").contains(&day)
    };
    let amount = |deal: &Value| decimal(&deal["amount"]["amount"]).unwrap_or_default();
    let of = |groups: &Value, is: &dyn Fn(&&Value) -> bool| {
        let with: Vec<&Value> = deals.iter().filter(is).filter(|deal| !deal["partner"].is_null()).collect();
        let won: Vec<&&Value> = with.iter().filter(|deal| closed_in(deal, "won")).collect();
        let lost = with.iter().filter(|deal| closed_in(deal, "lost")).count();
        let open = with.iter().filter(|deal| deal["outcome"] == "open" && deal["attribution"] == "sourced");
        let revenue: Decimal = won.iter().map(|deal| amount(deal)).sum();
        let sourced: Decimal =
            won.iter().filter(|deal| deal["attribution"] == "sourced").map(|deal| amount(deal)).sum();
        assert_eq!(decimal(&number(groups, "revenue")["value"]), Some(revenue));
        assert_eq!(decimal(&number(groups, "sourced_revenue")["value"]), Some(sourced));
        assert_eq!(decimal(&number(groups, "won")["value"]), Some(won.len().into()));
        let rate = Decimal::from(won.len() * 100).checked_div(Decimal::from(won.len() + lost));
        assert_eq!(decimal(&number(groups, "win_rate")["value"]), rate.map(|rate| rate.round_dp(1)));
        let pipeline: Decimal = open.map(|deal| amount(deal)).sum();
        assert_eq!(decimal(&number(groups, "sourced_pipeline")["value"]), Some(pipeline));
        // What a number opens is what it is counted from.
        let records = &number(groups, "won")["records"];
        assert_eq!(number(groups, "sourced_revenue")["records"]["attribution"], "sourced");
        assert_eq!((&records["closes_from"], &records["closes_to"]), (&"2026-07-01".into(), &"2026-09-30".into()));
    };
    of(&report["program"], &|_| true);
    assert!(deals.iter().any(|deal| closed_in(&deal, "won")), "the quarter has won deals");
    for group in report["groups"].as_array().expect("groups").iter().filter(|group| group["key"] != "") {
        of(&group["metrics"], &|deal| deal["motion"] == group["key"]);
    }

    // A decision counts before the CRM has it.
    let open = deals.iter().find(|deal| deal["outcome"] == "open" && deal["attribution"] == "sourced").expect("one");
    let id = open["id"].as_str().expect("id");
    run(&["deals", "edit", id, "--set", "amount=1000000"]).done();
    let after = run(&["metrics", "--quarter", "2026Q3"]).done().json();
    let before = decimal(&number(&report["program"], "sourced_pipeline")["value"]).expect("known");
    let more = Decimal::from(1_000_000) - amount(open);
    assert_eq!(decimal(&number(&after["program"], "sourced_pipeline")["value"]), Some(before + more));
    assert_eq!(after["pending"], 1, "{after:#}");

    // Targets are taken in as a table, whole or not at all, and coverage counts what is left of them.
    let table = desktop.path("targets.csv");
    std::fs::write(&table, "quarter;motion;bookings\n2026Q3;reseller;1.250.000,50\n2026Q3;referral;400000\n").unwrap();
    let path = table.to_str().expect("a path");
    assert_eq!(run(&["targets", "import", path]).done().json().as_array().map(Vec::len), Some(2));
    let aimed = run(&["metrics", "--quarter", "2026Q3"]).done().json();
    let won = decimal(&number(&aimed["program"], "revenue")["value"]).expect("known");
    let aim: Decimal = "1650000.50".parse().expect("a number");
    let met = (won * Decimal::ONE_HUNDRED / aim).round_dp(1);
    assert_eq!(decimal(&number(&aimed["program"], "target")["value"]), Some(met), "of the sum of the motions");
    std::fs::write(&table, "quarter,partner,bookings\n2026Q3,Nobody at all,5\n").unwrap();
    let refused = run(&["targets", "import", path]);
    assert_eq!((refused.code, refused.json()["error"]["id"].as_str()), (2, Some("targets.table")), "{refused}");
    assert_eq!(run(&["targets", "list"]).done().json().as_array().map(Vec::len), Some(2), "nothing was changed");

    // The same as a table: a line for each number of the program and of each motion that it can be told of.
    let file = desktop.path("numbers.csv");
    let written = run(&["metrics", "--quarter", "2026Q3", "--by", "motion", "--csv", file.to_str().expect("a path")]);
    let text = std::fs::read_to_string(&file).expect("the table");
    assert_eq!(written.done().json()["rows"].as_u64(), u64::try_from(text.lines().count() - 1).ok());
    let line = text.lines().find(|line| line.starts_with("Program,,Q3 2026,Revenue,Partner revenue,K-02,Money,"));
    let cells: Vec<&str> = line.expect("the revenue").split(',').collect();
    assert_eq!(cells[7].parse::<Decimal>().ok(), Some(won.normalize()));
    assert!(text.contains("Motion,Reseller,Q3 2026,Winning,Win rate,K-03,Percent,"), "{text}");
    assert!(!text.contains("Motion,Reseller,Q3 2026,Channel conflicts"), "conflicts are not told of a motion");

    let out = run(&["metrics", "--quarter", "2026Q3", "--by", "motion", "--csv", "-"]).done().stdout;
    assert_eq!(out, text, "- is standard output");
    let nowhere = desktop.path("nowhere").join("numbers.csv");
    let refused = run(&["metrics", "--csv", nowhere.to_str().expect("a path")]);
    assert_eq!((refused.code, refused.json()["error"]["id"].as_str()), (2, Some("file.write")), "{refused}");
    let message = refused.json()["error"]["message"].as_str().expect("a message").to_owned();
    assert!(message.contains("nowhere") && message.contains("cannot be written"), "{message}");

    let said = drumbeat(&desktop).args(["metrics", "--by", "partner", "--now", NOW]).run().done().stdout;
    assert!(said.contains("Sourced revenue") && said.contains("Q4 2026"), "{said}");
    let refused = run(&["metrics", "--by", "moon"]);
    assert_eq!(refused.code, 2, "{refused}");
}
