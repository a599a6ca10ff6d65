//! Sign-in: the authorise page, codes with PKCE, access tokens of thirty minutes, refresh, introspection, revocation.
//!
//! Callers rely on: a code works once and only with its verifier, tokens expire by the server's clock, the static token of a
//! private app never expires. Any client id and secret are taken: who may register an app is not this server's question.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::clock::Millis;
use crate::hubspot::answer::{Answer, Refusal};
use crate::json::time_text;
use crate::random::Random;
use crate::request::{Actor, Request, Source, pairs};
use crate::signin::{allowed, encode, escape, s256};

const ACCESS_MS: Millis = 30 * 60 * 1000;
const CODE_MS: Millis = 60 * 1000;
/// Whose app it is, and who signs in.
pub(crate) const USER: u64 = 9_000_001;
const EMAIL: &str = "alex.marlow@vendor.example";
const APP: u64 = 1_837_465;
const PORTAL: u64 = 4242;

#[derive(Debug, Clone)]
struct Code {
    client: String,
    redirect: String,
    scopes: Vec<String>,
    challenge: Option<String>,
    until: Millis,
}

#[derive(Debug, Clone)]
struct Access {
    client: String,
    scopes: Vec<String>,
    until: Millis,
    revoked: bool,
}

#[derive(Debug, Clone)]
struct Refresh {
    client: String,
    scopes: Vec<String>,
}

/// All that can be signed in with.
#[derive(Debug)]
pub(crate) struct Tokens {
    fixed: String,
    fixed_revoked: bool,
    codes: HashMap<String, Code>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    random: Random,
}

impl Tokens {
    pub(crate) fn new(fixed: String, random: Random) -> Self {
        Tokens {
            fixed,
            fixed_revoked: false,
            codes: HashMap::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            random,
        }
    }

    fn draw(&mut self, prefix: &str) -> String {
        format!("{prefix}{}-{}", self.random.uuid(), self.random.uuid())
    }

    /// Who a bearer token is, or the vendor's 401.
    pub(crate) fn actor(&self, header: Option<&str>, now: Millis) -> Result<Actor, Refusal> {
        let token = header
            .and_then(|h| h.strip_prefix("Bearer ").or_else(|| h.strip_prefix("bearer ")))
            .map(str::trim)
            .unwrap_or_default();
        if token == self.fixed && !self.fixed_revoked {
            return Ok(Actor::integration());
        }
        match self.access.get(token) {
            Some(a) if a.revoked => Err(invalid()),
            Some(a) if a.until <= now => Err(expired((now - a.until) / 60_000)),
            Some(a) => Ok(Actor {
                source: Source { kind: "INTEGRATION", id: a.client.as_str().into(), user: Some(USER) },
                read_only: !a.scopes.is_empty() && !a.scopes.iter().any(|s| s.ends_with(".write")),
                oauth: true,
            }),
            None => Err(invalid()),
        }
    }

    /// Takes a token away for good.
    pub(crate) fn revoke(&mut self, header: Option<&str>) {
        let token = header.and_then(|h| h.strip_prefix("Bearer ")).unwrap_or_default();
        if token == self.fixed {
            self.fixed_revoked = true;
        }
        if let Some(a) = self.access.get_mut(token) {
            a.revoked = true;
        }
    }

