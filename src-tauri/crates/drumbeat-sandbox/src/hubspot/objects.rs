//! Records over HTTP: how a record is written out, and which columns an answer has.
//!
//! The hard idea: the columns of an answer are worked out once per request (sorted names already quoted as JSON), and each record
//! is then written by walking them, without a tree in between.
//! Callers rely on: requested but empty properties are null, the three system properties are always there, unknown names are ignored.

pub(crate) mod batch;
pub(crate) mod check;
pub(crate) mod merge;
pub(crate) mod read;
pub(crate) mod write;

use crate::hubspot::answer::Refusal;
use crate::hubspot::world::{Kind, KindIx, Record, Sym, World};
use crate::json;

/// Where a column's value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Stored(Sym),
    Id,
    Created,
    Modified,
}

/// The column of a property name, if the type has such a property.
pub(crate) fn column(world: &World, kind: &Kind, name: &str) -> Option<Column> {
    match name {
        "hs_object_id" => Some(Column::Id),
        _ if name == kind.created_name || name == "hs_createdate" => Some(Column::Created),
        _ if name == kind.modified_name || name == "hs_lastmodifieddate" => Some(Column::Modified),
        _ => {
            let sym = world.names.find(name)?;
            kind.property(sym).filter(|p| p.archived.is_none())?;
            Some(Column::Stored(sym))
        }
    }
}

/// What an answer shows of each record.
#[derive(Debug, Default)]
pub(crate) struct View {
    /// Quoted name with its colon, and the source.
    columns: Vec<(Vec<u8>, Column)>,
    history: Vec<(Vec<u8>, Column)>,
    /// Type, quoted key.
    links: Vec<(KindIx, Vec<u8>)>,
}

fn quoted(name: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len() + 3);
    json::string(&mut key, name);
    key.push(b':');
    key
}

/// An inline list of links is cut here; the rest is paged.
const INLINE_LINKS: usize = 100;

impl View {
    pub(crate) fn new(
        world: &World,
        kind: &Kind,
        properties: Option<&[&str]>,
        history: Option<&[&str]>,
        links: Option<&[&str]>,
    ) -> Result<Self, Refusal> {
        let mut names: Vec<&str> = vec!["hs_object_id", kind.created_name, kind.modified_name];
        match properties {
            Some(list) => names.extend(list),
            None => names.extend(kind.defaults.iter().map(String::as_str)),
        }
        names.extend(history.unwrap_or_default());
        names.sort_unstable();
        names.dedup();
        let known = |n: &&str| column(world, kind, n).map(|c| (quoted(n), c));
        let mut kinds = Vec::new();
        for name in links.unwrap_or_default() {
            let ix = world.kind_ix(name).ok_or_else(|| Refusal::unknown_type(name))?;
            let to = world.kind(ix);
            let key = if to.custom { to.qualified.clone() } else { to.path.replace('_', " ") };
            kinds.push((ix, quoted(&key)));
        }
        Ok(View {
            columns: names.iter().filter_map(known).collect(),
            history: history.unwrap_or_default().iter().filter_map(known).collect(),
            links: kinds,
        })
    }

    /// The answer of a write: everything the record has, plus what it was asked to set.
    pub(crate) fn whole(world: &World, kind: &Kind, record: &Record) -> Self {
        let mut names: Vec<&str> = record.values().iter().map(|(s, _)| world.names.text(*s)).collect();
        names.extend(["hs_object_id", kind.created_name, kind.modified_name]);
        names.sort_unstable();
        names.dedup();
        let columns = names.iter().filter_map(|n| column(world, kind, n).map(|c| (quoted(n), c))).collect();
        View { columns, history: Vec::new(), links: Vec::new() }
    }

