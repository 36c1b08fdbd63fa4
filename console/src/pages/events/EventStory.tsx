import { Link } from "wouter";
import { useQuery } from "@/api/query";
import type { CoveringTask, EventDetail, EventWhy, Payload } from "@/api/schema";
import { bytes } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { CopyButton } from "@/ui/Commands";
import { DatasetLink } from "@/ui/EventTable";
import { Facts, Json } from "@/ui/Facts";
import { Card } from "@/ui/Page";
import { Reasons, Sentence } from "@/ui/Reasons";
import { Table } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { Where } from "@/ui/Where";

interface Props {
  event: EventDetail;
  /** Nothing more becomes of it by itself. */
  settled: boolean;
}

/** What an event says, where it came from, and who read it. */
export function EventStory({ event, settled }: Props) {
  const why = useQuery(
    "why_event",
    { event_id: event.id },
    {
      topics: ["task", "dead_letter"],
      when: ({ topic }) => !settled || topic === "dead_letter",
      every: settled ? 0 : 2500,
    },
  );
  return (
    <>
      <Card title={t("What became of it")}>
        <Answer of={why}>{(found) => <Why why={found} />}</Answer>
      </Card>
      <Card title={t("Who read it")} flush>
        <Readers event={event} />
      </Card>
      <div className="columns">
        <Card title={t("The event")}>
          <EventFacts event={event} />
        </Card>
        <PayloadCard payload={event.payload} />
      </div>
    </>
  );
}

function Why({ why: { summary, waits, not_for: without } }: { why: EventWhy }) {
  return (
    <div className="stack">
      <Sentence text={summary} />
      {waits.length > 0 && (
        <div className="stack tight">
          <h3>{t("What it waits for")}</h3>
          <Reasons of={waits} />
        </div>
      )}
      {without.length > 0 && (
        <div className="stack tight">
          <h3>{t("Who got nothing of it")}</h3>
          <Reasons of={without} />
        </div>
      )}
    </div>
  );
}

function Readers({ event }: { event: EventDetail }) {
  return (
    <>
      <Table<CoveringTask>
        label={t("Who read it")}
        rows={event.tasks}
        rowKey={({ id }) => id}
        href={({ id }) => `/tasks/${id}`}
        columns={[
          { key: "task", head: t("Task"), cell: ({ id }) => id },
          {
            key: "job",
            head: t("Job"),
            cell: ({ job }) => (
              <Link href={`/jobs/${job}`} translate="no">
                {job}
              </Link>
            ),
          },
          { key: "state", head: t("State"), cell: ({ state }) => <State of={state} /> },
          {
            key: "partition",
            head: t("Partition"),
            minor: true,
            cell: ({ partition }) => (partition === null ? "–" : <code>{partition}</code>),
          },
          {
            key: "events",
            head: t("Events it covers"),
            align: "end",
            cell: ({ events }) => n(events, "{count} event", "{count} events"),
          },
        ]}
        empty={
          event.routed ? (
            <Empty title={t("No task read it.")}>
              {t("No job reads this dataset, or its work is still to come.")}
            </Empty>
          ) : (
            <Empty title={t("It is on its way to the jobs that read it.")} />
          )
        }
      />
      {event.more_tasks && (
        <p className="events-note muted small">{t("There are more tasks than are shown.")}</p>
      )}
    </>
  );
}

function EventFacts({ event }: { event: EventDetail }) {
  return (
    <Facts
      of={[
        [t("Dataset"), <DatasetLink name={event.dataset} />],
        [t("Where"), <Where of={event} />],
        [t("When"), <Time at={event.at} as="moment" />],
        [t("From"), <Producer event={event} />],
        [t("Version of the data"), event.version && <code>{event.version}</code>],
        [t("Trace"), event.trace_id && <code>{event.trace_id}</code>],
        [t("Routed"), event.routed ? t("yes") : t("not yet")],
      ]}
    />
  );
}

function Producer({ event }: { event: EventDetail }) {
  const { edited, producer_task: task, producer_job: job, source } = event;
  if (edited) return <>{t("a person who edited and replayed it")}</>;
  if (task !== null)
    return (
      <span className="row">
        <Link href={`/tasks/${task}`}>{t("task {id}", { id: task })}</Link>
        {job && (
          <Link href={`/jobs/${job}`} translate="no">
            {job}
          </Link>
        )}
      </span>
    );
  if (source) return <span translate="no">{source}</span>;
  return <>{t("a person or a program")}</>;
}

function PayloadCard({ payload }: { payload: Payload | null }) {
  if (payload === null)
    return (
      <Card title={t("Payload")}>
        <p className="muted">{t("It has none.")}</p>
      </Card>
    );
  return (
    <Card title={t("Payload")} actions={<CopyButton text={payload.text} label={t("Copy the payload")} />}>
      <Json value={readable(payload)} />
      {payload.truncated && (
        <p className="muted small">
          {t("These are the first characters of {size}.", { size: bytes(payload.bytes) })}
        </p>
      )}
    </Card>
  );
}

/** The text with line breaks; as it is where it was cut off. */
function readable({ text, truncated }: Payload): unknown {
  return truncated ? text : JSON.stringify(JSON.parse(text), null, 2);
}
