/** An act on many dead letters: done by one call, said at the edge of the page, taken back if it can be. */

import { useState } from "react";
import { useAction } from "@/api/action";
import { call, Failure } from "@/api/call";
import type { LetterChoice, RedriveRequest } from "@/api/schema";
import { n } from "@/i18n/text";
import { say } from "@/ui/Toasts";
import { openIdsOf, type LetterAct } from "./choice";

interface After {
  onDone: () => void;
  onFollow: (operation: string) => void;
}

export function useLetterAct(act: LetterAct, { onDone, onFollow }: After) {
  const redrive = useAction("redrive_dead_letters");
  const discard = useAction("discard_dead_letters");
  const reopen = useAction("reopen_dead_letters");
  const [gathering, setGathering] = useState<Failure | boolean>(false);

  const redriven = async (body: RedriveRequest) => {
    const done = await redrive.run({}, body);
    if (!done) return false;
    if (done.operation) onFollow(done.operation);
    else say(n(done.redriven, "{count} letter went back to work.", "{count} letters went back to work."));
    return true;
  };
  const discarded = async (choice: LetterChoice) => {
    const ids = await gathered(choice, setGathering);
    if (ids === null) return false;
    const done = await discard.run({}, ids ? { ids } : choice);
    if (!done) return false;
    say(n(done.changed, "{count} letter was discarded.", "{count} letters were discarded."), {
      ...(ids && { undo: () => void takeBack(ids, onDone) }),
    });
    return true;
  };
  const reopened = async (choice: LetterChoice) => {
    const done = await reopen.run({}, choice);
    if (done) say(n(done.changed, "{count} letter is open again.", "{count} letters are open again."));
    return !!done;
  };
  const run = async (body: RedriveRequest): Promise<boolean> => {
    const did = { redrive: redriven, discard: discarded, reopen: reopened }[act];
    const done = await did(body);
    if (done) onDone();
    return done;
  };
  const failure = gathering instanceof Failure ? gathering : undefined;
  return {
    run,
    busy: gathering === true || redrive.busy || discard.busy || reopen.busy,
    failure: failure ?? redrive.failure ?? discard.failure ?? reopen.failure,
  };
}

/** The letters' numbers, undefined if they are too many for that, null if it failed. */
async function gathered(
  choice: LetterChoice,
  set: (state: Failure | boolean) => void,
): Promise<number[] | undefined | null> {
  set(true);
  try {
    const ids = await openIdsOf(choice);
    set(false);
    return ids;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    set(error);
    return null;
  }
}

async function takeBack(ids: number[], onDone: () => void): Promise<void> {
  try {
    const { changed } = await call("reopen_dead_letters", {}, { body: { ids } });
    say(n(changed, "{count} letter is open again.", "{count} letters are open again."));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(error.message, { tone: "bad" });
  }
  onDone();
}
