//! The row that has no server at all: one request of the client's to a name that leads nowhere.

use drumbeat_crm::crm::{Changes, Create, Crm, Read, Scan, Update, WriteOutcome};
use drumbeat_crm::error::CrmError;
use drumbeat_model::crm::{Link, ObjectKind, Properties};
use drumbeat_model::field::Field;

use super::bench::{Bench, Failure, Line, client};
use super::cell::{LONGEST, secrets};
use super::request::Request;

/// What did not hold.
pub async fn directly(bench: &Bench, request: Request) -> Result<Vec<String>, Failure> {
    let crm = client(bench.door, "https://nobody.invalid", bench.sandbox.token(), Line::Usual, None)?;
    crm.use_schema(&bench.schema);
    let before = bench.sandbox.ledger().len();
    let ended = tokio::time::timeout(LONGEST, ask(crm.as_ref(), bench, request)).await;
    let mut wrong = Vec::new();
    match ended {
        Err(_) => wrong.push(format!("it did not end within {} s", LONGEST.as_secs())),
        Ok(Asked::Read(Err(CrmError::Unreachable(why))) | Asked::Wrote(WriteOutcome::NotSent { why })) => {
            secrets(bench, "the error", &why, &mut wrong);
        }
        Ok(other) => wrong.push(format!("it ended with {other:?}")),
    }
    if bench.sandbox.ledger().len() != before {
        wrong.push("something was written".to_owned());
    }
    Ok(wrong)
}

#[derive(Debug)]
enum Asked {
    Read(Result<(), CrmError>),
    Wrote(WriteOutcome),
}

async fn ask(crm: &dyn Crm, bench: &Bench, request: Request) -> Asked {
    use Request as R;
    let kind = ObjectKind::Deal;
    let (id, now) = (bench.door.an_id().to_owned(), bench.sandbox.now());
    let name = bench.property(kind, Field::Name).unwrap_or_default();
    let set = Properties::from([(name.clone(), "A".to_owned())]);
    let read =
        |history: Vec<String>| Read { kind, ids: vec![id.clone()], properties: Vec::new(), history, dated: false };
    match request {
        R::ListPage | R::ArchivedList => {
            let archived = request == R::ArchivedList;
            Asked::Read(
                crm.scan(&Scan { kind, properties: Vec::new(), archived, first: false, after: None }).await.map(drop),
            )
        }
        R::SearchPage => {
            let changes = Changes { kind, properties: Vec::new(), since: now, until: now, after: None };
            Asked::Read(crm.changes(&changes).await.map(drop))
        }
        R::GetById | R::BatchRead => Asked::Read(crm.read(&read(Vec::new())).await.map(drop)),
        R::HistoryRead => Asked::Read(crm.read(&read(vec![name])).await.map(drop)),
        R::GetByUnique => Asked::Read(crm.find(kind, &name, "x", &[]).await.map(drop)),
        R::AssociationsRead => Asked::Read(crm.links(kind, &[id], ObjectKind::Company).await.map(drop)),
        R::Update => Asked::Wrote(crm.update(&Update { kind, id, set, unmodified_since: None }).await),
        R::Create | R::Note => {
            let kind = if request == R::Note { ObjectKind::Note } else { kind };
            Asked::Wrote(crm.create(&Create { kind, set, links: Vec::new() }).await)
        }
        R::Link => {
            let link = Link { to: ObjectKind::Contact, id: "2".to_owned(), primary: false };
            Asked::Wrote(crm.link(kind, &id, &link).await)
        }
        R::Archive => Asked::Wrote(crm.archive(kind, &id).await),
        R::Convert => {
            let kind = ObjectKind::Registration;
            let into = bench.property(kind, Field::ConvertedInto).unwrap_or_default();
            let set = Properties::from([(into, id.clone())]);
            Asked::Wrote(crm.update(&Update { kind, id, set, unmodified_since: None }).await)
        }
        R::Token | R::Refresh | R::Describe => Asked::Read(crm.describe().await.map(drop)),
    }
}
