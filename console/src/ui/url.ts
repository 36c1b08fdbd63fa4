/** State of a page that belongs in its address: filters, tabs, what is open. */

import { useCallback } from "react";
import { useLocation, useSearchParams } from "wouter";

/** A query parameter as state; the default is left out of the address. */
export function useUrlState(name: string, initial = ""): [string, (next: string) => void] {
  const [params] = useSearchParams();
  const [, navigate] = useLocation();
  const set = useCallback(
    (next: string) => {
      // Not by `setParams` of wouter, which drops what stands after `#`.
      const changed = new URLSearchParams(location.search);
      if (next === initial) changed.delete(name);
      else changed.set(name, next);
      const query = changed.size > 0 ? `?${changed}` : "";
      navigate(location.pathname + query + location.hash, { replace: true });
    },
    [name, initial, navigate],
  );
  return [params.get(name) ?? initial, set];
}

/** The path of a page with query parameters; empty ones are left out. */
export function pathTo(path: string, query: Record<string, string | number | undefined>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") given.set(name, String(value));
  }
  const text = given.toString();
  return text ? `${path}?${text}` : path;
}
