/** How far a running task says it is. */

import type { Task } from "@/api/schema";

export interface TaskProgress {
  done: number;
  total: number;
  /** Of 1. */
  share: number;
  message: string;
}

export function progressOf({ progress }: Pick<Task, "progress">): TaskProgress | undefined {
  const { done, total, message } = progress ?? {};
  if (typeof done !== "number" || typeof total !== "number" || total <= 0) return undefined;
  const share = Math.min(1, Math.max(0, done / total));
  return { done, total, share, message: typeof message === "string" ? message : "" };
}
