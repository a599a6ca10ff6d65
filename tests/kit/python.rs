//! Other people's readers and sums, in Python: what we wrote, as python-pptx, openpyxl and DuckDB find it.
//!
//! A script is a file beside the test that runs it, prints one JSON text and knows nothing of Drumbeat.

use serde_json::Value;
use std::ffi::OsStr;
use std::process::Command;

/// Runs a script with arguments; gives what it printed as JSON.
///
/// # Panics
/// When there is no interpreter (`cargo xtask test` installs one and names it), the script fails, or prints no JSON.
pub fn python<A: AsRef<OsStr>>(script: &str, arguments: impl IntoIterator<Item = A>) -> Value {
    let interpreter = std::env::var_os("DRUMBEAT_PYTHON")
        .expect("DRUMBEAT_PYTHON names a Python with tests/python.txt installed; cargo xtask test sets it");
    let answer = Command::new(interpreter).arg("-I").arg("-c").arg(script).args(arguments).output();
    let answer = answer.expect("the interpreter starts");
    let printed = String::from_utf8_lossy(&answer.stdout);
    assert!(answer.status.success(), "the script fails: {}\n{printed}", String::from_utf8_lossy(&answer.stderr));
    serde_json::from_str(&printed).unwrap_or_else(|why| panic!("no JSON ({why}): {printed}"))
}
