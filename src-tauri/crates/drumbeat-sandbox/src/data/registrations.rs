//! Registrations in the queue and in the past, with the collisions that make deciding them work.
//!
//! Callers rely on: every open one was submitted within the last 70 hours, and `planted` says what is wrong with it, or `clean`.

use crate::clock::Millis;
use crate::data::book::{Against, Book, DAY, HOUR, Plan, Registration, Truth};
use crate::data::names;
use crate::random::Random;

/// What can be wrong, by how often.
const FLAWS: [(&str, usize); 11] = [
    ("clean", 44),
    ("duplicate_registration", 9),
    ("open_deal", 9),
    ("incumbent", 7),
    ("uncertified", 6),
    ("no_consent", 6),
    ("out_of_territory", 6),
    ("implausible_close", 5),
    ("incomplete", 4),
    ("blocked_account", 2),
    ("partner_inactive", 2),
];

const PROBLEMS: [&str; 6] = [
    "Manual order entry takes two people a day",
    "Reporting is done in spreadsheets and always late",
    "Their current contract ends in the autumn",
    "They need one system for three countries",
    "Audit asked for traceability",
    "Support cannot see what sales promised",
];

pub(crate) fn make(book: &mut Book, plan: &Plan, now: Millis, random: &mut Random) {
    if book.partners.is_empty() {
        return;
    }
    let mut by_partner: Vec<Vec<usize>> = vec![Vec::new(); book.partners.len()];
    // What was planted stays as it was planted: a registration of the same partner would bring motions of its own.
    let planted: std::collections::HashSet<usize> = book
        .truth
        .iter()
        .flat_map(|t| if let Truth::Conflict { deals, .. } = t { deals.as_slice() } else { &[] })
        .copied()
        .collect();
    for (i, deal) in book.deals.iter().enumerate().filter(|(i, _)| !planted.contains(i)) {
        if let Some(p) = deal.partnered.as_ref().and_then(|p| p.partner) {
            by_partner[p].push(i);
        }
    }
    for n in 0..plan.decided_registrations {
        let made = decided(book, &mut by_partner, n, now, random);
        if let Some(deal) = made.deal.and_then(|d| book.deals[d].partnered.as_mut()) {
            deal.registration = Some(book.registrations.len());
        }
        book.registrations.push(made);
    }
    let mut flaws = Vec::new();
    for (flaw, weight) in FLAWS {
        flaws.extend(std::iter::repeat_n(flaw, weight));
    }
    for n in 0..plan.open_registrations {
        // A stride through the weights: even a small queue has some of each.
        let flaw = flaws[(n * 37 + 5) % flaws.len()];
        let made = open(book, plan.decided_registrations + n, flaw, now, random);
        book.registrations.push(made);
    }
}

fn partner(book: &Book, random: &mut Random, wanted: impl Fn(usize) -> bool) -> usize {
    let fit: Vec<usize> = (0..book.partners.len()).filter(|p| wanted(*p)).collect();
    if fit.is_empty() { random.below(book.partners.len()) } else { fit[random.leaning(fit.len())] }
}

/// A company nobody in the book has.
fn new_company(book: &Book, number: usize, random: &mut Random) -> (String, String) {
    let (name, _) = names::company(book.accounts.len() + 1 + number);
    let domain = names::domain(&name);
    (if random.chance(0.4) { names::with_form(&name, random) } else { name }, domain)
}

fn base(book: &Book, number: usize, now: Millis, random: &mut Random) -> Registration {
    let good = |p: usize| book.partners[p].active() && book.partners[p].certified;
    let partner = partner(book, random, good);
    let p = &book.partners[partner];
    let country = random.pick(&p.territories).clone();
    let city = names::PLACES.iter().find(|(c, ..)| *c == country).map(|(_, city, _)| *city).unwrap_or_default();
    let (company, domain) = new_company(book, number, random);
    let (product, price) = random.pick(&book.products).clone();
    let (first, last) = names::person(random);
    let email = format!("{}.{}@{domain}", first.to_lowercase(), last.to_lowercase());
    let lead = random.chance(0.35);
    Registration {
        lead,
        status: "submitted",
        partner,
        company,
        domain,
        country,
        city: city.into(),
        contact: Some((format!("{first} {last}"), email)),
        consent: true,
        amount: price.parse::<i64>().unwrap_or(1000) * random.between(2, 25),
        closes: now + random.between(30, 150) * DAY,
        product,
        proof: if lead {
            ""
        } else {
            ["Discovery call held, notes attached", "Workshop on site", "Joint demo with the customer's IT"]
                [random.below(3)]
        },
        competitors: ["", "", "incumbent vendor", "in-house solution"][random.below(4)],
        motion: *random.pick(&p.motions),
        submitted: now - random.between(5, 70 * 60) * 60_000,
        decided: None,
        decider: 0,
        reason: "",
        decline: "",
        info: "",
        account: None,
        deal: None,
        planted: "clean",
        against: None,
    }
}

