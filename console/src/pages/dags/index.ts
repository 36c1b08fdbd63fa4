import { Network, Workflow } from "lucide-react";
import { lazy } from "react";
import { call } from "@/api/call";
import { t } from "@/i18n/text";
import type { Area, Found } from "@/shell/area";

const MOST_FOUND = 5;

const area: Area = {
  group: "data",
  order: 0,
  links: [
    { path: "/dags", label: () => t("DAGs"), icon: Workflow },
    { path: "/graph", label: () => t("Graph"), icon: Network },
  ],
  routes: [
    { path: "/dags", page: lazy(() => import("./Dags")) },
    { path: "/dags/:name", page: lazy(() => import("./Dag")) },
    { path: "/graph", page: lazy(() => import("./WholeGraph")) },
  ],
  find,
};

async function find(text: string, signal: AbortSignal): Promise<Found[]> {
  const { items } = await call("list_dags", { limit: 200 }, { signal });
  return items
    .filter(({ name }) => name.includes(text.toLowerCase()))
    .slice(0, MOST_FOUND)
    .map(({ name }) => ({ label: name, kind: t("DAG"), path: `/dags/${name}` }));
}

export default area;
