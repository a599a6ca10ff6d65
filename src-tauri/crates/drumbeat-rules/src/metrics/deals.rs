//! Numbers of deals by who brought them: revenue, pipeline, winning, targets (K-01 to K-04, K-06, K-18).

use drumbeat_model::crm::Outcome;
use drumbeat_model::deal::Attribution;
use drumbeat_model::metrics::{MetricBy, MetricTopic, MetricUnit};
use rust_decimal::Decimal;

use super::{
    Behind, OPEN, Part, Row, Stand, WON, average, by, count, cycle, direct_win_rate, part_of, percent, sum, told,
    weighted, win_rate,
};

pub(super) const ROWS: &[Row] = &[
    Row {
        id: "sourced_revenue",
        topic: MetricTopic::Revenue,
        by: MetricBy::ALL,
        rule: "K-01",
        name: "Sourced revenue",
        definition: "Amounts of deals won in the quarter that a partner sourced. At most: those whose partner's part is not told as well.",
        unit: MetricUnit::Money,
        records: by(Outcome::Won, Some(Attribution::Sourced)),
        behind: Behind::Deals,
        is_of_now: false,
        tell: |ledger| part_of(ledger, Stand::Won, Part::Sourced),
        direct: Some(|ledger| Some(ledger.of(Stand::Won, Part::Direct).amount)),
    },
    Row {
        id: "influenced_revenue",
        topic: MetricTopic::Revenue,
        by: MetricBy::ALL,
        rule: "K-01",
        name: "Influenced revenue",
        definition: "Amounts of deals won in the quarter that a partner influenced, each whole. At most: those whose partner's part is not told as well.",
        unit: MetricUnit::Money,
        records: by(Outcome::Won, Some(Attribution::Influenced)),
        behind: Behind::Deals,
        is_of_now: false,
        tell: |ledger| part_of(ledger, Stand::Won, Part::Influenced),
        direct: None,
    },
    Row {
        id: "influenced_weighted",
        topic: MetricTopic::Revenue,
        by: MetricBy::ALL,
        rule: "K-01",
        name: "Influenced, weighted",
        definition: "The attribution percentage of each influenced deal won in the quarter. At most: their whole amounts, while some tell no percentage, and those whose partner's part is not told.",
        unit: MetricUnit::Money,
        records: by(Outcome::Won, Some(Attribution::Influenced)),
        behind: Behind::Deals,
        is_of_now: false,
        tell: weighted,
        direct: None,
    },
    Row {
        id: "revenue",
        topic: MetricTopic::Revenue,
        by: MetricBy::ALL,
        rule: "K-02",
        name: "Partner revenue",
        definition: "Amounts of all deals with a partner that were won in the quarter.",
        unit: MetricUnit::Money,
        records: WON,
        behind: Behind::Deals,
        is_of_now: false,
        tell: |ledger| sum(ledger.partnered(Stand::Won)),
        direct: Some(|ledger| Some(ledger.of(Stand::Won, Part::Direct).amount)),
    },
    Row {
        id: "won",
        topic: MetricTopic::Revenue,
        by: MetricBy::ALL,
        rule: "K-02",
        name: "Deals won",
        definition: "Deals with a partner that were won in the quarter.",
        unit: MetricUnit::Count,
        records: WON,
        behind: Behind::Deals,
        is_of_now: false,
        tell: |ledger| count(ledger.partnered(Stand::Won)),
        direct: Some(|ledger| Some(ledger.of(Stand::Won, Part::Direct).deals.into())),
    },
    Row {
        id: "win_rate",
        topic: MetricTopic::Winning,
        by: MetricBy::ALL,
        rule: "K-03",
        name: "Win rate",
        definition: "Deals won of deals won and lost in the quarter, by number, with a partner.",
        unit: MetricUnit::Percent,
        records: None,
        behind: Behind::Closed,
        is_of_now: false,
        tell: |ledger| {
            let (rate, closed) = win_rate(ledger.partnered(Stand::Won), ledger.partnered(Stand::Lost));
            told(rate, closed, closed)
        },
        direct: Some(direct_win_rate),
    },
    Row {
        id: "win_rate_difference",
        topic: MetricTopic::Winning,
        by: MetricBy::ALL,
        rule: "K-03",
        name: "Win rate against direct",
        definition: "The win rate with a partner less that without one, in percentage points.",
        unit: MetricUnit::Points,
        records: None,
        behind: Behind::Closed,
        is_of_now: false,
        tell: |ledger| {
            let (rate, closed) = win_rate(ledger.partnered(Stand::Won), ledger.partnered(Stand::Lost));
            told(rate.zip(direct_win_rate(ledger)).map(|(ours, theirs)| ours - theirs), closed, closed)
        },
        direct: None,
    },
    Row {
        id: "average_won",
        topic: MetricTopic::Winning,
        by: MetricBy::ALL,
        rule: "K-02",
        name: "Average deal, won",
        definition: "Amounts of the deals won in the quarter with a partner, by those that have one.",
        unit: MetricUnit::Money,
        records: WON,
        behind: Behind::Deals,
        is_of_now: false,
        tell: |ledger| average(ledger.partnered(Stand::Won)),
        direct: Some(|ledger| average(ledger.of(Stand::Won, Part::Direct)).value),
    },
    Row {
        id: "average_closed",
        topic: MetricTopic::Winning,
        by: MetricBy::ALL,
        rule: "K-02",
        name: "Average deal, won and lost",
        definition: "Amounts of all deals closed in the quarter with a partner, won or lost, by those that have one.",
        unit: MetricUnit::Money,
        records: None,
        behind: Behind::Closed,
        is_of_now: false,
        tell: |ledger| average(ledger.partnered(Stand::Won) + ledger.partnered(Stand::Lost)),
        direct: Some(|ledger| {
            average(ledger.of(Stand::Won, Part::Direct) + ledger.of(Stand::Lost, Part::Direct)).value
        }),
    },
    Row {
        id: "cycle",
        topic: MetricTopic::Winning,
        by: MetricBy::ALL,
        rule: "K-04",
        name: "Sales cycle",
        definition: "Average days from creation to closing of the deals won in the quarter with a partner.",
        unit: MetricUnit::Days,
        records: WON,
        behind: Behind::Deals,
        is_of_now: false,
        tell: |ledger| {
            let won = ledger.partnered(Stand::Won);
            told(cycle(won), won.cycled, won.deals)
        },
        direct: Some(|ledger| cycle(ledger.of(Stand::Won, Part::Direct))),
    },
    Row {
        id: "created",
        topic: MetricTopic::Pipeline,
        by: MetricBy::ALL,
        rule: "K-01",
        name: "Pipeline created",
        definition: "Amounts of the deals with a partner that were created in the quarter, as they are now.",
        unit: MetricUnit::Money,
        records: None,
        behind: Behind::Created,
        is_of_now: false,
        tell: |ledger| sum(ledger.partnered(Stand::Created)),
        direct: Some(|ledger| Some(ledger.of(Stand::Created, Part::Direct).amount)),
    },
    Row {
        id: "sourced_pipeline",
        topic: MetricTopic::Pipeline,
        by: MetricBy::ALL,
        rule: "K-01",
        name: "Sourced pipeline",
        definition: "Amounts of open deals that a partner sourced. At most: those whose partner's part is not told as well.",
        unit: MetricUnit::Money,
        records: by(Outcome::Open, Some(Attribution::Sourced)),
        behind: Behind::Deals,
        is_of_now: true,
        tell: |ledger| part_of(ledger, Stand::Open, Part::Sourced),
        direct: Some(|ledger| Some(ledger.of(Stand::Open, Part::Direct).amount)),
    },
    Row {
        id: "influenced_pipeline",
        topic: MetricTopic::Pipeline,
        by: MetricBy::ALL,
        rule: "K-01",
        name: "Influenced pipeline",
        definition: "Amounts of open deals that a partner influenced, each whole. At most: those whose partner's part is not told as well.",
        unit: MetricUnit::Money,
        records: by(Outcome::Open, Some(Attribution::Influenced)),
        behind: Behind::Deals,
        is_of_now: true,
        tell: |ledger| part_of(ledger, Stand::Open, Part::Influenced),
        direct: None,
    },
    Row {
        id: "weighted_pipeline",
        topic: MetricTopic::Pipeline,
        by: MetricBy::ALL,
        rule: "K-02",
        name: "Weighted pipeline",
        definition: "Amounts of open deals with a partner, each by the chance of its stage in the CRM.",
        unit: MetricUnit::Money,
        records: OPEN,
        behind: Behind::Deals,
        is_of_now: true,
        tell: |ledger| {
            let open = ledger.partnered(Stand::Open);
            told(Some(open.expected), open.priced, open.deals)
        },
        direct: Some(|ledger| Some(ledger.of(Stand::Open, Part::Direct).expected)),
    },
    Row {
        id: "target",
        topic: MetricTopic::Revenue,
        by: MetricBy::ALL,
        rule: "K-18",
        name: "Target met",
        definition: "Partner revenue of the quarter of its target.",
        unit: MetricUnit::Percent,
        records: WON,
        behind: Behind::Deals,
        is_of_now: false,
        tell: |ledger| {
            let won = ledger.partnered(Stand::Won);
            told(ledger.target.and_then(|target| percent(won.amount, target)), won.priced, won.deals)
        },
        direct: None,
    },
    Row {
        id: "coverage",
        topic: MetricTopic::Pipeline,
        by: MetricBy::ALL,
        rule: "K-06",
        name: "Pipeline coverage",
        definition: "Open pipeline with partners by what is left of the quarter's target.",
        unit: MetricUnit::Ratio,
        records: OPEN,
        behind: Behind::Deals,
        is_of_now: true,
        tell: |ledger| {
            let open = ledger.partnered(Stand::Open);
            let left = ledger.target.map(|target| target - ledger.partnered(Stand::Won).amount);
            let times = left.filter(|left| *left > Decimal::ZERO).and_then(|left| open.amount.checked_div(left));
            told(times.map(|times| times.round_dp(1)), open.priced, open.deals)
        },
        direct: None,
    },
    Row {
        id: "touched",
        topic: MetricTopic::Pipeline,
        by: MetricBy::ALL,
        rule: "K-01",
        name: "Touched by partners",
        definition: "Of the amounts created in the quarter, those with a partner.",
        unit: MetricUnit::Percent,
        records: None,
        behind: Behind::Created,
        is_of_now: false,
        tell: |ledger| {
            let (ours, direct) = (ledger.partnered(Stand::Created), ledger.of(Stand::Created, Part::Direct));
            let all = ours + direct;
            told(percent(ours.amount, all.amount), all.priced, all.deals)
        },
        direct: None,
    },
];
