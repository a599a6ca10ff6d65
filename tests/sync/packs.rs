//! How packs look, and what leaves as files: chosen in the system's dialogs, refused with reasons, kept, logged, taken back.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use drumbeat_app::api::Nothing;
use drumbeat_app::events::AppEvent;
use drumbeat_app::files::{Files, Wanted};
use drumbeat_app::metrics::metrics;
use drumbeat_app::{activity, deals, packs, partners};
use drumbeat_export::SectionBody;
use drumbeat_export::pack::Cell;
use drumbeat_model::activity::AuditQuery;
use drumbeat_model::crm::{ObjectKind, Outcome, Vendor};
use drumbeat_model::deal::{DealFilter, DealsQuery};
use drumbeat_model::field::Field;
use drumbeat_model::ids::PartnerId;
use drumbeat_model::look::{LookPart, SaveLook};
use drumbeat_model::metrics::MetricsQuery;
use drumbeat_model::pack::{Edition, PackBatch, PackFormat, PackRequest, ShareFormat, ShareRequest};
use drumbeat_model::partner::PartnersQuery;
use drumbeat_model::time::Quarter;
use rust_decimal::Decimal;

use crate::desk::Desk;

for_each_crm!(
    a_logo_is_chosen_in_the_dialog_refused_with_its_reason_saved_with_the_look_and_taken_back,
    a_share_goes_where_the_person_says_beside_earlier_ones_and_stands_in_the_list,
    a_batch_that_is_cancelled_keeps_whole_packs_tells_where_it_stopped_and_goes_on_from_there,
    a_batch_is_made_anew_on_another_day_or_of_other_facts_and_kept_where_the_same_would_be_written,
    packs_count_as_many_certified_people_as_the_numbers_do,
);

/// A person who answers every dialog with the same path, or thinks better of it.
struct Person(Mutex<Option<PathBuf>>);

impl Files for Person {
    fn open(&self, wanted: Wanted) -> Option<PathBuf> {
        assert_eq!(wanted.endings, ["png"]);
        self.0.lock().unwrap().clone()
    }

    fn save(&self, _: Wanted, _: &str) -> Option<PathBuf> {
        None
    }

    fn folder(&self, title: &str) -> Option<PathBuf> {
        assert!(title.starts_with("Choose a folder for what "), "{title}");
        self.0.lock().unwrap().clone()
    }
}

fn person(desk: &Desk) -> Arc<Person> {
    let person = Arc::new(Person(Mutex::default()));
    assert!(desk.app.files.set(Arc::clone(&person) as Arc<dyn Files>).is_ok());
    person
}

/// A PNG of one grey pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\0\0\0\x0aIDAT\x78\x9c\x63\x68\0\0\0\x82\0\x81\x77\xcd\x72\xb6\0\0\0\0IEND\xae\x42\x60\x82";

async fn a_logo_is_chosen_in_the_dialog_refused_with_its_reason_saved_with_the_look_and_taken_back(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let choose = || packs::choose_logo(Arc::clone(&desk.app), Nothing {});
    assert!(choose().await.is_err(), "without a window there is no dialog");
    let person = person(&desk);
    assert_eq!(choose().await.unwrap().logo, None, "thought better of it");
    let folder = tempfile::tempdir().unwrap();
    for (bytes, why) in [
        (b"GIF89a".to_vec(), "the logo is not a PNG picture"),
        ([PIXEL, &[0; 300 * 1024]].concat(), "the logo has 301 KB, and 256 KB is the most"),
        (PIXEL[..20].to_vec(), "the logo cannot be drawn; the file is damaged"),
    ] {
        let path = folder.path().join("logo.png");
        std::fs::write(&path, bytes).unwrap();
        *person.0.lock().unwrap() = Some(path);
        let refused = choose().await.unwrap_err();
        assert!(refused.message.contains(why), "{}", refused.message);
        assert_eq!(refused.kept.as_deref(), Some("Packs look as they did"));
    }
    std::fs::write(folder.path().join("logo.png"), PIXEL).unwrap();
    let logo = choose().await.unwrap().logo.unwrap();
    assert_eq!((logo.width, logo.height), (1, 1));
    assert!(logo.picture.starts_with("data:image/png;base64,iVBORw0KGgo"), "{}", logo.picture);
    assert_eq!(packs::pack_look(&desk.ws, Nothing {}).unwrap().logo, None, "chosen is not saved");

    let text = |x: &str| Some(x.to_owned());
    let look = SaveLook { accent: text("#0a5c36"), second: None, font: text("Georgia"), logo: Some(logo.id.clone()) };
    let checked = packs::check_look(&desk.ws, SaveLook { accent: text("pink"), ..look.clone() }).unwrap();
    assert_eq!(checked.accent, "#2F56C6", "what is no colour is drawn as Drumbeat has it");
    assert!(checked.found.iter().any(|x| x.part == LookPart::Accent && x.refused), "{:?}", checked.found);
    let pale = packs::save_look(&desk.ws, SaveLook { accent: text("#ffe680"), ..look.clone() }).unwrap_err();
    assert!(pale.message.contains("white text has a contrast of 1.2 on #FFE680, and needs 3"), "{}", pale.message);
    let strange = packs::save_look(&desk.ws, SaveLook { logo: text("00"), ..look.clone() }).unwrap_err();
    assert!(strange.message.contains("not known"), "{}", strange.message);
    assert_eq!(packs::pack_look(&desk.ws, Nothing {}).unwrap().chosen, SaveLook::default(), "nothing was kept of them");

    let saved = packs::save_look(&desk.ws, look).unwrap();
    assert_eq!((saved.accent.as_str(), saved.chosen.second.as_deref()), ("#0A5C36", None));
    assert_eq!(packs::pack_look(&desk.ws, Nothing {}).unwrap(), saved);
    let entry = activity::audit(&desk.ws, AuditQuery::default()).unwrap().rows.remove(0);
    assert_eq!(entry.act, "pack brand");
    assert!(entry.facts.unwrap().contains(&logo.id), "the trail knows the picture");
    // Back, and back again: the picture that was given up is still known.
    packs::save_look(&desk.ws, SaveLook::default()).unwrap();
    assert_eq!(packs::save_look(&desk.ws, saved.chosen.clone()).unwrap(), saved);
}

