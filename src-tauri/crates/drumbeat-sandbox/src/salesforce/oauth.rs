//! Sign-in: the authorise page, codes with PKCE, sessions, refresh with or without rotation, revocation, who somebody is.
//!
//! Callers rely on: a code works once and only with its verifier, a session ends two hours after it began by the server's clock,
//! no answer says when; the org's own token never ends. Any client id is taken: who may register an app is not this server's question.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::answer::Answer;
use crate::clock::Millis;
use crate::random::Random;
use crate::request::{Request, pairs};
use crate::salesforce::org::{Org, RowIx};
use crate::salesforce::pour::setup::organization;
use crate::salesforce::problem::Problem;
use crate::salesforce::userinfo;
use crate::signin::{allowed, encode, escape, s256};

const SESSION_MS: Millis = 2 * 60 * 60 * 1000;
const CODE_MS: Millis = 15 * 60 * 1000;

#[derive(Debug, Clone)]
struct Code {
    client: String,
    redirect: String,
    scope: String,
    challenge: Option<String>,
    user: RowIx,
    until: Millis,
}

#[derive(Debug, Clone)]
struct Access {
    client: String,
    scope: String,
    user: RowIx,
    until: Millis,
    /// The refresh token that it came from goes with it.
    refresh: String,
}

#[derive(Debug, Clone)]
struct Refresh {
    client: String,
    scope: String,
    user: RowIx,
}

/// All that can be signed in with.
#[derive(Debug)]
pub(crate) struct Tokens {
    fixed: Option<String>,
    me: RowIx,
    codes: HashMap<String, Code>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
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

/// A refusal of the sign-in, which is no list.
fn bad(error: &str, description: &str) -> Answer {
    Answer::json(400, &json!({"error": error, "error_description": description}))
}

type Form = HashMap<String, String>;

fn get<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).map(String::as_str).unwrap_or_default()
}

impl Tokens {
    pub(crate) fn new(fixed: String, me: RowIx, random: Random) -> Self {
        let (codes, access, refresh) = (HashMap::new(), HashMap::new(), HashMap::new());
        Tokens { fixed: Some(fixed), me, codes, access, refresh, random }
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
        self.forget(bare(header));
    }

    /// Takes a token away, and what goes with it. Whether there was one.
    fn forget(&mut self, token: &str) -> bool {
        if self.fixed.as_deref() == Some(token) {
            self.fixed = None;
            return true;
        }
        if self.refresh.remove(token).is_some() {
            self.access.retain(|_, a| a.refresh != token);
            return true;
        }
        let access = self.access.remove(token);
        if let Some(a) = &access {
            self.refresh.remove(&a.refresh);
        }
        access.is_some()
    }

    /// Answers what sign-in is asked. `rotate` gives a new refresh token for each.
    pub(crate) fn handle(&mut self, org: &Org, request: &Request, header: Option<&str>, rotate: bool) -> Answer {
        let form: Form = request.query.iter().cloned().chain(pairs(&String::from_utf8_lossy(&request.body))).collect();
        let words = request.parts();
        match (request.method.as_str(), words.get(2..).unwrap_or_default()) {
            ("GET", ["authorize"]) => page(org, &form, self.me),
            ("POST", ["authorize"]) => self.decide(org, &form, request.at),
            ("POST", ["token"]) => self.token(org, &form, request.at, rotate),
            (_, ["revoke"]) if self.forget(get(&form, "token")) => Answer::empty(200),
            (_, ["revoke"]) => bad("unsupported_token_type", "this token is unknown or not supported"),
            ("POST", ["introspect"]) => self.introspect(org, get(&form, "token"), request.at),
            (_, ["userinfo"]) => match self.user(header, request.at) {
                Ok(user) => userinfo::claims(org, user),
                Err(_) => Answer { media: "text/html;charset=UTF-8", ..Answer::html(403, "Bad_OAuth_Token") },
            },
            _ => Problem::no_resource().answer(),
        }
    }

    /// Sends the browser back with a code, or with the person's no.
    fn decide(&mut self, org: &Org, form: &Form, now: Millis) -> Answer {
        let redirect = get(form, "redirect_uri");
        if !allowed(redirect) {
            return bad("redirect_uri_mismatch", "redirect_uri must match configuration");
        }
        if get(form, "decision") != "approve" {
            return back(form, "error=access_denied&error_description=end-user+denied+authorization");
        }
        let users = org.object("User");
        let named = users.and_then(|u| u.holder(u.field_ix("Username")?, get(form, "username")));
        let Some(user) = named else {
            return Answer::html(
                401,
                "<!doctype html><html lang=\"en\"><title>Login</title><p id=\"error\">Please check your username and password.</p></html>",
            );
        };
        let code = format!("aPrx{}{}", self.random.uuid().replace('-', ""), "==");
        self.codes.insert(
            code.clone(),
            Code {
                client: get(form, "client_id").into(),
                redirect: redirect.into(),
                scope: get(form, "scope").into(),
                challenge: Some(get(form, "code_challenge").to_owned()).filter(|c| !c.is_empty()),
                user,
                until: now + CODE_MS,
            },
        );
        back(form, &format!("code={}", encode(&code)))
    }

