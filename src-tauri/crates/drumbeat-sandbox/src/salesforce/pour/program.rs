//! The program's own records, poured: certifications, and registrations as leads.

use crate::clock::Millis;
use crate::data::book::{Book, DAY, MOTIONS, Registration};
use crate::data::names;
use crate::data::registrations::problem;
use crate::json::{day_text, time_text};
use crate::random::Random;
use crate::salesforce::id::Id;
use crate::salesforce::org::{Org, second};
use crate::salesforce::pour::{Ids, Table};

pub(crate) fn certifications(org: &mut Org, book: &Book, ids: &Ids, now: Millis, random: &mut Random) {
    if org.ix("Partner_Certification__c").is_none() {
        return;
    }
    let mut table = Table::new(org, "Partner_Certification__c");
    for (i, p) in book.partners.iter().enumerate() {
        for n in 0..1 + random.below(4) {
            let end = match (p.certified, n) {
                // The first is valid; one in five of these ends within a month.
                (true, 0) if random.chance(0.2) => Some(now + random.between(1, 29) * DAY),
                (true, 0) => Some(now + random.between(31, 600) * DAY),
                _ if random.chance(0.3) => None,
                (true, _) if random.chance(0.5) => Some(now + random.between(10, 500) * DAY),
                _ => Some(now - random.between(1, 300) * DAY),
            };
            let status = match end {
                None => "in_progress",
                Some(end) if end > now => "active",
                // Somebody has to notice before the status follows the date.
                Some(_) if random.chance(0.8) => "expired",
                Some(_) => "active",
            };
            let (first, last) = names::person(random);
            let of = ["product", "sales", "technical"][random.below(3)];
            table.put("Name", format!("{} {of}", p.name)).put("Partner__c", ids.partner_id(i).text());
            table.put("Holder__c", format!("{first} {last}")).put("Certification_Kind__c", of);
            table.put("Level__c", ["associate", "professional", "expert"][random.below(3)]);
            table
                .put("Certification_Status__c", status)
                .put("OwnerId", ids.user(p.owner))
                .put("CurrencyIsoCode", "USD");
            if let Some(end) = end {
                table.put("Earned_At__c", day_text(end - 730 * DAY)).put("Expires_At__c", day_text(end));
            }
            let made = end.map_or_else(|| now - random.between(5, 60) * DAY, |end| (end - 730 * DAY).min(now - DAY));
            table.make((made, made), p.owner);
        }
    }
}

pub(crate) fn registrations(org: &mut Org, book: &Book, ids: &Ids, of: Option<Id>, now: Millis) {
    for (i, r) in book.registrations.iter().enumerate() {
        let p = &book.partners[r.partner];
        let (updated, decider) =
            (r.decided.unwrap_or(r.submitted).min(now - 1_000), r.decided.map_or(p.owner, |_| r.decider));
        let mut table = Table::new(org, "Lead");
        lead(&mut table, book, ids, of, (i, r));
        let id = table.make((r.submitted, updated), decider);
        if let Some(at) = r.decided.filter(|_| of.is_some()) {
            let mut table = Table::new(org, "LeadHistory");
            table
                .put("LeadId", id.text())
                .put("Field", "Status")
                .put("OldValue", "submitted")
                .put("NewValue", r.status);
            table.make((at, at), decider);
        }
    }
}

fn lead(table: &mut Table<'_>, book: &Book, ids: &Ids, of: Option<Id>, (i, r): (usize, &Registration)) {
    let p = &book.partners[r.partner];
    table.put("Company", &r.company).put("OwnerId", ids.user(p.owner)).put("CurrencyIsoCode", "USD");
    table
        .put("Website", &r.domain)
        .put("Country", &r.country)
        .put("City", &r.city)
        .put("LeadSource", "Partner Referral");
    match of {
        Some(of) => table.put("RecordTypeId", of.text()).put("Status", r.status),
        None => table.put("Status", "Open - Not Contacted"),
    };
    match &r.contact {
        Some((name, email)) => {
            let (first, last) = name.rsplit_once(' ').unwrap_or(("", name));
            table.put("FirstName", first).put("LastName", last).put("Name", name).put("Email", email);
            table.put("Phone", format!("+1 555 {:04}", (i * 37) % 10_000));
        }
        // A lead needs a name; this is what the vendor writes where it has none.
        None => drop(table.put("LastName", "[not provided]").put("Name", "[not provided]")),
    }
    table.put("Registration_Kind__c", if r.lead { "lead" } else { "deal" });
    table.put("Partner__c", ids.partner_id(r.partner).text()).put("Problem__c", problem(i));
    table.put("Stage_Guess__c", ["intro", "discovery", "proposal"][i % 3]).flag("Consent__c", r.consent);
    table.put("Products__c", &r.product).put("Motion__c", MOTIONS[r.motion]);
    table.put("Submitted_At__c", time_text(second(r.submitted))).put("Submitted_By__c", format!("deals@{}", p.domain));
    table.put("Expected_Close__c", day_text(r.closes));
    if !r.lead {
        table
            .put("Amount__c", r.amount.to_string())
            .put("Proof_Of_Work__c", r.proof)
            .put("Competitors__c", r.competitors);
    }
    table.put("Info_Request__c", r.info).put("Decision_Reason__c", r.reason).put("Decline_Reason__c", r.decline);
    if let Some(at) = r.decided {
        table.put("Decided_At__c", time_text(second(at))).put("Decided_By__c", ids.user(r.decider));
        if matches!(r.status, "approved" | "converted" | "expired") {
            table.put("Protection_Start__c", day_text(at)).put("Protection_End__c", day_text(at + 90 * DAY));
        }
    }
    if let Some(a) = r.account {
        table.put("Account__c", ids.account_id(a).text());
    }
    if let Some(d) = r.deal {
        // The deal is poured after this; its id is known.
        table.put("Deal__c", ids.deal_id(d).text());
    }
}
