import { range as written } from "@/i18n/format";
import { t } from "@/i18n/text";

interface Part {
  key: string | null;
  /** Half-open. */
  range: readonly number[] | null;
}

/** Which part of a dataset is meant: a key, the first and last of a range, or all of it. */
export function Where({ of: { key, range } }: { of: Part }) {
  if (key !== null) return <code>{key}</code>;
  if (range !== null) return <code>{written(range[0] ?? 0, range[1] ?? 0)}</code>;
  return <span className="muted">{t("all of it")}</span>;
}

/** A text of the server with its half-open ranges, `[10, 20)`, as their first and last. */
export function plainRanges(text: string): string {
  return text.replace(/\[(-?[\d,]+), (-?[\d,]+)\)/g, (_, low: string, high: string) =>
    written(numberOf(low), numberOf(high)),
  );
}

function numberOf(text: string): number {
  return Number(text.replaceAll(",", ""));
}

/** The half-open range that a person wrote as its first and last (`10-19`) or as one number. */
export function parseRange(text: string): [number, number] | undefined {
  const found = /^\s*(-?\d{1,15})(?:\s*[-–]\s*(-?\d{1,15}))?\s*$/.exec(text);
  if (!found) return undefined;
  const first = Number(found[1]);
  const last = found[2] === undefined ? first : Number(found[2]);
  return first <= last ? [first, last + 1] : undefined;
}