    fn token(&mut self, org: &Org, form: &Form, now: Millis, rotate: bool) -> Answer {
        match get(form, "grant_type") {
            "authorization_code" => {
                let Some(code) = self.codes.remove(get(form, "code")) else {
                    return bad("invalid_grant", "invalid authorization code");
                };
                if code.until <= now {
                    return bad("invalid_grant", "expired authorization code");
                }
                if code.client != get(form, "client_id") {
                    return bad("invalid_client_id", "client identifier invalid");
                }
                if code.redirect != get(form, "redirect_uri") {
                    return bad("redirect_uri_mismatch", "redirect_uri must match configuration");
                }
                if let Some(challenge) = &code.challenge {
                    match get(form, "code_verifier") {
                        "" => return bad("invalid_request", "missing required code verifier"),
                        verifier if *challenge != s256(verifier) => {
                            return bad("invalid_grant", "invalid code verifier");
                        }
                        _ => {}
                    }
                }
                let refresh = format!("5Aep861{}", self.random.uuid().replace('-', ""));
                let of = Refresh { client: code.client, scope: code.scope, user: code.user };
                self.refresh.insert(refresh.clone(), of.clone());
                self.session(org, &of, &refresh, true, now)
            }
            "refresh_token" => {
                let old = get(form, "refresh_token").to_owned();
                let Some(of) = self.refresh.get(&old).filter(|r| r.client == get(form, "client_id")).cloned() else {
                    return bad("invalid_grant", "expired access/refresh token");
                };
                if !rotate {
                    return self.session(org, &of, &old, false, now);
                }
                self.refresh.remove(&old);
                let new = format!("5Aep861{}", self.random.uuid().replace('-', ""));
                self.refresh.insert(new.clone(), of.clone());
                self.session(org, &of, &new, true, now)
            }
            _ => bad("unsupported_grant_type", "grant type not supported"),
        }
    }

    /// Begins a session. Nothing says when it ends: a client learns it from a refusal.
    fn session(&mut self, org: &Org, of: &Refresh, refresh: &str, tell: bool, now: Millis) -> Answer {
        let token = draw(&mut self.random);
        let (client, scope) = (of.client.clone(), of.scope.clone());
        let until = now + SESSION_MS;
        self.access.insert(token.clone(), Access { client, scope, user: of.user, until, refresh: refresh.into() });
        let scope = if of.scope.is_empty() { "refresh_token api id" } else { &of.scope };
        let mut body = json!({"access_token": token, "instance_url": org.url, "id": userinfo::address(org, of.user), "token_type": "Bearer",
            "issued_at": now.to_string(), "signature": s256(&format!("{}{now}", userinfo::address(org, of.user))), "scope": scope});
        if let (true, Value::Object(map)) = (tell, &mut body) {
            map.insert("refresh_token".into(), refresh.into());
        }
        Answer::json(200, &body)
    }

    fn introspect(&self, org: &Org, token: &str, now: Millis) -> Answer {
        let name =
            |user: RowIx| org.ix("User").and_then(|u| org.text(u, user, "Username")).unwrap_or_default().into_owned();
        let body = match (self.access.get(token), self.refresh.get(token)) {
            (Some(a), _) if a.until > now => {
                json!({"active": true, "scope": a.scope, "client_id": a.client, "username": name(a.user), "sub": userinfo::address(org, a.user),
                    "token_type": "access_token", "exp": a.until / 1000, "iat": (a.until - SESSION_MS) / 1000, "nbf": (a.until - SESSION_MS) / 1000})
            }
            (_, Some(r)) => {
                json!({"active": true, "scope": r.scope, "client_id": r.client, "username": name(r.user), "sub": userinfo::address(org, r.user), "token_type": "refresh_token"})
            }
            _ => json!({"active": false}),
        };
        Answer::json(200, &body)
    }
}

fn back(form: &Form, outcome: &str) -> Answer {
    let redirect = get(form, "redirect_uri");
    let joint = if redirect.contains('?') { '&' } else { '?' };
    let state = match get(form, "state") {
        "" => String::new(),
        state => format!("&state={}", encode(state)),
    };
    let mut answer = Answer::html(302, Vec::new());
    answer.headers.push(("location", format!("{redirect}{joint}{outcome}{state}")));
    answer
}

/// The page on which a person says who they are and whether the app may.
fn page(org: &Org, form: &Form, me: RowIx) -> Answer {
    if !allowed(get(form, "redirect_uri")) {
        return bad("redirect_uri_mismatch", "redirect_uri must match configuration");
    }
    if get(form, "client_id").is_empty() {
        return bad("invalid_client_id", "client identifier invalid");
    }
    if get(form, "response_type") != "code" {
        return back(form, "error=unsupported_response_type&error_description=response+type+not+supported");
    }
    if !get(form, "code_challenge").is_empty() && get(form, "code_challenge_method") != "S256" {
        return back(form, "error=invalid_request&error_description=invalid+code+challenge+method");
    }
    let hidden: String = ["client_id", "redirect_uri", "scope", "state", "code_challenge"]
        .iter()
        .map(|n| format!("<input type=\"hidden\" name=\"{n}\" value=\"{}\">", escape(get(form, n))))
        .collect();
    let known = org.ix("User").and_then(|u| org.text(u, me, "Username")).unwrap_or_default();
    let name = if get(form, "login_hint").is_empty() { known.as_ref() } else { get(form, "login_hint") };
    let scope = escape(get(form, "scope"));
    Answer::html(
        200,
        format!(
            "<!doctype html><html lang=\"en\"><title>Login</title><main><h1>Allow Access?</h1><p>An app is asking to: {scope}</p>\
             <form method=\"post\" action=\"/services/oauth2/authorize\">{hidden}\
             <label>Username <input name=\"username\" id=\"username\" value=\"{}\"></label> \
             <label>Password <input name=\"pw\" id=\"password\" type=\"password\" value=\"password\"></label> \
             <button name=\"decision\" value=\"approve\" id=\"oaapprove\">Allow</button> \
             <button name=\"decision\" value=\"deny\" id=\"oadeny\">Deny</button></form></main></html>",
            escape(name)
        ),
    )
}
