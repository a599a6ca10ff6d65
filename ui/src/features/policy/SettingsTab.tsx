/** The policy as a form: the settings that people change, each with its unit, its range, its rule and what Drumbeat brings. */
import type { PolicyProblem, PolicySetting, PolicyView } from "../../api/api.gen";
import { Button } from "../../components/Button";
import { DetailBody } from "../../components/ListDetail";
import { Notice, Section } from "../../components/Section";
import { countOf } from "../../format/number";
import { sameValue, settingGroups, valueWords, withSetting } from "./draft";
import type { Draft } from "./draft";
import styles from "./Policy.module.css";
import { SettingControl } from "./SettingControl";

/** The form. */
export function SettingsTab({ view, draft, onDraft, problems, onFile }: { view: PolicyView; draft: Draft; onDraft: (draft: Draft) => void; problems: readonly PolicyProblem[]; onFile: () => void }) {
  return (
    <div className={styles.sheet}>
      <DetailBody label="Settings of the policy">
        <h2 className="sr">Settings of the policy</h2>
        {problems.length > 0 && (
          <div className={styles.told}>
            <Notice tone="danger" title={countOf(problems.length, "problem")} actions={<Button onPress={onFile}>Look at the file</Button>}>
              {problems
                .slice(0, 3)
                .map((one) => `Line ${one.line}: ${one.message}.`)
                .join(" ")}
            </Notice>
          </div>
        )}
        {draft.text !== null && (
          <div className={styles.told}>
            <Notice tone="info" title="The file was edited" actions={<Button onPress={onFile}>Go on in the file</Button>}>
              What is set here is set in the edited file; its own values stand there.
            </Notice>
          </div>
        )}
        {settingGroups(view.settings).map((group) => (
          <Section key={group.title} title={group.title}>
            <ul>
              {group.settings.map((setting) => (
                <Row key={setting.key} setting={setting} draft={draft} onDraft={onDraft} />
              ))}
            </ul>
          </Section>
        ))}
      </DetailBody>
    </div>
  );
}

function Row({ setting, draft, onDraft }: { setting: PolicySetting; draft: Draft; onDraft: (draft: Draft) => void }) {
  const set = draft.changes.get(setting.key);
  const value = set === undefined ? (setting.value ?? null) : set;
  const isChanged = set !== undefined;
  const builtIn = setting.built_in ?? null;
  return (
    <li className={styles.setting} data-changed={isChanged || undefined}>
      <div className={styles.settingWords}>
        <span className="medium">{setting.label}</span>
        <span className={styles.help}>{setting.help}</span>
      </div>
      <div className={styles.settingControl}>
        <SettingControl setting={setting} form={setting.form} value={value} onChange={(to) => onDraft(withSetting(draft, setting, to))} />
        {(isChanged || !sameValue(value, builtIn)) && (
          <div className={styles.was}>
            {isChanged && <span className="accent medium">changed, was {valueWords(setting.value, setting.form)}</span>}
            {!sameValue(value, builtIn) && <span>Drumbeat brings {valueWords(builtIn, setting.form)}</span>}
          </div>
        )}
      </div>
      <span className={styles.rule}>{setting.rule}</span>
    </li>
  );
}
