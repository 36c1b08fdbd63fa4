import { ChevronRight } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { Link } from "wouter";
import type { DeadLetter, LetterGroup } from "@/api/schema";
import { n, t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { told } from "@/ui/ErrorOf";
import { Time } from "@/ui/Time";
import { useUrlState } from "@/ui/url";
import { ActDialog } from "./ActDialog";
import type { LetterAct } from "./choice";
import { GroupLetters } from "./GroupLetters";

interface Props {
  group: LetterGroup;
  state: DeadLetter["state"] | "all";
  onDone: () => void;
  onFollow: (operation: string) => void;
}

/** Dead letters that failed in one way: what happened, how many, since when; open, each of them. */
export function GroupCard({ group, state, onDone, onFollow }: Props) {
  const [opened, open] = useUrlState("group");
  const [act, ask] = useState<LetterAct>();
  const { job, fingerprint, letters, events_covered, first_died_at, last_died_at } = group;
  const isOpen = opened === fingerprint;
  const id = useId();
  const card = useRef<HTMLElement>(null);
  // A link from elsewhere may open a group far down.
  const opensAtFirst = useRef(isOpen);
  useEffect(() => {
    if (opensAtFirst.current) card.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const { message, code } = told(group.error);
  return (
    <section ref={card} className="card flush dl-group">
      <div className="dl-group-head">
        <h2>
          <button
            type="button"
            className="dl-fold"
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => open(isOpen ? "" : fingerprint)}
          >
            <ChevronRight size={16} aria-hidden />
            <span translate="no">{message || code}</span>
          </button>
        </h2>
        <span className="row dl-group-acts">
          {state === "open" && (
            <>
              <Button onClick={() => ask("redrive")}>{t("Redrive…")}</Button>
              <Button look="danger" onClick={() => ask("discard")}>
                {t("Discard…")}
              </Button>
            </>
          )}
          {state === "discarded" && <Button onClick={() => ask("reopen")}>{t("Reopen…")}</Button>}
        </span>
        <p className="dl-group-facts muted">
          <strong className="dl-count">{n(letters, "{count} letter", "{count} letters")}</strong>
          <span>{n(events_covered, "covers {count} event", "covers {count} events")}</span>
          <Link href={`/jobs/${job}`} translate="no">
            {job}
          </Link>
          {code && <code>{code}</code>}
          <span>
            {t("last")} <Time at={last_died_at} />
          </span>
          {letters > 1 && (
            <span>
              {t("first")} <Time at={first_died_at} />
            </span>
          )}
        </p>
      </div>
      <div id={id}>
        {isOpen && <GroupLetters group={group} state={state} onDone={onDone} onFollow={onFollow} />}
      </div>
      {act && (
        <ActDialog
          act={act}
          choice={{ fingerprint, job }}
          message={message}
          onClose={() => ask(undefined)}
          onDone={onDone}
          onFollow={onFollow}
        />
      )}
    </section>
  );
}
