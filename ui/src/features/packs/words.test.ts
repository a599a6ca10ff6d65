import { expect, it } from "vitest";
import { wordsOf, writtenOf } from "./words";

const of = { partner: "p1", quarter: "2026Q3" };

it("reads a line as a point and its parts as fields", () => {
  const words = wordsOf({ wins: " One \n\nTwo", problems: "", asks: "", quotes: "It just works | CIO, Hansa\nQuiet", bets: "Ports | three references | Ingrid | 2027-01-31\nYards", plan: "30 | Workshop | Both | 2026-10-30\n90 | Certificates\nsomething", risks: "Budget", nextReview: "2027-01-15" }, of);
  expect(words.wins).toEqual(["One", "Two"]);
  expect(words.quotes).toEqual([{ text: "It just works", said_by: "CIO, Hansa" }, { text: "Quiet", said_by: null }]);
  expect(words.bets).toEqual([
    { text: "Ports", measure: "three references", owner: "Ingrid", due: "2027-01-31" },
    { text: "Yards", measure: null, owner: null, due: null },
  ]);
  expect(words.plan).toEqual([
    { within: 30, text: "Workshop", owner: "Both", due: "2026-10-30" },
    { within: 90, text: "Certificates", owner: null, due: null },
    { within: 0, text: "something", owner: null, due: null },
  ]);
  expect(words.risks).toEqual(["Budget"]);
});

it("comes back as it was written", () => {
  const written = { wins: "One\nTwo", problems: "P", asks: "A", quotes: "It just works | CIO", bets: "Ports | three | Ingrid | 2027-01-31\nYards |  | Jo", plan: "30 | Workshop | Both | 2026-10-30\n60 | Visit", risks: "Budget", nextReview: null };
  expect(wordsOf(writtenOf(wordsOf(written, of)), of)).toEqual(wordsOf(written, of));
});

it("keeps what is no day with the person", () => {
  expect(wordsOf({ wins: "", problems: "", asks: "", quotes: "", bets: "Ports | m | Ingrid | soon", plan: "", risks: "", nextReview: null }, of).bets).toEqual([{ text: "Ports", measure: "m", owner: "Ingrid | soon", due: null }]);
});
