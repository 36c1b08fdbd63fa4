import type { Operation } from "@/api/schema";

export interface Pace {
  /** Units a second since it began. */
  rate: number;
  /** Seconds until it is done at that rate; undefined where nothing can be said. */
  left: number | undefined;
}

/** How fast an operation goes on the whole, and what that makes for the rest. */
export function paceOf({ done, total, state, created_at, updated_at }: Operation): Pace | undefined {
  const seconds = (new Date(updated_at).getTime() - new Date(created_at).getTime()) / 1000;
  if (done <= 0 || seconds < 1) return undefined;
  const rate = done / seconds;
  return { rate, left: state === "running" && total > done ? (total - done) / rate : undefined };
}
