/** An event as it is being written. */

import type { DatasetDetail, NewEvent } from "@/api/schema";
import { t } from "@/i18n/text";
import { parseRange } from "@/ui/Where";

export interface Draft {
  /** The key or the range. */
  place: string;
  /** JSON, or empty. */
  payload: string;
}

interface Read {
  /** Undefined while something is missing or wrong. */
  body: NewEvent | undefined;
  placeFault: string | undefined;
  payloadFault: string | undefined;
}

/** What a draft says; nothing is a fault before it was written. */
export function readDraft(
  { place, payload }: Draft,
  partitioning: DatasetDetail["partitioning"] | undefined,
): Read {
  const range = partitioning === "range" ? parseRange(place) : undefined;
  const placeFault =
    partitioning === "range" && place && !range ? t("A range is its first and last, as 10-19.") : undefined;
  const { value, fault: payloadFault } = readJson(payload);
  const whole = partitioning !== undefined && place && !placeFault && !payloadFault;
  const at = range ? { range } : { key: place };
  return { body: whole ? { ...at, payload: value } : undefined, placeFault, payloadFault };
}

function readJson(text: string): { value: unknown; fault?: string } {
  if (!text.trim()) return { value: null };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    return { value: null, fault: t("This is no JSON: {reason}", { reason }) };
  }
}
