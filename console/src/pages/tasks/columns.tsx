import { Link } from "wouter";
import type { Task } from "@/api/schema";
import { percent } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Badge, State } from "@/ui/Badge";
import { Covered } from "@/ui/Covered";
import { told } from "@/ui/ErrorOf";
import type { Column } from "@/ui/Table";
import { Span, Time } from "@/ui/Time";
import { progressOf } from "./progress";

export const TASK_COLUMNS: Column<Task>[] = [
  { key: "task", head: t("Task"), cell: ({ id }) => <span translate="no">#{id}</span> },
  { key: "job", head: t("Job"), cell: ({ job }) => <code title={job}>{job}</code> },
  {
    key: "state",
    head: t("State"),
    cell: (task) => (
      <span className="row">
        <State of={task.state} />
        {task.cancel_requested && task.state === "running" && <Badge tone="warn">{t("stopping")}</Badge>}
      </span>
    ),
  },
  { key: "covers", head: t("Covers"), cell: (task) => <Covered of={task} /> },
  { key: "now", head: t("What happens"), cell: (task) => <Now task={task} /> },
  { key: "attempt", head: t("Attempt"), cell: ({ attempt }) => attempt || "–", align: "end", minor: true },
  { key: "age", head: t("Made"), cell: ({ created_at }) => <Time at={created_at} />, align: "end" },
  { key: "ran", head: t("Ran"), cell: (task) => <Ran task={task} />, align: "end", minor: true },
];

/** One line on how a task goes: its progress, its error, what it waits for, who carries it on. */
function Now({ task }: { task: Task }) {
  const progress = progressOf(task);
  if (task.state === "running" && progress) {
    return (
      <span className="task-progress">
        <progress className="progress" value={progress.done} max={progress.total} aria-label={t("Progress")} />
        <span className="nowrap">{percent(progress.share)}</span>
        <span className="task-line muted" translate="no">
          {progress.message}
        </span>
      </span>
    );
  }
  const { message } = told(task.error);
  return (
    <span className="task-now">
      {task.state === "waiting" && task.run_at && (
        <span className="nowrap">
          {t("again")} <Time at={task.run_at} />
        </span>
      )}
      {task.folded_into !== null && (
        <Link href={`/tasks/${task.folded_into}`}>{t("carried on by task {id}", { id: task.folded_into })}</Link>
      )}
      {message && (
        <span className="task-line muted" title={message} translate="no">
          {message}
        </span>
      )}
    </span>
  );
}

function Ran({ task }: { task: Task }) {
  if (!task.started_at || task.state === "pending" || task.state === "waiting")
    return <span className="muted">–</span>;
  return <Span from={task.started_at} to={task.ended_at} />;
}
