import { useList } from "@/api/query";
import { t } from "@/i18n/text";
import { Empty, FailureNote, Loading } from "@/ui/Answer";
import { Card } from "@/ui/Page";
import { WorkerTable } from "./WorkerTable";
import "./queues.css";

/** All workers, newest first. */
export function WorkerList() {
  const workers = useList("list_workers", {}, { every: 3000 });
  if (workers.loading) return <Loading />;
  return (
    <>
      {workers.failure && <FailureNote failure={workers.failure} again={workers.refresh} />}
      {!(workers.failure && workers.items.length === 0) && (
        <Card flush>
          <WorkerTable
            workers={workers.items}
            more={workers.more}
            loadingMore={workers.loadingMore}
            empty={
              <Empty title={t("No worker is there.")} command="headgate worker">
                {t("Tasks wait until one is. The server starts its own, unless it was told not to.")}
              </Empty>
            }
          />
        </Card>
      )}
    </>
  );
}
