/** The arithmetic of a graph: what hangs together, how big it is, how a line runs. */

import type { GraphEdge, GraphNode } from "./Graph";

/** How far [low, high] is to move to lie between two borders, its start before its end. */
export function shiftInto(low: number, high: number, from: number, to: number): number {
  return low < from || high - low > to - from ? from - low : Math.min(0, to - high);
}

/** All that leads to a node and all that follows from it. */
export function reach(id: string, edges: GraphEdge[]): Set<string> {
  const found = new Set([id]);
  for (const [near, far] of [
    ["from", "to"],
    ["to", "from"],
  ] as const) {
    const next = new Map<string, string[]>();
    for (const edge of edges) next.set(edge[near], [...(next.get(edge[near]) ?? []), edge[far]]);
    const seen = new Set([id]);
    const open = [id];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const other of next.get(node) ?? []) {
        if (!seen.has(other)) {
          seen.add(other);
          open.push(other);
        }
      }
    }
    for (const each of seen) found.add(each);
  }
  return found;
}

/** The box around all nodes. */
export function extent(nodes: GraphNode[]) {
  if (nodes.length === 0) return { left: 0, top: 0, width: 0, height: 0 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of nodes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { left, top, width: right - left, height: bottom - top };
}

/** A line that leaves and arrives level. */
export function curve(points: [number, number][]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${first[0]} ${first[1]}`;
  let [x, y] = first;
  for (const [toX, toY] of rest) {
    const middle = (x + toX) / 2;
    path += ` C${middle} ${y} ${middle} ${toY} ${toX} ${toY}`;
    [x, y] = [toX, toY];
  }
  return path;
}

/** A text cut to about so many units. */
export function shortened(text: string, width: number, letter = 6.7): string {
  const most = Math.max(3, Math.floor(width / letter));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
