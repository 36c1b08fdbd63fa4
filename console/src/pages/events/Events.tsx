import { Send } from "lucide-react";
import { addressOf } from "@/api/call";
import { useList } from "@/api/query";
import { t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { Button } from "@/ui/Button";
import { Commands } from "@/ui/Commands";
import { EventTable } from "@/ui/EventTable";
import { Card, Page } from "@/ui/Page";
import { useUrlState } from "@/ui/url";
import { commandOf, useAsked, type Asked } from "./asked";
import { EventFilters } from "./EventFilters";
import { SendEvent } from "./SendEvent";
import "./events.css";

const ANY_SOURCE = "new";

/** What happens to datasets, newest first, as it happens. */
export default function Events() {
  const asked = useAsked();
  const [send, setSend] = useUrlState("send");
  return (
    <Page
      title={t("Events")}
      about={t("What happens to datasets: what is new in them, and what is no longer right.")}
      actions={
        <>
          <Button icon={Send} onClick={() => setSend(ANY_SOURCE)}>
            {t("Send an event…")}
          </Button>
          <Commands
            cli={commandOf(asked.params ?? {})}
            api={`GET ${addressOf("list_events", asked.params ?? {})}`}
          />
        </>
      }
    >
      <EventFilters />
      {asked.fault ? (
        <p className="events-fault" role="alert">
          {asked.fault}
        </p>
      ) : (
        <Found asked={asked} />
      )}
      {send && <SendEvent source={send === ANY_SOURCE ? "" : send} onClose={() => setSend("")} />}
    </Page>
  );
}

function Found({ asked }: { asked: Asked }) {
  // No topic tells of events; those that tasks emit come with the task.
  const events = useList("list_events", asked.params, { topics: ["task"], every: 2500 });
  const { items, first, failure, loading, refresh } = events;
  return (
    <Answer of={{ data: first && items, failure, loading, refresh }}>
      {(rows) => (
        <>
          {rows.length === 0 && !first?.complete && (
            <p className="muted">{t("None of the newest events is one of these. Older ones may be.")}</p>
          )}
          <Card flush>
            <EventTable
              label={t("Events")}
              events={rows}
              more={events.more}
              loadingMore={events.loadingMore}
              empty={<NoEvents any={asked.any} more={events.more} />}
            />
          </Card>
        </>
      )}
    </Answer>
  );
}

function NoEvents({ any, more }: { any: boolean; more: (() => void) | undefined }) {
  if (more)
    return (
      <div className="events-further">
        <Button onClick={more}>{t("Look further back")}</Button>
      </div>
    );
  if (any) return <Empty title={t("No event is like this.")}>{t("Take a filter away to see others.")}</Empty>;
  return (
    <Empty title={t("Nothing has happened yet.")} command="headgate demo creative">
      {t("Events come from sources, and from tasks. The demo makes some.")}
    </Empty>
  );
}
