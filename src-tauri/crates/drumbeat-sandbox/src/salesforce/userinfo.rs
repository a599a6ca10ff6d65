//! Who a session is: the claims of OpenID, and the identity that `id` leads to.

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::salesforce::org::{Org, RowIx};
use crate::salesforce::pour::setup::organization;

/// The address that stands for a user.
pub(crate) fn address(org: &Org, user: RowIx) -> String {
    format!("{}/id/{}/{}", org.url, organization(), org.user_id(user).map(|id| id.text()).unwrap_or_default())
}

fn urls(org: &Org) -> Value {
    let (url, id) = (&org.url, organization().text());
    json!({"enterprise": format!("{url}/services/Soap/c/{{version}}/{}", &id[..15]), "partner": format!("{url}/services/Soap/u/{{version}}/{}", &id[..15]),
        "metadata": format!("{url}/services/Soap/m/{{version}}/{}", &id[..15]), "rest": format!("{url}/services/data/v{{version}}/"),
        "sobjects": format!("{url}/services/data/v{{version}}/sobjects/"), "query": format!("{url}/services/data/v{{version}}/query/"),
        "tooling_rest": format!("{url}/services/data/v{{version}}/tooling/"), "custom_domain": url})
}

fn word(org: &Org, user: RowIx, field: &str) -> String {
    org.ix("User").and_then(|u| org.text(u, user, field)).unwrap_or_default().into_owned()
}

pub(crate) fn claims(org: &Org, user: RowIx) -> Answer {
    let of = |field: &str| word(org, user, field);
    let id = org.user_id(user).map(|id| id.text()).unwrap_or_default();
    Answer::json(
        200,
        &json!({"sub": address(org, user), "user_id": id, "organization_id": organization().text(), "preferred_username": of("Username"),
            "nickname": of("Alias"), "name": of("Name"), "email": of("Email"), "email_verified": true, "given_name": of("FirstName"),
            "family_name": of("LastName"), "zoneinfo": of("TimeZoneSidKey"), "profile": format!("{}/{id}", org.url), "urls": urls(org),
            "active": true, "user_type": "STANDARD", "language": "en_US", "locale": "en_US", "utcOffset": -18_000_000, "is_app_installed": true}),
    )
}

/// What the address of a user answers.
pub(crate) fn identity(org: &Org, user: RowIx) -> Answer {
    let of = |field: &str| word(org, user, field);
    let id = org.user_id(user).map(|id| id.text()).unwrap_or_default();
    Answer::json(
        200,
        &json!({"id": address(org, user), "asserted_user": true, "user_id": id, "organization_id": organization().text(), "username": of("Username"),
            "nick_name": of("Alias"), "display_name": of("Name"), "email": of("Email"), "email_verified": true, "first_name": of("FirstName"),
            "last_name": of("LastName"), "timezone": of("TimeZoneSidKey"), "urls": urls(org), "active": true, "user_type": "STANDARD",
            "language": "en_US", "locale": "en_US", "utcOffset": -18_000_000, "is_lightning_login_user": false}),
    )
}
