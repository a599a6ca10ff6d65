//! An invented book of any size: skewed like a real one, three years deep, with duplicate accounts planted.

use crate::clock::Millis;
use crate::data::book::{Account, Book, DAY, Deal, HOUR, MOTIONS, PipelineSpec, Seller, Standing, Truth};
use crate::data::names;
use crate::random::Random;

const SALES: [(&str, &str, f64); 7] = [
    ("appointmentscheduled", "Appointment scheduled", 0.2),
    ("qualifiedtobuy", "Qualified to buy", 0.4),
    ("presentationscheduled", "Presentation scheduled", 0.6),
    ("decisionmakerboughtin", "Decision maker bought-in", 0.8),
    ("contractsent", "Contract sent", 0.9),
    ("closedwon", "Closed won", 1.0),
    ("closedlost", "Closed lost", 0.0),
];

/// The five motions and their stages, each ending in a lost stage.
const MOTION_STAGES: [[&str; 5]; 5] = [
    ["Intro Logged", "Validate", "Prove Value", "Commercials", "Closed & Credit"],
    ["Deal Registration", "Qualification", "Configure & Quote", "Transact", "Launch & Enable"],
    ["Listing Ready", "Private Offer", "Procurement", "Close & Disburse", "Adopt & Expand"],
    ["Solution Design", "Proof / Workshop", "Commercials", "Delivery", "Handoff"],
    ["Integration Fit", "Field Readiness", "Pipeline Activation", "Validation", "Commercials & Close"],
];

const PRODUCTS: [(&str, &str); 7] = [
    ("Core Basic", "550"),
    ("Core Pro", "4821"),
    ("Core Plus", "1096"),
    ("Edge Special", "55"),
    ("Edge Advanced", "3393"),
    ("Suite Enterprise", "26768"),
    ("Suite Plus", "5482"),
];

pub(crate) fn pipelines() -> Vec<PipelineSpec> {
    let mut all = vec![PipelineSpec {
        id: "default".into(),
        label: "Sales pipeline".into(),
        stages: SALES.iter().map(|(id, label, p)| ((*id).to_owned(), (*label).to_owned(), *p)).collect(),
    }];
    for (motion, stages) in MOTIONS.iter().zip(MOTION_STAGES) {
        let odds = [0.15, 0.35, 0.55, 0.75, 1.0];
        let mut list: Vec<(String, String, f64)> = stages
            .iter()
            .zip(odds)
            .enumerate()
            .map(|(i, (s, p))| (format!("{motion}_{}", i + 1), (*s).to_owned(), p))
            .collect();
        list.push((format!("{motion}_lost"), "Closed lost".into(), 0.0));
        all.push(PipelineSpec { id: format!("partner_{motion}"), label: format!("Partner: {motion}"), stages: list });
    }
    all
}

pub(crate) fn make(deals: usize, now: Millis, random: &mut Random) -> Book {
    let mut book = Book {
        pipelines: pipelines(),
        products: PRODUCTS.iter().map(|(n, p)| ((*n).to_owned(), (*p).to_owned())).collect(),
        ..Book::default()
    };
    let sellers = (((deals as f64).sqrt() / 2.0) as usize).clamp(8, 120);
    for i in 0..sellers {
        // No two sellers share a name, or their addresses would not tell them apart.
        let (first, last) = loop {
            let (first, last) = names::person(random);
            if !book.sellers.iter().any(|s| s.first == first && s.last == last) {
                break (first, last);
            }
        };
        book.sellers.push(Seller { first, last, team: ["Central", "East", "West"][i % 3].into() });
    }
    accounts(&mut book, (deals / 10).max(20), now, random);
    fill(&mut book, deals, now, random);
    book
}

/// Pipelines, products and deals for a book that has accounts and no more.
pub(crate) fn sell(book: &mut Book, deals: usize, now: Millis, random: &mut Random) {
    book.pipelines = pipelines();
    book.products = PRODUCTS.iter().map(|(n, p)| ((*n).to_owned(), (*p).to_owned())).collect();
    fill(book, deals, now, random);
}

fn fill(book: &mut Book, deals: usize, now: Millis, random: &mut Random) {
    for _ in 0..deals {
        let deal = deal(book, now, random);
        book.deals.push(deal);
    }
}

fn accounts(book: &mut Book, count: usize, now: Millis, random: &mut Random) {
    for n in 0..count {
        // Every fortieth account is in the book a second time, under another spelling.
        let twin = (n % 40 == 39).then(|| random.below(n));
        let (name, trade) = names::company(n);
        let place = random.pick(&names::PLACES);
        let account = Account {
            domain: names::domain(&name),
            name: if random.chance(0.3) { names::with_form(&name, random) } else { name },
            industry: trade.to_lowercase(),
            country: place.0.into(),
            city: place.1.into(),
            region: place.2.into(),
            employees: (20 + random.skewed(9_000)).to_string(),
            revenue: (500_000 + random.skewed(900_000_000)).to_string(),
            parent: (n > 50 && random.chance(0.05)).then(|| random.below(n)),
            owner: random.below(book.sellers.len()),
            created: now - random.between(30, 1_400) * DAY - random.between(0, 86_399_999),
            incumbent: None,
            renewal: None,
            blocked: false,
            channel: None,
        };
        match twin {
            Some(t) => {
                let of = book.accounts[t].clone();
                let (name, how) = names::variant(&of.name, random);
                let domain = if random.chance(0.5) { of.domain.clone() } else { String::new() };
                book.accounts.push(Account {
                    name,
                    domain,
                    created: account.created,
                    owner: account.owner,
                    parent: None,
                    ..of
                });
                book.truth.push(Truth::DuplicateAccount { one: t, other: n, how });
            }
            None => book.accounts.push(account),
        }
    }
}

fn deal(book: &Book, now: Millis, random: &mut Random) -> Deal {
    let account = random.leaning(book.accounts.len());
    let (product, price) = random.pick(&book.products);
    let last = now - HOUR;
    // Denser towards now, as a growing company's book is.
    let back = (random.unit() * random.unit() * 1_095.0 * DAY as f64) as Millis;
    let created = last - back - random.between(0, 3_600_000);
    let cycle = random.between(14, 150) * DAY;
    let open = created + cycle > last;
    let won = !open && random.chance(0.55);
    let (pipeline, stages) = (0, &book.pipelines[0].stages);
    let progress = ((last - created) as f64 / cycle as f64 * 5.0) as usize;
    let stage = if open { progress.min(4) } else { 5 + usize::from(!won) };
    debug_assert!(stage < stages.len());
    let closes = if open { created + cycle + random.between(-10, 40) * DAY } else { created + cycle };
    let entered = if open { (created + cycle / 5 * stage as i64).min(last) } else { closes };
    let updated = if open { random.between(entered, last) } else { (closes + random.between(0, 3_600_000)).min(last) };
    let list: i64 = price.parse().unwrap_or(500);
    let amount = list * random.between(1, 30) + random.between(0, 99);
    Deal {
        name: format!("{} - {product}", book.accounts[account].name),
        account: Some(account),
        amount: amount.to_string(),
        product: product.clone(),
        at: Standing { pipeline, stage },
        open,
        won,
        created,
        closes: Some(closes.div_euclid(DAY) * DAY + 12 * HOUR),
        entered,
        updated,
        owner: book.accounts[account].owner,
        kind: "new",
        lost: if open || won { "" } else { ["price", "no decision", "competitor", "no budget"][random.below(4)] },
        partnered: None,
    }
}
