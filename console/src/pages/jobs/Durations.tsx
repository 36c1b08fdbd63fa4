import type { JobDetail } from "@/api/schema";
import { duration } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Empty } from "@/ui/Answer";
import { Chart } from "@/ui/Chart";
import { Card } from "@/ui/Page";

/** How long the last attempts took: half of them at most so long, and all but one in twenty. */
export function Durations({ of: { series, timing } }: { of: JobDetail }) {
  const parts = series.filter(({ until }) => until !== null);
  return (
    <Card title={t("How long it takes")}>
      {parts.length < 2 ? (
        <Empty title={t("Too few attempts for a chart.")}>
          {t("It shows the last attempts that succeeded, as soon as there are some.")}
        </Empty>
      ) : (
        <>
          <Chart
            label={t("Duration of attempts over time")}
            times={parts.map(({ until }) => new Date(until ?? 0).getTime() / 1000)}
            series={[
              {
                label: t("Median"),
                values: parts.map(({ p50_seconds }) => milliseconds(p50_seconds)),
                tone: "accent",
                format: inWords,
              },
              {
                label: t("p95"),
                values: parts.map(({ p95_seconds }) => milliseconds(p95_seconds)),
                tone: "idle",
                format: inWords,
              },
            ]}
            height={190}
          />
          <p className="muted small">
            {n(timing.attempts, "Of the last attempt.", "Of the last {count} attempts.")}
          </p>
        </>
      )}
    </Card>
  );
}

// A chart's scale ends at 1 at least: in milliseconds quick jobs have a shape too.
const milliseconds = (seconds: number | null) => seconds && seconds * 1000;
const inWords = (value: number) => duration(value / 1000);
