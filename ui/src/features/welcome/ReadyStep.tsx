/** Ready: what was found, each figure a way in, and what a good first quarter of an hour looks like. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useActions } from "../../actions/useActions";
import type { Status } from "../../api/api.gen";
import { useOp } from "../../api/queries";
import { Button } from "../../components/Button";
import { ActionBar } from "../../components/ListDetail";
import { Notice, Section } from "../../components/Section";
import { ArrowRightIcon } from "../../components/icons";
import { Money } from "../../components/When";
import { countOf, formatCount } from "../../format/number";
import { StepHead } from "./Steps";
import styles from "./Welcome.module.css";

/** The step. */
export function ReadyStep({ status }: { status: Status }) {
  const navigate = useNavigate();
  const today = useOp("today", undefined, { enabled: status.phase === "ready" }).data;
  const start = () => void navigate({ to: "/today" });
  useActions([{ id: "ready.go", title: "Go to Today", keys: ["Enter", "Mod+Enter"], group: "Welcome", run: start }]);
  const { counts } = status;
  const found = [
    { to: "/partners", figure: formatCount(counts.partners), name: counts.partners === 1 ? "partner" : "partners", text: "organisations that are marked as partners in the CRM" },
    {
      to: "/inbox",
      figure: formatCount(counts.inbox),
      name: counts.inbox === 1 ? "open registration" : "open registrations",
      text: counts.inbox_over > 0 ? `${formatCount(counts.inbox_over)} of them over the time to decide` : "none is over the time to decide",
    },
    { to: "/deals", figure: formatCount(counts.deals), name: counts.deals === 1 ? "open deal" : "open deals", text: "in the pipelines that count" },
  ] as const;
  return (
    <div className={styles.page}>
      <StepHead step="ready" title="Ready" meta={[status.name, status.me ? `you are ${status.me}` : "nobody chosen as you"]} />
      <div className={styles.centre}>
        <div className={styles.progress}>
          <Section title="What was found" note={`policy ${status.policy} in force`}>
            <ul className={styles.found}>
              {found.map((one) => (
                <li key={one.to}>
                  <Link to={one.to} className={styles.foundLine}>
                    <b className={styles.figure}>{one.figure}</b>
                    <span className="grow">
                      <span className="medium">{one.name}</span>
                      <span className={styles.foundText}>{one.text}</span>
                    </span>
                    <ArrowRightIcon size={14} />
                  </Link>
                </li>
              ))}
              {today && today.pipeline.length > 0 && (
                <li className={styles.foundLine}>
                  <b className={styles.figure}>
                    {today.pipeline[0] && <Money value={today.pipeline[0]} style="short" />}
                  </b>
                  <span className="grow">
                    <span className="medium">open pipeline with partners</span>
                    <span className={styles.foundText}>
                      {today.pipeline.length > 1 ? `and in ${countOf(today.pipeline.length - 1, "other currency", "other currencies")}` : "as the CRM has it"}
                    </span>
                  </span>
                </li>
              )}
            </ul>
          </Section>
          {status.read_only && (
            <Notice tone="warn" title="Read only for now">
              {status.read_only}
            </Notice>
          )}
          <p className="t2">From here on everything works with the network off. Decisions wait in the outbox and go to the CRM at the next sync.</p>
        </div>
      </div>
      <ActionBar>
        <Button kind="primary" keys="Enter" onPress={start}>
          Go to Today
        </Button>
      </ActionBar>
    </div>
  );
}
