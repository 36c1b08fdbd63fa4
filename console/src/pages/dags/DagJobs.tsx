import { useList } from "@/api/query";
import { t } from "@/i18n/text";
import { Empty, FailureNote, Loading } from "@/ui/Answer";
import { Card } from "@/ui/Page";
import { JobTable } from "@/pages/jobs/JobTable";
import { LIVE_MS } from "@/pages/jobs/live";

/** The jobs of one DAG. */
export function DagJobs({ dag }: { dag: string }) {
  const jobs = useList("list_jobs", { dag, limit: 50 }, { topics: ["dead_letter", "dag"], every: LIVE_MS });
  return (
    <>
      {jobs.failure && <FailureNote failure={jobs.failure} again={jobs.refresh} />}
      {jobs.loading ? (
        <Loading />
      ) : (
        <Card flush>
          <JobTable jobs={jobs} empty={<Empty title={t("This DAG has no jobs.")} />} />
        </Card>
      )}
    </>
  );
}
