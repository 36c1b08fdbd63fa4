/** Types as programmers write them: `string`, `Task[]`, `"newest" | "oldest"`. */

import { nameOf, type Schema } from "./description";

export function notation(schema: Schema): string {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return [...new Set(either.map(notation))].join(" | ");
  if (schema.allOf) return schema.allOf.map(notation).join(" & ");
  if (schema.contentSchema) return notation(schema.contentSchema);
  switch (schema.type) {
    case "array":
      if (schema.prefixItems) return `[${schema.prefixItems.map(notation).join(", ")}]`;
      return listOf(notation(schema.items ?? {}));
    case "object":
      return typeof schema.additionalProperties === "object"
        ? `{ [name]: ${notation(schema.additionalProperties)} }`
        : "object";
    case undefined:
      return "any";
    default:
      return schema.format ? `${schema.type} (${schema.format})` : schema.type;
  }
}

function listOf(item: string): string {
  return / [|&] /.test(item) ? `(${item})[]` : `${item}[]`;
}

/** The schemas that a type is made of and that have fields of their own. */
export function partsOf(schema: Schema): { name: string; schema: Schema }[] {
  if (schema.$ref) return [{ name: nameOf(schema.$ref), schema }];
  const inner = [
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
    ...(schema.allOf ?? []),
    ...(schema.prefixItems ?? []),
    ...(schema.items ? [schema.items] : []),
    ...(schema.contentSchema ? [schema.contentSchema] : []),
    ...(typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : []),
  ].flatMap(partsOf);
  return inner.filter((part, at) => inner.findIndex(({ name }) => name === part.name) === at);
}

/** The one schema that is not null of `X | null`, with what is said of both. */
export function given(schema: Schema): Schema {
  const rest = schema.anyOf?.filter(({ type }) => type !== "null");
  return rest?.length === 1 ? { ...schema, ...rest[0] } : schema;
}

/** A schema with its references followed. */
export function resolve(schema: Schema, schemas: Record<string, Schema>): Schema {
  const found = schema.$ref ? schemas[nameOf(schema.$ref)] : undefined;
  return found ? resolve(found, schemas) : schema;
}
