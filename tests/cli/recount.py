"""The program's numbers of deals, counted anew from the CRM's own answers.

Arguments: a file with the properties of all deals, one with all stages (with the motion of their pipeline, where it has
one), both as the CRM tells them; the quarter, the month in which years begin. Prints the numbers of the program, and
by motion, partner, owner and quarter, money as exact texts. It knows nothing of how Drumbeat keeps them.
"""

import json
import sys
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

import duckdb

deals, stages, quarter, starts = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
base = duckdb.connect()
columns = [
    "amount", "closedate", "createdate", "dealstage", "pipeline", "hubspot_owner_id", "partner_organisation",
    "partner_motion", "partner_attribution", "partner_attribution_pct", "deal_registration_id", "protection_start",
    "deal_kind",
]
base.execute(
    "CREATE TABLE raw AS SELECT * FROM read_json(?, format = 'array', columns = ?)",
    [deals, {name: "VARCHAR" for name in columns}],
)
base.execute(
    "CREATE TABLE stage AS SELECT * FROM read_json(?, format = 'array', columns = ?)",
    [stages, {"pipeline": "VARCHAR", "id": "VARCHAR", "closed": "VARCHAR", "chance": "VARCHAR", "motion": "VARCHAR"}],
)
base.execute("""
CREATE TABLE deal AS SELECT
    nullif(partner_organisation, '') AS partner,
    coalesce(nullif(partner_motion, ''), stage.motion, '') AS motion,
    coalesce(hubspot_owner_id, '') AS owner,
    partner_attribution AS attribution,
    CAST(nullif(amount, '') AS DECIMAL(18, 4)) AS amount,
    CAST(nullif(partner_attribution_pct, '') AS DECIMAL(9, 0)) AS percent,
    CAST(left(nullif(closedate, ''), 10) AS DATE) AS closes,
    CAST(left(nullif(createdate, ''), 10) AS DATE) AS created,
    CASE WHEN stage.closed <> 'true' THEN 'open' WHEN CAST(stage.chance AS DECIMAL(5, 2)) > 0 THEN 'won' ELSE 'lost' END AS stands,
    CAST(stage.chance AS DECIMAL(5, 2)) AS chance,
    nullif(deal_registration_id, '') IS NOT NULL AS registered,
    CAST(nullif(protection_start, '') AS DATE) AS protected,
    nullif(deal_kind, '') AS kind
FROM raw JOIN stage ON raw.dealstage = stage.id AND raw.pipeline = stage.pipeline
""")
assert base.execute("SELECT (SELECT count(*) FROM raw) = (SELECT count(*) FROM deal)").fetchone()[0], "a deal has no stage"


def first_day(text):
    """The first day of a quarter of a year that is called by the calendar year in which it ends."""
    year, number = int(text[:4]), int(text[5])
    month = starts + 3 * (number - 1)
    year -= starts > 1
    return date(year + (month > 12), (month - 1) % 12 + 1, 1)


def after(text):
    year, number = int(text[:4]), int(text[5])
    return f"{year + 1}Q1" if number == 4 else f"{year}Q{number + 1}"


def before(text):
    year, number = int(text[:4]), int(text[5])
    return f"{year - 1}Q4" if number == 1 else f"{year}Q{number - 1}"


