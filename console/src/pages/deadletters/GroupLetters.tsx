import { useState } from "react";
import { useList, useQuery } from "@/api/query";
import type { DeadLetter, LetterGroup } from "@/api/schema";
import { n, t } from "@/i18n/text";
import { FailureNote, Loading } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Covered } from "@/ui/Covered";
import { ErrorOf } from "@/ui/ErrorOf";
import { Json } from "@/ui/Facts";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { ActDialog } from "./ActDialog";
import type { LetterAct } from "./choice";
import { Deaths } from "./Deaths";

interface Props {
  group: LetterGroup;
  state: DeadLetter["state"] | "all";
  onDone: () => void;
  onFollow: (operation: string) => void;
}

const COLUMNS: Column<DeadLetter>[] = [
  { key: "letter", head: t("Letter"), cell: ({ id }) => <span translate="no">#{id}</span> },
  { key: "state", head: t("State"), cell: ({ state }) => <State of={state} /> },
  { key: "covers", head: t("Covers"), cell: (letter) => <Covered of={letter} /> },
  { key: "attempts", head: t("Attempts"), cell: ({ attempts }) => attempts, align: "end", minor: true },
  { key: "died", head: t("Died"), cell: ({ died_at }) => <Time at={died_at} />, align: "end" },
];

/** The letters of a group: when they died, each of them to be chosen, one with its payload. */
export function GroupLetters({ group, state, onDone, onFollow }: Props) {
  const { job, fingerprint } = group;
  const letters = useList("list_dead_letters", { job, fingerprint, state, limit: 50 }, { topics: ["dead_letter"] });
  const [chosen, choose] = useState<ReadonlySet<string | number>>(new Set());
  const refresh = () => {
    choose(new Set());
    letters.refresh();
    onDone();
  };
  if (letters.loading) return <Loading />;
  return (
    <div className="dl-open">
      {letters.failure && <FailureNote failure={letters.failure} again={letters.refresh} />}
      <div className="dl-letters">
        <ChosenLetters chosen={chosen} state={state} onDone={refresh} onFollow={onFollow} />
        <Table<DeadLetter>
          label={t("Letters of the group")}
          columns={COLUMNS}
          rows={letters.items}
          rowKey={({ id }) => id}
          href={({ id }) => `/dead-letters/${id}`}
          {...((state === "open" || state === "discarded") && { chosen, onChoose: choose })}
          more={letters.more}
          loadingMore={letters.loadingMore}
        />
      </div>
      <div className="dl-newest stack">
        <Deaths letters={letters.items} all={!letters.more} />
        <Newest id={group.newest} />
      </div>
    </div>
  );
}

/** The newest letter's whole error and what it was to work on. */
function Newest({ id }: { id: number }) {
  const letter = useQuery("get_dead_letter", { letter_id: id });
  if (!letter.data) return letter.failure ? <FailureNote failure={letter.failure} /> : <Loading />;
  const { error, event } = letter.data;
  return (
    <>
      <h3>{t("The newest, letter {id}", { id })}</h3>
      <ErrorOf error={error} brief />
      {event && (
        <>
          <h3>{t("Its payload")}</h3>
          <Json value={event.payload} />
        </>
      )}
    </>
  );
}

interface ChosenProps {
  chosen: ReadonlySet<string | number>;
  state: DeadLetter["state"] | "all";
  onDone: () => void;
  onFollow: (operation: string) => void;
}

/** What can be done to the letters that are ticked. */
function ChosenLetters({ chosen, state, onDone, onFollow }: ChosenProps) {
  const [act, ask] = useState<LetterAct>();
  if (chosen.size === 0) return null;
  return (
    <div className="dl-chosen row" role="toolbar" aria-label={t("What is chosen")}>
      <strong>{n(chosen.size, "{count} letter is chosen.", "{count} letters are chosen.")}</strong>
      {state === "open" ? (
        <>
          <Button onClick={() => ask("redrive")}>{t("Redrive these…")}</Button>
          <Button look="danger" onClick={() => ask("discard")}>
            {t("Discard these…")}
          </Button>
        </>
      ) : (
        <Button onClick={() => ask("reopen")}>{t("Reopen these…")}</Button>
      )}
      {act && (
        <ActDialog
          act={act}
          choice={{ ids: [...chosen].map(Number) }}
          onClose={() => ask(undefined)}
          onDone={onDone}
          onFollow={onFollow}
        />
      )}
    </div>
  );
}
