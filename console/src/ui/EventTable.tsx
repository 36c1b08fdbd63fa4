import { RefreshCw, RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { EventView } from "@/api/schema";
import { bytes } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Badge } from "./Badge";
import { Table, type Column } from "./Table";
import { Time } from "./Time";
import { Where } from "./Where";
import "./eventtable.css";

interface Props {
  label: string;
  events: EventView[];
  /** Without the dataset, where all are of one. */
  ofOne?: boolean;
  more?: (() => void) | undefined;
  loadingMore?: boolean;
  empty: ReactNode;
}

/** Events, each with its place, the beginning of its payload, and the task that it came from. */
export function EventTable({ events, ofOne, ...rest }: Props) {
  const columns = ofOne ? COLUMNS().filter(({ key }) => key !== "dataset") : COLUMNS();
  return (
    <Table
      columns={columns}
      rows={events}
      rowKey={({ id }) => id}
      href={({ id }) => `/events/${id}`}
      {...rest}
    />
  );
}

/** What an event says of its place: that it is new, or that it is no longer right. */
export function EventKind({ of }: { of: EventView["kind"] }) {
  return of === "update" ? (
    <Badge tone="good" icon={RefreshCw}>
      {t("update")}
    </Badge>
  ) : (
    <Badge tone="warn" icon={RotateCcw}>
      {t("invalidation")}
    </Badge>
  );
}

// Made anew each time: the heads are in the language of the reader.
const COLUMNS = (): Column<EventView>[] => [
  { key: "event", head: t("Event"), cell: ({ id }) => <span className="nowrap">{id}</span> },
  { key: "at", head: t("When"), cell: ({ at }) => <Time at={at} /> },
  { key: "dataset", head: t("Dataset"), cell: ({ dataset }) => <DatasetLink name={dataset} /> },
  { key: "kind", head: t("Kind"), cell: ({ kind }) => <EventKind of={kind} /> },
  { key: "where", head: t("Where"), cell: (event) => <Where of={event} /> },
  { key: "payload", head: t("Payload"), minor: true, cell: (event) => <Beginning of={event} /> },
  {
    key: "from",
    head: t("From"),
    cell: ({ producer_task: task }) =>
      task === null ? (
        <span className="muted">{t("outside")}</span>
      ) : (
        <Link href={`/tasks/${task}`} className="nowrap">
          {t("task {id}", { id: task })}
        </Link>
      ),
  },
];

/** A link to a dataset. */
export function DatasetLink({ name }: { name: string }) {
  return (
    <Link href={`/datasets/${name}`} translate="no">
      {name}
    </Link>
  );
}

function Beginning({ of: { payload, payload_omitted: omitted, payload_bytes: size } }: { of: EventView }) {
  if (omitted) return <span className="muted nowrap">{bytes(size)}</span>;
  if (payload === null || payload === undefined) return <span className="muted">–</span>;
  return <code className="eventtable-payload">{JSON.stringify(payload)}</code>;
}
