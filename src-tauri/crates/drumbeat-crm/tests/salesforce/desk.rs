//! Salesforce's side: its client at a server of the test's, an account with a few fields, and answers as Salesforce
//! writes them.

use std::collections::BTreeMap;

use drumbeat_crm::Connection;
use drumbeat_crm::crm::Crm;
use drumbeat_crm::salesforce::Salesforce;
use drumbeat_model::crm::{Conversion, Holds, ObjectKind, ObjectSchema, PropertySchema, Schema, Vendor};
use drumbeat_model::secret::Secret;
use serde_json::{Value, json};

use crate::server::hasty;
pub use crate::server::{Asked, Desk, Reply};

pub const TOKEN: &str = "00D000000000001!AQ0AQsecret";
pub const DEAL: &str = "006000000000001AAA";
pub const ACCOUNT: &str = "001000000000001AAA";
const LEAD_FIELDS: usize = 9;
pub const REGISTRATION_TYPE: &str = "012000000000007AAA";

impl Desk {
    /// A server whose deals have no partners beside their own account; all else is the test's to answer.
    pub async fn without_partners(answer: impl Fn(&Asked, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::open(move |asked, number| match question(asked).contains("FROM OpportunityPartner") {
            true => rows(&json!([])),
            false => answer(asked, number),
        })
        .await
    }

    /// A client that knows its account.
    pub fn client(&self) -> Salesforce {
        let salesforce = client(&self.url);
        salesforce.use_schema(&schema());
        salesforce
    }
}

/// A client without the patience of real life.
pub fn client(url: &str) -> Salesforce {
    Salesforce::open_with(Connection::new(url, Secret::new(TOKEN.to_owned())), hasty()).unwrap()
}

/// An account with a few fields.
pub fn schema() -> Schema {
    use Holds::{Choice, Choices, Day, Instant, Number, Text, Truth};
    let record =
        [("SystemModstamp", Instant), ("CreatedDate", Instant), ("IsDeleted", Truth), ("LastModifiedDate", Instant)];
    let deal = [
        ("Name", Text),
        ("Amount", Number),
        ("StageName", Choice),
        ("CloseDate", Day),
        ("RecordTypeId", Text),
        ("AccountId", Text),
        ("Price_Protected__c", Truth),
        ("Stage_Notes_At__c", Instant),
        ("Motions__c", Choices),
        ("Drumbeat_Last_Op__c", Text),
        ("Drumbeat_Op_Id__c", Text),
    ];
    let company = [("Name", Text), ("MasterRecordId", Text)];
    let lead = [
        ("Name", Text),
        ("LastName", Text),
        ("Company", Text),
        ("RecordTypeId", Text),
        ("MasterRecordId", Text),
        ("Account__c", Text),
        ("Partner__c", Text),
        ("ConvertedOpportunityId", Text),
        ("Drumbeat_Op_Id__c", Text),
    ];
    let task = [
        ("Subject", Text),
        ("Description", Text),
        ("Status", Choice),
        ("ActivityDate", Day),
        ("TaskSubtype", Choice),
        ("WhatId", Text),
        ("WhoId", Text),
        ("AccountId", Text),
        ("Drumbeat_Note__c", Truth),
    ];
    let object = |name: &str, fields: &[(&str, Holds)]| {
        let property = |(name, holds): &(&str, Holds)| PropertySchema {
            name: (*name).to_owned(),
            label: (*name).to_owned(),
            holds: *holds,
            options: match (*name, fields.len()) {
                ("RecordTypeId", LEAD_FIELDS) => vec![(REGISTRATION_TYPE.to_owned(), "Deal Registration".to_owned())],
                _ => Vec::new(),
            },
            read_only: false,
            calculated: false,
            unique: false,
            required: false,
        };
        let properties = record.iter().chain(fields).map(property).collect();
        let states = ["Closed & won", "Closed again"].map(str::to_owned).to_vec();
        let conversion = (name == "Lead").then_some(Conversion { states, stays_open: false });
        ObjectSchema { type_name: name.to_owned(), label: name.to_owned(), properties, conversion }
    };
    Schema {
        vendor: Vendor::Salesforce,
        account_id: "00D000000000001AAA".to_owned(),
        account_name: "Hollow Pine".to_owned(),
        currency: "EUR".to_owned(),
        time_zone: "UTC".to_owned(),
        me: None,
        can_write: true,
        objects: BTreeMap::from([
            (ObjectKind::Deal, object("Opportunity", &deal)),
            (ObjectKind::Company, object("Account", &company)),
            (ObjectKind::Registration, object("Lead", &lead)),
            (ObjectKind::Task, object("Task", &task)),
            (ObjectKind::Note, object("Task", &task)),
        ]),
        could: BTreeMap::new(),
        pipelines: Vec::new(),
        owners: Vec::new(),
    }
}

/// A whole answer to a question.
pub fn rows(records: &Value) -> Reply {
    let count = records.as_array().map_or(0, Vec::len);
    Reply::Json(200, json!({"totalSize": count, "done": true, "records": records}))
}

/// An error body as Salesforce documents it.
pub fn problem(code: &str, message: &str) -> Value {
    json!([{"message": message, "errorCode": code, "fields": []}])
}

/// The question that a request asks.
pub fn question(asked: &Asked) -> String {
    asked.query("q").unwrap_or_default().to_owned()
}
