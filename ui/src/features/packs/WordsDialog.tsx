/**
 * What a person writes for a partner's quarter: the summary's three lists, what customers said, the bets, the plan of 30, 60
 * and 90 days, the risks, the day of the next review. One line is one point. It stands in both editions and in every export of the quarter.
 */
import { useState } from "react";
import type { PackRef, PackWords } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { DateField, TextArea } from "../../components/Field";
import { ErrorNotice } from "../../components/Section";
import { quarterName } from "./quarters";
import { type Written, wordsOf, writtenOf } from "./words";

/** The dialog, once what was written before has been read. */
export function WordsDialog({ of, name, onClose }: { of: PackRef; name: string; onClose: () => void }) {
  const words = useOp("packWords", of);
  if (words.error) {
    return (
      <Dialog open onClose={onClose} title="Words of the quarter">
        <ErrorNotice error={words.error} title="What was written could not be read" />
      </Dialog>
    );
  }
  return words.data ? <Form key={words.dataUpdatedAt} words={words.data} name={name} onClose={onClose} /> : null;
}

function Form({ words, name, onClose }: { words: PackWords; name: string; onClose: () => void }) {
  const [draft, setDraft] = useState<Written>(() => writtenOf(words));
  const save = useCommand("savePackWords", { done: () => `Kept with ${quarterName(words.quarter)}`, quiet: true });
  const set = (change: Partial<Written>) => setDraft({ ...draft, ...change });
  const send = () => {
    if (!save.isPending) save.mutate(wordsOf(draft, words), { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={`Words of ${name}`}
      note={`${quarterName(words.quarter)}, read by the partner as well`}
      onSubmit={send}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={save.isPending} onPress={send}>
            Save
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
        </>
      }
    >
      {save.error && <ErrorNotice error={save.error} title="The words were not saved" />}
      <TextArea label="Went well: a line each, at most three; empty takes what is counted" value={draft.wins} onChange={(wins) => set({ wins })} rows={3} maxLength={1300} wide autoFocus />
      <TextArea label="Needs care" value={draft.problems} onChange={(problems) => set({ problems })} rows={3} maxLength={1300} wide />
      <TextArea label="What we ask" value={draft.asks} onChange={(asks) => set({ asks })} rows={3} maxLength={1300} wide />
      <TextArea label="Customers said: words | who" value={draft.quotes} onChange={(quotes) => set({ quotes })} rows={3} maxLength={4000} wide />
      <TextArea label="Bets: what | measured by | who | by when (2027-01-31)" value={draft.bets} onChange={(bets) => set({ bets })} rows={4} maxLength={4000} wide />
      <TextArea label="Plan: 30, 60 or 90 | what | who | by when" value={draft.plan} onChange={(plan) => set({ plan })} rows={4} maxLength={4000} wide />
      <TextArea label="Risks: at most four, before those that the deals show" value={draft.risks} onChange={(risks) => set({ risks })} rows={2} maxLength={1700} wide />
      <DateField label="Next review" value={draft.nextReview} onChange={(nextReview) => set({ nextReview })} />
    </Dialog>
  );
}
