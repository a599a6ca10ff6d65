//! The numbers held against those that another program makes of the CRM's own answers: DuckDB, from the raw records, to the
//! cent and the tenth, by motion, partner, owner and quarter, under a calendar and a fiscal year.

use crate::crm::Crm;
use kit::binary::{Answer, drumbeat};
use kit::display::Desktop;
use kit::python::python;
use kit::sales;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use std::ffi::OsString;
use std::path::PathBuf;

const RECOUNT: &str = include_str!("recount.py");
/// Properties of deals that the numbers are counted from.
const PROPERTIES: &str = "amount,closedate,createdate,dealstage,pipeline,hubspot_owner_id,partner_organisation,partner_motion,partner_attribution,partner_attribution_pct,deal_registration_id,protection_start,deal_kind";

struct Book<'d> {
    desktop: &'d Desktop,
    now: &'static str,
    deals: PathBuf,
    stages: PathBuf,
}

impl<'d> Book<'d> {
    /// A CRM with these words, synced; its deals and stages as it tells them itself, in two files.
    fn of(desktop: &'d Desktop, now: &'static str, words: Vec<OsString>) -> Book<'d> {
        let crm = Crm::start(desktop, now, words);
        let book =
            Book { desktop, now, deals: desktop.path("raw-deals.json"), stages: desktop.path("raw-stages.json") };
        crm.connect(now).done();
        book.run(&["provision", "--apply"]).done();
        book.run(&["sync"]).done();
        let mut deals: Vec<Value> = Vec::new();
        let mut after = String::new();
        loop {
            let path = format!("/crm/v3/objects/deals?limit=100&properties={PROPERTIES}{after}");
            let page = crm.request("GET", &path, &Value::Null);
            deals.extend(page["results"].as_array().expect("deals").iter().map(|deal| deal["properties"].clone()));
            match page["paging"]["next"]["after"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => break,
            }
        }
        let pipelines = crm.request("GET", "/crm/v3/pipelines/deals", &Value::Null);
        let mut stages: Vec<Value> = Vec::new();
        for pipeline in pipelines["results"].as_array().expect("pipelines") {
            let label = pipeline["label"].as_str().expect("a label").to_lowercase();
            let of =
                ["referral", "reseller", "marketplace", "services", "tech"].into_iter().find(|of| label.contains(of));
            stages.extend(pipeline["stages"].as_array().expect("stages").iter().map(|stage| {
                json!({ "pipeline": pipeline["id"], "id": stage["id"], "motion": of,
                        "closed": stage["metadata"]["isClosed"], "chance": stage["metadata"]["probability"] })
            }));
        }
        std::fs::write(&book.deals, Value::from(deals).to_string()).expect("a file");
        std::fs::write(&book.stages, Value::from(stages).to_string()).expect("a file");
        book
    }

    fn run(&self, words: &[&str]) -> Answer {
        drumbeat(self.desktop).args(words).args(["--now", self.now, "--json"]).run()
    }

    /// Every number of DuckDB's is one of ours, for every group; years begin in this month.
    fn agrees(&self, quarter: &str, starts: &str) {
        let files = [&self.deals, &self.stages].map(|file| file.to_str().expect("a path"));
        let told = python(RECOUNT, [files[0], files[1], quarter, starts]);
        for by in ["motion", "partner", "owner", "quarter"] {
            let report = self.run(&["metrics", "--quarter", quarter, "--by", by, "--limit", "500"]).done().json();
            let more = report["more"].as_u64().expect("groups that are not shown");
            held(&report, &report["program"], &told["program"], "the program");
            let groups = report["groups"].as_array().expect("groups");
            let mut missing = 0;
            for (key, numbers) in told[by].as_object().expect("groups") {
                let group = groups.iter().find(|group| group["key"] == key.as_str());
                match group {
                    Some(group) => held(&report, &group["metrics"], numbers, &format!("{by} {key} of {quarter}")),
                    // Nothing of it is open or was won, lost or made in these six quarters.
                    None if all_nothing(numbers) => {}
                    None => missing += 1,
                }
            }
            assert!(
                missing <= more,
                "{missing} groups by {by} have numbers and are not shown, where {more} are left out"
            );
        }
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    (!value.is_null()).then(|| text.parse::<Decimal>().expect("a number").normalize())
}

fn all_nothing(numbers: &Value) -> bool {
    numbers.as_object().expect("numbers").values().all(|one| decimal(one).is_none_or(|one| one.is_zero()))
}

fn held(report: &Value, ours: &Value, theirs: &Value, whose: &str) {
    for (id, value) in theirs.as_object().expect("numbers") {
        let place =
            report["definitions"].as_array().expect("definitions").iter().position(|is| is["id"] == id.as_str());
        let metric = &ours[place.unwrap_or_else(|| panic!("{id} is a number"))];
        assert_eq!(decimal(&metric["value"]), decimal(value), "{id} of {whose}: ours, then what was recounted");
    }
}

#[test]
fn another_program_counts_the_same_from_the_raw_records() {
    let desktop = Desktop::start();
    let words = vec!["--unlimited".into(), "--synthetic".into(), sales::recounted(3000)];
    let book = Book::of(&desktop, "2026-11-16T09:00:00Z", words);
    book.agrees("2026Q3", "1");
    // May to July, of a year that began in February.
    let text = book.run(&["policy", "show"]).done().json()["text"].as_str().expect("a text").to_owned();
    assert!(text.contains("fiscal_year_starts = 1"), "{text}");
    let file = desktop.path("fiscal.toml");
    std::fs::write(&file, text.replace("fiscal_year_starts = 1", "fiscal_year_starts = 2")).expect("a file");
    let from = ["policy", "set", file.to_str().expect("a path"), "--reason", "as finance counts"];
    book.run(&from).done();
    book.agrees("2027Q2", "2");
}

#[test]
fn another_program_counts_the_same_from_a_folder_of_sales_data() {
    let desktop = Desktop::start();
    let folder = sales::given().unwrap_or_else(|| {
        let folder = desktop.path("sales");
        sales::write(&folder);
        folder
    });
    let words = vec!["--unlimited".into(), "--data".into(), folder.into_os_string()];
    let book = Book::of(&desktop, sales::NOW, words);
    book.agrees("2017Q3", "1");
    book.agrees("2017Q4", "1");
}