    /// Answers what sign-in is asked. `read_only` is what the app's own token may do now.
    pub(crate) fn handle(&mut self, request: &Request, rest: &[&str], read_only: bool) -> Result<Answer, Refusal> {
        let form = self.form(request);
        match (request.method.as_str(), rest) {
            ("GET", ["authorize"]) => page(request),
            ("POST", ["authorize"]) => self.decide(&form, request.at),
            ("POST", ["token"]) => Ok(self.token(&form, request.at)),
            ("POST", ["token", "introspect"]) => {
                Ok(self.introspect(form.get("token").map(String::as_str).unwrap_or_default(), request.at))
            }
            ("POST", ["token", "revoke"]) => {
                let token = form.get("token").cloned().unwrap_or_default();
                self.refresh.remove(&token);
                self.revoke(Some(&format!("Bearer {token}")));
                Ok(Answer::empty(204))
            }
            ("POST", ["private-apps", "get", "access-token-info"]) => {
                self.app_info(form.get("tokenKey").map(String::as_str).unwrap_or_default(), read_only)
            }
            ("GET", ["access-tokens", token]) => self.info(token, request.at),
            ("GET", ["refresh-tokens", token]) => {
                let r = self.refresh.get(*token).ok_or_else(|| Refusal::not_found("token"))?;
                Ok(Answer::json(
                    200,
                    &json!({"token": token, "client_id": r.client, "hub_id": PORTAL, "user_id": USER, "user": EMAIL,
                    "hub_domain": "vendor.example", "scopes": r.scopes, "token_type": "refresh"}),
                ))
            }
            ("DELETE", ["refresh-tokens", token]) => {
                self.refresh.remove(*token);
                Ok(Answer::empty(204))
            }
            _ => Err(Refusal::no_such_path()),
        }
    }

    /// The parameters of a form or JSON body, and of the query for the old paths.
    fn form(&self, request: &Request) -> HashMap<String, String> {
        let mut all: HashMap<String, String> = request.query.iter().cloned().collect();
        match request.object() {
            Ok(map) if !map.is_empty() => {
                all.extend(map.into_iter().filter_map(|(k, v)| v.as_str().map(|v| (k, v.to_owned()))))
            }
            _ => all.extend(pairs(&String::from_utf8_lossy(&request.body))),
        }
        all
    }

    fn decide(&mut self, form: &HashMap<String, String>, now: Millis) -> Result<Answer, Refusal> {
        let get = |n: &str| form.get(n).cloned().unwrap_or_default();
        let redirect = get("redirect_uri");
        checked(&redirect)?;
        let joint = if redirect.contains('?') { '&' } else { '?' };
        let state = if get("state").is_empty() { String::new() } else { format!("&state={}", encode(&get("state"))) };
        let target = if get("decision") == "approve" {
            let code = self.draw("na1-");
            let scopes = get("scope").split_whitespace().map(str::to_owned).collect();
            let challenge = Some(get("code_challenge")).filter(|c| !c.is_empty());
            self.codes.insert(
                code.clone(),
                Code { client: get("client_id"), redirect: redirect.clone(), scopes, challenge, until: now + CODE_MS },
            );
            format!("{redirect}{joint}code={code}{state}")
        } else {
            format!("{redirect}{joint}error=access_denied&error_description=The+user+declined{state}")
        };
        let mut answer = Answer::html(302, Vec::new());
        answer.headers.push(("location", target));
        Ok(answer)
    }

    fn token(&mut self, form: &HashMap<String, String>, now: Millis) -> Answer {
        let get = |n: &str| form.get(n).map(String::as_str).unwrap_or_default();
        let bad = |status: &str, error: &str, message: &str| {
            Answer::json(
                400,
                &json!({"status": status, "error": error, "error_description": message, "message": message}),
            )
        };
        let (client, scopes, refresh) = match get("grant_type") {
            "authorization_code" => {
                let Some(code) = self.codes.remove(get("code")).filter(|c| c.until > now) else {
                    return bad("BAD_AUTH_CODE", "invalid_grant", "missing or unknown auth code");
                };
                if code.redirect != get("redirect_uri") || code.client != get("client_id") {
                    return bad(
                        "BAD_REDIRECT_URI",
                        "invalid_grant",
                        "redirect_uri or client_id does not match the one the code was made for",
                    );
                }
                if let Some(challenge) = &code.challenge
                    && *challenge != s256(get("code_verifier"))
                {
                    return bad("BAD_CODE_VERIFIER", "invalid_grant", "code_verifier does not match");
                }
                let refresh = self.draw("na1-r-");
                self.refresh
                    .insert(refresh.clone(), Refresh { client: code.client.clone(), scopes: code.scopes.clone() });
                (code.client, code.scopes, refresh)
            }
            "refresh_token" => match self.refresh.get(get("refresh_token")) {
                Some(r) => (r.client.clone(), r.scopes.clone(), get("refresh_token").to_owned()),
                None => return bad("BAD_REFRESH_TOKEN", "invalid_grant", "missing or invalid refresh token"),
            },
            _ => return bad("BAD_GRANT_TYPE", "unsupported_grant_type", "missing or unknown grant type"),
        };
        let access = self.draw("CNa1-");
        self.access
            .insert(access.clone(), Access { client, scopes: scopes.clone(), until: now + ACCESS_MS, revoked: false });
        Answer::json(
            200,
            &json!({"token_type": "bearer", "access_token": access, "refresh_token": refresh, "expires_in": ACCESS_MS / 1000,
            "hub_id": PORTAL, "user_id": USER, "scopes": scopes}),
        )
    }

