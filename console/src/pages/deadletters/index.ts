import { MailX } from "lucide-react";
import { lazy } from "react";
import { t } from "@/i18n/text";
import type { Area } from "@/shell/area";
import { findGroups } from "./find";

const area: Area = {
  group: "operate",
  order: 30,
  links: [{ path: "/dead-letters", label: () => t("Dead letters"), icon: MailX }],
  routes: [
    { path: "/dead-letters", page: lazy(() => import("./DeadLetters")) },
    { path: "/dead-letters/:id", page: lazy(() => import("./Letter")) },
  ],
  find: findGroups,
};

export default area;
