import { useQuery } from "@/api/query";
import type { DagDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { Commands } from "@/ui/Commands";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { Time } from "@/ui/Time";
import { useUrlState } from "@/ui/url";
import { DagGraph } from "./DagGraph";
import { DagJobs } from "./DagJobs";
import { DagVersions } from "./DagVersions";
import { DagYaml } from "./DagYaml";
import "./dags.css";

/** One DAG: its graph as it is now, its jobs, its text, its versions. */
export default function Dag({ name }: { name: string }) {
  const dag = useQuery("get_dag", { name }, { topics: ["dag"], when: ({ subject }) => subject === name });
  return (
    <Page
      title={name}
      named
      trail={[{ label: t("DAGs"), path: "/dags" }]}
      about={dag.data && <About dag={dag.data} />}
      actions={<Commands cli={`headgate dag show ${name}`} api={`GET /api/v1/dags/${name}`} />}
    >
      <Answer of={dag}>{(data) => <Parts dag={data} />}</Answer>
    </Page>
  );
}

function About({ dag: { version, deployed_at, deployed_by } }: { dag: DagDetail }) {
  return (
    <span className="row">
      <span>{t("Version {version}, deployed by {who}", { version, who: deployed_by })}</span>
      <Time at={deployed_at} />
    </span>
  );
}

function Parts({ dag }: { dag: DagDetail }) {
  const [tab] = useUrlState("tab", "graph");
  return (
    <>
      <Tabs
        label={t("Parts of the page")}
        tabs={[
          { key: "graph", label: t("Graph") },
          { key: "jobs", label: t("Jobs"), count: dag.jobs.length },
          { key: "yaml", label: t("YAML") },
          { key: "versions", label: t("Versions"), count: dag.version },
        ]}
      />
      {tab === "jobs" ? (
        <DagJobs dag={dag.name} />
      ) : tab === "yaml" ? (
        <DagYaml dag={dag} />
      ) : tab === "versions" ? (
        <DagVersions dag={dag} />
      ) : (
        <DagGraph dag={dag.name} />
      )}
    </>
  );
}
