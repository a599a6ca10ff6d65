//! One import in memory: what was read, how it is mapped, what was changed by hand, what was saved.

use std::collections::{BTreeMap, HashMap};

use drumbeat_intake::claim::{self, Claim, Reading, Said};
use drumbeat_intake::sheet::Sheet;
use drumbeat_intake::{amounts, days, headers};
use drumbeat_model::field::Field;
use drumbeat_model::ids::{DecisionId, ImportId, RegistrationId};
use drumbeat_model::intake::{
    Confidence, DayOrder, DecimalMark, Import, IntakeColumn, IntakeCounts, IntakeField, IntakeMapping, IntakeSource,
    RowVerdict,
};
use drumbeat_model::money::Currency;
use drumbeat_model::registration::RegistrationKind;
use drumbeat_rules::Policy;

/// Rows that are looked at to find out how days and amounts are written.
const SAMPLE: usize = 20_000;

/// What was read.
pub(super) enum Content {
    /// A table.
    Sheet(Sheet),
    /// Claims of a mail or a form, and the text that they were found in.
    Claims {
        /// What each claim says.
        claims: Vec<Vec<Said>>,
        /// The text.
        text: String,
    },
}

/// What was found about a row when it was looked at last.
#[derive(Clone)]
pub(super) struct Judged {
    pub verdict: RowVerdict,
    pub why: String,
}

/// One import.
pub(super) struct Draft {
    pub id: ImportId,
    pub source: IntakeSource,
    pub name: String,
    pub content: Content,
    pub notes: Vec<String>,
    pub mapping: IntakeMapping,
    pub remembered: bool,
    pub partner_name: Option<String>,
    /// Values that a person changed, by row.
    pub edits: BTreeMap<u32, BTreeMap<Field, String>>,
    /// One a row, in order.
    pub judged: Vec<Judged>,
    /// The first row under each domain or name.
    pub firsts: HashMap<String, u32>,
    /// What was saved, by row.
    pub saved: BTreeMap<u32, (RegistrationId, DecisionId)>,
}

