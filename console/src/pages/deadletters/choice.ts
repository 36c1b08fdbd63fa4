/** Which dead letters an act is about, and the words for it. */

import { call } from "@/api/call";
import type { LetterChoice } from "@/api/schema";

export type LetterAct = "redrive" | "discard" | "reopen";

/** As many as one call takes by their numbers. */
const MOST_IDS = 1000;
const PAGE = 200;

/** The arguments of `headgate dlq` that choose the same. */
export function argumentsOf({ ids, job, fingerprint, all }: LetterChoice): string {
  if (ids) return ids.join(" ");
  if (all) return "--all";
  return [job && `--job ${job}`, fingerprint && `--fingerprint ${fingerprint}`].filter(Boolean).join(" ");
}

/**
 * The open letters of a choice by their numbers, so that exactly these can be taken back later;
 * undefined if they are more than one call takes.
 */
export async function openIdsOf(choice: LetterChoice): Promise<number[] | undefined> {
  if (choice.ids) return choice.ids;
  const ids: number[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(choice, cursor);
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor && ids.length <= MOST_IDS);
  return ids.length <= MOST_IDS && ids.length > 0 ? ids : undefined;
}

function pageOf({ job, fingerprint }: LetterChoice, cursor: string | null) {
  return call("list_dead_letters", { job: job ?? null, fingerprint: fingerprint ?? null, cursor, limit: PAGE });
}
