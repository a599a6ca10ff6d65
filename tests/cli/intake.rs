//! Registrations from files, mails, standard input and the command's own words, with their exit codes.

use kit::binary::drumbeat;
use kit::display::Desktop;

use crate::crm::Crm;

const NOW: &str = "2026-11-16T09:00:00Z";

#[test]
fn files_become_registrations_once_and_what_fails_comes_back() {
    let desktop = Desktop::start();
    let crm = Crm::start(&desktop, NOW, ["--unlimited"]);
    crm.connect(NOW).done();
    let run = |words: &[&str]| drumbeat(&desktop).args(words).args(["--now", NOW]).run();
    run(&["provision", "--apply"]).done();
    run(&["sync"]).done();
    let partners = run(&["partners", "list", "--json"]).done().json();
    let name = partners["rows"][0]["name"].as_str().expect("a partner").to_owned();

    let file = desktop.path("claims.csv");
    let host = "quintessenz-brauhaus.example";
    let text = format!(
        "Kunde;Webseite;Ansprechpartner;E-Mail;Bedarf;Einwilligung;Termin;Betrag\n\
         Quintessenz Brauhaus;{host};Jana Brandt;jana@{host};Kühlung;ja;2027-01-31;1.200,50 €\n\
         Zwei Tage;zwei.example;Jana Brandt;jana@zwei.example;=1+1;ja;03/04/2027;5 €\n"
    );
    std::fs::write(&file, text).expect("a file");
    let path = file.to_string_lossy().into_owned();
    let import = ["registrations", "import", &path, "--partner", &name, "--map", "Termin=close_date", "--kind", "lead"];
    let dry = run(&[&import[..], &["--dry-run", "--json"]].concat());
    assert_eq!(dry.code, 3, "{dry}");
    assert_eq!((&dry.json()["import"]["counts"]["ok"], &dry.json()["saved"]), (&1.into(), &0.into()), "{dry}");
    let done = run(&[&import[..], &["--json"]].concat());
    assert_eq!((done.code, &done.json()["saved"]), (3, &1.into()), "one row is left: {done}");
    let rejects = std::fs::read_to_string(desktop.path("claims.rejected.csv")).expect("the file of rejects");
    assert!(rejects.contains("'=1+1") && rejects.contains("order"), "{rejects}");
    run(&["sync"]).done();
    run(&["sync"]).done();
    let of_company = |entry: &&serde_json::Value| entry.to_string().contains("Quintessenz Brauhaus");
    assert_eq!(crm.ledger().iter().filter(of_company).count(), 1, "it landed once");

    // The order of days makes the other row readable; the first is now what it looks like.
    let again = run(&[&import[..], &["--days", "day_first", "--json"]].concat());
    let counts = &again.json()["import"]["counts"];
    assert_eq!((&counts["saved"], &counts["duplicate"], again.code), (&1.into(), &1.into(), 3), "{again}");

    let mail = desktop.path("claim.eml");
    let text = format!(
        "From: Jana <j@nowhere.example>\nSubject: x\n\nPartner: {name}\nCompany: Zirbelwerk\nDomain: zirbelwerk.example\nContact: T R\nE-mail: t@zirbelwerk.example\nNeed: x\nConsent: yes\n"
    );
    std::fs::write(&mail, text).expect("a file");
    let read = run(&["registrations", "import", &mail.to_string_lossy()]);
    assert_eq!(read.code, 0, "{read}");

    let add = ["registrations", "add", "--partner", &name, "--company", "Nordlicht Fjord", "--consent", "yes"];
    let refused = run(&add);
    assert_eq!(refused.code, 3, "incomplete: {refused}");
    let added = run(&[&add[..], &["--anyway", "--json"]].concat()).done().json();
    assert_eq!(added["verdict"], "saved");
    assert_eq!(run(&["registrations", "add", "--partner", "Nobody Ltd", "--company", "X"]).code, 2);
    assert_eq!(run(&["registrations", "import", "nothing.csv"]).code, 2);

    let guide = desktop.path("guide.md");
    run(&["provision", "--guide", &guide.to_string_lossy()]).done();
    let page = std::fs::read_to_string(&guide).expect("the page");
    assert!(page.starts_with("# Setting up HubSpot") && page.contains("## 4. Required at a stage"), "{page}");
}
