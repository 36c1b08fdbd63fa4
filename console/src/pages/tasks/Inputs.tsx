import type { EventSummary, TaskDetail } from "@/api/schema";
import { bytes } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Empty } from "@/ui/Answer";
import { Json } from "@/ui/Facts";
import { Card } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { Where } from "@/ui/Where";

const COLUMNS: Column<EventSummary>[] = [
  { key: "event", head: t("Event"), cell: ({ id }) => <span translate="no">#{id}</span> },
  { key: "task-dataset", head: t("Dataset"), cell: ({ dataset }) => <code>{dataset}</code> },
  { key: "place", head: t("Key or range"), cell: (event) => <Where of={event} /> },
  { key: "task-kind", head: t("Kind"), cell: ({ kind }) => kindWord(kind) },
  {
    key: "task-size",
    head: t("Payload"),
    cell: ({ payload_bytes }) => <span translate="no">{bytes(payload_bytes)}</span>,
    align: "end",
  },
  { key: "at", head: t("Came"), cell: ({ at }) => <Time at={at} />, align: "end" },
];

/** The events that a task covers, and the payload of the first one. */
export function Inputs({ task }: { task: TaskDetail }) {
  const { inputs, events_covered, first_payload: first } = task;
  const left = events_covered - inputs.length;
  return (
    <div className="stack">
      <Card flush title={t("Events that it covers")}>
        <Table<EventSummary>
          label={t("Events that it covers")}
          columns={COLUMNS}
          rows={inputs}
          rowKey={({ id }) => id}
          href={({ id }) => `/events/${id}`}
          empty={
            <Empty title={t("None of its events is kept any more.")}>
              {t("Events are forgotten after a while; what was made from them stays.")}
            </Empty>
          }
        />
        {left > 0 && inputs.length > 0 && (
          <p className="task-note muted small">
            {n(left, "It covers {count} more event.", "It covers {count} more events.")}
          </p>
        )}
      </Card>
      {first && (
        <Card title={t("Payload of event {id}", { id: first.event_id })}>
          <Json value={readable(first.text, first.truncated)} />
          {first.truncated && (
            <p className="muted small">
              {t("This is its beginning; it takes {size}.", { size: bytes(first.bytes) })}
            </p>
          )}
        </Card>
      )}
    </div>
  );
}

/** What an event says of its place. */
export function kindWord(kind: EventSummary["kind"]): string {
  return kind === "invalidate" ? t("invalidation") : t("update");
}

function readable(text: string, truncated: boolean): string {
  if (truncated) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
