import { useAction, type Action } from "@/api/action";
import type { DeployResult } from "@/api/schema";
import { t } from "@/i18n/text";
import { FailureNote } from "@/ui/Answer";
import { Button } from "@/ui/Button";
import { CommandForms } from "@/ui/Commands";
import { say } from "@/ui/Toasts";
import type { Planned } from "./plan";

interface Deploying {
  action: Action<"deploy_dag">;
  deploy: () => void;
}

/** Deploys a text as it was planned: refused if another version came in between. */
export function useDeploy(
  source: string,
  { plan }: Planned,
  expected: number | undefined,
  onDone: (done: DeployResult) => void,
): Deploying {
  const action = useAction("deploy_dag");
  const deploy = () => {
    if (!plan) return;
    void action.run({}, { source, expect_version: expected ?? plan.before }).then((done) => {
      if (!done) return;
      say(
        done.changed
          ? t("Version {version} of {dag} runs now.", { version: done.version, dag: done.dag })
          : t("Version {version} of {dag} was running already.", { version: done.version, dag: done.dag }),
      );
      onDone(done);
    });
  };
  return { action, deploy };
}

/** Whether the text that was planned can be deployed, and would change anything. */
export function isReady({ plan, busy }: Planned): boolean {
  return !!plan && !busy && !plan.blocked && (plan.before === 0 || plan.changes.length > 0);
}

interface ButtonProps {
  planned: Planned;
  deploying: Deploying;
}

/** The button that deploys. */
export function ApplyButton({ planned, deploying: { action, deploy } }: ButtonProps) {
  return (
    <Button look="main" busy={action.busy} disabled={!isReady(planned)} onClick={deploy}>
      {t("Apply")}
    </Button>
  );
}

/** Why a deploy failed, and how to do it elsewhere. */
export function DeployNotes({ action }: { action: Action<"deploy_dag"> }) {
  return (
    <>
      {action.failure && <FailureNote failure={action.failure} />}
      <CommandForms
        cli="headgate dag apply dag.yaml"
        api="POST /api/v1/dags"
        body={{ source: t("the text of the file") }}
      />
    </>
  );
}
