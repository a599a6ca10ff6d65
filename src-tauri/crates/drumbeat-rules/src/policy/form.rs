//! The settings that people change, as a form: which they are, what they do, what each may be. The ranges and
//! the words come from the schema, so that form, file and check cannot disagree.

use drumbeat_model::deal::Choice;
use drumbeat_model::policy::{PolicySetting, SettingForm, SettingValue};
use serde_json::Value;

use super::{Span, built_in_table, schema};

/// Key, rule, group, label, help, unit.
type Line = [&'static str; 6];

#[rustfmt::skip]
const FORM: &[Line] = &[
    ["clocks.decision", "S-02", "Decisions", "Decide a registration within", "Stands still while the partner owes an answer.", ""],
    ["registration.who_wins", "R-08", "Decisions", "Who wins between two claims", "The first that separates them decides.", ""],
    ["registration.consent", "R-04.2", "Decisions", "Consent of the contact is needed for", "Without it the partner is asked.", ""],
    ["registration.proof_of_work", "R-04.12", "Decisions", "Proof of work is needed for", "Without it the partner is asked.", ""],
    ["registration.net_new_months", "R-04.14", "Decisions", "A customer is new again after", "An account with a won deal inside this time is not net-new.", "months"],
    ["capacity.per_partner", "R-04.8", "Decisions", "Protections that one partner may hold", "No limit when it is empty.", "protections"],
    ["certification.motions", "T-03", "Decisions", "A certificate is needed for", "Claims of these motions need a valid one.", ""],
    ["appeals.days", "R-03", "Decisions", "A partner can appeal for", "Counted from the decision.", "days"],
    ["protection.default_days", "R-06", "Protection", "Protection lasts", "What an approval gives unless another choice is made.", "days"],
    ["protection.starts", "R-06", "Protection", "Protection starts", "On approval, or with the agreed next step.", ""],
    ["protection.untouched_days", "R-06", "Protection", "Untouched after", "Nobody has touched the deal for so long.", "days"],
    ["protection.untouched", "R-06", "Protection", "What happens then", "It is never released by itself.", ""],
    ["protection.extension.evidence", "R-06", "Protection", "An extension needs one of", "Evidence of progress.", ""],
    ["protection.extension.days", "R-06", "Protection", "An extension adds", "To the end of the protection.", "days"],
    ["protection.extension.times", "R-06", "Protection", "A protection can be extended", "As often as this.", "times"],
    ["protection.lead.days", "LEAD-06", "Protection", "A lead holds its account for", "While the first meeting takes place in time.", "days"],
    ["clocks.first_meeting", "S-10", "Protection", "The partner books the first meeting within", "Counted from the approval.", ""],
    ["clocks.protection_ends", "S-09", "Protection", "Remind before a protection ends", "So long before.", ""],
    ["conflicts.hierarchy", "C-04", "Channel conflicts", "Who stands first on an account", "The first that separates two parties decides.", ""],
    ["conflicts.ask_seller", "C-08", "Channel conflicts", "A seller who is asked answers within", "A clock of its own.", ""],
    ["clocks.conflict_acknowledged", "S-06", "Channel conflicts", "Acknowledge a channel conflict within", "Counted from when it is seen.", ""],
    ["clocks.resolution_plan", "S-07", "Channel conflicts", "A plan is there within", "Counted from when it is seen.", ""],
    ["attribution.sourced_locks", "F-04", "Credit", "\"Sourced\" is locked", "A change after that needs a reason.", ""],
    ["attribution.influenced", "F-04", "Credit", "\"Influenced\" accrues", "With evidence, or once.", ""],
    ["attribution.credit", "F-05", "Credit", "Credit of a deal", "Shared, or with one partner.", ""],
    ["calendar.zone", "S", "Time", "Time zone of the working hours", "IANA name, e.g. Europe/Berlin.", ""],
    ["calendar.from", "S", "Time", "Work begins", "Business time counts from here.", ""],
    ["calendar.to", "S", "Time", "Work ends", "Business time counts to here.", ""],
    ["calendar.days", "S", "Time", "Working days", "Other days do not count in business time.", ""],
    ["calendar.holidays", "S", "Time", "Days off", "A day such as 2027-03-29, or 12-25 for every year.", ""],
    ["calendar.fiscal_year_starts", "K", "Time", "The fiscal year begins in month", "1 is January. Every quarter is one of the fiscal year, which is called by the year it ends in.", ""],
    ["notifications.on", "S", "Time", "Tell on the desktop before a clock runs out", "Each time once, and not in the quiet hours.", ""],
    ["notifications.before", "S", "Time", "So long before", "One or several times.", ""],
    ["review.rhythm", "W-01", "Reviews and figures", "Partners are reviewed", "Month and quarter are rolled up.", ""],
    ["metrics.pipeline", "K-02", "Reviews and figures", "Open pipeline counts", "In full, or by the probability of its stage.", ""],
    ["metrics.average_size", "K-02", "Reviews and figures", "Average deal size is taken over", "Won deals, or all that are closed.", ""],
    ["tiers.select.bookings", "T-02", "Tiers", "Select: bookings", "Of four quarters that have ended; not asked when it is empty.", "in the account's currency"],
    ["tiers.select.deals_won", "T-02", "Tiers", "Select: deals won", "Of four quarters that have ended; not asked when it is empty.", "deals"],
    ["tiers.select.registrations", "T-02", "Tiers", "Select: approved registrations", "Of four quarters that have ended; not asked when it is empty.", "registrations"],
    ["tiers.select.certified", "T-02", "Tiers", "Select: certified people", "Not asked when it is empty.", "people"],
    ["tiers.select.hygiene", "T-02", "Tiers", "Select: hygiene of the open deals", "Not asked when it is empty.", "percent"],
    ["tiers.elite.bookings", "T-02", "Tiers", "Elite: bookings", "Of four quarters that have ended; not asked when it is empty.", "in the account's currency"],
    ["tiers.elite.deals_won", "T-02", "Tiers", "Elite: deals won", "Of four quarters that have ended; not asked when it is empty.", "deals"],
    ["tiers.elite.registrations", "T-02", "Tiers", "Elite: approved registrations", "Of four quarters that have ended; not asked when it is empty.", "registrations"],
    ["tiers.elite.certified", "T-02", "Tiers", "Elite: certified people", "Not asked when it is empty.", "people"],
    ["tiers.elite.hygiene", "T-02", "Tiers", "Elite: hygiene of the open deals", "Not asked when it is empty.", "percent"],
    ["stance.share_high", "Q-01", "Invest, hold or exit", "A share of bookings speaks for more from", "Of all partners' bookings in the quarter.", "percent"],
    ["stance.share_low", "Q-01", "Invest, hold or exit", "And for less below", "Of all partners' bookings in the quarter.", "percent"],
    ["stance.growth_up", "Q-01", "Invest, hold or exit", "Growth speaks for more from", "Four quarters against the four before.", "percent"],
    ["stance.growth_down", "Q-01", "Invest, hold or exit", "A fall speaks for less from", "Four quarters against the four before.", "percent"],
    ["stance.win_rate_above", "Q-01", "Invest, hold or exit", "A win rate speaks for more above direct by", "Of the quarter, at least three deals closed.", "points"],
    ["stance.win_rate_below", "Q-01", "Invest, hold or exit", "And for less below direct by", "Of the quarter, at least three deals closed.", "points"],
    ["stance.coverage_high", "Q-01", "Invest, hold or exit", "Coverage speaks for more from", "Open pipeline of the next quarter's target.", "percent"],
    ["stance.coverage_low", "Q-01", "Invest, hold or exit", "And for less below", "Open pipeline of the next quarter's target.", "percent"],
    ["stance.invest_from", "Q-01", "Invest, hold or exit", "It is invest when so many more speak for more", "Than speak for less.", "measures"],
    ["stance.exit_from", "Q-01", "Invest, hold or exit", "It is exit when so many more speak for less", "Than speak for more.", "measures"],
];

/// The form of a policy's text; empty for a text that is no TOML.
#[must_use]
pub fn settings(text: &str) -> Vec<PolicySetting> {
    let Ok(table) = text.parse::<toml::Table>() else { return Vec::new() };
    let setting = |line: &Line| {
        let [key, rule, group, label, help, unit] = line.map(str::to_owned);
        let form = form(schema::at(&key)?, &unit, rule == "R-08" || rule == "C-04")?;
        Some(PolicySetting {
            value: value(&table, &key),
            built_in: value(built_in_table(), &key),
            key,
            rule,
            group,
            label,
            help,
            form,
        })
    };
    FORM.iter().filter_map(setting).collect()
}

/// What a value of the file is, in words: the form's label, else its key made readable.
pub(super) fn label(key: &str) -> String {
    match FORM.iter().find(|line| line[0] == key) {
        Some(line) => line[3].to_owned(),
        None => key.replace('.', ", ").replace('_', " "),
    }
}

fn form(schema: &'static Value, unit: &str, ordered: bool) -> Option<SettingForm> {
    let kind = schema.get("type")?;
    let kind = kind.as_str().or_else(|| kind.get(0).and_then(Value::as_str))?;
    Some(match kind {
        "boolean" => SettingForm::Switch,
        "integer" => {
            let (least, most) = schema::range(schema);
            let clamp = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
            SettingForm::Number { least: clamp(least), most: clamp(most), unit: unit.to_owned() }
        }
        "array" => SettingForm::List { choices: choices(schema::of(schema.get("items")?)), ordered },
        "string" if schema.get("format").is_some_and(|form| form == "span") => {
            SettingForm::Span { units: Span::UNITS.iter().map(|unit| (*unit).to_owned()).collect() }
        }
        // Without choices any text of its form is one.
        "string" => SettingForm::Choice { choices: choices(schema) },
        _ => return None,
    })
}

fn choices(schema: &Value) -> Vec<Choice> {
    if schema.get("format").is_some_and(|form| form == "weekday") {
        let named = |(value, label): (&str, &str)| Choice { value: value.to_owned(), label: label.to_owned() };
        const DAYS: [(&str, &str); 7] = [
            ("mon", "Monday"),
            ("tue", "Tuesday"),
            ("wed", "Wednesday"),
            ("thu", "Thursday"),
            ("fri", "Friday"),
            ("sat", "Saturday"),
            ("sun", "Sunday"),
        ];
        return DAYS.into_iter().map(named).collect();
    }
    let label = |number: usize, word: &str| {
        let label = schema.pointer(&format!("/x-labels/{number}")).and_then(Value::as_str);
        label.map_or_else(|| word.replace('_', " "), str::to_owned)
    };
    let words = schema::words(schema).unwrap_or_default();
    words
        .iter()
        .enumerate()
        .map(|(number, word)| Choice { value: (*word).to_owned(), label: label(number, word) })
        .collect()
}

fn value(table: &toml::Table, key: &str) -> Option<SettingValue> {
    let mut parts = key.split('.');
    let first = table.get(parts.next()?)?;
    let value = parts.try_fold(first, |here, part| here.get(part))?;
    Some(match value {
        toml::Value::Boolean(on) => SettingValue::Switch(*on),
        toml::Value::Integer(number) => SettingValue::Number(u32::try_from(*number).ok()?),
        toml::Value::String(word) => SettingValue::Word(word.clone()),
        toml::Value::Array(list) => {
            SettingValue::Words(list.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect())
        }
        _ => return None,
    })
}

/// How many settings the form has.
#[cfg(test)]
pub(super) fn count() -> usize {
    FORM.len()
}
