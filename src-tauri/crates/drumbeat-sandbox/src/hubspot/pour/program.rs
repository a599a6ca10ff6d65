//! The program's own objects, poured: certifications and registrations.

use crate::clock::Millis;
use crate::data::book::{Book, DAY, MOTIONS};
use crate::data::names;
use crate::data::registrations::problem;
use crate::hubspot::pour::{Ids, Row, kind, owner_id, past, plain};
use crate::hubspot::world::World;
use crate::json::{day_text, time_text};
use crate::random::Random;

pub(crate) fn certifications(world: &mut World, book: &Book, ids: &Ids, now: Millis, random: &mut Random) {
    let (k, companies) = (kind(world, "partner_certification"), kind(world, "companies"));
    let label = plain(world, k, companies);
    for (i, p) in book.partners.iter().enumerate() {
        for n in 0..1 + random.below(4) {
            let (earned, expires, status) = if p.certified && n == 0 {
                // The first is valid; one in five of these ends within a month.
                let end = if random.chance(0.2) {
                    now + random.between(1, 29) * DAY
                } else {
                    now + random.between(31, 600) * DAY
                };
                (end - 730 * DAY, end, "active")
            } else if random.chance(0.3) {
                (0, 0, "in_progress")
            } else if p.certified && random.chance(0.5) {
                let end = now + random.between(10, 500) * DAY;
                (end - 730 * DAY, end, "active")
            } else {
                let end = now - random.between(1, 300) * DAY;
                // Somebody has to notice before the status follows the date.
                (end - 730 * DAY, end, if random.chance(0.8) { "expired" } else { "active" })
            };
            let (first, last) = names::person(random);
            let of = ["product", "sales", "technical"][random.below(3)];
            let mut row = Row::new(world, k);
            row.put("certification_name", format!("{} {of}", p.name))
                .put("partner_id", ids.partner(i).to_string())
                .put("holder", format!("{first} {last}"));
            row.put("certification_kind", of)
                .put("level", ["associate", "professional", "expert"][random.below(3)])
                .put("certification_status", status);
            if status != "in_progress" {
                row.put("earned_at", day_text(earned)).put("expires_at", day_text(expires));
            }
            let made = if earned > 0 { earned.min(now - DAY) } else { now - random.between(5, 60) * DAY };
            let id = row.make(made, made);
            world.link((k, id), (companies, ids.partner(i)), label);
        }
    }
}

pub(crate) fn registrations(world: &mut World, book: &Book, ids: &Ids) {
    let (k, companies) = (kind(world, "partner_registration"), kind(world, "companies"));
    let label = plain(world, k, companies);
    for (i, r) in book.registrations.iter().enumerate() {
        let p = &book.partners[r.partner];
        let mut row = Row::new(world, k);
        row.put("registration_name", format!("{} - {}", p.name, r.company))
            .put("registration_kind", if r.lead { "lead" } else { "deal" });
        row.put("registration_status", r.status)
            .put("partner_id", ids.partner(r.partner).to_string())
            .put("company_name", &r.company)
            .put("company_domain", &r.domain);
        row.put("country", &r.country)
            .put("city", &r.city)
            .put("problem", problem(i))
            .put("stage_guess", ["intro", "discovery", "proposal"][i % 3]);
        row.put("consent", if r.consent { "true" } else { "false" })
            .put("products", &r.product)
            .put("motion", MOTIONS[r.motion]);
        row.put("submitted_at", time_text(r.submitted))
            .put("submitted_by", format!("deals@{}", p.domain))
            .put("hubspot_owner_id", owner_id(p.owner).to_string());
        if let Some((name, email)) = &r.contact {
            row.put("contact_name", name)
                .put("contact_email", email)
                .put("contact_phone", format!("+1 555 {:04}", (i * 37) % 10_000));
        }
        row.put("expected_close", day_text(r.closes));
        if !r.lead {
            row.put("amount", r.amount.to_string())
                .put("currency", "USD")
                .put("proof_of_work", r.proof)
                .put("competitors", r.competitors);
        }
        row.put("info_request", r.info).put("decision_reason", r.reason).put("decline_reason", r.decline);
        if let Some(at) = r.decided {
            row.put("decided_at", time_text(at)).put("decided_by", owner_id(r.decider).to_string());
            if matches!(r.status, "approved" | "converted" | "expired") {
                row.put("protection_start", day_text(at)).put("protection_end", day_text(at + 90 * DAY));
            }
        }
        if let Some(a) = r.account {
            row.put("account_id", ids.account(a).to_string());
        }
        if let Some(d) = r.deal {
            row.put("deal_id", (ids.deal + d as u64).to_string());
        }
        let id = row.make(r.submitted, r.decided.unwrap_or(r.submitted));
        world.link((k, id), (companies, ids.partner(r.partner)), label);
        if let Some(at) = r.decided {
            past(world, k, id, "registration_status", "submitted", r.submitted, at);
        }
    }
}
