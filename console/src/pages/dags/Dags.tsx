import { Plus } from "lucide-react";
import { useMemo } from "react";
import type { Result } from "@/api/call";
import { useList, useQuery } from "@/api/query";
import { count } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Empty, FailureNote, Loading } from "@/ui/Answer";
import { Badge, State } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Commands } from "@/ui/Commands";
import { Filters, TextFilter } from "@/ui/Filters";
import { Outcomes } from "@/ui/Outcomes";
import { Card, Page } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { useUrlState } from "@/ui/url";
import { ApplyDialog } from "./ApplyDialog";
import { dagsNow, type DagNow } from "./now";
import "./dags.css";

type DagSummary = Result<"list_dags">["items"][number];

const REFRESH_MS = 5000; // many jobs of many DAGs: not with each task

/** The deployed DAGs, how they do, and a way to deploy another. */
export default function Dags() {
  const [applying, setApplying] = useUrlState("apply");
  const [words] = useUrlState("q");
  const list = useList("list_dags", { limit: 100 }, { topics: ["dag"] });
  const jobs = useQuery("list_jobs", { limit: 200 }, { topics: ["dag"], every: REFRESH_MS });
  const now = useMemo(() => dagsNow(jobs.data?.items ?? []), [jobs.data]);
  const rows = list.items.filter(({ name }) => name.includes(words.toLowerCase()));
  return (
    <Page
      title={t("DAGs")}
      about={t("What is deployed: which jobs make which datasets from which.")}
      actions={
        <>
          <Commands cli="headgate dag list" api="GET /api/v1/dags" />
          <Button look="main" icon={Plus} onClick={() => setApplying("1")}>
            {t("Apply a DAG…")}
          </Button>
        </>
      }
    >
      <Filters>
        <TextFilter name="q" label={t("A part of the name")} />
      </Filters>
      {list.failure && <FailureNote failure={list.failure} again={list.refresh} />}
      {list.loading ? (
        <Loading />
      ) : (
        <Card flush>
          <Table
            label={t("DAGs")}
            columns={columns(now)}
            rows={rows}
            rowKey={({ name }) => name}
            href={({ name }) => `/dags/${name}`}
            more={list.more}
            loadingMore={list.loadingMore}
            empty={<Nothing words={words} />}
          />
        </Card>
      )}
      {applying && <ApplyDialog onClose={() => setApplying("")} />}
    </Page>
  );
}

function columns(now: Map<string, DagNow>): Column<DagSummary>[] {
  return [
    { key: "name", head: t("Name"), cell: ({ name }) => <span translate="no">{name}</span> },
    { key: "state", head: t("State"), cell: ({ name }) => <Now of={now.get(name)} /> },
    { key: "recent", head: t("Last runs"), cell: ({ name }) => <Outcomes marks={now.get(name)?.recent ?? []} /> },
    { key: "jobs", head: t("Jobs"), align: "end", cell: ({ jobs }) => count(jobs.length) },
    { key: "datasets", head: t("Datasets"), align: "end", cell: ({ datasets }) => count(datasets.length) },
    { key: "sources", head: t("Sources"), align: "end", minor: true, cell: ({ sources }) => count(sources.length) },
    { key: "version", head: t("Version"), align: "end", cell: ({ version }) => version },
    { key: "deployed", head: t("Deployed"), align: "end", cell: ({ deployed_at }) => <Time at={deployed_at} /> },
    {
      key: "by",
      head: t("By"),
      minor: true,
      cell: ({ deployed_by }) => <span translate="no">{deployed_by}</span>,
    },
  ];
}

function Now({ of }: { of: DagNow | undefined }) {
  if (!of) return <span className="muted">–</span>;
  const { state, running, waiting, dead } = of;
  return (
    <span className="row">
      <State of={state} />
      {dead > 0 && <Badge tone="bad">{n(dead, "{count} dead letter", "{count} dead letters")}</Badge>}
      {running + waiting > 0 && (
        <span className="muted small">
          {t("{running} running, {waiting} waiting", { running: count(running), waiting: count(waiting) })}
        </span>
      )}
    </span>
  );
}

function Nothing({ words }: { words: string }) {
  return words ? (
    <Empty title={t("No DAG has “{words}” in its name.", { words })} />
  ) : (
    <Empty title={t("Nothing is deployed yet.")} command="headgate dag apply dag.yaml">
      {t("A DAG says in YAML which datasets there are and which jobs make them. Apply one here or by the command line.")}
    </Empty>
  );
}
