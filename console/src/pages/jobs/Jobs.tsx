import { useList } from "@/api/query";
import { t } from "@/i18n/text";
import { Empty, FailureNote, Loading } from "@/ui/Answer";
import { Commands } from "@/ui/Commands";
import { Filters, GivenFilter, TextFilter } from "@/ui/Filters";
import { Card, Page } from "@/ui/Page";
import { pathTo, useUrlState } from "@/ui/url";
import { JobTable } from "./JobTable";
import { LIVE_MS } from "./live";

/** All jobs that are deployed. */
export default function Jobs() {
  const [words] = useUrlState("q");
  const [dag] = useUrlState("dag");
  const jobs = useList(
    "list_jobs",
    { q: words, dag, limit: 50 },
    { topics: ["dead_letter", "dag"], every: LIVE_MS },
  );
  return (
    <Page
      title={t("Jobs")}
      about={t("What turns datasets into datasets: how each does, what waits for it, how long it takes.")}
      actions={
        <Commands
          cli={dag ? `headgate job list --dag ${dag}` : "headgate job list"}
          api={`GET ${pathTo("/api/v1/jobs", { q: words, dag })}`}
        />
      }
    >
      <Filters>
        <TextFilter name="q" label={t("A part of the name")} />
        <GivenFilter name="dag" label={t("DAG")} />
      </Filters>
      {jobs.failure && <FailureNote failure={jobs.failure} again={jobs.refresh} />}
      {jobs.loading ? (
        <Loading />
      ) : (
        <Card flush>
          <JobTable jobs={jobs} empty={<Nothing words={words} />} />
        </Card>
      )}
    </Page>
  );
}

function Nothing({ words }: { words: string }) {
  return words ? (
    <Empty title={t("No job has “{words}” in its name.", { words })} />
  ) : (
    <Empty title={t("There is no job yet.")} command="headgate dag apply dag.yaml">
      {t("Jobs come with the DAG that names them.")}
    </Empty>
  );
}
