//! Windows of changes through search: more rows than search ever shows, ties, rows that move.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use drumbeat_crm::crm::{Changes, Crm};
use drumbeat_crm::error::CrmError;
use drumbeat_model::crm::ObjectKind;
use serde_json::{Value, json};

use crate::desk::{Asked, Desk, Reply};

const START: i64 = 1_790_000_000_000;

fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap()
}

/// Answers a search as HubSpot documents it, over rows of (time, id).
fn search(rows: &[(i64, u64)], asked: &Asked, time: &str) -> Reply {
    assert_eq!(asked.method, "POST");
    assert!(asked.body.to_string().len() <= 3000, "HubSpot takes no longer question");
    let groups = asked.body["filterGroups"].as_array().unwrap();
    let filters = groups[0]["filters"].as_array().unwrap();
    assert!(groups.len() == 1 && filters.len() <= 6 && asked.body["sorts"].as_array().unwrap().len() == 1);
    let limit = usize::try_from(asked.body["limit"].as_u64().unwrap()).unwrap();
    assert!(limit <= 200);
    let holds = |(t, id): (i64, u64)| {
        filters.iter().all(|filter| {
            let left = if filter["propertyName"] == "hs_object_id" {
                i64::try_from(id).unwrap()
            } else {
                assert_eq!(filter["propertyName"], time);
                t
            };
            let right: i64 = filter["value"].as_str().unwrap().parse().unwrap();
            match filter["operator"].as_str().unwrap() {
                "GTE" => left >= right,
                "LTE" => left <= right,
                "GT" => left > right,
                other => panic!("{other}"),
            }
        })
    };
    let mut hits: Vec<(i64, u64)> = rows.iter().copied().filter(|row| holds(*row)).collect();
    if asked.body["sorts"][0]["propertyName"] == "hs_object_id" {
        hits.sort_by_key(|(_, id)| *id);
    } else {
        // Ties come in no order that one could rely on.
        hits.sort_by_key(|(t, id)| (*t, id.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    }
    let total = hits.len();
    let results: Vec<Value> = hits
        .iter()
        .take(limit)
        .map(|(t, id)| json!({"id": id.to_string(), "properties": {time: at(*t).to_rfc3339(), "hs_object_id": id.to_string()}}))
        .collect();
    let mut answer = json!({"total": total, "results": results});
    if total > limit {
        answer["paging"] = json!({"next": {"after": limit.to_string()}});
    }
    Reply::Json(200, answer)
}

async fn all(desk: &Desk, kind: ObjectKind, until: i64, properties: Vec<String>) -> (Vec<String>, Option<u64>) {
    let hubspot = desk.client();
    let mut changes = Changes { kind, properties, since: at(START), until: at(until), after: None };
    let mut ids = Vec::new();
    let mut total = None;
    loop {
        let page = hubspot.changes(&changes).await.unwrap();
        ids.extend(page.records.into_iter().map(|record| record.id));
        total = page.total.or(total);
        match page.next {
            Some(next) => changes.after = Some(next),
            None => return (ids, total),
        }
    }
}

#[tokio::test]
async fn more_rows_than_search_shows_all_arrive_once() {
    // 12,000 rows of one import in the middle, pairs before, single rows after, one past the window.
    let mut rows: Vec<(i64, u64)> = (0..1000).map(|n| (START + n / 2, 5_000_000 - u64::try_from(n).unwrap())).collect();
    rows.extend((0..12_000).map(|n| (START + 700, 100 + n)));
    rows.extend((0..900).map(|n| (START + 1000 + n, 900_000_000_000 + u64::try_from(n).unwrap())));
    rows.push((START + 5000, 1));
    let expected: BTreeSet<String> =
        rows.iter().filter(|(t, _)| *t <= START + 4000).map(|(_, id)| id.to_string()).collect();
    let desk = Desk::open(move |asked, _| search(&rows, asked, "hs_lastmodifieddate")).await;
    let (ids, total) = all(&desk, ObjectKind::Deal, START + 4000, vec!["amount".into()]).await;
    assert_eq!(ids.len(), 13_900, "each row once");
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>(), expected);
    assert_eq!(total, Some(13_900));
    assert!(desk.count() < 90, "{} requests", desk.count());
    assert!(desk.asked().iter().all(|asked| asked.body.get("after").is_none()), "never by offset");
}

#[tokio::test]
async fn contacts_have_a_name_of_their_own_for_the_time() {
    let desk = Desk::open(|asked, _| {
        assert_eq!(asked.path, "/crm/objects/2026-09/contacts/search");
        search(&[(START, 1), (START + 1, 2)], asked, "lastmodifieddate")
    })
    .await;
    let (ids, _) = all(&desk, ObjectKind::Contact, START + 10, Vec::new()).await;
    assert_eq!(ids, ["1", "2"]);
}

#[tokio::test]
async fn a_window_with_too_many_properties_is_searched_lightly_and_read_by_batch() {
    let desk = Desk::open(|asked, _| {
        if asked.path.ends_with("/search") {
            return search(&[(START, 1), (START + 1, 2)], asked, "hs_lastmodifieddate");
        }
        assert!(asked.path.ends_with("/batch/read"));
        assert!(asked.body["properties"].as_array().unwrap().len() > 200);
        let row = |id: &Value| json!({"id": id["id"], "properties": {"property_number_7": "x"}});
        let rows: Vec<Value> = asked.body["inputs"].as_array().unwrap().iter().map(row).collect();
        Reply::Json(200, json!({"results": rows}))
    })
    .await;
    let properties: Vec<String> = (0..200).map(|n| format!("property_number_{n}")).collect();
    let changes = Changes { kind: ObjectKind::Deal, properties, since: at(START), until: at(START + 5), after: None };
    let page = desk.client().changes(&changes).await.unwrap();
    assert_eq!(page.records.len(), 2);
    assert!(
        page.records.iter().all(|record| record.properties.get("property_number_7").is_some_and(|value| value == "x"))
    );
}

#[tokio::test]
async fn a_search_that_does_not_get_on_is_an_error() {
    let same = |_: &Asked, _: usize| {
        let row =
            |id: u64| json!({"id": id.to_string(), "properties": {"hs_lastmodifieddate": at(START).to_rfc3339()}});
        Reply::Json(
            200,
            json!({"total": 500, "results": (0..200).map(row).collect::<Vec<_>>(), "paging": {"next": {"after": "200"}}}),
        )
    };
    let desk = Desk::open(same).await;
    let hubspot = desk.client();
    let mut changes =
        Changes { kind: ObjectKind::Deal, properties: Vec::new(), since: at(START), until: at(START + 5), after: None };
    let error = loop {
        match hubspot.changes(&changes).await {
            Ok(page) => changes.after = Some(page.next.expect("it says that there is more")),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, CrmError::Garbled(_)), "{error:?}");
    assert!(desk.count() < 5);
}
