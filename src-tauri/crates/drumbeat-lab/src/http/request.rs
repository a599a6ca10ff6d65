//! The columns: the kinds of request that the client makes of HubSpot, told apart by what is on the wire.

use serde::Serialize;

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// A page of a full scan.
    ListPage,
    /// A page of changes, through search.
    SearchPage,
    /// One record by its id.
    GetById,
    /// One record by a unique property.
    GetByUnique,
    /// Records by id.
    BatchRead,
    /// Records by id, with the history of properties.
    HistoryRead,
    /// The links of records.
    AssociationsRead,
    /// The recycle bin.
    ArchivedList,
    /// A change of one record.
    Update,
    /// A new record.
    Create,
    /// A link.
    Link,
    /// A new note.
    Note,
    /// A record that we have made goes into the bin again.
    Archive,
    /// What the token is and may do.
    Token,
    /// A new token for an old one: what OAuth has and a private app's token has not.
    Refresh,
    /// Account, objects, properties, pipelines, owners.
    Describe,
}

impl Request {
    /// All of them.
    pub const ALL: &[Request] = &[
        Request::ListPage,
        Request::SearchPage,
        Request::GetById,
        Request::GetByUnique,
        Request::BatchRead,
        Request::HistoryRead,
        Request::AssociationsRead,
        Request::ArchivedList,
        Request::Update,
        Request::Create,
        Request::Link,
        Request::Note,
        Request::Archive,
        Request::Token,
        Request::Refresh,
        Request::Describe,
    ];

    /// It changes something in the CRM.
    #[must_use]
    pub fn is_write(self) -> bool {
        matches!(self, Request::Update | Request::Create | Request::Link | Request::Note | Request::Archive)
    }

    /// It is read on the way to a write: its failure holds one op up and not the sync.
    #[must_use]
    pub fn is_preflight(self) -> bool {
        matches!(self, Request::GetById | Request::GetByUnique | Request::HistoryRead)
    }

    /// What a request is; none for what no column is about.
    #[must_use]
    pub fn of(method: &str, target: &str, body: &[u8]) -> Option<Self> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
        let archived = query.split('&').any(|pair| pair == "archived=true");
        Some(match (method, words.as_slice()) {
            ("GET", ["crm", "objects", _, _]) if archived => Request::ArchivedList,
            ("GET", ["crm", "objects", _, _]) => Request::ListPage,
            ("GET", ["crm", "objects", _, _, _]) if query.contains("idProperty=") => Request::GetByUnique,
            ("GET", ["crm", "objects", _, _, _]) => Request::GetById,
            ("POST", ["crm", "objects", _, _, "search"]) => Request::SearchPage,
            ("POST", ["crm", "objects", _, _, "batch", "read"]) if archived => Request::ArchivedList,
            ("POST", ["crm", "objects", _, _, "batch", "read"]) => {
                let asked: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
                let history = asked["propertiesWithHistory"].as_array().is_some_and(|names| !names.is_empty());
                if history { Request::HistoryRead } else { Request::BatchRead }
            }
            ("POST", ["crm", "associations", .., "batch", "read"]) => Request::AssociationsRead,
            ("PATCH", ["crm", "objects", _, _, _]) => Request::Update,
            ("DELETE", ["crm", "objects", _, _, _]) => Request::Archive,
            ("POST", ["crm", "objects", _, "notes"]) => Request::Note,
            ("POST", ["crm", "objects", _, _]) => Request::Create,
            ("PUT", ["crm", "objects", _, _, _, "associations", ..]) => Request::Link,
            ("POST", ["oauth", .., "token"]) => Request::Refresh,
            ("POST", ["oauth", ..]) => Request::Token,
            ("GET", ["account-info" | "crm-object-schemas", ..]) => Request::Describe,
            ("GET", ["crm", "properties" | "pipelines" | "owners", ..]) => Request::Describe,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_known_by_what_is_on_the_wire() {
        let cases: &[(&str, &str, &str, Request)] = &[
            ("GET", "/crm/objects/2026-09/deals?limit=100", "", Request::ListPage),
            ("GET", "/crm/objects/2026-09/deals?limit=100&archived=true", "", Request::ArchivedList),
            ("GET", "/crm/objects/2026-09/deals/7?properties=a", "", Request::GetById),
            ("GET", "/crm/objects/2026-09/tasks/x?idProperty=drumbeat_op_id", "", Request::GetByUnique),
            ("POST", "/crm/objects/2026-09/deals/search", "{}", Request::SearchPage),
            ("POST", "/crm/objects/2026-09/deals/batch/read", "{}", Request::BatchRead),
            (
                "POST",
                "/crm/objects/2026-09/deals/batch/read",
                "{\"propertiesWithHistory\":[\"a\"]}",
                Request::HistoryRead,
            ),
            ("POST", "/crm/associations/2026-09/deals/companies/batch/read", "{}", Request::AssociationsRead),
            ("PATCH", "/crm/objects/2026-09/deals/7", "{}", Request::Update),
            ("POST", "/crm/objects/2026-09/tasks", "{}", Request::Create),
            ("POST", "/crm/objects/2026-09/notes", "{}", Request::Note),
            ("PUT", "/crm/objects/2026-09/deals/7/associations/default/companies/8", "", Request::Link),
            ("DELETE", "/crm/objects/2026-09/tasks/7", "", Request::Archive),
            ("POST", "/oauth/v2/private-apps/get/access-token-info", "{}", Request::Token),
            ("POST", "/oauth/2026-09/token", "grant_type=refresh_token", Request::Refresh),
            ("GET", "/crm/pipelines/2026-09/deals", "", Request::Describe),
        ];
        for (method, target, body, kind) in cases {
            assert_eq!(Request::of(method, target, body.as_bytes()), Some(*kind), "{method} {target}");
        }
        assert_eq!(Request::of("GET", "/crm/associations/2026-09/deals/companies/labels", b""), None);
    }
}
