import type { ReactNode } from "react";
import type { List } from "@/api/query";
import type { JobSummary } from "@/api/schema";
import { count, duration } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Badge, State } from "@/ui/Badge";
import { Outcomes } from "@/ui/Outcomes";
import { Table, type Column } from "@/ui/Table";
import { STRATEGIES } from "./words";

interface Props {
  jobs: List<JobSummary, unknown>;
  empty: ReactNode;
}

/** Jobs with what waits, runs and failed, how their last runs ended and how long they took. */
export function JobTable({ jobs, empty }: Props) {
  return (
    <Table
      label={t("Jobs")}
      columns={columns()}
      rows={jobs.items}
      rowKey={({ job }) => job}
      href={({ job }) => `/jobs/${job}`}
      more={jobs.more}
      loadingMore={jobs.loadingMore}
      empty={empty}
    />
  );
}

function columns(): Column<JobSummary>[] {
  return [
    { key: "job", head: t("Name"), cell: ({ job }) => <span translate="no">{job}</span> },
    { key: "state", head: t("State"), cell: (job) => <JobState of={job} /> },
    { key: "recent", head: t("Last runs"), cell: ({ recent }) => <Outcomes marks={recent} /> },
    { key: "running", head: t("Running"), align: "end", cell: ({ running }) => count(running) },
    { key: "waiting", head: t("Waiting"), align: "end", cell: ({ waiting }) => count(waiting) },
    { key: "median", head: t("Median"), align: "end", cell: ({ p50_seconds }) => took(p50_seconds) },
    { key: "p95", head: t("p95"), align: "end", minor: true, cell: ({ p95_seconds }) => took(p95_seconds) },
    { key: "strategy", head: t("Tasks"), minor: true, cell: ({ strategy }) => STRATEGIES[strategy]() },
  ];
}

function JobState({ of: { state, dead_letters } }: { of: JobSummary }) {
  return (
    <span className="row">
      <State of={state} />
      {dead_letters > 0 && (
        <Badge tone="bad">{n(dead_letters, "{count} dead letter", "{count} dead letters")}</Badge>
      )}
    </span>
  );
}

function took(seconds: number | null) {
  return seconds === null ? <span className="muted">–</span> : duration(seconds);
}
