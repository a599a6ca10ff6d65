//! Intake against a CRM: what is chosen from a file lands once, what is not comes back with its reason.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use drumbeat_app::api::Nothing;
use drumbeat_app::files::{Files, Wanted};
use drumbeat_app::{decide, guide, intake};
use drumbeat_model::crm::{ObjectKind, Vendor};
use drumbeat_model::field::Field;
use drumbeat_model::intake::{
    DayOrder, EditImportRow, Import, ImportRows, IntakeRow, RemapImport, RowVerdict, SaveImport,
};
use drumbeat_model::registration::{Registration, RegistrationStatus, Undo};

use crate::desk::Desk;

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn partner(desk: &Desk, place: usize) -> (String, String) {
    desk.ws.store.read(|r| r.partner_names(50)).unwrap()[place].clone()
}

fn rows(desk: &Desk, import: &Import) -> Vec<IntakeRow> {
    let request = ImportRows { import: import.id.clone(), verdict: None, after: None, limit: 200 };
    intake::import_rows(&desk.ws, request).unwrap().rows
}

fn verdicts(desk: &Desk, import: &Import) -> Vec<RowVerdict> {
    rows(desk, import).into_iter().map(|row| row.verdict).collect()
}

async fn save(desk: &Desk, import: &Import, chosen: Option<Vec<u32>>) -> u32 {
    let request = SaveImport { import: import.id.clone(), rows: chosen };
    let saved = intake::save_import(Arc::clone(&desk.ws), request).await.unwrap();
    assert_eq!(saved.refused, []);
    saved.saved
}

fn named(desk: &Desk, company: &str) -> Vec<Registration> {
    desk.open().into_iter().filter(|registration| registration.company == company).collect()
}

/// Rows with everything that a lead needs.
fn leads(partner: &str, companies: &[&str]) -> String {
    let mut text = "Endkunde;Domäne;Ansprechpartner;E-Mail;Bedarf;Einwilligung;Partner\n".to_owned();
    for company in companies {
        let host = format!("{}.example", company.to_lowercase().replace(' ', "-"));
        text.push_str(&format!("{company};{host};Jana Brandt;jana@{host};\"Kühlung,\nneu\";Ja;{partner}\n"));
    }
    text
}

async fn an_imported_row_lands_once_in_the_crm(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let folder = tempfile::tempdir().unwrap();
    let (id, name) = partner(&desk, 0);
    let file = write(folder.path(), "leads.csv", &leads(&name, &["Quintessenz Brauhaus", "Zirbelwerk Almtal"]));
    let import = intake::read_file(&desk.ws, &file).unwrap();
    assert_eq!(verdicts(&desk, &import), [RowVerdict::Ok; 2], "{:?}", rows(&desk, &import));
    assert_eq!(save(&desk, &import, None).await, 2);
    let here = named(&desk, "Quintessenz Brauhaus").pop().unwrap();
    assert!(here.pending, "it is here before the CRM has it");
    assert_eq!((here.status, here.partner.unwrap().0, here.consent), (RegistrationStatus::Submitted, id, Some(true)));
    desk.sync().await;
    desk.sync().await;
    let landed = named(&desk, "Quintessenz Brauhaus");
    assert_eq!(landed.len(), 1, "once");
    assert!(!landed[0].pending);
    let there = desk.mirrored(ObjectKind::Registration, landed[0].id.as_str());
    assert_eq!(there[&desk.property(ObjectKind::Registration, Field::CompanyName)], "Quintessenz Brauhaus");
    assert_eq!(there[&desk.property(ObjectKind::Registration, Field::Problem)], "Kühlung,\nneu");
    // The same file again is what it looks like.
    let again = intake::read_file(&desk.ws, &file).unwrap();
    assert_eq!(verdicts(&desk, &again), [RowVerdict::Duplicate; 2]);
    assert!(rows(&desk, &again)[0].why.contains("same domain"), "{:?}", rows(&desk, &again)[0].why);
}

