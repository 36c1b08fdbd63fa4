import { ranges } from "@/i18n/format";
import { n } from "@/i18n/text";

interface Covering {
  partition: string | null;
  ranges: number[][];
  events_covered: number;
}

/** What a piece of work is about: its partition, its ranges, or how many events. */
export function Covered({ of }: { of: Covering }) {
  if (of.partition !== null || of.ranges.length > 0) {
    const words = [of.partition, ranges(of.ranges)].filter(Boolean).join(" · ");
    return <code title={words}>{words}</code>;
  }
  return <span className="muted nowrap">{n(of.events_covered, "{count} event", "{count} events")}</span>;
}
