//! Who may use whom: the map of the crates, held against what cargo says.
//!
//! A crate is the only border that the compiler enforces. This list says why there are as many as
//! there are: rules must not see I/O, export must not see the database, the sandbox must not share
//! code with the client that it checks. A change of the map is a change here, on purpose.

use crate::json::Json;

/// Each crate of ours, and those of ours that it may depend on in any way (also for its tests).
const MAY_USE: &[(&str, &[&str])] = &[
    // The lab only in builds with the feature `lab`.
    ("drumbeat", &["drumbeat-app", "drumbeat-lab", "drumbeat-match", "drumbeat-model", "drumbeat-sandbox"]),
    (
        "drumbeat-app",
        &[
            "drumbeat-crm",
            "drumbeat-export",
            "drumbeat-intake",
            "drumbeat-match",
            "drumbeat-model",
            "drumbeat-rules",
            "drumbeat-store",
            "drumbeat-sync",
        ],
    ),
    ("drumbeat-sync", &["drumbeat-crm", "drumbeat-model", "drumbeat-store"]),
    ("drumbeat-store", &["drumbeat-match", "drumbeat-model"]),
    ("drumbeat-crm", &["drumbeat-model"]),
    ("drumbeat-rules", &["drumbeat-match", "drumbeat-model"]),
    ("drumbeat-export", &["drumbeat-model"]),
    ("drumbeat-intake", &["drumbeat-model"]),
    // Names and places alone: what a match means for a claim is for the rules.
    ("drumbeat-match", &[]),
    ("drumbeat-model", &[]),
    ("drumbeat-sandbox", &[]),
    // Tries to break all of it from inside; the forecast of the rules is held against deals whose chances it knows.
    (
        "drumbeat-lab",
        &[
            "drumbeat-app",
            "drumbeat-crm",
            "drumbeat-match",
            "drumbeat-model",
            "drumbeat-rules",
            "drumbeat-sandbox",
            "drumbeat-store",
            "drumbeat-sync",
        ],
    ),
    // Rules and intake for the fuzz targets alone, export for what a pack holds: what rules decide and files say is judged from outside.
    (
        "drumbeat-tests",
        &[
            "drumbeat-app",
            "drumbeat-crm",
            "drumbeat-export",
            "drumbeat-intake",
            "drumbeat-model",
            "drumbeat-rules",
            "drumbeat-sandbox",
            "drumbeat-store",
            "drumbeat-sync",
        ],
    ),
    ("xtask", &[]),
];

/// Crates of others that only these of ours may ship with: the only SQL, the only HTTP client, the only servers (the
/// sandbox, and where a browser comes back to after signing in), the only window, the only layout engine, the only keyring.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("rusqlite", &["drumbeat-store"]),
    ("reqwest", &["drumbeat-crm"]),
    ("axum", &["drumbeat-sandbox", "drumbeat-crm"]),
    ("typst", &["drumbeat-export"]),
    ("keyring-core", &["drumbeat-app"]),
    ("tauri", &["drumbeat"]),
];

/// Compare the workspace with the map; every difference is one line of the error.
pub fn check(metadata: &Json) -> Result<(), String> {
    let packages = metadata.get("packages").map(Json::list).unwrap_or_default();
    if packages.is_empty() {
        return Err("cargo metadata named no packages".to_owned());
    }
    let names: Vec<&str> = packages.iter().filter_map(name).collect();
    let wrong: Vec<String> = packages.iter().flat_map(|package| differences(package, &names)).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

fn differences(package: &Json, ours: &[&str]) -> Vec<String> {
    let user = name(package).unwrap_or_default();
    let Some((_, allowed)) = MAY_USE.iter().find(|(known, _)| *known == user) else {
        return vec![format!("{user} is not on the map of crates")];
    };
    let dependencies = package.get("dependencies").map(Json::list).unwrap_or_default();
    let mut wrong = Vec::new();
    for dependency in dependencies {
        let used = name(dependency).unwrap_or_default();
        if ours.contains(&used) && !allowed.contains(&used) {
            wrong.push(format!("{user} must not use {used}"));
        }
        let ships = user != "drumbeat-tests" && dependency.get("kind").and_then(Json::text) != Some("dev");
        if let Some((_, owners)) = ONLY_IN.iter().find(|(theirs, _)| *theirs == used)
            && ships
            && !owners.contains(&user)
        {
            wrong.push(format!("{user} must not use {used}: only {} does", owners.join(" or ")));
        }
    }
    wrong
}

fn name(of: &Json) -> Option<&str> {
    of.get("name").and_then(Json::text)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::place::Place;

    #[test]
    fn the_workspace_is_as_the_map_says() {
        assert_eq!(check(&Place::find().unwrap().metadata), Ok(()));
    }

    #[test]
    fn every_crate_on_the_map_exists() {
        let place = Place::find().unwrap();
        let packages = place.metadata.get("packages").unwrap().list();
        let names: Vec<&str> = packages.iter().filter_map(name).collect();
        for (known, _) in MAY_USE {
            assert!(names.contains(known), "{known} is on the map and not in the workspace");
        }
    }

    #[test]
    fn a_forbidden_arrow_is_seen_whatever_its_kind() {
        for (user, used, kind, expected) in [
            ("drumbeat-rules", "drumbeat-store", "null", Some("drumbeat-rules must not use drumbeat-store")),
            ("drumbeat-rules", "drumbeat-store", r#""dev""#, Some("drumbeat-rules must not use drumbeat-store")),
            ("drumbeat-rules", "drumbeat-model", "null", None),
            (
                "drumbeat-export",
                "rusqlite",
                "null",
                Some("drumbeat-export must not use rusqlite: only drumbeat-store does"),
            ),
            ("drumbeat-sandbox", "reqwest", r#""dev""#, None),
            ("drumbeat-rules", "toml", "null", None),
        ] {
            let text = format!(
                r#"{{"packages": [{{"name": "drumbeat-store", "dependencies": []}}, {{"name": "drumbeat-model", "dependencies": []}},
                {{"name": "{user}", "dependencies": [{{"name": "{used}", "kind": {kind}}}]}}]}}"#
            );
            assert_eq!(check(&Json::parse(&text).unwrap()).err().as_deref(), expected, "{user} -> {used} ({kind})");
        }
    }

    #[test]
    fn a_crate_that_is_not_on_the_map_is_seen() {
        let metadata = Json::parse(r#"{"packages": [{"name": "drumbeat-util", "dependencies": []}]}"#).unwrap();
        assert_eq!(check(&metadata), Err("drumbeat-util is not on the map of crates".into()));
    }
}
