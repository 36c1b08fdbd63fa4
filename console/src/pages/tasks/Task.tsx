import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useQuery } from "@/api/query";
import type { TaskDetail } from "@/api/schema";
import { percent } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { Badge, State } from "@/ui/Badge";
import { Commands } from "@/ui/Commands";
import { Covered } from "@/ui/Covered";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { useUrlState } from "@/ui/url";
import { Errors, failedAttempts } from "./Errors";
import { Inputs } from "./Inputs";
import { LineageTab } from "./LineageTab";
import { Logs } from "./Logs";
import { Outputs } from "./Outputs";
import { progressOf } from "./progress";
import { Story } from "./Story";
import { TaskActs } from "./TaskActs";
import { Trace } from "./Trace";
import "./tasks.css";

const EVERY_MS = 2000; // that a task starts or succeeds is not in the stream: it happens too often
const GOES_ON: readonly TaskDetail["state"][] = ["pending", "waiting", "running"];

/** One task: its story from the event to what it emitted, and what can be done about it. */
export default function Task({ id }: { id: string }) {
  const taskId = Number(id);
  const [ended, setEnded] = useState(false);
  const task = useQuery(
    "get_task",
    { task_id: taskId },
    {
      topics: ["task", "dead_letter"],
      when: ({ subject, data }) => subject === id || data.task_id === taskId,
      ...(!ended && { every: EVERY_MS }),
    },
  );
  const { data } = task;
  useEffect(() => setEnded(!!data && !GOES_ON.includes(data.state)), [data]);
  const name = t("Task {id}", { id });
  if (!data) {
    return (
      <Page title={name} trail={[{ label: t("Tasks"), path: "/tasks" }]}>
        <Answer of={task}>{() => null}</Answer>
      </Page>
    );
  }
  return (
    <Page
      title={name}
      progress={headOf(data)}
      trail={[{ label: t("Tasks"), path: "/tasks" }]}
      beside={
        <>
          <State of={data.state} />
          {data.cancel_requested && data.state === "running" && <Badge tone="warn">{t("stopping")}</Badge>}
        </>
      }
      about={
        <span className="row">
          <Link href={`/jobs/${data.job}`} translate="no">
            {data.job}
          </Link>
          <Covered of={data} />
        </span>
      }
      actions={
        <>
          <Commands cli={`headgate task show ${id}`} api={`GET /api/v1/tasks/${id}`} />
          <TaskActs task={data} onDone={task.refresh} />
        </>
      }
    >
      <Answer of={task}>{(found) => <Parts task={found} />}</Answer>
    </Page>
  );
}

/** What stands before the tab's title while the task runs. */
function headOf(task: TaskDetail): string | undefined {
  if (task.state !== "running") return undefined;
  const progress = progressOf(task);
  return progress ? t("running {percent}", { percent: percent(progress.share) }) : t("running");
}

function Parts({ task }: { task: TaskDetail }) {
  const [tab] = useUrlState("tab", "story");
  const failed = failedAttempts(task).length;
  const tabs = [
    { key: "story", label: t("Story") },
    { key: "logs", label: t("Logs") },
    { key: "inputs", label: t("Inputs"), count: task.events_covered },
    { key: "outputs", label: t("Outputs"), ...(!task.more_outputs && { count: task.outputs.length }) },
    { key: "lineage", label: t("Lineage") },
    ...(failed > 0 || task.error ? [{ key: "error", label: t("Error") }] : []),
    ...(task.trace_id ? [{ key: "trace", label: t("Trace") }] : []),
  ];
  const shown = tabs.some(({ key }) => key === tab) ? tab : "story";
  return (
    <>
      <Tabs label={t("Parts of the task")} tabs={tabs} />
      {shown === "story" && <Story task={task} />}
      {shown === "logs" && <Logs task={task} goesOn={GOES_ON.includes(task.state)} />}
      {shown === "inputs" && <Inputs task={task} />}
      {shown === "outputs" && <Outputs task={task} />}
      {shown === "lineage" && <LineageTab taskId={task.id} />}
      {shown === "error" && <Errors task={task} />}
      {shown === "trace" && task.trace_id && <Trace traceId={task.trace_id} />}
    </>
  );
}
