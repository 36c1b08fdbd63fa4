import type { Attempt, TaskDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { State } from "@/ui/Badge";
import { told } from "@/ui/ErrorOf";
import { Table, type Column } from "@/ui/Table";
import { Span, Time } from "@/ui/Time";

const COLUMNS: Column<Attempt>[] = [
  { key: "attempt", head: t("Attempt"), cell: ({ attempt }) => attempt },
  { key: "outcome", head: t("Outcome"), cell: ({ outcome }) => <State of={outcome} /> },
  { key: "queued", head: t("Queued"), cell: ({ queued_at }) => <Time at={queued_at} as="clock" /> },
  { key: "started", head: t("Leased and started"), cell: ({ started_at }) => <Time at={started_at} as="clock" /> },
  { key: "ended", head: t("Ended"), cell: ({ ended_at }) => <Time at={ended_at} as="clock" /> },
  {
    key: "waited",
    head: t("Waited"),
    cell: ({ queued_at, started_at }) => <Span from={queued_at} to={started_at} />,
    align: "end",
  },
  {
    key: "ran",
    head: t("Ran"),
    cell: ({ started_at, ended_at }) => <Span from={started_at} to={ended_at} />,
    align: "end",
  },
  { key: "worker", head: t("Worker"), cell: ({ worker }) => <code>{worker ?? "–"}</code>, minor: true },
  { key: "error", head: t("Error"), cell: ({ error }) => <span translate="no">{told(error).message || "–"}</span> },
];

/** The attempts of a task as a table: the figures of the picture, with their workers and errors. */
export function AttemptTable({ task }: { task: TaskDetail }) {
  return (
    <Table<Attempt>
      label={t("Attempts")}
      columns={COLUMNS}
      rows={task.attempts}
      rowKey={({ attempt, started_at }) => `${attempt} ${started_at}`}
      empty={<p className="muted">{t("It was not tried yet.")}</p>}
    />
  );
}
