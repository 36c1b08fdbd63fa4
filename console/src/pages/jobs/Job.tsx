import { Pause, Play, Rows4 } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useAction } from "@/api/action";
import { useQuery } from "@/api/query";
import type { JobDetail } from "@/api/schema";
import { count, duration, percent } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Answer, FailureNote } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Commands } from "@/ui/Commands";
import { Figure, Figures } from "@/ui/Facts";
import { Page } from "@/ui/Page";
import { say } from "@/ui/Toasts";
import { pathTo } from "@/ui/url";
import { Backfills, shareDone } from "./Backfills";
import { Durations } from "./Durations";
import { Holds } from "./Holds";
import { JobFacts } from "./JobFacts";
import { LIVE_MS } from "./live";
import { Partitions } from "./Partitions";
import { ProcessDialog, type Part } from "./ProcessDialog";
import { RecentTasks } from "./RecentTasks";
import "./jobs.css";

/** One job: what it is, what it does now, where it has been, how long it takes. */
export default function Job({ job }: { job: string }) {
  const detail = useQuery("get_job", { job }, { topics: ["dead_letter", "dag"], every: LIVE_MS });
  const [processing, setProcessing] = useState<Part>();
  const { data } = detail;
  return (
    <Page
      title={job}
      named
      trail={[
        { label: t("DAGs"), path: "/dags" },
        { label: job.split(".")[0] ?? "", path: `/dags/${job.split(".")[0]}`, named: true },
      ]}
      beside={data && <State of={data.state} />}
      about={data && <About of={data} />}
      progress={data && shareDone(data.backfills)}
      actions={
        <>
          <Commands cli={`headgate job show ${job}`} api={`GET /api/v1/jobs/${job}`} />
          {data && <Actions of={data} refresh={detail.refresh} onProcess={() => setProcessing({})} />}
        </>
      }
    >
      <Answer of={detail}>{(found) => <Parts of={found} refresh={detail.refresh} onProcess={setProcessing} />}</Answer>
      {processing && data && (
        <ProcessDialog
          job={data}
          part={processing}
          onClose={() => setProcessing(undefined)}
          onDone={detail.refresh}
        />
      )}
    </Page>
  );
}

function About({ of: { spec } }: { of: JobDetail }) {
  return (
    <span>
      {spec.description && <span translate="no">{spec.description} </span>}
      <code>{spec.operator}</code>
    </span>
  );
}

interface ActionsProps {
  of: JobDetail;
  refresh: () => void;
  onProcess: () => void;
}

function Actions({ of: { job, paused, partitioning }, refresh, onProcess }: ActionsProps) {
  const pause = useAction("pause_job");
  const resume = useAction("resume_job");
  const set = (wanted: boolean) =>
    void (wanted ? pause : resume).run({ job }).then((done) => {
      if (!done) return;
      refresh();
      say(wanted ? t("{job} is paused.", { job }) : t("{job} goes on.", { job }), { undo: () => set(!wanted) });
    });
  const failure = pause.failure ?? resume.failure;
  return (
    <>
      <Link href={`/queues/${job}`} className="button plain">
        <Rows4 size={15} aria-hidden />
        {t("Queue")}
      </Link>
      {paused ? (
        <Button icon={Play} busy={resume.busy} onClick={() => set(false)}>
          {t("Resume")}
        </Button>
      ) : (
        <Button icon={Pause} busy={pause.busy} onClick={() => set(true)}>
          {t("Pause")}
        </Button>
      )}
      <Button look="main" onClick={onProcess}>
        {partitioning === "range" ? t("Process a range…") : t("Process a key…")}
      </Button>
      {failure && <FailureNote failure={failure} />}
    </>
  );
}

interface PartsProps {
  of: JobDetail;
  refresh: () => void;
  onProcess: (part: Part) => void;
}

function Parts({ of, refresh, onProcess }: PartsProps) {
  return (
    <>
      <Holds of={of} />
      <Backfills of={of.backfills} refresh={refresh} />
      <Now of={of} />
      <Partitions job={of} onProcess={onProcess} />
      <div className="job-columns">
        <div className="stack">
          <Durations of={of} />
          <JobFacts of={of} />
        </div>
        <RecentTasks of={of} />
      </div>
    </>
  );
}

function Now({ of: { job, running, waiting, dead_letters, timing } }: { of: JobDetail }) {
  const failed = timing.attempts ? timing.failed / timing.attempts : 0;
  return (
    <Figures>
      <Figure label={t("Running")} value={<Counted of={running} href={pathTo("/tasks", { job, state: "running" })} />} />
      <Figure
        label={t("Waiting")}
        value={<Counted of={waiting} href={pathTo("/tasks", { job, state: "pending,waiting" })} />}
      />
      <Figure
        label={t("Dead letters")}
        value={<Counted of={dead_letters} href={pathTo("/dead-letters", { job })} />}
        tone={dead_letters ? "bad" : undefined}
      />
      <Figure
        label={t("Median")}
        value={timing.p50_seconds === null ? "–" : duration(timing.p50_seconds)}
        about={timing.p95_seconds !== null && t("p95 {time}", { time: duration(timing.p95_seconds) })}
      />
      <Figure
        label={t("Failed")}
        value={timing.attempts ? percent(failed) : "–"}
        about={timing.attempts > 0 && n(timing.attempts, "of the last attempt", "of the last {count} attempts")}
        tone={failed > 0.2 ? "bad" : failed > 0.02 ? "warn" : undefined}
      />
    </Figures>
  );
}

function Counted({ of, href }: { of: number; href: string }) {
  return (
    <Link href={href} className="job-counted">
      {count(of)}
    </Link>
  );
}
