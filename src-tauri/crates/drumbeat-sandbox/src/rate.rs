//! How many requests the account may make.

/// What the account may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RatePlan {
    /// Requests in any ten seconds with a private app's token.
    pub ten_seconds: u32,
    /// Requests in any ten seconds with an OAuth app's token.
    pub oauth_ten_seconds: u32,
    /// Searches in any second.
    pub search_second: u32,
    /// Requests a day.
    pub daily: u32,
    /// Whether a 429 says when to come back.
    pub retry_after: bool,
}

impl RatePlan {
    /// The limits of a Professional account.
    pub fn professional() -> Self {
        RatePlan { ten_seconds: 190, oauth_ten_seconds: 110, search_second: 5, daily: 650_000, retry_after: true }
    }

    /// The limits of a Starter account.
    pub fn starter() -> Self {
        RatePlan { ten_seconds: 100, oauth_ten_seconds: 100, search_second: 5, daily: 250_000, retry_after: true }
    }
}
