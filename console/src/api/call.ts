/** Calls of the HTTP API by the names of its operations; a failure is a `Failure`. */

import { operations, type Problem, type Signatures } from "./schema";

export type Name = keyof Signatures;
export type Params<N extends Name> = Signatures[N]["params"];
export type Body<N extends Name> = Signatures[N]["body"];
export type Result<N extends Name> = Signatures[N]["result"];

/** Why a call failed: what the server said, or that it could not be reached (`status` 0). */
export class Failure extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
  ) {
    super(problem.detail ?? problem.title ?? "The server answered with an error.");
  }
}

interface Options<N extends Name> {
  body?: Body<N>;
  /** The same key makes a repeated call count once. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Called with the answer's headers. */
  headers?: (headers: Headers) => void;
}

/** The path and query of a call: parameters that the path names go there, the others behind it. */
export function addressOf<N extends Name>(name: N, params: Params<N>): string {
  const rest = new URLSearchParams();
  let path: string = operations[name][1];
  for (const [key, value] of Object.entries(params as Record<string, unknown>)) {
    if (path.includes(`{${key}}`)) {
      path = path.replace(`{${key}}`, String(value).split("/").map(encodeURIComponent).join("/"));
    } else if (Array.isArray(value)) {
      for (const each of value) rest.append(key, String(each));
    } else if (value !== undefined && value !== null && value !== "") {
      rest.append(key, String(value));
    }
  }
  const query = rest.toString();
  return query ? `${path}?${query}` : path;
}

export async function call<N extends Name>(
  name: N,
  params: Params<N>,
  { body, idempotencyKey, signal, headers }: Options<N> = {},
): Promise<Result<N>> {
  const request = new Headers({ accept: "application/json" });
  if (body !== undefined) request.set("content-type", "application/json");
  if (idempotencyKey) request.set("idempotency-key", idempotencyKey);
  let response: Response;
  try {
    response = await fetch(addressOf(name, params), {
      method: operations[name][0],
      headers: request,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? null,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Failure(0, {
      title: "The server does not answer.",
      detail: "The server does not answer. It may have been stopped, or the network is away.",
    });
  }
  headers?.(response.headers);
  if (!response.ok) throw new Failure(response.status, await problemOf(response));
  if (response.status === 204) return undefined as Result<N>;
  const json = response.headers.get("content-type")?.includes("json");
  return (json ? await response.json() : await response.text()) as Result<N>;
}

async function problemOf(response: Response): Promise<Partial<Problem>> {
  if (response.headers.get("content-type")?.includes("json")) {
    const said: unknown = await response.json();
    if (typeof said === "object" && said !== null) return said;
  }
  return { title: `${response.status} ${response.statusText}` };
}

/** A key for one act of a person. `crypto.randomUUID` is missing on plain http off localhost. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
