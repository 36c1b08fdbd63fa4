import { Link } from "wouter";
import type { Reason, Subject } from "@/api/schema";
import { t } from "@/i18n/text";
import { Time } from "./Time";
import { plainRanges } from "./Where";
import "./reasons.css";

/** Facts that explain something: what, what to do about it, since when, and links to what they name. */
export function Reasons({ of }: { of: readonly Reason[] }) {
  return (
    <ul className="reasons">
      {of.map(({ code, text, do: advice, since, about }, index) => (
        <li key={`${code} ${index}`}>
          <Sentence text={text} />
          {advice && <Sentence text={advice} muted />}
          {(since || !!about?.length) && (
            <p className="row small muted">
              {since && (
                <span>
                  {t("Since")} <Time at={since} />
                </span>
              )}
              {about?.map((subject) => (
                <SubjectLink key={`${subject.kind} ${subject.name}`} of={subject} />
              ))}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}

/** A sentence of the server, with the commands between its backticks, and ranges as pages write them. */
export function Sentence({ text, muted }: { text: string; muted?: boolean }) {
  return (
    <p className={muted ? "muted" : undefined} translate="no">
      {plainRanges(text)
        .split("`")
        .map((part, index) => (index % 2 ? <code key={index}>{part}</code> : part))}
    </p>
  );
}

const KINDS: Record<Subject["kind"], [() => string, ((name: string) => string) | undefined]> = {
  task: [() => t("task"), (name) => `/tasks/${name}`],
  job: [() => t("job"), (name) => `/jobs/${name}`],
  dataset: [() => t("dataset"), (name) => `/datasets/${name}`],
  dead_letter: [() => t("dead letter"), (name) => `/dead-letters/${name}`],
  event: [() => t("event"), (name) => `/events/${name}`],
  backfill: [() => t("backfill"), undefined],
  worker: [() => t("worker"), () => "/queues?tab=workers"],
};

function SubjectLink({ of: { kind, name } }: { of: Subject }) {
  const [word, path] = KINDS[kind];
  const shown = <span translate="no">{name}</span>;
  return (
    <span>
      {word()} {path ? <Link href={path(name)}>{shown}</Link> : shown}
    </span>
  );
}
