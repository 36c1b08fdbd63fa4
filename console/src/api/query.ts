/** Data of a page: asked for once, kept while it is shown, asked for again when it changed. */

import { useEffect, useRef } from "react";
import useSWR, { type KeyedMutator } from "swr";
import useSWRInfinite from "swr/infinite";
import { call, type Failure, type Name, type Params, type Result } from "./call";
import type { ChangeEvent } from "./schema";
import { onNews, type Topic } from "./stream";

const LEAST_MS = 800; // between two refreshes by changes, however many come

export interface Query<T> {
  data: T | undefined;
  failure: Failure | undefined;
  /** Nothing is known yet. */
  loading: boolean;
  refresh: () => void;
  mutate: KeyedMutator<T>;
}

interface Live {
  /** Ask again when something of these topics changes. */
  topics?: readonly Topic[];
  /** Only for changes of which this is true. */
  when?: (change: ChangeEvent) => boolean;
  /** Ask again after so many milliseconds, while the page is visible. */
  every?: number;
}

/** The result of an operation; `params` undefined asks nothing. New params start from nothing. */
export function useQuery<N extends Name>(
  name: N,
  params: Params<N> | undefined,
  live: Live = {},
): Query<Result<N>> {
  const { data, error, isLoading, mutate } = useSWR<Result<N>, Failure>(
    params && [name, params],
    () => call(name, params as Params<N>),
    { refreshInterval: live.every ?? 0, ...SETTINGS },
  );
  const refresh = () => void mutate();
  useChanges(refresh, live);
  return { data, failure: error, loading: isLoading && data === undefined, refresh, mutate };
}

interface PageOf<T> {
  items: T[];
  next_cursor: string | null;
}
type Item<N extends Name> = Result<N> extends PageOf<infer T> ? T : never;

export interface List<T, P> {
  items: T[];
  /** The first page as the server gave it, for what it says beside its items. */
  first: P | undefined;
  failure: Failure | undefined;
  loading: boolean;
  /** Loads the next page; undefined at the end of the list. */
  more: (() => void) | undefined;
  loadingMore: boolean;
  refresh: () => void;
}

/** A list that the server gives in pages. */
export function useList<N extends Name>(
  name: N,
  params: Params<N> | undefined,
  live: Live = {},
): List<Item<N>, Result<N>> {
  const { data, error, isLoading, mutate, size, setSize } = useSWRInfinite<Result<N>, Failure>(
    (index: number, before: Result<N> | null) => {
      if (!params) return null;
      if (index === 0) return [name, params];
      const cursor = (before as PageOf<unknown> | null)?.next_cursor;
      return cursor ? [name, { ...params, cursor }] : null;
    },
    ([, asked]: [N, Params<N>]) => call(name, asked),
    { refreshInterval: live.every ?? 0, revalidateAll: true, ...SETTINGS },
  );
  const refresh = () => void mutate();
  useChanges(refresh, live);
  const pages = (data ?? []) as PageOf<Item<N>>[];
  const last = pages.at(-1);
  return {
    items: pages.flatMap((page) => page.items),
    first: data?.[0],
    failure: error,
    loading: isLoading && pages.length === 0,
    more: last?.next_cursor ? () => void setSize(size + 1) : undefined,
    loadingMore: size > pages.length && !error,
    refresh,
  };
}

const SETTINGS = {
  revalidateOnFocus: true,
  focusThrottleInterval: 5000,
  dedupingInterval: 500,
  // A refusal stays one: only what may pass is asked again, by SWR's growing pauses.
  shouldRetryOnError: (error: Failure) => error.status === 0 || error.status >= 500,
  errorRetryInterval: 2000,
} as const;

/** Call `refresh` when something of the topics changes: at once, then at most every `LEAST_MS`. */
export function useChanges(refresh: () => void, { topics, when }: Live): void {
  const latest = useRef({ refresh, when });
  latest.current = { refresh, when };
  const key = topics?.join(",") ?? "";
  useEffect(() => {
    if (!key) return undefined;
    const wanted = new Set(key.split(","));
    let last = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const act = () => {
      timer = undefined;
      last = performance.now();
      latest.current.refresh();
    };
    const stop = onNews((news) => {
      if ("change" in news) {
        if (!wanted.has(news.change.topic)) return;
        if (latest.current.when && !latest.current.when(news.change)) return;
      }
      timer ??= setTimeout(act, Math.max(0, last + LEAST_MS - performance.now()));
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [key]);
}
