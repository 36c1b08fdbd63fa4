import { Database } from "lucide-react";
import { lazy } from "react";
import { call } from "@/api/call";
import { t } from "@/i18n/text";
import type { Area, Found } from "@/shell/area";

const MOST_FOUND = 5;

const area: Area = {
  group: "data",
  order: 10,
  links: [{ path: "/datasets", label: () => t("Datasets"), icon: Database }],
  routes: [
    { path: "/datasets", page: lazy(() => import("./Datasets")) },
    { path: "/datasets/:name", page: lazy(() => import("./Dataset")) },
  ],
  find,
};

async function find(text: string, signal: AbortSignal): Promise<Found[]> {
  const { items } = await call("list_datasets", { q: text, limit: MOST_FOUND }, { signal });
  return items.map(({ name }) => ({ label: name, kind: t("dataset"), path: `/datasets/${name}` }));
}

export default area;
