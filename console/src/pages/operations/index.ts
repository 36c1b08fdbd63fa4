import { Hourglass } from "lucide-react";
import { lazy } from "react";
import { t } from "@/i18n/text";
import type { Area } from "@/shell/area";

const area: Area = {
  group: "operate",
  order: 40,
  links: [{ path: "/operations", label: () => t("Operations"), icon: Hourglass }],
  routes: [
    { path: "/operations", page: lazy(() => import("./Operations")) },
    { path: "/operations/:id", page: lazy(() => import("./Operation")) },
  ],
};

export default area;
