//! How deals stood at a mark is known afterwards to the cent, whatever has happened to them since.

use std::collections::BTreeMap;

use drumbeat_model::change::OpKind;
use drumbeat_model::crm::{ObjectKind, Outcome};
use drumbeat_model::deal::Motion;
use drumbeat_model::field::Field as F;
use drumbeat_model::ids::DecisionId;
use drumbeat_model::mapping::{Mapping, PipelineMapping, StageMapping};
use drumbeat_model::movement::Standing;
use drumbeat_model::review::PipelineTotal;
use proptest::prelude::*;

use super::kit::*;
use crate::Gone;

/// Stages that close, and a motion of each deal; `turned` is another reading of the same CRM.
fn staged(turned: bool) -> Mapping {
    let stage = |id: &str, position, outcome| StageMapping {
        id: id.to_owned(),
        label: if turned { format!("Stage {id}") } else { id.to_owned() },
        position,
        outcome,
        probability: 0,
    };
    let pipeline = |id: &str, counts, motion| PipelineMapping {
        id: id.to_owned(),
        label: id.to_owned(),
        counts,
        motion,
        stages: vec![
            stage("one", 1, Outcome::Open),
            stage("two", if turned { 3 } else { 2 }, Outcome::Open),
            stage("won", 5, Outcome::Won),
            stage("lost", 5, Outcome::Lost),
        ],
    };
    let mut mapping = mapping();
    if let Some(fields) = mapping.fields.get_mut(&ObjectKind::Deal) {
        fields.insert(F::Motion, "motion".to_owned());
    }
    mapping.pipelines =
        vec![pipeline("main", true, None), pipeline("side", turned, Some(Motion::Tech)), pipeline("own", true, None)];
    mapping
}

#[derive(Debug, Clone)]
enum Act {
    Came(u8, [u8; 6]),
    Went(u8),
    Edited(u8, [u8; 6]),
    Made([u8; 6]),
    Landed,
    TakenBack,
    Remapped(bool),
    Started,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let deal = || (0u8..8, any::<[u8; 6]>());
    let act = prop_oneof![
        6 => deal().prop_map(|(id, values)| Act::Came(id, values)),
        1 => (0u8..8).prop_map(Act::Went),
        3 => deal().prop_map(|(id, values)| Act::Edited(id, values)),
        2 => any::<[u8; 6]>().prop_map(Act::Made),
        3 => Just(Act::Landed),
        1 => Just(Act::TakenBack),
        1 => any::<bool>().prop_map(Act::Remapped),
        3 => Just(Act::Started),
    ];
    proptest::collection::vec(act, 1..40)
}

