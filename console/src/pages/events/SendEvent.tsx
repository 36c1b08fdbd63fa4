import { useState } from "react";
import { useLocation } from "wouter";
import { useAction } from "@/api/action";
import { useQuery } from "@/api/query";
import type { DagDetail, DatasetDetail, NewEvent } from "@/api/schema";
import { t } from "@/i18n/text";
import { Confirm } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { say } from "@/ui/Toasts";
import { readDraft, type Draft } from "./draft";
import { GoesTo } from "./GoesTo";

interface Props {
  /** `dag.source`, or empty to choose. */
  source: string;
  onClose: () => void;
}

/** Sends an event to a source that takes them by HTTP, and goes to the event. */
export function SendEvent({ source: given, onClose }: Props) {
  const [source, setSource] = useState(given);
  const [draft, setDraft] = useState<Draft>({ place: "", payload: "" });
  const [, navigate] = useLocation();
  const send = useAction("send_event");
  const target = useTarget(source);
  const { body, placeFault, payloadFault } = readDraft(draft, target.dataset?.partitioning);
  const ready = target.isHttp === true && body !== undefined;
  const submit = async () => {
    if (!ready) return;
    const [dag, name] = parts(source);
    const sent = await send.run({ dag, source: name }, body);
    if (!sent) return;
    say(t("Event {id} was sent.", { id: sent.event_id }));
    navigate(`/events/${sent.event_id}`);
  };
  return (
    <Confirm
      title={t("Send an event")}
      verb={t("Send it")}
      busy={send.busy}
      failure={send.failure}
      ready={ready}
      onConfirm={() => void submit()}
      onClose={onClose}
      {...formsOf(source, body)}
    >
      <SourceField value={source} onChange={setSource} isHttp={target.isHttp} />
      <PlaceField
        dataset={target.dataset}
        value={draft.place}
        fault={placeFault}
        onChange={(place) => setDraft({ ...draft, place })}
      />
      <Field label={t("Payload")} about={t("Any JSON, or nothing.")} fault={payloadFault}>
        <textarea
          className="events-payload"
          spellCheck={false}
          value={draft.payload}
          onChange={(event) => setDraft({ ...draft, payload: event.target.value })}
        />
      </Field>
      {target.dataset && <GoesTo dataset={target.dataset} />}
    </Confirm>
  );
}

function parts(source: string): [string, string] {
  const [dag = "", name = ""] = source.split(".", 2);
  return [dag, name];
}

/** No command sends an event: programs call the API. */
function formsOf(source: string, body: NewEvent | undefined) {
  const path = `/api/v1/sources/${source.replace(".", "/") || "DAG/SOURCE"}/events`;
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const part = body?.range ? `--range ${body.range.join(":")}` : `--key ${quoted(body?.key ?? "KEY")}`;
  const payload = body?.payload == null ? "" : ` --payload ${quoted(JSON.stringify(body.payload))}`;
  const cli = `headgate event send ${source || "DAG.SOURCE"} ${part}${payload}`;
  return { cli, api: `POST ${path}`, body: body ?? {} };
}

interface Target {
  /** Undefined while it is not known. */
  isHttp: boolean | undefined;
  dataset: DatasetDetail | undefined;
}

/** Whether a source takes events by HTTP, and the dataset that it feeds. */
function useTarget(source: string): Target {
  const [dag, name] = parts(source);
  const found = useQuery("get_dag", dag ? { name: dag } : undefined);
  const spec = specOf(found.data, name);
  const fed = typeof spec?.dataset === "string" ? spec.dataset : undefined;
  const dataset = useQuery("get_dataset", fed ? { name: fed } : undefined);
  const isHttp = found.data && spec?.kind === "http";
  return { isHttp, dataset: isHttp ? dataset.data : undefined };
}

function specOf(dag: DagDetail | undefined, source: string): Record<string, unknown> | undefined {
  return dag?.sources.find(({ name }) => name === source)?.spec;
}

interface SourceProps {
  value: string;
  onChange: (source: string) => void;
  isHttp: boolean | undefined;
}

function SourceField({ value, onChange, isHttp }: SourceProps) {
  const dags = useQuery("list_dags", { limit: 200 });
  const names =
    dags.data?.items.flatMap(({ name, sources }) => sources.map((each) => `${name}.${each}`)) ?? [];
  const all = value && !names.includes(value) ? [value, ...names] : names;
  const fault = value && isHttp === false ? t("This source takes no events by HTTP.") : undefined;
  return (
    <Field label={t("Source")} about={t("Sources of kind http take events.")} fault={fault}>
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">{t("Choose a source")}</option>
        {all.map((name) => (
          <option key={name} value={name} translate="no">
            {name}
          </option>
        ))}
      </select>
    </Field>
  );
}

interface PlaceProps {
  dataset: DatasetDetail | undefined;
  value: string;
  fault: string | undefined;
  onChange: (place: string) => void;
}

function PlaceField({ dataset, value, fault, onChange }: PlaceProps) {
  const byRange = dataset?.partitioning === "range";
  const about = byRange
    ? t("One number, or the first and the last, as 10-19.")
    : t("A text of your own choice.");
  return (
    <Field label={byRange ? t("Range") : t("Key")} about={about} fault={fault}>
      <input
        type="text"
        disabled={!dataset}
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
