import { CircleDashed, Unplug } from "lucide-react";
import { bytes, count, duration } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import type { Queue, QueuePressure, WorkerLoad } from "@/api/schema";
import { Badge, State } from "@/ui/Badge";

export type QueueStateName = Queue["state"];

export const QUEUE_STATES: readonly QueueStateName[] = ["paused", "held", "busy", "idle"];

/** The word for the state of a queue. */
export function queueWord(state: QueueStateName): string {
  switch (state) {
    case "paused":
      return t("paused");
    case "held":
      return t("held");
    case "busy":
      return t("with work");
    case "idle":
      return t("idle");
  }
}

/** What a queue is now: paused by somebody, held by what is full, at work, or without work. */
export function QueueState({ of: { state, running } }: { of: Pick<Queue, "state" | "running"> }) {
  switch (state) {
    case "paused":
    case "held":
      return <State of={state} />;
    case "busy":
      return <State of={running > 0 ? "running" : "waiting"} />;
    case "idle":
      return (
        <Badge tone="idle" icon={CircleDashed}>
          {queueWord(state)}
        </Badge>
      );
  }
}

/** Whether a worker is heard of. */
export function WorkerState({ of }: { of: WorkerLoad["state"] }) {
  switch (of) {
    case "live":
      return <Badge tone="good">{t("alive")}</Badge>;
    case "late":
      return <Badge tone="warn">{t("silent")}</Badge>;
    case "gone":
      return (
        <Badge tone="bad" icon={Unplug}>
          {t("gone")}
        </Badge>
      );
  }
}

/** How many tasks wait; a long queue is as its last sample was. */
export function depth({ waiting, exact }: Pick<Queue, "waiting" | "exact">): string {
  return exact ? count(waiting) : t("about {count}", { count: count(waiting) });
}

/** A figure of a queue's fullest input, in its own measure. */
export function amount(value: number, cause: QueuePressure["cause"]): string {
  switch (cause) {
    case "rows":
      return n(value, "{count} task", "{count} tasks");
    case "units":
      return n(value, "{count} unit", "{count} units");
    case "bytes":
      return bytes(value);
    case "age":
      return duration(value / 1000);
  }
}
