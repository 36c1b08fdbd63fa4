import { Cog } from "lucide-react";
import { lazy } from "react";
import { call } from "@/api/call";
import { t } from "@/i18n/text";
import type { Area, Found } from "@/shell/area";

const MOST_FOUND = 5;

const area: Area = {
  group: "data",
  order: 5,
  links: [{ path: "/jobs", label: () => t("Jobs"), icon: Cog }],
  routes: [
    { path: "/jobs", page: lazy(() => import("./Jobs")) },
    { path: "/jobs/:job", page: lazy(() => import("./Job")) },
  ],
  find,
};

async function find(text: string, signal: AbortSignal): Promise<Found[]> {
  const { items } = await call("list_jobs", { q: text, limit: MOST_FOUND }, { signal });
  return items.map(({ job }) => ({ label: job, kind: t("job"), path: `/jobs/${job}` }));
}

export default area;
