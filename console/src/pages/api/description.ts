/** The API's own description (OpenAPI 3.1), as much of it as this page reads. */

import useSWRImmutable from "swr/immutable";
import { Failure } from "@/api/call";

export interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  description?: string;
  title?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  prefixItems?: Schema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  contentSchema?: Schema;
}

export interface Parameter {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  required?: boolean;
  description?: string;
  schema: Schema;
}

/** What is sent or answered, by media type; the items of a stream have a schema of their own. */
export type Content = Record<string, { schema?: Schema; itemSchema?: Schema }>;

export interface Answered {
  description?: string;
  content?: Content;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  tag: string;
  about: string;
  parameters: Parameter[];
  body: { required?: boolean; description?: string; content: Content } | undefined;
  answers: [status: string, answer: Answered][];
  /** A bearer token goes with it. */
  secured: boolean;
  /** All that a search looks through, in lower case. */
  words: string;
}

export interface Group {
  tag: string;
  about: string;
  operations: Operation[];
}

export interface Description {
  groups: Group[];
  operations: Map<string, Operation>;
  schemas: Record<string, Schema>;
}

interface Raw {
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema> };
  tags: { name: string; description: string }[];
}

interface RawOperation {
  operationId: string;
  tags: string[];
  description?: string;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; description?: string; content: Content };
  responses: Record<string, Answered>;
  security?: unknown[];
}

export const ADDRESS = "/openapi.json";

/** The description that this server gives of itself, asked for once. */
export function useDescription() {
  const { data, error, isLoading, mutate } = useSWRImmutable<Description, Failure>(ADDRESS, load);
  return { data, failure: error, loading: isLoading, refresh: () => void mutate() };
}

async function load(): Promise<Description> {
  let response: Response;
  try {
    response = await fetch(ADDRESS);
  } catch {
    throw new Failure(0, { title: "The server does not answer." });
  }
  if (!response.ok) throw new Failure(response.status, { title: response.statusText });
  return read((await response.json()) as Raw);
}

function read(raw: Raw): Description {
  const operations = Object.entries(raw.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => operationOf(method, path, operation)),
  );
  const named = new Map(raw.tags.map(({ name, description }) => [name, description]));
  const tags = new Set([...named.keys(), ...operations.map(({ tag }) => tag)]);
  const groups = [...tags].map((tag) => ({
    tag,
    about: named.get(tag) ?? "",
    operations: operations.filter((operation) => operation.tag === tag),
  }));
  return {
    groups: groups.filter((group) => group.operations.length > 0),
    operations: new Map(operations.map((operation) => [operation.id, operation])),
    schemas: raw.components.schemas,
  };
}

function operationOf(method: string, path: string, raw: RawOperation): Operation {
  const parameters = raw.parameters ?? [];
  const tag = raw.tags[0] ?? "";
  const about = raw.description ?? "";
  const named = parameters.map(({ name, description }) => `${name} ${description ?? ""}`);
  return {
    id: raw.operationId,
    method: method.toUpperCase(),
    path,
    tag,
    about,
    parameters,
    body: raw.requestBody,
    answers: Object.entries(raw.responses),
    secured: !!raw.security?.length,
    words: [method, path, raw.operationId, tag, about, ...named].join(" ").toLowerCase(),
  };
}

const REF = "#/components/schemas/";

/** The name of the schema that a reference leads to. */
export function nameOf(ref: string): string {
  return ref.startsWith(REF) ? ref.slice(REF.length) : ref;
}

/** The groups with only the operations in which each word is found. */
export function search(groups: Group[], text: string): Group[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  return groups
    .map((group) => ({
      ...group,
      operations: group.operations.filter(({ words }) => wanted.every((word) => words.includes(word))),
    }))
    .filter((group) => group.operations.length > 0);
}
