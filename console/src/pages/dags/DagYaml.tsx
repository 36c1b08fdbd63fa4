import { Pencil } from "lucide-react";
import { useState } from "react";
import type { DagDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/Commands";
import { Card } from "@/ui/Page";
import { ApplyButton, DeployNotes, useDeploy } from "./DeployParts";
import { LineDiff } from "./LineDiff";
import { PlanView } from "./PlanView";
import { usePlan } from "./plan";
import { YamlEditor } from "./YamlEditor";

/** The text of a DAG, and changing it: what that does is shown before it is done. */
export function DagYaml({ dag }: { dag: DagDetail }) {
  const [editing, setEditing] = useState<DagDetail>();
  if (editing) return <Editing from={editing} now={dag} onEnd={() => setEditing(undefined)} />;
  return (
    <Card
      flush
      title={t("Deployed text")}
      actions={
        <>
          <CopyButton text={dag.source} label={t("Copy the text")} />
          <Button icon={Pencil} onClick={() => setEditing(dag)}>
            {t("Edit…")}
          </Button>
        </>
      }
    >
      <Source text={dag.source} />
    </Card>
  );
}

function Source({ text }: { text: string }) {
  const lines = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  return (
    <div className="dag-source" tabIndex={0} role="region" aria-label={t("The lines of the text")} translate="no">
      <ol>
        {lines.map((line, at) => (
          <li key={at}>
            <code>{line}</code>
          </li>
        ))}
      </ol>
    </div>
  );
}

interface EditingProps {
  /** As it was when the editing began. */
  from: DagDetail;
  now: DagDetail;
  onEnd: () => void;
}

function Editing({ from, now, onEnd }: EditingProps) {
  const [text, setText] = useState(from.source);
  const planned = usePlan(text);
  const other = planned.plan !== undefined && planned.plan.dag !== from.name;
  const deploying = useDeploy(text, planned, other ? undefined : from.version, onEnd);
  return (
    <div className="dag-editing">
      <Card
        title={t("Edit the text")}
        actions={
          <>
            <Button onClick={onEnd}>{t("Cancel")}</Button>
            <ApplyButton planned={planned} deploying={deploying} />
          </>
        }
      >
        <div className="stack">
          <YamlEditor label={t("YAML of the DAG")} text={text} onText={setText} faults={planned.faults} />
          <DeployNotes action={deploying.action} />
        </div>
      </Card>
      <Card title={t("What would change")}>
        <div className="stack">
          {now.version !== from.version && (
            <p role="status">
              {t("Version {version} was deployed while you were writing: what you see here is the difference to it.", {
                version: now.version,
              })}
            </p>
          )}
          {other && (
            <p role="status">
              {t("The text names another DAG, {dag}: {name} stays as it is.", {
                dag: planned.plan?.dag ?? "",
                name: from.name,
              })}
            </p>
          )}
          <PlanView planned={planned} />
          {!other && <LineDiff label={t("Changed lines")} before={now.source} after={text} />}
        </div>
      </Card>
    </div>
  );
}
