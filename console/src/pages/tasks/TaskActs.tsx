import { Ban, RotateCw } from "lucide-react";
import { useState } from "react";
import { useAction } from "@/api/action";
import type { TaskDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Dialog";
import { say } from "@/ui/Toasts";

interface Props {
  task: TaskDetail;
  onDone: () => void;
}

/** What can be done about a task as it is now: run it now or again, end it. */
export function TaskActs({ task, onDone }: Props) {
  const [asking, ask] = useState(false);
  const retry = useAction("retry_task");
  const cancel = useAction("cancel_task");
  const { id, state } = task;
  const again = verbOf(state);
  const ends = state === "pending" || state === "waiting" || state === "running";

  const runAgain = async () => {
    if (await retry.run({ task_id: id })) say(t("Task {id} is back at work.", { id }));
    else return;
    onDone();
  };
  const end = async () => {
    const after = await cancel.run({ task_id: id });
    if (!after) return;
    ask(false);
    say(
      after.state === "cancelled"
        ? t("Task {id} was cancelled.", { id })
        : t("The worker of task {id} was asked to stop.", { id }),
    );
    onDone();
  };
  return (
    <>
      {again && (
        <Button icon={RotateCw} busy={retry.busy} onClick={() => void runAgain()}>
          {again}
        </Button>
      )}
      {ends && (
        <Button icon={Ban} look="danger" disabled={task.cancel_requested} onClick={() => ask(true)}>
          {t("Cancel…")}
        </Button>
      )}
      {retry.failure && (
        <span role="alert" className="task-refused small" translate="no">
          {retry.failure.message}
        </span>
      )}
      {asking && (
        <Confirm
          title={t("Cancel task {id}?", { id })}
          verb={t("Cancel the task")}
          danger
          busy={cancel.busy}
          failure={cancel.failure}
          onConfirm={() => void end()}
          onClose={() => ask(false)}
          cli={`headgate task cancel ${id}`}
          api={`POST /api/v1/tasks/${id}/cancel`}
        >
          <p>
            {state === "running"
              ? t("Its worker is asked to stop; what it has not emitted yet is lost.")
              : t("It ends without a run. What it covers stays undone until it is run again.")}
          </p>
        </Confirm>
      )}
    </>
  );
}

function verbOf(state: TaskDetail["state"]): string | undefined {
  switch (state) {
    case "waiting":
      return t("Run it now");
    case "dead":
      return t("Redrive");
    case "succeeded":
    case "cancelled":
      return t("Run it again");
    case "pending":
    case "running":
    case "merged":
    case "replayed":
      return undefined;
  }
}
