/** The filters of the list of events, as the page's address holds them. */

import { useMemo } from "react";
import type { Params } from "@/api/call";
import { t } from "@/i18n/text";
import { useUrlState } from "@/ui/url";
import { parseRange } from "@/ui/Where";

export const BETWEEN = "between";

export interface Asked {
  /** Undefined while the filters make no sense. */
  params: Params<"list_events"> | undefined;
  fault: string | undefined;
  any: boolean;
}

/** What the address asks for. */
export function useAsked(): Asked {
  const [dataset] = useUrlState("dataset");
  const [kind] = useUrlState("kind");
  const [key] = useUrlState("key");
  const [range] = useUrlState("range");
  const [task] = useUrlState("task");
  const { since, until } = useTimes();
  const span = parseRange(range);
  if (range && !span)
    return { params: undefined, fault: t("A range is its first and last, as 10-19."), any: true };
  return {
    params: {
      dataset,
      ...((kind === "update" || kind === "invalidate") && { kind }),
      key,
      range: span && `${span[0]}:${span[1]}`,
      producer_task: /^\d+$/.test(task) ? Number(task) : null,
      since,
      until,
    } as Params<"list_events">,
    fault: undefined,
    any: [dataset, kind, key, range, task, since, until].some(Boolean),
  };
}

/** The command that lists the same. */
export function commandOf(params: Params<"list_events">): string {
  const options: [string, string | number | null | undefined][] = [
    ["dataset", params.dataset],
    ["kind", params.kind],
    ["key", params.key],
    ["range", params.range],
    ["by-task", params.producer_task],
    ["since", params.since],
    ["until", params.until],
  ];
  const given = options.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return ["headgate event list", ...given.map(([name, value]) => `--${name} ${quoted(String(value))}`)].join(
    " ",
  );
}

function quoted(text: string): string {
  return /^[\w.:/-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function useTimes(): { since?: string; until?: string } {
  const [when] = useUrlState("when");
  const [from] = useUrlState("from");
  const [to] = useUrlState("to");
  // Fixed when it is chosen: a moment that moved with the clock would ask for another list each time.
  return useMemo(() => {
    if (when === BETWEEN) return { ...moment("since", from), ...moment("until", to) };
    const minutes = Number(when);
    return minutes > 0 ? { since: new Date(Date.now() - minutes * 60_000).toISOString() } : {};
  }, [when, from, to]);
}

function moment<N extends string>(name: N, local: string): { [K in N]?: string } {
  const at = new Date(local);
  if (!local || Number.isNaN(at.getTime())) return {};
  return { [name]: at.toISOString() } as { [K in N]?: string };
}