async fn what_was_saved_is_taken_back_until_it_has_left(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let folder = tempfile::tempdir().unwrap();
    let (_, name) = partner(&desk, 0);
    let file = write(
        folder.path(),
        "leads.csv",
        &leads(&name, &["Quintessenz Brauhaus", "Zirbelwerk Almtal", "Nordlicht Fjord"]),
    );
    let import = intake::read_file(&desk.ws, &file).unwrap();
    save(&desk, &import, Some(vec![1, 2, 3])).await;
    let first = rows(&desk, &import)[0].clone();
    assert_eq!(first.verdict, RowVerdict::Saved);
    decide::undo(&desk.ws, Undo { decision: rows(&desk, &import)[2].decision.clone().unwrap() }).unwrap();
    assert!(named(&desk, "Nordlicht Fjord").is_empty(), "one by one, as any decision");
    let undone = intake::undo_import(&desk.ws, import.id.clone()).unwrap();
    assert_eq!((undone.taken_back, undone.import.counts.ok), (2, 2));
    assert!(named(&desk, "Quintessenz Brauhaus").is_empty());
    save(&desk, &import, Some(vec![1])).await;
    desk.sync().await;
    let undone = intake::undo_import(&desk.ws, import.id.clone()).unwrap();
    assert_eq!((undone.taken_back, named(&desk, "Quintessenz Brauhaus").len()), (0, 1), "it has left");
}

async fn rows_that_fail_come_back_with_their_reason_and_can_be_mended(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let folder = tempfile::tempdir().unwrap();
    let (_, name) = partner(&desk, 0);
    let known = desk.open().into_iter().find(|registration| registration.domain.is_some()).unwrap();
    let text = format!(
        "Company,Domain,Contact,Email,Need,Consent,Partner,Amount,Close date,Product,Motion\n\
         Ready Works,ready-works.example,A B,a@ready-works.example,x,yes,{name},\"1,200.50 EUR\",2027-01-31,P,reseller\n\
         Two Days,two-days.example,A B,a@two-days.example,x,yes,{name},5 EUR,03/04/2027,P,reseller\n\
         Stranger,stranger.example,A B,a@stranger.example,x,yes,Nobody Ltd,5 EUR,2027-01-31,P,reseller\n\
         {},{},A B,a@b.example,x,yes,{name},5 EUR,2027-01-31,P,reseller\n\
         Half Said,half-said.example,,,=1+1,yes,{name},5 EUR,2027-01-31,P,reseller\n\
         ready works,,A B,a@ready-works.example,x,yes,{name},5 EUR,2027-01-31,P,reseller\n",
        known.company,
        known.domain.clone().unwrap()
    );
    let file = write(folder.path(), "deals.csv", &text);
    let import = intake::read_file(&desk.ws, &file).unwrap();
    let all = rows(&desk, &import);
    use RowVerdict::{Duplicate, Incomplete, Ok, Rejected};
    assert_eq!(verdicts(&desk, &import), [Ok, Rejected, Rejected, Duplicate, Incomplete, Duplicate], "{all:#?}");
    assert!(all[1].why.contains("order") && all[2].why.contains("no partner"), "{} {}", all[1].why, all[2].why);
    assert!(all[5].duplicates.iter().any(|duplicate| duplicate.row == Some(1)), "{:?}", all[5].duplicates);
    assert_eq!(all[0].values.iter().find(|value| value.field == Field::Amount).unwrap().value, "1200.5");

    save(&desk, &import, None).await;
    let out = folder.path().join("deals.rejected.csv");
    let written = intake::write_rejects_to(&desk.ws, &import.id, &out).unwrap();
    assert_eq!(written.rows, 5);
    let raw = std::fs::read_to_string(&out).unwrap();
    assert!(raw.contains("'=1+1") && raw.contains("Drumbeat: reason"), "{raw}");
    let again = intake::read_file(&desk.ws, &out).unwrap();
    let mended = rows(&desk, &again);
    assert_eq!(mended.len(), 5);
    assert!(
        mended[3].values.iter().any(|value| value.value == "=1+1"),
        "a formula is text again: {:?}",
        mended[3].values
    );

    // What a person enters goes before what the file says.
    let edit = |row, field, value: &str| {
        let request = EditImportRow { import: import.id.clone(), row, field, value: value.to_owned() };
        intake::edit_import_row(&desk.ws, request).unwrap()
    };
    assert_eq!(edit(3, Field::Partner, &name).verdict, Ok);
    assert_eq!(edit(2, Field::CloseDate, "3 April 2027").verdict, Ok);
    assert!(
        intake::edit_import_row(
            &desk.ws,
            EditImportRow { import: import.id.clone(), row: 1, field: Field::City, value: "Ulm".to_owned() }
        )
        .is_err(),
        "saved already"
    );
}

