import { Rows4 } from "lucide-react";
import { lazy } from "react";
import { call } from "@/api/call";
import { t } from "@/i18n/text";
import type { Area } from "@/shell/area";

const area: Area = {
  group: "operate",
  order: 20,
  links: [{ path: "/queues", label: () => t("Queues"), icon: Rows4 }],
  routes: [
    { path: "/queues", page: lazy(() => import("./Queues")) },
    { path: "/queues/:job", page: lazy(() => import("./Queue")) },
  ],
  find: async (text, signal) => {
    if (/^\d+$/.test(text)) return [];
    const found = await call("list_queues", { q: text, limit: 5 }, { signal });
    return found.items.map(({ job }) => ({ label: job, kind: t("queue"), path: `/queues/${job}` }));
  },
};

export default area;
