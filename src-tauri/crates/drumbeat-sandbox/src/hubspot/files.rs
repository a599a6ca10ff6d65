//! Files: upload (multipart), metadata, download link, search by name, removal. Notes name them in `hs_attachment_ids`.
//!
//! Enough for attaching a document to a note; no folders beyond a path, no access rules.

use serde_json::{Value, json};

use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::world::{StoredFile, World};
use crate::json::time_text;
use crate::request::Request;

const MOST_BYTES: usize = 8 * 1024 * 1024;

fn wire(world: &World, file: &StoredFile) -> Value {
    let (name, extension) = file.name.rsplit_once('.').unwrap_or((&file.name, ""));
    json!({"id": file.id.to_string(), "name": name, "extension": extension, "path": format!("{}/{}", file.folder, file.name), "size": file.bytes.len(),
        "type": "OTHER", "access": "PRIVATE", "archived": file.archived, "isUsableInContent": true, "sourceGroup": "CONTENT",
        "createdAt": time_text(file.created), "updatedAt": time_text(file.created), "url": format!("{}/files/v3/files/{}/content", world.origin, file.id),
        "defaultHostingUrl": format!("{}/files/v3/files/{}/content", world.origin, file.id)})
}

fn find<'a>(world: &'a World, id: &str) -> Result<&'a StoredFile, Refusal> {
    world.files.iter().find(|f| f.id.to_string() == id && !f.archived).ok_or_else(|| Refusal::not_found(id))
}

pub(crate) fn read(world: &World, request: &Request, rest: &[&str]) -> Done {
    match rest {
        ["files", "search"] => {
            let name = request.param("name").unwrap_or_default();
            let results: Vec<Value> =
                world.files.iter().filter(|f| !f.archived && f.name.contains(name)).map(|f| wire(world, f)).collect();
            Ok(Answer::json(200, &json!({"results": results})))
        }
        ["files", id] => Ok(Answer::json(200, &wire(world, find(world, id)?))),
        ["files", id, "signed-url"] => {
            let file = find(world, id)?;
            Ok(Answer::json(
                200,
                &json!({"url": format!("{}/files/v3/files/{id}/content", world.origin), "name": file.name, "size": file.bytes.len(), "type": "OTHER",
                "extension": file.name.rsplit_once('.').map(|(_, e)| e), "expiresAt": time_text(request.at + 3_600_000)}),
            ))
        }
        ["files", id, "content"] => {
            let file = find(world, id)?;
            let mut answer = Answer::raw(200, file.bytes.clone());
            answer.media = "application/octet-stream";
            answer.headers.push(("x-file-type", file.media.clone()));
            Ok(answer)
        }
        _ => Err(Refusal::no_such_path()),
    }
}

pub(crate) fn write(world: &mut World, request: &Request, method: &str, rest: &[&str]) -> Done {
    match (method, rest) {
        ("POST", ["files"]) => {
            let parts = multipart(&request.media, &request.body)
                .ok_or_else(|| Refusal::invalid("A multipart/form-data body with a file is expected"))?;
            let text = |name: &str| {
                parts.iter().find(|p| p.name == name).map(|p| String::from_utf8_lossy(p.bytes).into_owned())
            };
            let file = parts.iter().find(|p| p.name == "file").ok_or_else(|| Refusal::invalid("file is required"))?;
            if file.bytes.len() > MOST_BYTES {
                return Err(Refusal::invalid("The file is too large"));
            }
            if text("options").is_none() {
                return Err(Refusal::invalid("options is required and must name an access"));
            }
            let stored = StoredFile {
                id: 70_100_000_001 + world.files.len() as u64,
                name: text("fileName").or_else(|| file.file.clone()).unwrap_or_else(|| "file".into()),
                folder: text("folderPath").unwrap_or_default(),
                media: file.media.clone(),
                bytes: file.bytes.to_vec(),
                created: request.at,
                archived: false,
            };
            let wire = wire(world, &stored);
            world.files.push(stored);
            Ok(Answer::json(201, &wire))
        }
        ("DELETE", ["files", id]) => {
            let file = world
                .files
                .iter_mut()
                .find(|f| f.id.to_string() == *id && !f.archived)
                .ok_or_else(|| Refusal::not_found(id))?;
            file.archived = true;
            Ok(Answer::empty(204))
        }
        _ => Err(Refusal::no_such_path()),
    }
}

struct Part<'a> {
    name: String,
    file: Option<String>,
    media: String,
    bytes: &'a [u8],
}

fn position(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|w| w == needle)
}

/// Splits a multipart body into its parts.
fn multipart<'a>(media: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let boundary = media.split(';').find_map(|p| p.trim().strip_prefix("boundary="))?.trim_matches('"');
    let mark = format!("--{boundary}");
    let mut rest = &body[position(body, mark.as_bytes())? + mark.len()..];
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let end = position(rest, format!("\r\n{mark}").as_bytes())?;
        let part = rest[..end].strip_prefix(b"\r\n")?;
        let (head, bytes) = match position(part, b"\r\n\r\n") {
            Some(i) => (String::from_utf8_lossy(&part[..i]).into_owned(), &part[i + 4..]),
            None => return None,
        };
        let value = |key: &str| {
            head.split(['\r', '\n', ';'])
                .find_map(|p| p.trim().strip_prefix(key))
                .map(|v| v.trim_matches('"').to_owned())
        };
        parts.push(Part {
            name: value("name=")?,
            file: value("filename="),
            media: head
                .lines()
                .find_map(|l| l.to_ascii_lowercase().strip_prefix("content-type:").map(|v| v.trim().to_owned()))
                .unwrap_or_default(),
            bytes,
        });
        rest = &rest[end + 2 + mark.len()..];
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn a_form_with_a_file_is_taken_apart() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\n{}\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nhi\r\nyou\r\n--x--\r\n";
        let parts = multipart("multipart/form-data; boundary=x", body).unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[1].file.as_deref(), parts[1].bytes), (Some("a.txt"), &b"hi\r\nyou"[..]));
        assert!(multipart("text/plain", body).is_none());
    }
}