async fn a_share_goes_where_the_person_says_beside_earlier_ones_and_stands_in_the_list(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let query = DealsQuery {
        filter: DealFilter { outcome: Some(Outcome::Open), partnered: Some(true), ..DealFilter::default() },
        ..DealsQuery::default()
    };
    let deal = deals::deals(&desk.ws, query).unwrap().rows.remove(0).id;
    let partner = deals::deal(&desk.ws, deal).unwrap().partner_id.unwrap();
    let request =
        |formats: &[ShareFormat]| ShareRequest { partner: partner.clone(), formats: formats.to_vec(), expires: None };
    let share = |formats: &[ShareFormat]| packs::share(Arc::clone(&desk.app), request(formats));
    let person = person(&desk);
    assert!(share(&[]).await.unwrap_err().message.contains("No format"));
    assert_eq!(share(&[ShareFormat::Html]).await.unwrap().made, None, "thought better of it");
    assert!(packs::shares(&desk.ws, Nothing {}).unwrap().is_empty());
    let unknown = ShareRequest { partner: PartnerId("nobody".to_owned()), ..request(&[ShareFormat::Csv]) };
    *person.0.lock().unwrap() = Some(PathBuf::from("/nowhere"));
    assert!(packs::share(Arc::clone(&desk.app), unknown).await.is_err());

    let folder = tempfile::tempdir().unwrap();
    *person.0.lock().unwrap() = Some(folder.path().to_owned());
    let contents = packs::share_contents(&desk.ws, request(&[])).unwrap();
    let first = share(&[ShareFormat::Html, ShareFormat::Csv]).await.unwrap().made.unwrap();
    assert_eq!(first.contents.sections, contents.sections, "what was said is what is in it");
    let bytes = std::fs::read(&first.files[0].path).unwrap();
    desk.sandbox.advance(std::time::Duration::from_secs(60));
    let second = share(&[ShareFormat::Html]).await.unwrap().made.unwrap();
    assert_ne!(second.files[0].path, first.files[0].path);
    assert_eq!(std::fs::read(&first.files[0].path).unwrap(), bytes, "an earlier copy stays what it is");
    let rows = packs::shares(&desk.ws, Nothing {}).unwrap();
    let marks: Vec<&str> = rows.iter().map(|row| row.mark.as_str()).collect();
    assert_eq!(marks, [second.contents.mark.as_str(), first.contents.mark.as_str()], "latest first");
    assert_eq!((&rows[1].partner, &rows[1].formats[..]), (&partner, &[ShareFormat::Html, ShareFormat::Csv][..]));
    let trail = activity::audit(&desk.ws, AuditQuery::default()).unwrap().rows;
    assert_eq!(trail.iter().filter(|row| row.act == "share").count(), 2, "V-02");
}

/// Names in a folder, sorted, without the index.
fn files(folder: &Path) -> Vec<String> {
    let named = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = named.filter(|name| !name.starts_with("Index")).collect();
    names.sort();
    names
}

