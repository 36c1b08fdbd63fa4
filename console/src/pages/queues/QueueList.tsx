import { useList } from "@/api/query";
import type { Queue } from "@/api/schema";
import { rate } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Empty, FailureNote, Loading } from "@/ui/Answer";
import { ChoiceFilter, Filters, TextFilter } from "@/ui/Filters";
import { Card } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { Seconds } from "@/ui/Time";
import { useUrlState } from "@/ui/url";
import { Limits } from "./Limits";
import { PauseButton } from "./PauseButton";
import { depth, QUEUE_STATES, QueueState, queueWord } from "./words";
import "./queues.css";

/** The queues of all jobs: those that stand still first, then the longest. */
export function QueueList() {
  const [state] = useUrlState("state");
  const [text] = useUrlState("q");
  const wanted = QUEUE_STATES.find((known) => known === state);
  const queues = useList(
    "list_queues",
    { ...(wanted && { state: wanted }), ...(text && { q: text }) },
    { topics: ["dag"], every: 3000 },
  );
  return (
    <>
      <Filters>
        <TextFilter name="q" label={t("Part of a job's name")} />
        <ChoiceFilter
          name="state"
          label={t("State")}
          options={QUEUE_STATES.map((each) => ({ value: each, label: queueWord(each) }))}
        />
      </Filters>
      {queues.failure && <FailureNote failure={queues.failure} again={queues.refresh} />}
      {queues.loading ? (
        <Loading />
      ) : (
        !(queues.failure && queues.items.length === 0) && (
          <Card flush>
            <div className="queue-table">
              <Table
                label={t("Queues")}
                columns={columns(queues.refresh)}
                rows={queues.items}
                rowKey={({ job }) => job}
                href={({ job }) => `/queues/${job}`}
                more={queues.more}
                loadingMore={queues.loadingMore}
                empty={<NoQueues filtered={Boolean(wanted || text)} />}
              />
            </div>
          </Card>
        )
      )}
    </>
  );
}

function NoQueues({ filtered }: { filtered: boolean }) {
  if (filtered) return <Empty title={t("No queue is like this.")} />;
  return (
    <Empty title={t("There are no queues.")} command="headgate dag apply dag.yaml">
      {t("Each job of a deployed DAG has one.")}
    </Empty>
  );
}

function columns(changed: () => void): Column<Queue>[] {
  return [
    { key: "job", head: t("Job"), cell: ({ job }) => <span translate="no">{job}</span> },
    { key: "state", head: t("State"), cell: (queue) => <Standing queue={queue} /> },
    { key: "waiting", head: t("Waiting"), align: "end", cell: (queue) => <Waiting queue={queue} /> },
    {
      key: "oldest",
      head: t("Oldest"),
      align: "end",
      cell: ({ oldest_seconds: oldest, waiting }) => (
        <Seconds of={waiting === 0 ? null : oldest} />
      ),
    },
    { key: "running", head: t("Running"), align: "end", cell: (queue) => <Running queue={queue} /> },
    {
      key: "done",
      head: t("Done"),
      align: "end",
      cell: ({ done_per_second: done }) => (done === null ? "–" : rate(done)),
    },
    { key: "limits", head: t("Limits"), minor: true, cell: (queue) => <Limits of={queue} /> },
    {
      key: "act",
      head: <span className="unseen">{t("Actions")}</span>,
      align: "end",
      cell: ({ job, paused }) => <PauseButton job={job} paused={paused} onChanged={changed} small />,
    },
  ];
}

function Standing({ queue }: { queue: Queue }) {
  return (
    <span className="queue-standing">
      <QueueState of={queue} />
      {queue.holds.map(({ code, text }) => (
        <span key={code} className="muted small" translate="no">
          {text}
        </span>
      ))}
    </span>
  );
}

function Waiting({ queue }: { queue: Queue }) {
  return (
    <>
      {depth(queue)}
      {queue.delayed > 0 && (
        <span className="muted small queue-under">
          {t("{count} start later", { count: queue.delayed })}
        </span>
      )}
    </>
  );
}

function Running({ queue: { running, max_concurrency: most } }: { queue: Queue }) {
  return most === null ? running : t("{running} of {most}", { running, most });
}
