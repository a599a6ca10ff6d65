//! The partner program laid over a book: partners, channels of accounts, partner fields of deals, planted channel conflicts.
//!
//! The hard idea: each account has one channel (direct, or one partner and motion) for all its open deals, so that two open
//! deals clash only where a clash was planted, and the truth about an invented book is complete. Planted clashes live on
//! accounts that have no other open deal. A book read from a folder keeps its own crowd of open deals per account.

use crate::clock::Millis;
use crate::data::book::{Account, Book, DAY, Deal, HOUR, MOTIONS, Partner, Partnered, Plan, Seller, Standing, Truth};
use crate::data::names;
use crate::random::Random;

const TYPES: [(&str, &[usize]); 9] = [
    ("reseller", &[1]),
    ("referral", &[0]),
    ("si", &[3, 1]),
    ("msp", &[3, 1]),
    ("isv", &[4, 2]),
    ("marketplace", &[2]),
    ("agency", &[0, 3]),
    ("distributor", &[1, 2]),
    ("affiliate", &[0]),
];

/// Two people look after the partners, beside those who sell. The first is the one whose app this is.
pub(crate) fn managers(book: &mut Book) {
    for (first, last) in [("Alex", "Marlow"), ("Robin", "Teale")] {
        book.managers.push(book.sellers.len());
        book.sellers.push(Seller { first: first.into(), last: last.into(), team: "Partners".into() });
    }
}

pub(crate) fn partners(book: &mut Book, plan: &Plan, now: Millis, random: &mut Random) {
    for n in 0..plan.partners {
        let (of, motions) = TYPES[if n < 12 { n % TYPES.len() } else { random.leaning(TYPES.len()) }];
        let place = names::PLACES[if n % 3 == 0 { random.below(names::PLACES.len()) } else { random.below(5) }];
        let mut territories: Vec<String> = vec![place.0.to_owned()];
        for _ in 0..random.below(3) {
            let more = random.pick(&names::PLACES).0.to_owned();
            if !territories.contains(&more) {
                territories.push(more);
            }
        }
        let name = names::partner(n);
        book.partners.push(Partner {
            domain: names::domain(&name),
            name,
            of,
            tier: ["registered", "registered", "select", "elite", "select"][n % 5],
            // The first dozen are alive; later ones show every state a partner can be in.
            status: match n % 14 {
                9 => "onboarding",
                11 => "at_risk",
                12 => "prospect",
                13 => ["offboarding", "ended"][n % 2],
                _ => "active",
            },
            motions: motions.to_vec(),
            territories,
            since: now - random.between(60, 1_500) * DAY,
            country: place.0.into(),
            city: place.1.into(),
            owner: book.managers[usize::from(random.chance(0.4))],
            certified: n % 6 != 5,
        });
    }
}

/// Gives accounts their channels, incumbents and renewals.
pub(crate) fn channels(book: &mut Book, plan: &Plan, now: Millis, random: &mut Random) {
    let active: Vec<usize> = (0..book.partners.len()).filter(|p| book.partners[*p].active()).collect();
    if active.is_empty() {
        return;
    }
    for i in 0..book.accounts.len() {
        if i % 60 == 17 {
            book.accounts[i].blocked = true;
        }
        let partner = active[random.leaning(active.len())];
        let motion = *random.pick(&book.partners[partner].motions);
        let account = &mut book.accounts[i];
        if random.chance(plan.share) {
            account.channel = Some((partner, motion));
        }
        if random.chance(0.12) {
            account.incumbent = Some(partner);
            account.channel = Some((partner, motion));
            account.renewal = Some(now + random.between(10, 300) * DAY);
        } else if random.chance(0.1) {
            account.renewal = Some(now + random.between(20, 360) * DAY);
        }
    }
    // A twin account shares the fate of the one it doubles.
    let twins: Vec<(usize, usize)> = book
        .truth
        .iter()
        .filter_map(|t| if let Truth::DuplicateAccount { one, other, .. } = t { Some((*one, *other)) } else { None })
        .collect();
    if !plan.groups {
        for (one, other) in twins {
            book.accounts[other].channel = book.accounts[one].channel;
            book.accounts[other].incumbent = None;
        }
        return;
    }
    // So does what belongs to a group. Both point at earlier accounts: one way through the list settles all of them.
    let of: std::collections::HashMap<usize, usize> = twins.into_iter().map(|(one, other)| (other, one)).collect();
    for i in 0..book.accounts.len() {
        if let Some(first) = of.get(&i).copied().or(book.accounts[i].parent) {
            book.accounts[i].channel = book.accounts[first].channel;
            (book.accounts[i].incumbent, book.accounts[i].renewal) = (None, None);
        }
    }
}

