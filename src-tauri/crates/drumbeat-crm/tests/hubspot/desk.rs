//! HubSpot's side: its client at a server of the test's, and error bodies as HubSpot writes them.

use drumbeat_crm::Connection;
use drumbeat_crm::hubspot::HubSpot;
use drumbeat_model::secret::Secret;
use serde_json::Value;

use crate::server::hasty;
pub use crate::server::{Asked, Desk, Reply};

pub const TOKEN: &str = "pat-eu1-0d1c2b3a-secret";

impl Desk {
    pub fn client(&self) -> HubSpot {
        client(&self.url)
    }
}

/// A client without the patience of real life.
pub fn client(url: &str) -> HubSpot {
    HubSpot::open_with(Connection::new(url, Secret::new(TOKEN.to_owned())), hasty()).unwrap()
}

/// An error body as HubSpot documents it.
pub fn problem(category: &str, message: &str) -> Value {
    serde_json::json!({
        "status": "error", "message": message, "category": category,
        "correlationId": "aeb5f871-7f07-4993-9211-075dc63e7cbf"
    })
}

/// The body of a 429.
pub fn limit(policy: &str) -> Value {
    serde_json::json!({
        "status": "error", "message": format!("You have reached your {} limit.", policy.to_lowercase()),
        "errorType": "RATE_LIMIT", "correlationId": "c033cdaa-2c40-4a64-ae48-b4cec88dad24", "policyName": policy,
        "groupName": "publicapi:private-apps:api-calls"
    })
}