    fn introspect(&self, token: &str, now: Millis) -> Answer {
        let body = match (self.access.get(token), self.refresh.get(token)) {
            (Some(a), _) if !a.revoked && a.until > now => {
                json!({"active": true, "token_use": "access_token", "client_id": a.client, "hub_id": PORTAL,
                "user_id": USER, "scopes": a.scopes, "token_type": "bearer", "expires_in": (a.until - now) / 1000, "exp": a.until / 1000})
            }
            (None, Some(r)) => {
                json!({"active": true, "token_use": "refresh_token", "client_id": r.client, "hub_id": PORTAL, "user_id": USER, "scopes": r.scopes, "token_type": "bearer"})
            }
            _ => json!({"active": false}),
        };
        Answer::json(200, &body)
    }

    /// What the token of a private app says of its account, its maker and its scopes; of no other kind of token.
    fn app_info(&self, token: &str, read_only: bool) -> Result<Answer, Refusal> {
        if token != self.fixed || self.fixed_revoked {
            return Err(Refusal::not_found("token"));
        }
        let rights: &[&str] = if read_only { &["read"] } else { &["read", "write"] };
        let mut scopes: Vec<String> = Vec::new();
        for object in [
            "objects.companies",
            "objects.contacts",
            "objects.custom",
            "objects.deals",
            "schemas.companies",
            "schemas.custom",
            "schemas.deals",
        ] {
            scopes.extend(rights.iter().map(|right| format!("crm.{object}.{right}")));
        }
        scopes.extend(["crm.objects.owners.read".to_owned(), "oauth".to_owned()]);
        scopes.extend((!read_only).then(|| "forms".to_owned()));
        Ok(Answer::json(200, &json!({"userId": USER, "hubId": PORTAL, "appId": APP, "scopes": scopes})))
    }

    fn info(&self, token: &str, now: Millis) -> Result<Answer, Refusal> {
        let a = self
            .access
            .get(token)
            .filter(|a| !a.revoked && a.until > now)
            .ok_or_else(|| Refusal::not_found("token"))?;
        Ok(Answer::json(
            200,
            &json!({"token": token, "user": EMAIL, "hub_domain": "vendor.example", "scopes": a.scopes, "hub_id": PORTAL,
            "app_id": APP, "expires_in": (a.until - now) / 1000, "user_id": USER, "token_type": "access", "expires_at": time_text(a.until)}),
        ))
    }
}

pub(crate) fn invalid() -> Refusal {
    Refusal::new(
        401,
        "INVALID_AUTHENTICATION",
        "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
    )
}

pub(crate) fn expired(minutes: i64) -> Refusal {
    let mut r = Refusal::new(
        401,
        "EXPIRED_AUTHENTICATION",
        format!("The OAuth token used to make this call expired {minutes} minute(s) ago."),
    );
    r.context.insert("expireTime".into(), Value::Array(vec![]));
    r
}