async fn a_mapping_is_remembered_by_its_headers_and_a_partner_is_not(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let folder = tempfile::tempdir().unwrap();
    let (id, _) = partner(&desk, 1);
    let text = "Who,Due,Value\nQuintessenz Brauhaus,03/04/2027,5 EUR\n";
    let import = intake::read_file(&desk.ws, &write(folder.path(), "a.csv", text)).unwrap();
    assert_eq!((import.remembered, import.mapping.columns.clone()), (false, vec![None, None, Some(Field::Amount)]));
    let mut mapping = import.mapping.clone();
    mapping.columns = vec![Some(Field::CompanyName), Some(Field::CloseDate), Some(Field::Amount)];
    mapping.day_order = Some(DayOrder::DayFirst);
    mapping.partner = Some(id.as_str().into());
    let remapped = intake::remap(&desk.ws, RemapImport { import: import.id, mapping: mapping.clone() }).unwrap();
    assert_eq!(remapped.counts.incomplete, 1, "{:?}", rows(&desk, &remapped));
    let next = intake::read_file(&desk.ws, &write(folder.path(), "b.csv", &text.replace("03/04", "05/06"))).unwrap();
    assert!(next.remembered);
    assert_eq!((next.mapping.columns.clone(), next.mapping.day_order), (mapping.columns.clone(), mapping.day_order));
    assert_eq!(next.mapping.partner, None, "the next file may be another partner's");
    let shown = intake::read_file(&desk.ws, &write(folder.path(), "c.csv", &text.replace("03/04", "12/31"))).unwrap();
    assert_eq!(shown.mapping.day_order, Some(DayOrder::MonthFirst), "what the file shows goes first");
    let twice = vec![Some(Field::Amount), None, Some(Field::Amount)];
    mapping.columns = twice;
    assert!(intake::remap(&desk.ws, RemapImport { import: next.id, mapping }).is_err());
}

async fn a_mail_and_pasted_text_are_read_and_whatever_is_no_import_is_refused(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let folder = tempfile::tempdir().unwrap();
    let (_, name) = partner(&desk, 0);
    let mail = format!(
        "From: Jana <jana@nowhere.example>\r\nSubject: Registration\r\nDate: Tue, 10 Nov 2026 10:00:00 +0000\r\n\r\n\
         Partner: {name}\r\nCompany: Quintessenz Brauhaus\r\nDomain: quintessenz.example\r\nContact: Tom Reimann\r\n\
         E-mail: tom@quintessenz.example\r\nNeed: Cooling\r\nConsent: yes\r\n"
    );
    let import = intake::read_file(&desk.ws, &write(folder.path(), "claim.eml", &mail)).unwrap();
    let row = rows(&desk, &import).remove(0);
    assert_eq!(row.verdict, RowVerdict::Ok, "{row:#?}");
    assert!(row.values.iter().all(|value| !value.found.is_empty()));
    assert!(import.text.unwrap().contains("Need: Cooling"));
    let pasted = intake::paste(&desk.ws, format!("Company\tPartner\nQuintessenz Brauhaus\t{name}\n")).unwrap();
    assert_eq!((pasted.columns.len(), pasted.counts.rows), (2, 1));
    let prose = intake::paste(&desk.ws, "please register them".to_owned()).unwrap();
    assert_eq!(verdicts(&desk, &prose), [RowVerdict::Rejected], "nothing is invented");
    std::fs::create_dir(folder.path().join("folder.csv")).unwrap();
    for (path, says) in [
        (folder.path().join("folder.csv"), "no file"),
        (folder.path().join("none.csv"), "cannot be read"),
        (write(folder.path(), "book.csv", "PK\u{3}\u{4}"), "workbook"),
        (write(folder.path(), "empty.csv", ""), "nothing"),
        (write(folder.path(), "no.eml", "a,b\n1,2\n"), "no"),
    ] {
        let error = intake::read_file(&desk.ws, &path).unwrap_err();
        assert!(error.message.contains(says), "{}", error.message);
    }
}

