import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Backtest, DealForecast, Forecast, ForecastDeal, ForecastQuery, ForecastSum } from "./api/api.gen";
import { STATUS, byName, openWindow, sent } from "./test-kit";

const NOW = "2026-11-16T08:30:00Z";
const money = (amount: string) => ({ amount, currency: "EUR" });
const sum = (won: string, pipeline: string, expected: string, low: string, high: string, open_deals = 4): ForecastSum => ({ won: money(won), won_deals: won === "0" ? 0 : 2, open_deals, pipeline: money(pipeline), expected: money(expected), low: money(low), high: money(high), expected_wins: 1.5 });
const NOTHING = sum("0", "0", "0", "0", "0", 0);
const deal = (id: string, name: string, chance: number, more: Partial<ForecastDeal> = {}): ForecastDeal => ({ deal: id, name, motion: "reseller", credit: "sourced", stage: "Proposal", stalled: false, amount: money("40000"), assumed_amount: false, chance, ...more });
const ROWS = [deal("d1", "Hansa rollout", 0.42), deal("d2", "Altmark core", 0.004, { stalled: true, assumed_amount: true })];

let learnt = true;

function forecast({ by }: ForecastQuery): Forecast {
  const total = sum("20000", "160000", "62000.25", "41000", "88000");
  return {
    as_of: "2026-11-16",
    from: "2026-10-01",
    by: by ?? "2026-12-31",
    learnt_on: learnt ? "2026-11-16" : null,
    learnt_from: learnt ? 310 : 0,
    currencies: [
      {
        currency: "EUR",
        total,
        by_motion: [{ motion: "reseller", sum: sum("20000", "120000", "50000", "30000", "70000") }, { motion: null, sum: sum("0", "40000", "12000", "0", "40000") }],
        by_credit: [{ credit: "sourced", sum: total }],
        partnered: total,
        active: sum("0", "120000", "40000", "10000", "70000"),
        stalled: NOTHING,
        not_yet_there: NOTHING,
      },
    ],
    target: { bookings: money("80000"), chance: 0.18 },
    deals: ROWS,
    open: 8,
    without_amount: 1,
    without_motion: 0,
    without_attribution: 0,
    notes: ["1 open deals have no amount: the mean win of their motion stands for it."],
  };
}

const OPENED: DealForecast = {
  row: ROWS[0] as ForecastDeal,
  by: "2026-12-31",
  factors: [{ kind: "base", times: 0.3, learnt_from: 310 }, { kind: "stage", times: 1.4, learnt_from: 0 }],
  days_left: 24,
  crm: 0.6,
  says: "42 %",
};

const REPORT: Backtest = {
  as_of: "2026-11-16",
  origins: ["2026-06-01", "2026-07-01"],
  horizons: [
    {
      days: 30,
      asked: 200,
      won: 30,
      scores: [{ who: "drumbeat", brier: 0.101, log_loss: 0.34 }, { who: "base_rate", brier: 0.1255, log_loss: 0.4 }],
      calibration: [{ deals: 100, said: 0.05, came: 0.04 }, { deals: 100, said: 0.25, came: 0.26 }],
      calibration_error: 0.01,
      coverage: 0.8,
    },
  ],
  totals: { rows: [], median_off: 0.08, coverage: 0.75 },
  verdict: "Better than the base rate at 30 days (Brier 0.1010 against 0.1255).",
  beats_base_rate: true,
  notes: [],
  cancelled: false,
};

function open(path: string) {
  const answers = {
    status: { ...STATUS, now: NOW, last_sync: NOW },
    settings: { theme: "system", lock_after: 0, owners: [] },
    metrics: { now: NOW, quarter: "2026Q4", currency: "EUR", counts: "", definitions: [], program: [], groups: [], more: 0, trend: [], pending: 0 },
    forecast,
    forecast_deal: OPENED,
    backtest: REPORT,
    deals: { rows: [], next: null, total: 0 },
    deal_totals: { count: 0, sums: [] },
    deal_views: [],
    partners: { rows: [], next: null, total: 0 },
    mapping: { pipelines: [] },
    reviews: [],
  };
  return openWindow(path, byName(() => answers));
}

beforeEach(() => {
  learnt = true;
});

describe("the forecast", () => {
  it("says what the quarter comes to, between what, and how likely the target is", async () => {
    open("/metrics?view=forecast");
    const table = await screen.findByRole("table", { name: "What it comes to, in EUR" });
    const row = within(table).getByRole("row", { name: /^Everything/ });
    expect(within(row).getAllByRole("cell").map((cell) => cell.textContent)).toEqual(["€20 k", "€160 k in 4 deals", "€62 k", "€41 k to €88 k"]);
    expect(within(table).queryByRole("row", { name: /stalled/ })).toBeNull();
    expect(screen.getByText("target with partners €80 k:", { exact: false }).textContent).toContain("18 % to be met by what is there now");
    expect(sent("forecast").at(-1)).toEqual({ by: null, motion: null, partner: null, limit: 100 });
  });

  it("asks for another end, and comes by its key", async () => {
    open("/metrics");
    await screen.findByRole("tab", { name: "Forecast" });
    await userEvent.keyboard("9");
    await userEvent.click(await screen.findByRole("button", { name: /Until/ }));
    await userEvent.click(await screen.findByRole("option", { name: "30 days" }));
    await vi.waitFor(() => expect(sent("forecast").at(-1)).toMatchObject({ by: "2026-12-16" }));
  });

  it("opens a deal's chance into what it is made of, and leads to the deal", async () => {
    const { router } = open("/metrics?view=forecast");
    await screen.findByRole("grid", { name: "Deals that move it most" });
    await userEvent.keyboard("j{Enter}");
    const aside = await screen.findByRole("complementary");
    expect(sent("forecast_deal").at(-1)).toMatchObject({ by: null });
    const rows = within(await within(aside).findByRole("table", { name: "What it is made of" })).getAllByRole("row");
    expect(rows.map((row) => row.textContent)).toEqual(["Made ofTimesLearnt from", "All open deals30 %310", "Its stage×1.40nothing yet"]);
    await userEvent.click(within(aside).getByRole("link", { name: "Open the deal" }));
    await vi.waitFor(() => expect(router.state.location.pathname).toBe("/deals"));
    expect(router.state.location.search).toMatchObject({ open: "d1" });
  });

  it("plays the past again when it is asked to, and tells how it did", async () => {
    open("/metrics?view=forecast");
    await screen.findByText("Not held against the past yet");
    expect(sent("backtest")).toEqual([]);
    await userEvent.keyboard("b");
    expect(await screen.findByText(/^Better than the base rate at 30 days/)).toBeTruthy();
    const scores = screen.getByRole("table", { name: "Scores 30 days ahead, less is better" });
    expect(within(scores).getByRole("row", { name: /This forecast/ }).textContent).toContain("0.1010");
    expect(screen.getByText("100 deals: said 25 %, came 26 %", { selector: "li" })).toBeTruthy();
  });

  it("says that there is nothing to learn from", async () => {
    learnt = false;
    open("/metrics?view=forecast");
    expect(await screen.findByText("Nothing to forecast from")).toBeTruthy();
  });

  it("has nothing that axe complains about", async () => {
    const { container } = open("/metrics?view=forecast&deal=d1");
    await screen.findByRole("complementary");
    await userEvent.keyboard("b");
    await screen.findByText(/^Better than/);
    const { violations } = await axe.run(container.ownerDocument.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  });
});
