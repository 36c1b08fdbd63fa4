import { Zap } from "lucide-react";
import { lazy } from "react";
import { call } from "@/api/call";
import { t } from "@/i18n/text";
import type { Area, Found } from "@/shell/area";

const area: Area = {
  group: "data",
  order: 20,
  links: [{ path: "/events", label: () => t("Events"), icon: Zap }],
  routes: [
    { path: "/events", page: lazy(() => import("./Events")) },
    { path: "/events/:id", page: lazy(() => import("./Event")) },
  ],
  find,
};

async function find(text: string, signal: AbortSignal): Promise<Found[]> {
  if (!/^\d{1,15}$/.test(text)) return [];
  const { id, dataset } = await call("get_event", { event_id: Number(text) }, { signal });
  return [{ label: t("Event {id} of {dataset}", { id, dataset }), kind: t("event"), path: `/events/${id}` }];
}

export default area;
