import { Link } from "wouter";
import type { JobDetail, Task } from "@/api/schema";
import { ranges } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Empty } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Outcomes } from "@/ui/Outcomes";
import { Card } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { Span, Time } from "@/ui/Time";
import { pathTo } from "@/ui/url";

const SHOWN = 12;

/** The newest tasks of a job, and how those that ended did. */
export function RecentTasks({ of: { job, recent_tasks } }: { of: JobDetail }) {
  const ended = recent_tasks.filter(({ ended_at, started_at }) => ended_at && started_at).reverse();
  return (
    <Card
      flush
      title={t("Newest tasks")}
      actions={
        <>
          <Outcomes marks={ended.map((task) => ({ outcome: task.state, seconds: lasted(task) }))} />
          <Link href={pathTo("/tasks", { job })}>{t("All tasks")}</Link>
        </>
      }
    >
      <Table
        label={t("Newest tasks")}
        columns={columns()}
        rows={recent_tasks.slice(0, SHOWN)}
        rowKey={({ id }) => id}
        href={({ id }) => `/tasks/${id}`}
        empty={
          <Empty title={t("No task yet.")}>{t("One comes with the first event of what the job reads.")}</Empty>
        }
      />
    </Card>
  );
}

function columns(): Column<Task>[] {
  return [
    { key: "id", head: t("Task"), cell: ({ id }) => id },
    { key: "state", head: t("State"), cell: ({ state }) => <State of={state} /> },
    { key: "part", head: t("Partition"), cell: (task) => <code>{partOf(task)}</code> },
    { key: "took", head: t("Took"), align: "end", cell: ({ started_at, ended_at }) => <Span from={started_at} to={ended_at} /> },
    { key: "made", head: t("Made"), align: "end", minor: true, cell: ({ created_at }) => <Time at={created_at} /> },
  ];
}

/** The part of the job that a task covers. */
function partOf({ partition, ranges: covered }: Task): string {
  return covered.length ? ranges(covered) : (partition ?? "–");
}

function lasted({ started_at, ended_at }: Task): number {
  return (new Date(ended_at ?? 0).getTime() - new Date(started_at ?? 0).getTime()) / 1000;
}