impl Draft {
    pub fn new(source: IntakeSource, name: String, content: Content, notes: Vec<String>) -> Self {
        Self {
            id: ImportId(uuid::Uuid::now_v7().to_string()),
            source,
            name,
            content,
            notes,
            mapping: IntakeMapping::default(),
            remembered: false,
            partner_name: None,
            edits: BTreeMap::new(),
            judged: Vec::new(),
            firsts: HashMap::new(),
            saved: BTreeMap::new(),
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> u32 {
        let rows = match &self.content {
            Content::Sheet(sheet) => sheet.rows.len(),
            Content::Claims { claims, .. } => claims.len(),
        };
        u32::try_from(rows).unwrap_or(u32::MAX)
    }

    /// Where a row (from 1) stands.
    pub fn at(&self, row: u32) -> String {
        match &self.content {
            Content::Sheet(sheet) => {
                sheet.rows.get(row as usize - 1).map_or_else(String::new, |row| format!("line {}", row.line))
            }
            Content::Claims { claims, .. } if claims.len() == 1 => "the text".to_owned(),
            Content::Claims { .. } => format!("claim {row} of the text"),
        }
    }

    /// What a row (from 1) says; what a person entered goes before what the file says.
    pub fn claim(&self, row: u32, reading: &Reading<'_>) -> Claim {
        let index = row as usize - 1;
        let (mut said, form) = match &self.content {
            Content::Sheet(sheet) => sheet.rows.get(index).map_or_else(Default::default, |row| {
                (claim::of_row(sheet, row, &self.mapping), claim::form_of(sheet, row))
            }),
            Content::Claims { claims, .. } => (claims.get(index).cloned().unwrap_or_default(), None),
        };
        for (field, text) in self.edits.get(&row).into_iter().flatten() {
            said.retain(|said| said.field != *field);
            let (text, found) = (text.clone(), "entered here".to_owned());
            said.push(Said { field: *field, text, found, confidence: Confidence::Stated });
        }
        let mut claim = claim::read(said, reading);
        claim.problems.splice(0..0, form);
        claim
    }

    /// How the file itself writes days and amounts, where its columns show it.
    pub fn shown_by(&self, columns: &[Option<Field>]) -> (Option<DayOrder>, Option<DecimalMark>) {
        let Content::Sheet(sheet) = &self.content else { return (None, None) };
        let texts = |fields: &'static [Field]| {
            let mapped = columns.iter().enumerate();
            let wanted = mapped.filter(move |(_, field)| field.is_some_and(|field| fields.contains(&field)));
            wanted.flat_map(move |(column, _)| sheet.rows.iter().take(SAMPLE).filter_map(move |row| row.cell(column)))
        };
        (days::evidence(texts(&[Field::CloseDate, Field::SubmittedAt])), amounts::evidence(texts(&[Field::Amount])))
    }

    /// The mapping that the file itself suggests.
    pub fn suggested(&self, main: &Currency) -> IntakeMapping {
        match &self.content {
            Content::Sheet(sheet) => {
                let columns = headers::suggest(&sheet.headers);
                let (day_order, decimal) = self.shown_by(&columns);
                let in_header = columns.iter().zip(&sheet.headers).find(|(field, _)| **field == Some(Field::Amount));
                let in_header = in_header.and_then(|(_, header)| {
                    let words = header.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']'));
                    words.skip(1).find_map(amounts::currency)
                });
                let is_deal = columns.contains(&Some(Field::Amount)) || columns.contains(&Some(Field::CloseDate));
                IntakeMapping {
                    day_order,
                    decimal,
                    currency: Some(in_header.unwrap_or_else(|| main.clone())),
                    kind: Some(if is_deal { RegistrationKind::Deal } else { RegistrationKind::Lead }),
                    partner: None,
                    columns,
                }
            }
            Content::Claims { claims, .. } => {
                let is_deal =
                    claims.iter().flatten().any(|said| matches!(said.field, Field::Amount | Field::CloseDate));
                IntakeMapping {
                    currency: Some(main.clone()),
                    kind: Some(if is_deal { RegistrationKind::Deal } else { RegistrationKind::Lead }),
                    ..IntakeMapping::default()
                }
            }
        }
    }

    /// How many rows have which verdict.
    pub fn counts(&self) -> IntakeCounts {
        let of = |verdict| {
            u32::try_from(self.judged.iter().filter(|judged| judged.verdict == verdict).count()).unwrap_or(u32::MAX)
        };
        IntakeCounts {
            rows: self.rows(),
            ok: of(RowVerdict::Ok),
            duplicate: of(RowVerdict::Duplicate),
            incomplete: of(RowVerdict::Incomplete),
            rejected: of(RowVerdict::Rejected),
            saved: of(RowVerdict::Saved),
        }
    }

    /// What the window shows of it. `no_place` are fields that the CRM has no property for.
    pub fn shown(&self, policy: &Policy, no_place: &[Field]) -> Import {
        let kind = self.mapping.kind.unwrap_or(RegistrationKind::Lead);
        let required = policy.registration.required.of(kind);
        let fields = headers::FIELDS.iter().map(|field| IntakeField {
            field: *field,
            label: field.label().to_owned(),
            required: required.contains(field),
        });
        let rows = self.rows();
        let counted = format!("{} {}", grouped(rows), if rows == 1 { "row" } else { "rows" });
        let (columns, read_as, text) = match &self.content {
            Content::Sheet(sheet) => {
                let read_as = format!("{}, {}, {counted}", sheet.delimiter_name(), sheet.encoding);
                (columns(sheet), read_as, None)
            }
            Content::Claims { text, .. } => {
                let read_as = if rows == 1 { "one claim".to_owned() } else { format!("{rows} claims") };
                (Vec::new(), read_as, Some(text.clone()))
            }
        };
        let mut notes = self.notes.clone();
        if !no_place.is_empty() {
            let labels: Vec<&str> = no_place.iter().map(|field| field.label()).collect();
            notes.push(format!(
                "The CRM has no place for: {}. Map it in Settings, or it is left out",
                labels.join(", ")
            ));
        }
        Import {
            id: self.id.clone(),
            source: self.source,
            name: self.name.clone(),
            read_as,
            notes,
            text,
            columns,
            mapping: self.mapping.clone(),
            remembered: self.remembered,
            fields: fields.collect(),
            partner_name: self.partner_name.clone(),
            counts: self.counts(),
        }
    }

    /// Fields that any row can have.
    pub fn used(&self) -> Vec<Field> {
        let mut used: Vec<Field> = match &self.content {
            Content::Sheet(_) => self.mapping.columns.iter().flatten().copied().collect(),
            Content::Claims { claims, .. } => claims.iter().flatten().map(|said| said.field).collect(),
        };
        // A name in two parts is saved as one.
        for field in &mut used {
            if matches!(field, Field::FirstName | Field::LastName) {
                *field = Field::ContactName;
            }
        }
        used.sort_unstable();
        used.dedup();
        used
    }
}

fn columns(sheet: &Sheet) -> Vec<IntakeColumn> {
    let suggested = headers::suggest(&sheet.headers);
    let samples = |column: usize| {
        let values = sheet.rows.iter().take(200).filter_map(|row| row.cell(column));
        let mut seen: Vec<String> = Vec::new();
        for value in values {
            let short: String = value.chars().take(80).collect();
            if seen.len() < 3 && !seen.contains(&short) {
                seen.push(short);
            }
        }
        seen
    };
    let all = sheet.headers.iter().zip(suggested).enumerate();
    all.map(|(column, (header, suggested))| IntakeColumn {
        header: header.clone(),
        samples: samples(column),
        suggested,
    })
    .collect()
}

/// A count with commas.
fn grouped(count: u32) -> String {
    drumbeat_model::money::grouped(count.into())
}
