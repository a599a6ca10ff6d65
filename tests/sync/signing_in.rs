//! Signing in: what a browser brings back is believed once, and what it gives is renewed and kept.

use std::sync::Arc;
use std::time::Duration;

use drumbeat_app::api::Nothing;
use drumbeat_app::clock::Clock;
use drumbeat_app::connect;
use drumbeat_app::drumbeat::Drumbeat;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::events::NoEvents;
use drumbeat_app::secrets::{Memory, SecretError, Secrets};
use drumbeat_app::signing_in::{self, Browser};
use drumbeat_app::syncing;
use drumbeat_crm::oauth;
use drumbeat_model::crm::Vendor;
use drumbeat_model::secret::Secret;
use drumbeat_model::workspace::{Connected, SignIn, SyncOptions};
use drumbeat_sandbox::{Dialect, Options, Sandbox};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Hands on the addresses that a person's browser is shown.
struct Shown(UnboundedSender<String>);

impl Browser for Shown {
    fn open(&self, url: &str) -> Result<(), String> {
        self.0.send(url.to_owned()).map_err(|_| "nobody looks".to_owned())
    }
}

/// The CRMs: whose, as the sandbox speaks it, and how long its access tokens last.
const CRMS: [(Vendor, Dialect, Duration); 2] = [
    (Vendor::Hubspot, Dialect::Hubspot, Duration::from_mins(31)),
    (Vendor::Salesforce, Dialect::Salesforce, Duration::from_hours(3)),
];

struct Person {
    vendor: Vendor,
    sandbox: Sandbox,
    app: Arc<Drumbeat>,
    passphrase: Option<&'static str>,
    shown: Mutex<UnboundedReceiver<String>>,
    browser: reqwest::Client,
    _folder: tempfile::TempDir,
}

/// A session in which nobody keeps secrets.
struct Nobody;

impl Secrets for Nobody {
    fn get(&self, _: &str) -> Result<Option<Secret<Vec<u8>>>, SecretError> {
        Err(SecretError::Missing("nobody keeps secrets".to_owned()))
    }

    fn put(&self, _: &str, _: Option<&Secret<Vec<u8>>>) -> Result<(), SecretError> {
        Err(SecretError::Missing("nobody keeps secrets".to_owned()))
    }

    fn place(&self) -> &'static str {
        "nowhere"
    }
}

impl Person {
    async fn of(vendor: Vendor, crm: Dialect) -> Self {
        Self::with(vendor, crm, Arc::new(Memory::default()), None).await
    }

    async fn with(vendor: Vendor, crm: Dialect, secrets: Arc<dyn Secrets>, passphrase: Option<&'static str>) -> Self {
        let sandbox = drumbeat_sandbox::start(Options { crm, ..Options::default() }).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let app = Drumbeat::new(folder.path().to_owned(), Clock::system(), Arc::new(NoEvents), secrets, None);
        let (tell, shown) = unbounded_channel();
        assert!(app.browser.set(Arc::new(Shown(tell))).is_ok());
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { vendor, sandbox, app, passphrase, shown: Mutex::new(shown), browser, _folder: folder }
    }

    /// Begins to sign in: the answer to come, and the address that the browser is shown.
    async fn begin(&self, port: Option<u16>) -> (tokio::task::JoinHandle<Answer<Connected>>, String) {
        let request = SignIn {
            vendor: self.vendor,
            login: Some(self.sandbox.url().to_owned()),
            client_id: "partner-desk".to_owned(),
            client_secret: Some("its secret".to_owned()),
            port,
            passphrase: self.passphrase.map(str::to_owned),
        };
        let answer = tokio::spawn(signing_in::sign_in(Arc::clone(&self.app), request));
        let mut shown = self.shown.lock().await;
        let url = tokio::time::timeout(Duration::from_secs(20), shown.recv()).await.unwrap().unwrap();
        (answer, url)
    }

    /// Presses a button of the CRM's page; where it leads.
    async fn press(&self, url: &str, button: &str) -> String {
        let page = self.browser.get(url).send().await.unwrap().text().await.unwrap();
        let said = |text: &str, name: &str| {
            let value = text.split_once(&format!("{name}=\"")).unwrap().1.split_once('"').unwrap().0;
            value.replace("&#39;", "'").replace("&quot;", "\"").replace("&amp;", "&")
        };
        let mut form: Vec<_> =
            page.split("<input ").skip(1).map(|field| (said(field, "name"), said(field, "value"))).collect();
        form.push(("decision".to_owned(), button.to_owned()));
        let action = said(page.split_once("<form ").unwrap().1, "action");
        let mut authorize = reqwest::Url::parse(self.sandbox.url()).unwrap().join(&action).unwrap();
        let body = authorize.query_pairs_mut().extend_pairs(form).finish().query().unwrap().to_owned();
        authorize.set_query(None);
        let post = self.browser.post(authorize).header("content-type", "application/x-www-form-urlencoded");
        let sent = post.body(body).send().await.unwrap();
        assert!(sent.status().is_redirection(), "{}", sent.status());
        sent.headers()["location"].to_str().unwrap().to_owned()
    }

    async fn visit(&self, url: &str) -> reqwest::Result<reqwest::Response> {
        self.browser.get(url).send().await
    }
}

