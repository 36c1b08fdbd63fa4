/** An operation as a call to copy. What is to be put in stands there in capitals. */

import type { Content, Operation, Schema } from "./description";
import { given, resolve } from "./notation";

type Schemas = Record<string, Schema>;

const DEEPEST = 6; // a type may hold itself
const JSON_TYPE = "application/json";

/** The command line of curl that calls an operation with what it needs. */
export function curl(operation: Operation, schemas: Schemas, origin: string): string {
  const { method, path, parameters, body, answers, secured } = operation;
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => capitals(name));
  const query = parameters
    .filter((parameter) => parameter.in === "query" && parameter.required)
    .map(({ name, schema }) => `${name}=${String(example(schema, schemas, name))}`)
    .join("&");
  const lines = [`curl ${quoted(origin + address + (query && `?${query}`))}`];
  if (method === "HEAD") lines.push("--head");
  else if (method !== "GET") lines.push(`-X ${method}`);
  if (secured) lines.push(`-H 'authorization: Bearer SESSION_TOKEN'`);
  if (body) lines.push(...sent(body.content, schemas));
  const given = answers[0]?.[1].content ?? {};
  if ("text/event-stream" in given) lines.push("--no-buffer");
  if ("application/octet-stream" in given) lines.push("-o FILE");
  return lines.join(" \\\n  ");
}

function sent(content: Content, schemas: Schemas): string[] {
  const json = content[JSON_TYPE];
  if (!json) return ["--data-binary @FILE"];
  const body = JSON.stringify(example(json.schema ?? {}, schemas, "value"));
  return [`-H 'content-type: ${JSON_TYPE}'`, `-d ${quoted(body)}`];
}

/** The least value of a type: the fields that it needs; what can be tried without harm is. */
export function example(schema: Schema, schemas: Schemas, name: string, depth = 0): unknown {
  if (depth > DEEPEST) return null;
  const known = given(resolve(schema, schemas));
  const first = known.examples?.[0] ?? known.const ?? known.enum?.[0] ?? known.default;
  if (first !== undefined && first !== null) return first;
  const either = known.anyOf ?? known.oneOf;
  if (either?.[0]) return example(either[0], schemas, name, depth + 1);
  if (known.$ref) return example(known, schemas, name, depth + 1);
  switch (known.type) {
    case "object":
      return {
        ...Object.fromEntries(
          (known.required ?? []).map((field) => [
            field,
            example(known.properties?.[field] ?? {}, schemas, field, depth + 1),
          ]),
        ),
        // Whoever copies it may have meant to look first.
        ...(known.properties?.dry_run && { dry_run: true }),
      };
    case "array":
      return Array.from({ length: Math.max(1, known.minItems ?? 1) }, () =>
        example(known.items ?? {}, schemas, name.replace(/s$/, ""), depth + 1),
      );
    case "integer":
    case "number":
      return known.minimum ?? 1;
    case "boolean":
      return true;
    case "string":
      return known.format === "date-time" ? "2026-01-31T12:00:00Z" : capitals(name);
    default:
      return {};
  }
}

function capitals(name: string): string {
  return name.toUpperCase();
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
