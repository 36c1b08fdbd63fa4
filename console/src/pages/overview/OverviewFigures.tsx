import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Kpis } from "@/api/schema";
import { count, duration } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Figure, Figures } from "@/ui/Facts";

/** A longer delay of routing is worth a word. */
const BEHIND_SECONDS = 2;
const MOST_COUNTED = 10_000;

/** The figures of now and of the last hour, each a link to what it counts. */
export function OverviewFigures({ kpis }: { kpis: Kpis }) {
  const { running, waiting, workers, slots, datasets, datasets_stale: stale } = kpis;
  const behind = kpis.routing_lag_seconds > BEHIND_SECONDS;
  return (
    <Figures>
      <Figure
        label={t("Running")}
        value={<To path="/tasks?state=running">{count(running)}</To>}
        about={n(slots, "{count} can run at once", "{count} can run at once")}
      />
      <Figure
        label={t("Waiting")}
        value={
          <To path="/queues">
            {waiting >= MOST_COUNTED
              ? t("{count} or more", { count: count(waiting) })
              : count(waiting)}
          </To>
        }
        tone={behind ? "warn" : undefined}
        about={
          behind
            ? t("An event waits for {time}.", { time: duration(kpis.routing_lag_seconds) })
            : t("delayed ones too")
        }
      />
      <Figure
        label={t("Done")}
        value={<To path="/tasks?state=succeeded">{count(kpis.succeeded_last_hour)}</To>}
        about={t("in the last hour")}
      />
      <Figure
        label={t("Dead")}
        value={<To path="/dead-letters">{count(kpis.dead_last_hour)}</To>}
        tone={kpis.dead_last_hour > 0 ? "bad" : undefined}
        about={t("in the last hour")}
      />
      <Figure
        label={t("Workers")}
        value={<To path="/queues?tab=workers">{count(workers)}</To>}
        tone={workers === 0 ? "bad" : undefined}
        about={workers === 0 ? t("nothing can run") : t("alive")}
      />
      <Figure
        label={t("Stale datasets")}
        value={<To path="/datasets?stale=true">{count(stale)}</To>}
        tone={stale > 0 ? "warn" : undefined}
        about={t("of {count}", { count: count(datasets) })}
      />
    </Figures>
  );
}

function To({ path, children }: { path: string; children: ReactNode }) {
  return (
    <Link href={path} className="overview-figure">
      {children}
    </Link>
  );
}
