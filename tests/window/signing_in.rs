//! Signing in through Welcome: the window asks the system for a browser, and a real browser says yes, says no, comes back
//! with what is not its own, and once too often.

use crate::crm::Crm;
use crate::hand::focus_in;
use kit::browser::{Addresses, Browser, addresses_of};
use kit::display::Desktop;
use kit::driver::Window;

const NOW: &str = "2026-09-15T09:00:00Z";

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_a_browser_after_having_said_no_and_the_way_back_is_shut_behind_them() {
    let mut desktop = Desktop::start();
    let opened = addresses_of(&mut desktop);
    let crm = Crm::start(&desktop, NOW, ["--seed", "7"]);
    let browser = Browser::open(&desktop).await;
    let window = Window::open(&desktop, &["--now", NOW]).await;

    window.see_role("button", "Connect HubSpot").await;
    window.press("2").await;
    window.see_text("Sign in with the browser").await.click().await.expect("it can be chosen");
    window.see_text("Client id of your own app").await;
    focus_in(&window, "input").await;
    window.write("partner-desk").await;
    window.press("Tab Tab").await;
    focus_in(&window, "input[type=checkbox]").await;
    window.press("Space Tab").await;
    focus_in(&window, "input[placeholder^='https://']").await;
    window.write(crm.url()).await;

    let address = sign_in(&window, &opened).await;
    assert!(address.starts_with(crm.url()) && address.contains("code_challenge_method=S256"), "{address}");
    browser.visit(&address).await;
    browser.press("Deny").await;
    browser.see_title("Not signed in").await;
    window.see_text("HubSpot was not connected").await;
    window.see_text("access_denied").await;

    // A page that guesses where the answer is awaited, and not whose answer it is.
    browser.visit(&back(&sign_in(&window, &opened).await, "code=a-code&state=guessed")).await;
    browser.see_title("Not signed in").await;
    window.see_text("does not belong to this sign-in").await;

    // A sign-in that nobody wants any more.
    let forgotten = sign_in(&window, &opened).await;
    window.press("Escape").await;
    window.see_text("Signing in was cancelled").await;
    browser.visit(&forgotten).await;
    browser.press("Approve").await;
    window.see_text("Signing in was cancelled").await;

    // Its code, under the state of another.
    let code = told(&browser.see_address("code=").await, "code");
    let asked = sign_in(&window, &opened).await;
    browser.visit(&back(&asked, &format!("code={code}&state={}", told(&asked, "state")))).await;
    browser.see_title("Back to Drumbeat").await;
    window.see_text("did not take it").await;

    browser.visit(&sign_in(&window, &opened).await).await;
    browser.press("Approve").await;
    browser.see_title("Back to Drumbeat").await;
    let landing = browser.address().await;
    window.see_role("heading", "Match the fields").await;
    browser.visit(&landing).await;
    assert_ne!(browser.title().await, "Back to Drumbeat", "nobody listens there any more");
    window.close().await;
    browser.close().await;
}

/// Asks to sign in; what the system's browser is to show.
async fn sign_in(window: &Window, opened: &Addresses) -> String {
    window.press("Enter").await;
    let address = opened.next().await;
    window.see_text("Waiting for your browser, two minutes at most").await;
    address
}

/// What an address tells under a name.
fn told(address: &str, name: &str) -> String {
    let address = url::Url::parse(address).expect("an address");
    address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).expect("it tells it")
}

/// Where the answer to a sign-in is awaited, with what comes back.
fn back(asked: &str, query: &str) -> String {
    format!("{}?{query}", told(asked, "redirect_uri"))
}
