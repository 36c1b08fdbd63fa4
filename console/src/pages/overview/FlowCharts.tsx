import { useQuery } from "@/api/query";
import type { Flow } from "@/api/schema";
import { count, rate } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { Chart } from "@/ui/Chart";
import { ChoiceFilter } from "@/ui/Filters";
import { Card } from "@/ui/Page";
import { useUrlState } from "@/ui/url";

const SPANS = { "15": 15, "60": 60, "360": 360, "1440": 1440 } as const;
const INITIAL = "60";

/** How much ends a second, and how much waits, over a time that the reader chooses. */
export function FlowCharts() {
  const [span] = useUrlState("minutes", INITIAL);
  const minutes = span in SPANS ? SPANS[span as keyof typeof SPANS] : SPANS[INITIAL];
  // A sample is taken every ten seconds.
  const flow = useQuery("get_flow", { minutes }, { every: 5000 });
  return (
    <Card title={t("How work flows")} actions={<SpanChoice />}>
      <Answer of={flow}>{(found) => <Charts flow={found} />}</Answer>
    </Card>
  );
}

function SpanChoice() {
  return (
    <ChoiceFilter
      name="minutes"
      label={t("Last")}
      initial={INITIAL}
      options={[
        { value: "15", label: t("15 minutes") },
        { value: "60", label: t("1 hour") },
        { value: "360", label: t("6 hours") },
        { value: "1440", label: t("24 hours") },
      ]}
    />
  );
}

function Charts({ flow: { points } }: { flow: Flow }) {
  if (points.length === 0) {
    return (
      <Empty title={t("There are no figures yet.")}>
        {t("A sample is taken every ten seconds while there is something to tell.")}
      </Empty>
    );
  }
  const times = points.map(({ at }) => new Date(at).getTime() / 1000);
  return (
    <div className="overview-charts">
      <Chart
        label={t("Attempts that ended, a second")}
        times={times}
        series={[
          { label: t("Done"), tone: "good", area: true, format: rate, values: points.map((p) => p.succeeded) },
          { label: t("Tried again"), tone: "warn", format: rate, values: points.map((p) => p.failed) },
          { label: t("Dead"), tone: "bad", format: rate, values: points.map((p) => p.dead) },
        ]}
      />
      <Chart
        label={t("Tasks that wait and run")}
        times={times}
        series={[
          { label: t("Waiting"), tone: "accent", area: true, format: count, values: points.map((p) => p.waiting) },
          { label: t("Running"), tone: "good", format: count, values: points.map((p) => p.running) },
        ]}
      />
    </div>
  );
}
