#![allow(clippy::unwrap_used)]
use super::*;
use drumbeat_model::policy::{SetSetting, SettingForm, SettingValue};

fn refused(text: &str) -> Vec<PolicyProblem> {
    Policy::parse(text).unwrap_err().0
}

fn with(from: &str, to: &str) -> String {
    assert!(BUILT_IN.contains(from), "{from}");
    BUILT_IN.replacen(from, to, 1)
}

fn line_of(text: &str, part: &str) -> u32 {
    u32::try_from(text.lines().position(|line| line.contains(part)).unwrap() + 1).unwrap()
}

#[test]
fn the_built_in_policy_says_what_the_operating_model_says() {
    let policy = Policy::parse(BUILT_IN).unwrap_or_else(|errors| unreachable!("{errors}"));
    let c = &policy.clocks;
    for (rule, span, says) in [
        ("S-01", c.referral, "24 hours"),
        ("S-02", c.decision, "48 hours"),
        ("S-03", c.notes, "7 days"),
        ("S-04", c.follow_up, "24 hours"),
        ("S-05", c.next_step, "7 days"),
        ("S-06", c.conflict_acknowledged, "24 hours"),
        ("S-07", c.resolution_plan, "5 business days"),
        ("S-08", c.renewal_owner, "90 days"),
        ("S-09", c.protection_ends, "7 days"),
        ("S-10", c.first_meeting, "14 days"),
        ("S-11", c.certification_expires, "30 days"),
    ] {
        assert_eq!(span.to_string(), says, "{rule}");
    }
    assert_eq!(policy.protection.default_days, 90);
    assert_eq!(policy.protection.choices, [60, 75, 90]);
    assert_eq!(policy.protection.untouched_days, 30);
    assert_eq!((policy.protection.starts, policy.protection.untouched), (WindowStart::Approval, Untouched::Warn));
    assert_eq!(policy.registration.net_new_months, 24);
    assert_eq!((policy.review.discussed, policy.review.minutes), (12, 40));
    assert_eq!(policy.motions.primary.len(), 2);
    for motion in Motion::ALL {
        assert_eq!(policy.stages_of(Some(*motion)).len(), 5);
    }
    assert_eq!(policy.stage(Some(Motion::Reseller), 2).unwrap().name, "Qualification");
    assert_eq!(policy.stage(None, 0), None);
    assert_eq!(policy.stage(None, 6), None);
    for reason in DeclineReason::ALL {
        assert_eq!(policy.decline(*reason).label, reason.label());
    }
}

