import { Play, ZoomIn } from "lucide-react";
import { Link } from "wouter";
import type { Cell, JobDetail } from "@/api/schema";
import { range } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { pathTo } from "@/ui/url";
import { countsInWords } from "./cells";
import type { Part } from "./ProcessDialog";

interface Props {
  job: JobDetail;
  cell: Cell;
  onZoom: (low: number, high: number) => void;
  onProcess: (part: Part) => void;
}

/** A chosen piece of a job's range: how it is, a closer look, its tasks, running it again. */
export function ChosenCell({ job, cell, onZoom, onProcess }: Props) {
  const { low, high, dead } = cell;
  const size = job.spec.strategy === "PerPartition" ? job.spec.partition_size : 1;
  const single = high - low <= size;
  return (
    <section className="job-chosen" aria-label={t("The chosen cell")}>
      <p role="status">
        <strong>{range(low, high)}</strong> {countsInWords(cell)}
      </p>
      <span className="row">
        {!single && (
          <Button icon={ZoomIn} onClick={() => onZoom(low, high)}>
            {t("Look closer")}
          </Button>
        )}
        <Button icon={Play} onClick={() => onProcess({ low, high })}>
          {t("Process {range}…", { range: range(low, high) })}
        </Button>
        {single && job.spec.strategy === "PerPartition" ? (
          <Link href={pathTo("/tasks", { job: job.job, partition: Math.floor(low / size) })}>
            {t("Its tasks")}
          </Link>
        ) : (
          <Link href={pathTo("/tasks", { job: job.job })}>{t("All tasks of the job")}</Link>
        )}
        {dead > 0 && <Link href={pathTo("/dead-letters", { job: job.job })}>{t("Dead letters of the job")}</Link>}
      </span>
    </section>
  );
}
