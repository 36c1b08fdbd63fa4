import { LayoutDashboard } from "lucide-react";
import { lazy } from "react";
import { t } from "@/i18n/text";
import type { Area } from "@/shell/area";

const area: Area = {
  group: "operate",
  order: 0,
  links: [{ path: "/", label: () => t("Overview"), icon: LayoutDashboard }],
  routes: [{ path: "/", page: lazy(() => import("./Overview")) }],
};

export default area;
