/** The graph of the API as what `ui/Graph` draws: where each part leads, how it is in a few words. */

import type { DagLive, DatasetLive, Graph, GraphStatus, JobLive } from "@/api/schema";
import { count } from "@/i18n/format";
import { locale, n, t } from "@/i18n/text";
import type { Tone } from "@/ui/Badge";
import type { GraphEdge, GraphNode } from "@/ui/Graph";

type Status = NonNullable<GraphNode["status"]>;
type Part = Graph["nodes"][number];

/** Nodes with what they are now; `status` is newer than the graph where it knows a part. */
export function nodesOf(
  graph: Graph,
  status: GraphStatus | undefined,
  openGroup: (dag: string) => string,
): GraphNode[] {
  const jobs = new Map(status?.jobs.map((job) => [job.job, job]));
  const datasets = new Map(status?.datasets.map((dataset) => [dataset.dataset, dataset]));
  return graph.nodes.map((part) => {
    const { id, kind, label, x, y, width, height } = part;
    const href = hrefOf(part, openGroup);
    return {
      id,
      kind: kind === "dag" ? "group" : kind,
      label,
      x,
      y,
      width,
      height,
      ...(href && { href }),
      status: statusOf({
        ...part,
        job: part.job && (jobs.get(part.job.job) ?? part.job),
        dataset: part.dataset && (datasets.get(part.dataset.dataset) ?? part.dataset),
      }),
    };
  });
}

/** The new nodes, but the old object for each that says the same: it need not be drawn anew. */
export function kept(before: readonly GraphNode[], nodes: readonly GraphNode[]): GraphNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  return nodes.map((node) => {
    const old = known.get(node.id);
    return old && JSON.stringify(old) === JSON.stringify(node) ? old : node;
  });
}

/** One line from each part to each other, however many ways lead there. */
export function edgesOf({ edges }: Graph): GraphEdge[] {
  const found = new Map<string, GraphEdge>();
  for (const { from_id, to_id, kind, points } of edges) {
    const key = `${from_id} ${to_id}`;
    if (found.has(key)) continue;
    found.set(key, {
      from: from_id,
      to: to_id,
      points: points.map(([x = 0, y = 0]) => [x, y]),
      dashed: kind === "failures" || kind === "whole",
    });
  }
  return [...found.values()];
}

function hrefOf({ kind, job, dataset, dag }: Part, openGroup: (dag: string) => string): string | undefined {
  if (job) return `/jobs/${job.job}`;
  if (dataset) return `/datasets/${dataset.dataset}`;
  return kind === "dag" ? openGroup(dag) : undefined;
}

function statusOf({ job, dataset, group }: Part): Status | undefined {
  if (job) return jobStatus(job);
  if (dataset) return datasetStatus(dataset);
  return group ? groupStatus(group) : undefined;
}

function jobStatus({ state, waiting, running, dead_letters, last_outcome }: JobLive): Status {
  const dead = deadOf(dead_letters);
  switch (state) {
    case "paused":
      return { tone: dead.length ? "bad" : "warn", text: listed([t("paused"), ...dead, ...waitingOf(waiting)]) };
    case "held":
      return { tone: dead.length ? "bad" : "warn", text: listed([t("held"), ...dead, ...waitingOf(waiting)]) };
    case "running":
    case "waiting":
      return {
        tone: dead.length ? "bad" : state === "running" ? "busy" : "idle",
        text: listed([...dead, ...runningOf(running), ...waitingOf(waiting)]),
      };
    case "idle":
      if (dead.length) return { tone: "bad", text: listed(dead) };
      return last_outcome === null
        ? { tone: "idle", text: t("not run yet") }
        : { tone: last_outcome === "succeeded" || last_outcome === "skipped" ? "good" : "idle", text: t("idle") };
  }
}

function datasetStatus({ stale, last_event_at }: DatasetLive): Status {
  if (stale) return { tone: "warn", text: t("stale") };
  return last_event_at ? { tone: "good", text: t("fresh") } : { tone: "idle", text: t("nothing yet") };
}

function groupStatus({ jobs, waiting, running, dead_letters, paused_jobs, held_jobs, stale_datasets }: DagLive): Status {
  const parts = [
    ...deadOf(dead_letters),
    ...(paused_jobs ? [t("{count} paused", { count: count(paused_jobs) })] : []),
    ...(held_jobs ? [t("{count} held", { count: count(held_jobs) })] : []),
    ...(stale_datasets ? [t("{count} stale", { count: count(stale_datasets) })] : []),
    ...runningOf(running),
    ...waitingOf(waiting),
  ];
  const warn = paused_jobs || held_jobs || stale_datasets;
  const tone: Tone = dead_letters ? "bad" : warn ? "warn" : running ? "busy" : "idle";
  return { tone, text: parts.length ? listed(parts) : n(jobs, "{count} job, idle", "{count} jobs, idle") };
}

const deadOf = (many: number) => (many ? [t("{count} dead", { count: count(many) })] : []);
const runningOf = (many: number) => (many ? [t("{count} running", { count: count(many) })] : []);
const waitingOf = (many: number) => (many ? [t("{count} waiting", { count: count(many) })] : []);

function listed(parts: string[]): string {
  return new Intl.ListFormat(locale(), { type: "unit", style: "short" }).format(parts);
}
