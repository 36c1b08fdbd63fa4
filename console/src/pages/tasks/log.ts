/** What a task logged, read on to its end and followed while it runs. */

import { useEffect, useRef, useState } from "react";
import { call, Failure } from "@/api/call";
import type { LogLine } from "@/api/schema";

const PAGE = 200;
const AT_ONCE = 1000; // lines that are read unasked; a log may have a million
const EVERY_MS = 2000;

export interface Log {
  lines: LogLine[];
  failure: Failure | undefined;
  loading: boolean;
  /** Reads on; undefined where the end is known. */
  more: (() => void) | undefined;
}

interface Read {
  /** The lines of full pages, which do not change. */
  full: LogLine[];
  /** The place after them: the page from there on may grow. */
  after: string | undefined;
}

export function useLog(taskId: number, goesOn: boolean): Log {
  const [lines, setLines] = useState<LogLine[]>();
  const [failure, setFailure] = useState<Failure>();
  const [most, setMost] = useState(AT_ONCE);
  const [cut, setCut] = useState(false);
  const read = useRef<Read>({ full: [], after: undefined });

  useEffect(() => {
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const { after, full } = read.current;
      const params = { task_id: taskId, limit: PAGE, ...(after && { after }) };
      const page = await call("get_task_logs", params, { signal: ended.signal });
      const all = [...full, ...page.items];
      setFailure(undefined);
      setLines(all);
      setCut(page.next_cursor !== null);
      if (page.next_cursor !== null) {
        read.current = { full: all, after: page.next_cursor };
        if (all.length < most) await look();
      } else if (goesOn) again();
    };
    const again = () => {
      timer = setTimeout(() => {
        if (document.hidden) again();
        else start();
      }, EVERY_MS);
    };
    const start = () => {
      look().catch((error: unknown) => {
        if (ended.signal.aborted) return;
        if (!(error instanceof Failure)) throw error;
        setFailure(error);
        if (error.status === 0 || error.status >= 500) again();
      });
    };
    start();
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [taskId, goesOn, most]);

  return {
    lines: lines ?? [],
    failure,
    loading: lines === undefined && !failure,
    more: cut && (lines?.length ?? 0) >= most ? () => setMost((lines?.length ?? 0) + AT_ONCE) : undefined,
  };
}

/** A log as text: a line each, as `headgate task logs` prints it. */
export function textOf(lines: readonly LogLine[]): string {
  return lines
    .map(({ at, attempt, level, message, fields }) =>
      `${at} ${attempt} ${level} ${message} ${fieldsOf(fields)}`.trim(),
    )
    .join("\n");
}

export function fieldsOf(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}
