import { Link } from "wouter";
import type { QueueDetail, QueuePressure } from "@/api/schema";
import { count, percent, rate } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Facts } from "@/ui/Facts";
import { amount } from "./words";

/** What bounds a queue: tasks at once, starts a second, its place among others, its fullest input. */
export function QueueLimits({ queue }: { queue: QueueDetail }) {
  const { max_concurrency: most, rate: starts, priority, runtime, pressure } = queue;
  return (
    <div className="stack">
      <Facts
        of={[
          [t("Tasks at once"), most === null ? t("no limit") : count(most)],
          [t("Starts"), starts === null ? t("no limit") : t("at most {rate}", { rate: rate(starts) })],
          [t("Priority"), priority],
          [t("Runtime"), <code>{runtime}</code>],
        ]}
      />
      {pressure ? (
        <Pressure of={pressure} />
      ) : (
        <p className="muted small">{t("No input of it has a limit, or none was measured yet.")}</p>
      )}
    </div>
  );
}

function Pressure({ of: { dataset, share, cause, measured, high, low, closed } }: { of: QueuePressure }) {
  return (
    <div className="stack tight">
      <h3>{t("Its fullest input")}</h3>
      <p>
        <Link href={`/datasets/${dataset}`} translate="no">
          {dataset}
        </Link>
      </p>
      <span className="queue-full wide">
        <meter min={0} max={1} high={0.8} value={share} aria-label={t("How full {dataset} is", { dataset })} />
        <strong>{percent(share)}</strong>
      </span>
      <p>
        {closed
          ? t("{measured} wait, the limit is {high}. Whoever makes it is held until {low} are left.", {
              measured: amount(measured, cause),
              high: amount(high, cause),
              low: amount(low, cause),
            })
          : t("{measured} wait. At {high} whoever makes it is held, until {low} are left.", {
              measured: amount(measured, cause),
              high: amount(high, cause),
              low: amount(low, cause),
            })}
      </p>
    </div>
  );
}
