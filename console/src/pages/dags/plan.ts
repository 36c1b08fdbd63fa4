/** What deploying a text would do, found out while it is written. */

import { useEffect, useState } from "react";
import { call, Failure, type Result } from "@/api/call";
import type { ProblemItem } from "@/api/schema";

const PAUSE_MS = 400;

export type Plan = Result<"plan_dag">;

export interface Planned {
  plan: Plan | undefined;
  /** Why the text cannot be deployed. */
  failure: Failure | undefined;
  /** The faults of the text that have a line. */
  faults: Fault[];
  /** The answer is of an earlier text. */
  busy: boolean;
}

export interface Fault {
  line: number;
  column: number;
  message: string;
}

const NOTHING: Planned = { plan: undefined, failure: undefined, faults: [], busy: false };

/** The plan of the newest text, asked for when the writing rests; of an empty text nothing. */
export function usePlan(source: string): Planned {
  const [found, setFound] = useState<{ of: string; planned: Planned }>();
  useEffect(() => {
    if (!source.trim()) return undefined;
    const ended = new AbortController();
    const timer = setTimeout(() => {
      call("plan_dag", {}, { body: { source }, signal: ended.signal }).then(
        (plan) => setFound({ of: source, planned: { ...NOTHING, plan } }),
        (failure: unknown) => {
          if (failure instanceof Failure) {
            setFound({ of: source, planned: { ...NOTHING, failure, faults: faultsOf(failure) } });
          }
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [source]);
  if (!source.trim()) return NOTHING;
  return { ...(found?.planned ?? NOTHING), busy: found?.of !== source };
}

/** A fault's place is `<file>:<line>:<column>`. */
function faultsOf({ problem }: Failure): Fault[] {
  return (problem.errors ?? []).flatMap(({ pointer, message }: ProblemItem) => {
    const place = /:(\d+):(\d+)$/.exec(pointer);
    return place ? [{ line: Number(place[1]), column: Number(place[2]), message }] : [];
  });
}
