import type { CoveringTask, EventDetail } from "@/api/schema";

/** Whether more may become of an event by itself: it is not routed, or a task of it has not ended. */
export function goesOn({ routed, tasks }: Pick<EventDetail, "routed" | "tasks">): boolean {
  return !routed || tasks.some(unended);
}

function unended({ state }: CoveringTask): boolean {
  return state === "pending" || state === "running";
}
