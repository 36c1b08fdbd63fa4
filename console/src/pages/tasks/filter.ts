/** The filter of the list of tasks: kept in the page's address, sent with the list and with acts on all. */

import { useMemo } from "react";
import { useSearchParams } from "wouter";
import type { Params } from "@/api/call";
import type { Task, TaskChoice } from "@/api/schema";

export type TaskState = Task["state"];

/** In the order of a task's life; the last two are ends that most tasks never meet. */
export const STATES: readonly TaskState[] = [
  "pending",
  "waiting",
  "running",
  "succeeded",
  "dead",
  "cancelled",
  "merged",
  "replayed",
];

const TEXTS = ["job", "dag", "partition", "worker", "error_code"] as const;
const AGES: Record<string, number> = { "15m": 900, "1h": 3600, "24h": 86_400, "7d": 604_800 };

export interface TaskFilter {
  states: TaskState[];
  /** The other parts; those that are not given are not there. */
  rest: Partial<Record<(typeof TEXTS)[number] | "created_since" | "created_until", string>>;
}

export function useTaskFilter(): TaskFilter {
  const [query] = useSearchParams();
  const asked = query.toString();
  // An age is a time from the moment on that it was chosen: params that moved would never be the same.
  return useMemo(() => filterOf(new URLSearchParams(asked), new Date()), [asked]);
}

function filterOf(query: URLSearchParams, now: Date): TaskFilter {
  const states = (query.get("state") ?? "").split(",");
  const rest: TaskFilter["rest"] = {};
  for (const name of TEXTS) {
    const value = query.get(name);
    if (value) rest[name] = value;
  }
  const since = query.get("since");
  const age = since && AGES[since];
  if (age) rest.created_since = new Date(now.getTime() - age * 1000).toISOString();
  else if (since) rest.created_since = since;
  const until = query.get("until");
  if (until) rest.created_until = until;
  return { states: STATES.filter((state) => states.includes(state)), rest };
}

/** The filter as the list takes it. */
export function listed({ states, rest }: TaskFilter): Params<"list_tasks"> {
  return { ...rest, ...(states.length > 0 && { state: states.join(",") }) };
}

/** The filter as acts on all that match take it. */
export function choiceOf({ states, rest }: TaskFilter): TaskChoice {
  const choice: TaskChoice = { ...rest, ...(states.length > 0 && { state: states }) };
  return Object.keys(choice).length > 0 ? choice : { all: true };
}

/** The options of `headgate task` that choose the same. */
export function optionsOf(choice: TaskChoice): string {
  if (choice.ids) return choice.ids.join(" ");
  if (choice.all) return "--all";
  const options: [string, string | null | undefined][] = [
    ["state", choice.state?.join(",")],
    ["job", choice.job],
    ["dag", choice.dag],
    ["partition", choice.partition],
    ["worker", choice.worker],
    ["since", choice.created_since],
    ["until", choice.created_until],
    ["error-code", choice.error_code],
  ];
  return options.flatMap(([name, value]) => (value ? [`--${name} ${quoted(value)}`] : [])).join(" ");
}

function quoted(value: string): string {
  return /^[\w.,:/@%+-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
