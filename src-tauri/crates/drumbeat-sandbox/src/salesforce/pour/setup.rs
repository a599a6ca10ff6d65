//! What an admin has set up: the organisation, its people, record types, stages, currencies, price books.

use crate::clock::Millis;
use crate::data::book::{Book, Columns, DAY, Export};
use crate::data::{currencies, names};
use crate::json::day_text;
use crate::salesforce::catalog::lead_states;
use crate::salesforce::id::Id;
use crate::salesforce::org::{Org, RecordType};
use crate::salesforce::pour::{Ids, Table};
use crate::salesforce::schema::choice;

/// The record types that a book's pipelines and registrations became.
pub(crate) struct Made {
    pub(crate) pipelines: Vec<Id>,
    pub(crate) registration: Option<Id>,
}

/// All stages of all pipelines, each label once with its odds. Stages are the org's, not a pipeline's.
pub(crate) fn stages(book: &Book) -> Vec<(&str, f64)> {
    let mut all: Vec<(&str, f64)> = Vec::new();
    for (_, label, odds) in book.pipelines.iter().flat_map(|p| &p.stages) {
        if !all.iter().any(|(known, _)| known.eq_ignore_ascii_case(label)) {
            all.push((label, *odds));
        }
    }
    // An admin puts what is won and what is lost behind all that is open.
    all.sort_by_key(|(_, odds)| (*odds <= 0.0, *odds >= 1.0));
    all
}

/// The org's own id.
pub(crate) fn organization() -> Id {
    Id::new("00D", 1)
}

pub(crate) fn make(org: &mut Org, book: &Book, ids: &Ids, bare: bool, now: Millis) -> Made {
    let at = (now - 1_500 * DAY, now - 1_500 * DAY);
    let mut table = Table::new(org, "Profile");
    let profile = table.put("Name", "Standard User").put("UserType", "Standard").make(at, 0).text();
    people(org, book, ids, &profile, at);
    let mut table = Table::new(org, "Organization");
    table.put("Name", "Vendor Example Inc.").put("OrganizationType", "Enterprise Edition").put("InstanceName", "HN0");
    table
        .put("DefaultCurrencyIsoCode", "USD")
        .put("TimeZoneSidKey", "America/New_York")
        .put("LanguageLocaleKey", "en_US");
    table.put("DefaultLocaleSidKey", "en_US").put("FiscalYearStartMonth", "1").put("Country", "US").make_as(
        Some(organization()),
        at,
        0,
    );
    money(org, book.several, at, now);
    stages_and_states(org, book, at);
    prices(org, book, (now - 1_000 * DAY, now - 400 * DAY));
    let labels: Vec<&str> = stages(book).into_iter().map(|(label, _)| label).collect();
    if let Some(field) = org.object_mut("Opportunity").and_then(|o| o.field_mut("StageName")) {
        field.choices = labels.into_iter().map(choice).collect();
    }
    for columns in &book.export.types {
        exported_type(org, columns, at);
    }
    let pipelines = book
        .pipelines
        .iter()
        .map(|p| {
            let left = p.stages.iter().map(|(_, label, _)| label.clone()).collect();
            let known = org.object("Opportunity").and_then(|o| o.record_types.iter().position(|t| t.name == p.label));
            if let (Some(place), Some(o)) = (known, org.object_mut("Opportunity")) {
                o.record_types[place].picklists = vec![("StageName".into(), left)];
                return o.record_types[place].id;
            }
            record_type(org, "Opportunity", &p.label, vec![("StageName".into(), left)], at)
        })
        .collect();
    let registration = (!bare).then(|| record_type(org, "Lead", "Deal Registration", Vec::new(), at));
    Made { pipelines, registration }
}

/// The company's own currency and another, or several and what each has been worth.
fn money(org: &mut Org, several: bool, at: (Millis, Millis), now: Millis) {
    let mut table = Table::new(org, "CurrencyType");
    let mut put = |code: &str, rate: &str, places: u32| {
        table.put("IsoCode", code).put("ConversionRate", rate).put("DecimalPlaces", places.to_string());
        table.flag("IsActive", true).flag("IsCorporate", code == currencies::OWN).make(at, 0);
    };
    put(currencies::OWN, "1", 2);
    if !several {
        return put("EUR", "0.92", 2);
    }
    for foreign in &currencies::FOREIGN {
        put(foreign.code, foreign.present(), foreign.places);
    }
    let mut table = Table::new(org, "DatedConversionRate");
    for foreign in &currencies::FOREIGN {
        for (from, until, rate) in foreign.dated(now) {
            table.put("IsoCode", foreign.code).put("ConversionRate", rate).put("StartDate", day_text(from));
            table.put("NextStartDate", until.map(day_text).unwrap_or_default()).make(at, 0);
        }
    }
}

