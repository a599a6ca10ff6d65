//! Just enough HTTP/1.1 to stand between a client and a server and to lie to either, byte by byte.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// No request of ours and no true answer of the sandbox is longer.
const LONGEST: usize = 64 * 1024 * 1024;

/// A message: its first line, its head without it, its body.
#[derive(Debug, Clone)]
pub struct Message {
    /// Request or status line.
    pub first: String,
    /// Names in small letters, and values.
    pub head: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Message {
    /// An answer.
    pub fn answer(status: u16, media: &str, body: impl Into<Vec<u8>>) -> Self {
        let head = if media.is_empty() { Vec::new() } else { vec![("content-type".to_owned(), media.to_owned())] };
        Self { first: format!("HTTP/1.1 {status} X"), head, body: body.into() }
    }

    /// The same with one more line in its head.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.head.retain(|(known, _)| known != name);
        self.head.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A line of its head.
    pub fn line(&self, name: &str) -> Option<&str> {
        self.head.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The word of the first line at this place.
    pub fn word(&self, place: usize) -> &str {
        self.first.split(' ').nth(place).unwrap_or_default()
    }

    /// First line and head as bytes, with this length said of the body.
    pub fn head_bytes(&self, length: Option<u64>) -> Vec<u8> {
        let mut text = format!("{}\r\n", self.first);
        for (name, value) in &self.head {
            if !matches!(name.as_str(), "content-length" | "transfer-encoding") {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        if let Some(length) = length {
            text.push_str(&format!("content-length: {length}\r\n"));
        }
        text.push_str("\r\n");
        text.into_bytes()
    }
}

/// Reads one message; none when the other side has nothing more to say.
pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Message>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return if bytes.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        if bytes.len() > LONGEST {
            return Err(io::ErrorKind::InvalidData.into());
        }
    };
    let mut body = bytes.split_off(end + 4);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = text.split("\r\n").filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default().to_owned();
    let head: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = head.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let length: usize = length.unwrap_or(0);
    if length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    body.truncate(length);
    Ok(Some(Message { first, head, body }))
}

/// Writes one message whole.
pub async fn write(stream: &mut (impl AsyncWrite + Unpin), message: &Message) -> io::Result<()> {
    let mut bytes = message.head_bytes(Some(u64::try_from(message.body.len()).unwrap_or(u64::MAX)));
    bytes.extend_from_slice(&message.body);
    stream.write_all(&bytes).await?;
    stream.flush().await
}
