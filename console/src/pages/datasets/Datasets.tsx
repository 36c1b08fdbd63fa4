import { Link } from "wouter";
import { addressOf, type Params } from "@/api/call";
import { useList } from "@/api/query";
import type { Dataset } from "@/api/schema";
import { n, t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { Commands } from "@/ui/Commands";
import { ChoiceFilter, Filters, TextFilter } from "@/ui/Filters";
import { Card, Page } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { useUrlState } from "@/ui/url";
import { Fresh, Kept, MadeBy, SinkLag } from "./parts";
import "./datasets.css";

/** What the jobs make and read: how fresh each dataset is, and why. */
export default function Datasets() {
  const [q] = useUrlState("q");
  const [fresh] = useUrlState("fresh");
  const params: Params<"list_datasets"> = { q, ...(fresh && { stale: fresh === "no" }) };
  const datasets = useList("list_datasets", params, { topics: ["dead_letter", "dag"], every: 3000 });
  const { items, first, failure, loading, refresh } = datasets;
  return (
    <Page
      title={t("Datasets")}
      about={t("What jobs make and read, how fresh it is, and what keeps it from being so.")}
      actions={<Commands cli="headgate dataset list" api={`GET ${addressOf("list_datasets", params)}`} />}
    >
      <Filters>
        <TextFilter name="q" label={t("Name")} />
        <ChoiceFilter
          name="fresh"
          label={t("Freshness")}
          options={[
            { value: "yes", label: t("fresh") },
            { value: "no", label: t("stale") },
          ]}
        />
      </Filters>
      <Answer of={{ data: first && items, failure, loading, refresh }}>
        {(rows) => (
          <div className="datasets-list">
            <Card flush>
              <Table
                label={t("Datasets")}
                columns={COLUMNS()}
                rows={rows}
                rowKey={({ name }) => name}
                href={({ name }) => `/datasets/${name}`}
                more={datasets.more}
                loadingMore={datasets.loadingMore}
                empty={<NoDatasets any={!!(q || fresh)} />}
              />
            </Card>
          </div>
        )}
      </Answer>
    </Page>
  );
}

function NoDatasets({ any }: { any: boolean }) {
  if (any)
    return <Empty title={t("No dataset is like this.")}>{t("Take a filter away to see others.")}</Empty>;
  return (
    <Empty title={t("There is no dataset yet.")} command="headgate dag apply FILE.yaml">
      {t("Datasets are declared in DAGs.")}
    </Empty>
  );
}

const COLUMNS = (): Column<Dataset>[] => [
  { key: "name", head: t("Name"), cell: ({ name }) => <span translate="no">{name}</span> },
  { key: "fresh", head: t("Freshness"), cell: (dataset) => <Fresh of={dataset} /> },
  { key: "made", head: t("Made by"), cell: (dataset) => <MadeBy of={dataset} /> },
  { key: "read", head: t("Read by"), cell: (dataset) => <ReadBy of={dataset} /> },
  { key: "kept", head: t("Kept in"), minor: true, cell: (dataset) => <Kept of={dataset} /> },
  { key: "lag", head: t("Sink lag"), align: "end", minor: true, cell: ({ sink }) => <SinkLag of={sink} /> },
  { key: "last", head: t("Last event"), align: "end", cell: ({ last_event_at: at }) => <Time at={at} /> },
];

function ReadBy({ of: { consumers, consumer_count: all } }: { of: Dataset }) {
  const [first] = consumers;
  if (first === undefined) return <span className="muted">{t("nobody")}</span>;
  if (all > 1)
    return (
      <span title={consumers.join(", ")} className="nowrap">
        {n(all, "{count} job", "{count} jobs")}
      </span>
    );
  return (
    <Link href={`/jobs/${first}`} translate="no">
      {first}
    </Link>
  );
}