async fn a_batch_that_is_cancelled_keeps_whole_packs_tells_where_it_stopped_and_goes_on_from_there(crm: Vendor) {
    const BEFORE: u32 = 2;
    let desk = Desk::new(crm).await;
    let folder = tempfile::tempdir().unwrap();
    let batch = || {
        let batch = PackBatch {
            quarter: Quarter::parse("2026Q4").unwrap(),
            edition: Edition::Partner,
            formats: vec![PackFormat::Html, PackFormat::Xlsx],
            status: false,
        };
        packs::export_packs_to(Arc::clone(&desk.ws), batch, folder.path().to_owned())
    };
    let (jobs, total) = (desk.ws.jobs.clone(), Arc::new(Mutex::new(0)));
    let of = Arc::clone(&total);
    desk.hear(move |event| {
        // A forecast may be learning at the same time.
        if let AppEvent::Progress(progress) = event
            && progress.id.0.starts_with("pack")
        {
            *of.lock().unwrap() = progress.total.unwrap();
            if progress.done == BEFORE {
                jobs.cancel(&progress.id);
            }
        }
    });
    let stopped = batch().await.unwrap();
    let total = *total.lock().unwrap();
    // The pack that was begun is finished; no half of one is left.
    assert_eq!((stopped.cancelled, stopped.made, stopped.failed.len()), (true, BEFORE + 1, 0));
    assert!(total > BEFORE + 2, "{total} partners: some are left");
    let written = files(folder.path());
    assert_eq!(written.len(), 2 * stopped.made as usize, "{written:?}");
    let named = std::fs::read_to_string(&stopped.index).unwrap().matches("<tr><td").count();
    assert_eq!(named, stopped.made as usize, "the index names what is there and nothing else");
    assert!(desk.ws.jobs.start("pack").is_ok(), "the batch runs no more");
    let times = |names: &[String]| -> Vec<SystemTime> {
        names.iter().map(|name| folder.path().join(name).metadata().unwrap().modified().unwrap()).collect()
    };
    let before = times(&written);

    desk.hear(|_| ());
    let done = batch().await.unwrap();
    assert_eq!((done.cancelled, done.made, done.kept), (false, total - stopped.made, stopped.made));
    assert_eq!(files(folder.path()).len(), 2 * total as usize);
    assert_eq!(times(&written), before, "what was there was not written again");
}

async fn a_batch_is_made_anew_on_another_day_or_of_other_facts_and_kept_where_the_same_would_be_written(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let folder = tempfile::tempdir().unwrap();
    let batch = |status| {
        let batch = PackBatch {
            quarter: Quarter::parse("2026Q4").unwrap(),
            edition: Edition::Partner,
            formats: vec![PackFormat::Html],
            status,
        };
        packs::export_packs_to(Arc::clone(&desk.ws), batch, folder.path().to_owned())
    };
    let of_day = |day: &str| files(folder.path()).iter().filter(|name| name.ends_with(&format!("{day}.pdf"))).count();
    let today = || desk.sandbox.now().date_naive().to_string();

    let first = batch(true).await.unwrap();
    assert!(first.made > 2 && first.failed.is_empty(), "{first:?}");
    desk.wait(3600);
    let again = batch(true).await.unwrap();
    assert_eq!((again.made, again.kept), (0, first.made), "the same day and the same facts");
    let monday = today();
    desk.wait(7 * 86_400);
    let next = batch(true).await.unwrap();
    assert_eq!((next.made, next.kept), (first.made, 0), "a week later");
    assert_eq!((of_day(&monday), of_day(&today())), (first.made as usize, first.made as usize));

    let quarter = batch(false).await.unwrap();
    let again = batch(false).await.unwrap();
    assert_eq!((again.made, again.kept), (0, quarter.made), "nothing changed between");
    let deal = desk.deal(0);
    desk.edit(ObjectKind::Deal, &deal, &[(Field::Amount, "7654321")]);
    desk.sync().await;
    let says = || {
        let pages = files(folder.path()).into_iter().filter(|name| name.ends_with(".html"));
        pages
            .map(|name| std::fs::read_to_string(folder.path().join(name)).unwrap())
            .any(|page| page.contains("7,654,321"))
    };
    assert!(!says(), "the packs are of before the sync");
    let anew = batch(false).await.unwrap();
    assert!(anew.made > 0 && says(), "{anew:?}");
}

async fn packs_count_as_many_certified_people_as_the_numbers_do(crm: Vendor) {
    let desk = Desk::new(crm).await;
    let quarter = Quarter::parse("2026Q4").unwrap();
    let report = metrics(&desk.ws, MetricsQuery { quarter: Some(quarter), ..MetricsQuery::default() }).unwrap();
    let at = report.definitions.iter().position(|one| one.id == "certified_people").unwrap();
    let counted = report.program[at].value.unwrap();
    let query = PartnersQuery { limit: 500, ..PartnersQuery::default() };
    let (mut in_packs, mut working) = (0, 0);
    for partner in partners::partners(&desk.ws, query).unwrap().rows {
        let known = desk.ws.store.read(|r| r.certifications(partner.id.as_str())).unwrap();
        working += known.iter().filter(|one| one.is_in_progress()).count();
        let (edition, formats) = (Edition::Partner, Vec::new());
        let pack = packs::build(&desk.ws, &PackRequest { partner: partner.id, quarter, edition, formats }).unwrap();
        let Some(SectionBody::Scoreboard(rows)) = pack.section("scoreboard").map(|section| &section.body) else {
            continue;
        };
        in_packs += match rows.iter().find(|row| row.label == "Certified people").map(|row| &row.now) {
            Some(Cell::Count(people)) => *people,
            _ => 0,
        };
    }
    assert_eq!(Decimal::from(in_packs), counted);
    assert!(working > 0 && in_packs > 0, "{working} are still worked on, {in_packs} people are certified");
}
