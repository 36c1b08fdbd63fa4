/** Where the tasks of a lineage are drawn: a column a hop, upstream on the left. */

import type { Lineage } from "@/api/schema";
import { t } from "@/i18n/text";
import { stateWord, type Tone } from "@/ui/Badge";
import type { GraphEdge, GraphNode } from "@/ui/Graph";

const WIDTH = 210;
const HEIGHT = 46;
const ACROSS = 90;
const BETWEEN = 18;

const TONES: Record<string, Tone> = { succeeded: "good", dead: "bad", running: "busy" };

export interface Link {
  from: number;
  to: number;
}

/** Which task emitted what another one covers. */
export function linksOf({ tasks, reads }: Lineage): Link[] {
  const makers = new Map<number, number>();
  for (const { id, inputs, outputs } of tasks) {
    for (const event of outputs) makers.set(event.id, id);
    for (const event of inputs) if (event.producer_task !== null) makers.set(event.id, event.producer_task);
  }
  const known = new Set(tasks.map(({ id }) => id));
  const links = new Map<string, Link>();
  for (const { event_id, task_id } of reads) {
    const from = makers.get(event_id);
    if (from !== undefined && known.has(from) && from !== task_id)
      links.set(`${from} ${task_id}`, { from, to: task_id });
  }
  return [...links.values()];
}

export function drawn(lineage: Lineage, links: readonly Link[]): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const first = Math.min(...lineage.tasks.map(({ hop }) => hop));
  const columns = new Map<number, number>();
  const nodes = lineage.tasks.map((task): GraphNode => {
    const row = columns.get(task.hop) ?? 0;
    columns.set(task.hop, row + 1);
    const tone = TONES[task.state] ?? "idle";
    const state = stateWord(task.state);
    return {
      id: String(task.id),
      kind: "job",
      label: `#${task.id} ${task.job}`,
      x: (task.hop - first) * (WIDTH + ACROSS),
      y: row * (HEIGHT + BETWEEN),
      width: WIDTH,
      height: HEIGHT,
      href: `/tasks/${task.id}`,
      status: { tone, text: task.id === lineage.task_id ? t("{state}, this task", { state }) : state },
    };
  });
  const at = new Map(nodes.map((node) => [node.id, node]));
  const edges = links.flatMap(({ from, to }): GraphEdge[] => {
    const [left, right] = [at.get(String(from)), at.get(String(to))];
    if (!left || !right) return [];
    const points: [number, number][] = [
      [left.x + WIDTH, left.y + HEIGHT / 2],
      [right.x, right.y + HEIGHT / 2],
    ];
    return [{ from: left.id, to: right.id, points }];
  });
  return { nodes, edges };
}
