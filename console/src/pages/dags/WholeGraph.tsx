import { X } from "lucide-react";
import { useMemo, useRef } from "react";
import { useQuery } from "@/api/query";
import { n, t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { Button } from "@/ui/Button";
import { Commands } from "@/ui/Commands";
import { Graph, type GraphNode } from "@/ui/Graph";
import { Card, Page } from "@/ui/Page";
import { pathTo, useUrlState } from "@/ui/url";
import { GraphLegend } from "./GraphLegend";
import { edgesOf, kept, nodesOf } from "./graphNodes";
import { openInGraph, parseOpened } from "./opened";
import "./dags.css";

const REFRESH_MS = 4000; // all parts of all DAGs: not with each task

/** All DAGs in one graph; where there is too much to draw, each one is a box until it is opened. */
export default function WholeGraph() {
  const [open, setOpen] = useUrlState("open");
  const opened = parseOpened(open);
  const graph = useQuery("get_graph", { expand: opened }, { topics: ["dag"], every: REFRESH_MS });
  const { data } = graph;
  const edges = useMemo(() => (data ? edgesOf(data) : []), [data]);
  const drawn = useRef<GraphNode[]>([]);
  const nodes = useMemo(() => {
    const found = data ? nodesOf(data, undefined, (dag) => openInGraph(dag, parseOpened(open))) : [];
    return (drawn.current = kept(drawn.current, found));
  }, [data, open]);
  return (
    <Page
      title={t("Graph")}
      about={t("Everything that is deployed, from the sources on the left to what is made last.")}
      actions={<Commands cli="headgate dag list" api={`GET ${pathTo("/api/v1/graph", { expand: opened[0] })}`} />}
    >
      <Answer of={graph}>
        {({ collapsed }) =>
          nodes.length === 0 ? (
            <Empty title={t("Nothing is deployed yet.")} command="headgate dag apply dag.yaml" />
          ) : (
            <>
              {(collapsed.length > 0 || opened.length > 0) && (
                <Opened
                  collapsed={collapsed.length}
                  opened={opened}
                  onClose={(dag) => setOpen(opened.filter((each) => each !== dag).join(","))}
                />
              )}
              <Card flush>
                <Graph label={t("Graph of all DAGs")} nodes={nodes} edges={edges} height="max(24rem, calc(100dvh - 15rem))" />
                <GraphLegend />
              </Card>
            </>
          )
        }
      </Answer>
    </Page>
  );
}

interface OpenedProps {
  collapsed: number;
  opened: string[];
  onClose: (dag: string) => void;
}

function Opened({ collapsed, opened, onClose }: OpenedProps) {
  return (
    <p className="row">
      <span className="muted">
        {n(
          collapsed,
          "{count} DAG is drawn as one box: choose it to see its parts.",
          "{count} DAGs are drawn as one box each: choose one to see its parts.",
        )}
      </span>
      {opened.map((dag) => (
        <span key={dag} className="filter given">
          <span>
            {t("Open:")} <strong translate="no">{dag}</strong>
          </span>
          <Button
            look="quiet"
            icon={X}
            aria-label={t("Draw {dag} as one box", { dag })}
            onClick={() => onClose(dag)}
          />
        </span>
      ))}
    </p>
  );
}
