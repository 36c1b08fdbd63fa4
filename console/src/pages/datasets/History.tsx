import { useQuery } from "@/api/query";
import type { DatasetDetail, DatasetHistory } from "@/api/schema";
import { bytes, count } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { Chart } from "@/ui/Chart";
import { ChoiceFilter } from "@/ui/Filters";
import { Card } from "@/ui/Page";
import { Time } from "@/ui/Time";
import { useUrlState } from "@/ui/url";

const DAYS = ["1", "3", "7", "30", "90"];
const HOUR = 3600;

/** Nothing for what is between two numbers of events: an axis marks halves, too. */
function whole(value: number): string {
  return Number.isInteger(value) ? count(value) : "";
}

/** How many events came into a dataset, and how much of it they were about, over time. */
export function History({ dataset: { name, partitioning, unit } }: { dataset: DatasetDetail }) {
  const [days] = useUrlState("days", "7");
  const history = useQuery(
    "get_dataset_history",
    { name, days: DAYS.includes(days) ? Number(days) : 7 },
    { every: 15_000 },
  );
  return (
    <>
      <div className="row">
        <ChoiceFilter
          name="days"
          label={t("The last")}
          initial="7"
          options={DAYS.map((value) => ({ value, label: n(Number(value), "{count} day", "{count} days") }))}
        />
        {history.data && <Step of={history.data} />}
      </div>
      <Answer of={history}>
        {(found) => (
          <>
            {!found.complete && <Incomplete since={found.counted_since} />}
            <Card title={t("Events")}>
              <Events of={found} />
            </Card>
            <div className="columns">
              {partitioning === "range" && (
                <Card title={t("How much they were about")}>
                  <Units of={found} unit={unit} />
                </Card>
              )}
              <Card title={t("Size of their payloads")}>
                <Bytes of={found} />
              </Card>
            </div>
          </>
        )}
      </Answer>
    </>
  );
}

function Step({ of: { step_seconds: step } }: { of: DatasetHistory }) {
  return <span className="muted small">{step === HOUR ? t("by the hour") : t("by the day (UTC)")}</span>;
}

function Incomplete({ since }: { since: string | null }) {
  return (
    <p className="muted">
      {t("There are more events than are counted: the figures begin")} <Time at={since} as="moment" />
    </p>
  );
}

function timesOf({ bins }: DatasetHistory): number[] {
  return bins.map(({ at }) => new Date(at).getTime() / 1000);
}

function Events({ of }: { of: DatasetHistory }) {
  return (
    <Chart
      label={t("Events over time")}
      times={timesOf(of)}
      series={[
        {
          label: t("updates"),
          values: of.bins.map(({ updates }) => updates),
          tone: "accent",
          format: whole,
          area: true,
        },
        {
          label: t("invalidations"),
          values: of.bins.map(({ invalidations }) => invalidations),
          tone: "warn",
          format: whole,
        },
      ]}
    />
  );
}

function Units({ of, unit }: { of: DatasetHistory; unit: string | null }) {
  return (
    <Chart
      label={unit ? t("{unit} over time", { unit }) : t("Numbers in their ranges over time")}
      times={timesOf(of)}
      series={[
        {
          label: t("numbers in their ranges"),
          values: of.bins.map(({ units }) => units),
          tone: "good",
          format: whole,
          area: true,
        },
      ]}
    />
  );
}

function Bytes({ of }: { of: DatasetHistory }) {
  return (
    <Chart
      label={t("Size of payloads over time")}
      times={timesOf(of)}
      series={[
        {
          label: t("size"),
          values: of.bins.map(({ payload_bytes: size }) => size),
          tone: "idle",
          format: bytes,
          area: true,
        },
      ]}
    />
  );
}
