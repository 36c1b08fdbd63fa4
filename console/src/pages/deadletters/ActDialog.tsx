import { useState } from "react";
import type { LetterChoice, Preview } from "@/api/schema";
import { count } from "@/i18n/format";
import { n, t } from "@/i18n/text";
import { FailureNote, Loading } from "@/ui/Answer";
import { Confirm } from "@/ui/Dialog";
import { useDryRun } from "@/ui/dryrun";
import { RateField, rateOf } from "@/ui/RateField";
import { argumentsOf, type LetterAct } from "./choice";
import { useLetterAct } from "./useLetterAct";

interface Props {
  act: LetterAct;
  choice: LetterChoice;
  /** The error that the letters share. */
  message?: string;
  onClose: () => void;
  onDone: () => void;
  /** Follow the operation as which it goes on. */
  onFollow: (operation: string) => void;
}

const OPERATIONS = {
  redrive: "redrive_dead_letters",
  discard: "discard_dead_letters",
  reopen: "reopen_dead_letters",
} as const;

/** Counts the dead letters that an act is about, says what would happen to them, and does it. */
export function ActDialog({ act, choice, message, onClose, onDone, onFollow }: Props) {
  const counted = useDryRun(OPERATIONS[act], { ...choice, dry_run: true });
  const [typed, type] = useState("");
  const rate = rateOf(typed);
  const letters = useLetterAct(act, { onDone, onFollow });
  const total = counted.data?.matched;
  const preview = counted.data?.preview ?? undefined;
  const body = { ...choice, ...(act === "redrive" && rate != null && { rate }) };
  const confirm = async () => {
    if (await letters.run(body)) onClose();
  };
  return (
    <Confirm
      title={titleOf(act)}
      verb={verbOf(act, total)}
      danger={act === "discard"}
      busy={letters.busy}
      failure={letters.failure}
      ready={!!total && rate !== null}
      onConfirm={() => void confirm()}
      onClose={onClose}
      cli={`headgate dlq ${act} ${argumentsOf(choice)}${act === "redrive" && rate ? ` --rate ${rate}` : ""} --yes`}
      api={`POST /api/v1/dead-letters/${act}`}
      body={body}
    >
      {message && (
        <p>
          <strong translate="no">{message}</strong>
        </p>
      )}
      {counted.failure && <FailureNote failure={counted.failure} />}
      {total === undefined && !counted.failure && <Loading label={t("Counting…")} />}
      {total === 0 && <p>{t("There are none any more: somebody was faster, or they went by themselves.")}</p>}
      {!!total && preview && <What act={act} preview={preview} />}
      {act === "redrive" && !!total && <RateField value={typed} onChange={type} unit={t("letters")} />}
    </Confirm>
  );
}

function What({ act, preview: { total, groups } }: { act: LetterAct; preview: Preview }) {
  return (
    <>
      <p>{sentenceOf(act, total.letters)}</p>
      {act === "redrive" && (
        <p>
          {n(total.tasks, "They become {count} task", "They become {count} tasks")}{" "}
          {n(total.events_covered, "and cover {count} event.", "and cover {count} events.")}{" "}
          {total.merged > 0 &&
            n(
              total.merged,
              "{count} of the tasks waits already and takes the work in.",
              "{count} of the tasks wait already and take the work in.",
            )}
        </p>
      )}
      {groups.length > 1 && (
        <ul className="dl-parts small">
          {groups.map(({ job, fingerprint, letters }) => (
            <li key={`${job} ${fingerprint}`} className="row spread">
              <code>{job}</code> <span>{count(letters)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function titleOf(act: LetterAct): string {
  switch (act) {
    case "redrive":
      return t("Redrive dead letters");
    case "discard":
      return t("Discard dead letters");
    case "reopen":
      return t("Reopen dead letters");
  }
}

function verbOf(act: LetterAct, total: number | undefined): string {
  switch (act) {
    case "redrive":
      return total ? n(total, "Redrive {count} letter", "Redrive {count} letters") : t("Redrive");
    case "discard":
      return total ? n(total, "Discard {count} letter", "Discard {count} letters") : t("Discard");
    case "reopen":
      return total ? n(total, "Reopen {count} letter", "Reopen {count} letters") : t("Reopen");
  }
}

function sentenceOf(act: LetterAct, letters: number): string {
  switch (act) {
    case "redrive":
      return n(letters, "{count} letter goes back to work.", "{count} letters go back to work.");
    case "discard":
      return n(
        letters,
        "{count} letter is set aside; what it covers stays undone. It can be reopened while it is kept.",
        "{count} letters are set aside; what they cover stays undone. They can be reopened while they are kept.",
      );
    case "reopen":
      return n(letters, "{count} letter is open again.", "{count} letters are open again.");
  }
}
