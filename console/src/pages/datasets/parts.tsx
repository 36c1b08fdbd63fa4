import { Link } from "wouter";
import type { Dataset, Sink } from "@/api/schema";
import { duration } from "@/i18n/format";
import { t } from "@/i18n/text";
import { State } from "@/ui/Badge";
import { Time } from "@/ui/Time";

/** Whether a dataset is fresh, since when it is not, and what the server says of it. */
export function Fresh({ of: { stale_since: since, note } }: { of: Dataset }) {
  return (
    <span className="datasets-fresh">
      <span className="row">
        <State of={since ? "stale" : "fresh"} />
        {since && (
          <span className="muted small nowrap">
            {t("since")} <Time at={since} />
          </span>
        )}
      </span>
      {note && (
        <span className="datasets-note muted small" translate="no">
          {note}
        </span>
      )}
    </span>
  );
}

/** The job or the source that makes a dataset. */
export function MadeBy({ of: { producer, producer_kind: kind, producer_state: state } }: { of: Dataset }) {
  if (producer === null) return <span className="muted">{t("nobody")}</span>;
  if (kind === "source")
    return (
      <span>
        <span translate="no">{producer}</span> <span className="muted small nowrap">{t("a source")}</span>
      </span>
    );
  const stands = state === "paused" || state === "held";
  return (
    <span className="row">
      <Link href={`/jobs/${producer}`} translate="no">
        {producer}
      </Link>
      {stands && <State of={state} />}
    </span>
  );
}

const STORES: Record<Dataset["storage"], () => string> = {
  postgres: () => t("database"),
  s3: () => t("object store"),
};

/** Where a dataset's data is, and whether it is buffered on its way there. */
export function Kept({ of: { storage, write_mode: mode } }: { of: Dataset }) {
  return (
    <span className="nowrap">
      {mode === "buffered" ? t("{store}, buffered", { store: STORES[storage]() }) : STORES[storage]()}
    </span>
  );
}

/** How far the table of a buffered dataset is behind. */
export function SinkLag({ of: sink }: { of: Sink | null }) {
  if (!sink) return <span className="muted">–</span>;
  return <>{sink.lag_seconds > 0 ? duration(sink.lag_seconds) : t("none")}</>;
}
