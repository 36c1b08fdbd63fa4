import { useState } from "react";
import type { TaskDetail } from "@/api/schema";
import { duration } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { State } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Page";
import { Time, useNow } from "@/ui/Time";
import { AttemptTable } from "./AttemptTable";
import { waterfallOf, type AttemptLane, type Waterfall } from "./lanes";
import { Track } from "./Track";

/** When a task waited and ran, one lane an attempt, from its event to what it emitted. */
export function WaterfallView({ task }: { task: TaskDetail }) {
  const [table, setTable] = useState(false);
  const fall = waterfallOf(task, useNow().getTime());
  return (
    <Card
      title={t("From the event to the end")}
      actions={
        <Button look="quiet" aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? t("As a picture") : t("As a table")}
        </Button>
      }
    >
      {table ? <AttemptTable task={task} /> : <Lanes task={task} fall={fall} />}
    </Card>
  );
}

function Lanes({ task, fall }: { task: TaskDetail; fall: Waterfall }) {
  const { from, to, before, attempts, next, emittedAt } = fall;
  const span = { from, to };
  return (
    <>
      <ol className="task-lanes" aria-label={t("Attempts")}>
        {before && (
          <Track
            {...span}
            name={t("Event to task")}
            bars={[before]}
            words={t("{time} until the task was made", { time: seconds(before) })}
          />
        )}
        {attempts.map((lane, index) => (
          <Track
            key={lane.attempt.attempt + lane.attempt.started_at}
            {...span}
            name={
              <>
                {t("Attempt {number}", { number: lane.attempt.attempt })} <State of={lane.attempt.outcome} />
              </>
            }
            bars={lane.bars}
            mark={index === attempts.length - 1 ? emittedAt : undefined}
            words={wordsOf(lane, index === attempts.length - 1 ? task.outputs.length : 0)}
          />
        ))}
        {next && (
          <Track
            {...span}
            name={t("Next attempt")}
            bars={[next]}
            words={
              <>
                {t("in the queue for {time}", { time: seconds(next) })}
                {task.state === "waiting" && task.run_at && (
                  <>
                    {", "}
                    {t("to be tried again")} <Time at={task.run_at} />
                  </>
                )}
              </>
            }
          />
        )}
      </ol>
      <p className="task-axis small muted">
        <Time at={new Date(from).toISOString()} as="clock" />
        <span>{t("{time} in all", { time: duration((to - from) / 1000) })}</span>
      </p>
      <p className="row small muted task-legend">
        <span className="task-key waits">{t("waits in the queue")}</span>
        <span className="task-key">{t("runs on a worker")}</span>
        {emittedAt !== undefined && <span className="task-key mark">{t("emits")}</span>}
      </p>
    </>
  );
}

function wordsOf({ attempt, waitedSeconds, ranSeconds }: AttemptLane, emitted: number): string {
  const values = { waited: duration(waitedSeconds), ran: duration(ranSeconds) };
  if (attempt.outcome === "running") return t("waited {waited}, has run for {ran}", values);
  if (emitted === 0) return t("waited {waited}, ran {ran}", values);
  return n(
    emitted,
    "waited {waited}, ran {ran}, emitted {count} event",
    "waited {waited}, ran {ran}, emitted {count} events",
    values,
  );
}

function seconds({ from, to }: { from: number; to: number }): string {
  return duration(Math.max(0, to - from) / 1000);
}
