import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { describe, expect, it } from "vitest";
import { Waterfall } from "./Waterfall";
import type { WaterfallBar } from "./Waterfall";
import { waterfall } from "./bars";

const bar = (id: string, amount: string, isTotal = false) => ({ id, amount, isTotal });
const round = (layout: ReturnType<typeof waterfall>) => layout.bars.map(({ top, height, tone }) => [Math.round(top), Math.round(height), tone]);

describe("a waterfall", () => {
  it("stands each step where the one before has ended, from a whole axis where zero is near", () => {
    const layout = waterfall([bar("then", "100.00", true), bar("new", "100"), bar("lost", "-150"), bar("now", "50.00", true)]);
    expect(layout.foot).toBe(0);
    expect(round(layout)).toEqual([[50, 50, "total"], [0, 50, "up"], [0, 75, "down"], [75, 25, "total"]]);
    expect(layout.bars.map((one) => one.level)).toEqual([50, 0, 75, 75]);
  });

  it("begins the axis at a round figure below where the steps are small beside the totals", () => {
    const layout = waterfall([bar("then", "6420000", true), bar("new", "412000"), bar("lost", "-300000"), bar("now", "6532000", true)]);
    expect(layout.foot).toBe(6_200_000);
    expect(layout.bars.every((one) => one.top >= 0 && one.top + one.height <= 100.001 && one.height >= 1)).toBe(true);
  });

  it.each([
    [["0", "0"], 0],
    [["0", "50", "50"], 0],
    [["-100", "150", "50"], -100],
  ])("draws %j from %d", (amounts, foot) => {
    const layout = waterfall(amounts.map((amount, n) => bar(String(n), amount, n === 0 || n === amounts.length - 1)));
    expect(layout.foot).toBe(foot);
    expect(layout.bars.every((one) => Number.isFinite(one.top) && Number.isFinite(one.height))).toBe(true);
  });

  it("is a table to a screen reader always, and to an eye that asks for it", async () => {
    const made = (id: string, name: string, amount: string, isTotal = false): WaterfallBar => ({ id, name, amount, shown: amount, exact: `€${amount}.00`, count: 2, isTotal });
    const { container } = render(<Waterfall title="Reseller, EUR" bars={[made("then", "12 Nov", "6420000", true), made("new", "New", "412000"), made("now", "19 Nov", "6832000", true)]} note={(foot) => (foot > 0 ? `axis starts at ${foot}` : "whole")} />);
    const table = screen.getByRole("table", { name: "Reseller, EUR" });
    expect(within(table).getAllByRole("row").map((row) => row.textContent)).toEqual(["WhatDealsAmount", "12 Nov2€6420000.00", "New2€412000.00", "19 Nov2€6832000.00"]);
    expect(screen.getByText("axis starts at 6200000")).toBeTruthy();
    expect(container.querySelector("svg")?.closest("[aria-hidden]")).toBeTruthy();
    await userEvent.click(screen.getByRole("radio", { name: "Table" }));
    expect(container.querySelector("svg")).toBeNull();
    const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false }, region: { enabled: false }, "heading-order": { enabled: false } } });
    expect(violations.map((one) => one.id)).toEqual([]);
  });
});
