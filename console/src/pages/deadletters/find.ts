/** What the palette finds among dead letters: groups by what their errors say. */

import { call } from "@/api/call";
import { t } from "@/i18n/text";
import type { Found } from "@/shell/area";
import { told } from "@/ui/ErrorOf";
import { pathTo } from "@/ui/url";

const MOST = 4;
const LOOKED_AT = 100;
const LEAST = 3; // letters: fewer would look through all groups for every number of a task

export async function findGroups(text: string, signal: AbortSignal): Promise<Found[]> {
  if (text.length < LEAST || /^#?\d+$/.test(text)) return [];
  const wanted = text.toLowerCase();
  const { items } = await call("group_dead_letters", { limit: LOOKED_AT }, { signal });
  return items
    .filter(({ error, job }) => {
      const { message, code } = told(error);
      return `${message} ${code} ${job}`.toLowerCase().includes(wanted);
    })
    .slice(0, MOST)
    .map(({ error, job, fingerprint }) => ({
      label: `${told(error).message} · ${job}`,
      kind: t("dead letters"),
      path: pathTo("/dead-letters", { group: fingerprint }),
    }));
}
