import type { Attempt, TaskDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { State } from "@/ui/Badge";
import { ErrorOf } from "@/ui/ErrorOf";
import { Card } from "@/ui/Page";
import { Time } from "@/ui/Time";

/** The attempts that left an error, the newest first. */
export function failedAttempts(task: TaskDetail): Attempt[] {
  return task.attempts.filter(({ error }) => error).reverse();
}

/** The errors of a task's attempts, whole, the newest first. */
export function Errors({ task }: { task: TaskDetail }) {
  const failed = failedAttempts(task);
  if (failed.length === 0) return task.error && <Card>{<ErrorOf error={task.error} />}</Card>;
  return failed.map(({ attempt, outcome, ended_at, error }) => (
    <Card
      key={`${attempt} ${ended_at}`}
      title={t("Attempt {number}", { number: attempt })}
      actions={
        <>
          <State of={outcome} />
          <span className="muted small">
            <Time at={ended_at} />
          </span>
        </>
      }
    >
      {error && <ErrorOf error={error} />}
    </Card>
  ));
}
