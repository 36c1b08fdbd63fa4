import { Link } from "wouter";
import type { DatasetDetail, EventView } from "@/api/schema";
import { t } from "@/i18n/text";
import { Badge, State } from "@/ui/Badge";
import { Facts } from "@/ui/Facts";
import { Card } from "@/ui/Page";
import { Time } from "@/ui/Time";
import { Where } from "@/ui/Where";
import { Freshness } from "./Freshness";
import { Kept, MadeBy, SinkLag } from "./parts";

/** What a dataset is, how fresh it is and why, what its columns are. */
export function Overview({ dataset }: { dataset: DatasetDetail }) {
  return (
    <>
      <Freshness dataset={dataset} />
      <div className="columns">
        <Card title={t("Facts")}>
          <DatasetFacts dataset={dataset} />
        </Card>
        <Columns dataset={dataset} />
        {dataset.invalidations.length > 0 && <Invalidations of={dataset.invalidations} />}
      </div>
    </>
  );
}

function DatasetFacts({ dataset }: { dataset: DatasetDetail }) {
  const { partitioning, unit, sink } = dataset;
  return (
    <Facts
      of={[
        [t("Made by"), <MadeBy of={dataset} />],
        [t("Read by"), <Consumers of={dataset} />],
        [
          t("DAG"),
          <Link href={`/dags/${dataset.dag}`}>
            <span translate="no">{dataset.dag}</span>
          </Link>,
        ],
        [
          t("Split by"),
          partitioning === "key"
            ? t("text keys")
            : unit
              ? t("ranges ({unit})", { unit })
              : t("ranges of numbers"),
        ],
        [t("Kept in"), <Kept of={dataset} />],
        [t("Location"), dataset.location && <code>{dataset.location}</code>],
        [
          t("Sink"),
          sink && (
            <Link href={`/jobs/${sink.job}`} translate="no">
              {sink.job}
            </Link>
          ),
        ],
        [t("Sink lag"), sink && <SinkLag of={sink} />],
        [t("Sink is"), sink && <State of={sink.state} />],
        [t("Last event"), <Time at={dataset.last_event_at} />],
        [t("Declared"), <Time at={dataset.created_at} />],
        [t("Changed"), <Time at={dataset.updated_at} />],
      ]}
    />
  );
}

function Consumers({ of: { consumers, consumer_count: all } }: { of: DatasetDetail }) {
  if (all === 0) return <span className="muted">{t("nobody")}</span>;
  return (
    <ul className="datasets-links">
      {consumers.map((job) => (
        <li key={job}>
          <Link href={`/jobs/${job}`} translate="no">
            {job}
          </Link>
        </li>
      ))}
      {all > consumers.length && (
        <li className="muted">{t("and {rest} more", { rest: all - consumers.length })}</li>
      )}
    </ul>
  );
}

function Columns({ dataset: { columns, pii_columns: personal } }: { dataset: DatasetDetail }) {
  const names = Object.entries(columns);
  if (names.length === 0)
    return (
      <Card title={t("Columns")}>
        <p className="muted">{t("It declares none: each event's payload is what it is.")}</p>
      </Card>
    );
  return (
    <Card title={t("Columns")} flush>
      <table className="table datasets-columns">
        <thead>
          <tr>
            <th scope="col">{t("Name")}</th>
            <th scope="col">{t("Type")}</th>
          </tr>
        </thead>
        <tbody>
          {names.map(([name, type]) => (
            <tr key={name}>
              <td>
                <span className="row">
                  <code>{name}</code>
                  {personal.includes(name) && <Badge tone="warn">{t("personal data")}</Badge>}
                </span>
              </td>
              <td>
                <code>{type}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Invalidations({ of }: { of: EventView[] }) {
  return (
    <Card title={t("Newest invalidations")}>
      <ul className="stack tight">
        {of.map((event) => (
          <li key={event.id} className="row">
            <Link href={`/events/${event.id}?tab=cascade`}>{t("Event {id}", { id: event.id })}</Link>
            <Where of={event} />
            <span className="muted">
              <Time at={event.at} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
