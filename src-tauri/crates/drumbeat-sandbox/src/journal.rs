//! The journal: applied writes as requests, replayed through the same handlers at the next start.
//!
//! The data a sandbox starts with is generated and always the same for the same seed and time, so the writes alone bring a
//! stopped server back. The first line names seed, data and time; a journal of other data is refused.
//! Tokens are not kept: a client signs in again.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::clock::Millis;
use crate::request::{Actor, Request, Source};

/// What the data was made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Origin {
    pub(crate) data: String,
    pub(crate) seed: u64,
    pub(crate) now: Millis,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    at: Millis,
    method: String,
    path: String,
    query: Vec<(String, String)>,
    body: String,
    media: String,
    source: String,
    source_id: String,
    user: Option<u64>,
}

#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
}

const SOURCES: [&str; 3] = ["INTEGRATION", "CRM_UI", "API"];

/// A journal's origin and the requests to replay.
pub(crate) type Kept = (Origin, Vec<Request>);

/// Reads an existing journal. `None` when there is none yet.
pub(crate) fn read(path: &Path) -> Result<Option<Kept>, String> {
    if !path.exists() {
        return Ok(None);
    }
    let name = path.display();
    let file = File::open(path).map_err(|e| format!("The journal {name} cannot be opened: {e}."))?;
    let mut lines = BufReader::new(file).lines().enumerate();
    let Some((_, first)) = lines.next() else { return Ok(None) };
    let damaged =
        |row: usize, why: &dyn std::fmt::Display| format!("The journal {name} is damaged at row {row}: {why}.");
    let first = first.map_err(|e| damaged(1, &e))?;
    let origin: Origin = serde_json::from_str(&first).map_err(|e| damaged(1, &e))?;
    let mut requests = Vec::new();
    for (i, line) in lines {
        let line = line.map_err(|e| damaged(i + 1, &e))?;
        let line: Line = serde_json::from_str(&line).map_err(|e| damaged(i + 1, &e))?;
        let kind = SOURCES.into_iter().find(|s| *s == line.source).unwrap_or("API");
        let mut actor = Actor::integration();
        actor.source = Source { kind, id: line.source_id.into(), user: line.user };
        let body = line.body.bytes().collect::<Vec<u8>>();
        let mut request = Request::new(&line.method, &line.path, "", unhex(&body), actor, line.at);
        (request.query, request.media) = (line.query, line.media);
        requests.push(request);
    }
    Ok(Some((origin, requests)))
}

impl Journal {
    /// Opens for appending; a new journal begins with its origin.
    pub(crate) fn open(path: &Path, origin: &Origin, fresh: bool) -> Result<Self, String> {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .map_err(|e| format!("The journal {} cannot be written: {e}.", path.display()))?;
        if fresh {
            let line = serde_json::to_string(origin).unwrap_or_default();
            writeln!(file, "{line}").map_err(|e| format!("The journal {} cannot be written: {e}.", path.display()))?;
        }
        Ok(Journal { file })
    }

    pub(crate) fn append(&mut self, request: &Request) {
        let source = &request.actor.source;
        let line = Line {
            at: request.at,
            method: request.method.clone(),
            path: request.path.clone(),
            query: request.query.clone(),
            body: hex(&request.body),
            media: request.media.clone(),
            source: source.kind.into(),
            source_id: source.id.clone().into(),
            user: source.user,
        };
        let text = serde_json::to_string(&line).unwrap_or_default();
        if let Err(e) = writeln!(self.file, "{text}") {
            // The write is applied already; a server that loses its journal says so and goes on.
            eprintln!("The journal cannot be written: {e}.");
        }
    }
}

/// Text bodies stand as they are; anything else (uploads) as hexadecimal digits after a mark.
fn hex(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok(text) if !text.starts_with("hex:") => text.to_owned(),
        _ => body.iter().fold("hex:".to_owned(), |out, b| out + &format!("{b:02x}")),
    }
}

fn unhex(text: &[u8]) -> Vec<u8> {
    let digit = |b: u8| (b as char).to_digit(16).unwrap_or(0) as u8;
    match text.strip_prefix(b"hex:") {
        Some(digits) => digits.chunks(2).filter(|c| c.len() == 2).map(|c| digit(c[0]) << 4 | digit(c[1])).collect(),
        None => text.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_any_bytes_come_back() {
        for body in [&b"{\"a\":1}"[..], b"hex:41", &[0xff, 0x00, 0x10], b""] {
            assert_eq!(unhex(hex(body).as_bytes()), body);
        }
    }
}
