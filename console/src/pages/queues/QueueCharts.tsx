import type { QueueDetail } from "@/api/schema";
import { count, rate } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Empty } from "@/ui/Answer";
import { Chart, type ChartProps } from "@/ui/Chart";

const seconds = (at: string) => new Date(at).getTime() / 1000;

/** How deep the queue was, with the marks of its limit, and in which spans it was held. */
export function DepthChart({ queue }: { queue: QueueDetail }) {
  const { points, until } = queue.flow;
  if (points.length === 0) return <NoSamples />;
  return (
    <Chart
      label={t("Tasks of {job} over time", { job: queue.job })}
      times={points.map(({ at }) => seconds(at))}
      series={[
        {
          label: t("Waiting"),
          tone: "accent",
          area: true,
          format: count,
          values: points.map(({ waiting }) => waiting),
        },
        {
          label: t("Running"),
          tone: "good",
          format: count,
          values: points.map(({ running }) => running),
        },
      ]}
      spans={queue.held.map((span) => ({
        from: seconds(span.since),
        to: span.until ? seconds(span.until) : seconds(until),
        label: t("Held"),
      }))}
      lines={waterLines(queue)}
    />
  );
}

/** How many tasks ended a second, and how. */
export function EndedChart({ queue }: { queue: QueueDetail }) {
  const { points } = queue.flow;
  if (points.length === 0) return <NoSamples />;
  return (
    <Chart
      label={t("Attempts of {job} that ended, a second", { job: queue.job })}
      height={140}
      times={points.map(({ at }) => seconds(at))}
      series={[
        { label: t("Succeeded"), tone: "good", area: true, format: rate, values: points.map((p) => p.succeeded) },
        { label: t("Tried again"), tone: "warn", format: rate, values: points.map((p) => p.failed) },
        { label: t("Dead"), tone: "bad", format: rate, values: points.map((p) => p.dead) },
      ]}
    />
  );
}

function NoSamples() {
  return (
    <Empty title={t("There are no figures yet.")}>
      {t("A sample is taken every ten seconds while there is something to tell.")}
    </Empty>
  );
}

/** The marks of the fullest input, where it is measured in tasks as the chart is. */
function waterLines({ pressure }: QueueDetail): NonNullable<ChartProps["lines"]> {
  if (pressure?.cause !== "rows") return [];
  return [
    { value: pressure.high, label: t("high water: {count}", { count: count(pressure.high) }) },
    { value: pressure.low, label: t("low water: {count}", { count: count(pressure.low) }) },
  ];
}
