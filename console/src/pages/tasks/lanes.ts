/** The waterfall of a task: when it waited and ran, as spans on one line of time. */

import type { Attempt, TaskDetail } from "@/api/schema";
import type { Tone } from "@/ui/Badge";

export interface Bar {
  /** Milliseconds since the epoch. */
  from: number;
  to: number;
  tone: Tone;
  /** Waiting is drawn thinner than work. */
  waits: boolean;
}

export interface AttemptLane {
  attempt: Attempt;
  bars: Bar[];
  waitedSeconds: number;
  ranSeconds: number;
}

export interface Waterfall {
  from: number;
  to: number;
  /** From the first event to the making of the task. */
  before: Bar | undefined;
  attempts: AttemptLane[];
  /** The wait for an attempt that is still to come. */
  next: Bar | undefined;
  emittedAt: number | undefined;
}

const TONES: Record<Attempt["outcome"], Tone> = {
  running: "busy",
  succeeded: "good",
  skipped: "good",
  retried: "warn",
  lost: "warn",
  snoozed: "idle",
  dead: "bad",
  cancelled: "idle",
};

export function waterfallOf(task: TaskDetail, now: number): Waterfall {
  const made = at(task.created_at);
  const event = task.first_event_at ? at(task.first_event_at) : made;
  const attempts = task.attempts.map((attempt) => laneOf(attempt, now));
  const waits = task.state === "pending" || task.state === "waiting";
  const since = Math.max(made, ...attempts.map(({ bars }) => bars.at(-1)?.to ?? 0));
  const next = waits ? { from: since, to: now, tone: "idle" as const, waits: true } : undefined;
  const emittedAt = task.emitted_at ? at(task.emitted_at) : undefined;
  const from = Math.min(event, made, ...attempts.map(({ bars }) => bars[0]?.from ?? made));
  const ends = attempts.map(({ bars }) => bars.at(-1)?.to ?? made);
  const to = Math.max(made, emittedAt ?? made, next?.to ?? made, ...ends);
  return {
    from,
    to: Math.max(to, from + 1),
    // An edited event, or one that joined a waiting task, is later than the task.
    before: event < made ? { from: event, to: made, tone: "idle", waits: true } : undefined,
    attempts,
    next,
    emittedAt,
  };
}

function laneOf(attempt: Attempt, now: number): AttemptLane {
  const queued = at(attempt.queued_at);
  const started = Math.max(queued, at(attempt.started_at));
  const ended = Math.max(started, attempt.ended_at ? at(attempt.ended_at) : now);
  return {
    attempt,
    bars: [
      { from: queued, to: started, tone: "idle", waits: true },
      { from: started, to: ended, tone: TONES[attempt.outcome], waits: false },
    ],
    waitedSeconds: (started - queued) / 1000,
    ranSeconds: (ended - started) / 1000,
  };
}

function at(time: string): number {
  return new Date(time).getTime();
}
