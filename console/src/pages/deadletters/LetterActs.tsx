import { Pencil, RotateCw } from "lucide-react";
import { useState } from "react";
import { useAction } from "@/api/action";
import { call, Failure } from "@/api/call";
import type { DeadLetterDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { say } from "@/ui/Toasts";
import { EditDialog } from "./EditDialog";

interface Props {
  letter: DeadLetterDetail;
  onDone: () => void;
}

/** What can be done about one dead letter in its state. */
export function LetterActs({ letter, onDone }: Props) {
  const [editing, edit] = useState(false);
  const redrive = useAction("redrive_dead_letter");
  const discard = useAction("discard_dead_letter");
  const reopen = useAction("reopen_dead_letter");
  const params = { letter_id: letter.id };
  const id = letter.id;
  const failure = redrive.failure ?? discard.failure ?? reopen.failure;

  const doRedrive = async () => {
    const done = await redrive.run(params);
    if (done) say(t("Letter {id} went back to work as task {task}.", { id, task: done.task_id }));
    onDone();
  };
  const doDiscard = async () => {
    if (await discard.run(params)) {
      say(t("Letter {id} was discarded.", { id }), { undo: () => void takeBack(id, onDone) });
    }
    onDone();
  };
  const doReopen = async () => {
    if (await reopen.run(params)) say(t("Letter {id} is open again.", { id }));
    onDone();
  };
  return (
    <>
      {failure && (
        <span role="alert" className="small" translate="no">
          {failure.message}
        </span>
      )}
      {letter.state === "open" && (
        <>
          {letter.event && (
            <Button icon={Pencil} onClick={() => edit(true)}>
              {t("Edit and replay…")}
            </Button>
          )}
          <Button look="danger" busy={discard.busy} onClick={() => void doDiscard()}>
            {t("Discard")}
          </Button>
          <Button look="main" icon={RotateCw} busy={redrive.busy} onClick={() => void doRedrive()}>
            {t("Redrive")}
          </Button>
        </>
      )}
      {letter.state === "discarded" && (
        <Button busy={reopen.busy} onClick={() => void doReopen()}>
          {t("Reopen")}
        </Button>
      )}
      {editing && letter.event && (
        <EditDialog letterId={id} event={letter.event} onClose={() => edit(false)} onDone={onDone} />
      )}
    </>
  );
}

async function takeBack(id: number, onDone: () => void): Promise<void> {
  try {
    await call("reopen_dead_letter", { letter_id: id });
    say(t("Letter {id} is open again.", { id }));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(error.message, { tone: "bad" });
  }
  onDone();
}
