//! Intake: registrations from a file, a mail or pasted text, before and while they become records.
//!
//! An *import* is kept in memory under an id and holds nothing that was saved. Its rows are candidate claims, each
//! value with the place where it was found; its mapping says which column is which field and how days and amounts
//! are written. Nothing is invented: what cannot be read for certain is a problem of its row, and a row with such
//! a problem is rejected until the mapping, the row or the file says more. What a person then chooses is saved as
//! one decision a row, which is undone like any other.
//!
//! Operations: `open_import` (native dialog), `paste_import`, `import_draft`, `import_rows`, `remap_import`,
//! `edit_import_row`, `save_import`, `undo_import`, `write_rejects` (native dialog), `close_import`. A file that is
//! dropped on the window is read by the program itself; the events `file_over`, `import_opened` and `import_failed`
//! say so.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::deal::words;
use crate::field::Field;
use crate::ids::{DecisionId, ImportId, PartnerId, RegistrationId};
use crate::money::Currency;
use crate::registration::RegistrationKind;
use crate::verdict::RecordLink;

words! {
    /// Where an import came from.
    IntakeSource {
        Csv "csv" "Table",
        Email "email" "E-mail",
        Paste "paste" "Pasted text",
    }
}

words! {
    /// In which order a day is written with numbers alone.
    DayOrder {
        DayFirst "day_first" "Day first: 31/12/2026",
        MonthFirst "month_first" "Month first: 12/31/2026",
    }
}

words! {
    /// Which sign stands before the cents.
    DecimalMark {
        Point "point" "1,234.50",
        Comma "comma" "1.234,50",
    }
}

words! {
    /// How certain it is that a value is what its field says.
    Confidence {
        Stated "stated" "As stated in the file",
        Found "found" "Found in the text",
        Unsure "unsure" "Looks like it; please check",
    }
}

words! {
    /// What is to be done with a row.
    RowVerdict {
        Ok "ok" "Ready",
        Duplicate "duplicate" "Duplicate",
        Incomplete "incomplete" "Incomplete",
        Rejected "rejected" "Rejected",
        Saved "saved" "Saved",
    }
}

/// One import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Import {
    /// Which.
    pub id: ImportId,
    /// Where it came from.
    pub source: IntakeSource,
    /// The file's name without its folder, or what stands for it.
    pub name: String,
    /// How it was read: "semicolons, Windows-1252, 1,204 rows".
    pub read_as: String,
    /// What a person should know about the whole file.
    pub notes: Vec<String>,
    /// The text of a mail or form that was read, to be looked at beside its rows; "line 4" is a line of it.
    pub text: Option<String>,
    /// The columns in order; none for a mail or a form.
    pub columns: Vec<IntakeColumn>,
    /// Which column is which field, and how values are written.
    pub mapping: IntakeMapping,
    /// The mapping was used before for a file with these headers.
    pub remembered: bool,
    /// What a column can be mapped to, in order.
    pub fields: Vec<IntakeField>,
    /// Name of the partner that all rows are on behalf of.
    pub partner_name: Option<String>,
    /// How many rows have which verdict.
    pub counts: IntakeCounts,
}

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntakeColumn {
    /// Its header as written, or "Column C" where the file has none.
    pub header: String,
    /// Up to three values of it.
    pub samples: Vec<String>,
    /// The field that its header suggests.
    pub suggested: Option<Field>,
}

/// A field that a column can hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntakeField {
    /// Which.
    pub field: Field,
    /// What a person reads.
    pub label: String,
    /// The policy asks for it (for the kind of registration that rows are by default).
    pub required: bool,
}

/// How an import is read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct IntakeMapping {
    /// The field of each column, in the columns' order; absent for one that is not read.
    pub columns: Vec<Option<Field>>,
    /// How days are written that could be read in two ways; absent: such a day rejects its row.
    pub day_order: Option<DayOrder>,
    /// How amounts are written that could be read in two ways; absent: such an amount rejects its row.
    pub decimal: Option<DecimalMark>,
    /// The currency of amounts that name none.
    pub currency: Option<Currency>,
    /// The kind of rows that do not say it.
    pub kind: Option<RegistrationKind>,
    /// All rows are on behalf of this partner; absent: the column that is mapped to the partner says it.
    pub partner: Option<PartnerId>,
}

/// How many rows have which verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct IntakeCounts {
    /// In all.
    pub rows: u32,
    /// Ready to be saved.
    pub ok: u32,
    /// Look like a record that is there already, or like an earlier row.
    pub duplicate: u32,
    /// Lack what the policy asks for.
    pub incomplete: u32,
    /// Cannot be saved as they are.
    pub rejected: u32,
    /// Saved from here.
    pub saved: u32,
}

