//! `drumbeat registrations import` and `add`: registrations from a file, a mail, standard input or the command's own
//! words. Everything is looked at before anything is saved; what is not saved is in the file of rejects.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use drumbeat_app::error::{Answer, ApiError, Code};
use drumbeat_app::intake;
use drumbeat_app::workspace::Workspace;
use drumbeat_model::field::Field;
use drumbeat_model::intake::{
    DayOrder, DecimalMark, Import, ImportRows, IntakeMapping, IntakeRow, RejectsWritten, RemapImport, RowRefused,
    RowVerdict, SaveImport,
};
use drumbeat_model::money::Currency;
use drumbeat_model::registration::RegistrationKind;
use serde::Serialize;

use super::blocking;
use super::commands::word;
use super::print::{Printer, table};

/// Rows that are printed, at most.
const SHOWN: usize = 1000;
/// Longest text that is read from standard input.
const LONGEST: u64 = 1024 * 1024;

/// Import a file: a table (.csv, .tsv) or a mail (.eml).
#[derive(Debug, Args)]
pub struct ImportFile {
    /// Which; `-` reads pasted text from standard input.
    file: PathBuf,
    /// All rows are on behalf of this partner (id, name or domain).
    #[arg(long)]
    partner: Option<String>,
    /// What a column is: `--map "Kunde=company_name"`; nothing behind the sign leaves the column out.
    #[arg(long = "map", value_name = "COLUMN=FIELD")]
    map: Vec<String>,
    /// How days are written that could be read in two ways: day_first or month_first.
    #[arg(long, value_name = "ORDER")]
    days: Option<String>,
    /// Which sign stands before the cents where it could be both: point or comma.
    #[arg(long, value_name = "SIGN")]
    decimal: Option<String>,
    /// The currency of amounts that name none.
    #[arg(long)]
    currency: Option<String>,
    /// The kind of rows that do not say it: lead or deal.
    #[arg(long)]
    kind: Option<String>,
    /// Save duplicates too.
    #[arg(long)]
    duplicates: bool,
    /// Save incomplete rows too.
    #[arg(long)]
    incomplete: bool,
    /// Look, and save nothing.
    #[arg(long)]
    dry_run: bool,
    /// Where rows that are not saved go; beside the file when absent.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

/// Register one claim on behalf of a partner.
#[derive(Debug, Args)]
pub struct AddOne {
    /// The partner (id, name or domain).
    #[arg(long)]
    partner: String,
    /// The company that is claimed.
    #[arg(long)]
    company: String,
    /// Its web domain.
    #[arg(long)]
    domain: Option<String>,
    /// Its country.
    #[arg(long)]
    country: Option<String>,
    /// Its city.
    #[arg(long)]
    city: Option<String>,
    /// The contact there.
    #[arg(long)]
    contact: Option<String>,
    /// The contact's e-mail.
    #[arg(long)]
    email: Option<String>,
    /// The contact's phone.
    #[arg(long)]
    phone: Option<String>,
    /// What they need.
    #[arg(long)]
    need: Option<String>,
    /// The stage as the partner sees it.
    #[arg(long)]
    stage: Option<String>,
    /// Whether the contact has agreed: yes or no.
    #[arg(long)]
    consent: Option<String>,
    /// lead or deal.
    #[arg(long)]
    kind: Option<String>,
    /// referral, reseller, marketplace, services or tech.
    #[arg(long)]
    motion: Option<String>,
    /// With its currency: "120000 EUR".
    #[arg(long)]
    amount: Option<String>,
    /// The expected close.
    #[arg(long)]
    close: Option<String>,
    /// Products.
    #[arg(long)]
    products: Option<String>,
    /// Proof of work.
    #[arg(long)]
    proof: Option<String>,
    /// Competitors.
    #[arg(long)]
    competitors: Option<String>,
    /// Who at the partner submits it.
    #[arg(long)]
    submitted_by: Option<String>,
    /// Save it although it is incomplete or looks like another.
    #[arg(long)]
    anyway: bool,
}

/// What an import came to.
#[derive(Serialize)]
struct Outcome {
    import: Import,
    rows: Vec<IntakeRow>,
    saved: u32,
    refused: Vec<RowRefused>,
    rejects: Option<RejectsWritten>,
}

/// Imports a file.
pub async fn import(ws: Arc<Workspace>, args: ImportFile, printer: Printer) -> Answer<ExitCode> {
    let dry_run = args.dry_run;
    let reading = Arc::clone(&ws);
    let (args, import) = blocking(move || {
        let import = read(&reading, &args)?;
        Ok((args, import))
    })
    .await?;
    let chosen = {
        let (ws, id) = (Arc::clone(&ws), import.id.clone());
        let wanted = [
            Some(RowVerdict::Ok),
            args.duplicates.then_some(RowVerdict::Duplicate),
            args.incomplete.then_some(RowVerdict::Incomplete),
        ];
        blocking(move || {
            let mut chosen = Vec::new();
            for verdict in wanted.into_iter().flatten() {
                chosen.extend(intake::import_numbers(&ws, &id, verdict)?);
            }
            chosen.sort_unstable();
            Ok(chosen)
        })
        .await?
    };
    let mut outcome = Outcome { import, rows: Vec::new(), saved: 0, refused: Vec::new(), rejects: None };
    if !dry_run && !chosen.is_empty() {
        for part in chosen.chunks(5000) {
            let request = SaveImport { import: outcome.import.id.clone(), rows: Some(part.to_vec()) };
            let saved = intake::save_import(Arc::clone(&ws), request).await?;
            (outcome.import, outcome.saved) = (saved.import, outcome.saved + saved.saved);
            outcome.refused.extend(saved.refused);
        }
    }
    let outcome = blocking(move || {
        outcome.rows = rows(&ws, &outcome.import)?;
        let left = outcome.import.counts.duplicate + outcome.import.counts.incomplete + outcome.import.counts.rejected;
        let place = match (&args.rejects, dry_run) {
            (Some(place), _) => Some(place.clone()),
            (None, false) if args.file.as_os_str() != "-" => Some(beside(&args.file)),
            (None, _) => None,
        };
        if let Some(place) = place.filter(|_| left > 0) {
            outcome.rejects = Some(intake::write_rejects_to(&ws, &outcome.import.id, &place)?);
        }
        Ok(outcome)
    })
    .await?;
    printer.result(&outcome, |outcome| told(outcome, dry_run))?;
    let counts = outcome.import.counts;
    let all_well = counts.duplicate + counts.incomplete + counts.rejected == 0 && outcome.refused.is_empty();
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::from(3) })
}

