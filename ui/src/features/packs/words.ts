/** The words of a quarter as lines of text, and back: a line is a point, `|` parts its fields. What a line lacks is missing, never made up. */
import type { PackWords } from "../../api/api.gen";

/** What stands in the fields of the dialog. */
export interface Written {
  wins: string;
  problems: string;
  asks: string;
  quotes: string;
  bets: string;
  plan: string;
  risks: string;
  nextReview: string | null;
}

const lines = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
const fields = (line: string): string[] => line.split("|").map((field) => field.trim());
const joined = (all: readonly (string | null | undefined)[]): string => all.map((one) => one ?? "").join(" | ").replace(/( \| )+$/, "");
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** The fields, filled with what was written before. */
export function writtenOf(words: PackWords): Written {
  return {
    wins: words.wins.join("\n"),
    problems: words.problems.join("\n"),
    asks: words.asks.join("\n"),
    quotes: words.quotes.map((quote) => joined([quote.text, quote.said_by])).join("\n"),
    bets: words.bets.map((bet) => joined([bet.text, bet.measure, bet.owner, bet.due])).join("\n"),
    plan: words.plan.map((step) => joined([`${step.within}`, step.text, step.owner, step.due])).join("\n"),
    risks: words.risks.join("\n"),
    nextReview: words.next_review ?? null,
  };
}

/** What is saved. A day that is none stays with the words of its field before it, so that nothing typed is lost. */
export function wordsOf(written: Written, of: Pick<PackWords, "partner" | "quarter">): PackWords {
  return {
    partner: of.partner,
    quarter: of.quarter,
    wins: lines(written.wins),
    problems: lines(written.problems),
    asks: lines(written.asks),
    quotes: lines(written.quotes).map((line) => {
      const [text = "", saidBy] = fields(line);
      return { text, said_by: saidBy || null };
    }),
    bets: lines(written.bets).map((line) => {
      const [text = "", measure, owner, due] = fields(line);
      const isDay = due !== undefined && DAY.test(due);
      return { text, measure: measure || null, owner: (isDay || !due ? owner : joined([owner, due])) || null, due: isDay ? due : null };
    }),
    plan: lines(written.plan).map((line) => {
      const [within = "", text = "", owner, due] = fields(line);
      const isDay = due !== undefined && DAY.test(due);
      // A line without its days is told as it was typed, and the answer says what it lacks.
      const days = /^\d{1,3}$/.test(within) ? Number(within) : 0;
      return {
        within: days,
        text: days === 0 ? line : text,
        owner: days === 0 ? null : (isDay || !due ? owner : joined([owner, due])) || null,
        due: days !== 0 && isDay ? due : null,
      };
    }),
    risks: lines(written.risks),
    next_review: written.nextReview,
  };
}
