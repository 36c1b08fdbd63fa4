import {
  Ban,
  Check,
  CircleDashed,
  Clock,
  LoaderCircle,
  OctagonX,
  Pause,
  TriangleAlert,
  type LucideIcon,
} from "lucide-react";
import type { ReactNode } from "react";
import { t } from "@/i18n/text";
import "./badge.css";

export type Tone = "good" | "warn" | "bad" | "busy" | "idle";

const ICONS: Record<Tone, LucideIcon> = {
  good: Check,
  warn: TriangleAlert,
  bad: OctagonX,
  busy: LoaderCircle,
  idle: CircleDashed,
};

interface Props {
  tone: Tone;
  icon?: LucideIcon;
  title?: string | undefined;
  children: ReactNode;
}

/** A state, as an icon and a word. */
export function Badge({ tone, icon, title, children }: Props) {
  const Icon = icon ?? ICONS[tone];
  return (
    <span className={`badge ${tone}`} title={title}>
      <Icon size={13} aria-hidden />
      {children}
    </span>
  );
}

const STATES: Record<string, [Tone, LucideIcon | undefined, () => string]> = {
  pending: ["idle", Clock, () => t("pending")],
  waiting: ["idle", Clock, () => t("waiting")],
  running: ["busy", undefined, () => t("running")],
  succeeded: ["good", undefined, () => t("succeeded")],
  skipped: ["good", undefined, () => t("skipped")],
  retried: ["warn", undefined, () => t("retried")],
  lost: ["warn", undefined, () => t("lost")],
  snoozed: ["idle", Clock, () => t("put back")],
  dead: ["bad", undefined, () => t("dead")],
  failed: ["bad", undefined, () => t("failed")],
  cancelled: ["idle", Ban, () => t("cancelled")],
  merged: ["idle", undefined, () => t("merged")],
  replayed: ["idle", undefined, () => t("replayed")],
  open: ["bad", undefined, () => t("open")],
  redriven: ["good", undefined, () => t("redriven")],
  discarded: ["idle", Ban, () => t("discarded")],
  superseded: ["good", undefined, () => t("superseded")],
  paused: ["warn", Pause, () => t("paused")],
  held: ["warn", undefined, () => t("held")],
  stale: ["warn", undefined, () => t("stale")],
  fresh: ["good", undefined, () => t("fresh")],
  idle: ["idle", undefined, () => t("idle")],
};

/** The badge of a state by its name in the API; an unknown one shows its name. */
export function State({ of, title }: { of: string; title?: string }) {
  const [tone, icon, word] = STATES[of] ?? ["idle", undefined, () => of];
  return (
    <Badge tone={tone} title={title} {...(icon && { icon })}>
      {word()}
    </Badge>
  );
}

/** The word of a state, for a filter. */
export function stateWord(state: string): string {
  return STATES[state]?.[2]() ?? state;
}
