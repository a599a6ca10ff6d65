//! Listing records page by page, and getting one.

use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::objects::{View, find, kind_of};
use crate::hubspot::world::World;
use crate::json;
use crate::request::Request;

fn view(world: &World, request: &Request, kind: &crate::hubspot::world::Kind) -> Result<View, Refusal> {
    View::new(
        world,
        kind,
        request.list("properties").as_deref(),
        request.list("propertiesWithHistory").as_deref(),
        request.list("associations").as_deref(),
    )
}

/// The page size asked for, within the vendor's bounds.
pub(crate) fn limit(request: &Request, default: usize, max: usize) -> Result<usize, Refusal> {
    let Some(text) = request.param("limit") else { return Ok(default) };
    match text.parse::<usize>() {
        Ok(n) if (1..=max).contains(&n) => Ok(n),
        Ok(0) => Ok(default),
        _ => Err(Refusal::invalid(format!("Invalid limit {text}: it must be a number not greater than {max}"))
            .with("limit", text)),
    }
}

pub(crate) fn list(world: &World, request: &Request, kind: &str) -> Done {
    let kind = world.kind(kind_of(world, kind)?);
    let max = if request.list("propertiesWithHistory").is_some() { 50 } else { 100 };
    let limit = limit(request, 10, max)?;
    let after = match request.param("after") {
        None => 0,
        Some(a) => a.parse::<u64>().map_err(|_| Refusal::invalid(format!("Invalid after {a}")).with("after", a))?,
    };
    let archived = request.flag("archived");
    let view = view(world, request, kind)?;
    let mut out = Vec::with_capacity(limit * 1024);
    out.extend_from_slice(b"{\"results\":[");
    let mut page = kind.records[kind.after(after)..]
        .iter()
        .filter(|r| r.archived.is_some() == archived && r.merged_into.is_none())
        .peekable();
    let mut last = 0;
    for i in 0..limit {
        let Some(record) = page.next() else { break };
        if i > 0 {
            out.push(b',');
        }
        view.write(&mut out, world, kind, record, None);
        last = record.id;
    }
    out.push(b']');
    if page.peek().is_some() {
        out.extend_from_slice(b",\"paging\":{\"next\":{\"after\":\"");
        json::number(&mut out, last);
        out.extend_from_slice(b"\",\"link\":");
        let kept =
            request.query.iter().filter(|(n, _)| n != "after").map(|(n, v)| format!("&{n}={}", v.replace(' ', "%20")));
        json::string(&mut out, &format!("{}{}?after={last}{}", world.origin, request.path, kept.collect::<String>()));
        out.extend_from_slice(b"}}");
    }
    out.push(b'}');
    Ok(Answer::raw(200, out))
}

pub(crate) fn get(world: &World, request: &Request, kind: &str, id: &str) -> Done {
    let ix = kind_of(world, kind)?;
    let kind = world.kind(ix);
    let view = view(world, request, kind)?;
    let record =
        find(world, ix, id, request.param("idProperty"))?.filter(|r| r.archived.is_some() == request.flag("archived"));
    let record = record.ok_or_else(|| Refusal::not_found(id))?;
    let mut out = Vec::with_capacity(2048);
    view.write(&mut out, world, kind, record, None);
    Ok(Answer::raw(200, out))
}
