//! Building decisions: what a person decided, as operations on CRM records.
//!
//! Use cases speak in fields; here they become CRM properties through the mapping, with the values
//! that they were based on. A field that the CRM has no property for is left out of the op and named,
//! so that nobody believes it was written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::SubsecRound;
use drumbeat_model::change::{NewDecision, NewMessage, NewOp, OpKind};
use drumbeat_model::crm::{Holds, Link, ObjectKind, Properties, Schema};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DecisionId, LOCAL_PREFIX, OpId};
use drumbeat_model::mapping::Mapping;
use drumbeat_model::registration::{Decided, Undo};
use drumbeat_model::time::Instant;
use drumbeat_model::value;
use drumbeat_store::{Entry, Reader};

use crate::api::Nothing;
use crate::converted;
use crate::error::{Answer, ApiError, Code};
use crate::review;
use crate::rights;
use crate::workspace::Workspace;

/// A decision in the making.
pub struct Draft<'a> {
    id: DecisionId,
    mapping: &'a Mapping,
    schema: Option<&'a Schema>,
    ops: Vec<NewOp>,
    /// Ops that close their record for good, and so go behind everything else.
    last: BTreeSet<OpId>,
    /// Fields that the CRM has no place for.
    pub unmapped: Vec<(ObjectKind, Field)>,
    /// Fields that would be changed and that this user may not write.
    barred: rights::Barred,
    messages: Vec<NewMessage>,
}

fn op_id() -> OpId {
    OpId(uuid::Uuid::now_v7().to_string())
}

impl<'a> Draft<'a> {
    /// An empty decision.
    #[must_use]
    pub fn new(mapping: &'a Mapping, schema: Option<&'a Schema>) -> Self {
        let id = DecisionId(uuid::Uuid::now_v7().to_string());
        Self {
            id,
            mapping,
            schema,
            ops: Vec::new(),
            last: BTreeSet::new(),
            unmapped: Vec::new(),
            barred: rights::Barred::new(),
            messages: Vec::new(),
        }
    }

    /// The id that the decision will have.
    #[must_use]
    pub fn id(&self) -> &DecisionId {
        &self.id
    }

    fn properties(&mut self, kind: ObjectKind, values: &BTreeMap<Field, String>) -> Properties {
        let mut properties = Properties::new();
        for (field, value) in values {
            match self.mapping.property(kind, *field) {
                Some(property) => {
                    properties.insert(property.to_owned(), self.written(kind, property, value));
                }
                None if value.is_empty() => {}
                None => self.unmapped.push((kind, *field)),
            }
        }
        properties
    }

    /// The same without what this user may not write. What the CRM calculates itself stands, whatever was decided; what
    /// others may write is noted, as long as it would be changed.
    fn writable(&mut self, kind: ObjectKind, values: &BTreeMap<Field, String>, now: &Properties) -> Properties {
        let object = self.schema.and_then(|schema| schema.objects.get(&kind));
        let mut free = BTreeMap::new();
        for (field, value) in values {
            let name = self.mapping.property(kind, *field);
            let known =
                name.and_then(|name| object.and_then(|object| object.properties.iter().find(|p| p.name == name)));
            let Some(fixed) = known.filter(|known| known.read_only) else {
                free.insert(*field, value.clone());
                continue;
            };
            let wanted = self.written(kind, &fixed.name, value);
            if rights::bars(fixed, *field) && !value::same(now.get(&fixed.name).map(String::as_str), Some(&wanted)) {
                self.barred.insert((kind, *field));
            }
            self.unmapped.push((kind, *field));
        }
        self.properties(kind, &free)
    }

    fn keeps_fractions(&self) -> bool {
        self.schema.is_none_or(|schema| schema.vendor.keeps_fractions())
    }

    /// A value in the form that its property holds: a day as its midnight in UTC where it holds an instant, an instant
    /// as its day where it holds a day, a choice by the account's own word for it.
    fn written(&self, kind: ObjectKind, property: &str, value: &str) -> String {
        let known = self
            .schema
            .and_then(|schema| schema.objects.get(&kind))
            .and_then(|object| object.properties.iter().find(|p| p.name == property));
        let written = match known.map(|known| known.holds) {
            Some(Holds::Instant) if value.len() == 10 || !self.keeps_fractions() => {
                let whole = |at: Instant| if self.keeps_fractions() { at } else { at.trunc_subsecs(0) };
                value::instant(value).map(whole).map(value::write_instant)
            }
            Some(Holds::Day) if value.len() > 10 => value::day(value).map(|day| day.to_string()),
            Some(Holds::Choice) => known.and_then(|known| own_word(&known.options, value)),
            _ => None,
        };
        written.unwrap_or_else(|| value.to_owned())
    }

