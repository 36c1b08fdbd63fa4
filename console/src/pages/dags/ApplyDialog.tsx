import { useState } from "react";
import { useLocation } from "wouter";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { ApplyButton, DeployNotes, useDeploy } from "./DeployParts";
import { PlanView } from "./PlanView";
import { usePlan } from "./plan";
import { YamlEditor } from "./YamlEditor";

/** Takes a DAG's YAML, says what it would change or what is wrong with it, and deploys it. */
export function ApplyDialog({ onClose }: { onClose: () => void }) {
  const [source, setSource] = useState("");
  const [, navigate] = useLocation();
  const planned = usePlan(source);
  const deploying = useDeploy(source, planned, undefined, ({ dag }) => navigate(`/dags/${dag}`));
  return (
    <Dialog
      wide
      title={t("Apply a DAG")}
      onClose={onClose}
      actions={
        <>
          <FileButton onText={setSource} />
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <ApplyButton planned={planned} deploying={deploying} />
        </>
      }
    >
      <YamlEditor label={t("YAML of the DAG")} text={source} onText={setSource} faults={planned.faults} />
      {source ? (
        <PlanView planned={planned} />
      ) : (
        <p className="muted">
          {t("What it would change is shown here before anything is done. The DAG's name stands in the text.")}
        </p>
      )}
      <DeployNotes action={deploying.action} />
    </Dialog>
  );
}

function FileButton({ onText }: { onText: (text: string) => void }) {
  return (
    <label className="button plain dag-file">
      {t("Choose a file…")}
      <input
        type="file"
        className="unseen"
        accept=".yaml,.yml,text/*"
        onChange={(event) => void event.target.files?.[0]?.text().then(onText)}
      />
    </label>
  );
}
