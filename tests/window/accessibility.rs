//! Every screen through axe-core: nothing that keeps a person out.

use crate::hand::NOW;
use kit::display::Desktop;
use kit::driver::Window;
use serde_json::Value;
use std::path::Path;

/// Runs after axe-core's own text, as one script.
const RUN: &str = "
const done = arguments[arguments.length - 1];
axe.run(document).then(
  ({ violations, passes }) => done(passes.length < 10 ? [`axe-core looked at next to nothing: ${passes.length} rules`] : violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => [one.id, one.help, ...one.nodes.slice(0, 4).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary}`)].join('\\n    '))),
  (why) => done([`axe-core did not run: ${why}`]),
);";

#[tokio::test(flavor = "multi_thread")]
async fn no_screen_has_a_serious_or_critical_violation() {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&axe).unwrap_or_else(|why| panic!("{}: {why}; npm ci in ui", axe.display()));
    let script = format!("{axe}\n{RUN}");
    let desktop = Desktop::start();
    let window = Window::open(&desktop, &["--sample", "--now", NOW]).await;
    let mut found = String::new();
    for (keys, place) in [
        ("g t", "/today"),
        ("g i", "/inbox"),
        ("g d", "/deals"),
        ("g p", "/partners"),
        ("g r", "/review"),
        ("g m", "/metrics"),
        ("g k", "/packs"),
        ("g y", "/policy"),
        ("g c", "/conflicts"),
        ("g a", "/activity"),
        ("g s", "/settings"),
    ] {
        window.press(keys).await;
        window.arrive(place).await;
        window.stand_still().await;
        let answer = window.client().execute_async(&script, vec![]).await.expect("axe-core answers");
        let Value::Array(violations) = answer else { panic!("not a list: {answer}") };
        for violation in violations {
            found += &format!("{place}: {}\n", violation.as_str().unwrap_or_default());
        }
    }
    window.close().await;
    assert!(found.is_empty(), "{found}");
}
