import type { Cascade, CascadeLevel, CascadeNode, Touched } from "@/api/schema";
import { count } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Badge, State } from "@/ui/Badge";
import { DatasetLink } from "@/ui/EventTable";
import { Progress } from "@/ui/Facts";
import { Card } from "@/ui/Page";
import { Table } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { plainRanges } from "@/ui/Where";
import { allOf, expectedOf, stateOf } from "./nodeState";

/** A cascade depth by depth: which jobs, how far each is, what they make anew, because of what. */
export function CascadeLevels({ cascade: { levels, nodes } }: { cascade: Cascade }) {
  const jobs = new Map(nodes.map(({ id, job }) => [id, job]));
  return levels.map((level) => {
    const here = nodes.filter(({ depth }) => depth === level.depth);
    return level.depth === 0 ? (
      <Start key={0} of={here.flatMap(({ datasets }) => datasets)} />
    ) : (
      <Card
        key={level.depth}
        title={t("Hop {depth}", { depth: level.depth })}
        actions={<LevelCounts level={level} nodes={here} />}
        flush
      >
        <Nodes depth={level.depth} nodes={here} jobs={jobs} />
      </Card>
    );
  });
}

function Start({ of }: { of: Touched[] }) {
  return (
    <Card title={t("Where it began")}>
      <Datasets of={of} />
    </Card>
  );
}

function LevelCounts({ level, nodes }: { level: CascadeLevel; nodes: CascadeNode[] }) {
  const all = nodes.reduce((sum, node) => sum + expectedOf(node), 0);
  const parts = [
    n(level.jobs, "{count} job", "{count} jobs"),
    t("{done} of {all} tasks done", { done: count(level.tasks.done ?? 0), all: count(all) }),
    ...(level.units ? [n(level.units, "{count} unit", "{count} units")] : []),
  ];
  return <span className="muted small">{parts.join(" · ")}</span>;
}

interface NodesProps {
  depth: number;
  nodes: CascadeNode[];
  /** The job of each node; null is the event itself. */
  jobs: Map<number, string | null>;
}

function Nodes({ depth, nodes, jobs }: NodesProps) {
  return (
    <Table<CascadeNode>
      label={t("Jobs at hop {depth}", { depth })}
      rows={nodes}
      rowKey={({ id }) => id}
      href={({ job }) => `/jobs/${job}`}
      columns={[
        { key: "job", head: t("Job"), cell: ({ job }) => <span translate="no">{job}</span> },
        { key: "state", head: t("State"), cell: (node) => <NodeBadge node={node} /> },
        { key: "done", head: t("Tasks"), cell: (node) => <Done node={node} /> },
        { key: "makes", head: t("Makes"), cell: ({ datasets }) => <Datasets of={datasets} /> },
        {
          key: "because",
          head: t("Because of"),
          minor: true,
          cell: ({ parents }) => <Because ids={parents} jobs={jobs} />,
        },
        {
          key: "ended",
          head: t("Last ended"),
          minor: true,
          cell: ({ last_ended_at: at }) => <Time at={at} />,
        },
      ]}
    />
  );
}

function NodeBadge({ node }: { node: CascadeNode }) {
  const { tone, text } = stateOf(node);
  return <Badge tone={tone}>{text}</Badge>;
}

function Done({ node }: { node: CascadeNode }) {
  const [done, all] = [node.tasks.done ?? 0, expectedOf(node)];
  if (all === 0) return <span className="muted">–</span>;
  return (
    <span className="events-done">
      <span className="nowrap">
        {t("{done} of {all}", { done: count(done), all: count(all) })}
        {!node.at_rest && node.expected === null && allOf(node.tasks) > 0 && ` ${t("so far")}`}
      </span>
      {!node.at_rest && <Progress done={done} total={all} label={t("Tasks done")} />}
    </span>
  );
}

function Datasets({ of }: { of: Touched[] }) {
  if (of.length === 0) return <span className="muted">{t("nothing anew")}</span>;
  return (
    <ul className="events-touched">
      {of.map(({ dataset, where, units, stale }) => (
        <li key={dataset} className="row">
          <DatasetLink name={dataset} />
          <span className="muted" translate="no">
            {plainRanges(where)}
          </span>
          {units !== null && <span className="muted small">{n(units, "{count} unit", "{count} units")}</span>}
          <State of={stale ? "stale" : "fresh"} />
        </li>
      ))}
    </ul>
  );
}

function Because({ ids, jobs }: { ids: number[]; jobs: Map<number, string | null> }) {
  return (
    <span className="row">
      {ids.map((id) => {
        const job = jobs.get(id);
        return job ? (
          <span key={id} translate="no">
            {job}
          </span>
        ) : (
          <span key={id}>{t("the event")}</span>
        );
      })}
    </span>
  );
}
