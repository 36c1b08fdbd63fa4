/** What the fields of a job mean, in plain words. */

import type { JobInput, JobSpec } from "@/api/schema";
import { bytes, count, duration, rate } from "@/i18n/format";
import { n, t } from "@/i18n/text";

export const STRATEGIES: Record<JobSpec["strategy"], () => string> = {
  PerUpdate: () => t("one an event"),
  PerPartition: () => t("one a partition"),
  Bulk: () => t("one for all"),
};

/** How work is cut into tasks. */
export function cutting({ strategy, partition_size }: JobSpec, ranged: boolean): string {
  switch (strategy) {
    case "PerUpdate":
      return t("Each event is a task of its own.");
    case "Bulk":
      return t("One task takes all that has come since the last one.");
    case "PerPartition":
      if (!ranged) return t("All events of one key become one task.");
      return n(partition_size, "Each number is a task of its own.", "Each {count} numbers in a row become one task.");
  }
}

/** What an invalidated input means for what the job makes. */
export function changing({ update_strategy, unique_key }: JobSpec): string {
  if (update_strategy === "replace") {
    return t("What it makes takes the place of what was there: an invalidated input is computed again.");
  }
  return unique_key.length
    ? t("Rows are only added, told apart by {columns}.", { columns: unique_key.join(", ") })
    : t("It only adds to what was there.");
}

/** Which part of an input a part of the output is made from. */
export function reading({ whole, segments, first, last }: JobInput): string {
  if (whole) return t("any part of it concerns all that is made");
  if (segments !== null) {
    return n(
      segments,
      "by the first segment of its key",
      "by the first {count} segments of its key",
    );
  }
  if (first === 0 && last === 0) return t("the same place");
  return t("for n, from n {first} to n {last}", { first: signed(first), last: signed(last) });
}

/** The backlog at which whoever makes an input is held; undefined for none. */
export function holding({ max_rows, max_units, max_bytes, max_age_seconds }: JobInput): string | undefined {
  const bounds = [
    ...(max_rows === null ? [] : [n(max_rows, "{count} task", "{count} tasks")]),
    ...(max_units === null ? [] : [t("{count} units", { count: count(max_units) })]),
    ...(max_bytes === null ? [] : [bytes(max_bytes)]),
    ...(max_age_seconds === null ? [] : [duration(max_age_seconds)]),
  ];
  return bounds.length ? t("its maker is held when {bounds} wait here", { bounds: bounds.join(", ") }) : undefined;
}

/** How many tasks run at once, and how fast they start. */
export function pace({ max_concurrency, rate_per_second, rate_burst, scaling_mode, priority }: JobSpec): string[] {
  return [
    max_concurrency === null
      ? t("As many at once as there is room for.")
      : n(max_concurrency, "{count} task at once at most.", "{count} tasks at once at most."),
    ...(rate_per_second === null
      ? []
      : [
          t("At most {rate} start, {burst} at once after a pause.", {
            rate: rate(rate_per_second),
            burst: count(rate_burst),
          }),
        ]),
    ...(scaling_mode === "backfill" ? [t("Big ranges are cut into tasks as there is room.")] : []),
    ...(priority ? [t("Priority {priority}: a higher one runs first.", { priority })] : []),
  ];
}

/** What happens to a task that fails or takes too long. */
export function trying(spec: JobSpec): string[] {
  const { max_attempts, backoff_seconds, max_backoff_seconds, timeout_seconds } = spec;
  return [
    t("An attempt may take {time}.", { time: duration(timeout_seconds) }),
    max_attempts === 1
      ? t("A task that fails goes to the dead letters at once.")
      : t("It is tried up to {count} times: the first pause is {first} and doubles each time, to {most} at most.", {
          count: count(max_attempts),
          first: duration(backoff_seconds),
          most: duration(max_backoff_seconds),
        }),
  ];
}

/** What else bends the order of things. */
export function waits(spec: JobSpec): string[] {
  const { debounce_quiet_seconds: quiet, debounce_max_wait_seconds: most, fair_segments } = spec;
  return [
    ...(quiet !== null && most !== null
      ? [
          t("A burst of events becomes one task: it starts after {quiet} without another, {most} at the latest.", {
            quiet: duration(quiet),
            most: duration(most),
          }),
        ]
      : []),
    ...(spec.waits_for_inputs && spec.inputs.length > 1
      ? [
          spec.max_hold_seconds === null
            ? t("It waits until inputs with a common origin agree.")
            : t("It waits until inputs with a common origin agree, {time} at most.", {
                time: duration(spec.max_hold_seconds),
              }),
        ]
      : []),
    ...(fair_segments === null
      ? []
      : [
          n(
            fair_segments,
            "Keys take turns by their first segment.",
            "Keys take turns by their first {count} segments.",
          ),
        ]),
    ...(spec.cancel_on_invalidate ? [t("A running task starts anew when what it reads is invalidated.")] : []),
    ...(spec.memo ? [t("A task whose inputs and code are those of its last success is skipped.")] : []),
  ];
}

function signed(value: number): string {
  return value < 0 ? `− ${-value}` : `+ ${value}`;
}
