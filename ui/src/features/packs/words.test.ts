import { expect, it } from "vitest";
import { wordsOf, writtenOf } from "./words";

const of = { partner: "p1", quarter: "2026Q3" };

it("reads a line as a point and its parts as fields", () => {
  const words = wordsOf({ wins: " One \n\nTwo", problems: "", asks: "", quotes: "It just works | CIO, Hansa\nQuiet", bets: "Ports | three references | Ingrid | 2027-01-31\nYards", nextReview: "2027-01-15" }, of);
  expect(words.wins).toEqual(["One", "Two"]);
  expect(words.quotes).toEqual([{ text: "It just works", said_by: "CIO, Hansa" }, { text: "Quiet", said_by: null }]);
  expect(words.bets).toEqual([
    { text: "Ports", measure: "three references", owner: "Ingrid", due: "2027-01-31" },
    { text: "Yards", measure: null, owner: null, due: null },
  ]);
});

it("comes back as it was written", () => {
  const written = { wins: "One\nTwo", problems: "P", asks: "A", quotes: "It just works | CIO", bets: "Ports | three | Ingrid | 2027-01-31\nYards |  | Jo", nextReview: null };
  expect(wordsOf(writtenOf(wordsOf(written, of)), of)).toEqual(wordsOf(written, of));
});

it("keeps what is no day with the person", () => {
  expect(wordsOf({ wins: "", problems: "", asks: "", quotes: "", bets: "Ports | m | Ingrid | soon", nextReview: null }, of).bets).toEqual([{ text: "Ports", measure: "m", owner: "Ingrid | soon", due: null }]);
});
