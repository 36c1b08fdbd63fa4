import { HeartPulse } from "lucide-react";
import { lazy } from "react";
import { t } from "@/i18n/text";
import type { Area } from "@/shell/area";

const area: Area = {
  group: "admin",
  order: 10,
  links: [{ path: "/health", label: () => t("Health"), icon: HeartPulse }],
  routes: [{ path: "/health", page: lazy(() => import("./Health")) }],
};

export default area;
