import { useQuery } from "@/api/query";
import type { Lineage, LineageTask } from "@/api/schema";
import { n, t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Commands } from "@/ui/Commands";
import { ChoiceFilter } from "@/ui/Filters";
import { Graph } from "@/ui/Graph";
import { Card } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { useUrlState } from "@/ui/url";
import { drawn, linksOf, type Link } from "./hops";
import { TaskLinks } from "./Story";

const MOST_DRAWN = 150;
const DEPTHS = ["1", "3", "5", "10"];

/** What a task was made from and what was made from it, as a graph and hop by hop. */
export function LineageTab({ taskId }: { taskId: number }) {
  const [hops] = useUrlState("hops", "3");
  const depth = Math.min(10, Math.max(1, Number(hops) || 3));
  const lineage = useQuery("get_task_lineage", { task_id: taskId, depth }, { topics: ["task", "dead_letter"] });
  return (
    <div className="stack">
      <div className="row spread">
        <ChoiceFilter
          name="hops"
          label={t("Hops up and down")}
          initial="3"
          options={DEPTHS.map((value) => ({ value, label: value }))}
        />
        <Commands
          cli={`headgate task lineage ${taskId} --depth ${depth}`}
          api={`GET /api/v1/tasks/${taskId}/lineage?depth=${depth}`}
        />
      </div>
      <Answer of={lineage}>{(found) => <Hops lineage={found} />}</Answer>
    </div>
  );
}

function Hops({ lineage }: { lineage: Lineage }) {
  const links = linksOf(lineage);
  const { nodes, edges } = drawn(lineage, links);
  const tasks = [...lineage.tasks].sort((a, b) => a.hop - b.hop || a.id - b.id);
  return (
    <>
      {!lineage.complete && <p className="muted">{t("There is more than this: only the first of it is shown.")}</p>}
      {nodes.length > 1 && nodes.length <= MOST_DRAWN && (
        <Card flush>
          <Graph label={t("What the task came from and led to")} nodes={nodes} edges={edges} height={300} />
        </Card>
      )}
      <Card flush>
        <Table<LineageTask>
          label={t("Tasks by hop")}
          columns={columnsOf(links)}
          rows={tasks}
          rowKey={({ id }) => id}
          href={({ id }) => `/tasks/${id}`}
        />
      </Card>
    </>
  );
}

function columnsOf(links: readonly Link[]): Column<LineageTask>[] {
  const from = (id: number) => links.filter(({ to }) => to === id).map((link) => link.from);
  return [
    { key: "task", head: t("Task"), cell: ({ id }) => <span translate="no">#{id}</span> },
    { key: "hop", head: t("Where"), cell: ({ hop }) => hopWord(hop) },
    { key: "job", head: t("Job"), cell: ({ job }) => <code>{job}</code> },
    { key: "state", head: t("State"), cell: ({ state }) => <State of={state} /> },
    { key: "partition", head: t("Partition"), cell: ({ partition }) => <code>{partition ?? "–"}</code> },
    { key: "from", head: t("Made from"), cell: (task) => <MadeFrom task={task} tasks={from(task.id)} /> },
    { key: "out", head: t("Emitted"), cell: emittedWord, align: "end" },
  ];
}

function MadeFrom({ task, tasks }: { task: LineageTask; tasks: number[] }) {
  const source = task.inputs.find((event) => event.source)?.source;
  if (tasks.length > 0) return <TaskLinks ids={tasks} />;
  return source ? <code>{source}</code> : n(task.inputs_in_all, "{count} event", "{count} events");
}

function emittedWord({ outputs, more_outputs }: LineageTask): string {
  return more_outputs
    ? t("more than {count}", { count: outputs.length })
    : n(outputs.length, "{count} event", "{count} events");
}

function hopWord(hop: number): string {
  if (hop === 0) return t("this task");
  return hop < 0
    ? n(-hop, "{count} hop upstream", "{count} hops upstream")
    : n(hop, "{count} hop downstream", "{count} hops downstream");
}