fn properties(values: [u8; 6]) -> Vec<(&'static str, &'static str)> {
    let pick = |values: &[&'static str], by: u8| values[usize::from(by) % values.len()];
    vec![
        ("dealname", "A deal"),
        ("partner_id", pick(&["p1", "p1", "p2", ""], values[0])),
        ("amount", pick(&["100", "100.01", "2500.5", "", "100"], values[1])),
        ("currency", pick(&["EUR", "EUR", "USD"], values[2])),
        ("dealstage", pick(&["one", "two", "won", "lost", "one"], values[3])),
        ("pipeline", pick(&["main", "main", "side", "own"], values[4])),
        ("motion", pick(&["reseller", "referral", ""], values[5])),
        ("closedate", pick(&["2026-11-30", "2026-12-31"], values[5] / 7)),
    ]
}

type Book = BTreeMap<String, Standing>;

/// A book of a CRM with reviews.
struct Held {
    bench: Bench,
    waiting: Vec<DecisionId>,
    made: u32,
    names: BTreeMap<String, String>,
    /// What the lists showed when each review started, and its totals.
    then: Vec<(u32, Book, Vec<PipelineTotal>)>,
}

impl Held {
    fn new() -> Self {
        let bench = Bench::new();
        bench.mirror(|w| w.put_mapping(&staged(false)));
        Self { bench, waiting: Vec::new(), made: 0, names: BTreeMap::new(), then: Vec::new() }
    }

    /// Every deal with a partner, as the lists show it.
    fn book(&self) -> Book {
        let ids: Vec<String> = {
            let raw = self.bench.raw();
            let mut statement = raw.prepare("SELECT id FROM deal WHERE partner IS NOT NULL").unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
        };
        let read = |id: String| {
            let stood = self.bench.store.read(|r| r.deal_stood(&id, None)).unwrap().unwrap();
            (id, stood)
        };
        ids.into_iter().map(read).collect()
    }

    fn totals(&self) -> Vec<PipelineTotal> {
        self.bench.store.read(|r| r.reviewed_pipeline()).unwrap()
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Came(id, values) => {
                self.bench.apply(&[record(ObjectKind::Deal, &id.to_string(), &properties(*values))]);
            }
            Act::Went(id) => {
                self.bench.mirror(|w| w.mark_gone(ObjectKind::Deal, &[id.to_string()], Gone::Archived, at(1)));
            }
            Act::Edited(id, values) => {
                let known = self.bench.store.read(|r| r.mirrored(ObjectKind::Deal, &id.to_string())).unwrap();
                if known.is_some() {
                    self.waiting.push(self.bench.decide(vec![set(&id.to_string(), &properties(*values)[1..3])]));
                }
            }
            Act::Made(fields) => {
                self.made += 1;
                let desired = values(&properties(*fields)).into_iter().filter(|(_, value)| !value.is_empty()).collect();
                let kind = OpKind::Create { desired, links: Vec::new() };
                let local = format!("local:{}", self.made);
                self.waiting.push(self.bench.decide(vec![op(ObjectKind::Deal, &local, kind, &[])]));
            }
            Act::Landed => {
                if let Some(decision) = self.waiting.pop() {
                    let row = self.bench.store.read(|r| r.ops_of(&decision)).unwrap().remove(0);
                    let crm_id = match row.record.strip_prefix("local:") {
                        Some(number) => format!("crm{number}"),
                        None => row.record.clone(),
                    };
                    self.bench.land(&row.id, &crm_id);
                    self.names.insert(row.record, crm_id);
                }
            }
            Act::TakenBack => {
                if let Some(decision) = self.waiting.pop() {
                    self.bench.act("taken back", |w| w.withdraw_decision(&decision)).unwrap();
                }
            }
            Act::Remapped(turned) => self.bench.mirror(|w| w.put_mapping(&staged(*turned))),
            Act::Started => {
                let (book, totals) = (self.book(), self.totals());
                let mark = self.bench.mirror(|w| w.begin_mark());
                self.then.push((mark, book, totals));
            }
        }
    }

    /// The book of then under the ids of now.
    fn renamed(&self, book: &Book) -> Book {
        let name = |id: &String| self.names.get(id).unwrap_or(id).clone();
        book.iter().map(|(id, stood)| (name(id), stood.clone())).collect()
    }

    fn check(&self) {
        let (present, totals) = (self.book(), self.totals());
        let mut ends: Vec<(Option<u32>, Book, &Vec<PipelineTotal>)> =
            self.then.iter().map(|(mark, book, totals)| (Some(*mark), self.renamed(book), totals)).collect();
        ends.push((None, present, &totals));
        for (place, (from, then, kept)) in ends.iter().enumerate() {
            let Some(from) = from else { continue };
            assert_eq!(&sum(then), *kept, "what was counted is what was shown");
            for (until, now, _) in &ends[place + 1..] {
                let moved = self.bench.store.read(|r| r.deals_moved(*from, *until)).unwrap();
                let mut left = then.clone();
                for stood in moved {
                    let of_a_partner = |stood: Option<Standing>| stood.filter(|stood| stood.partner.is_some());
                    let id = stood.id.0;
                    assert_eq!(of_a_partner(stood.then), then.get(&id).cloned(), "{id} as it stood at {from}");
                    assert_eq!(of_a_partner(stood.now), now.get(&id).cloned(), "{id} as it stood at {until:?}");
                    left.remove(&id);
                    if let Some(stood) = now.get(&id) {
                        left.insert(id, stood.clone());
                    }
                }
                assert_eq!(&left, now, "what was not told has not moved from {from} to {until:?}");
            }
        }
    }
}

