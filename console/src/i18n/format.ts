/** Numbers, durations, sizes and times as people write them. */

import { locale, t } from "./text";

const made = new Map<string, Intl.NumberFormat>();

function numbers(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale() + JSON.stringify(options);
  let format = made.get(key);
  if (!format) made.set(key, (format = new Intl.NumberFormat(locale(), options)));
  return format;
}

/** 1,234; from a million on 1.23M. */
export function count(value: number): string {
  if (Math.abs(value) < 1_000_000) return numbers({ maximumFractionDigits: 0 }).format(value);
  return numbers({ notation: "compact", maximumSignificantDigits: 3 }).format(value);
}

/** A rate a second: 0.2, 3.4, 1,234. */
export function rate(value: number): string {
  const digits = value !== 0 && Math.abs(value) < 10 ? 1 : 0;
  return t("{rate}/s", { rate: numbers({ maximumFractionDigits: digits }).format(value) });
}

export function percent(share: number): string {
  return numbers({ style: "percent", maximumFractionDigits: 0 }).format(share);
}

const SIZES = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** 512 byte, 1.2 kB, 34 MB: powers of ten. */
export function bytes(value: number): string {
  const power = value < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  return numbers({
    style: "unit",
    unit: SIZES[power] ?? "byte",
    unitDisplay: "short",
    maximumSignificantDigits: 3,
  }).format(value / 1000 ** power);
}

/** 0.4 ms, 35 ms, 1.2 s, 3 min 4 s, 2 h 5 min, 3 d 4 h. */
export function duration(seconds: number): string {
  const unit = (value: number, name: string, digits = 0) =>
    numbers({
      style: "unit",
      unit: name,
      unitDisplay: "short",
      maximumFractionDigits: digits,
    }).format(value);
  if (seconds < 0.001) return unit(seconds * 1000, "millisecond", 1);
  if (seconds < 0.9995) return unit(seconds * 1000, "millisecond");
  if (seconds < 9.95) return unit(seconds, "second", 1);
  const whole = Math.round(seconds);
  if (whole < 60) return unit(whole, "second");
  const pair = (big: number, bigName: string, small: number, smallName: string) =>
    small ? `${unit(big, bigName)} ${unit(small, smallName)}` : unit(big, bigName);
  if (whole < 3600) return pair(Math.floor(whole / 60), "minute", whole % 60, "second");
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), "hour", minutes % 60, "minute");
  const hours = Math.round(seconds / 3600);
  return pair(Math.floor(hours / 24), "day", hours % 24, "hour");
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago or ahead: "now", "12 sec. ago", "in 3 min."; after a week the date. */
export function ago(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  if (Math.abs(seconds) >= 7 * 86400) return day(at);
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto", style: "short" });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return Math.abs(seconds) < 5 ? t("now") : format.format(Math.trunc(seconds), "second");
}

/** The reader's own time to the second. */
export function moment(at: Date): string {
  return at.toLocaleString(locale(), { dateStyle: "medium", timeStyle: "medium" });
}

export function clock(at: Date): string {
  return at.toLocaleTimeString(locale(), { timeStyle: "medium" });
}

export function day(at: Date): string {
  return at.toLocaleDateString(locale(), { dateStyle: "medium" });
}

/** 2026-11-20 18:58:26.123 UTC. */
export function utc(at: Date): string {
  return at.toISOString().replace("T", " ").replace("Z", " UTC");
}

/** Half-open ranges as people read them: 0-9, 20-29; the newest N of many. */
export function ranges(list: readonly (readonly number[])[], most = 3): string {
  const shown = list.slice(0, most).map(([low = 0, high = 0]) => range(low, high));
  const rest = list.length - shown.length;
  return shown.join(", ") + (rest > 0 ? ` ${t("and {rest} more", { rest: count(rest) })}` : "");
}

/** The half-open range [low, high) as its first and last: 0–9, or 7 alone. */
export function range(low: number, high: number): string {
  return high - low === 1 ? String(low) : `${low}–${high - 1}`;
}
