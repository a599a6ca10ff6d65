/**
 * The way into the presenter view (W-09) from any screen that is about one partner: what the partner will see and what is withheld stands
 * there first (V-03), then it is logged (V-02) and the screen is shared. Draws nothing until Shift+S is pressed.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useActions } from "../actions/useActions";
import type { Presented } from "../api/api.gen";
import { opOptions, useCommand, useOp } from "../api/queries";
import { Button } from "../components/Button";
import { Dialog } from "../components/Dialog";
import { ErrorNotice } from "../components/Section";
import { useWhenRead } from "../components/useWhenRead";
import { countOf } from "../format/number";

/** Offers it; `deal` is the one that the partner is shown first. */
export function Presenting({ partner, deal = null }: { partner: string | null; deal?: string | null }) {
  const [asking, setAsking] = useState(false);
  useActions([{ id: "partner.present", title: "Share the screen with the partner", keys: "Shift+S", group: "Presenter view", when: partner !== null, run: () => setAsking(true) }]);
  return asking && partner !== null ? <PresentDialog partner={partner} deal={deal} onClose={() => setAsking(false)} /> : null;
}

/** "12 deals, 3 registrations, 1 certificate". */
export function presentedWords({ deals, registrations, owed, certificates }: Pick<Presented, "deals" | "registrations" | "owed" | "certificates">): string {
  const parts = [countOf(deals.length, "deal"), countOf(registrations.length, "registration"), countOf(certificates.length, "certificate"), countOf(owed.length, "commitment")];
  return parts.filter((words) => !words.startsWith("0 ")).join(", ") || "nothing but its name";
}

function PresentDialog({ partner, deal, onClose }: { partner: string; deal: string | null; onClose: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const query = useOp("presented", { partner });
  const present = useCommand("present", { quiet: true });
  const seen = query.data;
  const { waits, press } = useWhenRead(query.isPending, partner, () => {
    if (seen === undefined || present.isPending) return;
    present.mutate(
      { partner },
      {
        onSuccess(answer) {
          client.setQueryData(opOptions("presented", { partner }).queryKey, answer);
          void navigate({ to: "/present", search: { partner, ...(deal === null ? {} : { deal }) } });
        },
      },
    );
  });
  const error = query.error ?? present.error;
  return (
    <Dialog
      open
      onClose={onClose}
      title={seen === undefined ? "Share the screen" : `Share the screen with ${seen.name}`}
      note="presenter view"
      onSubmit={press}
      foot={
        <>
          <Button kind="primary" keys="Mod+Enter" isDisabled={present.isPending} onPress={press}>
            Start
          </Button>
          <Button kind="quiet" keys="Escape" onPress={onClose}>
            Cancel
          </Button>
          <span className="end t3 small" role="status">
            {waits ? "starts as soon as it is read" : "logged in Activity"}
          </span>
        </>
      }
    >
      {error && <ErrorNotice error={error} title="The presenter view could not begin" />}
      {seen !== undefined && (
        <>
          <p>
            <span className="strong">It sees</span> its own records, as its safelist allows: {presentedWords(seen)}.
          </p>
          <p className="t2">
            <span className="strong">It does not see</span> {seen.withheld.map((field) => field.toLowerCase()).join(", ")}, nor anything of another partner, your counts or what waits to be sent.
          </p>
        </>
      )}
    </Dialog>
  );
}