fn checked(redirect: &str) -> Result<(), Refusal> {
    if allowed(redirect) { Ok(()) } else { Err(Refusal::invalid("redirect_uri is missing or not allowed")) }
}

fn page(request: &Request) -> Result<Answer, Refusal> {
    checked(request.param("redirect_uri").unwrap_or_default())?;
    if request.param("client_id").is_none() {
        return Err(Refusal::invalid("client_id is missing"));
    }
    if request.param("code_challenge").is_some() && request.param("code_challenge_method") != Some("S256") {
        return Err(Refusal::invalid("code_challenge_method must be S256"));
    }
    // This account has every scope that may be asked for.
    let scope = [request.param("scope"), request.param("optional_scope")].map(Option::unwrap_or_default).join(" ");
    let hidden: String = ["client_id", "redirect_uri", "scope", "state", "code_challenge"]
        .iter()
        .map(|n| {
            let value = if *n == "scope" { scope.trim() } else { request.param(n).unwrap_or_default() };
            format!("<input type=\"hidden\" name=\"{n}\" value=\"{}\">", escape(value))
        })
        .collect();
    let scope = escape(scope.trim());
    Ok(Answer::html(
        200,
        format!(
            "<!doctype html><html lang=\"en\"><title>Connect app</title><main><h1>Connect app to account {PORTAL}</h1><p>It asks for: {scope}</p>\
             <form method=\"post\" action=\"/oauth/authorize\">{hidden}<button name=\"decision\" value=\"approve\">Approve</button> \
             <button name=\"decision\" value=\"deny\">Deny</button></form></main></html>"
        ),
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    fn ask(tokens: &mut Tokens, method: &str, path: &str, body: &str, at: Millis) -> Result<Answer, Refusal> {
        let r = Request::new(method, path, "", body.as_bytes().to_vec(), Actor::integration(), at);
        let words = r.parts();
        tokens.handle(&r, &words[1 + usize::from(words[1] != "authorize")..], false)
    }

    #[test]
    fn a_code_works_once_with_its_verifier_and_the_token_lasts_half_an_hour() {
        let mut t = Tokens::new("fixed".into(), Random::new(1));
        let form = "client_id=a&redirect_uri=http%3A%2F%2Flocalhost%3A1%2Fcb&scope=crm.objects.deals.read&state=s&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&decision=approve";
        let code = |t: &mut Tokens| {
            let a = ask(t, "POST", "/oauth/authorize", form, 0).unwrap();
            let to = &a.headers.iter().find(|h| h.0 == "location").unwrap().1;
            assert!(to.ends_with("&state=s"));
            to.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned()
        };
        let grant = |code: &str, verifier: &str| {
            format!(
                "grant_type=authorization_code&client_id=a&redirect_uri=http://localhost:1/cb&code={code}&code_verifier={verifier}"
            )
        };
        let wrong = grant(&code(&mut t), "nope");
        assert_eq!(ask(&mut t, "POST", "/oauth/2026-09/token", &wrong, 1).unwrap().status, 400);
        let right = grant(&code(&mut t), "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        let answer = ask(&mut t, "POST", "/oauth/2026-09/token", &right, 1).unwrap();
        let body: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(ask(&mut t, "POST", "/oauth/2026-09/token", &right, 1).unwrap().status, 400);
        let header = format!("Bearer {}", body["access_token"].as_str().unwrap());
        assert!(t.actor(Some(&header), 2).unwrap().read_only);
        assert_eq!(t.actor(Some(&header), ACCESS_MS + 5).unwrap_err().category, "EXPIRED_AUTHENTICATION");
        let again = format!("grant_type=refresh_token&refresh_token={}", body["refresh_token"].as_str().unwrap());
        assert_eq!(ask(&mut t, "POST", "/oauth/v1/token", &again, ACCESS_MS + 5).unwrap().status, 200);
        t.revoke(Some(&header));
        assert_eq!(t.actor(Some(&header), 3).unwrap_err().category, "INVALID_AUTHENTICATION");
    }
}