SUMS = """
    coalesce(sum(amount) FILTER (stands = 'won' AND within AND partner IS NOT NULL), 0),
    coalesce(sum(amount) FILTER (stands = 'won' AND within AND partner IS NOT NULL AND attribution = 'sourced'), 0),
    coalesce(sum(amount) FILTER (stands = 'won' AND within AND partner IS NOT NULL AND attribution = 'influenced'), 0),
    coalesce(sum(amount * percent) FILTER (stands = 'won' AND within AND partner IS NOT NULL AND attribution = 'influenced'), 0),
    count(*) FILTER (stands = 'won' AND within AND partner IS NOT NULL),
    count(*) FILTER (stands = 'lost' AND within AND partner IS NOT NULL),
    count(*) FILTER (stands = 'won' AND within AND partner IS NULL),
    count(*) FILTER (stands = 'lost' AND within AND partner IS NULL),
    count(amount) FILTER (stands = 'won' AND within AND partner IS NOT NULL),
    coalesce(sum(closes - created) FILTER (stands = 'won' AND within AND partner IS NOT NULL AND closes >= created), 0),
    count(closes - created) FILTER (stands = 'won' AND within AND partner IS NOT NULL AND closes >= created),
    coalesce(sum(amount) FILTER (stands = 'open' AND partner IS NOT NULL AND attribution = 'sourced'), 0),
    coalesce(sum(amount * chance) FILTER (stands = 'open' AND partner IS NOT NULL), 0),
    coalesce(sum(amount) FILTER (made AND partner IS NOT NULL), 0),
    count(*) FILTER (stands = 'won' AND within AND partner IS NOT NULL AND registered),
    count(*) FILTER (stands = 'lost' AND within AND partner IS NOT NULL AND registered),
    coalesce(sum(closes - protected) FILTER (stands = 'won' AND within AND partner IS NOT NULL AND registered AND closes >= protected), 0),
    count(closes - protected) FILTER (stands = 'won' AND within AND partner IS NOT NULL AND registered AND closes >= protected),
    count(*) FILTER (stands = 'won' AND within AND partner IS NOT NULL AND kind = 'renewal'),
    count(*) FILTER (stands = 'lost' AND within AND partner IS NOT NULL AND kind = 'renewal')
"""


def exact(value):
    return Decimal(str(value))


def share(part, of, places="0.1", times=100):
    return None if of == 0 else (exact(part) * times / exact(of)).quantize(Decimal(places), ROUND_HALF_EVEN)


def less(ours, theirs):
    return None if ours is None or theirs is None else ours - theirs


def counted(key, text):
    rows = base.execute(
        f"SELECT {key}, {SUMS} FROM (SELECT *, closes >= ? AND closes < ? AS within, created >= ? AND created < ? AS made "
        "FROM deal) GROUP BY 1",
        [first_day(text), first_day(after(text))] * 2,
    ).fetchall()
    told = {}
    for (of, revenue, sourced, influenced, weighted, won, lost, direct_won, direct_lost, priced, days, cycled, pipeline,
         expected, created, kept, missed, age, aged, renewed, left) in rows:
        rate = share(won, won + lost)
        told[of] = {
            "revenue": revenue,
            "sourced_revenue": sourced,
            "influenced_revenue": influenced,
            "influenced_weighted": exact(weighted) / 100,
            "won": won,
            "win_rate": rate,
            "win_rate_difference": less(rate, share(direct_won, direct_won + direct_lost)),
            "average_won": share(revenue, priced, "0.01", 1),
            "cycle": share(days, cycled, "0.1", 1),
            "sourced_pipeline": pipeline,
            "weighted_pipeline": expected,
            "created": created,
            "registered_conversion": share(kept, kept + missed),
            "velocity": share(age, aged, "0.1", 1),
            "renewal_rate": share(renewed, renewed + left),
        }
    return told


quarters = [quarter]
while len(quarters) < 6:
    quarters.insert(0, before(quarters[0]))
# What is open is open now, and not in a quarter that is over.
OPEN = ("sourced_pipeline", "weighted_pipeline")
by_quarter = {one: counted("''", one).get("", {}) for one in quarters}
for one in quarters[:-1]:
    by_quarter[one] = {name: None if name in OPEN else value for name, value in by_quarter[one].items()}
print(json.dumps({
    "program": counted("''", quarter)[""],
    "motion": counted("motion", quarter),
    "partner": {key: value for key, value in counted("coalesce(partner, '')", quarter).items() if key},
    "owner": counted("owner", quarter),
    "quarter": by_quarter,
}, default=str))
