import type { OutputEvent, TaskDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Empty } from "@/ui/Answer";
import { Card } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { Where } from "@/ui/Where";
import { kindWord } from "./Inputs";
import { TaskLinks } from "./Story";

const COLUMNS: Column<OutputEvent>[] = [
  { key: "event", head: t("Event"), cell: ({ id }) => <span translate="no">#{id}</span> },
  { key: "task-dataset", head: t("Dataset"), cell: ({ dataset }) => <code>{dataset}</code> },
  { key: "place", head: t("Key or range"), cell: (event) => <Where of={event} /> },
  { key: "task-kind", head: t("Kind"), cell: ({ kind }) => kindWord(kind) },
  { key: "tasks", head: t("Went to"), cell: ({ tasks }) => <WentTo tasks={tasks} /> },
  { key: "at", head: t("Emitted"), cell: ({ at }) => <Time at={at} />, align: "end" },
];

/** The events that a task emitted, and the tasks that they went to. */
export function Outputs({ task }: { task: TaskDetail }) {
  return (
    <Card flush title={t("Events that it emitted")}>
      <Table<OutputEvent>
        label={t("Events that it emitted")}
        columns={COLUMNS}
        rows={task.outputs}
        rowKey={({ id }) => id}
        href={({ id }) => `/events/${id}`}
        empty={
          <Empty title={t("It emitted nothing.")}>
            {t("Outputs take effect when an attempt succeeds.")}
          </Empty>
        }
      />
      {task.more_outputs && <p className="task-note muted small">{t("It emitted more events than these.")}</p>}
    </Card>
  );
}

function WentTo({ tasks }: { tasks: number[] | null }) {
  if (tasks === null) return <span className="muted">–</span>;
  return tasks.length > 0 ? <TaskLinks ids={tasks} /> : <span className="muted">{t("nobody")}</span>;
}
