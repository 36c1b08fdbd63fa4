import { useState } from "react";
import { useQuery } from "@/api/query";
import type { EventDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { Commands } from "@/ui/Commands";
import { DatasetLink, EventKind } from "@/ui/EventTable";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { Time } from "@/ui/Time";
import { useUrlState } from "@/ui/url";
import { Where } from "@/ui/Where";
import { Cascade } from "./Cascade";
import { EventStory } from "./EventStory";
import { goesOn } from "./goesOn";
import "./events.css";

/** One event: what it says, where it came from, what it went to, and all that followed from it. */
export default function Event({ id }: { id: string }) {
  const number = Number(id);
  const [tab] = useUrlState("tab", "event");
  const [progress, setProgress] = useState<string>();
  const [settled, setSettled] = useState(false);
  const event = useQuery(
    "get_event",
    { event_id: number },
    // A task is told of when it starts and ends, not when it is made: until then ask.
    {
      topics: ["task", "dead_letter"],
      when: ({ topic }) => !settled || topic === "dead_letter",
      every: settled ? 0 : 2000,
    },
  );
  const { data } = event;
  const done = data !== undefined && !goesOn(data);
  if (done !== settled) setSettled(done);
  return (
    <Page
      title={t("Event {id}", { id })}
      trail={[{ label: t("Events"), path: "/events" }]}
      progress={tab === "cascade" ? progress : undefined}
      beside={data && <EventKind of={data.kind} />}
      about={data && <About event={data} />}
      actions={<Same id={id} tab={tab} />}
    >
      <Tabs
        label={t("Event")}
        tabs={[
          { key: "event", label: t("The event") },
          { key: "cascade", label: t("What followed") },
        ]}
      />
      {tab === "cascade" ? (
        <Cascade id={number} onProgress={setProgress} />
      ) : (
        <Answer of={event}>{(found) => <EventStory event={found} settled={settled} />}</Answer>
      )}
    </Page>
  );
}

function About({ event }: { event: EventDetail }) {
  return (
    <span className="row">
      <DatasetLink name={event.dataset} />
      <Where of={event} />
      <Time at={event.at} />
    </span>
  );
}

/** The same as a command. */
function Same({ id, tab }: { id: string; tab: string }) {
  return tab === "cascade" ? (
    <Commands cli={`headgate event cascade ${id}`} api={`GET /api/v1/events/${id}/cascade`} />
  ) : (
    <Commands cli={`headgate why event ${id}`} api={`GET /api/v1/events/${id}/why`} />
  );
}
