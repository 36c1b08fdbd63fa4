import { useList } from "@/api/query";
import type { Operation } from "@/api/schema";
import { stateWord } from "@/ui/Badge";
import { Empty, FailureNote, Loading } from "@/ui/Answer";
import { Commands } from "@/ui/Commands";
import { ChoiceFilter, Filters, GivenFilter } from "@/ui/Filters";
import { Card, Page } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { Span, Time } from "@/ui/Time";
import { useUrlState } from "@/ui/url";
import { t } from "@/i18n/text";
import { HowFar } from "./HowFar";
import { Kind, KNOWN_KINDS, kindWord, OperationState } from "./words";
import "./operations.css";

const STATES = ["running", "succeeded", "failed", "cancelled"] as const;

/** What was asked for that takes a while, newest first. */
export default function Operations() {
  const [state] = useUrlState("state");
  const [kind] = useUrlState("kind");
  const [actor] = useUrlState("actor");
  const wanted = STATES.find((known) => known === state);
  const operations = useList(
    "list_operations",
    { ...(wanted && { state: wanted }), ...(kind && { kind }), ...(actor && { actor }) },
    { topics: ["operation"] },
  );
  const filtered = Boolean(wanted || kind || actor);
  return (
    <Page
      title={t("Operations")}
      about={t("What was asked for that takes a while: how far it is, and what came of it.")}
      actions={<Commands cli="headgate operation list" api="GET /api/v1/operations" />}
    >
      <Filters>
        <ChoiceFilter
          name="state"
          label={t("State")}
          options={STATES.map((value) => ({ value, label: stateWord(value) }))}
        />
        <KindFilter chosen={kind} seen={operations.items} />
        <GivenFilter name="actor" label={t("Asked by")} />
      </Filters>
      {operations.failure && <FailureNote failure={operations.failure} again={operations.refresh} />}
      {operations.loading && <Loading />}
      {!operations.loading && !(operations.failure && operations.items.length === 0) && (
        <Card flush>
          <div className="operations">
            <Table
              label={t("Operations")}
              columns={columns()}
              rows={operations.items}
              rowKey={({ id }) => id}
              href={({ id }) => `/operations/${id}`}
              more={operations.more}
              loadingMore={operations.loadingMore}
              empty={<NoOperations filtered={filtered} />}
            />
          </div>
        </Card>
      )}
    </Page>
  );
}

function KindFilter({ chosen, seen }: { chosen: string; seen: Operation[] }) {
  const kinds = [...new Set([...KNOWN_KINDS, ...seen.map(({ kind }) => kind), ...(chosen ? [chosen] : [])])];
  return (
    <ChoiceFilter
      name="kind"
      label={t("Kind")}
      options={kinds.map((value) => ({ value, label: kindWord(value) ?? value }))}
    />
  );
}

function NoOperations({ filtered }: { filtered: boolean }) {
  if (filtered) return <Empty title={t("No operation is like this.")} />;
  return (
    <Empty title={t("Nothing was asked for that takes a while.")} command="headgate demo creative">
      {t("A campaign is one, and a redrive of many dead letters, and an act on many tasks.")}
    </Empty>
  );
}

function columns(): Column<Operation>[] {
  return [
    { key: "kind", head: t("What"), cell: ({ kind }) => <Kind of={kind} /> },
    { key: "state", head: t("State"), cell: (operation) => <OperationState of={operation} /> },
    { key: "progress", head: t("Progress"), cell: (operation) => <HowFar of={operation} brief /> },
    {
      key: "message",
      head: t("Message"),
      minor: true,
      cell: ({ message, subject }) => <span translate="no">{message || subject}</span>,
    },
    { key: "actor", head: t("Asked by"), cell: ({ actor }) => <span translate="no">{actor}</span> },
    { key: "at", head: t("Asked"), cell: ({ created_at: at }) => <Time at={at} /> },
    {
      key: "took",
      head: t("Took"),
      align: "end",
      minor: true,
      cell: ({ created_at: from, updated_at: to, state }) => (
        <Span from={from} to={state === "running" ? null : to} />
      ),
    },
  ];
}
