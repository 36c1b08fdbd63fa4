import type { DatasetImpact, Impact, JobImpact } from "@/api/schema";
import { count, duration } from "@/i18n/format";
import { t } from "@/i18n/text";
import { State } from "@/ui/Badge";
import { Figure, Figures } from "@/ui/Facts";
import { Card } from "@/ui/Page";
import { Sentence } from "@/ui/Reasons";
import { Table } from "@/ui/Table";
import { plainRanges } from "@/ui/Where";

/** What an invalidation would touch, in a sentence, in figures, dataset by dataset and job by job. */
export function ImpactOf({ impact }: { impact: Impact }) {
  return (
    <>
      <Sentence text={impact.summary} />
      <ImpactFigures impact={impact} />
      {impact.jobs.length > 0 && (
        <Card title={t("Jobs that run again")} flush>
          <Jobs of={impact.jobs} />
        </Card>
      )}
      {impact.datasets.length > 0 && (
        <Card title={t("Datasets that become stale")} flush>
          <Datasets of={impact.datasets} />
        </Card>
      )}
      {!impact.complete && <p className="muted">{t("There is more than is looked at.")}</p>}
    </>
  );
}

/** The counts of an impact. */
export function ImpactFigures({ impact }: { impact: Impact }) {
  const { datasets, jobs, tasks, tasks_known: known, seconds, seconds_known: timed } = impact;
  const time = seconds > 0 || timed ? duration(seconds) : undefined;
  return (
    <Figures>
      <Figure label={t("Datasets become stale")} value={count(datasets.length)} />
      <Figure label={t("Jobs run again")} value={count(jobs.length)} />
      <Figure
        label={t("Tasks")}
        value={known ? count(tasks) : t("{tasks} or more", { tasks: count(tasks) })}
      />
      <Figure
        label={t("Time")}
        value={time && timed ? time : time && jobs.length ? t("{time} or more", { time }) : "–"}
        about={!timed && t("some jobs have not run of late")}
      />
    </Figures>
  );
}

function Jobs({ of }: { of: JobImpact[] }) {
  return (
    <Table<JobImpact>
      label={t("Jobs that run again")}
      rows={of}
      rowKey={({ job }) => job}
      href={({ job }) => `/jobs/${job}`}
      columns={[
        { key: "job", head: t("Job"), cell: ({ job }) => <span translate="no">{job}</span> },
        {
          key: "does",
          head: t("Does"),
          cell: ({ replaces }) => (replaces ? t("makes it anew") : t("only adds to it")),
        },
        {
          key: "where",
          head: t("Where"),
          cell: ({ where }) => <span translate="no">{plainRanges(where)}</span>,
        },
        { key: "hop", head: t("Hop"), align: "end", minor: true, cell: ({ level }) => level },
        {
          key: "tasks",
          head: t("Tasks"),
          align: "end",
          cell: ({ tasks }) =>
            tasks === null ? <span className="muted">{t("not known")}</span> : count(tasks),
        },
        {
          key: "time",
          head: t("Time"),
          align: "end",
          cell: ({ seconds }) =>
            seconds === null ? <span className="muted">{t("not known")}</span> : duration(seconds),
        },
        {
          key: "paused",
          head: t("State"),
          minor: true,
          cell: ({ paused }) => (paused ? <State of="paused" /> : "–"),
        },
      ]}
    />
  );
}

function Datasets({ of }: { of: DatasetImpact[] }) {
  return (
    <Table<DatasetImpact>
      label={t("Datasets that become stale")}
      rows={of}
      rowKey={({ dataset }) => dataset}
      href={({ dataset }) => `/datasets/${dataset}`}
      columns={[
        { key: "dataset", head: t("Dataset"), cell: ({ dataset }) => <span translate="no">{dataset}</span> },
        {
          key: "where",
          head: t("Where"),
          cell: ({ where }) => <span translate="no">{plainRanges(where)}</span>,
        },
      ]}
    />
  );
}