/// What is in the pipeline, by motion and currency, as the store counts it.
fn sum(book: &Book) -> Vec<PipelineTotal> {
    let mut all: BTreeMap<(Option<String>, String), PipelineTotal> = BTreeMap::new();
    for stood in book.values().filter(|stood| stood.outcome == Outcome::Open) {
        let Some(amount) = &stood.amount else { continue };
        let key = (stood.motion.map(|motion| motion.name().to_owned()), amount.currency.code().to_owned());
        let zero = || {
            let amount = drumbeat_model::money::Money { amount: 0.into(), ..amount.clone() };
            PipelineTotal { motion: stood.motion, amount, deals: 0 }
        };
        let total = all.entry(key).or_insert_with(zero);
        total.amount.amount += amount.amount;
        total.deals += 1;
    }
    all.into_values().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn how_every_deal_stood_when_a_review_started_is_known_whatever_came_after(acts in acts()) {
        let mut held = Held::new();
        for act in &acts {
            held.act(act);
        }
        held.check();
    }
}

#[test]
fn a_deal_made_here_before_a_review_is_the_same_deal_when_it_has_landed() {
    let mut held = Held::new();
    for act in [Act::Made([0; 6]), Act::Started, Act::Landed, Act::Started] {
        held.act(&act);
    }
    held.check();
    let moved = held.bench.store.read(|r| r.deals_moved(held.then[0].0, None)).unwrap();
    assert!(moved.iter().all(|stood| stood.then == stood.now), "{moved:?}");
}

#[test]
fn starting_a_review_copies_nothing_and_what_is_kept_follows_what_changes() {
    let mut held = Held::new();
    for id in 0..8 {
        held.act(&Act::Came(id, [0; 6]));
    }
    let kept = |held: &Held| -> i64 {
        held.bench.raw().query_row("SELECT count(*) FROM deal_was", [], |row| row.get(0)).unwrap()
    };
    held.act(&Act::Started);
    assert_eq!(kept(&held), 0);
    held.act(&Act::Came(3, [0, 1, 0, 0, 0, 0]));
    held.act(&Act::Came(3, [0, 2, 0, 0, 0, 0]));
    assert_eq!(kept(&held), 1, "once a review");
    held.act(&Act::Remapped(false));
    assert_eq!(kept(&held), 1, "the same again is no change");
    held.check();
}

#[test]
fn an_agenda_looks_at_the_largest_deals_of_each_motion_and_at_the_largest_stalled_ones_however_many_there_are() {
    for stalled in [7, 900] {
        let bench = Bench::new();
        bench.mirror(|w| w.put_mapping(&staged(false)));
        let deals: Vec<_> = (0..1_200u32)
            .map(|number| {
                let amount = (number.wrapping_mul(2_654_435_761) >> 8).to_string();
                let mut values = properties([0; 6]);
                values.retain(|(name, _)| !["amount", "motion", "currency", "partner_id"].contains(name));
                let motion = ["reseller", "referral", ""][number as usize % 3];
                let partner = if number % 10 == 0 { "" } else { "p1" };
                let mut values: Vec<(&str, &str)> = values;
                values.extend([("motion", motion), ("partner_id", partner), ("amount", &amount)]);
                let (currency, home) =
                    if number % 7 == 0 { ("USD", amount.clone() + "0") } else { ("EUR", amount.clone()) };
                values.extend([("currency", currency), ("amount_in_home_currency", &*home)]);
                record(ObjectKind::Deal, &format!("d{number:04}"), &values)
            })
            .collect();
        bench.apply(&deals);
        let day = crate::reader::days(today());
        let raw = bench.raw();
        raw.execute("UPDATE deal SET stalled_on = NULL", []).unwrap();
        let by_name = "UPDATE deal SET stalled_on = ?1 WHERE id IN (SELECT id FROM deal ORDER BY id LIMIT ?2)";
        raw.execute(by_name, [day, stalled]).unwrap();
        let ids = |sql: &str| -> Vec<String> {
            let mut statement = raw.prepare(sql).unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
        };
        let mut wanted = Vec::new();
        for motion in ["motion = 'reseller'", "motion = 'referral'", "motion IS NULL"] {
            wanted.extend(ids(&format!(
                "SELECT id FROM deal WHERE partner IS NOT NULL AND {motion} ORDER BY home DESC LIMIT 5"
            )));
        }
        wanted.extend(ids(&format!(
            "SELECT id FROM deal WHERE partner IS NOT NULL AND stalled_on <= {day} ORDER BY home DESC LIMIT 30"
        )));
        wanted.sort();
        wanted.dedup();
        let found = bench.store.read(|r| r.review_candidates(5, 30, today())).unwrap();
        let mut found: Vec<String> = found.into_iter().map(|id| id.0).collect();
        found.sort();
        assert_eq!(found, wanted, "{stalled} have stalled");
    }
}