/// A person who chooses these files.
struct Person {
    opens: PathBuf,
    saves: Mutex<Option<String>>,
}

impl Files for Person {
    fn folder(&self, _: &str) -> Option<PathBuf> {
        Some(self.opens.with_file_name("shared"))
    }

    fn open(&self, _: Wanted) -> Option<PathBuf> {
        Some(self.opens.clone())
    }

    fn save(&self, _: Wanted, name: &str) -> Option<PathBuf> {
        *self.saves.lock().unwrap() = Some(name.to_owned());
        Some(self.opens.with_file_name(name))
    }
}

async fn a_file_is_chosen_in_the_systems_dialog_and_rejects_go_where_the_person_says(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let folder = tempfile::tempdir().unwrap();
    assert!(
        intake::open_import(Arc::clone(&desk.app), Nothing {}).await.is_err(),
        "without a window there is no dialog"
    );
    let opens = write(folder.path(), "claims.csv", "Company\nQuintessenz Brauhaus\n");
    let person = Arc::new(Person { opens, saves: Mutex::default() });
    assert!(desk.app.files.set(Arc::clone(&person) as Arc<dyn Files>).is_ok());
    let import = intake::open_import(Arc::clone(&desk.app), Nothing {}).await.unwrap().import.unwrap();
    assert_eq!((import.name.as_str(), import.counts.rejected), ("claims.csv", 1));
    let written = intake::write_rejects(Arc::clone(&desk.app), import.id.clone()).await.unwrap();
    assert_eq!(person.saves.lock().unwrap().as_deref(), Some("claims.rejected.csv"));
    assert!(Path::new(&written.file.unwrap()).exists());
    intake::close_import(&desk.ws, import.id.clone()).unwrap();
    assert!(intake::import_draft(&desk.ws, import.id).is_err());
}

async fn the_page_for_the_admin_has_the_accounts_own_names(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let page = guide::admin_guide(&desk.ws, Nothing {}).unwrap().text;
    for field in [Field::CompanyName, Field::Consent, Field::Status, Field::SubmittedAt] {
        let property = desk.property(ObjectKind::Registration, field);
        assert!(page.contains(&format!("`{property}`")), "{property}");
    }
    for field in &desk.ws.policy.hygiene.hard {
        let property = desk.property(ObjectKind::Deal, *field);
        assert!(page.contains(&format!("(`{property}`)")), "{property}");
    }
    assert!(page.contains("within 48 hours") && page.contains("Nothing to do: all"), "{page}");
}

for_each_crm! {
    an_imported_row_lands_once_in_the_crm,
    what_was_saved_is_taken_back_until_it_has_left,
    rows_that_fail_come_back_with_their_reason_and_can_be_mended,
    a_mapping_is_remembered_by_its_headers_and_a_partner_is_not,
    a_mail_and_pasted_text_are_read_and_whatever_is_no_import_is_refused,
    a_file_is_chosen_in_the_systems_dialog_and_rejects_go_where_the_person_says,
    the_page_for_the_admin_has_the_accounts_own_names,
}
