/** The states of a job's partitions, in the order in which they matter. */

import type { Cell } from "@/api/schema";
import { count, range } from "@/i18n/format";
import { t } from "@/i18n/text";

export const STATES = ["running", "waiting", "dead", "stale", "done", "untouched"] as const;
export type PartState = (typeof STATES)[number];

export const WORDS: Record<PartState, () => string> = {
  running: () => t("running"),
  waiting: () => t("waiting"),
  dead: () => t("dead"),
  stale: () => t("stale"),
  done: () => t("done"),
  untouched: () => t("untouched"),
};

export type Counts = Pick<Cell, PartState>;

/** How much is in each state over all cells. */
export function sums(cells: readonly Cell[]): Counts {
  const found: Counts = { running: 0, waiting: 0, dead: 0, stale: 0, done: 0, untouched: 0 };
  for (const cell of cells) for (const state of STATES) found[state] += cell[state];
  return found;
}

/** 40 done, 10 untouched. */
export function countsInWords(counts: Counts): string {
  const parts = STATES.filter((state) => counts[state] > 0).map((state) =>
    t("{count} {state}", { count: count(counts[state]), state: WORDS[state]() }),
  );
  return parts.join(", ");
}

/** 0–49: 40 done, 10 untouched. */
export function cellInWords(cell: Cell): string {
  return t("{range}: {counts}", { range: range(cell.low, cell.high), counts: countsInWords(cell) });
}
