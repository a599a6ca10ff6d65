/** The keys of the current screen (`?`): every action with a shortcut, by group. Drawn from the same list that the keys use. */
import { isAvailable, keysOf } from "../actions/registry";
import { useActionList } from "../actions/useActions";
import { Dialog } from "../components/Dialog";
import { Key } from "../components/Key";
import { groupBy } from "../format/group";
import styles from "./KeySheet.module.css";

/** The sheet; mounted while open. */
export function KeySheet({ onClose, screen }: { onClose: () => void; screen: string }) {
  const actions = useActionList();
  const groups = groupBy(
    actions.filter((action) => keysOf(action).length > 0 && isAvailable(action)),
    (action) => action.group ?? "Here",
  );
  const ordered = [...groups].toSorted(([a], [b]) => Number(a === "Go to" || a === "Drumbeat") - Number(b === "Go to" || b === "Drumbeat"));
  return (
    <Dialog open onClose={onClose} title="Keys" note={screen} width="wide">
      <div className={styles.columns}>
        {ordered.map(([title, list]) => (
          <section key={title} className={styles.group}>
            <h3>{title}</h3>
            <dl>
              {list.map((action) => (
                <div key={action.id} className={styles.line}>
                  <dt>{action.title}</dt>
                  <dd>
                    {keysOf(action).map((keys, n) => (
                      <span key={keys}>
                        {n > 0 && <span className={styles.or}>or</span>}
                        <Key keys={keys} />
                        <span className="sr">{keys}</span>
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
