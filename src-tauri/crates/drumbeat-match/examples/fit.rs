//! Derives the tables in `src/weights/` from labelled sets: `fit DEV_DIR [WEIGHTS_DIR]`.
//!
//! DEV_DIR holds `web_companies/{registry,queries,truth}.csv` and `customs_names/pairs.csv` (see the scorer that
//! comes with them). Prints figures from five-fold cross-validation (folds by a hash of the query, or of the first
//! word of the first name) and writes the tables fitted on everything. Nothing of the sets is kept but the weights.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::cast_precision_loss, clippy::needless_range_loop)]

use std::collections::{HashMap, HashSet};

use drumbeat_match::compare::FEATURES;
use drumbeat_match::{Index, Memory, Profile, Rarity, Record, candidates, compare};

type Row = HashMap<String, String>;
const N: usize = FEATURES.len();
/// Strength of the pull towards zero; chosen once, weights stay readable.
const RIDGE: f64 = 0.5;

struct Example {
    numbers: [f64; N],
    same: bool,
    group: usize,
    fold: usize,
}

fn main() {
    let dev = std::env::args().nth(1).expect("usage: fit DEV_DIR [WEIGHTS_DIR]");
    let (web, with_match) = web(&dev);
    report("web_companies", &web, |scored| {
        let mut best: HashMap<usize, (f64, bool)> = HashMap::new();
        for (score, example) in scored {
            let top = best.entry(example.group).or_insert((f64::MIN, false));
            if *score > top.0 {
                *top = (*score, example.same);
            }
        }
        (best.into_values().collect(), with_match)
    });
    let customs = customs(&dev);
    let positive = customs.iter().filter(|example| example.same).count();
    report("customs_names", &customs, |scored| {
        (scored.iter().map(|(score, example)| (*score, example.same)).collect(), positive)
    });
    let Some(out) = std::env::args().nth(2) else { return };
    for (name, examples) in [("company", &web), ("group", &customs)] {
        let weights = fit(&examples.iter().collect::<Vec<_>>());
        let rows: String =
            FEATURES.iter().zip(&weights).map(|(feature, weight)| format!("    {weight:.3}, // {feature}\n")).collect();
        let text = format!(
            "// Written by `cargo run -p drumbeat-match --example fit`; one row a feature, in the order of FEATURES.\n[\n{rows}]\n"
        );
        std::fs::write(format!("{out}/{name}.in"), text).unwrap();
    }
}

