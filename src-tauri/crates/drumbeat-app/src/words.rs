//! How a record and a raw value of the CRM are read to a person, whatever kind they are of.
//!
//! The deal screen has its own, richer reading; here anything can come: a record that is gone, a property
//! that nobody has mapped, a value of a list that the CRM has taken away. What is not understood is shown
//! as it stands, never hidden.

use std::sync::Arc;

use drumbeat_model::crm::{Holds, ObjectKind, Properties, PropertySchema, Schema};
use drumbeat_model::deal::Choice;
use drumbeat_model::dossier::{DealDossier, Dossier};
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::OwnerId;
use drumbeat_model::merge::AboutRecord;
use drumbeat_model::money::{Currency, Money, grouped};
use drumbeat_model::value;
use drumbeat_store::{Reader, Result};

use crate::workspace::{Scene, Workspace};

/// What is needed to read values out.
pub(crate) struct Words<'r> {
    /// The view.
    pub r: &'r Reader<'r>,
    /// Mapping, names, time.
    pub scene: Scene,
    /// The CRM as described last.
    pub schema: Option<Arc<Schema>>,
}

/// What a kind of record is called.
pub(crate) fn noun(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Company => "Company",
        ObjectKind::Registration => "Registration",
        ObjectKind::Deal => "Deal",
        ObjectKind::Certification => "Certificate",
        ObjectKind::Contact => "Contact",
        ObjectKind::Task => "Task",
        ObjectKind::Note => "Note",
        ObjectKind::Meeting => "Meeting",
        ObjectKind::Call => "Call",
        ObjectKind::Email => "E-mail",
    }
}

/// A text, unless it is empty.
pub(crate) fn some(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_owned())
}

impl<'r> Words<'r> {
    /// Reads what is needed.
    pub fn read(ws: &Workspace, r: &'r Reader<'r>) -> Result<Self> {
        Ok(Self { r, scene: Scene::read(ws, r)?, schema: ws.setup(r)?.schema.clone() })
    }

    /// A property as the account has it.
    pub fn property(&self, kind: ObjectKind, property: &str) -> Option<&PropertySchema> {
        let object = self.schema.as_ref()?.objects.get(&kind)?;
        object.properties.iter().find(|known| known.name == property)
    }

    /// What a property is called: our word for the field, else the CRM's.
    pub fn label(&self, kind: ObjectKind, property: &str) -> String {
        match self.scene.mapping.field(kind, property) {
            Some(field) => field.label().to_owned(),
            None => self.property(kind, property).map_or_else(|| property.to_owned(), |known| known.label.clone()),
        }
    }

    /// What a property holds; text where nobody knows.
    pub fn holds(&self, kind: ObjectKind, property: &str) -> Holds {
        self.property(kind, property).map_or(Holds::Text, |known| known.holds)
    }

    /// What can be chosen for a property.
    pub fn options(&self, kind: ObjectKind, property: &str) -> Vec<Choice> {
        match self.scene.mapping.field(kind, property) {
            Some(F::Stage) => self
                .scene
                .mapping
                .pipelines
                .iter()
                .flat_map(|pipeline| &pipeline.stages)
                .map(|stage| Choice { value: stage.id.clone(), label: stage.label.clone() })
                .collect(),
            Some(F::Owner | F::NextStepOwner | F::ClaimedBy) => self.scene.names.choices(),
            Some(_) | None => self.property(kind, property).map_or_else(Vec::new, |known| {
                let choice = |(value, label): &(String, String)| Choice { value: value.clone(), label: label.clone() };
                known.options.iter().map(choice).collect()
            }),
        }
    }

    /// The values of a record, also of one that is gone.
    pub fn values(&self, kind: ObjectKind, id: &str) -> Result<Properties> {
        let id = self.r.resolve(id)?;
        Ok(match self.r.mirrored(kind, &id)? {
            Some(known) => known.properties,
            None => self.r.effective(kind, &id)?.map(|(properties, _)| properties).unwrap_or_default(),
        })
    }

    /// A record by its name.
    pub fn record(&self, kind: ObjectKind, id: &str) -> Result<AboutRecord> {
        let values = self.values(kind, id)?;
        let of = |field| self.scene.mapping.value(kind, field, &values).map(str::to_owned);
        let label = of(F::CompanyName).or_else(|| of(F::Name)).or_else(|| of(F::Title)).or_else(|| of(F::Email));
        let label = label.unwrap_or_else(|| format!("{} {id}", noun(kind)));
        Ok(AboutRecord { kind, id: self.r.resolve(id)?, label })
    }

