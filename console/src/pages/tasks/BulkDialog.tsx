import { useState } from "react";
import { useAction } from "@/api/action";
import type { ActPreview, TaskAct, TaskChoice } from "@/api/schema";
import { count } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { FailureNote, Loading } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Confirm } from "@/ui/Dialog";
import { useDryRun } from "@/ui/dryrun";
import { RateField, rateOf } from "@/ui/RateField";
import { Time } from "@/ui/Time";
import { optionsOf } from "./filter";

interface Props {
  action: TaskAct["action"];
  choice: TaskChoice;
  onClose: () => void;
  onStart: (operation: string) => void;
}

/** Counts what an act on many tasks would do, and starts it. */
export function BulkDialog({ action, choice, onClose, onStart }: Props) {
  const { data, failure } = useDryRun("act_on_tasks", { action, filter: choice, dry_run: true });
  const act = useAction("act_on_tasks");
  const [typed, type] = useState("");
  const rate = rateOf(typed);
  const preview = data?.preview ?? undefined;
  const body: TaskAct = { action, filter: choice, ...(rate !== undefined && { rate_per_second: rate }) };
  const retry = action === "retry";
  const start = async () => {
    const started = await act.run({}, body);
    if (started?.operation) onStart(started.operation);
  };
  return (
    <Confirm
      title={retry ? t("Retry tasks") : t("Cancel tasks")}
      verb={verbOf(action, preview)}
      danger={!retry}
      busy={act.busy}
      failure={act.failure}
      ready={!!preview?.matched && rate !== null}
      onConfirm={() => void start()}
      onClose={onClose}
      cli={`headgate task ${action} ${optionsOf(choice)}${rate ? ` --rate ${rate}` : ""} --yes`}
      api="POST /api/v1/tasks/bulk"
      body={body}
    >
      {failure && <FailureNote failure={failure} />}
      {!preview && !failure && <Loading label={t("Counting…")} />}
      {preview && <Preview action={action} preview={preview} />}
      {!!preview?.matched && <RateField value={typed} onChange={type} unit={t("tasks")} />}
    </Confirm>
  );
}

function verbOf(action: TaskAct["action"], preview: ActPreview | undefined): string {
  const many = preview?.matched ?? 0;
  if (action === "retry") return many ? n(many, "Retry {count} task", "Retry {count} tasks") : t("Retry");
  return many ? n(many, "Cancel {count} task", "Cancel {count} tasks") : t("Cancel them");
}

function Preview({ action, preview }: { action: TaskAct["action"]; preview: ActPreview }) {
  const { matched, exact, by_job, sample } = preview;
  if (matched === 0) {
    return (
      <p>
        {action === "retry"
          ? t("None of these is dead or waits. To run ended ones again, filter by their state and choose all that match.")
          : t("Nothing of it can be cancelled: only tasks that have not ended are.")}
      </p>
    );
  }
  return (
    <>
      <p>
        {action === "retry"
          ? n(matched, "{count} task would run again now.", "{count} tasks would run again now.")
          : n(
              matched,
              "{count} task would end; if it runs, its worker is asked to stop.",
              "{count} tasks would end; the workers of those that run are asked to stop.",
            )}{" "}
        {!exact && t("There may be more: counting ended early.")}
      </p>
      <ul className="task-sample">
        {Object.entries(by_job).map(([job, tasks]) => (
          <li key={job} className="row spread">
            <code>{job}</code> {count(tasks)}
          </li>
        ))}
      </ul>
      <h3>{n(sample.length, "The oldest one", "The oldest {count}")}</h3>
      <ul className="task-sample">
        {sample.map(({ id, job, state, created_at }) => (
          <li key={id} className="row">
            <span translate="no">#{id}</span> <code>{job}</code> <State of={state} /> <Time at={created_at} />
          </li>
        ))}
      </ul>
    </>
  );
}
