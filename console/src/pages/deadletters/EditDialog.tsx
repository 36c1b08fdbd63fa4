import { useState } from "react";
import { useAction } from "@/api/action";
import type { CoveredEvent, EditedEvent } from "@/api/schema";
import { t } from "@/i18n/text";
import { LineDiff } from "@/pages/dags/LineDiff";
import { FailureNote } from "@/ui/Answer";
import { Button } from "@/ui/Button";
import { CommandForms } from "@/ui/Commands";
import { Dialog } from "@/ui/Dialog";
import { Field } from "@/ui/Field";
import { say } from "@/ui/Toasts";
import { parsed } from "./json";

interface Props {
  letterId: number;
  event: CoveredEvent;
  onClose: () => void;
  onDone: () => void;
}

/** Edits the event of a dead letter and lets it take the letter's place, for its job alone. */
export function EditDialog({ letterId, event, onClose, onDone }: Props) {
  const original = JSON.stringify(event.payload, null, 2);
  const [text, setText] = useState(original);
  const [key, setKey] = useState(event.key ?? "");
  const replay = useAction("replay_dead_letter");
  const payload = parsed(text);
  const body = editOf(event, key, payload.ok ? payload.value : undefined);
  const run = async () => {
    const done = await replay.run({ letter_id: letterId }, body);
    if (!done) return;
    say(t("Event {id} took the letter's place.", { id: done.event_id }));
    onDone();
    onClose();
  };
  const written = payload.ok ? JSON.stringify(payload.value, null, 2) : original;
  return (
    <Dialog
      title={t("Edit and replay dead letter {id}", { id: letterId })}
      wide
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            look="main"
            busy={replay.busy}
            disabled={!payload.ok || Object.keys(body).length === 0}
            onClick={() => void run()}
          >
            {t("Replay it so")}
          </Button>
        </>
      }
    >
      <p className="muted">
        {t("The edited event goes to this job and to no other. The original stays in the log as it was.")}
      </p>
      <div className="dl-edit">
        <div className="stack">
          {event.key !== null && (
            <Field label={t("Key")} fault={key ? undefined : t("A key is needed.")}>
              <input value={key} onChange={({ target }) => setKey(target.value)} translate="no" />
            </Field>
          )}
          <Field
            label={t("Payload, as JSON")}
            fault={payload.ok ? undefined : t("This is no JSON: {fault}", { fault: payload.fault })}
          >
            <textarea
              spellCheck={false}
              translate="no"
              value={text}
              onChange={({ target }) => setText(target.value)}
            />
          </Field>
        </div>
        <section className="stack tight" aria-live="polite">
          <h3>{t("What you change in the payload")}</h3>
          {payload.ok ? (
            <LineDiff label={t("What you change in the payload")} before={original} after={written} />
          ) : (
            <p className="muted">{t("Shown when it is JSON again.")}</p>
          )}
        </section>
      </div>
      {replay.failure && <FailureNote failure={replay.failure} />}
      <CommandForms
        cli={`headgate dlq replay ${letterId} --payload mended.json`}
        api={`POST /api/v1/dead-letters/${letterId}/replay`}
        body={body}
      />
    </Dialog>
  );
}

/** What is to be otherwise: only what was changed. */
function editOf(event: CoveredEvent, key: string, payload: unknown): EditedEvent {
  const edit: EditedEvent = {};
  if (key && key !== event.key) edit.key = key;
  if (payload !== undefined && JSON.stringify(payload) !== JSON.stringify(event.payload)) edit.payload = payload;
  return edit;
}
