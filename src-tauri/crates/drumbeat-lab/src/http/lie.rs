//! How each row looks on the wire.
//!
//! The hard idea is the order: rows that are wrong only in the answer let the CRM have the request
//! first, so that a write is done there whatever the client then reads. The vendor's refusals name the
//! token in their sentence, as a careless server might: nothing of it may get into an error.

use std::io;
use std::io::Write as _;
use std::sync::OnceLock;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::door::{Door, Parts};
use super::fault::Fault;
use super::request::Request;
use super::wire::{self, Message};

pub(super) const JSON: &str = "application/json;charset=utf-8";
const HTML: &str = "text/html";
/// A connection that says nothing is given up after this.
const HOLD: Duration = Duration::from_secs(30);
const BETWEEN_BYTES: Duration = Duration::from_millis(100);
const BOMB: usize = 40 * 1024 * 1024;

/// Where a lie is told.
pub struct Scene<'s> {
    /// Whom the client talks to.
    pub client: &'s mut TcpStream,
    /// What it asked.
    pub asked: &'s Message,
    /// Which kind of request that is.
    pub request: Request,
    /// What the CRM says to it, when it has it.
    pub truth: Option<Message>,
    /// The client's token.
    pub token: &'s str,
    /// Another host, which nobody may turn to.
    pub trap: &'s str,
    /// The vendor's ways.
    pub door: &'static dyn Door,
}

/// Answers as the row says.
pub async fn tell(fault: Fault, scene: Scene<'_>) -> io::Result<()> {
    use Fault as F;
    let Scene { client, asked, request, truth, token, trap, door } = scene;
    let truth = truth.unwrap_or_else(|| Message::answer(200, JSON, "{}")).with("connection", "close");
    match fault {
        F::ResetUnseen | F::ResetBefore => return reset(client),
        F::ResetAfter => {
            client.write_all(&truth.head_bytes(Some(truth.body.len() as u64 + 1))).await?;
            client.flush().await?;
            return reset(client);
        }
        F::ResetBody => {
            client.write_all(&truth.head_bytes(Some(truth.body.len() as u64 + 1))).await?;
            client.write_all(&truth.body[..truth.body.len() / 2]).await?;
            client.flush().await?;
            return reset(client);
        }
        F::SilentHead => return hold(client).await,
        F::SilentBody => {
            client.write_all(&truth.head_bytes(Some(truth.body.len() as u64 + 1))).await?;
            client.flush().await?;
            return hold(client).await;
        }
        F::SlowLoris => {
            client.write_all(&truth.head_bytes(Some(truth.body.len() as u64 + 100_000))).await?;
            for byte in truth.body.iter().cycle().take(300) {
                client.write_all(&[*byte]).await?;
                client.flush().await?;
                tokio::time::sleep(BETWEEN_BYTES).await;
            }
            return Ok(());
        }
        F::Endless => {
            let head = truth.with("transfer-encoding", "chunked");
            let mut bytes = head.head_bytes(None);
            bytes.truncate(bytes.len() - 2);
            bytes.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
            client.write_all(&bytes).await?;
            let mut chunk = b"10000\r\n".to_vec();
            chunk.resize(chunk.len() + 0x10000, b' ');
            chunk.extend_from_slice(b"\r\n");
            loop {
                client.write_all(&chunk).await?;
            }
        }
        F::Huge => {
            client.write_all(&truth.head_bytes(Some(1 << 30))).await?;
            let spaces = vec![b' '; 0x10000];
            for _ in 0..(1 << 30) / spaces.len() {
                client.write_all(&spaces).await?;
            }
            return Ok(());
        }
        _ => {}
    }
    let answer = match fault {
        F::GzipBomb => Message { body: bomb().to_vec(), ..truth.with("content-encoding", "gzip") },
        F::Cut => Message { body: truth.body[..truth.body.len() * 2 / 3].to_vec(), ..truth },
        F::Empty => Message { body: Vec::new(), ..status(truth, 200) },
        F::NoContent => Message::answer(204, "", Vec::new()),
        F::OtherType => truth.with("content-type", HTML),
        F::Twice => inserted(truth, door.parts().twice.as_bytes()),
        F::Deep => inserted(truth, format!("\"deep\":{}{},", "[".repeat(10_000), "]".repeat(10_000)).as_bytes()),
        F::BadUtf8 => inserted(truth, b"\"a\xff\xfe\":1,"),
        F::Nul => inserted(truth, b"\0"),
        F::WrongTypes | F::NullIds | F::HugeNumbers | F::UnknownWords | F::Extra => {
            changed(truth, |value| bent(fault, door.parts(), value))
        }
        F::Loop | F::Repeats | F::Total => changed(truth, |value| door.paged(fault, request, asked.word(1), value)),
        F::PartsSome | F::PartsOther => {
            changed(status(truth, 207), |value| door.paged(fault, request, asked.word(1), value))
        }
        F::DateAhead | F::DateBehind | F::DateWords => redated(fault, truth),
        F::S504 => Message::answer(504, HTML, "<html>Gateway timeout</html>"),
        _ => instead(fault, (asked, request), token, trap, door),
    };
    wire::write(client, &answer.with("connection", "close")).await
}

