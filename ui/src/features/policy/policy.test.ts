import { describe, expect, it } from "vitest";
import type { PolicySetting, SettingForm } from "../../api/api.gen";
import { draftRequest, emptyDraft, isChanged, numberProblem, settingGroups, spanParts, valueWords, withSetting, withText } from "./draft";
import { policySearch } from "./policy.search";

const days: SettingForm = { is: "number", least: 60, most: 90, unit: "days" };
const protection: PolicySetting = { key: "protection.default_days", rule: "R-06", group: "Protection", label: "Protection", help: "", value: 75, built_in: 90, form: days };
const limit: PolicySetting = { ...protection, key: "capacity.per_partner", group: "Limits", value: 25, built_in: null };
const order: SettingForm = { is: "list", ordered: true, choices: [{ value: "a", label: "First qualified" }, { value: "b", label: "Tier priority" }] };

describe("a draft of the policy", () => {
  const empty = emptyDraft(14);

  it("is no change until something is changed, and none again when it is set back", () => {
    expect(isChanged(empty, 14)).toBe(false);
    const changed = withSetting(empty, protection, 90);
    expect(isChanged(changed, 14)).toBe(true);
    expect(draftRequest(changed)).toEqual({ version: 14, changes: [{ key: "protection.default_days", value: 90 }] });
    expect(isChanged(withSetting(changed, protection, 75), 14)).toBe(false);
  });

  it("of an older version is a change by itself", () => {
    expect(isChanged(emptyDraft(3), 14)).toBe(true);
  });

  it("takes a limit away by leaving its value out", () => {
    expect(draftRequest(withSetting(empty, limit, null)).changes).toEqual([{ key: "capacity.per_partner" }]);
  });

  it("is the text once somebody typed in it, with what the form had changed in it", () => {
    const typed = withText(withSetting(empty, protection, 90), "version = 14\ndays = 90", "version = 14\ndays = 75");
    expect(draftRequest(typed)).toEqual({ text: "version = 14\ndays = 90", changes: [] });
    expect(draftRequest(withSetting(typed, protection, 75))).toEqual({ text: "version = 14\ndays = 90", changes: [{ key: "protection.default_days", value: 75 }] });
  });

  it("typed back to what it was is no change", () => {
    expect(isChanged(withText(empty, "same", "same"), 14)).toBe(false);
  });
});

describe("a setting", () => {
  it.each([
    [75, days, "75 days"],
    [null, days, "no limit"],
    [true, { is: "switch" } satisfies SettingForm, "on"],
    ["2 business days", { is: "span", units: ["hours", "business days"] } satisfies SettingForm, "2 business days"],
    [["a", "b"], order, "First qualified, then Tier priority"],
    [[], order, "none"],
  ])("%j is said", (value, form, said) => {
    expect(valueWords(value, form)).toBe(said);
  });

  it.each([
    ["75", false, undefined],
    ["59", false, "From 60 to 90"],
    ["91", false, "From 60 to 90"],
    ["7.5", false, "A whole number, please"],
    ["", false, "A number is needed"],
    ["", true, undefined],
  ])("%s typed as a number", (text, optional, problem) => {
    expect(numberProblem(text, { least: 60, most: 90 }, optional)).toBe(problem);
  });

  it("of time is a number and a unit", () => {
    expect(spanParts("2 business days", ["hours", "business days"])).toEqual({ count: "2", unit: "business days" });
    expect(spanParts("", ["hours"])).toEqual({ count: "", unit: "hours" });
  });

  it("stands under its heading, in the order they came", () => {
    expect(settingGroups([protection, limit, { ...protection, key: "x" }]).map(({ title, settings }) => [title, settings.length])).toEqual([["Protection", 2], ["Limits", 1]]);
  });
});

it("a bad address of the policy is the default", () => {
  expect(policySearch({ tab: "everything", version: "-1", against: "14", open: 3 })).toEqual({ against: 14, open: "3" });
});
