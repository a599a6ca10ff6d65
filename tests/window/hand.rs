//! What a hand and an eye do on every screen: run a command by name, wait for the focus, read the list.

#![allow(dead_code, reason = "several programs share this file, and none of them does everything")]

use kit::driver::Window;
use serde_json::{Value, json};

/// The moment at which every window is looked at.
pub const NOW: &str = "2026-11-16T08:30:00Z";

/// Run the command of this name from the palette.
pub async fn run(window: &Window, name: &str) {
    window.press("Ctrl+k").await;
    focus_in(window, "[role=dialog] input").await;
    window.write(name).await;
    let chosen = "return document.querySelector('[role=option][aria-selected=true]')?.innerText ?? ''";
    window
        .until(&format!("the command {name}"), || async {
            window.run(chosen, vec![]).await.as_str().is_some_and(|text| text.starts_with(name))
        })
        .await;
    window.press("Enter").await;
    window.see_no("[role=dialog] input[role=combobox]").await;
}

/// Wait until what has the focus matches this selector: keys that come earlier go elsewhere.
pub async fn focus_in(window: &Window, css: &str) {
    window
        .until(&format!("the focus in {css}"), || async {
            window.run("return document.activeElement.matches(arguments[0])", vec![json!(css)]).await == true
        })
        .await;
}

/// The key and the name of the row that is open in the list.
pub async fn open_row(window: &Window) -> Option<(String, String)> {
    let script = "const row = document.querySelector('[role=row][aria-selected=true]'); \
                  return row && [row.dataset.key, row.getAttribute('aria-label')]";
    let found = window.run(script, vec![]).await;
    let text = |at: usize| found.get(at).and_then(Value::as_str).map(str::to_owned);
    Some((text(0)?, text(1)?))
}

/// What the row of this key shows, if it is in sight.
pub async fn row_text(window: &Window, key: &str) -> String {
    let script = "return document.querySelector(`[role=row][data-key=\"${arguments[0]}\"]`)?.innerText ?? ''";
    window.run(script, vec![json!(key)]).await.as_str().unwrap_or_default().to_owned()
}

/// What the notices at the edge say.
pub async fn notices(window: &Window) -> String {
    let script = "return document.querySelector('[aria-label=Notices]')?.innerText ?? ''";
    window.run(script, vec![]).await.as_str().unwrap_or_default().to_owned()
}

/// Wait until the status bar says this.
pub async fn status_bar(window: &Window, text: &str) {
    let script =
        "return [...document.querySelectorAll('footer')].map((bar) => bar.innerText.replace(/\\s+/g, ' ')).join(' ')";
    window
        .until(&format!("\"{text}\" in the status bar"), || async {
            window.run(script, vec![]).await.as_str().is_some_and(|bar| bar.contains(text))
        })
        .await;
}

/// Press Tab until this expression of the page, of what has the focus (`at`), holds.
pub async fn tab_to(window: &Window, what: &str, holds: &str) {
    let script = format!("const at = document.activeElement; return Boolean({holds})");
    let mut steps = 0;
    while window.run(&script, vec![]).await != true {
        steps += 1;
        assert!(steps < 120, "Tab never came to {what}");
        window.press("Tab").await;
    }
}

/// Press Tab until the field of this label has the focus.
pub async fn tab_to_field(window: &Window, label: &str) {
    tab_to(window, label, &format!("at.labels?.[0]?.textContent === {}", json!(label))).await;
}