fn refused(answer: Answer<Connected>) -> ApiError {
    let error = answer.unwrap_err();
    assert_eq!(error.kept.as_deref(), Some("Nothing was changed on this computer"));
    error
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_connects_and_a_token_that_has_run_out_is_renewed_until_leave_is_taken() {
    for (vendor, crm, lasts) in CRMS {
        let person = Person::of(vendor, crm).await;
        let (answer, url) = person.begin(None).await;
        let landing = person.press(&url, "approve").await;
        let page = person.visit(&landing).await.unwrap();
        assert_eq!((page.status().as_u16(), page.headers()["cache-control"].to_str().unwrap()), (200, "no-store"));
        assert!(page.text().await.unwrap().contains("Back to Drumbeat"));
        let connected = answer.await.unwrap().unwrap();
        assert_eq!(connected.read_only, None);
        // The door is shut behind the first who came through.
        assert!(person.visit(&landing).await.unwrap_err().is_connect());

        let ws = person.app.workspace().unwrap();
        connect::provision(Arc::clone(&ws), Nothing {}).await.unwrap();
        syncing::sync(Arc::clone(&ws), SyncOptions::default()).await.unwrap();
        person.sandbox.advance(lasts);
        syncing::sync(Arc::clone(&ws), SyncOptions::default()).await.unwrap();

        signing_in::disconnect(Arc::clone(&ws), Nothing {}).await.unwrap();
        let error = syncing::sync(Arc::clone(&ws), SyncOptions::default()).await.unwrap_err();
        assert_eq!((error.code, error.id.as_str()), (Code::NotAuthorised, "token.missing"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leave_is_taken_where_a_passphrase_stands_in_for_a_keyring_that_is_not_there() {
    for (vendor, crm, _) in CRMS {
        let person = Person::with(vendor, crm, Arc::new(Nobody), Some("correct horse")).await;
        let (answer, url) = person.begin(None).await;
        let landing = person.press(&url, "approve").await;
        person.visit(&landing).await.unwrap();
        answer.await.unwrap().unwrap();
        let ws = person.app.workspace().unwrap();
        let sealed = ws.dir.join("token.json");
        assert!(sealed.exists(), "the token is sealed beside the workspace");
        signing_in::disconnect(Arc::clone(&ws), Nothing {}).await.unwrap();
        assert!(!sealed.exists(), "nothing of it is left");
        assert!(syncing::sync(ws, SyncOptions::default()).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_is_denied_or_answered_by_somebody_else_makes_nothing() {
    for (vendor, crm, _) in CRMS {
        let person = Person::of(vendor, crm).await;
        let (answer, url) = person.begin(None).await;
        let landing = person.press(&url, "deny").await;
        assert!(person.visit(&landing).await.unwrap().text().await.unwrap().contains("Not signed in"));
        assert_eq!(refused(answer.await.unwrap()).id, "sign_in.denied");

        let (answer, url) = person.begin(None).await;
        let landing = person.press(&url, "approve").await;
        // Under another name of this computer it is somebody else's page, and nothing was heard.
        let renamed = person.browser.get(&landing).header("host", "drumbeat.example").send().await.unwrap();
        assert_eq!(renamed.status().as_u16(), 400);
        let (before, after) = landing.split_once("state=").unwrap();
        person.visit(&format!("{before}state=x{after}")).await.unwrap();
        assert_eq!(refused(answer.await.unwrap()).id, "sign_in.foreign");
        assert!(person.app.workspace().is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_another_attempt_is_of_no_use() {
    for (vendor, crm, _) in CRMS {
        let person = Person::of(vendor, crm).await;
        let (first, url) = person.begin(None).await;
        let stolen = person.press(&url, "approve").await;
        let code = stolen.split_once("code=").unwrap().1.split('&').next().unwrap().to_owned();
        let (second, url) = person.begin(None).await;
        // The attempt that was under way has given way.
        assert_eq!(refused(first.await.unwrap()).code, Code::Cancelled);
        let own = person.press(&url, "approve").await;
        let (before, after) = own.split_once("code=").unwrap();
        let rest = after.split_once('&').unwrap().1;
        person.visit(&format!("{before}code={code}&{rest}")).await.unwrap();
        assert_eq!(refused(second.await.unwrap()).id, "sign_in.refused");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_told_and_a_sign_in_can_be_stopped() {
    let person = Person::of(Vendor::Hubspot, Dialect::Hubspot).await;
    let theirs = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = theirs.local_addr().unwrap().port();
    let request = SignIn {
        vendor: Vendor::Hubspot,
        login: Some(person.sandbox.url().to_owned()),
        client_id: "partner-desk".to_owned(),
        client_secret: None,
        port: Some(port),
        passphrase: None,
    };
    let error = refused(signing_in::sign_in(Arc::clone(&person.app), request.clone()).await);
    assert_eq!(error.id, "sign_in.port");
    drop(theirs);
    let (answer, url) = person.begin(Some(port)).await;
    assert!(url.contains(&format!("127.0.0.1%3A{port}")), "{url}");
    signing_in::stop_sign_in(&person.app, Nothing {}).unwrap();
    assert_eq!(refused(answer.await.unwrap()).code, Code::Cancelled);
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_err(), "nobody listens any more");

    for login in ["http://login.salesforce.com", "https://login.salesforce.com.evil.example", "https://hubspot.com/x"] {
        let elsewhere = SignIn { login: Some(login.to_owned()), port: None, ..request.clone() };
        let error = refused(signing_in::sign_in(Arc::clone(&person.app), elsewhere).await);
        assert_eq!(error.id, "sign_in.address", "{login}");
    }
}

#[tokio::test]
async fn nobody_is_waited_for_longer_than_the_patience() {
    let app = oauth::App {
        vendor: Vendor::Salesforce,
        login: "https://login.salesforce.com".to_owned(),
        client_id: "3MVG9".to_owned(),
        client_secret: None,
    };
    let attempt = oauth::SignIn::begin(app, None).await.unwrap();
    assert!(attempt.url().starts_with("https://login.salesforce.com/services/oauth2/authorize?response_type=code&"));
    assert_eq!(attempt.within(Duration::from_millis(50)).await.unwrap_err(), oauth::SignInError::Late);
}
