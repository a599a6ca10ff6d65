import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { DealFilter, Metric, MetricDefinition, MetricsQuery, MetricsReport } from "./api/api.gen";
import { STATUS, byName, openWindow, sent } from "./test-kit";

const NOW = "2026-11-16T08:30:00Z";
const definition = (id: string, name: string, unit: MetricDefinition["unit"]): MetricDefinition => ({ id, rule: "K-01", name, definition: `${name}, as it is counted.`, unit, topic: "revenue", by: ["motion", "partner", "tier", "type", "region", "owner", "quarter"] });
const DEFINITIONS = [definition("revenue", "Partner revenue", "money"), definition("win_rate", "Win rate", "percent"), definition("touched", "Touched by partners", "percent")];
const metric = (value: string | null, records: DealFilter | null, more: Partial<Metric> = {}): Metric => ({ value, before: "57000", year_ago: null, direct: "99000", known: 4, of: 5, range: null, records, ...more });
const won = (quarter: string): DealFilter => ({ outcome: "won", partnered: true, closes_from: quarter === "2026Q4" ? "2026-10-01" : "2026-07-01", closes_to: quarter === "2026Q4" ? "2026-12-31" : "2026-09-30" });
const numbers = (revenue: string, records: DealFilter | null) => [metric(revenue, records, { range: [revenue, "70000"] }), metric("62.5", records), metric("12", null)];

let refused: object | null = null;
let deals = 5;

function report({ quarter, by }: MetricsQuery): MetricsReport {
  const of = quarter ?? "2026Q4";
  const group = (key: string, label: string, revenue: string) => ({ key, label, metrics: numbers(revenue, key === "" ? null : { ...won(of), motion: "reseller" as const }) });
  return {
    now: NOW,
    quarter: of,
    currency: "EUR",
    counts: "All pipelines, amounts as the CRM converts them",
    definitions: DEFINITIONS,
    program: numbers(of === "2026Q4" ? "30000.25" : "20000", won(of)).map((one) => ({ ...one, known: Math.min(4, deals), of: deals })),
    groups: by === null ? [] : [group("p1", "Altmark IT", "9000"), group("p2", "Hansa Cloud", "21000"), group("", "No partner", "0")],
    more: 0,
    trend: [{ quarter: of, sourced: "30000", influenced: "20000", untold: "7000", direct: "43000", won: deals, lost: 0 }],
    declines: [],
    pending: 2,
  };
}

function open(path: string) {
  const answers = {
    status: { ...STATUS, now: NOW, last_sync: refused === null ? NOW : null },
    settings: { theme: "system", lock_after: 0, owners: [] },
    metrics: (request: MetricsQuery) => refused ?? report(request),
    attainment: { from: "2026-10-01", to: "2026-11-16", rows: [{ rule: "S-02", name: "Decision", target: "48 hours", met: 9, breached: 2, over: 1, baseline: 0, median_left: null, reached: null, worst: [], partial: false }] },
    metric_records: {
      name: "Touched by partners",
      rows: [
        { opens: "deal", id: "d1", title: "Ostermann Retail", note: "Altmark IT, won", on: "2026-10-12", amount: { amount: "41000", currency: "EUR" } },
        { opens: "partner", id: "p1", title: "Altmark IT", note: "at work in the quarter", on: null, amount: null },
      ],
      more: false,
    },
    stage_steps: { quarter: "2026Q4", stages: [{ motion: "reseller", stage: "Qualification", partner: { count: 12, onward: "75", days: "18.5", timed: 9 }, direct: { count: 3, onward: "33.3", days: null, timed: 0 } }] },
    targets: [
      { quarter: "2026Q3", bookings: "900000" },
      { quarter: "2026Q4", partner: "p1", bookings: "50000" },
      { quarter: "2026Q4", motion: "reseller", bookings: "400000" },
    ],
    save_targets: (request: { targets: unknown[] }) => request.targets,
    import_targets: [{ quarter: "2027Q1", bookings: "1" }],
    engagement: {
      quarter: "2026Q4",
      partners: 12,
      touched: 9,
      touches: 84,
      rows: Array.from({ length: 10 }, (_, n) => ({ partner: `p${String(n)}`, name: `Partner ${String(n)}`, touches: n, before: 4, last: n === 0 ? null : "2026-11-10T09:00:00Z", open: 20 - n, engaged: n })),
      more: 2,
    },
    export_metrics: { file: "/home/m/Numbers.csv", rows: 24 },
    deals: { rows: [], next: null, total: 0 },
    deal_totals: { count: 0, sums: [] },
    deal_views: [],
    partners: { rows: [{ id: "p1", name: "Altmark IT" }, { id: "p2", name: "Hansa Cloud" }], next: null, total: 2 },
    mapping: { pipelines: [] },
    reviews: [],
  };
  return openWindow(path, byName(() => answers));
}

