/** What the server says of a draft as it is typed: its faults, or what it would make and cost. */

import { useEffect, useState } from "react";
import { call, Failure } from "@/api/call";
import type { FaultView, Prediction } from "@/api/schema";
import { asBrief, type Draft } from "./draft";

const PAUSE_MS = 300;

export interface Judgement {
  /** Undefined while there are faults, or nothing is known yet. */
  prediction: Prediction | undefined;
  faults: FaultView[];
  /** Why the server could not judge. */
  failure: Failure | undefined;
  /** Whether this is of an earlier draft. */
  pending: boolean;
}

const NOTHING: Judgement = { prediction: undefined, faults: [], failure: undefined, pending: true };

export function useJudgement(draft: Draft): Judgement {
  const [judged, setJudged] = useState<[Draft | undefined, Judgement]>([undefined, NOTHING]);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      void judge(draft, abort.signal).then((found) => {
        if (!abort.signal.aborted) setJudged([draft, found]);
      });
    }, PAUSE_MS);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [draft]);
  const [of, judgement] = judged;
  return { ...judgement, pending: of !== draft };
}

async function judge(draft: Draft, signal: AbortSignal): Promise<Judgement> {
  const found = { ...NOTHING, pending: false };
  try {
    const body = asBrief(draft);
    return { ...found, prediction: await call("predict_brief", {}, { body, signal }) };
  } catch (error) {
    if (!(error instanceof Failure)) return NOTHING;
    return error.status === 422 ? { ...found, faults: faultsOf(error) } : { ...found, failure: error };
  }
}

/** Every fault of a brief that the server refused. */
export function faultsOf(failure: Failure): FaultView[] {
  return (failure.problem.errors ?? []).map(({ pointer, code, message }) => ({
    pointer,
    code: code ?? "",
    message,
  }));
}
