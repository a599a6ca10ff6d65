//! Making, changing and deleting records, with all that follows from it: defaults, names, stages, histories, the ledger.

use serde_json::{Map, Value};

use crate::clock::{Millis, date_time};
use crate::faults::Fault;
use crate::ledger::{LedgerEntry, LedgerKind};
use crate::salesforce::check::{Rights, Values, check, given};
use crate::salesforce::duplicates;
use crate::salesforce::follow;
use crate::salesforce::id::Id;
use crate::salesforce::org::{ObjectIx, Org, RowIx};
use crate::salesforce::problem::Problem;
use crate::salesforce::soap;

/// One user's hand on the org at one moment.
pub(crate) struct Hand<'a> {
    pub(crate) org: &'a mut Org,
    pub(crate) rights: Rights<'a>,
    pub(crate) at: Millis,
    /// The user's row.
    pub(crate) by: RowIx,
    /// As the ledger names it.
    pub(crate) method: String,
    /// Objects whose duplicate rule is on, unless the caller saves all the same.
    pub(crate) duplicates: &'a [String],
    /// What goes wrong with this request.
    pub(crate) struck: &'a [Fault],
}

impl Hand<'_> {
    pub(crate) fn create(&mut self, object: ObjectIx, body: &Map<String, Value>) -> Result<Id, Problem> {
        let o = self.org.at(object);
        if o.fields.iter().all(|f| !f.createable) {
            return Err(Problem::new(
                405,
                "METHOD_NOT_ALLOWED",
                format!("entity type {} does not support create", o.name),
            ));
        }
        let mut values = check(self.org, object, body, None, &self.rights)?;
        self.refused(body, None)?;
        if self.duplicates.iter().any(|d| d.eq_ignore_ascii_case(&o.name)) {
            duplicates::detect(self.org, object, &values)?;
        }
        let told = self.shown(object, &values);
        self.defaults(object, &mut values);
        follow::derive(self.org, object, None, &mut values, self.at);
        let cells = values.into_iter().filter_map(|(f, v)| Some((f, v?.into_boxed_str()))).collect();
        let id = self.org.at_mut(object).insert(None, (self.at, self.at), self.by, cells);
        self.note(object, id, LedgerKind::Create, Map::new(), told);
        if let Some((_, row)) = self.org.find(id) {
            follow::made(self.org, object, row, self.at, self.by);
        }
        Ok(id)
    }

    pub(crate) fn update(&mut self, object: ObjectIx, row: RowIx, body: &Map<String, Value>) -> Result<(), Problem> {
        let o = self.org.at(object);
        if o.row(row).deleted.is_some() {
            return Err(Problem::new(404, "ENTITY_IS_DELETED", "entity is deleted"));
        }
        let is_converted = o.name == "Lead" && self.org.text(object, row, "IsConverted").as_deref() == Some("true");
        if is_converted && !soap::right(self, "PermissionsAllowViewEditConvertedLeads") {
            return Err(Problem::bad("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead"));
        }
        let mut values = check(self.org, object, body, Some(row), &self.rights)?;
        self.refused(body, Some(o.row(row).id))?;
        let told = self.shown(object, &values);
        let before = values
            .iter()
            .map(|(f, _)| (o.field(*f).name.clone(), o.row(row).get(*f).map_or(Value::Null, Into::into)))
            .collect();
        follow::derive(self.org, object, Some(row), &mut values, self.at);
        let id = o.row(row).id;
        follow::remember(self.org, object, row, &values, self.at, self.by);
        let o = self.org.at_mut(object);
        o.set(row, &values);
        o.touch(row, self.at, Some(self.by));
        self.note(object, id, LedgerKind::Update, before, told);
        follow::changed(self.org, object, row);
        Ok(())
    }

    pub(crate) fn delete(&mut self, object: ObjectIx, row: RowIx) -> Result<(), Problem> {
        let o = self.org.at(object);
        if o.row(row).deleted.is_some() {
            return Err(Problem::new(404, "ENTITY_IS_DELETED", "entity is deleted"));
        }
        if matches!(o.name.as_str(), "User" | "Organization" | "RecordType" | "OpportunityStage" | "OpportunityHistory")
        {
            return Err(Problem::bad("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id"));
        }
        let id = o.row(row).id;
        self.refused(&Map::new(), Some(id))?;
        self.org.at_mut(object).delete(row, self.at, self.by);
        self.note(object, id, LedgerKind::Archive, Map::new(), Map::new());
        for (child, row) in follow::belongings(self.org, object, id) {
            self.delete(child, row)?;
        }
        Ok(())
    }

    /// What the org's own rules, and others at work on the same record, have against a write.
    pub(crate) fn refused(&self, body: &Map<String, Value>, id: Option<Id>) -> Result<(), Problem> {
        for fault in self.struck {
            match fault {
                Fault::Refused { property, message } if body.keys().any(|k| k.eq_ignore_ascii_case(property)) => {
                    return Err(Problem::bad("FIELD_CUSTOM_VALIDATION_EXCEPTION", message.clone()).of(&[property]));
                }
                Fault::Locked => {
                    let which = id.map(|id| id.text()).unwrap_or_default();
                    return Err(Problem::bad(
                        "UNABLE_TO_LOCK_ROW",
                        format!("unable to obtain exclusive access to this record or 1 records: {which}"),
                    ));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Sets what no caller may: the outcome of a conversion or a merge.
    pub(crate) fn put(&mut self, object: ObjectIx, row: RowIx, values: &Values, kind: LedgerKind) {
        let told = self.shown(object, values);
        let o = self.org.at_mut(object);
        o.set(row, values);
        o.touch(row, self.at, Some(self.by));
        let id = o.row(row).id;
        self.note(object, id, kind, Map::new(), told);
    }

    /// Values under their names, for the ledger.
    fn shown(&self, object: ObjectIx, values: &Values) -> Map<String, Value> {
        let o = self.org.at(object);
        values.iter().map(|(f, v)| (o.field(*f).name.clone(), v.clone().map_or(Value::Null, Value::from))).collect()
    }

    fn note(
        &mut self,
        object: ObjectIx,
        id: Id,
        kind: LedgerKind,
        before: Map<String, Value>,
        after: Map<String, Value>,
    ) {
        let op_marker = LedgerEntry::marker(&after);
        let object = self.org.at(object).name.clone();
        let (at, method) = (date_time(self.at), self.method.clone());
        self.org.ledger.push(LedgerEntry { at, method, object, id: id.text(), op_marker, kind, before, after });
    }

    /// What stands where nothing was given.
    fn defaults(&self, object: ObjectIx, values: &mut Values) {
        let o = self.org.at(object);
        let mut put = |name: &str, value: Option<String>| {
            if let (Some(ix), Some(value)) = (o.field_ix(name), value)
                && given(values, ix).is_none_or(|v| v.is_none())
            {
                values.retain(|(f, _)| *f != ix);
                values.push((ix, Some(value)));
            }
        };
        let words = |text: &str| Some(text.to_owned());
        put("OwnerId", self.org.user_id(self.by).map(|id| id.text()));
        put("CurrencyIsoCode", words("USD"));
        put(
            "RecordTypeId",
            o.record_types.iter().find(|t| t.active && t.developer != "Deal_Registration").map(|t| t.id.text()),
        );
        match o.name.as_str() {
            "Lead" => put("Status", words("Open - Not Contacted")),
            "Task" => {
                put("Status", words("Not Started"));
                put("Priority", words("Normal"));
                put("TaskSubtype", words("Task"));
            }
            "Event" => put("EventSubtype", words("Event")),
            "Partner_Certification__c" => put("Name", Some(o.next_id().text())),
            _ => {}
        }
    }
}
