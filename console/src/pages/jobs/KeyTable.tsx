import { Play } from "lucide-react";
import { useState } from "react";
import { useQuery } from "@/api/query";
import type { JobDetail, KeyState } from "@/api/schema";
import { t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { LIVE_MS } from "./live";
import type { Part } from "./ProcessDialog";

const PAGE = 10;

interface Props {
  job: JobDetail;
  onProcess: (part: Part) => void;
}

/** The keys that a job has been at, by name, with what became of each last. */
export function KeyTable({ job, onProcess }: Props) {
  const [cursors, setCursors] = useState<string[]>([]);
  const cursor = cursors.at(-1);
  const found = useQuery(
    "get_job_partitions",
    { job: job.job, limit: PAGE, ...(cursor && { cursor }) },
    { topics: ["dead_letter", "dag"], every: LIVE_MS },
  );
  return (
    <Card flush title={t("Partitions by key")}>
      <Answer of={found}>
        {({ keys, next_cursor, complete }) => (
          <>
            {!complete && (
              <p className="small muted job-note">{t("Only the newest attempts were looked at.")}</p>
            )}
            <Table
              label={t("Partitions by key")}
              columns={columns((key) => onProcess({ key }))}
              rows={keys}
              rowKey={({ key }) => key}
              href={({ task_id }) => `/tasks/${task_id}`}
              empty={<Empty title={t("The job has not covered anything yet.")} />}
            />
            {(next_cursor || cursors.length > 0) && (
              <div className="row job-note">
                <Button look="quiet" disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>
                  {t("Back")}
                </Button>
                <Button
                  look="quiet"
                  disabled={!next_cursor}
                  onClick={() => next_cursor && setCursors([...cursors, next_cursor])}
                >
                  {t("Next keys")}
                </Button>
              </div>
            )}
          </>
        )}
      </Answer>
    </Card>
  );
}

function columns(onProcess: (key: string) => void): Column<KeyState>[] {
  return [
    { key: "key", head: t("Key"), cell: ({ key }) => <code>{key}</code> },
    { key: "state", head: t("State"), cell: ({ state }) => <State of={state === "done" ? "succeeded" : state} /> },
    { key: "task", head: t("Task"), align: "end", minor: true, cell: ({ task_id }) => task_id },
    { key: "since", head: t("Since"), align: "end", cell: ({ since }) => <Time at={since} /> },
    {
      key: "again",
      head: <span className="unseen">{t("Again")}</span>,
      align: "end",
      cell: ({ key }) => (
        <Button look="quiet" icon={Play} aria-label={t("Process {key}…", { key })} onClick={() => onProcess(key)} />
      ),
    },
  ];
}
