import { useMemo, useRef } from "react";
import { useQuery } from "@/api/query";
import { t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { Graph, type GraphNode } from "@/ui/Graph";
import { Card } from "@/ui/Page";
import { LIVE_MS } from "@/pages/jobs/live";
import { GraphLegend } from "./GraphLegend";
import { edgesOf, kept, nodesOf } from "./graphNodes";
import { openInGraph } from "./opened";

/** The graph of one DAG with what each part is doing now. */
export function DagGraph({ dag }: { dag: string }) {
  const graph = useQuery(
    "get_dag_graph",
    { name: dag },
    { topics: ["dag"], when: ({ data }) => "version" in data },
  );
  const status = useQuery(
    "get_dag_graph_status",
    { name: dag },
    { topics: ["dead_letter", "dag"], every: LIVE_MS },
  );
  const edges = useMemo(() => (graph.data ? edgesOf(graph.data) : []), [graph.data]);
  const drawn = useRef<GraphNode[]>([]);
  const nodes = useMemo(
    () => {
      const found = graph.data ? nodesOf(graph.data, status.data, openInGraph) : [];
      return (drawn.current = kept(drawn.current, found));
    },
    [graph.data, status.data],
  );
  return (
    <Answer of={graph}>
      {({ height }) => (
        <Card flush>
          <Graph
            label={t("Graph of {dag}", { dag })}
            nodes={nodes}
            edges={edges}
            height={Math.min(620, Math.max(280, height + 60))}
          />
          <GraphLegend />
        </Card>
      )}
    </Answer>
  );
}