    pub(crate) fn write(&self, out: &mut Vec<u8>, world: &World, kind: &Kind, record: &Record, new: Option<bool>) {
        out.extend_from_slice(b"{\"id\":\"");
        json::number(out, record.id);
        out.extend_from_slice(b"\",\"properties\":{");
        for (i, (key, column)) in self.columns.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key);
            match column {
                Column::Stored(sym) => match record.get(*sym) {
                    Some(value) => json::string(out, value),
                    None => out.extend_from_slice(b"null"),
                },
                Column::Id => {
                    out.push(b'"');
                    json::number(out, record.id);
                    out.push(b'"');
                }
                Column::Created => json::quoted_time(out, record.created),
                Column::Modified => json::quoted_time(out, record.updated),
            }
        }
        out.push(b'}');
        if !self.history.is_empty() {
            self.write_history(out, record);
        }
        out.extend_from_slice(b",\"createdAt\":");
        json::quoted_time(out, record.created);
        out.extend_from_slice(b",\"updatedAt\":");
        json::quoted_time(out, record.updated);
        match record.archived {
            None => out.extend_from_slice(b",\"archived\":false"),
            Some(at) => {
                out.extend_from_slice(b",\"archived\":true,\"archivedAt\":");
                json::quoted_time(out, at);
            }
        }
        if let Some(new) = new {
            out.extend_from_slice(if new { b",\"new\":true" } else { b",\"new\":false" });
        }
        if !self.links.is_empty() && !record.links.is_empty() {
            self.write_links(out, world, kind, record);
        }
        out.push(b'}');
    }

    fn write_history(&self, out: &mut Vec<u8>, record: &Record) {
        out.extend_from_slice(b",\"propertiesWithHistory\":{");
        for (i, (key, column)) in self.history.iter().enumerate() {
            if i > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key);
            out.push(b'[');
            let versions = match column {
                Column::Stored(sym) => record.versions(*sym),
                _ => Vec::new(),
            };
            for (i, v) in versions.iter().enumerate() {
                out.extend_from_slice(if i > 0 { b",{\"value\":" } else { b"{\"value\":" });
                json::string(out, &v.value);
                out.extend_from_slice(b",\"timestamp\":");
                json::quoted_time(out, v.at);
                out.extend_from_slice(b",\"sourceType\":");
                json::string(out, v.source.kind);
                out.extend_from_slice(b",\"sourceId\":");
                json::string(out, &v.source.id);
                if let Some(user) = v.source.user {
                    out.extend_from_slice(b",\"updatedByUserId\":");
                    json::number(out, user);
                }
                out.push(b'}');
            }
            out.push(b']');
        }
        out.push(b'}');
    }

    fn write_links(&self, out: &mut Vec<u8>, world: &World, kind: &Kind, record: &Record) {
        let mut any = false;
        for (ix, key) in &self.links {
            let of_kind = || record.links.iter().filter(|l| l.kind == *ix);
            if of_kind().next().is_none() {
                continue;
            }
            out.extend_from_slice(if any { b"," } else { b",\"associations\":{" });
            any = true;
            out.extend_from_slice(key);
            out.extend_from_slice(b"{\"results\":[");
            for (i, link) in of_kind().take(INLINE_LINKS).enumerate() {
                out.extend_from_slice(if i > 0 { b",{\"id\":\"" } else { b"{\"id\":\"" });
                json::number(out, link.to);
                out.extend_from_slice(b"\",\"type\":");
                json::string(
                    out,
                    world.link_types.iter().find(|t| t.id == link.label).map(|t| t.name.as_str()).unwrap_or_default(),
                );
                out.push(b'}');
            }
            out.push(b']');
            if of_kind().nth(INLINE_LINKS).is_some() {
                let last = of_kind().nth(INLINE_LINKS - 1).map(|l| l.to).unwrap_or_default();
                let link = format!(
                    "{}/crm/v3/objects/{}/{}/associations/{}?after={last}",
                    world.origin,
                    kind.path,
                    record.id,
                    world.kind(*ix).path
                );
                out.extend_from_slice(
                    format!(",\"paging\":{{\"next\":{{\"after\":\"{last}\",\"link\":\"{link}\"}}}}").as_bytes(),
                );
            }
            out.push(b'}');
        }
        if any {
            out.push(b'}');
        }
    }
}

/// The type a path names, or the vendor's refusal.
pub(crate) fn kind_of(world: &World, name: &str) -> Result<KindIx, Refusal> {
    world.kind_ix(name).ok_or_else(|| Refusal::unknown_type(name))
}

/// Finds a record by its id or by a unique property.
pub(crate) fn find<'a>(
    world: &'a World,
    kind: KindIx,
    id: &str,
    by: Option<&str>,
) -> Result<Option<&'a Record>, Refusal> {
    let k = world.kind(kind);
    let Some(by) = by.filter(|b| *b != "hs_object_id") else {
        return Ok(id.parse::<u64>().ok().and_then(|id| k.survivor(id)));
    };
    let sym = world.names.find(by).filter(|s| k.uniques.contains_key(s));
    let Some(index) = sym.and_then(|s| k.uniques.get(&s)) else {
        return Err(Refusal::invalid(format!("Property {by} is not a unique identifier property of {}", k.qualified))
            .with("propertyName", by));
    };
    Ok(index.get(&id.to_lowercase()).and_then(|id| k.survivor(*id)))
}
