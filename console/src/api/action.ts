/** What a person does: one call at a time, with a key that makes a second click count once. */

import { useRef, useState } from "react";
import { call, Failure, newKey, type Body, type Name, type Params, type Result } from "./call";

export interface Action<N extends Name> {
  /** Undefined when it failed (see `failure`) or one was under way already. */
  run: (params: Params<N>, body?: Body<N>) => Promise<Result<N> | undefined>;
  busy: boolean;
  failure: Failure | undefined;
  clear: () => void;
}

export function useAction<N extends Name>(name: N): Action<N> {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const running = useRef(false);
  // Kept after a failure that may have come after the deed: trying again must not do it twice.
  const key = useRef<{ for: string; key: string }>(undefined);

  const run = async (params: Params<N>, body?: Body<N>) => {
    if (running.current) return undefined;
    running.current = true;
    setBusy(true);
    setFailure(undefined);
    const asked = JSON.stringify([params, body]);
    if (key.current?.for !== asked) key.current = { for: asked, key: newKey() };
    try {
      const options = { idempotencyKey: key.current.key };
      const result = await call(name, params, body === undefined ? options : { ...options, body });
      key.current = undefined;
      return result;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.status > 0 && error.status < 500) key.current = undefined;
      setFailure(error);
      return undefined;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { run, busy, failure, clear: () => setFailure(undefined) };
}
