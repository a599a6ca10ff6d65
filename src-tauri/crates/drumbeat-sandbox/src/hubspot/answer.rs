//! How HubSpot refuses: the shapes of its errors.
//!
//! Callers rely on: every refusal carries `status`, `message`, `correlationId` and `category`, and the detail list where the
//! vendor has one. The correlation id is drawn when the answer is written.

use serde_json::{Map, Value, json};

pub(crate) use crate::answer::Answer;
use crate::random::Random;

/// One line of a refusal's detail.
#[derive(Debug, Clone)]
pub(crate) struct Detail {
    pub(crate) message: String,
    pub(crate) code: &'static str,
    pub(crate) property: String,
}

/// Why a request was not done.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) category: &'static str,
    pub(crate) message: String,
    pub(crate) errors: Vec<Detail>,
    pub(crate) context: Map<String, Value>,
    pub(crate) sub: Option<&'static str>,
}

pub(crate) type Done = Result<Answer, Refusal>;

impl Refusal {
    pub(crate) fn new(status: u16, category: &'static str, message: impl Into<String>) -> Self {
        Refusal { status, category, message: message.into(), errors: Vec::new(), context: Map::new(), sub: None }
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Refusal::new(400, "VALIDATION_ERROR", message)
    }

    pub(crate) fn not_found(id: &str) -> Self {
        let mut r =
            Refusal::new(404, "OBJECT_NOT_FOUND", format!("Object not found.  objectId are usually numeric. ({id})"));
        r.context.insert("id".into(), json!([id]));
        r.sub = Some("crm.OBJECT_NOT_FOUND");
        r
    }

    pub(crate) fn no_such_path() -> Self {
        Refusal::new(404, "OBJECT_NOT_FOUND", "resource not found")
    }

    pub(crate) fn unknown_type(name: &str) -> Self {
        Refusal::invalid(format!("Unable to infer object type from: {name}"))
    }

    /// Refusal of property values, worded as HubSpot words it: the details stand in the message, too.
    pub(crate) fn properties(details: Vec<Detail>) -> Self {
        let list: Vec<Value> = details
            .iter()
            .map(|d| json!({"isValid": false, "message": d.message, "error": d.code, "name": d.property, "localizedErrorMessage": d.message}))
            .collect();
        let mut r = Refusal::invalid(format!("Property values were not valid: {}", Value::Array(list)));
        r.errors = details;
        r
    }

    pub(crate) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.context.insert(key.into(), json!([value.into()]));
        self
    }

    /// The refusal as one entry of a multi-status answer.
    pub(crate) fn entry(&self, context: Map<String, Value>) -> Value {
        let mut all = self.context.clone();
        all.extend(context);
        json!({"status": "error", "category": self.category, "message": self.message, "context": all, "errors": self.details(), "links": {}})
    }

    fn details(&self) -> Vec<Value> {
        self.errors
            .iter()
            .map(|d| json!({"message": d.message, "code": d.code, "in": d.property, "context": {"propertyName": [d.property]}}))
            .collect()
    }

    pub(crate) fn answer(&self, ids: &mut Random) -> Answer {
        let mut body =
            json!({"status": "error", "message": self.message, "correlationId": ids.uuid(), "category": self.category});
        if let Value::Object(m) = &mut body {
            if !self.errors.is_empty() {
                m.insert("errors".into(), self.details().into());
            }
            if !self.context.is_empty() {
                m.insert("context".into(), self.context.clone().into());
            }
            if let Some(sub) = self.sub {
                m.insert("subCategory".into(), sub.into());
            }
        }
        Answer::json(self.status, &body)
    }
}

impl From<String> for Refusal {
    /// What is wrong with a body as a whole.
    fn from(sentence: String) -> Self {
        Refusal::invalid(sentence)
    }
}