fn read(path: &str) -> Vec<Row> {
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

fn profile(row: &Row) -> Profile {
    Profile::of(&Record {
        name: &row["name"],
        country: Some(&row["country"]),
        city: Some(&row["city"]),
        ..Record::default()
    })
}

fn fold(text: &str) -> usize {
    text.bytes().fold(5381_usize, |hash, byte| hash.wrapping_mul(33) ^ usize::from(byte)) / 7 % 5
}

fn web(dev: &str) -> (Vec<Example>, usize) {
    let registry = read(&format!("{dev}/web_companies/registry.csv"));
    let mut index = Memory::default();
    for row in &registry {
        index.add(profile(row));
    }
    let truth: HashMap<String, HashSet<String>> = read(&format!("{dev}/web_companies/truth.csv"))
        .into_iter()
        .map(|row| {
            (
                row["query_id"].clone(),
                row["account_ids"].split('|').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
            )
        })
        .collect();
    let mut examples = Vec::new();
    let (mut pairs, mut met, mut queries) = (0, 0, 0);
    for (group, query) in read(&format!("{dev}/web_companies/queries.csv")).iter().enumerate() {
        let asked = profile(query);
        let right = &truth[&query["query_id"]];
        let mut rarity = Rarity::among(index.records().unwrap());
        rarity.learn(&index, &asked).unwrap();
        let mut here = 0;
        for (id, _) in candidates(&index, &asked).unwrap() {
            let other = index.profile(id).unwrap().unwrap();
            rarity.learn(&index, &other).unwrap();
            let same = right.contains(&registry[id as usize]["account_id"]);
            here += usize::from(same);
            let numbers = compare(&asked, &other, &rarity).numbers.map(f64::from);
            examples.push(Example { numbers, same, group, fold: fold(&query["query_id"]) });
        }
        pairs += right.len();
        met += here;
        queries += usize::from(here > 0);
    }
    let with_match = truth.values().filter(|ids| !ids.is_empty()).count();
    println!(
        "candidates: {queries} of {with_match} queries have a right account among 60 ({:.4}); {met} of {pairs} right accounts ({:.4})",
        queries as f64 / with_match as f64,
        met as f64 / pairs as f64
    );
    (examples, with_match)
}

fn customs(dev: &str) -> Vec<Example> {
    let rows = read(&format!("{dev}/customs_names/pairs.csv"));
    let named = |name: &str| Profile::of(&Record { name, ..Record::default() });
    let names: HashSet<&str> = rows.iter().flat_map(|row| [row["name_1"].as_str(), row["name_2"].as_str()]).collect();
    let mut index = Memory::default();
    for name in names {
        index.add(named(name));
    }
    let example = |row: &Row| {
        let (a, b) = (named(&row["name_1"]), named(&row["name_2"]));
        let mut rarity = Rarity::among(index.records().unwrap());
        rarity.learn(&index, &a).unwrap();
        rarity.learn(&index, &b).unwrap();
        let numbers = compare(&a, &b, &rarity).numbers.map(f64::from);
        let first = a.words.first().map_or("", |word| word.text.as_str());
        Example { numbers, same: row["is_duplicate"] == "1", group: 0, fold: fold(first) }
    };
    rows.iter().map(example).collect()
}

/// Prints F1 (threshold chosen on the cross-validated scores) and recall at precision .95.
fn report(name: &str, examples: &[Example], tops: impl Fn(&[(f64, &Example)]) -> (Vec<(f64, bool)>, usize)) {
    let mut scored = Vec::new();
    for fold in 0..5 {
        let weights = fit(&examples.iter().filter(|example| example.fold != fold).collect::<Vec<_>>());
        scored.extend(
            examples.iter().filter(|example| example.fold == fold).map(|e| (logistic(&weights, &e.numbers), e)),
        );
    }
    let (mut answers, positive) = tops(&scored);
    answers.sort_by(|x, y| y.0.total_cmp(&x.0));
    let (mut right, mut best, mut at95) = (0, (0.0, 0.0), 0.0_f64);
    for (k, (score, ok)) in answers.iter().enumerate() {
        right += usize::from(*ok);
        let (precision, recall) = (right as f64 / (k + 1) as f64, right as f64 / positive as f64);
        let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
        if f1 > best.0 {
            best = (f1, *score);
        }
        if precision >= 0.95 {
            at95 = at95.max(recall);
        }
    }
    println!("{name}: F1 {:.4} at {:.2}, recall at precision .95 {at95:.4}", best.0, best.1);
    for (from, to) in [(0.05, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.01)] {
        let band: Vec<&(f64, &Example)> = scored.iter().filter(|(score, _)| (from..to).contains(score)).collect();
        let said = band.iter().map(|(score, _)| score).sum::<f64>() / band.len().max(1) as f64;
        let held = band.iter().filter(|(_, example)| example.same).count() as f64 / band.len().max(1) as f64;
        println!("  said {said:.3}, held {held:.3} ({} pairs)", band.len());
    }
}

fn logistic(weights: &[f64; N], numbers: &[f64; N]) -> f64 {
    let sum: f64 = weights.iter().zip(numbers).map(|(weight, number)| weight * number).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// Ridge logistic regression by Newton's method.
fn fit(examples: &[&Example]) -> [f64; N] {
    let mut weights = [0.0; N];
    for _ in 0..14 {
        let mut gradient = [0.0; N];
        let mut curve = vec![[0.0; N]; N];
        for example in examples {
            let p = logistic(&weights, &example.numbers);
            let error = f64::from(u8::from(example.same)) - p;
            let bend = (p * (1.0 - p)).max(1e-9);
            for i in 0..N {
                let x = example.numbers[i];
                if x != 0.0 {
                    gradient[i] += error * x;
                    for j in 0..=i {
                        curve[i][j] += bend * x * example.numbers[j];
                    }
                }
            }
        }
        for i in 0..N {
            gradient[i] -= RIDGE * weights[i];
            curve[i][i] += RIDGE;
        }
        let step = solve(&mut curve, gradient);
        for i in 0..N {
            weights[i] += step[i];
        }
    }
    weights
}

/// Solves `curve * step = gradient`; `curve` is symmetric and positive, its lower half is given.
fn solve(curve: &mut [[f64; N]], gradient: [f64; N]) -> [f64; N] {
    for i in 0..N {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| curve[i][k] * curve[j][k]).sum();
            let rest = curve[i][j] - sum;
            curve[i][j] = if i == j { rest.max(1e-12).sqrt() } else { rest / curve[j][j] };
        }
    }
    let mut y = [0.0; N];
    for i in 0..N {
        let sum: f64 = (0..i).map(|k| curve[i][k] * y[k]).sum();
        y[i] = (gradient[i] - sum) / curve[i][i];
    }
    let mut step = [0.0; N];
    for i in (0..N).rev() {
        let sum: f64 = (i + 1..N).map(|k| curve[k][i] * step[k]).sum();
        step[i] = (y[i] - sum) / curve[i][i];
    }
    step
}
