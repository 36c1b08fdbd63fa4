/**
 * The stream of changes, one for all tabs of a browser.
 *
 * A browser opens six connections to a host, so a stream for each tab would freeze the seventh. The
 * tab that holds the lock `headgate-stream` has the stream and tells the others by a broadcast
 * channel; when it closes, the next one takes over. Where there are no locks (plain http off
 * localhost) each tab has a stream of its own.
 */

import type { ChangeEvent } from "./schema";

export type Topic = ChangeEvent["topic"];
export type Connection = "connecting" | "live" | "lost";
/** What the stream says: a change, or that anything may have changed. */
export type News = { change: ChangeEvent } | { reset: true };
type Told = News | { connection: Connection } | { ask: true };

const ADDRESS = "/api/v1/stream";
const AGAIN_MS = 2000;
const GRACE_MS = 1500; // a server that restarts quickly need not alarm anybody

const listeners = new Set<(news: News) => void>();
const watchers = new Set<(connection: Connection) => void>();
let connection: Connection = "connecting";
let started = false;
let channel: BroadcastChannel | undefined;
let leads = false;

/** Hear what changes until the returned function is called. */
export function onNews(listener: (news: News) => void): () => void {
  start();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Hear of the connection's state until the returned function is called. */
export function onConnection(watcher: (connection: Connection) => void): () => void {
  start();
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function connectionNow(): Connection {
  return connection;
}

function start(): void {
  if (started) return;
  started = true;
  if (!("locks" in navigator) || !("BroadcastChannel" in window)) {
    lead();
    return;
  }
  channel = new BroadcastChannel("headgate-stream");
  channel.onmessage = ({ data }: MessageEvent<Told>) => {
    if ("ask" in data) {
      if (leads) channel?.postMessage({ connection });
    } else hear(data);
  };
  channel.postMessage({ ask: true });
  void navigator.locks.request("headgate-stream", () => {
    leads = true;
    lead();
    return new Promise<never>(() => {}); // held until the tab closes
  });
}

function hear(told: News | { connection: Connection }): void {
  if ("connection" in told) {
    connection = told.connection;
    for (const watcher of watchers) watcher(connection);
  } else for (const listener of listeners) listener(told);
}

function tell(told: News | { connection: Connection }): void {
  channel?.postMessage(told);
  hear(told);
}

function lead(): void {
  let alarm: ReturnType<typeof setTimeout> | undefined;
  let missed = false; // a stream that begins anew does not know what came before
  const open = () => {
    const source = new EventSource(ADDRESS);
    source.onopen = () => {
      clearTimeout(alarm);
      alarm = undefined;
      tell({ connection: "live" });
      if (missed) tell({ reset: true });
      missed = false;
    };
    source.addEventListener("change", ({ data }: MessageEvent<string>) =>
      tell({ change: JSON.parse(data) as ChangeEvent }),
    );
    source.addEventListener("reset", () => tell({ reset: true }));
    source.onerror = () => {
      alarm ??= setTimeout(() => tell({ connection: "lost" }), GRACE_MS);
      // After an answer that is no stream the browser gives up: begin anew.
      if (source.readyState === EventSource.CLOSED) {
        missed = true;
        setTimeout(open, AGAIN_MS);
      }
    };
  };
  open();
}
