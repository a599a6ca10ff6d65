//! The people records are assigned to.

use serde_json::{Value, json};

use crate::hubspot::answer::{Answer, Done, Refusal};
use crate::hubspot::objects::read::limit;
use crate::hubspot::schema::Owner;
use crate::hubspot::world::World;
use crate::request::Request;

pub(crate) fn list(world: &World, request: &Request) -> Done {
    let limit = limit(request, 100, 500)?;
    let after = request.param("after").and_then(|a| a.parse::<u64>().ok()).unwrap_or(0);
    let archived = request.flag("archived");
    let email = request.param("email");
    let mut all = world
        .owners
        .iter()
        .filter(|o| o.id > after && o.archived == archived && email.is_none_or(|e| o.email.eq_ignore_ascii_case(e)))
        .peekable();
    let mut results = Vec::new();
    let mut last = 0;
    while let (true, Some(owner)) = (results.len() < limit, all.peek().copied()) {
        results.push(owner.wire());
        last = owner.id;
        all.next();
    }
    let mut body = json!({"results": results});
    if let (Some(_), Value::Object(m)) = (all.peek(), &mut body) {
        m.insert("paging".into(), json!({"next": {"after": last.to_string(), "link": format!("{}{}?after={last}", world.origin, request.path)}}));
    }
    Ok(Answer::json(200, &body))
}

pub(crate) fn get(world: &World, request: &Request, id: &str) -> Done {
    let by_user = request.param("idProperty") == Some("userId");
    let found = world.owners.iter().find(|o: &&Owner| {
        (if by_user { o.user } else { o.id }).to_string() == id && (by_user || o.archived == request.flag("archived"))
    });
    found.map(|o| Answer::json(200, &o.wire())).ok_or_else(|| Refusal::not_found(id))
}
