import type { Operation } from "@/api/schema";
import { t } from "@/i18n/text";
import { Badge, State } from "@/ui/Badge";

const KINDS: Record<string, () => string> = {
  redrive: () => t("Redrive of dead letters"),
  task_act: () => t("Act on many tasks"),
  "creative.campaign": () => t("Campaign"),
};

/** The kinds of operations that have a word. */
export const KNOWN_KINDS = Object.keys(KINDS);

/** The word for a kind of operation; undefined for one that has none here. */
export function kindWord(kind: string): string | undefined {
  return KINDS[kind]?.();
}

/** What was asked for, in words, or by the name that the server has for it. */
export function Kind({ of }: { of: string }) {
  const word = kindWord(of);
  return word ? <>{word}</> : <span translate="no">{of}</span>;
}

/** How an operation is; one that is to end says so. */
export function OperationState({ of: { state, cancel_requested: asked } }: { of: Operation }) {
  if (state === "running" && asked) return <Badge tone="warn">{t("cancelling")}</Badge>;
  return <State of={state} />;
}

/** The page that shows what an operation is about: its address and its name. */
export function pageOf({ id, kind }: Operation): [string, string] | undefined {
  if (kind === "redrive") return ["/dead-letters", t("Dead letters")];
  if (kind === "task_act") return ["/tasks", t("Tasks")];
  if (kind === "creative.campaign") return [`/creative/${id}`, t("The campaign's run")];
  return undefined;
}
