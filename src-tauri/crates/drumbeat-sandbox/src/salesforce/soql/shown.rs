//! Rows as the API shows them: JSON records with their attributes, and lines of a table.

use crate::json::string;
use crate::salesforce::org::{Object, ObjectIx, RowIx};
use crate::salesforce::schema::{Held, Type};
use crate::salesforce::soql::bound::{Bound, Piece};
use crate::salesforce::soql::route::{Route, Step, ix_of, parent, value};
use crate::salesforce::soql::run;
use crate::salesforce::soql::test::decimal;
use crate::salesforce::view::View;

/// Appends a record with what was asked of it.
pub(crate) fn record(out: &mut Vec<u8>, view: &View<'_>, at: (ObjectIx, RowIx), pieces: &[Piece]) {
    let object = view.org.at(at.0);
    let id = object.row(at.1).id;
    out.extend_from_slice(b"{\"attributes\":{\"type\":");
    string(out, &object.name);
    out.extend_from_slice(b",\"url\":\"/services/data/");
    out.extend_from_slice(view.version.as_bytes());
    out.extend_from_slice(format!("/sobjects/{}/{id}\"}}", object.name).as_bytes());
    for piece in pieces {
        out.push(b',');
        match piece {
            Piece::Cell(name, step) => {
                string(out, name);
                out.push(b':');
                match ix_of(view.org, at.0, step) {
                    Some(ix) => cell(
                        out,
                        object,
                        object.value(view.org, at.1, ix).as_deref(),
                        object.field(ix).of,
                        object.field(ix).held,
                    ),
                    None if *step == Step::Kind => string(out, &object.name),
                    // What is only there for some of the objects that a reference may lead to.
                    None => out.extend_from_slice(b"null"),
                }
            }
            Piece::Parent { name, by, inside } => {
                string(out, name);
                out.push(b':');
                match parent(view, at, by) {
                    Some(there) => record(out, view, there, inside),
                    None => out.extend_from_slice(b"null"),
                }
            }
            Piece::Child { name, by, of } => {
                string(out, name);
                out.push(b':');
                let child = view.org.at(of.object);
                let known = child.referrers(*by, id).unwrap_or_default().to_vec();
                let rows = run::rows_among(view, of, false, Some(known));
                if rows.is_empty() {
                    out.extend_from_slice(b"null");
                } else {
                    out.extend_from_slice(
                        format!("{{\"totalSize\":{},\"done\":true,\"records\":[", rows.len()).as_bytes(),
                    );
                    for (i, row) in rows.iter().enumerate() {
                        if i > 0 {
                            out.push(b',');
                        }
                        record(out, view, (of.object, *row), &of.pieces);
                    }
                    out.extend_from_slice(b"]}");
                }
            }
        }
    }
    out.push(b'}');
}

/// Appends one value.
fn cell(out: &mut Vec<u8>, object: &Object, text: Option<&str>, of: Type, held: Held) {
    let Some(text) = text else { return out.extend_from_slice(b"null") };
    match of {
        Type::Boolean => out.extend_from_slice(text.as_bytes()),
        Type::Currency | Type::Double | Type::Percent => out.extend_from_slice(double(text).as_bytes()),
        Type::Int => out.extend_from_slice(text.as_bytes()),
        Type::DateTime => string(out, &text.replace('Z', "+0000")),
        // Bytes are behind an address of their own.
        Type::Base64 if held == Held::Cell => {
            string(out, &format!("/services/data/v62.0/sobjects/{}/VersionData", object.name))
        }
        _ => string(out, text),
    }
}

/// A number as the vendor's own Java writes a double: `4821.0`, and from ten million on `3.5E8`.
pub(crate) fn double(text: &str) -> String {
    let Some(n) = decimal(text).map(|d| d.normalize()) else { return "0.0".into() };
    let plain = n.to_string();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |d| ("-", d));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    if whole.len() < 8 {
        return format!("{sign}{whole}.{part}");
    }
    let all = format!("{whole}{}", if part == "0" { "" } else { part });
    let mantissa = all[1..].trim_end_matches('0');
    let mantissa = if mantissa.is_empty() { "0" } else { mantissa };
    format!("{sign}{}.{mantissa}E{}", &all[..1], whole.len() - 1)
}

/// A value as a table of Bulk results has it; null is empty.
pub(crate) fn plain(view: &View<'_>, at: (ObjectIx, RowIx), route: &Route) -> String {
    let text = value(view, at, route).unwrap_or_default();
    match route.of {
        Type::Currency | Type::Double | Type::Percent if !text.is_empty() => double(&text),
        _ => text,
    }
}

/// A page of a query's answer.
pub(crate) fn page(view: &View<'_>, bound: &Bound, total: usize, rows: &[RowIx], next: Option<&str>) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * 512 + 64);
    out.extend_from_slice(format!("{{\"totalSize\":{total},\"done\":{}", next.is_none()).as_bytes());
    if let Some(next) = next {
        out.extend_from_slice(b",\"nextRecordsUrl\":");
        string(&mut out, next);
    }
    out.extend_from_slice(b",\"records\":[");
    for (i, row) in rows.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        record(&mut out, view, (bound.object, *row), &bound.pieces);
    }
    out.extend_from_slice(b"]}");
    out
}

#[cfg(test)]
mod tests {
    use super::double;

    #[test]
    fn doubles_are_written_as_the_vendor_writes_them() {
        let cases = [
            ("4821", "4821.0"),
            ("0", "0.0"),
            ("12.50", "12.5"),
            ("-3", "-3.0"),
            ("9999999", "9999999.0"),
            ("10000000", "1.0E7"),
            ("350000000", "3.5E8"),
            ("-12345678.9", "-1.23456789E7"),
        ];
        for (text, shown) in cases {
            assert_eq!(double(text), shown);
        }
    }
}
