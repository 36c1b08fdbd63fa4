import { Link } from "wouter";
import { useList } from "@/api/query";
import { t } from "@/i18n/text";
import { Answer, Empty } from "@/ui/Answer";
import { EventTable } from "@/ui/EventTable";
import { ChoiceFilter, Filters } from "@/ui/Filters";
import { Card } from "@/ui/Page";
import { pathTo, useUrlState } from "@/ui/url";

/** What happened to one dataset, newest first. */
export function DatasetEvents({ name }: { name: string }) {
  const [kind] = useUrlState("kind");
  const chosen = kind === "update" || kind === "invalidate" ? kind : null;
  const events = useList("list_events", { dataset: name, kind: chosen }, { topics: ["task"], every: 2500 });
  const { items, first, failure, loading, refresh } = events;
  return (
    <>
      <div className="row spread">
        <Filters>
          <ChoiceFilter
            name="kind"
            label={t("Kind")}
            options={[
              { value: "update", label: t("update") },
              { value: "invalidate", label: t("invalidation") },
            ]}
          />
        </Filters>
        <Link href={pathTo("/events", { dataset: name, kind })}>{t("Filter them by place and time")}</Link>
      </div>
      <Answer of={{ data: first && items, failure, loading, refresh }}>
        {(rows) => (
          <Card flush>
            <EventTable
              label={t("Events")}
              events={rows}
              ofOne
              more={events.more}
              loadingMore={events.loadingMore}
              empty={<Empty title={t("Nothing has happened to it.")} />}
            />
          </Card>
        )}
      </Answer>
    </>
  );
}
