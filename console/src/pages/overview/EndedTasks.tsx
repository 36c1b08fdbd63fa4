import type { EndedTask } from "@/api/schema";
import { t } from "@/i18n/text";
import { Empty } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Table, type Column } from "@/ui/Table";
import { Seconds, Time } from "@/ui/Time";

/** The tasks that ended last. */
export function EndedTasks({ tasks }: { tasks: EndedTask[] }) {
  return (
    <Table
      label={t("Tasks that ended last")}
      columns={columns()}
      rows={tasks}
      rowKey={({ id }) => id}
      href={({ id }) => `/tasks/${id}`}
      empty={<Empty title={t("No task has ended yet.")} />}
    />
  );
}

function columns(): Column<EndedTask>[] {
  return [
    { key: "id", head: t("Task"), cell: ({ id }) => id },
    { key: "outcome", head: t("State"), cell: ({ outcome, error }) => <State of={outcome} {...(error && { title: error })} /> },
    { key: "job", head: t("Job"), cell: (task) => <Job of={task} /> },
    {
      key: "took",
      head: t("Took"),
      align: "end",
      cell: ({ seconds }) => <Seconds of={seconds} />,
    },
    { key: "ended", head: t("Ended"), align: "end", cell: ({ ended_at: at }) => <Time at={at} /> },
  ];
}

function Job({ of: { job, partition } }: { of: EndedTask }) {
  return (
    <span className="overview-job" translate="no">
      {job}
      {partition !== null && <span className="muted small"> {partition}</span>}
    </span>
  );
}
