//! An answer before it goes over the wire: status, body, headers.

use serde_json::Value;

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
