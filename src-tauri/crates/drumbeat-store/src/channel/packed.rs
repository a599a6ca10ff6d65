//! A finding as it is kept: its JSON, deflated, because the same words stand in every one of them.
//!
//! Callers rely on what was written as plain text by an earlier version being read as well, and on a limit to what is
//! unpacked, so that bytes that are none of ours cost little.

use std::io::{Read, Write};

use drumbeat_model::channel::Finding;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use rusqlite::types::ValueRef;

use crate::error::StoreError;
use crate::open::Result;

/// More than any finding comes to.
const MOST: u64 = 16 * 1024 * 1024;

pub(super) fn write(finding: &Finding) -> Result<Vec<u8>> {
    let mut packed = DeflateEncoder::new(Vec::with_capacity(1024), Compression::fast());
    packed.write_all(&serde_json::to_vec(finding)?)?;
    Ok(packed.finish()?)
}

pub(super) fn read(column: ValueRef<'_>, id: &str) -> Result<Finding> {
    let bad = |why: String| StoreError::BadRow { table: "channel_conflict", id: id.to_owned(), why };
    match column {
        ValueRef::Text(text) => serde_json::from_slice(text).map_err(|error| bad(error.to_string())),
        ValueRef::Blob(packed) => {
            let mut text = Vec::with_capacity(packed.len() * 4);
            DeflateDecoder::new(packed).take(MOST).read_to_end(&mut text).map_err(|error| bad(error.to_string()))?;
            serde_json::from_slice(&text).map_err(|error| bad(error.to_string()))
        }
        other => Err(bad(format!("its finding is {}", other.data_type()))),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_no_finding_is_told_as_that() {
        for column in [ValueRef::Null, ValueRef::Blob(&[1, 2, 3]), ValueRef::Blob(&[]), ValueRef::Text(b"{}")] {
            assert!(matches!(read(column, "1"), Err(StoreError::BadRow { .. })), "{column:?}");
        }
    }
}