#[test]
fn a_wrong_file_is_refused_where_it_is_wrong_and_told_what_to_do() {
    for (from, to, line, says, advice) in [
        ("decision = \"48 hours\" ", "decision = \"soon\" ", "decision =", "no time", "2 business days"),
        ("decision = \"48 hours\" ", "decision = 48 ", "decision =", "a whole number, not a text", "a text in quotes"),
        (
            "decision = \"48 hours\" ",
            "decison = \"48 hours\" ",
            "decison =",
            "no setting clocks.decison",
            "mean decision",
        ),
        ("decision = \"48 hours\" ", "decision = \"0 hours\" ", "decision =", "out of range", ""),
        ("default_days = 90", "default_days = 91", "default_days", "choices", "choices"),
        ("default_days = 90", "default_days = -1", "default_days", "out of range", "from 1 to 36525"),
        ("default_days = 90", "default_days = 9.5", "default_days", "with a point", "a whole number"),
        ("look_percent = 50", "look_percent = 96", "look_percent", "more than sure_percent", "Lower"),
        ("sure_percent = 95", "sure_percent = 101", "sure_percent = 101", "out of range", "from 50 to 100"),
        ("\"competitors\"]", "\"competitor\"]", "advised.deal", "competitor", "mean competitors"),
        ("discount = [10, 20]", "discount = [20, 10]", "discount = [20, 10]", "discount", "[10, 20]"),
        ("discount = [10, 20]", "discount = [10]", "discount = [10]", "entries", "2"),
        (
            "primary = [\"reseller\", \"referral\"]",
            "primary = [\"reseller\", \"barter\"]",
            "primary =",
            "barter",
            "referral",
        ),
        ("min_days = 7", "min_days = 700", "close_date.min_days", "max_days", "Lower"),
        ("version = 1", "version = 0", "version = 0", "version", "from 1"),
        (
            "Please book the first",
            "{competitor} Please book the first",
            "approve = \"\"\"",
            "{competitor}",
            "Take it out",
        ),
        ("zone = \"UTC\"", "zone = \"Berlin\"", "zone =", "no time zone", "Europe/Berlin"),
        ("holidays = [\"01-01\"", "holidays = [\"01-32\"", "holidays =", "no day", "every year"),
        ("from = \"09:00\"\nto", "from = \"19:00\"\nto", "to = \"17:00\"", "ends before it begins", "after"),
        ("hierarchy = [\"registered\"", "hierarchy = [\"certified\"", "hierarchy =", "twice", "one of them"),
        ("rules = [\"S-01\"", "rules = [\"S-99\"", "rules =", "S-99", "S-02"),
        (
            "needs_first_meeting = true",
            "needs_first_meeting = \"yes\"",
            "lead = {",
            "a text, not true or false",
            "true or false",
        ),
        ("[metrics]", "[metric]", "[metric]", "no setting metric", "metrics"),
    ] {
        let text = with(from, to);
        let problems = refused(&text);
        let found = problems.iter().find(|problem| problem.message.contains(says) && problem.advice.contains(advice));
        let found = found.unwrap_or_else(|| unreachable!("{to}: {problems:?}"));
        assert_eq!(found.line, line_of(&text, line), "{to}: {found:?}");
        let start = text.lines().nth(found.line as usize - 1).unwrap();
        assert!((1..=start.chars().count() + 1).contains(&(found.column as usize)), "{to}: {found:?}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let text = with("decision = \"48 hours\" ", "decision = \"soon\" ")
        .replace("default_days = 90", "default_days = 91")
        .replace("min_days = 7", "min_days = 700")
        .replace("rhythm = \"weekly\"", "rhythm = \"daily\"\nrythm = 2")
        .replace("[10, 20]", "[20, 10]");
    let says: Vec<String> = refused(&text).into_iter().map(|problem| problem.message).collect();
    assert_eq!(
        says,
        [
            "clocks.decision: \"soon\" is no time",
            "close_date.min_days is more than close_date.max_days",
            "default_days is not one of the choices",
            "a discount band goes from the lower to the higher percentage, at most 100",
            "review.rhythm: there is no \"daily\"",
            "there is no setting review.rythm",
        ]
    );
    let broken = "version = \neffective = 2026\n[clocks\n";
    assert!(refused(broken).len() >= 2, "{:?}", refused(broken));
    assert_eq!(refused(broken)[0].line, 1);
}

#[test]
fn a_missing_part_and_a_text_that_is_too_long_are_refused() {
    let missing: Vec<String> = refused("").into_iter().map(|problem| problem.message).collect();
    assert!(missing.contains(&"version is missing".to_owned()), "{missing:?}");
    assert!(missing.contains(&"protection is missing".to_owned()), "{missing:?}");
    assert!(refused(&"#".repeat(MAX_BYTES + 1))[0].message.contains("longer"));
    let text = with("untouched_days = 30", "# untouched_days = 30");
    assert_eq!(refused(&text)[0].message, "protection.untouched_days is missing");
}

#[test]
fn a_version_that_an_older_drumbeat_saved_reads_with_the_built_in_value_of_what_is_new() {
    let text = with("untouched_days = 30", "untouched_days = 45").replace("starts = \"approval\"", "");
    let table: toml::Table = text.parse().unwrap();
    let older: toml::Table = table.into_iter().filter(|(key, _)| key != "notifications").collect();
    let policy = Policy::parse_saved(&older.to_string()).unwrap();
    assert_eq!((policy.protection.untouched_days, policy.protection.starts), (45, WindowStart::Approval));
    assert!(policy.notifications.on);
    assert!(Policy::parse_saved("version = 1\nrubbish = 2").is_err());
}

#[test]
fn a_column_counts_characters_and_not_bytes() {
    assert_eq!(position("ä = ö\nü x", 9), (2, 2));
    assert_eq!(position("", 0), (1, 1));
    assert_eq!(position("ab", 99), (1, 3));
}

#[test]
fn the_committed_schema_is_the_one_of_the_types() {
    assert_eq!(
        include_str!("../../policy/policy.schema.json"),
        schema_text(),
        "cargo run -p drumbeat-rules --example schema"
    );
    assert!(BUILT_IN.starts_with("#:schema ./policy.schema.json\n"));
}

fn set(key: &str, value: SettingValue) -> SetSetting {
    SetSetting { key: key.to_owned(), value: Some(value) }
}

#[test]
fn every_setting_of_the_form_can_be_changed_and_its_comment_stays() {
    let settings = settings(BUILT_IN);
    assert_eq!(settings.len(), form::count());
    for setting in &settings {
        let value = match (&setting.form, &setting.value) {
            (SettingForm::Switch, Some(SettingValue::Switch(on))) => SettingValue::Switch(!on),
            (SettingForm::Number { least, .. }, _) if setting.key == "protection.default_days" => {
                SettingValue::Number(least + 59)
            }
            (SettingForm::Number { least, .. }, _) => SettingValue::Number(*least),
            (SettingForm::Span { units }, _) => SettingValue::Word(format!("3 {}", units[3])),
            (SettingForm::Choice { choices }, _) if choices.is_empty() => match setting.key.as_str() {
                "calendar.zone" => SettingValue::Word("Europe/Berlin".to_owned()),
                _ => SettingValue::Word(if setting.key.ends_with("from") { "07:15" } else { "18:45" }.to_owned()),
            },
            (SettingForm::Choice { choices }, _) => SettingValue::Word(choices.last().unwrap().value.clone()),
            (SettingForm::List { choices, .. }, _) if choices.is_empty() => {
                SettingValue::Words(vec![if setting.key.ends_with("before") { "1 hour" } else { "12-24" }.to_owned()])
            }
            (SettingForm::List { choices, .. }, _) => SettingValue::Words(vec![choices[0].value.clone()]),
            other => unreachable!("{}: {other:?}", setting.key),
        };
        let text = changed(BUILT_IN, &[set(&setting.key, value.clone())]).unwrap();
        Policy::parse(&text).unwrap_or_else(|errors| unreachable!("{} = {value:?}: {errors}", setting.key));
        let differences = differences(BUILT_IN, &text);
        let known: Vec<&str> = differences.iter().map(|change| change.key.as_str()).collect();
        let is_same = setting.value.as_ref() == Some(&value);
        assert_eq!(known, if is_same { vec![] } else { vec![setting.key.as_str()] });
        assert_eq!(text.matches('#').count(), BUILT_IN.matches('#').count(), "a comment went with {}", setting.key);
    }
}

#[test]
fn a_setting_that_is_taken_out_or_does_not_exist_is_told() {
    let limit = changed(BUILT_IN, &[set("capacity.per_partner", SettingValue::Number(25))]).unwrap();
    assert_eq!(Policy::parse(&limit).unwrap().capacity.per_partner, Some(25));
    let without = SetSetting { key: "capacity.per_partner".to_owned(), value: None };
    assert_eq!(Policy::parse(&changed(&limit, &[without]).unwrap()).unwrap().capacity.per_partner, None);
    for key in ["", "clocks", "clocks.later.on", "version.x", "nothing"] {
        let set = changed(BUILT_IN, &[set(key, SettingValue::Number(1))]);
        assert!(set.is_err() || Policy::parse(&set.unwrap()).is_err(), "{key}");
    }
    assert_eq!(changed("a = ", &[set("clocks.decision", SettingValue::Number(1))]).unwrap_err()[0].line, 1);
    let next = numbered(BUILT_IN, 7, "2027-01-01".parse().unwrap()).unwrap();
    let policy = Policy::parse(&next).unwrap();
    assert_eq!((policy.version, policy.effective.to_string().as_str()), (7, "2027-01-01"));
    assert_eq!(differences(BUILT_IN, &next), []);
}

#[test]
fn the_document_says_every_value_of_the_form_and_partners_are_not_sent_what_is_internal() {
    let text = with("blocked = []", "blocked = [\"secret-canary.example\"]")
        .replace("territories = {}  ", "territories = { DACH = \"canary@vendor.example\" }  ")
        .replace("name = \"Elite\"", "name = \"Gold *star*\"");
    let policy = Policy::parse(&text).unwrap_or_else(|errors| unreachable!("{errors}"));
    let whole: String =
        document(&policy).iter().flat_map(|it| it.sentences.iter().map(|s| s.text.clone() + "\n")).collect();
    for says in
        ["48 hours", "90 days", "secret-canary", "canary@vendor", "10 to 20 %", "5 business days", "Gold *star*"]
    {
        assert!(whole.contains(says), "{says}");
    }
    let sent = markdown(&policy, "Halden [Labs]");
    for says in [
        "# Rules of engagement",
        "version 1, in force from 1 Jan 2026",
        "48 hours",
        "Signature",
        "Gold \\*star\\*",
        "Halden \\[Labs\\]",
    ] {
        assert!(sent.contains(says), "{says}: {sent}");
    }
    for internal in ["canary", "20 %", "Signals", "direct team"] {
        assert!(!sent.contains(internal), "{internal}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_a_place_inside_it(text in "\\PC{0,200}", at in 0_usize..6_000, cut in 0_usize..40) {
        let lines = |text: &str| u32::try_from(text.lines().count()).unwrap() + 1;
        for text in [text.clone(), spliced(at, cut, &text)] {
            if let Err(PolicyErrors(problems)) = Policy::parse(&text) {
                proptest::prop_assert!(!problems.is_empty());
                proptest::prop_assert!(problems.iter().all(|problem| (1..=lines(&text)).contains(&problem.line) && problem.column > 0));
            }
        }
    }
}

/// The built-in text with a piece of it replaced.
fn spliced(at: usize, cut: usize, text: &str) -> String {
    let mut chars: Vec<char> = BUILT_IN.chars().collect();
    let at = at.min(chars.len());
    let end = (at + cut).min(chars.len());
    chars.splice(at..end, text.chars());
    chars.into_iter().collect()
}
