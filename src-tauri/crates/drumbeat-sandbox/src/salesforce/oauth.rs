//! Sign-in: who a token is, and what it can be got with.

use std::collections::HashMap;

use crate::answer::Answer;
use crate::clock::Millis;
use crate::random::Random;
use crate::request::Request;
use crate::salesforce::org::{Org, RowIx};
use crate::salesforce::pour::setup::organization;
use crate::salesforce::problem::Problem;

#[derive(Debug, Clone)]
struct Access {
    user: RowIx,
    until: Millis,
}

/// All that can be signed in with.
#[derive(Debug)]
pub(crate) struct Tokens {
    fixed: Option<String>,
    me: RowIx,
    access: HashMap<String, Access>,
    #[allow(dead_code)]
    random: Random,
}

/// A token as the vendor writes it: the org's id, a mark, and what nobody can guess.
pub(crate) fn draw(random: &mut Random) -> String {
    let org = organization().text();
    format!("{}!AQEAQ{}.{}", &org[..15], random.uuid().replace('-', ""), random.uuid().replace('-', "_"))
}

pub(crate) fn expired() -> Problem {
    Problem::new(401, "INVALID_SESSION_ID", "Session expired or invalid")
}

fn bare(header: Option<&str>) -> &str {
    let header = header.unwrap_or_default();
    ["Bearer ", "bearer ", "OAuth "].into_iter().find_map(|p| header.strip_prefix(p)).unwrap_or_default().trim()
}

impl Tokens {
    pub(crate) fn new(fixed: String, me: RowIx, random: Random) -> Self {
        Tokens { fixed: Some(fixed), me, access: HashMap::new(), random }
    }

    /// Whose token the org's own is.
    pub(crate) fn me(&self) -> RowIx {
        self.me
    }

    /// The user behind a header.
    pub(crate) fn user(&self, header: Option<&str>, now: Millis) -> Result<RowIx, Problem> {
        let token = bare(header);
        if token.is_empty() {
            return Err(Problem::new(401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE"));
        }
        if self.fixed.as_deref() == Some(token) {
            return Ok(self.me);
        }
        self.access.get(token).filter(|a| a.until > now).map(|a| a.user).ok_or_else(expired)
    }

    pub(crate) fn revoke(&mut self, header: Option<&str>) {
        let token = bare(header);
        if self.fixed.as_deref() == Some(token) {
            self.fixed = None;
        }
        self.access.remove(token);
    }

    pub(crate) fn handle(&mut self, _org: &Org, _request: &Request, _rest: &[&str], _rotate: bool) -> Answer {
        Problem::no_resource().answer()
    }
}
