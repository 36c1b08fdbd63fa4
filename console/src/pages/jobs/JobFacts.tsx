import type { ReactNode } from "react";
import { Link } from "wouter";
import type { JobDetail, JobInput, JobSchedule } from "@/api/schema";
import { count, duration } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Facts, Json } from "@/ui/Facts";
import { Card } from "@/ui/Page";
import { Time } from "@/ui/Time";
import { changing, cutting, holding, pace, reading, trying, waits } from "./words";

/** What the deployed DAG says of a job, in plain words. */
export function JobFacts({ of }: { of: JobDetail }) {
  const { spec, dag, version, partitioning } = of;
  return (
    <Card
      title={t("What the DAG says of it")}
      actions={
        <Link href={`/dags/${dag}?tab=yaml`}>
          {t("Version {version} of {dag}", { version, dag })}
        </Link>
      }
    >
      <Facts
        of={[
          [t("Reads"), <List of={spec.inputs.map((input) => <Input key={input.dataset} of={input} />)} />],
          [t("Makes"), spec.outputs.length > 0 && <List of={spec.outputs.map((name) => <Dataset key={name} name={name} />)} />],
          [t("Failures go to"), spec.failures && <Dataset name={spec.failures} />],
          [t("Tasks"), cutting(spec, partitioning === "range")],
          [t("A change"), changing(spec)],
          [t("At once"), <List of={pace(spec)} />],
          [t("Tries"), <List of={trying(spec)} />],
          [t("Waits"), waits(spec).length > 0 && <List of={waits(spec)} />],
          [t("Schedule"), spec.schedules.length > 0 && <List of={spec.schedules.map((one) => <Scheduled key={one.source} of={one} />)} />],
          [t("Runs in"), <Runtime of={of} />],
          [t("Given"), Object.keys(spec.params).length > 0 && <Json value={spec.params} />],
        ]}
      />
    </Card>
  );
}

function List({ of }: { of: ReactNode[] }) {
  return of.length === 1 ? (
    <>{of[0]}</>
  ) : (
    <ul className="job-list">
      {of.map((each, at) => (
        <li key={at}>{each}</li>
      ))}
    </ul>
  );
}

function Dataset({ name }: { name: string }) {
  return (
    <Link href={`/datasets/${name}`} translate="no">
      {name}
    </Link>
  );
}

function Input({ of }: { of: JobInput }) {
  const held = holding(of);
  return (
    <>
      <Dataset name={of.dataset} /> <span className="muted">({reading(of)})</span>
      {held && <div className="muted small">{held}</div>}
    </>
  );
}

function Scheduled({ of: { source, cron, time_zone, enabled, next_at } }: { of: JobSchedule }) {
  return (
    <>
      <code>
        {source} {cron} {time_zone}
      </code>{" "}
      {enabled ? next_at && <Time at={next_at} /> : t("(switched off)")}
    </>
  );
}

const RUNTIMES: Record<string, () => string> = {
  in_process: () => t("The worker's own process."),
  child_process: () => t("A process of its own, so that a crash there is a failed attempt only."),
  remote: () => t("Workers that take tasks over HTTP."),
};

function Runtime({ of: { spec } }: { of: JobDetail }) {
  const { memory_mb: memory, cpu_seconds: cpu } = spec.limits;
  return (
    <>
      {RUNTIMES[spec.runtime]?.() ?? <code>{spec.runtime}</code>}{" "}
      {memory !== undefined && t("At most {size} MiB of memory.", { size: count(memory) })}{" "}
      {cpu !== undefined && t("At most {time} of computing.", { time: duration(cpu) })}
    </>
  );
}
