import { Link } from "wouter";
import { useQuery } from "@/api/query";
import type { QueueDetail } from "@/api/schema";
import { rate } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { Commands } from "@/ui/Commands";
import { Figure, Figures } from "@/ui/Facts";
import { Card, Page } from "@/ui/Page";
import { Seconds } from "@/ui/Time";
import { pathTo, useUrlState } from "@/ui/url";
import { Hours, hoursOf } from "./Hours";
import { PauseButton } from "./PauseButton";
import { DepthChart, EndedChart } from "./QueueCharts";
import { QueueLimits } from "./QueueLimits";
import { WhatHolds } from "./WhatHolds";
import { WorkerTable } from "./WorkerTable";
import { depth, QueueState } from "./words";
import "./queues.css";

/** The queue of one job: how deep it is and was, what holds it, its limits, its workers. */
export default function Queue({ job }: { job: string }) {
  const [chosen] = useUrlState("hours", "1");
  const queue = useQuery(
    "get_queue",
    { job, hours: hoursOf(chosen) },
    { topics: ["dag"], when: ({ subject }) => subject === job.split(".")[0], every: 3000 },
  );
  const { data } = queue;
  return (
    <Page
      title={job}
      named
      trail={[{ label: t("Queues"), path: "/queues" }]}
      beside={data && <QueueState of={data} />}
      about={
        <span className="row">
          <Link href={`/jobs/${job}`}>{t("The job")}</Link>
          <Link href={pathTo("/tasks", { job })}>{t("Its tasks")}</Link>
        </span>
      }
      actions={
        <>
          {data && <PauseButton job={job} paused={data.paused} onChanged={queue.refresh} />}
          <Commands cli={`headgate queue show ${job}`} api={`GET /api/v1/queues/${job}`} />
        </>
      }
    >
      <Answer of={queue}>{(found) => <Shown queue={found} />}</Answer>
    </Page>
  );
}

function Shown({ queue }: { queue: QueueDetail }) {
  return (
    <>
      <QueueFigures queue={queue} />
      {queue.holds.length > 0 && <WhatHolds holds={queue.holds} />}
      <Card title={t("Waiting and running")} actions={<Hours />}>
        <DepthChart queue={queue} />
      </Card>
      <div className="columns">
        <Card title={t("Ended a second")}>
          <EndedChart queue={queue} />
        </Card>
        <Card title={t("Limits")}>
          <QueueLimits queue={queue} />
        </Card>
      </div>
      <Card title={t("Workers")} flush>
        <WorkerTable
          workers={queue.workers}
          empty={
            <Empty title={t("No worker runs this job now, or did of late.")}>
              {t("What a worker could run, but never ran, is known to itself only.")}
            </Empty>
          }
        />
      </Card>
    </>
  );
}

function QueueFigures({ queue }: { queue: QueueDetail }) {
  const { oldest_seconds: oldest, done_per_second: done, drained_in_seconds: drained } = queue;
  return (
    <Figures>
      <Figure
        label={t("Waiting")}
        value={depth(queue)}
        about={queue.delayed > 0 && n(queue.delayed, "{count} starts later", "{count} start later")}
      />
      <Figure label={t("Oldest waits")} value={<Seconds of={queue.waiting === 0 ? null : oldest} />} />
      <Figure
        label={t("Running")}
        value={queue.running}
        about={queue.max_concurrency !== null && t("at most {most}", { most: queue.max_concurrency })}
      />
      <Figure
        label={t("Done")}
        value={done === null ? "–" : rate(done)}
        about={done !== null && t("lately, while there was work")}
      />
      <Figure
        label={t("Empty in")}
        value={drained === 0 ? t("now") : <Seconds of={drained} />}
        about={drained === null && t("cannot be said yet")}
      />
    </Figures>
  );
}
