/** What the palette finds among tasks: one by its number, those of a job by the job's name. */

import { call, Failure } from "@/api/call";
import { t } from "@/i18n/text";
import type { Found } from "@/shell/area";
import { pathTo } from "@/ui/url";

const MOST = 4;

export async function findTasks(text: string, signal: AbortSignal): Promise<Found[]> {
  const number = /^#?(\d{1,18})$/.exec(text)?.[1];
  if (number) return findOne(Number(number), signal);
  const { items } = await call("list_jobs", { q: text, limit: MOST }, { signal });
  return items.map(({ job }) => ({
    label: job,
    kind: t("tasks of a job"),
    path: pathTo("/tasks", { job }),
  }));
}

async function findOne(id: number, signal: AbortSignal): Promise<Found[]> {
  try {
    const { job } = await call("get_task", { task_id: id }, { signal });
    return [{ label: `#${id} ${job}`, kind: t("task"), path: `/tasks/${id}` }];
  } catch (error) {
    if (error instanceof Failure && error.status === 404) return [];
    throw error;
  }
}
