import type { Operation } from "@/api/schema";
import { count, duration, percent, rate } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Progress } from "@/ui/Facts";
import { paceOf } from "./pace";
import { kindWord } from "./words";
import "./operations.css";

/** How far an operation is: a bar, how many of how many, how fast, and when it will be done. */
export function HowFar({ of, brief }: { of: Operation; brief?: boolean }) {
  const { done, total, state, kind } = of;
  const running = state === "running";
  if (!running && !total) return <span className="muted">–</span>;
  const pace = paceOf(of);
  return (
    <div className="operation-far">
      <Progress
        done={done}
        total={running ? total || null : total}
        label={t("Progress of {what}", { what: kindWord(kind) ?? kind })}
      />
      <span className="row small">
        {total > 0 && (
          <span>
            {t("{done} of {total}", { done: count(done), total: count(total) })}
            {!brief && ` (${percent(done / total)})`}
          </span>
        )}
        {running && pace && !brief && <span className="muted">{rate(pace.rate)}</span>}
        {pace?.left !== undefined && (
          <span className="muted">{t("{time} left", { time: duration(Math.max(1, Math.round(pace.left))) })}</span>
        )}
      </span>
    </div>
  );
}
