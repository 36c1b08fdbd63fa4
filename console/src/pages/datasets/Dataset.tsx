import { Send } from "lucide-react";
import { Link } from "wouter";
import { useQuery } from "@/api/query";
import type { DatasetDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Commands } from "@/ui/Commands";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { pathTo, useUrlState } from "@/ui/url";
import { DatasetEvents } from "./DatasetEvents";
import { History } from "./History";
import { ImpactTab } from "./ImpactTab";
import { Lineage } from "./Lineage";
import { Overview } from "./Overview";
import "./datasets.css";

/** One dataset: how fresh it is and why, its events, its history, what it is made from. */
export default function Dataset({ name }: { name: string }) {
  const dataset = useQuery("get_dataset", { name }, { topics: ["dead_letter", "dag"], every: 3000 });
  const { data } = dataset;
  return (
    <Page
      title={name}
      named
      trail={[{ label: t("Datasets"), path: "/datasets" }]}
      beside={data && <State of={data.stale_since ? "stale" : "fresh"} />}
      about={data?.description && <span translate="no">{data.description}</span>}
      actions={
        <>
          {data?.producer_kind === "source" && data.producer && (
            <Link href={pathTo("/events", { dataset: name, send: data.producer })} className="button plain">
              <Send size={15} aria-hidden />
              {t("Send an event…")}
            </Link>
          )}
          <Commands cli={`headgate dataset show ${name}`} api={`GET /api/v1/datasets/${name}`} />
        </>
      }
    >
      <Tabs
        label={t("Dataset")}
        tabs={[
          { key: "overview", label: t("Overview") },
          { key: "events", label: t("Events") },
          { key: "history", label: t("History") },
          { key: "lineage", label: t("Lineage") },
          { key: "impact", label: t("Invalidate") },
        ]}
      />
      <Answer of={dataset}>{(found) => <Tab dataset={found} />}</Answer>
    </Page>
  );
}

function Tab({ dataset }: { dataset: DatasetDetail }) {
  const [tab] = useUrlState("tab", "overview");
  switch (tab) {
    case "events":
      return <DatasetEvents name={dataset.name} />;
    case "history":
      return <History dataset={dataset} />;
    case "lineage":
      return <Lineage name={dataset.name} />;
    case "impact":
      return <ImpactTab dataset={dataset} />;
    default:
      return <Overview dataset={dataset} />;
  }
}
