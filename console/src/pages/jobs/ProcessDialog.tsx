import { useEffect, useRef, useState, type RefObject } from "react";
import { useAction } from "@/api/action";
import { call, Failure, type Body } from "@/api/call";
import type { JobDetail, Processed } from "@/api/schema";
import { n, t } from "@/i18n/text";
import { FailureNote } from "@/ui/Answer";
import { Confirm } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { say } from "@/ui/Toasts";
import { Forecast } from "./Forecast";

/** What of a job is to run again: a half-open range or a key; what is missing is asked for. */
export interface Part {
  low?: number;
  high?: number;
  key?: string;
}

interface Props {
  job: JobDetail;
  part: Part;
  onClose: () => void;
  onDone: () => void;
}

/** Asks which part of a job is to run again, and says how many tasks that is before it does. */
export function ProcessDialog({ job, part, onClose, onDone }: Props) {
  const ranged = job.partitioning === "range";
  const [first, setFirst] = useState(part.low === undefined ? "" : String(part.low));
  const [last, setLast] = useState(part.high === undefined ? "" : String(part.high - 1));
  const [key, setKey] = useState(part.key ?? "");
  const wanted = ranged ? rangeOf(first, last) : key ? { key } : undefined;
  const forecast = useForecast(job.job, wanted);
  const action = useAction("process_job");
  const start = useRef<HTMLInputElement>(null);
  useFocus(start);

  const process = () => {
    if (!wanted) return;
    void action.run({ job: job.job }, wanted).then((done) => {
      if (!done) return;
      say(told(done));
      onDone();
      onClose();
    });
  };
  const backwards = ranged && isWhole(first) && isWhole(last) && Number(last) < Number(first);
  return (
    <Confirm
      title={t("Process a part of {job} again", { job: job.job })}
      verb={verbOf(forecast.told)}
      busy={action.busy}
      failure={action.failure}
      ready={!!forecast.told}
      onConfirm={process}
      onClose={onClose}
      cli={`headgate job process ${job.job} ${optionOf(wanted)}`}
      api={`POST /api/v1/jobs/${job.job}/process`}
      body={wanted ?? { range: [0, 10] }}
    >
      <p>{t("This job runs, and no other. What it makes is news to whoever reads it, as ever.")}</p>
      {ranged ? (
        <div className="job-range">
          <Field label={t("First")} fault={faultOf(first)}>
            <input ref={start} inputMode="numeric" value={first} onChange={(event) => setFirst(event.target.value.trim())} />
          </Field>
          <Field
            label={t("Last")}
            fault={faultOf(last) ?? (backwards ? t("must not come before the first") : undefined)}
          >
            <input inputMode="numeric" value={last} onChange={(event) => setLast(event.target.value.trim())} />
          </Field>
        </div>
      ) : (
        <Field label={t("Key")} about={t("As the events name it.")}>
          <input ref={start} value={key} translate="no" onChange={(event) => setKey(event.target.value)} />
        </Field>
      )}
      {forecast.failure ? <FailureNote failure={forecast.failure} /> : <Forecast of={forecast.told} job={job} />}
    </Confirm>
  );
}

type Wanted = Body<"process_job">;

function useForecast(job: string, wanted: Wanted | undefined) {
  const [told, setTold] = useState<Processed>();
  const [failure, setFailure] = useState<Failure>();
  const text = JSON.stringify(wanted);
  useEffect(() => {
    setTold(undefined);
    setFailure(undefined);
    if (text === undefined) return undefined;
    const ended = new AbortController();
    const timer = setTimeout(() => {
      const body = { ...(JSON.parse(text) as Wanted), dry_run: true };
      call("process_job", { job }, { body, signal: ended.signal }).then(
        setTold,
        (error: unknown) => error instanceof Failure && setFailure(error),
      );
    }, 250);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [job, text]);
  return { told, failure };
}

/** Once the dialog is open: before that nothing in it can have the focus. */
function useFocus(element: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const frame = requestAnimationFrame(() => element.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [element]);
}

const isWhole = (text: string) => /^-?\d{1,18}$/.test(text);

function faultOf(text: string): string | undefined {
  return text === "" || isWhole(text) ? undefined : t("must be a whole number");
}

function rangeOf(first: string, last: string): Wanted | undefined {
  if (!isWhole(first) || !isWhole(last) || Number(last) < Number(first)) return undefined;
  return { range: [Number(first), Number(last) + 1] };
}

function optionOf(wanted: Wanted | undefined): string {
  if (wanted?.range) return `--range ${wanted.range.join(":")}`;
  return wanted?.key ? `--key '${wanted.key}'` : "--range 0:10";
}

function verbOf(told: Processed | undefined): string {
  return told ? n(told.tasks, "Run {count} task", "Run {count} tasks") : t("Run");
}

function told({ tasks, backfill }: Processed): string {
  return backfill === null
    ? n(tasks, "{count} task is on its way.", "{count} tasks are on their way.")
    : t("Backfill {backfill} makes {tasks} tasks, bit by bit.", { backfill, tasks });
}
