import { lazy, Suspense, useState } from "react";
import { t } from "@/i18n/text";
import { clock } from "@/i18n/format";
import { Button } from "./Button";
import "./chart.css";

export interface Series {
  label: string;
  /** One value a time; null leaves a gap. */
  values: (number | null)[];
  tone: "accent" | "good" | "warn" | "bad" | "idle";
  /** How a value is written. */
  format: (value: number) => string;
  area?: boolean;
}

export interface ChartProps {
  /** What it shows, for those who do not see it, and over its table. */
  label: string;
  /** Seconds since the epoch. */
  times: number[];
  series: Series[];
  /** Spans of time with a shade, such as when a queue was held: seconds, and why. */
  spans?: { from: number; to: number; label: string }[];
  /** Lines across, such as a high-water mark. */
  lines?: { value: number; label: string }[];
  height?: number;
}

const Plot = lazy(() => import("./Plot"));

/** A chart over time with a sentence and a table of the same figures. */
export function Chart(props: ChartProps) {
  const { label, times, series, height = 180 } = props;
  const [table, setTable] = useState(false);
  return (
    <figure className="chart">
      <figcaption className="row spread small">
        <span className="row">
          {series.map(({ label: name, tone, values, format }) => {
            const last = values.findLast((value) => value !== null);
            return (
              <span key={name} className={`chart-key ${tone}`}>
                {name} {last != null && <strong translate="no">{format(last)}</strong>}
              </span>
            );
          })}
          {!!props.spans?.length && <span className="chart-key span">{props.spans[0]?.label}</span>}
        </span>
        <Button look="quiet" aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? t("As a chart") : t("As a table")}
        </Button>
      </figcaption>
      {table ? (
        <div className="chart-table" tabIndex={0} role="region" aria-label={label}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t("Time")}</th>
                {series.map(({ label: name }) => (
                  <th key={name} scope="col" className="end">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((time, index) => (
                <tr key={time}>
                  <td>{clock(new Date(time * 1000))}</td>
                  {series.map(({ label: name, values, format }) => (
                    <td key={name} className="end" translate="no">
                      {values[index] == null ? "–" : format(values[index])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <div className="chart-plot" style={{ height }} role="img" aria-label={summary(props)}>
          <Suspense>
            <Plot {...props} height={height} />
          </Suspense>
        </div>
      )}
    </figure>
  );
}

function summary({ label, series, spans }: ChartProps): string {
  const parts = series.map(({ label: name, values, format }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return t("{name}: nothing", { name });
    const most = format(Math.max(...known));
    return t("{name}: {last} now, at most {most}", { name, most, last: format(known.at(-1) ?? 0) });
  });
  if (spans?.length) parts.push(t("{count} shaded spans", { count: spans.length }));
  return `${label}. ${parts.join("; ")}.`;
}
