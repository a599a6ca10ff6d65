//! An answer as the vendor words it: status, JSON body, headers; and the shapes of its refusals.
//!
//! Callers rely on: every refusal carries `status`, `message`, `correlationId` and `category`, and the detail list where the
//! vendor has one. The correlation id is drawn when the answer is written.

use serde_json::{Map, Value, json};

use crate::random::Random;

/// What goes back over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    pub(crate) media: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl Answer {
    pub(crate) fn raw(status: u16, body: Vec<u8>) -> Self {
        Answer { status, body, media: "application/json;charset=utf-8", headers: Vec::new() }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Answer::raw(status, body.to_string().into_bytes())
    }

    pub(crate) fn empty(status: u16) -> Self {
        Answer::raw(status, Vec::new())
    }

    pub(crate) fn html(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Answer { status, body: body.into(), media: "text/html;charset=utf-8", headers: Vec::new() }
    }
}

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