/// A name beside the file that no file has.
fn beside(file: &Path) -> PathBuf {
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let named = |end: String| file.with_file_name(format!("{stem}.rejected{end}.csv"));
    let mut place = named(String::new());
    let mut number = 2;
    while place.exists() {
        place = named(format!("-{number}"));
        number += 1;
    }
    place
}

fn read(ws: &Arc<Workspace>, args: &ImportFile) -> Answer<Import> {
    let import = if args.file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin()
            .take(LONGEST + 1)
            .read_to_string(&mut text)
            .map_err(|error| ApiError::invalid("stdin", format!("Standard input cannot be read ({error})")))?;
        intake::paste(ws, text)?
    } else {
        intake::read_file(ws, &args.file)?
    };
    let mut mapping = import.mapping.clone();
    for pair in &args.map {
        map(&import, &mut mapping, pair)?;
    }
    if let Some(days) = &args.days {
        mapping.day_order = Some(word("order of days", days, DayOrder::from_name)?);
    }
    if let Some(decimal) = &args.decimal {
        mapping.decimal = Some(word("decimal sign", decimal, DecimalMark::from_name)?);
    }
    if let Some(currency) = &args.currency {
        mapping.currency = Some(word("currency", currency, |text| Currency::parse(text).ok())?);
    }
    if let Some(kind) = &args.kind {
        mapping.kind = Some(word("kind of registration", kind, RegistrationKind::from_name)?);
    }
    if let Some(partner) = &args.partner {
        mapping.partner = Some(intake::partner(ws, partner)?);
    }
    if mapping == import.mapping {
        return Ok(import);
    }
    intake::remap(ws, RemapImport { import: import.id, mapping })
}

/// `COLUMN=FIELD`: the column by its header, its letter's number from 1, or its letter.
fn map(import: &Import, mapping: &mut IntakeMapping, pair: &str) -> Answer<()> {
    let wrong = |text: String| ApiError::invalid("argument", text).kept("Nothing was imported");
    let (column, field) =
        pair.rsplit_once('=').ok_or_else(|| wrong(format!("\"{pair}\" has no = between column and field")))?;
    let by_header = import.columns.iter().position(|known| known.header.trim().eq_ignore_ascii_case(column.trim()));
    let by_number = || column.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let index = by_header.or_else(by_number).filter(|index| *index < mapping.columns.len()).ok_or_else(|| {
        let headers: Vec<&str> = import.columns.iter().map(|column| column.header.as_str()).collect();
        wrong(format!("The file has no column \"{column}\"")).next(format!("It has: {}", headers.join(", ")))
    })?;
    let field = match field.trim() {
        "" => None,
        name => Some(word("field", name, |name| {
            Field::from_name(name).filter(|field| import.fields.iter().any(|known| known.field == *field))
        })?),
    };
    // What is said here goes before what another column's header suggests.
    if field.is_some() {
        mapping.columns.iter_mut().filter(|known| **known == field).for_each(|known| *known = None);
    }
    if let Some(slot) = mapping.columns.get_mut(index) {
        *slot = field;
    }
    Ok(())
}

