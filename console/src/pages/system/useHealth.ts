import type { Failure } from "@/api/call";
import { useQuery } from "@/api/query";
import type { Health } from "@/api/schema";

interface Known {
  found: Health | undefined;
  failure: Failure | undefined;
  refresh: () => void;
}

/** How the server is. One that is unavailable says why in an answer that is an error to callers. */
export function useHealth(every: number): Known {
  const asked = useQuery("get_health", {}, { every });
  const { failure, data, refresh } = asked;
  const told = failure?.status === 503 ? toldBy(failure.problem) : undefined;
  if (told) return { found: told, failure: undefined, refresh };
  return { found: failure ? undefined : data, failure, refresh };
}

function toldBy(answer: object): Health | undefined {
  const isHealth = "database" in answer && "problems" in answer && Array.isArray(answer.problems);
  return isHealth ? (answer as unknown as Health) : undefined;
}
