/** How a job of a cascade is, in words, and how much of its work is done. */

import type { CascadeNode, TaskCounts } from "@/api/schema";
import { n, t } from "@/i18n/text";
import type { Tone } from "@/ui/Badge";

export interface NodeState {
  tone: Tone;
  text: string;
}

export function allOf({ pending = 0, running = 0, done = 0, dead = 0, cancelled = 0 }: TaskCounts): number {
  return pending + running + done + dead + cancelled;
}

/** How many tasks a job will have: while more can come, those that the graph tells of count. */
export function expectedOf({ at_rest: rests, tasks, expected }: CascadeNode): number {
  return rests ? allOf(tasks) : Math.max(allOf(tasks), expected ?? 0);
}

export function stateOf(node: CascadeNode): NodeState {
  const { pending = 0, running = 0, done = 0, dead = 0, cancelled = 0 } = node.tasks;
  if (running > 0) return { tone: "busy", text: n(running, "{count} running", "{count} running") };
  if (node.paused && !node.at_rest) return { tone: "warn", text: t("paused") };
  if (pending > 0) return { tone: "idle", text: n(pending, "{count} waits to run", "{count} wait to run") };
  if (dead > 0) return { tone: "bad", text: n(dead, "{count} failed for good", "{count} failed for good") };
  if (node.events_unrouted > 0) return { tone: "busy", text: t("its work is being made") };
  if (!node.at_rest && node.units_left > 0)
    return { tone: "idle", text: t("more of its backfill is to come") };
  if (!node.at_rest)
    return { tone: "idle", text: done > 0 ? t("more may come from above") : t("still to come") };
  if (cancelled > 0) return { tone: "idle", text: n(cancelled, "{count} cancelled", "{count} cancelled") };
  return done > 0 ? { tone: "good", text: t("done") } : { tone: "idle", text: t("had nothing to do") };
}
