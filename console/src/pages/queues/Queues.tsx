import { t } from "@/i18n/text";
import { Commands } from "@/ui/Commands";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { useUrlState } from "@/ui/url";
import { QueueList } from "./QueueList";
import { WorkerList } from "./WorkerList";

/** What waits for each job and what holds it; in a tab of its own who does the work. */
export default function Queues() {
  const [tab] = useUrlState("tab", "queues");
  const workers = tab === "workers";
  return (
    <Page
      title={workers ? t("Workers") : t("Queues")}
      about={
        workers
          ? t("Who runs tasks, what each has in hand, and when it was heard of.")
          : t("What waits for each job, what holds it back, and how fast it goes.")
      }
      actions={
        workers ? (
          <Commands cli="headgate queue workers" api="GET /api/v1/workers" />
        ) : (
          <Commands cli="headgate queue list" api="GET /api/v1/queues" />
        )
      }
    >
      <Tabs
        label={t("Queues and workers")}
        tabs={[
          { key: "queues", label: t("Queues") },
          { key: "workers", label: t("Workers") },
        ]}
      />
      {workers ? <WorkerList /> : <QueueList />}
    </Page>
  );
}
