//! The first read of a big object by a job: its tables, and what becomes of a job that comes to nothing.

use drumbeat_crm::Connection;
use drumbeat_crm::crm::{Crm, Cursor, RecordPage, Scan};
use drumbeat_crm::error::CrmError;
use drumbeat_crm::retry::Policy;
use drumbeat_crm::salesforce::Salesforce;
use drumbeat_model::crm::ObjectKind;
use drumbeat_model::secret::Secret;
use serde_json::{Value, json};

use crate::desk::{Asked, Desk, Reply, TOKEN, problem, question, rows, schema};
use crate::server::hasty;

const JOBS: &str = "/services/data/v62.0/jobs/query";
const JOB: &str = "750000000000001AAA";
const STATE: &str = "/services/data/v62.0/jobs/query/750000000000001AAA";
const RESULTS: &str = "/services/data/v62.0/jobs/query/750000000000001AAA/results";
const TITLES: &str = "\"Id\",\"AccountId\",\"Amount\",\"CreatedDate\",\"IsDeleted\",\"Name\",\"SystemModstamp\"\n";

fn id(number: usize) -> String {
    format!("006{number:012}AAA")
}

/// A line of a table of deals.
fn line(number: usize) -> String {
    format!("\"{}\",\"\",\"7.50\",\"\",\"false\",\"Deal \"\"{number}\"\",\nand more\",\"\"\n", id(number))
}

/// A table of the deals from `from` to before `to`.
fn table(from: usize, to: usize, next: &str) -> Reply {
    let body = format!("{TITLES}{}", (from..to).map(line).collect::<String>());
    told(body, to - from, next)
}

fn told(body: String, count: usize, next: &str) -> Reply {
    let headers = vec![
        ("content-type", "text/csv; charset=UTF-8".to_owned()),
        ("sforce-numberofrecords", count.to_string()),
        ("sforce-locator", next.to_owned()),
    ];
    Reply::Raw(200, headers, body.into_bytes())
}

fn job(state: &str) -> Reply {
    Reply::Json(200, json!({ "id": JOB, "state": state, "errorMessage": "it says why" }))
}

fn deals(from: usize, to: usize) -> Value {
    (from..to).map(|n| json!({ "Id": id(n), "Amount": 7.5, "Name": format!("Deal \"{n}\",\nand more") })).collect()
}

/// Questions as they are answered where an account has five deals of which a page shows two.
fn asked_by_page(asked: &Asked) -> Reply {
    let question = question(asked);
    if question.starts_with("SELECT COUNT()") {
        return Reply::Json(200, json!({ "totalSize": 5, "done": true, "records": [] }));
    }
    let from = (1..=5).find(|n| question.contains(&format!("Id > '{}'", id(*n)))).map_or(1, |n| n + 1);
    let page = deals(from, (from + 2).min(6));
    let done = from + 2 >= 6;
    Reply::Json(200, json!({ "totalSize": 5, "done": done, "nextRecordsUrl": "/x", "records": page }))
}

fn scan(after: Option<Cursor>) -> Scan {
    let properties = ["Name", "Amount"].map(str::to_owned).into();
    Scan { kind: ObjectKind::Deal, properties, archived: false, first: true, after }
}

/// A client that asks for jobs from five records on.
fn client(desk: &Desk) -> Salesforce {
    let policy = Policy { jobs_from: 5, job_rows: 2, ..hasty() };
    let salesforce = Salesforce::open_with(Connection::new(&desk.url, Secret::new(TOKEN.to_owned())), policy).unwrap();
    salesforce.use_schema(&schema());
    salesforce
}

/// Reads to the end: the records' ids, and where each page went on.
async fn read(salesforce: &Salesforce, mut after: Option<Cursor>) -> Result<(Vec<String>, Vec<String>), CrmError> {
    let (mut ids, mut places) = (Vec::new(), Vec::new());
    loop {
        let RecordPage { records, next, .. } = salesforce.scan(&scan(after)).await?;
        for record in records {
            assert_eq!(record.properties["Amount"], "7.5", "whichever way it came");
            assert!(record.properties["Name"].ends_with(",\nand more"), "{record:?}");
            ids.push(record.id);
        }
        after = next;
        match &after {
            Some(next) => places.push(next.0.clone()),
            None => return Ok((ids, places)),
        }
    }
}

fn all() -> Vec<String> {
    (1..=5).map(id).collect()
}

