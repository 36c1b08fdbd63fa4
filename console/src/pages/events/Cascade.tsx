import { useEffect, useState } from "react";
import { useQuery } from "@/api/query";
import type { Cascade as Found } from "@/api/schema";
import { percent } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { Badge } from "@/ui/Badge";
import { Figure, Figures, Progress } from "@/ui/Facts";
import { Card } from "@/ui/Page";
import { Sentence } from "@/ui/Reasons";
import { Time } from "@/ui/Time";
import { CascadeLevels } from "./CascadeLevels";
import { CascadeTree } from "./CascadeTree";
import { allOf } from "./nodeState";

interface Props {
  id: number;
  /** Told how far it is while it goes on, for the title. */
  onProgress: (progress: string | undefined) => void;
}

/** All that followed from an event, hop by hop, until it has come to rest. */
export function Cascade({ id, onProgress }: Props) {
  const [rests, setRests] = useState(false);
  const cascade = useQuery(
    "get_event_cascade",
    { event_id: id },
    // What wakes it up again is a redrive or a retry; until it rests, routing has no topic.
    {
      topics: ["task", "dead_letter"],
      when: ({ topic }) => !rests || topic === "dead_letter",
      every: rests ? 0 : 2000,
    },
  );
  const { data } = cascade;
  if (data && data.at_rest !== rests) setRests(data.at_rest);
  const share = data && !data.at_rest ? shareOf(data) : undefined;
  useEffect(() => {
    onProgress(share === undefined ? undefined : percent(share));
    return () => onProgress(undefined);
  }, [share, onProgress]);
  return <Answer of={cascade}>{(found) => <Shown cascade={found} />}</Answer>;
}

function shareOf({ tasks, tasks_in_all: all }: Found): number {
  return all ? Math.min(1, (tasks.done ?? 0) / all) : 0;
}

function Shown({ cascade }: { cascade: Found }) {
  const { nodes, left_out: left } = cascade;
  const jobs = nodes.filter(({ job }) => job !== null);
  return (
    <>
      <Card title={t("In short")} actions={<Rest cascade={cascade} />}>
        <div className="stack tight">
          <Sentence text={cascade.summary} />
          {!cascade.at_rest && jobs.length > 0 && (
            <Progress
              done={cascade.tasks.done ?? 0}
              total={cascade.tasks_in_all || null}
              label={t("Tasks done")}
            />
          )}
          {left.map((sentence) => (
            <Sentence key={sentence} text={sentence} muted />
          ))}
        </div>
      </Card>
      <Counts cascade={cascade} />
      {jobs.length === 0 ? (
        <Empty title={t("Nothing has followed from it.")}>
          {t("A cascade shows here when a job reads the dataset and runs because of this event.")}
        </Empty>
      ) : (
        <>
          <Card title={t("The tree")} flush>
            <CascadeTree cascade={cascade} />
          </Card>
          <div className="stack events-hops">
            <CascadeLevels cascade={cascade} />
          </div>
        </>
      )}
    </>
  );
}

function Rest({ cascade: { at_rest: rests, last_ended_at: ended } }: { cascade: Found }) {
  if (!rests) return <Badge tone="busy">{t("goes on")}</Badge>;
  return (
    <>
      <Badge tone="good">{t("at rest")}</Badge>
      {ended && (
        <span className="muted small">
          {t("The last task ended")} <Time at={ended} />
        </span>
      )}
    </>
  );
}

function Counts({ cascade: { tasks, tasks_in_all: all, levels } }: { cascade: Found }) {
  const { done = 0, running = 0, pending = 0, dead = 0 } = tasks;
  const hops = Math.max(0, ...levels.map(({ depth }) => depth));
  const more = all - allOf(tasks);
  return (
    <Figures>
      <Figure
        label={t("Done")}
        value={done}
        about={t("of {all}", { all })}
        tone={all > 0 && done === all ? "good" : undefined}
      />
      <Figure label={t("Running")} value={running} />
      <Figure
        label={t("Waiting")}
        value={pending}
        about={more > 0 && n(more, "{count} more to come", "{count} more to come")}
      />
      <Figure label={t("Failed for good")} value={dead} tone={dead > 0 ? "bad" : undefined} />
      <Figure label={t("Hops")} value={hops} />
    </Figures>
  );
}
