import { Link } from "wouter";
import { useQuery } from "@/api/query";
import type { DatasetWhy, TaskDetail, TaskWhy } from "@/api/schema";
import { n, t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Covered } from "@/ui/Covered";
import { Facts, Progress } from "@/ui/Facts";
import { Card } from "@/ui/Page";
import { Reasons } from "@/ui/Reasons";
import { Time } from "@/ui/Time";
import { progressOf } from "./progress";
import { WaterfallView } from "./WaterfallView";

/** What happened to a task and why: in a sentence, as a picture, fact by fact. */
export function Story({ task }: { task: TaskDetail }) {
  const why = useQuery(
    "why_task",
    { task_id: task.id },
    {
      topics: ["task", "dead_letter"],
      when: ({ subject, data }) => subject === String(task.id) || data.task_id === task.id,
      ...(!task.ended_at && { every: 5000 }),
    },
  );
  const progress = task.state === "running" ? progressOf(task) : undefined;
  return (
    <div className="stack">
      {why.data && (
        <p className="task-summary" translate="no">
          {why.data.summary}
        </p>
      )}
      {progress && (
        <div className="stack tight">
          <Progress done={progress.done} total={progress.total} label={t("Progress")} />
          <p className="small muted">
            {t("{done} of {total}", { done: progress.done, total: progress.total })}{" "}
            <span translate="no">{progress.message}</span>
          </p>
        </div>
      )}
      <WaterfallView task={task} />
      <div className="task-halves">
        <Card title={t("Why")}>
          <Answer of={why}>{(found) => <Why why={found} />}</Answer>
        </Card>
        <Card title={t("Facts")}>
          <TaskFacts task={task} />
        </Card>
      </div>
    </div>
  );
}

function Why({ why }: { why: TaskWhy }) {
  return (
    <div className="stack">
      {why.waits.length > 0 && (
        <section className="stack tight">
          <h3>{t("What it waits for")}</h3>
          <Reasons of={why.waits} />
        </section>
      )}
      {why.upstream.length > 0 && (
        <section className="stack tight">
          <h3>{t("What is behind upstream")}</h3>
          <ul className="reasons">
            {why.upstream.map((one) => (
              <Upstream key={`${one.dataset} ${one.where}`} of={one} />
            ))}
          </ul>
        </section>
      )}
      {why.causes.length > 0 && (
        <section className="stack tight">
          <h3>{t("What made it run")}</h3>
          <Reasons of={why.causes} />
        </section>
      )}
      {why.ends.length > 0 && (
        <section className="stack tight">
          <h3>{t("How it ended or goes on")}</h3>
          <Reasons of={why.ends} />
        </section>
      )}
    </div>
  );
}

function Upstream({ of }: { of: DatasetWhy }) {
  return (
    <li>
      <Link href={`/datasets/${of.dataset}`} translate="no">
        {of.dataset}
      </Link>{" "}
      <State of={of.fresh ? "fresh" : "stale"} /> <span translate="no">{of.summary}</span>
    </li>
  );
}

function TaskFacts({ task }: { task: TaskDetail }) {
  const { carried_on_by, came_from } = task.kinship;
  return (
    <Facts
      of={[
        [t("Covers"), (task.partition !== null || task.ranges.length > 0) && <Covered of={task} />],
        [t("Events"), n(task.events_covered, "{count} event", "{count} events")],
        [t("Made"), <Time at={task.created_at} as="moment" />],
        [t("Last start"), task.started_at && <Time at={task.started_at} as="moment" />],
        [t("Ended"), task.ended_at && <Time at={task.ended_at} as="moment" />],
        [t("Runs again"), task.state === "waiting" && task.run_at && <Time at={task.run_at} as="moment" />],
        [t("Worker"), task.worker && <code>{task.worker}</code>],
        [t("Dead letter"), task.letter && <LetterLink letter={task.letter} />],
        [t("Carried on by"), carried_on_by.length > 0 && <TaskLinks ids={carried_on_by} />],
        [t("Took over"), came_from.length > 0 && <TaskLinks ids={came_from} />],
        [
          t("Replaced by"),
          task.replayed_by && (
            <Link href={`/events/${task.replayed_by}`}>{t("event {name}", { name: task.replayed_by })}</Link>
          ),
        ],
        [t("Trace"), task.trace_id && <Link href="?tab=trace"><code>{task.trace_id.slice(0, 12)}</code></Link>],
      ]}
    />
  );
}

function LetterLink({ letter }: { letter: NonNullable<TaskDetail["letter"]> }) {
  return (
    <span className="row">
      <Link href={`/dead-letters/${letter.id}`}>{t("dead letter {name}", { name: letter.id })}</Link>
      <State of={letter.state} />
    </span>
  );
}

/** Tasks by their numbers. */
export function TaskLinks({ ids }: { ids: readonly number[] }) {
  return (
    <span className="row" translate="no">
      {ids.map((id) => (
        <Link key={id} href={`/tasks/${id}`}>
          #{id}
        </Link>
      ))}
    </span>
  );
}
