//! What follows from a write: stages and names that are reckoned, histories, partners, the last activity, what goes along into the bin.

use crate::clock::Millis;
use crate::json::time_text;
use crate::salesforce::check::{Values, given};
use crate::salesforce::id::Id;
use crate::salesforce::org::{FieldIx, ObjectIx, Org, RowIx, second};
use crate::salesforce::soql::{instant, number};

/// Fields whose changes the org keeps.
const TRACKED: [(&str, &str, &str, &[&str]); 2] = [
    (
        "Opportunity",
        "OpportunityFieldHistory",
        "OpportunityId",
        &[
            "StageName",
            "Amount",
            "CloseDate",
            "OwnerId",
            "NextStep",
            "AccountId",
            "Partner_Organisation__c",
            "Partner_Motion__c",
        ],
    ),
    ("Lead", "LeadHistory", "LeadId", &["Status", "OwnerId", "Company", "Partner__c"]),
];

/// A record as it will be.
struct Draft<'a> {
    org: &'a Org,
    object: ObjectIx,
    row: Option<RowIx>,
    values: &'a mut Values,
}

impl Draft<'_> {
    fn ix(&self, name: &str) -> Option<FieldIx> {
        self.org.at(self.object).field_ix(name)
    }

    fn get(&self, name: &str) -> Option<String> {
        let ix = self.ix(name)?;
        match given(self.values, ix) {
            Some(value) => value.map(str::to_owned),
            None => self.org.at(self.object).row(self.row?).get(ix).map(str::to_owned),
        }
    }

    fn gives(&self, name: &str) -> bool {
        self.ix(name).is_some_and(|ix| given(self.values, ix).is_some())
    }

    fn put(&mut self, name: &str, value: Option<String>) {
        if let Some(ix) = self.ix(name) {
            self.values.retain(|(f, _)| *f != ix);
            self.values.push((ix, value));
        }
    }
}

/// Fills in what is reckoned from what is given.
pub(crate) fn derive(org: &Org, object: ObjectIx, row: Option<RowIx>, values: &mut Values, at: Millis) {
    let mut draft = Draft { org, object, row, values };
    match org.at(object).name.as_str() {
        "Opportunity" => deal(&mut draft, at),
        "Contact" | "Lead" if draft.gives("FirstName") || draft.gives("LastName") => {
            let parts = [draft.get("FirstName"), draft.get("LastName")];
            draft.put("Name", Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" ")));
        }
        "Task" => {
            let done = draft.get("Status").as_deref() == Some("Completed");
            let was = row.and_then(|r| org.text(object, r, "IsClosed")).as_deref() == Some("true");
            draft.put("IsClosed", Some(done.to_string()));
            draft.put("IsHighPriority", Some((draft.get("Priority").as_deref() == Some("High")).to_string()));
            if done != was {
                draft.put("CompletedDateTime", done.then(|| time_text(second(at))));
            }
            account(&mut draft);
        }
        "Event" => {
            event(&mut draft);
            account(&mut draft);
        }
        "OpportunityLineItem" => {
            let price = draft.get("UnitPrice").and_then(|p| number(&p));
            let count = draft.get("Quantity").and_then(|p| number(&p));
            draft.put(
                "TotalPrice",
                price.zip(count).and_then(|(p, c)| p.checked_mul(c)).map(|t| t.normalize().to_string()),
            );
        }
        _ => {}
    }
}

fn deal(draft: &mut Draft<'_>, at: Millis) {
    if draft.gives("StageName")
        && let Some(stages) = draft.org.ix("OpportunityStage")
    {
        let stage = draft.get("StageName").unwrap_or_default();
        let was = draft.row.and_then(|r| draft.org.text(draft.object, r, "StageName")).map(|s| s.into_owned());
        let all = draft.org.at(stages);
        let found = (0..all.rows.len() as RowIx)
            .find(|r| draft.org.text(stages, *r, "ApiName").is_some_and(|name| name.eq_ignore_ascii_case(&stage)));
        let of = |name: &str| found.and_then(|r| draft.org.text(stages, r, name)).map(|t| t.into_owned());
        let (closed, won, odds) = (of("IsClosed"), of("IsWon"), of("DefaultProbability"));
        let forecast = of("ForecastCategory");
        draft.put("IsClosed", closed);
        draft.put("IsWon", won);
        draft.put("ForecastCategory", forecast);
        if was.as_deref() != Some(&stage) {
            if !draft.gives("Probability") {
                draft.put("Probability", odds);
            }
            if draft.row.is_some() {
                draft.put("LastStageChangeDate", Some(time_text(second(at))));
            }
        }
    }
    if draft.gives("Amount") || draft.gives("Probability") {
        let amount = draft.get("Amount").and_then(|a| number(&a));
        let odds = draft.get("Probability").and_then(|a| number(&a));
        let expected = amount.zip(odds).and_then(|(a, p)| a.checked_mul(p)?.checked_div(100.into()));
        draft.put("ExpectedRevenue", expected.map(|e| e.round_dp(2).normalize().to_string()));
    }
    if draft.gives("CloseDate")
        && let Some(day) = draft.get("CloseDate")
    {
        let month: u32 = day.get(5..7).and_then(|m| m.parse().ok()).unwrap_or(1);
        draft.put("FiscalYear", day.get(..4).map(str::to_owned));
        draft.put("FiscalQuarter", Some(((month.max(1) - 1) / 3 + 1).to_string()));
    }
}

