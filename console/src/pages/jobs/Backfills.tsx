import { Play, X } from "lucide-react";
import { useAction } from "@/api/action";
import type { Backfill } from "@/api/schema";
import { count, percent } from "@/i18n/format";
import { t } from "@/i18n/text";
import { FailureNote } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Progress } from "@/ui/Facts";
import { Card } from "@/ui/Page";
import { Time } from "@/ui/Time";
import { say } from "@/ui/Toasts";

/** How much of what is under way has become tasks, for the tab's title; undefined if nothing is. */
export function shareDone(backfills: readonly Backfill[]): string | undefined {
  const under = backfills.filter(({ cancelled_at }) => cancelled_at === null);
  const total = under.reduce((sum, { total: each }) => sum + each, 0);
  if (total === 0) return undefined;
  const left = under.reduce((sum, { remaining }) => sum + remaining, 0);
  return percent(1 - left / total);
}

/** Big events that become tasks bit by bit: how far each is, and stopping it. */
export function Backfills({ of, refresh }: { of: readonly Backfill[]; refresh: () => void }) {
  if (of.length === 0) return null;
  return (
    <Card title={t("Backfills")}>
      <ul className="job-backfills">
        {of.map((backfill) => (
          <One key={backfill.id} of={backfill} refresh={refresh} />
        ))}
      </ul>
    </Card>
  );
}

function One({ of, refresh }: { of: Backfill; refresh: () => void }) {
  const { id, total, remaining, paused, cancelled_at, created_at } = of;
  const cancel = useAction("cancel_backfill");
  const resume = useAction("resume_backfill");
  const done = total - remaining;
  const stop = () =>
    void cancel.run({ backfill_id: id }).then((changed) => {
      if (!changed) return;
      refresh();
      say(t("Backfill {id} makes no more tasks.", { id }), { undo: goOn });
    });
  const goOn = () => void resume.run({ backfill_id: id }).then((changed) => changed && refresh());
  const failure = cancel.failure ?? resume.failure;
  return (
    <li>
      <span className="row spread">
        <span className="row">
          <State of={cancelled_at ? "cancelled" : paused ? "paused" : "running"} />
          <span>
            {t("Backfill {id}: {done} of {total} became tasks", { id, done: count(done), total: count(total) })}
          </span>
          <span className="muted small">
            <Time at={created_at} />
          </span>
        </span>
        {cancelled_at ? (
          <Button look="quiet" icon={Play} busy={resume.busy} onClick={goOn}>
            {t("Go on")}
          </Button>
        ) : (
          <Button look="quiet" icon={X} busy={cancel.busy} onClick={stop}>
            {t("Make no more tasks")}
          </Button>
        )}
      </span>
      <Progress done={done} total={total} label={t("Backfill {id}", { id })} />
      {failure && <FailureNote failure={failure} />}
    </li>
  );
}
