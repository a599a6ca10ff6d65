//! The forecast at the shell: its parts add up, a deal's chance multiplies out, and its record is told.

use crate::crm::Crm;
use kit::binary::drumbeat;
use kit::display::Desktop;
use serde_json::Value;

const NOW: &str = "2026-11-16T09:00:00Z";

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a count")
}

fn amount(money: &Value) -> f64 {
    money["amount"].as_str().and_then(|text| text.parse().ok()).expect("an amount")
}

#[test]
fn the_parts_of_a_forecast_add_up_and_a_deals_chance_multiplies_out() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    let run = |words: &[&str]| drumbeat(&desktop).args(words).args(["--now", NOW, "--json"]).run();
    crm.connect(NOW).done();
    run(&["provision", "--apply"]).done();
    run(&["sync"]).done();

    let came = run(&["forecast", "--limit", "200"]).done().json();
    assert_eq!((&came["as_of"], &came["by"]), (&"2026-11-16".into(), &"2026-12-31".into()), "{came:#}");
    assert!(number(&came["learnt_from"]) > 0, "{came:#}");
    let one = &came["currencies"][0];
    let total = &one["total"];
    assert!(amount(&total["low"]) <= amount(&total["expected"]), "{total:#}");
    assert!(amount(&total["expected"]) <= amount(&total["high"]), "{total:#}");
    assert!(amount(&total["won"]) < amount(&total["expected"]), "{total:#}");
    for kind in ["by_motion", "by_credit"] {
        let parts = one[kind].as_array().expect("parts");
        for count in ["won_deals", "open_deals"] {
            let sum: u64 = parts.iter().map(|part| number(&part["sum"][count])).sum();
            assert_eq!(sum, number(&total[count]), "{kind} {count}");
        }
        let won: f64 = parts.iter().map(|part| amount(&part["sum"]["won"])).sum();
        assert!((won - amount(&total["won"])).abs() < 0.005, "{kind}");
        let expected: f64 = parts.iter().map(|part| amount(&part["sum"]["expected"])).sum();
        let all = expected + amount(&one["not_yet_there"]["expected"]);
        assert!((all - amount(&total["expected"])).abs() < 0.1, "{kind}: {all} is not {}", total["expected"]);
    }
    let open = number(&one["active"]["open_deals"]) + number(&one["stalled"]["open_deals"]);
    assert_eq!(open, number(&total["open_deals"]));

    let listed = &came["deals"][0];
    let id = listed["deal"].as_str().expect("an id");
    let opened = run(&["forecast", "--deal", id]).done().json();
    let product: f64 = opened["factors"]
        .as_array()
        .expect("factors")
        .iter()
        .map(|one| one["times"].as_f64().expect("a factor"))
        .product();
    let chance = opened["row"]["chance"].as_f64().expect("a chance");
    assert!((product - chance).abs() < 1e-9, "{opened:#}");
    assert_eq!(opened["row"]["chance"], listed["chance"], "the list and the deal say the same");
    assert_eq!(run(&["forecast", "--limit", "200"]).done().json(), came, "the same facts, the same forecast");

    let refused = run(&["forecast", "--by", "2020-01-01"]);
    assert_eq!((refused.code, refused.json()["error"]["id"].as_str()), (2, Some("forecast.by")), "{refused}");
    let refused = run(&["forecast", "--deal", "1"]);
    assert_eq!((refused.code, refused.json()["error"]["id"].as_str()), (2, Some("forecast.closed")), "{refused}");

    let partners = run(&["partners", "list"]).done().json();
    let partner = partners["rows"].as_array().expect("rows").iter().max_by_key(|row| row["open_deals"].as_u64());
    let partner = partner.expect("a partner");
    let of = run(&["forecast", "--partner", partner["id"].as_str().expect("an id")]).done().json();
    assert_eq!(of["open"], partner["open_deals"], "the open deals of one partner");
    let open: u64 =
        of["currencies"].as_array().expect("sums").iter().map(|one| number(&one["partnered"]["open_deals"])).sum();
    assert_eq!(open, number(&of["open"]), "all of them have a partner");

    assert!(came["target"].is_null(), "nobody has said a target");
    let aimed = |bookings: &str| {
        let file = desktop.path("targets.csv");
        std::fs::write(&file, format!("quarter,bookings\n2026Q4,{bookings}\n")).expect("a file");
        run(&["targets", "import", &file.to_string_lossy()]).done();
        run(&["forecast"]).done().json()["target"]["chance"].as_f64().expect("a chance")
    };
    let won = amount(&one["partnered"]["won"]);
    let (met, likely, out_of_reach) = (
        aimed(&format!("{won:.2}")),
        aimed(&format!("{:.2}", amount(&one["partnered"]["expected"]))),
        aimed("99999999999"),
    );
    assert_eq!((met, out_of_reach), (1.0, 0.0), "what is won is met, and what nobody can win is not");
    assert!((0.2..0.8).contains(&likely), "about as likely as not: {likely}");

    let report = run(&["forecast", "--backtest"]).done().json();
    let verdict = report["verdict"].as_str().expect("a verdict");
    assert_eq!(report["beats_base_rate"], verdict.starts_with("Better than"), "{verdict}");
    for horizon in report["horizons"].as_array().expect("horizons") {
        let calibrated: u64 =
            horizon["calibration"].as_array().expect("rows").iter().map(|row| number(&row["deals"])).sum();
        assert_eq!(calibrated, number(&horizon["asked"]));
        assert_eq!(horizon["scores"].as_array().map(Vec::len), Some(4));
    }
    let said = drumbeat(&desktop).args(["forecast", "--backtest", "--now", NOW]).run();
    assert!(said.stdout.starts_with(verdict), "{said}");
    let said = drumbeat(&desktop).args(["forecast", "--now", NOW]).run();
    assert!(said.stdout.contains("eight times in ten") && said.stdout.contains("Sourced by partners"), "{said}");
}