    /// Sets fields of a record, all in one request. `guard` are values that must still hold in the CRM.
    /// Answers the op, or `None` when the CRM has a place for none of the fields.
    ///
    /// # Errors
    /// What the store says.
    pub fn set(
        &mut self,
        reader: &Reader<'_>,
        kind: ObjectKind,
        record: &str,
        values: &BTreeMap<Field, String>,
        guard: &BTreeMap<Field, String>,
        after: &[OpId],
    ) -> drumbeat_store::Result<Option<OpId>> {
        let effective = reader.effective(kind, record)?.map(|(properties, _)| properties).unwrap_or_default();
        let desired = self.writable(kind, values, &effective);
        if desired.is_empty() {
            return Ok(None);
        }
        let base =
            desired.keys().map(|name| (name.clone(), effective.get(name).cloned().unwrap_or_default())).collect();
        let guard = self.properties(kind, guard);
        let id = op_id();
        self.ops.push(NewOp {
            id: id.clone(),
            object: kind,
            record: record.to_owned(),
            kind: OpKind::Set { desired, base, guard },
            depends_on: after.to_vec(),
        });
        Ok(Some(id))
    }

    /// Sets properties of a record over values that are named, not over what is shown here: nothing is sent
    /// unless the CRM still has exactly these.
    pub fn put(&mut self, kind: ObjectKind, record: &str, desired: Properties, base: Properties) -> OpId {
        let id = op_id();
        self.ops.push(NewOp {
            id: id.clone(),
            object: kind,
            record: record.to_owned(),
            kind: OpKind::Set { desired, base, guard: Properties::new() },
            depends_on: Vec::new(),
        });
        id
    }

    /// Converts a lead into its deal, behind everything else that the decision writes in it. Nothing where the CRM
    /// converts none.
    pub fn convert(&mut self, lead: &str, deal: &str, after: &[OpId]) {
        let Some(property) = self.mapping.property(ObjectKind::Registration, Field::ConvertedInto) else { return };
        let mine = |op: &&NewOp| op.object == ObjectKind::Registration && op.record == lead;
        let depends_on = self.ops.iter().filter(mine).map(|op| op.id.clone()).chain(after.iter().cloned()).collect();
        let id = op_id();
        self.last.insert(id.clone());
        self.ops.push(NewOp {
            id,
            object: ObjectKind::Registration,
            record: lead.to_owned(),
            kind: OpKind::Set {
                desired: [(property.to_owned(), deal.to_owned())].into(),
                base: [(property.to_owned(), String::new())].into(),
                guard: Properties::new(),
            },
            depends_on,
        });
    }

    /// Makes a record; answers its local id and the op.
    pub fn create(
        &mut self,
        kind: ObjectKind,
        values: &BTreeMap<Field, String>,
        links: Vec<Link>,
        after: &[OpId],
    ) -> (String, OpId) {
        let id = op_id();
        let local = format!("{LOCAL_PREFIX}{}", id.0);
        let mut desired = self.writable(kind, values, &Properties::new());
        if let Some(property) = self.mapping.property(kind, Field::OpId) {
            desired.insert(property.to_owned(), id.0.clone());
        }
        self.ops.push(NewOp {
            id: id.clone(),
            object: kind,
            record: local.clone(),
            kind: OpKind::Create { desired, links },
            depends_on: after.to_vec(),
        });
        (local, id)
    }

    /// Links two records.
    pub fn link(&mut self, kind: ObjectKind, record: &str, link: Link, after: &[OpId]) -> OpId {
        let id = op_id();
        self.ops.push(NewOp {
            id: id.clone(),
            object: kind,
            record: record.to_owned(),
            kind: OpKind::Link { link },
            depends_on: after.to_vec(),
        });
        id
    }

    /// Puts a record that Drumbeat has made into the recycle bin, as long as nobody else has worked on it: it
    /// must hold what our ops have left in it, and only our own touches may hang on it.
    pub fn archive(&mut self, kind: ObjectKind, record: &str, holds: Properties, beside: Vec<Link>, after: &[OpId]) {
        self.ops.push(NewOp {
            id: op_id(),
            object: kind,
            record: record.to_owned(),
            kind: OpKind::Archive { holds, beside, seen: None },
            depends_on: after.to_vec(),
        });
    }

