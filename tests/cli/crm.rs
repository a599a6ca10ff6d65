//! The local CRM of one test: started, cut off, brought back as it was, and asked what it was told.
//!
//! The ledger is the one witness that the client cannot influence: it has every write that was
//! applied, also those whose answer was lost. A journal keeps the CRM's state while it is down.

#![allow(dead_code, reason = "several test programs share this file, and none of them asks everything")]

use kit::binary::{Answer, Sandbox, drumbeat};
use kit::display::Desktop;
use serde_json::Value;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::net::TcpStream;

/// A sandbox of `desktop` that outlives being cut off.
pub struct Crm<'d> {
    name: &'static str,
    desktop: &'d Desktop,
    words: Vec<OsString>,
    sandbox: Sandbox,
}

impl<'d> Crm<'d> {
    /// Start it at `now` with these words after `sandbox --crm hubspot`.
    pub fn start<W: Into<OsString>>(desktop: &'d Desktop, now: &str, words: impl IntoIterator<Item = W>) -> Crm<'d> {
        Self::of("hubspot", desktop, now, words)
    }

    /// The same with a CRM of this name.
    pub fn of<W: Into<OsString>>(
        name: &'static str,
        desktop: &'d Desktop,
        now: &str,
        words: impl IntoIterator<Item = W>,
    ) -> Crm<'d> {
        let mut all: Vec<OsString> = ["--crm", name, "--now", now].into_iter().map(OsString::from).collect();
        all.extend(["--journal".into(), desktop.path("crm.journal").into_os_string()]);
        all.extend(words.into_iter().map(Into::into));
        let sandbox = Sandbox::start(desktop, &all);
        Crm { name, desktop, words: all, sandbox }
    }

    /// Where it serves.
    pub fn url(&self) -> &str {
        self.sandbox.url()
    }

    /// The token that it accepts.
    pub fn token(&self) -> &str {
        self.sandbox.token()
    }

    /// Nobody answers at its address any more.
    pub fn cut(&mut self) {
        self.sandbox.stop();
    }

    /// It is back at the same address, with everything that it was told before.
    pub fn restore(&mut self) {
        let address = self.url().trim_start_matches("http://").to_owned();
        let mut words = self.words.clone();
        words.extend(["--listen".into(), address.into(), "--token".into(), self.token().into()]);
        self.sandbox = Sandbox::start(self.desktop, &words);
    }

    /// Every write that was applied, in order.
    pub fn ledger(&self) -> Vec<Value> {
        self.ask("GET", "/ledger", "")["entries"].as_array().expect("entries").clone()
    }

    /// What goes wrong from now on.
    pub fn strike(&self, faults: &Value) {
        self.ask("PUT", "/faults", &faults.to_string());
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        self.ask("DELETE", "/faults", "");
    }

    /// What is still to go wrong.
    pub fn faults(&self) -> Value {
        self.ask("GET", "/faults", "")
    }

    /// Somebody else changes a record there, in the CRM's own pages.
    pub fn edit(&self, object: &str, id: &str, properties: &Value) {
        let edit = serde_json::json!({ "object": object, "id": id, "properties": properties, "user": "somebody" });
        self.ask("POST", "/edit", &edit.to_string());
    }

    /// How many requests it has had, and how many records it holds.
    pub fn stats(&self) -> Value {
        self.ask("GET", "/stats", "")
    }

    /// Its clock goes on by this many seconds.
    pub fn wait(&self, seconds: u32) {
        self.ask("POST", "/clock", &serde_json::json!({ "advance_seconds": seconds }).to_string());
    }

    /// Connect this desktop's Drumbeat to it.
    pub fn connect(&self, now: &str) -> Answer {
        let words = ["--now", now, "--json", "connect", self.name, "--token-stdin", "--base-url", self.url()];
        drumbeat(self.desktop).args(words).stdin(format!("{}\n", self.token())).run()
    }

    /// A request as any client of the vendor makes it, with the token: another program that writes there.
    pub fn request(&self, method: &str, path: &str, body: &Value) -> Value {
        self.send(self.url(), method, path, &body.to_string())
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        self.send(self.sandbox.admin(), method, path, body)
    }

    fn send(&self, to: &str, method: &str, path: &str, body: &str) -> Value {
        let to = to.trim_start_matches("http://");
        let (host, door) = to.split_once('/').map_or((to, String::new()), |(host, door)| (host, format!("/{door}")));
        let mut connection = TcpStream::connect(host).expect("the sandbox answers");
        let request = format!(
            "{method} {door}{path} HTTP/1.0\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.token(),
            body.len()
        );
        connection.write_all(request.as_bytes()).expect("the request is sent");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("the answer is text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        let status = head.split(' ').nth(1).expect("a status");
        assert!(status.starts_with('2'), "{method} {path}: {answer}");
        if body.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(body).unwrap_or_else(|why| panic!("{why}: {body}"))
        }
    }
}