#[tokio::test]
async fn a_big_object_is_asked_for_once_and_comes_in_tables_behind_the_first_page() {
    let desk = Desk::without_partners(|asked, number| match asked.path.as_str() {
        JOBS => {
            let query = "SELECT Id, AccountId, Amount, CreatedDate, IsDeleted, Name, SystemModstamp FROM Opportunity \
                         WHERE Id > '006000000000002AAA' ORDER BY Id";
            assert_eq!(asked.body, json!({ "operation": "query", "query": query }));
            job("UploadComplete")
        }
        STATE if number < 5 => job("InProgress"),
        STATE => job("JobComplete"),
        RESULTS => {
            assert_eq!(asked.query("maxRecords"), Some("2"));
            match asked.query("locator") {
                None => table(3, 5, "MTAw"),
                Some("MTAw") => table(5, 6, "null"),
                other => panic!("{other:?}"),
            }
        }
        _ => asked_by_page(asked),
    })
    .await;
    let salesforce = client(&desk);
    let first = salesforce.scan(&scan(None)).await.unwrap();
    assert_eq!((first.records.len(), first.total), (2, Some(5)));
    let (ids, places) = read(&salesforce, first.next).await.unwrap();
    assert_eq!(ids, all()[2..]);
    assert_eq!(places, [format!("job:{JOB}:MTAw:{}", id(4))]);
    assert_eq!(desk.count(), 10, "a page, its count, a job, two looks, two tables, and the partners of three pages");
    // A place is good for weeks: what was read is not asked for again, nor is the job looked at.
    let before = desk.count();
    let (rest, _) = read(&client(&desk), Some(Cursor(places[0].clone()))).await.unwrap();
    assert_eq!((rest, desk.count() - before), (vec![id(5)], 2));
}

#[tokio::test]
async fn a_table_without_titles_has_the_columns_that_were_asked_for() {
    let desk = Desk::without_partners(|asked, _| match (asked.path.as_str(), asked.query("locator")) {
        (JOBS, _) => job("UploadComplete"),
        (STATE, _) => job("JobComplete"),
        (RESULTS, None) => table(3, 5, "MTAw"),
        (RESULTS, _) => told(line(5), 1, "null"),
        _ => asked_by_page(asked),
    })
    .await;
    assert_eq!(read(&client(&desk), None).await.unwrap().0, all());
}

#[tokio::test]
async fn what_is_small_is_never_a_job_and_neither_is_what_was_read_before() {
    let desk = Desk::without_partners(|asked, _| asked_by_page(asked)).await;
    let again = Scan { first: false, ..scan(None) };
    let next = client(&desk).scan(&again).await.unwrap().next;
    assert_eq!(next, Some(Cursor(id(2))), "rows of an earlier moment would be written over newer ones");
    let small = Policy { jobs_from: 6, ..hasty() };
    let salesforce = Salesforce::open_with(Connection::new(&desk.url, Secret::new(TOKEN.to_owned())), small).unwrap();
    salesforce.use_schema(&schema());
    assert_eq!(read(&salesforce, None).await.unwrap().0, all());
    assert!(desk.asked().iter().all(|asked| asked.path != JOBS));
}

