import { useMemo } from "react";
import { addressOf } from "@/api/call";
import { useQuery } from "@/api/query";
import type { DatasetLineage, LineageNode } from "@/api/schema";
import { n, t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { stateWord, type Tone } from "@/ui/Badge";
import { Commands } from "@/ui/Commands";
import { ChoiceFilter, Filters } from "@/ui/Filters";
import { Graph, type GraphNode } from "@/ui/Graph";
import { layered, type Layered } from "@/ui/layers";
import { Card } from "@/ui/Page";
import { useUrlState } from "@/ui/url";

const TALLEST = 620;
const LOWEST = 220;
const AROUND = 90;
const STEPS = ["1", "2", "3", "5", "10", "20"];

/** What a dataset is made from and what is made from it, with how all of it is now. */
export function Lineage({ name }: { name: string }) {
  const [up] = useUrlState("up", "3");
  const [down] = useUrlState("down", "3");
  const params = { name, up: stepsOf(up), down: stepsOf(down) };
  const lineage = useQuery("get_dataset_lineage", params, { topics: ["dead_letter", "dag"], every: 3000 });
  return (
    <>
      <div className="row spread">
        <Filters>
          <StepFilter name="up" label={t("Made from")} />
          <StepFilter name="down" label={t("What is made from it")} />
        </Filters>
        <Commands
          cli={`headgate dataset lineage ${name} --up ${stepsOf(up)} --down ${stepsOf(down)}`}
          api={`GET ${addressOf("get_dataset_lineage", params)}`}
        />
      </div>
      <Answer of={lineage}>{(found) => <Drawn lineage={found} />}</Answer>
    </>
  );
}

function StepFilter({ name, label }: { name: string; label: string }) {
  const options = STEPS.map((value) => ({
    value,
    label: n(Number(value), "{count} job away", "{count} jobs away"),
  }));
  return <ChoiceFilter name={name} label={label} initial="3" options={options} />;
}

function stepsOf(text: string): number {
  return STEPS.includes(text) ? Number(text) : 3;
}

function Drawn({ lineage: { nodes, edges, complete } }: { lineage: DatasetLineage }) {
  const {
    nodes: placed,
    edges: lines,
    height,
  } = useMemo(
    () =>
      layered(
        nodes.map(drawnAs),
        edges.map(({ source, target }) => ({ from: source, to: target })),
      ),
    [nodes, edges],
  );
  if (nodes.length === 1) return <Empty title={t("It is made from nothing, and nothing is made from it.")} />;
  return (
    <>
      <Card flush>
        <Graph
          label={t("Lineage")}
          nodes={placed}
          edges={lines}
          height={Math.min(TALLEST, Math.max(LOWEST, height + AROUND))}
        />
      </Card>
      {!complete && <p className="muted">{t("The lineage goes on further than is shown.")}</p>}
    </>
  );
}

function drawnAs(node: LineageNode): Layered {
  return {
    id: node.id,
    layer: node.layer,
    kind: node.kind,
    label: node.name,
    href: pathOf(node),
    status: statusOf(node),
  };
}

function pathOf({ kind, name, dag }: LineageNode): string {
  switch (kind) {
    case "dataset":
      return `/datasets/${name}?tab=lineage`;
    case "job":
      return `/jobs/${name}`;
    case "source":
      return `/dags/${dag}`;
  }
}

const TONES: Record<Exclude<LineageNode["state"], "source">, Tone> = {
  fresh: "good",
  stale: "warn",
  paused: "warn",
  held: "warn",
  running: "busy",
  waiting: "idle",
  failing: "bad",
  idle: "idle",
  removed: "idle",
};

function statusOf(node: LineageNode): GraphNode["status"] {
  const { state, running, waiting, dead } = node;
  if (state === "source") return undefined;
  const counts = [
    running && n(running, "{count} running", "{count} running"),
    waiting && n(waiting, "{count} waiting", "{count} waiting"),
    dead && n(dead, "{count} dead", "{count} dead"),
  ].filter((part) => typeof part === "string");
  const told = counts.length && (state === "running" || state === "waiting" || state === "failing");
  return { tone: TONES[state], text: told ? counts.join(", ") : [wordOf(state), ...counts].join(", ") };
}

function wordOf(state: Exclude<LineageNode["state"], "source">): string {
  switch (state) {
    case "idle":
      return t("idle");
    case "failing":
      return t("failing");
    case "removed":
      return t("removed");
    default:
      return stateWord(state);
  }
}
