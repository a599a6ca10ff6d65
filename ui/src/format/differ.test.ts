import { describe, expect, it } from "vitest";
import { differingWords } from "./differ";

describe("a value that differs", () => {
  it.each([
    ["Hansa Kühlkette Nord GmbH", "Hansa Kuhlkette GmbH", ["Nord"]],
    ["HANSA kühlkette", "Hansa Kühlkette GmbH", []],
    ["Voss Pharma", "Hansa", []],
    ["Plan", null, []],
  ])("%s beside %s", (value, beside, marked) => {
    const parts = differingWords(value, beside);
    expect(parts.filter((part) => part.other).map((part) => part.text)).toEqual(marked);
    expect(parts.map((part) => part.text).join("")).toBe(value);
  });
});
