//! Writing JSON straight into a byte buffer, and the vendor's time format.
//!
//! A first sync reads thousands of pages; building a tree per record would make the sandbox the slow side of every measurement.
//! Callers rely on: strings are escaped, times are `2026-11-21T06:00:00.000Z`, and `parse_time` takes what HubSpot takes.

use chrono::{DateTime, NaiveDate};

use crate::clock::Millis;

/// Appends a quoted, escaped string.
pub(crate) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut from = 0;
    for (i, b) in bytes.iter().enumerate() {
        let escape: Option<&[u8]> = match b {
            b'"' => Some(b"\\\""),
            b'\\' => Some(b"\\\\"),
            b'\n' => Some(b"\\n"),
            b'\r' => Some(b"\\r"),
            b'\t' => Some(b"\\t"),
            0..=0x1f => None,
            _ => continue,
        };
        out.extend_from_slice(&bytes[from..i]);
        from = i + 1;
        match escape {
            Some(e) => out.extend_from_slice(e),
            None => out.extend_from_slice(format!("\\u{b:04x}").as_bytes()),
        }
    }
    out.extend_from_slice(&bytes[from..]);
    out.push(b'"');
}

/// Appends a whole number.
pub(crate) fn number(out: &mut Vec<u8>, n: u64) {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut n = n;
    loop {
        at -= 1;
        digits[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends a time without quotes.
pub(crate) fn time(out: &mut Vec<u8>, at: Millis) {
    let (year, month, day) = civil(at.div_euclid(86_400_000));
    let ms = at.rem_euclid(86_400_000) as u32;
    let two = |out: &mut Vec<u8>, n: u32| out.extend_from_slice(&[b'0' + (n / 10 % 10) as u8, b'0' + (n % 10) as u8]);
    let year = year.clamp(0, 9999) as u32;
    two(out, year / 100);
    two(out, year % 100);
    out.push(b'-');
    two(out, month);
    out.push(b'-');
    two(out, day);
    out.push(b'T');
    two(out, ms / 3_600_000);
    out.push(b':');
    two(out, ms / 60_000 % 60);
    out.push(b':');
    two(out, ms / 1000 % 60);
    out.push(b'.');
    out.push(b'0' + (ms / 100 % 10) as u8);
    two(out, ms % 100);
    out.push(b'Z');
}

/// Appends a quoted time.
pub(crate) fn quoted_time(out: &mut Vec<u8>, at: Millis) {
    out.push(b'"');
    time(out, at);
    out.push(b'"');
}

/// A time as text.
pub(crate) fn time_text(at: Millis) -> String {
    let mut out = Vec::with_capacity(24);
    time(&mut out, at);
    String::from_utf8(out).unwrap_or_default()
}

/// A calendar day as text, `2026-11-21`.
pub(crate) fn day_text(at: Millis) -> String {
    let (y, m, d) = civil(at.div_euclid(86_400_000));
    format!("{y:04}-{m:02}-{d:02}")
}

/// Year, month and day of a count of days since 1970 (Hinnant's algorithm).
fn civil(days: i64) -> (i64, u32, u32) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = (doy - (153 * mp + 2) / 5 + 1) as u32;
    let month = if mp < 10 { mp + 3 } else { mp - 9 } as u32;
    (yoe + era * 400 + i64::from(month <= 2), month, day)
}

/// Reads a time as HubSpot takes it: ISO 8601, a plain day, or milliseconds since 1970.
pub(crate) fn parse_time(text: &str) -> Option<Millis> {
    if text.len() >= 11 && text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    if let Some(n) = text.strip_prefix('-').filter(|n| n.bytes().all(|b| b.is_ascii_digit()) && !n.is_empty()) {
        return n.parse::<i64>().ok().map(|n| -n);
    }
    if text.len() == 10 && text.as_bytes()[4] == b'-' {
        return parse_day(text);
    }
    if text.len() >= 20 {
        return DateTime::parse_from_rfc3339(text).ok().map(|t| t.timestamp_millis());
    }
    if text.is_empty() {
        return None;
    }
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Reads `2026-11-21`.
pub(crate) fn parse_day(text: &str) -> Option<Millis> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn strings_read_back_as_they_were() {
        for text in ["plain", "a \"quote\" \\ and\nlines\t", "\u{1}\u{1f}", "Žižkov 株式会社", ""] {
            let mut out = Vec::new();
            string(&mut out, text);
            let back: String = serde_json::from_slice(&out).unwrap();
            assert_eq!(back, text);
        }
    }

    #[test]
    fn times_read_back_as_they_were() {
        for at in [0, 951_782_400_123, 1_709_164_800_000, 4_102_444_799_999, 1_514_635_200_001] {
            assert_eq!(parse_time(&time_text(at)), Some(at));
            assert_eq!(time_text(at), crate::clock::date_time(at).to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
        }
        assert_eq!(parse_time("1709164800000"), Some(1_709_164_800_000));
        assert_eq!(parse_time("2024-02-29"), Some(1_709_164_800_000));
        assert_eq!(parse_time("yesterday"), None);
    }
}
