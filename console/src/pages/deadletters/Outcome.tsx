import { Link } from "wouter";
import { useQuery } from "@/api/query";
import type { DeadLetterDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { State } from "@/ui/Badge";
import { Time } from "@/ui/Time";

const ROUTED_SOON_MS = 2000; // an event becomes a task a moment later, which is in no topic

/** What became of a letter that is open no more. */
export function Outcome({ letter }: { letter: DeadLetterDetail }) {
  switch (letter.state) {
    case "open":
      return null;
    case "redriven":
      return (
        <p>
          {t("It went back to work")} <Time at={letter.resolved_at} />{" "}
          <Link href={`/tasks/${letter.task_id}`}>{t("as task {id}", { id: letter.task_id })}</Link>
        </p>
      );
    case "replayed":
      return letter.event_id === null ? null : <Replayed eventId={letter.event_id} />;
    case "discarded":
      return (
        <p>
          {t("It was set aside; reopen it to have it back. That was")} <Time at={letter.resolved_at} />
        </p>
      );
    case "superseded":
      return <p>{t("Later work covered all that it covers: there is nothing left to do.")}</p>;
  }
}

/** The edited event that took a letter's place, and the tasks that it became. */
function Replayed({ eventId }: { eventId: number }) {
  const why = useQuery("why_event", { event_id: eventId }, { every: ROUTED_SOON_MS, topics: ["task"] });
  return (
    <p className="row">
      <span>{t("An edited event took its place:")}</span>
      <Link href={`/events/${eventId}`}>{t("event {name}", { name: eventId })}</Link>
      {why.data?.tasks.map(({ id, state }) => (
        <span key={id} className="row">
          <Link href={`/tasks/${id}`}>{t("task {name}", { name: id })}</Link>
          <State of={state} />
        </span>
      ))}
    </p>
  );
}
