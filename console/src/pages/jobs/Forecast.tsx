import type { JobDetail, Processed } from "@/api/schema";
import { range } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Badge } from "@/ui/Badge";

/** What processing a part would do, before it is done. */
export function Forecast({ of, job }: { of: Processed | undefined; job: JobDetail }) {
  return (
    <div className="job-forecast" role="status">
      {of ? (
        <>
          <p>
            <strong>{n(of.tasks, "{count} task would run.", "{count} tasks would run.")}</strong>{" "}
            {of.range && t("It covers {range}.", { range: range(of.range[0] ?? 0, of.range[1] ?? 0) })}{" "}
            {of.by_backfill && t("They are made bit by bit, as a backfill, after what comes now.")}
          </p>
          {of.payload_of !== null && (
            <p className="muted">{t("With the payload of event {event}.", { event: of.payload_of })}</p>
          )}
          {job.paused && (
            <p>
              <Badge tone="warn">{t("paused")}</Badge> {t("Nothing starts before the job is resumed.")}
            </p>
          )}
        </>
      ) : (
        <p className="muted">{t("How many tasks that is appears here.")}</p>
      )}
    </div>
  );
}