fn rows(ws: &Arc<Workspace>, import: &Import) -> Answer<Vec<IntakeRow>> {
    let mut rows = Vec::new();
    let mut after = None;
    loop {
        let request = ImportRows { import: import.id.clone(), verdict: None, after, limit: 200 };
        let page = intake::import_rows(ws, request)?;
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() || rows.len() >= SHOWN {
            rows.truncate(SHOWN);
            return Ok(rows);
        }
    }
}

fn told(outcome: &Outcome, dry_run: bool) -> String {
    let Import { name, read_as, notes, counts, .. } = &outcome.import;
    let mut text = format!("{name}: {read_as}\n");
    for note in notes {
        text.push_str(&format!("{note}\n"));
    }
    let mapped: Vec<String> = outcome
        .import
        .columns
        .iter()
        .zip(&outcome.import.mapping.columns)
        .map(|(column, field)| format!("{} -> {}", column.header, field.map_or("not read", Field::label)))
        .collect();
    if !mapped.is_empty() {
        text.push_str(&format!("{}\n", mapped.join("; ")));
    }
    let line = |row: &IntakeRow| {
        let company = row.company.clone().unwrap_or_default();
        vec![
            row.at.clone(),
            company,
            row.partner.clone().unwrap_or_default(),
            row.verdict.label().to_owned(),
            row.why.clone(),
        ]
    };
    let left: Vec<Vec<String>> =
        outcome.rows.iter().filter(|row| dry_run || row.verdict != RowVerdict::Saved).take(100).map(line).collect();
    if !left.is_empty() {
        text.push_str(&table(&["where", "company", "partner", "", "why"], &left));
    }
    if dry_run {
        text.push_str(&format!("{} ready, ", counts.ok));
    } else {
        text.push_str(&format!("{} saved on this device, ", outcome.saved));
    }
    text.push_str(&format!(
        "{} duplicate, {} incomplete, {} rejected",
        counts.duplicate, counts.incomplete, counts.rejected
    ));
    for refused in &outcome.refused {
        text.push_str(&format!("\nRow {}: {}", refused.row, refused.why));
    }
    if let Some(RejectsWritten { file: Some(file), rows }) = &outcome.rejects {
        text.push_str(&format!("\n{rows} in {file}"));
    }
    text
}

/// Registers one claim.
pub async fn add(ws: Arc<Workspace>, args: AddOne, printer: Printer) -> Answer<ExitCode> {
    let anyway = args.anyway;
    let values = [
        (Field::Partner, Some(args.partner)),
        (Field::CompanyName, Some(args.company)),
        (Field::Domain, args.domain),
        (Field::Country, args.country),
        (Field::City, args.city),
        (Field::ContactName, args.contact),
        (Field::ContactEmail, args.email),
        (Field::ContactPhone, args.phone),
        (Field::Problem, args.need),
        (Field::StageGuess, args.stage),
        (Field::Consent, args.consent),
        (Field::RegistrationKind, args.kind),
        (Field::Motion, args.motion),
        (Field::Amount, args.amount),
        (Field::CloseDate, args.close),
        (Field::Products, args.products),
        (Field::ProofOfWork, args.proof),
        (Field::Competitors, args.competitors),
        (Field::SubmittedBy, args.submitted_by),
    ];
    let values: Vec<(Field, String)> = values.into_iter().filter_map(|(field, value)| Some((field, value?))).collect();
    let (import, row) = {
        let ws = Arc::clone(&ws);
        blocking(move || {
            let import = intake::enter(&ws, values)?;
            let row = rows(&ws, &import)?.pop().ok_or_else(|| ApiError::not_found("row", "1"))?;
            Ok((import, row))
        })
        .await?
    };
    let may = match row.verdict {
        RowVerdict::Ok => true,
        RowVerdict::Duplicate | RowVerdict::Incomplete => anyway,
        RowVerdict::Rejected | RowVerdict::Saved => false,
    };
    if !may {
        let code = if row.verdict == RowVerdict::Rejected { Code::Invalid } else { Code::NeedsAttention };
        let next = if row.verdict == RowVerdict::Rejected {
            "Say it another way"
        } else {
            "Look at it; --anyway saves it all the same"
        };
        return Err(ApiError::new(code, "add.refused", row.why).kept("Nothing was saved").next(next));
    }
    let saved =
        intake::save_import(Arc::clone(&ws), SaveImport { import: import.id.clone(), rows: Some(vec![1]) }).await?;
    if let Some(refused) = saved.refused.into_iter().next() {
        return Err(ApiError::new(Code::NeedsAttention, "add.refused", refused.why).kept("Nothing was saved"));
    }
    let row = blocking(move || rows(&ws, &import)).await?.pop();
    printer.result(&row, |row| {
        let company = row.as_ref().and_then(|row| row.company.clone()).unwrap_or_default();
        format!("Registered {company}, saved on this device")
    })?;
    Ok(ExitCode::SUCCESS)
}