/// One row: a candidate claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntakeRow {
    /// Its number in the import, from 1; rows are chosen by it.
    pub number: u32,
    /// Where it stands: "line 17".
    pub at: String,
    /// What is to be done with it.
    pub verdict: RowVerdict,
    /// The verdict as a sentence: "duplicate of DR-2026-1184, Northwind Systems: same domain".
    pub why: String,
    /// The company, as far as known.
    pub company: Option<String>,
    /// The partner by name, as far as known.
    pub partner: Option<String>,
    /// Its kind.
    pub kind: RegistrationKind,
    /// What it says, in the fields' order.
    pub values: Vec<IntakeValue>,
    /// What is wrong or worth a look.
    pub problems: Vec<IntakeProblem>,
    /// Records and rows that look like the same opportunity, the strongest first.
    pub duplicates: Vec<IntakeDuplicate>,
    /// Labels of what the policy asks for and the row lacks.
    pub missing: Vec<String>,
    /// The registration that it became.
    pub registration: Option<RegistrationId>,
    /// The decision that saved it, for undo.
    pub decision: Option<DecisionId>,
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntakeValue {
    /// Field.
    pub field: Field,
    /// What a person reads.
    pub label: String,
    /// The value as it would be saved.
    pub value: String,
    /// The text that it was read from, where that is another.
    pub raw: Option<String>,
    /// Where it was found: "column C “Kunde”", "line 4", "entered here".
    pub found: String,
    /// How certain it is.
    pub confidence: Confidence,
}

/// Something wrong with a row, or worth a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntakeProblem {
    /// The field that it is about.
    pub field: Option<Field>,
    /// A sentence: "“03/04/2026” is 3 April or March 4: say the order of days".
    pub text: String,
    /// Where it stands.
    pub found: Option<String>,
    /// The row cannot be saved with it.
    pub rejects: bool,
}

/// What a row looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntakeDuplicate {
    /// The record; absent when it is an earlier row of the same import.
    pub record: Option<RecordLink>,
    /// The earlier row.
    pub row: Option<u32>,
    /// What a person reads: "DR-2026-1184, Northwind Systems, submitted".
    pub title: String,
    /// Why: "same domain".
    pub why: String,
    /// A claim or deal that is open or in force; what has ended is only told.
    pub is_open: bool,
}

/// Read text that was pasted: a table, a mail, a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PasteImport {
    /// The text.
    pub text: String,
}

/// What came of choosing a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenedImport {
    /// The import; absent when no file was chosen.
    pub import: Option<Import>,
}

/// Read an import another way; kept for the next file with the same headers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RemapImport {
    /// Which.
    pub import: ImportId,
    /// The whole mapping.
    pub mapping: IntakeMapping,
}

/// A page of an import's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct ImportRows {
    /// Which.
    pub import: ImportId,
    /// Only rows with this verdict.
    #[serde(default)]
    pub verdict: Option<RowVerdict>,
    /// Key of the page before.
    #[serde(default)]
    pub after: Option<String>,
    /// Rows wanted, at most 200; 0 means 50.
    #[serde(default)]
    pub limit: u32,
}

/// Change one value of one row; an empty value takes it away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EditImportRow {
    /// Which import.
    pub import: ImportId,
    /// Which row.
    pub row: u32,
    /// Which field.
    pub field: Field,
    /// The value as typed; read like one of the file. A partner by id, name or domain.
    pub value: String,
}

/// Save rows as registrations, each a decision of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields = nullable)]
pub struct SaveImport {
    /// Which.
    pub import: ImportId,
    /// These rows, also duplicates and incomplete ones; absent: every row that is ready.
    #[serde(default)]
    pub rows: Option<Vec<u32>>,
}

/// What was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportSaved {
    /// The import with its new counts.
    pub import: Import,
    /// Registrations that were saved on this device.
    pub saved: u32,
    /// Rows that were chosen and not saved, with the reason.
    pub refused: Vec<RowRefused>,
    /// Stopped by the person; what was saved stays.
    pub cancelled: bool,
}

/// A chosen row that was not saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RowRefused {
    /// Which.
    pub row: u32,
    /// Why.
    pub why: String,
}

/// What became of taking an import back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportUndone {
    /// The import with its new counts.
    pub import: Import,
    /// Registrations that were taken back.
    pub taken_back: u32,
    /// Registrations that may have left and stay; each is undone from Activity.
    pub sent: u32,
}

/// The file of rejects that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RejectsWritten {
    /// Where; absent when no place was chosen.
    pub file: Option<String>,
    /// Rows in it.
    pub rows: u32,
}

/// The CRM's intake forms: what they ask, which are there, what stays to be done by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntakeForms {
    /// One for each kind of registration.
    pub forms: Vec<IntakeForm>,
    /// Not yet in the CRM.
    pub missing: u32,
    /// Why they cannot be made from here, when so.
    pub refused: Option<String>,
    /// What no interface of the CRM makes: the page for the admin tells how.
    pub by_hand: Vec<String>,
}

/// One form, as it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntakeForm {
    /// What is registered with it.
    pub kind: RegistrationKind,
    /// Its name in the CRM, by which it is known again.
    pub name: String,
    /// Its id, when it is there.
    pub id: Option<String>,
    /// What it asks, in order.
    pub fields: Vec<IntakeFormField>,
    /// What it would ask if the CRM had a property for it.
    pub not_asked: Vec<String>,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct IntakeFormField {
    /// What stands beside it.
    pub label: String,
    /// The CRM's property.
    pub property: String,
    /// It must be filled in.
    pub required: bool,
    /// A fixed value; then nobody sees the field.
    pub value: Option<String>,
}

/// The page for the CRM's admin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AdminGuide {
    /// Markdown.
    pub text: String,
}
