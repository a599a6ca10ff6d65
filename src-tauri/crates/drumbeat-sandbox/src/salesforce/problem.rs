//! How Salesforce refuses: a list of message and code, with fields where fields are to blame.

use serde_json::{Value, json};

use crate::answer::Answer;

/// Why a request, or one record of it, was not done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Problem {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) fields: Vec<String>,
    /// What only some problems have beside, such as the records that look alike.
    pub(crate) more: Option<(&'static str, Value)>,
}

pub(crate) type Done = Result<Answer, Problem>;

impl Problem {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Problem { status, code, message: message.into(), fields: Vec::new(), more: None }
    }

    pub(crate) fn bad(code: &'static str, message: impl Into<String>) -> Self {
        Problem::new(400, code, message)
    }

    pub(crate) fn of(mut self, fields: &[&str]) -> Self {
        self.fields = fields.iter().map(|f| (*f).to_owned()).collect();
        self
    }

    pub(crate) fn no_resource() -> Self {
        Problem::new(404, "NOT_FOUND", "The requested resource does not exist")
    }

    pub(crate) fn no_record() -> Self {
        Problem::new(404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible: Id")
    }

    pub(crate) fn method(method: &str) -> Self {
        Problem::new(
            405,
            "METHOD_NOT_ALLOWED",
            format!("HTTP Method '{method}' not allowed. Allowed are HEAD,GET,POST,PATCH,DELETE"),
        )
    }

    pub(crate) fn body(why: impl std::fmt::Display) -> Self {
        Problem::bad("JSON_PARSER_ERROR", why.to_string())
    }

    pub(crate) fn no_column(name: &str, object: &str) -> Self {
        Problem::bad("INVALID_FIELD", format!("No such column '{name}' on sobject of type {object}")).of(&[name])
    }

    /// As one entry of a list of errors.
    pub(crate) fn entry(&self) -> Value {
        let mut one = json!({"message": self.message, "errorCode": self.code});
        if let Value::Object(map) = &mut one {
            if !self.fields.is_empty() {
                map.insert("fields".into(), self.fields.clone().into());
            }
            if let Some((name, value)) = &self.more {
                map.insert((*name).into(), value.clone());
            }
        }
        one
    }

    /// As the outcome of one record among many.
    pub(crate) fn outcome(&self) -> Value {
        let mut error = json!({"statusCode": self.code, "message": self.message, "fields": self.fields});
        if let (Some((name, value)), Value::Object(map)) = (&self.more, &mut error) {
            map.insert((*name).into(), value.clone());
        }
        json!({"success": false, "errors": [error]})
    }

    pub(crate) fn answer(&self) -> Answer {
        Answer::json(self.status, &Value::Array(vec![self.entry()]))
    }
}

impl From<String> for Problem {
    fn from(sentence: String) -> Self {
        Problem::body(sentence)
    }
}
