import { Link } from "wouter";
import { useQuery } from "@/api/query";
import type { DeadLetterDetail } from "@/api/schema";
import { n, t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { State } from "@/ui/Badge";
import { Commands } from "@/ui/Commands";
import { Covered } from "@/ui/Covered";
import { ErrorOf } from "@/ui/ErrorOf";
import { Facts, Json } from "@/ui/Facts";
import { Card, Page } from "@/ui/Page";
import { Time } from "@/ui/Time";
import { pathTo } from "@/ui/url";
import { Where } from "@/ui/Where";
import { LetterActs } from "./LetterActs";
import { Outcome } from "./Outcome";
import "./deadletters.css";

/** One dead letter: why it died, what it was to work on, what became of it. */
export default function Letter({ id }: { id: string }) {
  const letter = useQuery(
    "get_dead_letter",
    { letter_id: Number(id) },
    { topics: ["dead_letter"], when: ({ subject }) => subject === id },
  );
  const { data } = letter;
  return (
    <Page
      title={t("Dead letter {id}", { id })}
      trail={[{ label: t("Dead letters"), path: "/dead-letters" }]}
      beside={data && <State of={data.state} />}
      about={
        data && (
          <span className="row">
            <Link href={`/jobs/${data.job}`} translate="no">
              {data.job}
            </Link>
            <Covered of={data} />
          </span>
        )
      }
      actions={
        <>
          <Commands cli={`headgate dlq show ${id}`} api={`GET /api/v1/dead-letters/${id}`} />
          {data && <LetterActs letter={data} onDone={letter.refresh} />}
        </>
      }
    >
      <Answer of={letter}>{(found) => <Parts letter={found} />}</Answer>
    </Page>
  );
}

function Parts({ letter }: { letter: DeadLetterDetail }) {
  return (
    <>
      <Outcome letter={letter} />
      <div className="dl-halves">
        <div className="stack">
          <Card title={t("Why it died")}>
            <ErrorOf error={letter.error} />
          </Card>
          <Payload letter={letter} />
        </div>
        <Card title={t("Facts")}>
          <LetterFacts letter={letter} />
        </Card>
      </div>
    </>
  );
}

function Payload({ letter: { event, events_covered, task_id } }: { letter: DeadLetterDetail }) {
  if (!event) {
    return (
      <Card title={t("What it was to work on")}>
        <p className="muted">
          {n(
            events_covered,
            "The one event that it covers is not kept any more.",
            "It covers {count} events; the task shows the first of them.",
          )}{" "}
          <Link href={`/tasks/${task_id}?tab=inputs`}>{t("See the task's inputs")}</Link>
        </p>
      </Card>
    );
  }
  return (
    <Card
      title={t("What it was to work on")}
      actions={
        <span className="row small">
          <Link href={`/events/${event.id}`}>{t("event {name}", { name: event.id })}</Link>
          <Link href={`/datasets/${event.dataset}`} translate="no">
            {event.dataset}
          </Link>
          <Where of={event} />
        </span>
      }
    >
      <Json value={event.payload} />
    </Card>
  );
}

function LetterFacts({ letter }: { letter: DeadLetterDetail }) {
  const alike = pathTo("/dead-letters", {
    group: letter.fingerprint,
    state: letter.state === "open" ? undefined : letter.state,
  });
  return (
    <Facts
      of={[
        [t("Task"), <Link href={`/tasks/${letter.task_id}`}>{t("task {name}", { name: letter.task_id })}</Link>],
        [t("Attempts"), n(letter.attempts, "{count} attempt", "{count} attempts")],
        [t("Events"), n(letter.events_covered, "{count} event", "{count} events")],
        [t("Made"), <Time at={letter.created_at} as="moment" />],
        [t("Died"), <Time at={letter.died_at} as="moment" />],
        [t("Settled"), letter.resolved_at && <Time at={letter.resolved_at} as="moment" />],
        [t("Kept until"), <Time at={letter.expires_at} as="moment" />],
        [t("Failed alike"), <Link href={alike}>{t("letters with this error")}</Link>],
      ]}
    />
  );
}
