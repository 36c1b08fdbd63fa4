import { RotateCw, Ban, X } from "lucide-react";
import { useState } from "react";
import type { StateCount, TaskAct, TaskChoice } from "@/api/schema";
import { n, t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { BulkDialog } from "./BulkDialog";
import { choiceOf, type TaskFilter } from "./filter";
import { written } from "./StateChips";

interface Props {
  chosen: ReadonlySet<string | number>;
  filter: TaskFilter;
  counts: readonly StateCount[] | undefined;
  onClear: () => void;
  onStart: (operation: string) => void;
}

/** What can be done to the rows that are chosen, or to all that match the filter. */
export function Bulk({ chosen, filter, counts, onClear, onStart }: Props) {
  const [everything, takeAll] = useState(false);
  const [asked, ask] = useState<TaskAct["action"]>();
  if (chosen.size === 0 && !everything) return null;
  const choice: TaskChoice = everything ? choiceOf(filter) : { ids: [...chosen].map(Number) };
  const matching = countOf(filter, counts);
  const clear = () => {
    takeAll(false);
    onClear();
  };
  return (
    <div className="task-bulk" role="toolbar" aria-label={t("What is chosen")}>
      <strong>
        {everything
          ? t("All {count} tasks that match are chosen.", { count: matching })
          : n(chosen.size, "{count} task is chosen.", "{count} tasks are chosen.")}
      </strong>
      {!everything && (
        <Button look="quiet" onClick={() => takeAll(true)}>
          {t("Choose all {count} that match", { count: matching })}
        </Button>
      )}
      <span className="task-bulk-acts row">
        <Button icon={RotateCw} onClick={() => ask("retry")}>
          {t("Retry…")}
        </Button>
        <Button icon={Ban} look="danger" onClick={() => ask("cancel")}>
          {t("Cancel…")}
        </Button>
        <Button look="quiet" icon={X} aria-label={t("Choose none")} onClick={clear} />
      </span>
      {asked && (
        <BulkDialog
          action={asked}
          choice={choice}
          onClose={() => ask(undefined)}
          onStart={(operation) => {
            ask(undefined);
            takeAll(false);
            onStart(operation);
          }}
        />
      )}
    </div>
  );
}

/** How many tasks the filter finds, by the counts of its states. */
function countOf({ states }: TaskFilter, counts: readonly StateCount[] | undefined): string {
  const meant = (counts ?? []).filter(({ state }) => states.length === 0 || states.includes(state));
  const tasks = meant.reduce((sum, one) => sum + one.tasks, 0);
  return written({ tasks, exact: meant.every(({ exact }) => exact) });
}
