//! Signing in by a browser, sessions and what ends them.

use drumbeat_sandbox::OrgFaults;

use super::*;

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const ASKED: &str = "response_type=code&client_id=app&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb&state=s1&scope=api+refresh_token&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";

fn browser() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

async fn form(s: &Sandbox, path: &str, body: &str) -> (u16, Value) {
    let request = browser()
        .post(format!("{}/services/oauth2/{path}", s.url()))
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = request.body(body.to_owned()).send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
}

/// Where the browser is sent after a decision on the page.
async fn decide(s: &Sandbox, decision: &str) -> String {
    let me = all(s, "SELECT Username FROM User WHERE FirstName = 'Alex' AND LastName = 'Marlow'").await[0]["Username"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = format!("{ASKED}&decision={decision}&username={me}&pw=x");
    let request = browser()
        .post(format!("{}/services/oauth2/authorize", s.url()))
        .header("content-type", "application/x-www-form-urlencoded");
    let answer = request.body(body).send().await.unwrap();
    assert_eq!(answer.status(), 302);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

async fn code(s: &Sandbox) -> String {
    let to = decide(s, "approve").await;
    assert!(to.starts_with("http://127.0.0.1:1/cb?code=") && to.ends_with("&state=s1"), "{to}");
    to.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
}

fn grant(code: &str, verifier: &str) -> String {
    format!(
        "grant_type=authorization_code&client_id=app&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2Fcb&code={code}&code_verifier={verifier}"
    )
}

async fn asks_as(s: &Sandbox, token: &str) -> u16 {
    browser().get(format!("{}{V}/limits", s.url())).bearer_auth(token).send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_code_is_good_once_with_its_verifier_and_the_answer_says_no_end() {
    let s = salesforce().await;
    let page = browser()
        .get(format!("{}/services/oauth2/authorize?{ASKED}", s.url()))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(page.contains("Allow") && page.contains("Deny") && page.contains("name=\"state\" value=\"s1\""));
    for (verifier, error) in [("", "invalid_request"), ("wrong", "invalid_grant")] {
        let (status, refused) = form(&s, "token", &grant(&code(&s).await, verifier)).await;
        assert_eq!((status, &refused["error"]), (400, &json!(error)));
    }
    let right = grant(&code(&s).await, VERIFIER);
    let (status, session) = form(&s, "token", &right).await;
    assert_eq!((status, &session["instance_url"], session.get("expires_in")), (200, &json!(s.url()), None));
    assert_eq!(form(&s, "token", &right).await.1["error"], "invalid_grant");
    let token = session["access_token"].as_str().unwrap();
    assert_eq!(asks_as(&s, token).await, 200);
    for path in [session["id"].as_str().unwrap().to_owned(), format!("{}/services/oauth2/userinfo", s.url())] {
        let told = browser().get(path).bearer_auth(token).send().await.unwrap().text().await.unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(
            (told["email"].as_str(), told["organization_id"].as_str().map(str::len)),
            (Some("alex.marlow@vendor.example"), Some(18))
        );
    }
}

#[tokio::test]
async fn a_no_comes_back_as_such() {
    let s = salesforce().await;
    assert_eq!(
        decide(&s, "deny").await,
        "http://127.0.0.1:1/cb?error=access_denied&error_description=end-user+denied+authorization&state=s1"
    );
    let elsewhere = ASKED.replace("http%3A%2F%2F127.0.0.1%3A1%2Fcb", "http%3A%2F%2Fevil.example");
    let answer = browser().get(format!("{}/services/oauth2/authorize?{elsewhere}", s.url())).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().contains("redirect_uri_mismatch")), (400, true));
}

#[tokio::test]
async fn a_session_ends_and_is_renewed_until_it_is_revoked() {
    let s = salesforce().await;
    let (_, session) = form(&s, "token", &grant(&code(&s).await, VERIFIER)).await;
    let (token, refresh) = (session["access_token"].as_str().unwrap(), session["refresh_token"].as_str().unwrap());
    s.advance(Duration::from_secs(2 * 3600 + 1));
    let answer = browser().get(format!("{}{V}/limits", s.url())).bearer_auth(token).send().await.unwrap();
    assert_eq!(answer.status(), 401);
    assert!(answer.text().await.unwrap().contains("INVALID_SESSION_ID"));
    let again = |refresh: &str| format!("grant_type=refresh_token&client_id=app&refresh_token={refresh}");
    let (status, renewed) = form(&s, "token", &again(refresh)).await;
    assert_eq!((status, renewed.get("refresh_token")), (200, None));
    assert_eq!(asks_as(&s, renewed["access_token"].as_str().unwrap()).await, 200);
    s.set_faults(Faults { org: OrgFaults { rotate_refresh: true, ..OrgFaults::default() }, ..Faults::default() });
    let (_, rotated) = form(&s, "token", &again(refresh)).await;
    let next = rotated["refresh_token"].as_str().unwrap();
    assert_ne!(next, refresh);
    assert_eq!(form(&s, "token", &again(refresh)).await.1["error"], "invalid_grant");
    let (_, last) = form(&s, "token", &again(next)).await;
    let (token, refresh) = (last["access_token"].as_str().unwrap(), last["refresh_token"].as_str().unwrap());
    assert_eq!(form(&s, "introspect", &format!("token={token}")).await.1["active"], true);
    assert_eq!(form(&s, "revoke", &format!("token={refresh}")).await.0, 200);
    assert_eq!(form(&s, "introspect", &format!("token={token}")).await.1, json!({"active": false}));
    assert_eq!(asks_as(&s, token).await, 401);
    assert_eq!(form(&s, "revoke", "token=nobodys").await.0, 400);
}
