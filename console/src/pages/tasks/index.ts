import { ListChecks } from "lucide-react";
import { lazy } from "react";
import { t } from "@/i18n/text";
import type { Area } from "@/shell/area";
import { findTasks } from "./find";

const area: Area = {
  group: "operate",
  order: 10,
  links: [{ path: "/tasks", label: () => t("Tasks"), icon: ListChecks }],
  routes: [
    { path: "/tasks", page: lazy(() => import("./Tasks")) },
    { path: "/tasks/:id", page: lazy(() => import("./Task")) },
  ],
  find: findTasks,
};

export default area;
