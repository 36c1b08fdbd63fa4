import type { JobDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Badge } from "@/ui/Badge";
import { Time } from "@/ui/Time";

/** Why a job starts nothing, since when, and what to do about it. */
export function Holds({ of: { holds, paused } }: { of: JobDetail }) {
  if (holds.length === 0 && !paused) return null;
  return (
    <ul className="job-holds">
      {paused && (
        <li>
          <Badge tone="warn">{t("paused")}</Badge>
          <span>{t("Somebody paused it: what comes waits until it is resumed.")}</span>
        </li>
      )}
      {holds.map(({ code, text, do: advice, since }) => (
        <li key={`${code} ${text}`}>
          <Badge tone="warn">{t("held")}</Badge>
          <span translate="no">{text}</span>
          {advice && (
            <span className="muted" translate="no">
              {advice}
            </span>
          )}
          {since && <Time at={since} />}
        </li>
      ))}
    </ul>
  );
}