/// Moves deals onto their account's channel and fills the partner fields, some left out on purpose.
pub(crate) fn deals(book: &mut Book, plan: &Plan, now: Millis, random: &mut Random) {
    let active: Vec<usize> = (0..book.partners.len()).filter(|p| book.partners[*p].active()).collect();
    if active.is_empty() {
        return;
    }
    let motion_pipelines = book.pipelines.len() > 1;
    for i in 0..book.deals.len() {
        let channel = match book.deals[i].account {
            Some(a) => match book.accounts[a].channel {
                Some(_) if book.deals[i].open && random.chance(plan.stray) => {
                    random.chance(0.6).then(|| any(book, &active, random))
                }
                Some(c) if book.deals[i].open || random.chance(0.8) => Some(c),
                None if !book.deals[i].open && random.chance(plan.share * 0.25) => Some(any(book, &active, random)),
                _ => None,
            },
            None => random.chance(plan.share).then(|| any(book, &active, random)),
        };
        if let Some((partner, motion)) = channel {
            dress(&mut book.deals[i], partner, motion, now, random);
            // Half of the partner deals run in their motion's own pipeline.
            if motion_pipelines && random.chance(0.5) {
                move_to_motion(&mut book.deals[i], motion);
            }
        }
        let renews = book.deals[i].account.is_some_and(|a| book.accounts[a].incumbent.is_some());
        let deal = &mut book.deals[i];
        if renews && channel.is_some() && random.chance(0.4) {
            deal.kind = "renewal";
        } else if random.chance(0.12) {
            deal.kind = "expansion";
        }
    }
}

fn any(book: &Book, active: &[usize], random: &mut Random) -> (usize, usize) {
    let partner = active[random.leaning(active.len())];
    (partner, *random.pick(&book.partners[partner].motions))
}

/// The stage of the motion's own pipeline that is as far along.
fn move_to_motion(deal: &mut Deal, motion: usize) {
    let stage = match (deal.open, deal.won) {
        (true, _) => deal.at.stage.min(3),
        (false, true) => 4,
        (false, false) => 5,
    };
    deal.at = Standing { pipeline: motion + 1, stage };
}

const STEPS: [&str; 6] = [
    "Send revised quote",
    "Book joint discovery call",
    "Confirm budget owner",
    "Share security questionnaire",
    "Agree on pilot scope",
    "Get procurement contact",
];
const NOTES: [&str; 6] = [
    "Partner introduced us to the head of operations; she wants figures by the end of the month.",
    "Waiting for the partner's technical sign-off; next call is set.",
    "Procurement asked for a second offer. The partner holds the relationship.",
    "Demo went well; open question on single sign-on.",
    "Budget confirmed for this quarter, decision by the steering group.",
    "Champion changed; the partner is arranging a new meeting.",
];

/// Fills a deal's partner fields as people do: mostly, and not always lately.
pub(crate) fn dress(deal: &mut Deal, partner: usize, motion: usize, now: Millis, random: &mut Random) {
    let here = |random: &mut Random| random.chance(0.88);
    let sourced = random.chance(0.6);
    let protection = (deal.open && random.chance(0.6)).then(|| {
        // One in six ends within the week.
        let end =
            if random.chance(0.17) { now + random.between(0, 6) * DAY } else { now + random.between(-20, 80) * DAY };
        (end - 90 * DAY, end)
    });
    let touched = if random.chance(0.6) { now - random.between(0, 6) * DAY } else { now - random.between(7, 40) * DAY };
    let notes_at = (touched - random.between(0, 10) * HOUR).clamp(deal.created, now - HOUR);
    deal.partnered = Some(Partnered {
        // On closed deals somebody forgot who it was now and then; open ones name their partner, or no clash could be told.
        partner: (deal.open || random.chance(0.95)).then_some(partner),
        motion: here(random).then_some(motion),
        sourced: here(random).then_some(sourced),
        percent: here(random).then(|| if sourced { 100 } else { *random.pick(&[20, 25, 30, 50]) }),
        registration: None,
        protection,
        price_protected: protection.is_some() && random.chance(0.5),
        band: if random.chance(0.7) { ["0-10", "10-20", "20-30"][random.skewed(3)] } else { "" },
        roles: if here(random) { ["AE, SE", "AE", "AE, CS", "BDR, AE, SE"][random.below(4)] } else { "" },
        notes: (deal.open && here(random)).then(|| ((*random.pick(&NOTES)).to_owned(), notes_at)),
        next_step: (deal.open && random.chance(0.75))
            .then(|| ((*random.pick(&STEPS)).to_owned(), now + random.between(-5, 10) * DAY)),
    });
}

