import { ZoomOut } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { useQuery } from "@/api/query";
import type { JobDetail, Partitions as Found } from "@/api/schema";
import { count, range } from "@/i18n/format";
import { locale, t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Page";
import { CellTable } from "./CellTable";
import { ChosenCell } from "./ChosenCell";
import { STATES, sums, WORDS, type Counts } from "./cells";
import { HeatMap } from "./HeatMap";
import { KeyTable } from "./KeyTable";
import { LIVE_MS } from "./live";
import type { Part } from "./ProcessDialog";

const CELLS = 200;

interface Props {
  job: JobDetail;
  onProcess: (part: Part) => void;
}

/** Where a job has been: by ranges as a map, by keys as a list. */
export function Partitions({ job, onProcess }: Props) {
  switch (job.partitioning) {
    case "range":
      return <Ranges job={job} onProcess={onProcess} />;
    case "key":
      return <KeyTable job={job} onProcess={onProcess} />;
    case "event":
    case "all":
      // Nothing tells its tasks apart but themselves: the newest of them are below.
      return null;
  }
}

function Ranges({ job, onProcess }: Props) {
  const [params, setParams] = useSearchParams();
  const [from, to] = [numberOf(params.get("from")), numberOf(params.get("to"))];
  const [table, setTable] = useState(false);
  const found = useQuery(
    "get_job_partitions",
    { job: job.job, cells: CELLS, ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
    { topics: ["dead_letter", "dag"], every: LIVE_MS },
  );
  const zoom = (low?: number, high?: number) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      for (const [name, value] of [["from", low], ["to", high], ["cell", undefined]] as const) {
        if (value === undefined) next.delete(name);
        else next.set(name, String(value));
      }
      return next;
    });
  return (
    <Card
      title={t("Partitions")}
      actions={
        <>
          {from !== undefined && to !== undefined && (
            <Button look="quiet" icon={ZoomOut} onClick={() => zoom()}>
              {t("Show all, not only {range}", { range: range(from, to) })}
            </Button>
          )}
          <Button look="quiet" aria-pressed={table} onClick={() => setTable(!table)}>
            {table ? t("As a map") : t("As a table")}
          </Button>
        </>
      }
    >
      <Answer of={found}>
        {(data) => <Cells job={job} of={data} table={table} onZoom={zoom} onProcess={onProcess} />}
      </Answer>
    </Card>
  );
}

interface CellsProps extends Props {
  of: Found;
  table: boolean;
  onZoom: (low: number, high: number) => void;
}

function Cells({ job, of, table, onZoom, onProcess }: CellsProps) {
  const { cells, width, unit, complete, low, high } = of;
  const [params, setParams] = useSearchParams();
  const chosen = cells.find((cell) => cell.low === numberOf(params.get("cell")));
  if (low === null || high === null || width === null) {
    return (
      <Empty title={t("The job has not covered anything yet.")} command={`headgate job process ${job.job} --range 0:10`}>
        {t("A map of its partitions is here as soon as there is an event of what it reads, or a range is processed.")}
      </Empty>
    );
  }
  const choose = (cell: number) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      next.set("cell", String(cell));
      return next;
    }, { replace: true });
  return (
    <div className="stack">
      <Legend counts={sums(cells)} />
      <p className="small muted">
        {t("From {low} to {last}, {width} to a cell.", { low: grouped(low), last: grouped(high - 1), width: count(width) })}{" "}
        {unit && (
          <>
            {t("Counted in:")} <span translate="no">{unit}</span>.{" "}
          </>
        )}
        {!complete && t("Only the newest attempts were looked at: what is untouched here may be done.")}
      </p>
      {table ? (
        <CellTable cells={cells} />
      ) : (
        <div>
          <HeatMap
            label={t("Partitions of {job}", { job: job.job })}
            cells={cells}
            chosen={chosen?.low}
            onChoose={({ low: first }) => choose(first)}
          />
        </div>
      )}
      {chosen && <ChosenCell job={job} cell={chosen} onZoom={onZoom} onProcess={onProcess} />}
    </div>
  );
}

function Legend({ counts }: { counts: Counts }) {
  const total = STATES.reduce((sum, state) => sum + counts[state], 0);
  return (
    <dl className="heatmap-legend" aria-label={t("What the map shows")}>
      {STATES.map((state) => (
        <div key={state}>
          <dt>
            <span className={`heatmap-swatch heatmap-${state}`} aria-hidden />
            {WORDS[state]()}
          </dt>
          <dd>{count(counts[state])}</dd>
        </div>
      ))}
      <div>
        <dt>{t("in all")}</dt>
        <dd>{count(total)}</dd>
      </div>
    </dl>
  );
}

/** Whole however large: a place is no amount. */
const grouped = (value: number) => value.toLocaleString(locale());

function numberOf(text: string | null): number | undefined {
  return text !== null && /^-?\d+$/.test(text) ? Number(text) : undefined;
}
