import { Images } from "lucide-react";
import { lazy } from "react";
import { call } from "@/api/call";
import { t } from "@/i18n/text";
import type { Area } from "@/shell/area";
import { campaignName } from "./words";

const area: Area = {
  group: "apps",
  order: 10,
  app: "creative",
  links: [{ path: "/creative", label: () => t("Creative"), icon: Images }],
  routes: [
    { path: "/creative", page: lazy(() => import("./Campaigns")) },
    { path: "/creative/new", page: lazy(() => import("./NewCampaign")) },
    { path: "/creative/:run", page: lazy(() => import("./Run")) },
  ],
  find: async (text, signal) => {
    const { items } = await call("list_campaigns", { q: text, limit: 5 }, { signal });
    return items.map((campaign) => ({
      label: campaignName(campaign),
      kind: t("campaign"),
      path: `/creative/${campaign.run_id}`,
    }));
  },
};

export default area;