/// Plants channel conflicts on accounts of their own.
pub(crate) fn conflicts(book: &mut Book, plan: &Plan, now: Millis, random: &mut Random) {
    let active: Vec<usize> = (0..book.partners.len()).filter(|p| book.partners[*p].active()).collect();
    if active.len() < 3 {
        return;
    }
    if plan.beside {
        return beside(book, plan, &active, now, random);
    }
    let mut crowded = vec![false; book.accounts.len()];
    for deal in book.deals.iter().filter(|d| d.open) {
        if let Some(a) = deal.account {
            crowded[a] = true;
        }
    }
    for t in &book.truth {
        if let Truth::DuplicateAccount { one, other, .. } = t {
            crowded[*one] = true;
            crowded[*other] = true;
        }
    }
    if plan.groups {
        // What belongs to a group may be crowded by its sisters.
        for a in 0..book.accounts.len() {
            if let Some(parent) = book.accounts[a].parent {
                (crowded[a], crowded[parent]) = (true, true);
            }
        }
    }
    let kinds = ["horizontal", "vertical", "multi_channel", "renewal"];
    let free: Vec<usize> = (0..book.accounts.len())
        .rev()
        .filter(|a| !crowded[*a] && !book.accounts[*a].blocked)
        .take(plan.conflicts + plan.dirty)
        .collect();
    let (mut made, mut clashes) = (Vec::new(), Vec::new());
    for (n, account) in free.into_iter().enumerate() {
        let of = kinds[n % kinds.len()];
        let first = active[random.below(active.len())];
        let second =
            active.iter().copied().filter(|p| *p != first).nth(random.below(active.len() - 1)).unwrap_or(first);
        let motion = *random.pick(&book.partners[first].motions);
        let other_motion = (motion + 1 + random.below(MOTIONS.len() - 1)) % MOTIONS.len();
        let product = random.below(book.products.len());
        let other_product = (product + 1) % book.products.len();
        book.accounts[account].channel = None;
        book.accounts[account].incumbent = None;
        let twin = (n >= plan.conflicts).then(|| twin(book, account, random));
        let second_account = twin.map_or(account, |(place, _)| place);
        let from = made.len();
        let mut add = |book: &mut Book,
                       account: usize,
                       channel: Option<(usize, usize)>,
                       product: usize,
                       kind: &'static str,
                       random: &mut Random| {
            made.push(planted(book, account, channel, product, kind, now, random));
        };
        match of {
            "horizontal" => {
                add(book, account, Some((first, motion)), product, "new", random);
                add(book, second_account, Some((second, motion)), product, "new", random);
            }
            "vertical" => {
                add(book, account, Some((first, motion)), product, "new", random);
                add(book, second_account, None, product, "new", random);
            }
            "multi_channel" => {
                add(book, account, Some((first, motion)), product, "new", random);
                add(book, second_account, Some((second, other_motion)), other_product, "new", random);
            }
            _ => {
                book.accounts[account].incumbent = Some(first);
                book.accounts[account].renewal = Some(now + random.between(20, 85) * DAY);
                let rival = random.chance(0.5).then_some((second, motion));
                add(book, second_account, rival, product, "renewal", random);
            }
        }
        clashes.push((of, account, twin, from..made.len()));
    }
    // The planted deals take the place of as many ordinary ones, so that the book has the size it was asked to have.
    let kept = book.deals.len().saturating_sub(made.len());
    book.deals.truncate(kept);
    book.deals.append(&mut made);
    for (of, account, twin, places) in clashes {
        book.truth.push(Truth::Conflict { of, account, twin, deals: places.map(|p| kept + p).collect() });
    }
}

