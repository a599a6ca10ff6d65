//! A request as the handlers see it: method, decoded path words, query, body, who asks and when.
//!
//! Callers rely on: nothing here touches the network, so that a journal can be replayed through the very same handlers.

use serde_json::{Map, Value};

use crate::clock::Millis;

/// Who changed a value, as property history tells it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Source {
    pub(crate) kind: &'static str,
    pub(crate) id: Box<str>,
    pub(crate) user: Option<u64>,
}

impl Source {
    pub(crate) fn import() -> Self {
        Source { kind: "IMPORT", id: "initial-import".into(), user: None }
    }
}

/// Who asks, as property history will name it.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    pub(crate) source: Source,
    pub(crate) read_only: bool,
    pub(crate) oauth: bool,
}

impl Actor {
    pub(crate) fn integration() -> Self {
        Actor {
            source: Source { kind: "INTEGRATION", id: "1837465".into(), user: None },
            read_only: false,
            oauth: false,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) words: Vec<String>,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) media: String,
    /// Headers that a handler may look at, with lower-case names.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) actor: Actor,
    pub(crate) at: Millis,
}

impl Request {
    pub(crate) fn new(method: &str, path: &str, query: &str, body: Vec<u8>, actor: Actor, at: Millis) -> Self {
        let words = path.split('/').filter(|w| !w.is_empty()).map(|w| decode(w, false)).collect();
        Request {
            method: method.into(),
            path: path.into(),
            words,
            query: pairs(query),
            body,
            media: String::new(),
            headers: Vec::new(),
            actor,
            at,
        }
    }

    /// The words of the path as slices, for matching.
    pub(crate) fn parts(&self) -> Vec<&str> {
        self.words.iter().map(String::as_str).collect()
    }

    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str()).filter(|v| !v.is_empty())
    }

    /// A header's value; of several the last counts.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().rev().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// A list given as `a,b`, or by repeating the parameter, or both.
    pub(crate) fn list(&self, name: &str) -> Option<Vec<&str>> {
        let given = self.query.iter().filter(|(n, _)| n == name || n.strip_suffix("[]") == Some(name));
        let list: Vec<&str> = given.flat_map(|(_, v)| v.split(',')).map(str::trim).filter(|v| !v.is_empty()).collect();
        (!list.is_empty()).then_some(list)
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.param(name) == Some("true")
    }

    /// The body as a JSON object, or what is wrong with it; an empty body is an empty object.
    pub(crate) fn object(&self) -> Result<Map<String, Value>, String> {
        if self.body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Map::new());
        }
        match serde_json::from_slice(&self.body) {
            Ok(Value::Object(m)) => Ok(m),
            Ok(_) => Err("Invalid input JSON: a JSON object was expected".into()),
            Err(e) => Err(format!("Invalid input JSON on line {}, column {}: {e}", e.line(), e.column())),
        }
    }
}

/// Decodes a query or form text.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let split = text.split('&').filter(|p| !p.is_empty());
    split.map(|p| p.split_once('=').unwrap_or((p, ""))).map(|(n, v)| (decode(n, true), decode(v, true))).collect()
}

/// Decodes percent signs (and `+` in forms).
pub(crate) fn decode(text: &str, form: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = |b: Option<&u8>| b.and_then(|b| (*b as char).to_digit(16));
        match (bytes[i], hex(bytes.get(i + 1)), hex(bytes.get(i + 2))) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                i += 2;
            }
            (b'+', _, _) if form => out.push(b' '),
            (b, _, _) => out.push(b),
        }
        i += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_come_in_both_spellings() {
        let r = Request::new(
            "GET",
            "/crm/v3/objects/p%3A1/",
            "properties=a,b&properties=c&x=1%2B+2",
            vec![],
            Actor::integration(),
            0,
        );
        assert_eq!(r.list("properties"), Some(vec!["a", "b", "c"]));
        assert_eq!(r.param("x"), Some("1+ 2"));
        assert_eq!(r.parts(), ["crm", "v3", "objects", "p:1"]);
    }
}
