/** What an act would do, asked for by its own call with `dry_run`. */

import useSWR from "swr";
import { call, type Body, type Failure, type Name, type Params, type Result } from "@/api/call";

interface DryRun<N extends Name> {
  data: Result<N> | undefined;
  failure: Failure | undefined;
}

/** The preview of an act whose body says `dry_run`; asked anew each time that a dialog opens. */
export function useDryRun<N extends "act_on_tasks" | "redrive_dead_letters" | "discard_dead_letters" | "reopen_dead_letters">(
  name: N,
  body: Body<N> & { dry_run: true },
): DryRun<N> {
  const { data, error, isValidating } = useSWR<Result<N>, Failure>(
    ["dry run", name, body],
    () => call(name, {} as Params<N>, { body }),
    { revalidateOnFocus: false, dedupingInterval: 0, shouldRetryOnError: false },
  );
  // A count from the last time that the dialog was open is not one to confirm.
  return { data: isValidating ? undefined : data, failure: error };
}