    /// What the CRM is told so far, in order.
    #[must_use]
    pub fn ops(&self) -> &[NewOp] {
        &self.ops
    }

    /// What waits for it to land, in order.
    #[must_use]
    pub fn messages(&self) -> &[NewMessage] {
        &self.messages
    }

    /// Whether the CRM has nothing to be told.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// Holds a message until the decision has landed.
    pub fn message(&mut self, to: &str, subject: &str, text: &str) {
        self.messages.push(NewMessage { to: to.to_owned(), subject: subject.to_owned(), text: text.to_owned() });
    }
}

/// The account's word for a choice: this very value, else the one that differs in case and signs only.
fn own_word(options: &[(String, String)], value: &str) -> Option<String> {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let wanted: String = letters(value);
    let exact = options.iter().find(|(known, _)| known == value);
    let alike = || options.iter().find(|(known, _)| !wanted.is_empty() && wanted == letters(known));
    exact.or_else(alike).map(|(known, _)| known.clone())
}

/// What a decision says of itself.
pub struct About<'a> {
    /// What kind of act, e.g. `approve`.
    pub act: &'a str,
    /// What was done, for people.
    pub title: String,
    /// The record that it is mainly about.
    pub record: (ObjectKind, String),
    /// Why.
    pub reason: Option<String>,
    /// The facts that it relied on (B1).
    pub facts: serde_json::Value,
}

/// Saves a decision on this device: when this answers, it is on disk.
///
/// # Errors
/// When there is nothing to do, or the store says no; nothing is saved then.
pub fn save(ws: &Workspace, about: About<'_>, draft: Draft<'_>) -> Answer<Decided> {
    save_with(ws, about, draft, |_| Ok(()))
}

/// The same, with something else in the same transaction.
///
/// # Errors
/// See [`save`].
pub fn save_with(
    ws: &Workspace,
    about: About<'_>,
    mut draft: Draft<'_>,
    also: impl FnOnce(&drumbeat_store::Writer<'_>) -> drumbeat_store::Result<()>,
) -> Answer<Decided> {
    converted::refuse(ws, &draft.ops)?;
    rights::refuse(ws, &draft.barred)?;
    draft.ops.sort_by_key(|op| draft.last.contains(&op.id));
    if draft.ops.is_empty() {
        return Err(ApiError::new(Code::Invalid, "decision.empty", "The CRM has no place for any of this")
            .kept("Nothing was changed")
            .next("Map the fields in Settings, or let Drumbeat create them in the CRM"));
    }
    let at = ws.clock.now();
    let actor = ws.actor()?;
    let decision = NewDecision {
        id: draft.id,
        act: about.act.to_owned(),
        title: about.title,
        about: about.record,
        reason: about.reason,
        facts: about.facts,
        policy: ws.policy.version,
        ops: draft.ops,
        messages: draft.messages,
    };
    let entry = Entry {
        at,
        actor: &actor,
        act: about.act,
        title: &decision.title,
        reason: decision.reason.as_deref(),
        facts: Some(&decision.facts),
        policy: Some(decision.policy),
    };
    ws.write(entry, |w| {
        w.decide(&decision, &actor, &ws.card.account_id)?;
        also(w)
    })?;
    Ok(Decided { decision: decision.id, title: decision.title, at })
}

/// Takes back a decision of which nothing has been sent. An item of the running review that it was logged
/// on is open again.
///
/// # Errors
/// When a part of it may have left.
pub fn undo(ws: &Arc<Workspace>, request: Undo) -> Answer<Nothing> {
    let actor = ws.actor()?;
    let title = ws
        .read(|r| r.decision(&request.decision))?
        .map(|decision| decision.title)
        .ok_or_else(|| ApiError::not_found("decision", request.decision.as_str()))?;
    let title = format!("Took back: {title}");
    let entry = Entry {
        at: ws.clock.now(),
        actor: &actor,
        act: "undo",
        title: &title,
        reason: None,
        facts: None,
        policy: Some(ws.policy.version),
    };
    ws.write(entry, |w| {
        w.withdraw_decision(&request.decision)?;
        w.hold(&request.decision, None)?;
        review::reopen(w, &request.decision)
    })?;
    Ok(Nothing {})
}