/// Plants channel conflicts beside the open deals that accounts have with one partner: one more deal, by somebody else.
fn beside(book: &mut Book, plan: &Plan, active: &[usize], now: Millis, random: &mut Random) {
    let mut open: Vec<Option<usize>> = vec![None; book.accounts.len()];
    for (place, deal) in book.deals.iter().enumerate().filter(|(_, deal)| deal.open) {
        if let (Some(account), Some(_)) = (deal.account, deal.partnered.as_ref().and_then(|p| p.partner)) {
            open[account] = Some(place);
        }
    }
    // What belongs to a group counts as one with its sisters, who have deals of their own.
    for a in 0..book.accounts.len() {
        if let Some(parent) = book.accounts[a].parent {
            (open[a], open[parent]) = (None, None);
        }
    }
    let free: Vec<(usize, usize)> = (0..book.accounts.len())
        .filter(|a| !book.accounts[*a].blocked)
        .filter_map(|a| Some((a, open[a]?)))
        .take(plan.conflicts + plan.dirty)
        .collect();
    let all = free.len();
    for (n, (account, known)) in free.into_iter().enumerate() {
        let Some((first, motion)) = book.accounts[account].channel else { continue };
        let of = ["horizontal", "vertical", "multi_channel", "renewal"][n % 4];
        let others: Vec<usize> = active.iter().copied().filter(|p| *p != first).collect();
        let second = others[random.below(others.len())];
        let other_motion = (motion + 1 + random.below(MOTIONS.len() - 1)) % MOTIONS.len();
        let product = book.products.iter().position(|(name, _)| *name == book.deals[known].product).unwrap_or(0);
        (book.accounts[account].incumbent, book.accounts[account].renewal) = match of {
            "renewal" => (Some(first), Some(now + random.between(20, 85) * DAY)),
            _ => (None, None),
        };
        // Planted facts must be there to be found.
        for deal in book.deals.iter_mut().filter(|deal| deal.open && deal.account == Some(account)) {
            if let Some(p) = &mut deal.partnered {
                p.motion = Some(motion);
            }
        }
        let twin = (n >= all - all / 2).then(|| twin(book, account, random));
        let place = twin.map_or(account, |(place, _)| place);
        let made = match of {
            "horizontal" => planted(book, place, Some((second, motion)), product, "new", now, random),
            "vertical" => planted(book, place, None, product, "new", now, random),
            "multi_channel" => planted(book, place, Some((second, other_motion)), product, "new", now, random),
            _ => {
                let rival = random.chance(0.5).then_some((second, motion));
                planted(book, place, rival, product, "renewal", now, random)
            }
        };
        let deals = if of == "renewal" { vec![book.deals.len()] } else { vec![known, book.deals.len()] };
        book.deals.push(made);
        book.truth.push(Truth::Conflict { of, account, twin, deals });
    }
}

/// The account once more, as another person would have written it.
fn twin(book: &mut Book, account: usize, random: &mut Random) -> (usize, &'static str) {
    let of = book.accounts[account].clone();
    let (name, how) = names::variant(&of.name, random);
    let domain = if random.chance(0.5) { of.domain.clone() } else { String::new() };
    book.accounts.push(Account { name, domain, parent: None, incumbent: None, renewal: None, channel: None, ..of });
    (book.accounts.len() - 1, how)
}

fn planted(
    book: &Book,
    account: usize,
    channel: Option<(usize, usize)>,
    product: usize,
    kind: &'static str,
    now: Millis,
    random: &mut Random,
) -> Deal {
    let created = now - random.between(3, 50) * DAY - random.between(0, 86_399_999);
    let stage = random.below(book.pipelines[0].stages.iter().filter(|s| s.2 > 0.0 && s.2 < 1.0).count());
    let entered = created + (now - HOUR - created) / 2;
    let a = &book.accounts[account];
    let price: i64 = book.products[product].1.parse().unwrap_or(1000);
    let mut deal = Deal {
        name: format!("{} - {}", a.name, book.products[product].0),
        account: Some(account),
        amount: (price * random.between(2, 20)).to_string(),
        product: book.products[product].0.clone(),
        at: Standing { pipeline: 0, stage },
        open: true,
        won: false,
        created,
        closes: Some((now + random.between(15, 100) * DAY).div_euclid(DAY) * DAY + 12 * HOUR),
        entered,
        updated: random.between(entered, now - HOUR),
        owner: if channel.is_some() { a.owner } else { (a.owner + 1) % book.managers[0] },
        kind,
        lost: "",
        partnered: None,
    };
    if let Some((partner, motion)) = channel {
        dress(&mut deal, partner, motion, now, random);
        if let Some(p) = &mut deal.partnered {
            // Planted facts must be there to be found.
            (p.motion, p.sourced, p.percent) = (Some(motion), Some(true), Some(100));
        }
    }
    deal
}
