/**
 * A part of the console: its place in the navigation, its pages, what the palette finds in it.
 *
 * Each folder in `pages/` and `apps/` has an `index.ts` with a default export of this shape; that is
 * all that the shell knows of it. Pages are imported lazily, so none weighs on another.
 */

import type { LucideIcon } from "lucide-react";
import type { ComponentType, LazyExoticComponent } from "react";

export interface Area {
  /** Where in the navigation; `order` within the group. */
  group: "operate" | "data" | "apps" | "admin";
  order: number;
  links: Link[];
  routes: Route[];
  /** The app of the server without which the area is not shown. */
  app?: string;
  /** Things that match a text of the palette, at most five or so. */
  find?: (text: string, signal: AbortSignal) => Promise<Found[]>;
}

export interface Link {
  path: string;
  label: () => string;
  icon: LucideIcon;
}

export interface Route {
  /** A wouter pattern; its parameters are the page's props: `/tasks/:id`. */
  path: string;
  page: LazyExoticComponent<ComponentType<any>>;
}

export interface Found {
  label: string;
  kind: string;
  path: string;
}

export const GROUPS = ["operate", "data", "apps", "admin"] as const;

/** What the server wrote into the page: its version, and the apps that it has. */
export interface Here {
  version?: string;
  apps?: string[];
}

export const here: Here = JSON.parse(document.getElementById("headgate")?.textContent || "{}");

const modules = import.meta.glob<Area>(["../pages/*/index.ts", "../apps/*/index.ts"], {
  eager: true,
  import: "default",
});

export const areas: Area[] = Object.values(modules)
  .filter((area) => !area.app || !here.apps || here.apps.includes(area.app))
  .sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group) || a.order - b.order);