/** Tab, as often as it takes. */
async function tabTo(to: HTMLElement): Promise<void> {
  await userEvent.tab();
  if (document.activeElement !== to) await tabTo(to);
}

beforeEach(() => {
  [refused, deals] = [null, 5];
});

describe("the program on one page", () => {
  it("says each number with what it is compared with, how much is known and what it could be", async () => {
    open("/metrics");
    const tile = (await screen.findByRole("button", { name: "Partner revenue" })).closest("li") as HTMLElement;
    for (const words of ["€30 k", "quarter before", "€57 k", "direct", "€99 k", "4 of 5 known", "€30 k to €70 k"]) expect(within(tile).getByText(words)).toBeTruthy();
    expect(within(tile).queryByText("a year ago")).toBeNull();
    expect(screen.getByRole("link", { name: "2 changes are not in the CRM yet; the numbers count them" })).toBeTruthy();
    expect(screen.getByText("Q4 2026 to date, everything in EUR")).toBeTruthy();
  });

  it("a number says its definition when the focus comes by key, and opens its deals", async () => {
    const { router } = open("/metrics");
    const name = await screen.findByRole("button", { name: "Partner revenue" });
    await tabTo(name);
    const tip = await screen.findByRole("tooltip");
    expect(tip.textContent).toContain("Partner revenue, as it is counted.");
    expect(tip.textContent).toContain("€30,000.25, 4 of 5 known; if what is missing went either way, €30,000.25 to €70,000.00");
    expect(name.getAttribute("aria-describedby")).toBe(tip.id);
    await userEvent.keyboard("{Enter}");
    await vi.waitFor(() => expect(router.state.location.pathname).toBe("/deals"));
    expect(router.state.location.search).toEqual({ view: "all", outcome: "won", partnered: "yes", from: "2026-10-01", to: "2026-12-31" });
  });

  it("a number that no list of deals stands for opens its records, and one of them where it lives", async () => {
    const { router } = open("/metrics?quarter=2026Q3");
    await userEvent.click(await screen.findByRole("button", { name: "Touched by partners" }));
    const dialog = await screen.findByRole("dialog", { name: "Touched by partners" });
    expect(sent("metric_records").at(-1)).toEqual({ id: "touched", quarter: "2026Q3", group: null });
    expect(within(dialog).getAllByRole("row").slice(1).map((row) => row.textContent)).toEqual(["Ostermann RetailAltmark IT, won12 Oct€41,000", "Altmark ITat work in the quarter––"]);
    expect(router.state.location.search).toEqual({ quarter: "2026Q3", behind: "touched" });
    await userEvent.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(router.state.location.search).toEqual({ quarter: "2026Q3" });
    await userEvent.click(screen.getByRole("button", { name: "Touched by partners" }));
    await userEvent.click(within(await screen.findByRole("dialog")).getByRole("link", { name: "Ostermann Retail" }));
    await vi.waitFor(() => expect(router.state.location.pathname).toBe("/deals"));
    expect(router.state.location.search).toEqual({ view: "all", open: "d1" });
  });

  it("has the revenue of the quarters as a table for a screen reader, to the cent", async () => {
    open("/metrics");
    const table = await screen.findByRole("table", { name: "Closed revenue" });
    expect(within(table).getAllByRole("columnheader").map((cell) => cell.textContent)).toEqual(["Quarter", "Sourced", "Influenced", "Partner’s part not told", "Direct", "Deals won", "Lost"]);
    expect(within(table).getAllByRole("cell").map((cell) => cell.textContent)).toEqual(["€30,000.00", "€20,000.00", "€7,000.00", "€43,000.00", "5", "0"]);
  });

  it("goes from quarter to quarter by keys, and not past the running one", async () => {
    const { router } = open("/metrics");
    await screen.findByText("Q4 2026 to date, everything in EUR");
    await userEvent.keyboard("]");
    expect(router.state.location.search).toEqual({});
    await userEvent.keyboard("[[[[");
    expect(await screen.findByText("Q2 2026, everything in EUR")).toBeTruthy();
    expect(sent("metrics").at(-1)).toEqual({ quarter: "2026Q2", by: "motion", limit: 10 });
    await userEvent.keyboard("]");
    expect(await screen.findByText("Q3 2026, everything in EUR")).toBeTruthy();
    await userEvent.keyboard("n");
    expect(await screen.findByText("Q4 2026 to date, everything in EUR")).toBeTruthy();
  });

  it("e writes what is shown into a file, and says how many rows", async () => {
    open("/metrics?quarter=2026Q3");
    await screen.findByRole("button", { name: "Partner revenue" });
    await userEvent.keyboard("e");
    expect(await screen.findByText("24 rows written to /home/m/Numbers.csv")).toBeTruthy();
    expect(sent("export_metrics").at(-1)).toEqual({ quarter: "2026Q3", by: null, limit: 500 });
  });

  it("clocks stand beside the numbers, for the days of the quarter up to now", async () => {
    open("/metrics");
    const table = await screen.findByRole("table", { name: "How the clocks were kept" });
    expect(await within(table).findByText("9 of 12")).toBeTruthy();
    expect(sent("attainment").at(-1)).toEqual({ from: "2026-10-01", to: "2026-11-16" });
  });

  it("from stage to stage and the partners' part stand beside the numbers, the first few partners until more are wanted", async () => {
    open("/metrics");
    const stages = await screen.findByRole("table", { name: "Deals that left a stage, with a partner and direct" });
    expect(within(stages).getAllByRole("row").at(1)?.textContent).toBe("QualificationReseller1275.0 %18.5 d–");
    const table = await screen.findByRole("table", { name: "Partners with most open deals, and how they took part" });
    expect(screen.getByText("K-11, 9 of 12 partners touched, 84 meetings, calls, e-mails and notes")).toBeTruthy();
    expect(within(table).getAllByRole("row")).toHaveLength(9);
    await userEvent.click(screen.getByRole("button", { name: "All 10 of 12" }));
    expect(within(table).getAllByRole("row")).toHaveLength(11);
  });

  it("has nothing that axe complains about", async () => {
    const { container } = open("/metrics");
    await screen.findByRole("button", { name: "Partner revenue" });
    const { violations } = await axe.run(container.ownerDocument.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  });
});

describe("laid out by something", () => {
  const rows = () => screen.getAllByRole("row").flatMap((row) => row.getAttribute("aria-label") ?? []);

  it("a key lays it out, a title sorts, Enter opens a group's numbers and one of them its deals", async () => {
    const { router } = open("/metrics?quarter=2026Q3");
    await screen.findByText("Q3 2026, everything in EUR");
    await userEvent.keyboard("3");
    const grid = await screen.findByRole("grid", { name: "Numbers by partner" });
    expect(sent("metrics").at(-1)).toEqual({ quarter: "2026Q3", by: "partner", limit: 500 });
    expect(rows()).toEqual(["Altmark IT", "Hansa Cloud", "No partner"]);
    await userEvent.click(within(grid).getByRole("button", { name: "Partner revenue" }));
    await vi.waitFor(() => expect(rows()).toEqual(["Hansa Cloud", "Altmark IT", "No partner"]));
    await userEvent.keyboard("j{Enter}");
    const aside = await screen.findByRole("complementary", { name: "Hansa Cloud" });
    expect(router.state.location.search).toMatchObject({ quarter: "2026Q3", by: "partner", group: "p2" });
    await userEvent.click(within(aside).getByRole("button", { name: "Win rate" }));
    await vi.waitFor(() => expect(router.state.location.search).toEqual({ view: "all", outcome: "won", partnered: "yes", motion: "reseller", from: "2026-07-01", to: "2026-09-30" }));
  });

  it("what has no partner is a group too, and Esc closes it", async () => {
    open("/metrics?by=partner&group=~");
    expect(await screen.findByRole("complementary", { name: "No partner" })).toBeTruthy();
    await userEvent.keyboard("{Escape}");
    await vi.waitFor(() => expect(screen.queryByRole("complementary")).toBeNull());
  });

  it("a number of a group opens the group's own records", async () => {
    open("/metrics?by=partner&group=~");
    await userEvent.click(within(await screen.findByRole("complementary", { name: "No partner" })).getByRole("button", { name: "Partner revenue" }));
    expect(await screen.findByRole("dialog", { name: "Touched by partners" })).toBeTruthy();
    expect(sent("metric_records").at(-1)).toEqual({ id: "revenue", quarter: null, group: { by: "partner", key: "" } });
  });

  it("has nothing that axe complains about", async () => {
    const { container } = open("/metrics?by=partner&group=p1");
    await screen.findByRole("complementary", { name: "Altmark IT" });
    const { violations } = await axe.run(container.ownerDocument.body, { rules: { "color-contrast": { enabled: false }, region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  });
});

describe("without numbers", () => {
  it("says that the first sync is not over", async () => {
    refused = { code: "invalid", message: "The first sync is not over: its deals are not counted yet" };
    open("/metrics");
    expect(await screen.findByText("The first sync is not over")).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("says that there is nothing to count", async () => {
    deals = 0;
    open("/metrics");
    expect(await screen.findByText("Nothing to count")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Partner revenue" })).toBeNull();
  });
});

describe("targets of a quarter", () => {
  it("are written for the program, a motion and a partner, and those of other quarters stay", async () => {
    open("/metrics");
    await screen.findAllByText("Partner revenue");
    await userEvent.keyboard("t");
    const dialog = await screen.findByRole("dialog", { name: "Targets of Q4 2026" });
    const field = (name: string) => within(dialog).getByLabelText(name);
    expect(field("Reseller").getAttribute("value")).toBe("400000");
    await userEvent.type(field("The program"), "a lot");
    await userEvent.clear(field("Altmark IT"));
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await within(dialog).findByText("Write it as 1200000 or 1,200,000.50");
    expect(sent("save_targets")).toEqual([]);
    await userEvent.clear(field("The program"));
    await userEvent.type(field("The program"), "1,200,000.50");
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    expect(sent("save_targets")).toEqual([
      {
        targets: [
          { quarter: "2026Q3", bookings: "900000" },
          { quarter: "2026Q4", bookings: "1200000.50" },
          { quarter: "2026Q4", motion: "reseller", bookings: "400000" },
        ],
      },
    ]);
  });

  it("are taken from a table, which says first what goes", async () => {
    open("/metrics");
    await screen.findAllByText("Partner revenue");
    await userEvent.keyboard("t");
    const dialog = await screen.findByRole("dialog", { name: "Targets of Q4 2026" });
    const table = within(dialog).getByLabelText(/Or paste a table/);
    within(dialog).getByText("It takes the place of all targets: 3 targets of now");
    await userEvent.click(table);
    await userEvent.paste("quarter,bookings\n2027Q1,1");
    await userEvent.click(within(dialog).getByRole("button", { name: /Take the table/ }));
    expect(sent("import_targets")).toEqual([{ text: "quarter,bookings\n2027Q1,1" }]);
    expect((await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } })).violations).toEqual([]);
  });
});
