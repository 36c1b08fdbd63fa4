/** How often what jobs do is asked for: starts and ends of tasks have no topic in the stream. */
export const LIVE_MS = 2500;