    /// A raw value for reading; nothing when it is empty.
    pub fn value(&self, kind: ObjectKind, property: &str, raw: &str) -> Result<Option<String>> {
        if raw.trim().is_empty() {
            return Ok(None);
        }
        let owned = || raw.to_owned();
        Ok(Some(match self.scene.mapping.field(kind, property) {
            Some(F::Stage) => {
                let stages = self.scene.mapping.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
                stages.into_iter().find(|stage| stage.id == raw).map_or_else(owned, |stage| stage.label.clone())
            }
            Some(F::Pipeline) => {
                let mut pipelines = self.scene.mapping.pipelines.iter();
                pipelines.find(|pipeline| pipeline.id == raw).map_or_else(owned, |pipeline| pipeline.label.clone())
            }
            Some(F::Owner | F::NextStepOwner | F::ClaimedBy | F::DecidedBy) => {
                self.scene.names.of(Some(&OwnerId(owned()))).unwrap_or_else(owned)
            }
            Some(F::Partner | F::Incumbent | F::Account | F::Parent) => {
                self.r.name_of_company(&self.r.resolve(raw)?)?.unwrap_or_else(owned)
            }
            Some(F::Deal | F::ConvertedInto) => self.record(ObjectKind::Deal, raw)?.label,
            // Days, also where the CRM keeps them as an instant.
            Some(F::CloseDate | F::ProtectionStart | F::ProtectionEnd | F::NextStepDue) => {
                value::day(raw).map_or_else(owned, |day| day.to_string())
            }
            Some(F::AttributionPct) => {
                value::decimal(raw).map_or_else(owned, |percent| format!("{} %", grouped(percent)))
            }
            Some(F::RegistrationId) => self.r.queue_row(&raw.into())?.map_or_else(owned, |row| row.number),
            Some(F::Dossier) if kind == ObjectKind::Deal => DealDossier::read(Some(raw)).say(),
            Some(F::Dossier) => Dossier::read(Some(raw)).say(),
            Some(_) | None => self.plain(kind, property, raw),
        }))
    }

    /// A raw value of a record for reading: an amount with its currency, all else as [`Self::value`] says it.
    ///
    /// The currency is the one `beside` it, which the same change writes or was based on; else the record's; else
    /// the account's own.
    pub fn value_of(
        &self,
        (kind, id): (ObjectKind, &str),
        beside: &Properties,
        property: &str,
        raw: &str,
    ) -> Result<Option<String>> {
        let (Some(F::Amount), Some(amount)) = (self.scene.mapping.field(kind, property), value::decimal(raw)) else {
            return self.value(kind, property, raw);
        };
        let of = |values: &Properties| {
            self.scene.mapping.value(kind, F::Currency, values).and_then(|code| Currency::parse(code).ok())
        };
        let currency = match of(beside) {
            Some(currency) => currency,
            None => of(&self.values(kind, id)?).map_or_else(|| self.r.main_currency(), Ok)?,
        };
        Ok(Some(Money::new(amount, currency).to_string()))
    }

    fn plain(&self, kind: ObjectKind, property: &str, raw: &str) -> String {
        let Some(known) = self.property(kind, property) else { return raw.to_owned() };
        let label = |member: &str| {
            let mut options = known.options.iter();
            options.find(|(value, _)| value == member).map_or_else(|| member.to_owned(), |(_, label)| label.clone())
        };
        match known.holds {
            Holds::Day => value::day(raw).map_or_else(|| raw.to_owned(), |day| day.to_string()),
            Holds::Instant => {
                value::instant(raw).map_or_else(|| raw.to_owned(), |at| at.format("%Y-%m-%d %H:%M UTC").to_string())
            }
            Holds::Truth => {
                value::truth(raw).map_or_else(|| raw.to_owned(), |yes| if yes { "yes" } else { "no" }.to_owned())
            }
            Holds::Choice => label(raw),
            Holds::Choices => value::members(raw).map(label).collect::<Vec<_>>().join(", "),
            Holds::Number => value::decimal(raw).map_or_else(|| raw.to_owned(), grouped),
            Holds::Text => raw.to_owned(),
        }
    }

    /// Who set something in the CRM, by name where it is one of the account's people.
    pub fn who(&self, by: Option<&String>) -> Option<String> {
        let by = by?;
        let owners = self.schema.iter().flat_map(|schema| &schema.owners);
        let known = owners.into_iter().find(|owner| owner.email == *by || owner.id == *by);
        Some(known.map_or_else(|| by.clone(), |owner| owner.name.clone()))
    }
}
