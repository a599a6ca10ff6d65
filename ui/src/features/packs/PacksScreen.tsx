/**
 * Packs: for whom, which quarter, which edition and which files at the left, over the packs that were made; beside it what the pack
 * would say before it is written, or the files of one that was. The window never names a path: files go to the person's
 * documents, and what was written is shown with size and hash.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Action } from "../../actions/registry";
import { useActions } from "../../actions/useActions";
import { labels } from "../../api/api.gen";
import type { Edition, PackFormat, PackMade, PackRequest } from "../../api/api.gen";
import { useCommand, useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { Checkbox, Segments, Select } from "../../components/Field";
import { ListDetail } from "../../components/ListDetail";
import { RecordList, TwoLines } from "../../components/RecordList";
import { Screen } from "../../components/Screen";
import { EmptyState, ErrorNotice } from "../../components/Section";
import { useNow } from "../../components/When";
import { countOf } from "../../format/number";
import { formatRelative } from "../../format/time";
import { optionsOf } from "../../format/words";
import { useSharing } from "../../sharing/Sharing";
import { MadePane } from "./MadePane";
import styles from "./Packs.module.css";
import type { PacksSearch } from "./packs.search";
import { PreviewPane } from "./PreviewPane";
import { WordsDialog } from "./WordsDialog";
import { lastFinishedQuarter, packKey, quarterName, quartersOnOffer } from "./quarters";

const EDITIONS: readonly { id: Edition; name: string }[] = [
  { id: "partner", name: "For the partner" },
  { id: "internal", name: "Internal" },
];
const FORMATS = optionsOf(labels.PackFormat);

/** The screen. */
export function PacksScreen() {
  const navigate = useNavigate({ from: "/packs" });
  const client = useQueryClient();
  const search: PacksSearch = useSearch({ from: "/packs" });
  const now = useNow();
  const status = useOp("status", undefined).data;
  const packs = useOp("packs", undefined);
  const partners = useOp("partners", { sort: "name", direction: "ascending", limit: 500 });
  const [formats, setFormats] = useState<ReadonlySet<PackFormat>>(new Set(["pptx", "pdf", "xlsx"]));
  const exporting = useCommand("exportPack", { done: (made) => `${countOf(made.files.length, "file")} written for ${made.partner_name}`, failed: "The pack was not written" });

  const batch = useCommand("exportPacks", {
    done: (done) => `${done.cancelled ? "Stopped: " : ""}${countOf(done.made, "partner")} written, ${done.kept} there already${done.failed.length > 0 ? `, ${done.failed.length} failed` : ""}, in ${done.folder}`,
    failed: "The packs were not written",
  });
  const [writing, setWriting] = useState(false);

  const rows = partners.data?.rows ?? [];
  const partner = search.partner ?? rows[0]?.id ?? null;
  const at = status?.now ?? new Date(now).toISOString();
  const quarter = search.quarter ?? lastFinishedQuarter(at);
  const edition = search.edition ?? "partner";
  const made = packs.data ?? [];
  const opened = made.find((pack) => packKey(pack) === search.open) ?? null;
  const go = (change: Partial<PacksSearch>) => void navigate({ to: "/packs", search: (old) => ({ ...old, open: undefined, ...change }), replace: true });
  const request: PackRequest | null = partner === null ? null : { partner, quarter, edition, formats: FORMATS.filter((one) => formats.has(one.id)).map((one) => one.id) };

  const write: Action = {
    id: "packs.export",
    title: exporting.isPending ? "Writing …" : "Export",
    keys: "Mod+Enter",
    group: "Pack",
    inFields: true,
    when: request !== null && request.formats.length > 0 && !exporting.isPending,
    run: () =>
      request &&
      exporting.mutate(request, {
        onSuccess: (pack) => {
          void client.invalidateQueries({ queryKey: ["packs"] });
          go({ open: packKey(pack) });
        },
      }),
  };
  const { share, dialog: sharing } = useSharing(partner);
  const chosen = FORMATS.filter((one) => formats.has(one.id)).map((one) => one.id);
  const running = batch.isPending || exporting.isPending;
  const all = (isStatus: boolean) => batch.mutate({ quarter, edition, formats: chosen, status: isStatus }, { onSettled: () => void client.invalidateQueries({ queryKey: ["packs"] }) });
  const words: Action = { id: "packs.words", title: "Words", keys: "w", group: "Pack", when: partner !== null, run: () => setWriting(true) };
  const everyone: Action = { id: "packs.all", title: batch.isPending ? "Writing all …" : "For all partners", keys: "a", group: "Pack", when: !running && rows.length > 0 && chosen.length > 0, run: () => all(false) };
  const statuses: Action = { id: "packs.status", title: "Weekly status for all partners", keys: "s", group: "Pack", when: !running && rows.length > 0, run: () => all(true) };
  useActions([
    write,
    words,
    everyone,
    statuses,
    { id: "packs.edition", title: edition === "partner" ? "Internal edition" : "Edition for the partner", keys: "i", group: "Pack", run: () => go({ edition: edition === "partner" ? "internal" : "partner" }) },
    { id: "packs.preview", title: "Back to the preview", keys: "n", group: "Pack", when: opened !== null, run: () => go({ view: "preview" }) },
    { id: "packs.look", title: "Look at the preview", keys: "v", group: "Pack", when: opened === null && search.view === undefined, run: () => go({ view: "preview" }) },
  ]);
  const toggle = (format: PackFormat, on: boolean) => {
    const next = new Set(formats);
    if (on) next.add(format);
    else next.delete(format);
    setFormats(next);
  };

  // Just written and not yet in the list of packs: shown from the answer.
  const fresh = exporting.data && packKey(exporting.data) === search.open ? exporting.data : null;
  const shown = opened ?? fresh;

  return (
    <Screen title="Packs" sub={packs.data && (made.length === 0 ? "none made yet" : `${made.length} made`)}>
      <ListDetail
        open={shown !== null || search.view === "preview"}
        list={
          <>
            <form className={styles.form} aria-label="New pack" onSubmit={(event) => event.preventDefault()}>
              <Select label="Partner" placeholder="choose a partner" options={rows.map((row) => ({ id: row.id, name: row.name }))} value={partner} onChange={(id) => go({ partner: id })} isDisabled={rows.length === 0} wide />
              <Select label="Quarter" options={quartersOnOffer(at, quarter).map((one) => ({ ...one, name: quarterName(one.id) }))} value={quarter} onChange={(id) => go({ quarter: id })} wide />
              <div className={styles.line}>
                <Segments label="Edition" options={EDITIONS} value={edition} onChange={(id) => go({ edition: id })} />
              </div>
              <div className={styles.formats} role="group" aria-label="Files">
                {FORMATS.map((one) => (
                  <Checkbox key={one.id} value={formats.has(one.id)} onChange={(on) => toggle(one.id, on)}>
                    {one.name}
                  </Checkbox>
                ))}
              </div>
              <div className={styles.acts}>
                <Button kind="primary" action={write} />
                <Button action={words} />
                <Button action={everyone} />
                <Button action={share} />
              </div>
              {formats.size === 0 && <p className="warn small">Choose at least one kind of file</p>}
            </form>
            {packs.error ? (
              <ErrorNotice error={packs.error} title="The packs could not be read" />
            ) : (
              <RecordList
                label="Packs made"
                groups={[{ id: "all", title: "Made", rows: made }]}
                idOf={packKey}
                textOf={(pack) => `${pack.partner_name}, ${quarterName(pack.quarter)}`}
                row={(pack) => <Row pack={pack} now={now} />}
                selected={shown === null ? null : packKey(shown)}
                onSelect={(open) => go({ open })}
                onOpen={(open) => go({ open })}
                onLeave={() => go({ view: undefined })}
                empty={packs.isPending ? undefined : <EmptyState title="No pack has been made">Every pack that leaves is listed here with its files and their hashes.</EmptyState>}
              />
            )}
          </>
        }
        detail={
          shown !== null ? (
            <MadePane key={packKey(shown)} pack={shown} />
          ) : request === null ? (
            <EmptyState title={partners.isPending ? "" : "No partner to make a pack for"}>{partners.isPending ? undefined : "Partners appear here after the first sync."}</EmptyState>
          ) : (
            <PreviewPane request={request} />
          )
        }
      />
      {sharing}
      {writing && partner !== null && <WordsDialog of={{ partner, quarter }} name={rows.find((row) => row.id === partner)?.name ?? partner} onClose={() => setWriting(false)} />}
    </Screen>
  );
}

function Row({ pack, now }: { pack: PackMade; now: number }) {
  return (
    <TwoLines
      name={pack.partner_name}
      end={<span className="t2">{quarterName(pack.quarter)}</span>}
      second={`${pack.edition === "partner" ? "For the partner" : "Internal"} · ${pack.files.map((file) => labels.PackFormat[file.format]).join(", ")}`}
      secondEnd={formatRelative(pack.at, now)}
    />
  );
}
