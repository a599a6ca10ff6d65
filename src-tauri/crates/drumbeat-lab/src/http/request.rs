//! The columns: the kinds of request that the client makes of a CRM. How one looks on the wire is the vendor's.

use serde::Serialize;

/// A kind of request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Request {
    /// A page of a full scan.
    ListPage,
    /// A page of changes, through search.
    SearchPage,
    /// One record by its id: what a write is judged by.
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
    /// A lead becomes its deal, which only the SOAP API can.
    Convert,
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
        Request::Convert,
        Request::Token,
        Request::Refresh,
        Request::Describe,
    ];

    /// It changes something in the CRM.
    #[must_use]
    pub fn is_write(self) -> bool {
        use Request as R;
        matches!(self, R::Update | R::Create | R::Link | R::Note | R::Archive | R::Convert)
    }
}
