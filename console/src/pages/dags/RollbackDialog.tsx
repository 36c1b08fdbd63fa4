import { useAction } from "@/api/action";
import { useQuery } from "@/api/query";
import type { DagDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { Confirm } from "@/ui/Dialog";
import { say } from "@/ui/Toasts";
import { LineDiff } from "./LineDiff";
import { PlanView } from "./PlanView";
import { usePlan } from "./plan";

interface Props {
  dag: DagDetail;
  version: number;
  onClose: () => void;
}

/** Asks before an earlier text runs again, and shows what that changes. */
export function RollbackDialog({ dag, version, onClose }: Props) {
  const { name } = dag;
  const text = useQuery("get_dag_version", { name, version });
  const planned = usePlan(text.data?.source ?? "");
  const action = useAction("rollback_dag");
  const body = { version, expect_version: dag.version };
  return (
    <Confirm
      title={t("Roll {dag} back to version {version}?", { dag: name, version })}
      verb={t("Roll back")}
      busy={action.busy}
      failure={action.failure}
      ready={!!planned.plan && !planned.plan.blocked}
      onConfirm={() =>
        void action.run({ name }, body).then((done) => {
          if (!done) return;
          say(
            done.changed
              ? t("The text of version {version} runs again, as version {next}.", { version, next: done.version })
              : t("Nothing changed: version {version} says what runs now.", { version }),
          );
          onClose();
        })
      }
      onClose={onClose}
      cli={`headgate dag rollback ${name} ${version}`}
      api={`POST /api/v1/dags/${name}/rollback`}
      body={body}
    >
      <p>{t("Its text becomes a new version, so nothing is forgotten. Tasks that run keep the version they began with.")}</p>
      <PlanView planned={planned} />
      <Answer of={text}>
        {({ source }) => <LineDiff label={t("Changed lines")} before={dag.source} after={source} />}
      </Answer>
    </Confirm>
  );
}
