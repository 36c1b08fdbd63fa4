import { useMemo } from "react";
import type { Cascade, CascadeNode } from "@/api/schema";
import { t } from "@/i18n/text";
import { Graph } from "@/ui/Graph";
import { layered, type Layered } from "@/ui/layers";
import { expectedOf, stateOf } from "./nodeState";

const TALLEST = 480;
const AROUND = 70;

/** The tree of a cascade as a picture: the event, then job by job what ran because of it. */
export function CascadeTree({ cascade: { event, nodes } }: { cascade: Cascade }) {
  const {
    nodes: placed,
    edges,
    height,
  } = useMemo(
    () =>
      layered(
        nodes.map((node) => drawnAs(node, event.dataset)),
        nodes.flatMap(({ id, parents }) => parents.map((parent) => ({ from: `${parent}`, to: `${id}` }))),
      ),
    [nodes, event.dataset],
  );
  return (
    <Graph
      label={t("What followed from the event")}
      nodes={placed}
      edges={edges}
      height={Math.min(TALLEST, height + AROUND)}
    />
  );
}

function drawnAs(node: CascadeNode, dataset: string): Layered {
  const base = { id: `${node.id}`, layer: node.depth };
  if (node.job === null)
    return { ...base, kind: "dataset", label: dataset, href: `/datasets/${dataset}`, status: undefined };
  const { tone, text } = stateOf(node);
  const all = expectedOf(node);
  const words = all ? t("{done} of {all} · {state}", { done: node.tasks.done ?? 0, all, state: text }) : text;
  return { ...base, kind: "job", label: node.job, href: `/jobs/${node.job}`, status: { tone, text: words } };
}