/// The account that an activity is about, by what it is about.
fn account(draft: &mut Draft<'_>) {
    let Some((object, row)) = draft.get("WhatId").and_then(|id| draft.org.find(Id::parse(&id)?)) else { return };
    let account = match draft.org.at(object).name.as_str() {
        "Account" => Some(draft.org.at(object).row(row).id.text()),
        _ => draft.org.text(object, row, "AccountId").map(|t| t.into_owned()),
    };
    draft.put("AccountId", account);
}

fn event(draft: &mut Draft<'_>) {
    let start = draft.get("StartDateTime").or_else(|| draft.get("ActivityDateTime")).and_then(|t| instant(&t));
    let Some(start) = start else { return };
    let minutes = draft.get("DurationInMinutes").and_then(|m| m.parse::<i64>().ok());
    let end = match draft.get("EndDateTime").and_then(|t| instant(&t)) {
        Some(end) if draft.gives("EndDateTime") || minutes.is_none() => end,
        _ => start + minutes.unwrap_or(60) * 60_000,
    };
    let text = time_text(start);
    draft.put("ActivityDate", text.get(..10).map(str::to_owned));
    draft.put("ActivityDateTime", Some(text.clone()));
    draft.put("StartDateTime", Some(text));
    draft.put("EndDateTime", Some(time_text(end)));
    draft.put("DurationInMinutes", Some(((end - start) / 60_000).to_string()));
}

fn add(org: &mut Org, object: &str, at: Millis, by: RowIx, values: &[(&str, Option<String>)]) -> Option<Id> {
    let o = org.object_mut(object)?;
    let cells = values.iter().filter_map(|(n, v)| Some((o.field_ix(n)?, v.clone()?.into_boxed_str()))).collect();
    Some(o.insert(None, (at, at), by, cells))
}

/// One line of a deal's own history.
pub(crate) fn stage_line(org: &mut Org, object: ObjectIx, row: RowIx, at: Millis, by: RowIx) {
    let names =
        ["StageName", "Amount", "ExpectedRevenue", "CloseDate", "Probability", "ForecastCategory", "CurrencyIsoCode"];
    let id = org.at(object).row(row).id.text();
    let mut values: Vec<(&str, Option<String>)> =
        names.iter().map(|n| (*n, org.text(object, row, n).map(|t| t.into_owned()))).collect();
    values.push(("OpportunityId", Some(id)));
    add(org, "OpportunityHistory", at, by, &values);
}

/// What a new record brings along.
pub(crate) fn made(org: &mut Org, object: ObjectIx, row: RowIx, at: Millis, by: RowIx) {
    let (name, id) = (org.at(object).name.clone(), org.at(object).row(row).id.text());
    let own = |org: &Org, field: &str| org.text(object, row, field).map(|t| t.into_owned());
    if let Some((_, history, to, _)) = TRACKED.iter().find(|t| t.0 == name) {
        add(org, history, at, by, &[(to, Some(id.clone())), ("Field", Some("created".into()))]);
    }
    match name.as_str() {
        "Opportunity" => stage_line(org, object, row, at, by),
        "Partner" if own(org, "OpportunityId").is_some() => {
            let values = ["OpportunityId", "AccountToId", "Role", "IsPrimary"].map(|n| (n, own(org, n)));
            add(org, "OpportunityPartner", at, by, &values);
        }
        "Task" | "Event" => activity(org, object, row),
        "ContentVersion" => document(org, object, row, at, by),
        _ => {}
    }
}

/// What a change of a record changes elsewhere.
pub(crate) fn changed(org: &mut Org, object: ObjectIx, row: RowIx) {
    if matches!(org.at(object).name.as_str(), "Task" | "Event") {
        activity(org, object, row);
    }
}

/// The day of the last event or closed task stands at what it is about; nothing else says that the record was changed.
fn activity(org: &mut Org, object: ObjectIx, row: RowIx) {
    if org.at(object).name == "Task" && org.text(object, row, "IsClosed").as_deref() != Some("true") {
        return;
    }
    let Some(day) = org.text(object, row, "ActivityDate").map(|t| t.into_owned()) else { return };
    for to in ["WhatId", "WhoId"] {
        let target = org.text(object, row, to).and_then(|id| org.find(Id::parse(&id)?));
        let Some((about, at)) = target else { continue };
        if let Some(field) = org.at(about).field_ix("LastActivityDate")
            && org.at(about).row(at).get(field).is_none_or(|old| old < day.as_str())
        {
            org.at_mut(about).set(at, &[(field, Some(day.clone()))]);
        }
    }
}

