/** Where to draw nodes of which only the layer is known: side by side by layer, few crossings. */

import type { GraphEdge, GraphNode } from "./Graph";

export type Layered = Omit<GraphNode, "x" | "y" | "width" | "height"> & { layer: number };

interface Link {
  from: string;
  to: string;
  dashed?: boolean;
}

interface Layout {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** Of all of it, in pixels at full size. */
  height: number;
}

const WIDTH = 180;
const HEIGHT = 44;
const BESIDE = 40; // between layers, for the lines
const BELOW = 16;
const SWEEPS = 4;

/** Positions for `Graph`. Within a layer each node goes to the mean height of its neighbours. */
export function layered(nodes: readonly Layered[], links: readonly Link[]): Layout {
  const layers = grouped(nodes);
  const tops = new Map<string, number>();
  for (const layer of layers) settle(layer, tops);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const way = sweep % 2 ? [...layers].reverse() : layers;
    for (const layer of way) {
      const wish = new Map(layer.map(({ id }) => [id, meanOf(id, links, tops)]));
      layer.sort((a, b) => (wish.get(a.id) ?? 0) - (wish.get(b.id) ?? 0));
      settle(layer, tops);
    }
  }
  const placed = new Map<string, GraphNode>();
  layers.forEach((layer, column) => {
    for (const { layer: _, ...node } of layer) {
      const x = column * (WIDTH + BESIDE);
      placed.set(node.id, { ...node, x, y: tops.get(node.id) ?? 0, width: WIDTH, height: HEIGHT });
    }
  });
  const most = Math.max(0, ...layers.map(({ length }) => length));
  return {
    nodes: [...placed.values()],
    edges: links.flatMap((link) => lineOf(link, placed)),
    height: most * (HEIGHT + BELOW),
  };
}

function grouped(nodes: readonly Layered[]): Layered[][] {
  const found = new Map<number, Layered[]>();
  for (const node of nodes) found.set(node.layer, [...(found.get(node.layer) ?? []), node]);
  return [...found].sort(([a], [b]) => a - b).map(([, layer]) => layer);
}

/** Put a layer's nodes below each other in their order, around height 0. */
function settle(layer: readonly Layered[], tops: Map<string, number>): void {
  const step = HEIGHT + BELOW;
  layer.forEach(({ id }, index) => tops.set(id, (index - (layer.length - 1) / 2) * step));
}

function meanOf(id: string, links: readonly Link[], tops: ReadonlyMap<string, number>): number {
  const near = links.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []));
  const heights = near.map((other) => tops.get(other) ?? 0);
  if (heights.length === 0) return tops.get(id) ?? 0;
  return heights.reduce((sum, each) => sum + each, 0) / heights.length;
}

function lineOf({ from, to, dashed }: Link, placed: ReadonlyMap<string, GraphNode>): GraphEdge[] {
  const [start, end] = [placed.get(from), placed.get(to)];
  if (!start || !end) return [];
  const points: [number, number][] = [
    [start.x + start.width, start.y + start.height / 2],
    [end.x, end.y + end.height / 2],
  ];
  return [{ from, to, points, ...(dashed && { dashed }) }];
}
