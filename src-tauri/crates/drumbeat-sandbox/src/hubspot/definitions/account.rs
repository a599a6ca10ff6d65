//! What the account says about itself.

use serde_json::json;

use crate::hubspot::answer::{Answer, Done};
use crate::hubspot::world::World;
use crate::json::time_text;
use crate::request::Request;

pub(crate) fn details(world: &World) -> Done {
    Ok(Answer::json(
        200,
        &json!({"portalId": world.portal, "accountType": "DEVELOPER_TEST", "timeZone": "US/Eastern", "companyCurrency": "USD",
            "additionalCurrencies": ["EUR", "GBP"], "utcOffset": "-05:00", "utcOffsetMilliseconds": -18_000_000,
            "uiDomain": "app.hubspot.com", "dataHostingLocation": "na1"}),
    ))
}

pub(crate) fn usage(request: &Request) -> Done {
    let at = time_text(request.at);
    Ok(Answer::json(
        200,
        &json!({"results": [{"name": "private-apps-api-calls-daily", "usageLimit": 650_000, "currentUsage": 0, "collectedAt": at, "fetchStatus": "SUCCESS", "resetsAt": at}]}),
    ))
}
