import { expect, it } from "vitest";
import { offsetOf } from "./lines";

it.each([
  [1, 1, 0],
  [1, 3, 2],
  [2, 1, 4],
  [2, 9, 6],
  [3, 2, 9],
  [9, 1, 10],
])("line %i, column %i is at %i", (line, column, at) => {
  expect(offsetOf("one\nab\n\u{1F600}z", line, column)).toBe(at);
});
