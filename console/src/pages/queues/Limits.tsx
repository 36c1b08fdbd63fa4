import type { Queue } from "@/api/schema";
import { percent, rate } from "@/i18n/format";
import { t } from "@/i18n/text";

/** In a row: how many tasks may start, and how full the fullest input is. */
export function Limits({ of: { rate: most, pressure } }: { of: Queue }) {
  if (most === null && !pressure) return <span className="muted">{t("none")}</span>;
  return (
    <span className="queue-limits">
      {most !== null && <span>{t("at most {rate}", { rate: rate(most) })}</span>}
      {pressure && (
        <span className="queue-full">
          <meter
            min={0}
            max={1}
            high={0.8}
            value={pressure.share}
            aria-label={t("How full {dataset} is", { dataset: pressure.dataset })}
          />
          <span title={pressure.dataset}>{t("{share} full", { share: percent(pressure.share) })}</span>
        </span>
      )}
    </span>
  );
}