/// A file's first version makes its document, and the link to what it was put at.
fn document(org: &mut Org, object: ObjectIx, row: RowIx, at: Millis, by: RowIx) {
    let own = |org: &Org, field: &str| org.text(object, row, field).map(|t| t.into_owned());
    let id = org.at(object).row(row).id.text();
    let path = own(org, "PathOnClient").unwrap_or_default();
    let extension = path.rsplit_once('.').map(|(_, e)| e.to_owned());
    // Four letters stand for three bytes.
    let size = own(org, "VersionData").map_or(0, |d| d.trim_end_matches('=').len() * 3 / 4).to_string();
    let document = own(org, "ContentDocumentId").or_else(|| {
        let made = add(
            org,
            "ContentDocument",
            at,
            by,
            &[
                ("Title", own(org, "Title")),
                ("ContentSize", Some(size.clone())),
                ("FileExtension", extension.clone()),
                ("FileType", extension.as_deref().map(str::to_uppercase)),
                ("LatestPublishedVersionId", Some(id.clone())),
                ("OwnerId", own(org, "OwnerId")),
            ],
        );
        made.map(|id| id.text())
    });
    if let Some(to) = own(org, "FirstPublishLocationId") {
        add(
            org,
            "ContentDocumentLink",
            at,
            by,
            &[
                ("ContentDocumentId", document.clone()),
                ("LinkedEntityId", Some(to)),
                ("ShareType", Some("V".into())),
                ("Visibility", Some("AllUsers".into())),
            ],
        );
    }
    let o = org.at_mut(object);
    let values: Vec<(FieldIx, Option<String>)> = [
        ("ContentDocumentId", document),
        ("ContentSize", Some(size)),
        ("FileExtension", extension),
        ("IsLatest", Some("true".into())),
        ("VersionNumber", Some("1".into())),
    ]
    .into_iter()
    .filter_map(|(n, v)| Some((o.field_ix(n)?, v)))
    .collect();
    o.set(row, &values);
}

/// Writes the lines of history that a change leaves, before it is made.
pub(crate) fn remember(org: &mut Org, object: ObjectIx, row: RowIx, values: &Values, at: Millis, by: RowIx) {
    let o = org.at(object);
    let Some((name, history, to, tracked)) = TRACKED.iter().find(|t| t.0 == o.name) else { return };
    let id = o.row(row).id.text();
    let mut lines = Vec::new();
    for (ix, value) in values {
        let (field, old) = (&o.field(*ix).name, o.row(row).get(*ix));
        if old != value.as_deref() {
            lines.push((field.clone(), old.map(str::to_owned), value.clone()));
        }
    }
    let line_of_stage = *name == "Opportunity"
        && lines.iter().any(|(f, ..)| matches!(f.as_str(), "StageName" | "Amount" | "CloseDate" | "Probability"));
    for (field, old, new) in lines.into_iter().filter(|(f, ..)| tracked.contains(&f.as_str())) {
        add(
            org,
            history,
            at,
            by,
            &[(to, Some(id.clone())), ("Field", Some(field)), ("OldValue", old), ("NewValue", new)],
        );
    }
    if line_of_stage {
        // The line shows the deal as it will be.
        let o = org.at_mut(object);
        let old: Values = values.iter().map(|(f, _)| (*f, o.row(row).get(*f).map(str::to_owned))).collect();
        o.set(row, values);
        stage_line(org, object, row, at, by);
        org.at_mut(object).set(row, &old);
    }
}

/// What goes into the bin with a record.
pub(crate) fn belongings(org: &Org, object: ObjectIx, id: Id) -> Vec<(ObjectIx, RowIx)> {
    const OWNED: [(&str, &str, &str); 8] = [
        ("Account", "Contact", "AccountId"),
        ("Account", "Opportunity", "AccountId"),
        ("Opportunity", "OpportunityContactRole", "OpportunityId"),
        ("Opportunity", "OpportunityLineItem", "OpportunityId"),
        ("Opportunity", "OpportunityPartner", "OpportunityId"),
        ("Opportunity", "Quote", "OpportunityId"),
        ("Opportunity", "Task", "WhatId"),
        ("ContentDocument", "ContentDocumentLink", "ContentDocumentId"),
    ];
    let mut out = Vec::new();
    for (_, child, field) in OWNED.iter().filter(|(o, ..)| *o == org.at(object).name) {
        let Some(ix) = org.ix(child) else { continue };
        let o = org.at(ix);
        let rows = o.field_ix(field).and_then(|f| o.referrers(f, id)).unwrap_or_default();
        out.extend(rows.iter().filter(|r| o.row(**r).deleted.is_none()).map(|r| (ix, *r)));
    }
    out
}
