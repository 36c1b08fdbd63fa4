import { useSyncExternalStore } from "react";
import { ago, clock, duration, moment, utc } from "@/i18n/format";

let now = new Date();
const heard = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  heard.add(listener);
  timer ??= setInterval(() => {
    now = new Date();
    for (const each of heard) each();
  }, 1000);
  return () => {
    heard.delete(listener);
    if (heard.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The time now, again each second. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now);
}

interface Props {
  /** RFC 3339; null shows a dash. */
  at: string | null | undefined;
  /** `clock` for the time of day instead of how long ago. */
  as?: "ago" | "clock" | "moment";
}

/** A moment: how long ago, with the reader's own time and UTC on hover. */
export function Time({ at, as = "ago" }: Props) {
  if (!at) return <span className="muted">–</span>;
  const date = new Date(at);
  const title = `${moment(date)}\n${utc(date)}`;
  return (
    <time dateTime={at} title={title} className="nowrap">
      {as === "ago" ? <Ago date={date} /> : as === "clock" ? clock(date) : moment(date)}
    </time>
  );
}

function Ago({ date }: { date: Date }) {
  return ago(date, useNow());
}

/** The time between two moments, or until now while it goes on. */
export function Span({ from, to }: { from: string | null; to: string | null }) {
  if (!from) return <span className="muted">–</span>;
  return to ? <Seconds of={lasted(from, new Date(to))} /> : <Running from={from} />;
}

function Running({ from }: { from: string }) {
  return <Seconds of={lasted(from, useNow())} />;
}

function lasted(from: string, to: Date): number {
  return Math.max(0, (to.getTime() - new Date(from).getTime()) / 1000);
}

/** How long something takes; null shows a dash. */
export function Seconds({ of }: { of: number | null }) {
  if (of === null) return <span className="muted">–</span>;
  return (
    <time dateTime={`PT${of.toFixed(3)}S`} className="nowrap">
      {duration(of)}
    </time>
  );
}