/// What is said to a request that the CRM never gets.
fn instead(fault: Fault, (asked, request): (&Message, Request), token: &str, trap: &str, door: &dyn Door) -> Message {
    use Fault as F;
    let moved = |status: u16, to: String| Message::answer(status, HTML, "").with("location", &to);
    if let Some(no) = door.no(fault, request, token) {
        let wait = match fault {
            F::Wait => Some("1"),
            F::WaitZero => Some("0"),
            F::WaitMinus => Some("-1"),
            F::WaitDate => Some("Wed, 21 Oct 2037 07:28:00 GMT"),
            F::WaitEver => Some("1000000000"),
            _ => None,
        };
        return wait.map_or(no.clone(), |wait| no.with("retry-after", wait));
    }
    match fault {
        F::Portal => Message::answer(200, HTML, "<!doctype html><title>Welcome to the hotel</title>"),
        F::Proxy => Message::answer(407, HTML, "<html>Proxy</html>").with("proxy-authenticate", "Basic"),
        F::OtherJson => Message::answer(200, JSON, json!({"state": "ok", "service": "printer"}).to_string()),
        F::S502 => Message::answer(502, HTML, "<html>Bad gateway</html>"),
        F::Moved => moved(301, format!("{}&moved=1", asked.word(1))),
        F::MovedHost => moved(307, format!("{trap}/crm")),
        F::MovedClear => moved(308, format!("{trap}/clear")),
        // The rows of the connection and of the answer do not come here.
        _ => Message::answer(503, HTML, "<html>Maintenance</html>"),
    }
}

fn reset(client: &TcpStream) -> io::Result<()> {
    // Dropped with nothing to wait for, the connection ends with RST.
    client.set_zero_linger()
}

async fn hold(client: &mut TcpStream) -> io::Result<()> {
    let mut rest = [0; 256];
    let gone = async { while client.read(&mut rest).await.is_ok_and(|count| count > 0) {} };
    let _ = tokio::time::timeout(HOLD, gone).await;
    Ok(())
}

fn bomb() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let spaces = vec![b' '; 1024 * 1024];
        let done = (0..BOMB / spaces.len()).try_for_each(|_| packed.write_all(&spaces)).and_then(|()| packed.finish());
        done.unwrap_or_default()
    })
}

fn status(message: Message, status: u16) -> Message {
    Message { first: format!("HTTP/1.1 {status} X"), ..message }
}

/// With something right behind the first bracket.
fn inserted(mut message: Message, what: &[u8]) -> Message {
    let bracket = if message.body.first() == Some(&b'<') { b'>' } else { b'{' };
    if let Some(place) = message.body.iter().position(|byte| *byte == bracket) {
        message.body.splice(place + 1..place + 1, what.iter().copied());
    }
    message
}

fn changed(mut message: Message, change: impl FnOnce(&mut Value)) -> Message {
    if let Ok(mut value) = serde_json::from_slice::<Value>(&message.body) {
        change(&mut value);
        message.body = value.to_string().into_bytes();
    }
    message
}

fn bent(fault: Fault, parts: &Parts, value: &mut Value) {
    match (fault, value) {
        (Fault::WrongTypes, Value::Object(fields)) => {
            for field in fields.values_mut() {
                *field = match field {
                    Value::Array(_) => json!("a list"),
                    Value::Object(_) => json!("an object"),
                    _ => json!([{"a": 1}]),
                };
            }
        }
        (Fault::HugeNumbers, Value::Object(fields)) => {
            for name in parts.counts {
                fields.insert((*name).to_owned(), json!(1e300));
            }
        }
        (Fault::NullIds, value) => each(value, &mut |name, field| {
            if parts.ids.contains(&name) {
                *field = Value::Null;
            }
        }),
        (Fault::UnknownWords, value) => each(value, &mut |name, field| {
            if parts.words.contains(&name) {
                *field = json!("SOMETHING_NEW");
            }
        }),
        (Fault::Extra, value) => extra(parts, value),
        _ => {}
    }
}

/// Every field of every object.
fn each(value: &mut Value, act: &mut impl FnMut(&str, &mut Value)) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                act(name, field);
                each(field, act);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| each(one, act)),
        _ => {}
    }
}

fn extra(parts: &Parts, value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                // Maps by name of a property or of an object are no place for a field.
                if !parts.maps.contains(&name.as_str()) {
                    extra(parts, field);
                }
            }
            fields.insert("zzNew".to_owned(), json!({"a": [1, null, {"b": "c"}]}));
        }
        Value::Array(list) => list.iter_mut().for_each(|one| extra(parts, one)),
        _ => {}
    }
}

fn redated(fault: Fault, message: Message) -> Message {
    let by = match fault {
        Fault::DateAhead => TimeDelta::days(3653),
        Fault::DateBehind => TimeDelta::days(-3653),
        _ => return message.with("date", "the day before yesterday"),
    };
    let date = message.line("date").and_then(|date| DateTime::parse_from_rfc2822(date).ok()).unwrap_or_default() + by;
    let date = date.to_utc().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    message.with("date", &date)
}
