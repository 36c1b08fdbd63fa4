/** Which DAGs the whole graph shows part by part; its address holds them: `/graph?open=a,b`. */

import { pathTo } from "@/ui/url";

/** The whole graph with one more DAG open. */
export function openInGraph(dag: string, opened: readonly string[] = []): string {
  return pathTo("/graph", { open: [...opened, dag].join(",") });
}

export function parseOpened(text: string): string[] {
  return text.split(",").filter(Boolean);
}
