import { useState } from "react";
import { addressOf, type Params } from "@/api/call";
import { useList } from "@/api/query";
import type { Task } from "@/api/schema";
import { t } from "@/i18n/text";
import { Empty, FailureNote, Loading } from "@/ui/Answer";
import { Button } from "@/ui/Button";
import { Commands } from "@/ui/Commands";
import { FollowedOperation } from "@/ui/OperationBar";
import { Card, Page } from "@/ui/Page";
import { Table } from "@/ui/Table";
import { useUrlState } from "@/ui/url";
import { Bulk } from "./Bulk";
import { TASK_COLUMNS } from "./columns";
import { choiceOf, listed, optionsOf, useTaskFilter, type TaskFilter } from "./filter";
import { StateChips } from "./StateChips";
import { TaskFilters } from "./TaskFilters";
import "./tasks.css";

const EVERY_MS = 2500; // that a task starts or succeeds is not in the stream: it happens too often

/** All tasks: found by a filter, followed live, cancelled and retried by the many. */
export default function Tasks() {
  const filter = useTaskFilter();
  const [order] = useUrlState("order", "newest");
  const [operation, follow] = useUrlState("operation");
  const params: Params<"list_tasks"> = {
    ...listed(filter),
    order: order === "oldest" ? "oldest" : "newest",
  };
  const tasks = useList("list_tasks", params, { topics: ["task", "dead_letter"], every: EVERY_MS });
  return (
    <Page
      title={t("Tasks")}
      about={t("What is done, was done and will be, the newest first.")}
      actions={
        <Commands
          cli={`headgate task list ${cliOf(filter)}`.trim()}
          api={`GET ${addressOf("list_tasks", params)}`}
        />
      }
    >
      <TaskFilters />
      <StateChips chosen={filter.states} counts={tasks.first?.counts ?? undefined} />
      {operation && <FollowedOperation id={operation} onClose={() => follow("")} />}
      {tasks.failure && <FailureNote failure={tasks.failure} again={tasks.refresh} />}
      {tasks.loading ? (
        <Loading />
      ) : (
        <List key={JSON.stringify(params)} tasks={tasks} filter={filter} onStart={follow} />
      )}
    </Page>
  );
}

function cliOf(filter: TaskFilter): string {
  const options = optionsOf(choiceOf(filter));
  return options === "--all" ? "" : options;
}

interface ListProps {
  tasks: ReturnType<typeof useList<"list_tasks">>;
  filter: TaskFilter;
  onStart: (operation: string) => void;
}

function List({ tasks, filter, onStart }: ListProps) {
  const [chosen, choose] = useState<ReadonlySet<string | number>>(new Set());
  const { items, more, first, failure, loadingMore, refresh } = tasks;
  if (failure && items.length === 0) return null;
  return (
    <>
      <Bulk
        chosen={chosen}
        filter={filter}
        counts={first?.counts ?? undefined}
        onClear={() => choose(new Set())}
        onStart={(operation) => {
          choose(new Set());
          onStart(operation);
          refresh();
        }}
      />
      <Card flush>
        <div className="task-list">
          <Table<Task>
            label={t("Tasks")}
            columns={TASK_COLUMNS}
            rows={items}
            rowKey={({ id }) => id}
            href={({ id }) => `/tasks/${id}`}
            chosen={chosen}
            onChoose={choose}
            more={more}
            loadingMore={loadingMore}
            empty={<Nothing more={more} busy={loadingMore} filtered={cliOf(filter) !== ""} />}
          />
        </div>
      </Card>
    </>
  );
}

interface NothingProps {
  more: (() => void) | undefined;
  busy: boolean;
  filtered: boolean;
}

/** Nothing was found: among the newest, or at all. */
function Nothing({ more, busy, filtered }: NothingProps) {
  if (more) {
    return (
      <Empty title={t("None of the newest tasks matches.")}>
        <Button onClick={more} busy={busy}>
          {t("Look further back")}
        </Button>
      </Empty>
    );
  }
  if (filtered) return <Empty title={t("No task matches.")}>{t("Remove a filter to see more.")}</Empty>;
  return (
    <Empty title={t("There are no tasks yet.")} command="headgate demo creative">
      {t("A task is made when an event reaches a job. The demo makes some.")}
    </Empty>
  );
}