fn record_type(
    org: &mut Org,
    object: &str,
    label: &str,
    picklists: Vec<(String, Vec<String>)>,
    at: (Millis, Millis),
) -> Id {
    let words: Vec<String> =
        label.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    let developer = words.join("_");
    let mut table = Table::new(org, "RecordType");
    table.put("Name", label).put("DeveloperName", &developer).put("SobjectType", object).flag("IsActive", true);
    let id = table.make(at, 0);
    if let Some(o) = org.object_mut(object) {
        o.record_types.push(RecordType { id, name: label.into(), developer, active: true, picklists });
    }
    id
}

/// A record type as it was exported; of objects that are not here, too.
fn exported_type(org: &mut Org, columns: &Columns, at: (Millis, Millis)) {
    let of = |name: &str| Export::get(columns, name);
    let mut table = Table::new(org, "RecordType");
    table.put_all(columns, &["Id"]);
    let id = table.make_as(Id::parse(of("Id")), at, 0);
    if let Some(o) = org.object_mut(of("SobjectType")) {
        let (name, developer, active) =
            (of("Name").to_owned(), of("DeveloperName").to_owned(), of("IsActive") == "true");
        o.record_types.push(RecordType { id, name, developer, active, picklists: Vec::new() });
    }
}

fn people(org: &mut Org, book: &Book, ids: &Ids, profile: &str, at: (Millis, Millis)) {
    let mut table = Table::new(org, "User");
    for (place, s) in book.sellers.iter().enumerate() {
        let name = format!("{} {}", s.first, s.last);
        let email = format!("{}@vendor.example", names::slug(&name).replace('-', "."));
        let alias: String = names::slug(&name).replace('-', "").chars().take(8).collect();
        table.put("Username", &email).put("Name", &name).put("FirstName", &s.first).put("LastName", &s.last);
        table.put("Email", &email).flag("IsActive", true).put("UserType", "Standard").put("Alias", alias);
        table.put("ProfileId", profile).put("Department", &s.team).put("TimeZoneSidKey", "America/New_York");
        table.put("LocaleSidKey", "en_US").put("LanguageLocaleKey", "en_US").put("EmailEncodingKey", "UTF-8");
        let known = (place < book.export.users.len()).then(|| Id::parse(&ids.user(place))).flatten();
        table.put("CurrencyIsoCode", "USD").make_as(known, at, 0);
    }
}

fn stages_and_states(org: &mut Org, book: &Book, at: (Millis, Millis)) {
    let mut table = Table::new(org, "OpportunityStage");
    for (place, (label, odds)) in stages(book).into_iter().enumerate() {
        let (forecast, name) = match odds {
            p if p >= 1.0 => ("Closed", "Closed"),
            p if p <= 0.0 => ("Omitted", "Omitted"),
            p if p >= 0.75 => ("Forecast", "Commit"),
            p if p >= 0.5 => ("BestCase", "Best Case"),
            _ => ("Pipeline", "Pipeline"),
        };
        table.put("MasterLabel", label).put("ApiName", label).flag("IsActive", true);
        table.flag("IsClosed", odds <= 0.0 || odds >= 1.0).flag("IsWon", odds >= 1.0);
        table.put("SortOrder", (place + 1).to_string()).put("DefaultProbability", format!("{:.0}", odds * 100.0));
        table.put("ForecastCategory", forecast).put("ForecastCategoryName", name).make(at, 0);
    }
    let mut table = Table::new(org, "UserPermissionAccess");
    table.flag("PermissionsConvertLeads", true).flag("PermissionsAllowViewEditConvertedLeads", false).make(at, 0);
    let mut table = Table::new(org, "LeadStatus");
    for (place, (state, converted)) in lead_states().iter().enumerate() {
        table.put("MasterLabel", state).put("ApiName", state).flag("IsConverted", *converted);
        table.flag("IsDefault", place == 0).put("SortOrder", (place + 1).to_string()).make(at, 0);
    }
}

fn prices(org: &mut Org, book: &Book, at: (Millis, Millis)) {
    let mut table = Table::new(org, "Pricebook2");
    let standard =
        table.put("Name", "Standard Price Book").flag("IsActive", true).flag("IsStandard", true).make(at, 0).text();
    for (name, price) in &book.products {
        let mut table = Table::new(org, "Product2");
        table.put("Name", name).put("ProductCode", names::slug(name)).flag("IsActive", true);
        let product = table.make(at, 0).text();
        let mut table = Table::new(org, "PricebookEntry");
        table.put("Name", name).put("Pricebook2Id", &standard).put("Product2Id", product).put("UnitPrice", price);
        table.flag("IsActive", true).put("CurrencyIsoCode", "USD").make(at, 0);
    }
}