fn open(book: &Book, n: usize, flaw: &'static str, now: Millis, random: &mut Random) -> Registration {
    let mut r = base(book, n, now, random);
    r.planted = flaw;
    let take = |r: &mut Registration, account: usize, random: &mut Random| {
        r.against = Some(Against::Account(account));
        let a = &book.accounts[account];
        r.company = if random.chance(0.6) { names::variant(&a.name, random).0 } else { a.name.clone() };
        r.domain = if random.chance(0.6) { a.domain.clone() } else { String::new() };
        r.contact = r.contact.take().map(|(name, email)| {
            let local = email.split('@').next().unwrap_or_default().to_owned();
            (name, format!("{local}@{}", a.domain))
        });
    };
    match flaw {
        "duplicate_registration" => {
            let earlier: Vec<usize> = (0..book.registrations.len())
                .filter(|i| matches!(book.registrations[*i].status, "submitted" | "approved"))
                .filter(|i| book.registrations[*i].planted == "clean")
                .collect();
            if let Some(place) = earlier.get(random.below(earlier.len())) {
                let of = &book.registrations[*place];
                r.against = Some(Against::Registration(*place));
                (r.company, r.domain, r.country, r.city) =
                    (names::variant(&of.company, random).0, of.domain.clone(), of.country.clone(), of.city.clone());
                if of.partner == r.partner {
                    r.partner = partner(book, random, |p| {
                        p != of.partner && book.partners[p].active() && book.partners[p].certified
                    });
                }
            }
        }
        "open_deal" => {
            let open: Vec<usize> = book.deals.iter().filter(|d| d.open).filter_map(|d| d.account).collect();
            if !open.is_empty() {
                take(&mut r, open[random.below(open.len())], random);
            }
        }
        "incumbent" => {
            let held: Vec<usize> = (0..book.accounts.len())
                .filter(|a| book.accounts[*a].incumbent.is_some_and(|p| p != r.partner))
                .collect();
            if !held.is_empty() {
                take(&mut r, held[random.below(held.len())], random);
            }
        }
        "blocked_account" => {
            let blocked: Vec<usize> = (0..book.accounts.len()).filter(|a| book.accounts[*a].blocked).collect();
            if !blocked.is_empty() {
                take(&mut r, blocked[random.below(blocked.len())], random);
            }
        }
        "uncertified" => {
            r.partner = partner(book, random, |p| book.partners[p].active() && !book.partners[p].certified)
        }
        "partner_inactive" => r.partner = partner(book, random, |p| !book.partners[p].active()),
        "no_consent" => r.consent = false,
        "out_of_territory" => {
            let own = &book.partners[r.partner].territories;
            if let Some(place) = names::PLACES
                .iter()
                .cycle()
                .skip(n % names::PLACES.len())
                .take(names::PLACES.len())
                .find(|p| !own.iter().any(|t| t == p.0))
            {
                (r.country, r.city) = (place.0.into(), place.1.into());
            }
        }
        "implausible_close" => r.closes = [now - 40 * DAY, now + DAY, now + 900 * DAY][n % 3],
        "incomplete" => (r.contact, r.domain, r.proof) = (None, String::new(), ""),
        _ => {}
    }
    if matches!(flaw, "uncertified" | "partner_inactive" | "duplicate_registration") {
        r.motion = *random.pick(&book.partners[r.partner].motions);
    }
    // Some of the queue waits for the partner.
    if n % 9 == 8 {
        (r.status, r.info) = ("info_requested", "Which department owns the budget?");
    }
    r
}

fn decided(book: &Book, by_partner: &mut [Vec<usize>], n: usize, now: Millis, random: &mut Random) -> Registration {
    let mut r = base(book, n, now, random);
    let days = 4 + random.between(0, 360);
    r.submitted = now - days * DAY - random.between(0, 86_399_999);
    // Mostly inside the promised 48 hours.
    let took = if random.chance(0.8) { random.between(2, 47) } else { random.between(49, 90) } * HOUR;
    r.decided = Some((r.submitted + took).min(now - HOUR));
    r.decider = book.managers[random.below(book.managers.len())];
    r.closes = r.submitted + random.between(40, 140) * DAY;
    if random.chance(0.66) {
        r.status = if days > 95 {
            ["approved", "converted", "expired", "converted"][random.below(4)]
        } else {
            ["approved", "converted"][random.below(2)]
        };
        r.reason = "Net new, contact verified, plausible timeline";
        let own = &mut by_partner[r.partner];
        // A converted registration became one of the partner's later deals, if there is one near.
        let near = (0..own.len().min(60))
            .map(|_| random.below(own.len()))
            .find(|i| (r.submitted..r.submitted + 120 * DAY).contains(&book.deals[own[*i]].created));
        if let (true, Some(i)) = (r.status == "converted", near) {
            let deal = own.swap_remove(i);
            r.deal = Some(deal);
            r.account = book.deals[deal].account;
            if let Some(a) = r.account {
                (r.company, r.domain) = (book.accounts[a].name.clone(), book.accounts[a].domain.clone());
            }
        }
    } else {
        r.status = ["declined", "declined", "declined", "withdrawn"][random.below(4)];
        if r.status == "declined" {
            let reasons = [
                ("duplicate", "Registered by another partner before"),
                ("active_cycle", "The customer is in an active cycle with us"),
                ("not_qualified", "No confirmed need"),
                ("territory", "Outside the agreed territory"),
                ("not_certified", "No valid certificate for this motion"),
            ];
            (r.decline, r.reason) = *random.pick(&reasons);
        }
    }
    r
}

pub(crate) fn problem(n: usize) -> &'static str {
    PROBLEMS[n % PROBLEMS.len()]
}
