//! What the tests share: a store with a small mapping, records, and short ways to decide.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use drumbeat_model::change::{NewDecision, NewMessage, NewOp, OpKind, OpState};
use drumbeat_model::crm::{Link, ObjectKind, Properties, Record};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::{DecisionId, OpId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::time::{Day, Instant};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::connection::connect;
use crate::{Entry, Judge, Key, Plain, Step, Store, Why, Writer};

pub struct Bench {
    pub store: Store,
    pub path: PathBuf,
    _dir: TempDir,
}

pub fn key() -> Key {
    Key::new([7; 32])
}

pub fn plain() -> Arc<dyn Judge> {
    Arc::new(Plain)
}

pub fn at(minute: i64) -> Instant {
    chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::minutes(minute)
}

pub fn today() -> Day {
    at(0).date_naive()
}

pub fn mapping() -> Mapping {
    let deal = [
        (F::Name, "dealname"),
        (F::Amount, "amount"),
        (F::Currency, "currency"),
        (F::Stage, "dealstage"),
        (F::Pipeline, "pipeline"),
        (F::CloseDate, "closedate"),
        (F::Partner, "partner_id"),
        (F::ProtectionEnd, "protection_end"),
        (F::StageNotesAt, "notes_at"),
        (F::NextStep, "next_step"),
        (F::Owner, "owner"),
        (F::Motion, "motion"),
        (F::Attribution, "attribution"),
        (F::AttributionPct, "attribution_pct"),
        (F::CreatedAt, "createdate"),
        (F::HomeAmount, "amount_in_home_currency"),
        (F::ExchangeRate, "hs_exchange_rate"),
        (F::DealKind, "deal_kind"),
        (F::Products, "products"),
        (F::RegistrationId, "registration_id"),
        (F::ProtectionStart, "protection_start"),
        (F::AnnualValue, "acv"),
        (F::IncentiveCost, "incentive"),
    ];
    let company = [
        (F::Name, "name"),
        (F::City, "city"),
        (F::Domain, "domain"),
        (F::Phone, "phone"),
        (F::Parent, "parent"),
        (F::IsPartner, "is_partner"),
        (F::PartnerSince, "partner_since"),
        (F::NetRetention, "nrr"),
        (F::Satisfaction, "csat"),
        (F::IntegrationUsed, "integration"),
    ];
    let registration = [
        (F::Name, "number"),
        (F::CompanyName, "company"),
        (F::Country, "country"),
        (F::City, "city"),
        (F::ContactEmail, "email"),
        (F::ContactPhone, "contact_phone"),
        (F::Status, "status"),
        (F::Partner, "partner_id"),
        (F::Deal, "deal_id"),
        (F::SubmittedAt, "submitted"),
        (F::DecidedAt, "decided"),
        (F::DeclineReason, "decline_reason"),
        (F::ProtectionEnd, "protection_end"),
        (F::Motion, "motion"),
    ];
    let certification = [
        (F::Name, "name"),
        (F::Partner, "partner_id"),
        (F::Holder, "holder"),
        (F::EarnedAt, "earned"),
        (F::ExpiresAt, "expires"),
        (F::Status, "status"),
    ];
    let task = [(F::Title, "subject"), (F::At, "at"), (F::Status, "status")];
    let map = |fields: &[(F, &str)]| {
        fields.iter().map(|(field, name)| (*field, (*name).to_owned())).collect::<BTreeMap<_, _>>()
    };
    Mapping {
        fields: BTreeMap::from([
            (ObjectKind::Deal, map(&deal)),
            (ObjectKind::Company, map(&company)),
            (ObjectKind::Registration, map(&registration)),
            (ObjectKind::Certification, map(&certification)),
            (ObjectKind::Task, map(&task)),
            (ObjectKind::Call, map(&[(F::At, "at")])),
        ]),
        ..Mapping::default()
    }
}

pub fn values(pairs: &[(&str, &str)]) -> Properties {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub fn record(kind: ObjectKind, id: &str, pairs: &[(&str, &str)]) -> Record {
    Record {
        kind,
        id: id.to_owned(),
        properties: values(pairs),
        updated_at: Some(at(0)),
        archived: false,
        merged: Vec::new(),
        links: Some(Vec::new()),
    }
}

pub fn link(to: ObjectKind, id: &str) -> Link {
    Link { to, id: id.to_owned(), primary: true }
}

pub fn set(record: &str, desired: &[(&str, &str)]) -> NewOp {
    op(
        ObjectKind::Deal,
        record,
        OpKind::Set { desired: values(desired), base: Properties::new(), guard: Properties::new() },
        &[],
    )
}

pub fn op(object: ObjectKind, record: &str, kind: OpKind, depends_on: &[&OpId]) -> NewOp {
    let depends_on = depends_on.iter().map(|id| (*id).clone()).collect();
    NewOp { id: OpId(uuid::Uuid::now_v7().to_string()), object, record: record.to_owned(), kind, depends_on }
}

pub fn decision(ops: Vec<NewOp>) -> NewDecision {
    NewDecision {
        id: DecisionId(uuid::Uuid::now_v7().to_string()),
        act: "edit".to_owned(),
        title: "A change".to_owned(),
        about: (ops[0].object, ops[0].record.clone()),
        reason: None,
        facts: serde_json::Value::Null,
        policy: 1,
        ops,
        messages: vec![NewMessage { to: "p@example.com".into(), subject: "s".into(), text: "t".into() }],
    }
}

pub fn step(to: OpState) -> Step {
    let sent_at = (to == OpState::Sending).then(|| at(1));
    Step { to, at: at(1), attempt: sent_at.map(|_| 1), not_before: None, sent_at, text: "seen".to_owned() }
}

impl Bench {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("store.db");
        let store = Store::create(&path, &key(), plain()).unwrap();
        let bench = Self { store, path, _dir: dir };
        bench.mirror(|w| w.put_mapping(&mapping()));
        bench
    }

    pub fn mirror<T>(&self, f: impl FnOnce(&Writer<'_>) -> crate::Result<T>) -> T {
        self.store.write(Why::Mirror { at: at(0) }, f).unwrap().value
    }

    pub fn act<T>(&self, title: &str, f: impl FnOnce(&Writer<'_>) -> crate::Result<T>) -> crate::Result<T> {
        let entry = Entry { at: at(1), actor: "ana", act: "test", title, reason: None, facts: None, policy: Some(1) };
        self.store.write(Why::Act(entry), f).map(|written| written.value)
    }

    pub fn apply(&self, records: &[Record]) -> crate::Applied {
        self.mirror(|w| w.apply_records(records[0].kind, records, at(0)))
    }

    pub fn decide(&self, ops: Vec<NewOp>) -> DecisionId {
        let decision = decision(ops);
        let id = decision.id.clone();
        self.act("A change", |w| w.decide(&decision, "ana", "portal-1")).unwrap();
        id
    }

    pub fn walk(&self, id: &OpId, states: &[OpState]) {
        for state in states {
            self.mirror(|w| w.move_op(id, &step(*state)));
        }
    }

    pub fn land(&self, id: &OpId, crm_id: &str) {
        self.walk(id, &[OpState::Sending, OpState::Acked]);
        self.mirror(|w| {
            w.landed(id, crm_id, Some(at(2)), at(2))?;
            w.move_op(id, &step(OpState::Done))
        });
    }

    /// A connection of the test's own, past the store.
    pub fn raw(&self) -> Connection {
        connect(&self.path, &key(), false).unwrap()
    }

    /// Everything that is shown, row numbers and order left out, with what each word of `words` finds.
    pub fn shown(&self, words: &[&str]) -> Vec<String> {
        let raw = self.raw();
        let mut all = Vec::new();
        for table in ["company", "deal", "registration", "certification", "touch"] {
            let mut statement = raw.prepare(&format!("SELECT * FROM {table} ORDER BY id")).unwrap();
            let columns: Vec<String> = statement.column_names().map(str::to_owned).collect();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let cells = columns
                    .iter()
                    .filter(|name| *name != "row")
                    .map(|name| format!("{name}={:?}", row.get_ref(name.as_str()).unwrap()));
                all.push(format!("{table} {}", cells.collect::<Vec<_>>().join(" ")));
            }
        }
        let mut statement = raw.prepare("SELECT * FROM tally ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9").unwrap();
        let count = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells = (0..count).map(|at| format!("{:?}", row.get_ref(at).unwrap()));
            all.push(format!("tally {}", cells.collect::<Vec<_>>().join(" ")));
        }
        for word in words {
            let mut hits: Vec<String> = self
                .store
                .read(|r| r.search(word, 100))
                .unwrap()
                .into_iter()
                .map(|hit| format!("{word}: {:?} {} {} {}", hit.kind, hit.id, hit.title, hit.subtitle))
                .collect();
            hits.sort();
            all.extend(hits);
        }
        all
    }

    pub fn objects(&self) -> Vec<String> {
        let raw = self.raw();
        let mut statement = raw.prepare("SELECT sql || ';' FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND sql IS NOT NULL ORDER BY type, name").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
    }
}
