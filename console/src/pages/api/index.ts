import { Braces } from "lucide-react";
import { lazy } from "react";
import { operations } from "@/api/schema";
import { t } from "@/i18n/text";
import type { Area } from "@/shell/area";

const LEAST = 3; // letters: fewer find too much
const MOST = 3;

const area: Area = {
  group: "admin",
  order: 20,
  links: [{ path: "/api", label: () => t("API"), icon: Braces }],
  routes: [{ path: "/api", page: lazy(() => import("./Api")) }],
  find: (text) => {
    const wanted = text.trim().toLowerCase().replaceAll(" ", "_");
    if (wanted.length < LEAST) return Promise.resolve([]);
    const found = Object.entries(operations).filter(
      ([name, [, path]]) => name.includes(wanted) || path.includes(wanted),
    );
    return Promise.resolve(
      found.slice(0, MOST).map(([name, [method, path]]) => ({
        label: `${method} ${path}`,
        kind: t("API operation"),
        path: `/api#${name}`,
      })),
    );
  },
};

export default area;
