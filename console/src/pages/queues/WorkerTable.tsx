import { Link } from "wouter";
import type { WorkerLoad } from "@/api/schema";
import { duration } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { WorkerState } from "./words";
import type { ReactNode } from "react";

interface Props {
  workers: WorkerLoad[];
  more?: (() => void) | undefined;
  loadingMore?: boolean;
  empty: ReactNode;
}

/** Workers: whether each is heard of, and what it has in hand. */
export function WorkerTable({ workers, more, loadingMore = false, empty }: Props) {
  return (
    <Table
      label={t("Workers")}
      columns={columns()}
      rows={workers}
      rowKey={({ id }) => id}
      more={more}
      loadingMore={loadingMore}
      empty={empty}
    />
  );
}

function columns(): Column<WorkerLoad>[] {
  return [
    { key: "worker", head: t("Worker"), cell: ({ worker }) => <span translate="no">{worker}</span> },
    { key: "state", head: t("State"), cell: (worker) => <Standing of={worker} /> },
    {
      key: "hand",
      head: t("In hand"),
      align: "end",
      cell: ({ in_flight: running, capacity: most }) => t("{running} of {most}", { running, most }),
    },
    {
      key: "heard",
      head: t("Heard of"),
      align: "end",
      cell: ({ heartbeat_seconds: silent }) =>
        silent < 1 ? t("now") : t("{time} ago", { time: duration(Math.round(silent)) }),
    },
    { key: "started", head: t("Started"), cell: ({ started_at: at }) => <Time at={at} />, minor: true },
    { key: "jobs", head: t("Runs"), cell: ({ jobs }) => <Jobs jobs={jobs} /> },
  ];
}

function Standing({ of: { state, text } }: { of: WorkerLoad }) {
  return (
    <span className="queue-standing">
      <WorkerState of={state} />
      {state !== "live" && (
        <span className="muted small" translate="no">
          {text}
        </span>
      )}
    </span>
  );
}

function Jobs({ jobs }: { jobs: WorkerLoad["jobs"] }) {
  if (jobs.length === 0) return <span className="muted">{t("nothing")}</span>;
  return (
    <span className="queue-jobs" translate="no">
      {jobs.map(({ job, running }) => (
        <span key={job}>
          <Link href={`/queues/${job}`}>{job}</Link> {running}
        </span>
      ))}
    </span>
  );
}
