//! Why a read from the CRM did not succeed. Facts only; the sentences for people are made in the app.

/// A failed read. URLs and tokens never appear in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrmError {
    /// No answer: refused, unresolved, timed out, cut off. Waiting or trying again may help.
    #[error("the CRM cannot be reached: {0}")]
    Unreachable(String),
    /// 401: the token is wrong, expired or revoked.
    #[error("the CRM does not accept the token: {0}")]
    NotAuthorised(String),
    /// 403: the token lacks a right; `scope` where the CRM names it.
    #[error("the token may not do this: {0}")]
    Forbidden(String),
    /// 404 for a thing that should be there.
    #[error("the CRM has no such thing: {0}")]
    NotFound(String),
    /// Rate limits did not let up within the patience of the governor.
    #[error("the CRM keeps asking to wait ({0} s)")]
    RateLimited(u64),
    /// A well-formed refusal.
    #[error("the CRM refused: {0}")]
    Refused(String),
    /// Something that is not the vendor's API: an HTML page, a truncated body, another type.
    #[error("the answer is not the CRM's: {0}")]
    Garbled(String),
    /// An answer past a limit (bytes, depth, time).
    #[error("the answer is too large: {0}")]
    TooLarge(String),
}