#[tokio::test]
async fn a_job_that_is_refused_fails_or_is_lost_is_read_by_pages_from_where_it_was() {
    type Way = (&'static str, fn(&Asked) -> Option<Reply>);
    let ways: [Way; 8] = [
        ("refused", |asked| asked.is("POST", JOBS).then(|| Reply::Json(400, problem("INVALIDENTITY", "no")))),
        ("not allowed", |asked| {
            asked.is("POST", JOBS).then(|| Reply::Json(403, problem("API_DISABLED_FOR_ORG", "no")))
        }),
        ("failed", |asked| asked.is("GET", STATE).then(|| job("Failed"))),
        ("aborted", |asked| asked.is("GET", STATE).then(|| job("Aborted"))),
        ("in a state that nobody knows", |asked| asked.is("GET", STATE).then(|| job("Resting"))),
        ("gone before its first table", |asked| {
            asked.is("GET", RESULTS).then(|| Reply::Json(404, problem("NOT_FOUND", "gone")))
        }),
        ("gone before its second table", |asked| {
            asked.query("locator").map(|_| Reply::Json(400, problem("API_ERROR", "Invalid locator")))
        }),
        ("not in order", |asked| asked.query("locator").map(|_| table(3, 5, "null"))),
    ];
    for (name, way) in ways {
        let desk = Desk::without_partners(move |asked, _| match (way(asked), asked.path.as_str()) {
            (Some(reply), _) => reply,
            (None, JOBS) => job("UploadComplete"),
            (None, STATE) => job("JobComplete"),
            (None, RESULTS) => table(3, 5, "MTAw"),
            (None, _) => asked_by_page(asked),
        })
        .await;
        let (ids, _) = read(&client(&desk), None).await.unwrap();
        assert_eq!(ids, all(), "{name}: every record, and none twice");
    }
}

#[tokio::test]
async fn a_table_that_is_cut_short_is_asked_for_again_and_one_that_is_none_is_told() {
    let short = || told(format!("{TITLES}{}", line(3)), 2, "MTAw");
    let broken = || {
        let whole = format!("{TITLES}{}{}", line(3), line(4));
        told(whole[..whole.len() - 9].to_owned(), 2, "MTAw")
    };
    let page = || Reply::Raw(200, vec![], b"<html>Down</html>".to_vec());
    let busy = || Reply::Json(503, problem("SERVER_UNAVAILABLE", "Down"));
    let cut = || Reply::Cut(200, TITLES.as_bytes().to_vec());
    let crowded = || Reply::Json(403, problem("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded."));
    type Way = (&'static str, fn() -> Reply, bool);
    let ways: [Way; 6] = [
        ("with fewer lines than it says", short, true),
        ("in the middle of a line", broken, true),
        ("a web page", page, false),
        ("unavailable", busy, true),
        ("in the middle of the connection", cut, true),
        ("too many at once", crowded, true),
    ];
    for (name, way, mends) in ways {
        let struck = std::sync::atomic::AtomicBool::new(false);
        let desk = Desk::without_partners(move |asked, _| match asked.path.as_str() {
            JOBS => job("UploadComplete"),
            STATE => job("JobComplete"),
            RESULTS if asked.query("locator").is_some() => table(5, 6, "null"),
            RESULTS if !struck.swap(true, std::sync::atomic::Ordering::Relaxed) => way(),
            RESULTS => table(3, 5, "MTAw"),
            _ => asked_by_page(asked),
        })
        .await;
        match read(&client(&desk), None).await {
            Ok((ids, _)) if mends => assert_eq!(ids, all(), "{name}"),
            Err(CrmError::Garbled(_)) if !mends => {}
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_days_last_request_ends_a_job_and_the_place_is_kept() {
    let desk = Desk::without_partners(|asked, _| match asked.path.as_str() {
        JOBS => job("UploadComplete"),
        STATE => Reply::Json(403, problem("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")),
        _ => asked_by_page(asked),
    })
    .await;
    let salesforce = client(&desk);
    let place = salesforce.scan(&scan(None)).await.unwrap().next.unwrap();
    assert_eq!(place.0, format!("job:{JOB}::{}", id(2)));
    let error = salesforce.scan(&scan(Some(place))).await.unwrap_err();
    assert!(matches!(error, CrmError::RateLimited(_)), "{error}");
}

#[tokio::test]
async fn the_contacts_of_a_page_in_order_are_asked_for_by_its_span() {
    let desk = Desk::without_partners(|asked, _| match question(asked).contains("OpportunityContactRole") {
        true => rows(&json!([
            { "OpportunityId": id(7), "ContactId": "003000000000001AAA", "IsPrimary": true },
            { "OpportunityId": "006000000000007AAB", "ContactId": "003000000000009AAA", "IsPrimary": false },
        ])),
        false => rows(&(1..=201).map(|n| json!({ "Id": id(n) })).collect()),
    })
    .await;
    let mut schema = schema();
    let contact = schema.objects[&ObjectKind::Company].clone();
    schema.objects.insert(ObjectKind::Contact, contact);
    let salesforce = client(&desk);
    salesforce.use_schema(&schema);
    let page = salesforce.scan(&scan(None)).await.unwrap();
    let linked: Vec<&str> = page
        .records
        .iter()
        .filter(|r| r.links.as_ref().is_some_and(|l| !l.is_empty()))
        .map(|r| r.id.as_str())
        .collect();
    assert_eq!(linked, [id(7)]);
    let asked = desk.asked();
    assert_eq!(asked.len(), 3);
    let span = format!("WHERE OpportunityId >= '{}' AND OpportunityId <= '{}'", id(1), id(201));
    assert!(question(&asked[2]).ends_with(&span), "{}", question(&asked[2]));
}
