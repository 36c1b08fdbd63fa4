/** How DAGs are now, from how their jobs are. */

import type { JobSummary } from "@/api/schema";
import type { Mark } from "@/ui/Outcomes";

export interface DagNow {
  state: "paused" | "held" | "running" | "waiting" | "idle";
  waiting: number;
  running: number;
  dead: number;
  /** The newest run of each job, then the one before of each, and so on; oldest first. */
  recent: Mark[];
}

const MOST_MARKS = 30;

/** By the name of the DAG; only those of which there is a job. */
export function dagsNow(jobs: readonly JobSummary[]): Map<string, DagNow> {
  const of = new Map<string, JobSummary[]>();
  for (const job of jobs) of.set(job.dag, [...(of.get(job.dag) ?? []), job]);
  return new Map([...of].map(([dag, own]) => [dag, nowOf(own)]));
}

function nowOf(jobs: readonly JobSummary[]): DagNow {
  const sum = (of: (job: JobSummary) => number) => jobs.reduce((total, job) => total + of(job), 0);
  const is = (state: JobSummary["state"]) => jobs.some((job) => job.state === state);
  const dead = sum((job) => job.dead_letters);
  const running = sum((job) => job.running);
  const waiting = sum((job) => job.waiting);
  const state = is("paused") ? "paused" : is("held") ? "held" : running ? "running" : waiting ? "waiting" : "idle";
  return { state, waiting, running, dead, recent: newest(jobs) };
}

/** Jobs in turns, so that a busy one does not hide how the others do. */
function newest(jobs: readonly JobSummary[]): Mark[] {
  const found: Mark[] = [];
  for (let back = 1; found.length < MOST_MARKS; back++) {
    const round = jobs.flatMap(({ recent }) => recent.at(-back) ?? []);
    if (round.length === 0) break;
    found.push(...round);
  }
  return found.slice(0, MOST_MARKS).reverse();
}
