import { useState } from "react";
import { count } from "@/i18n/format";
import { t } from "@/i18n/text";
import type { Parameter, Schema } from "./description";
import { Marked } from "./Marked";
import { given, notation, partsOf, resolve } from "./notation";

const ANY = "^[^\\x00]*$"; // every text but the character that no database takes

interface ShapeProps {
  schema: Schema;
  schemas: Record<string, Schema>;
  /** Of what is sent: whether a field is needed and what it is without one. */
  sent?: boolean;
}

/** A type: its fields if it has any, else its notation; types within open in place. */
export function Shape({ schema, schemas, sent = false }: ShapeProps) {
  const { properties, required = [], description } = resolve(schema, schemas);
  if (!properties) {
    return (
      <div className="api-shape">
        <code className="api-type">{notation(schema)}</code>
        <Parts schema={schema} schemas={schemas} sent={sent} />
      </div>
    );
  }
  return (
    <div className="api-shape">
      {description && (
        <p className="muted" translate="no">
          <Marked text={description} />
        </p>
      )}
      <ul className="api-fields">
        {Object.entries(properties).map(([name, field]) => (
          <Field
            key={name}
            name={name}
            schema={field}
            schemas={schemas}
            needed={sent && required.includes(name)}
            sent={sent}
          />
        ))}
      </ul>
    </div>
  );
}

/** The parameters of a call, as fields. */
export function Parameters({ of, schemas }: { of: Parameter[]; schemas: Record<string, Schema> }) {
  return (
    <ul className="api-fields">
      {of.map((parameter) => (
        <Field
          key={`${parameter.in} ${parameter.name}`}
          name={parameter.name}
          schema={{ ...parameter.schema, ...(parameter.description && { description: parameter.description }) }}
          schemas={schemas}
          needed={parameter.required ?? false}
          sent
        />
      ))}
    </ul>
  );
}

interface FieldProps extends Required<ShapeProps> {
  name: string;
  needed: boolean;
}

function Field({ name, schema, schemas, needed, sent }: FieldProps) {
  const { description, pattern } = given(schema);
  const notes = [needed && t("required"), ...limits(given(schema))].filter(Boolean);
  const standard = sent ? schema.default : undefined;
  return (
    <li>
      <div className="api-field">
        <code className="api-name">{name}</code>
        <code className="api-type">{notation(schema)}</code>
        {notes.map((note) => (
          <span key={String(note)} className={note === notes[0] && needed ? "api-needed" : "muted"}>
            {note}
          </span>
        ))}
        {standard !== undefined && standard !== null && (
          <span className="muted">
            {t("by default")} <code>{JSON.stringify(standard)}</code>
          </span>
        )}
        {pattern && pattern !== ANY && (
          <span className="muted">
            {t("matches")} <code>{pattern}</code>
          </span>
        )}
      </div>
      {description && (
        <p translate="no">
          <Marked text={description} />
        </p>
      )}
      <Parts schema={schema} schemas={schemas} sent={sent} />
    </li>
  );
}

/** The types that a type is made of, each folded until it is asked for: one may hold itself. */
function Parts({ schema, schemas, sent }: Required<ShapeProps>) {
  const parts = partsOf(schema).filter((part) => resolve(part.schema, schemas).properties);
  return parts.map((part) => (
    <Part key={part.name} name={part.name} schema={part.schema} schemas={schemas} sent={sent} />
  ));
}

function Part({ name, ...shape }: Required<ShapeProps> & { name: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="api-part" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {t("Fields of")} <code>{name}</code>
      </summary>
      {open && <Shape {...shape} />}
    </details>
  );
}

/** A limit, unless it is the largest number of the database, which nobody meets. */
function met(limit: number | undefined): number | undefined {
  return limit !== undefined && limit <= Number.MAX_SAFE_INTEGER ? limit : undefined;
}

function limits(schema: Schema): string[] {
  const { minimum, maxLength, minItems, maxItems } = schema;
  const [maximum, exclusiveMaximum] = [schema.maximum, schema.exclusiveMaximum].map(met);
  const number = (value: number) => (Number.isInteger(value) ? count(value) : String(value));
  const said: string[] = [];
  if (minimum !== undefined && maximum !== undefined) {
    said.push(t("{low} to {high}", { low: number(minimum), high: number(maximum) }));
  } else if (minimum !== undefined) said.push(t("at least {low}", { low: number(minimum) }));
  else if (maximum !== undefined) said.push(t("at most {high}", { high: number(maximum) }));
  if (exclusiveMaximum !== undefined) said.push(t("below {high}", { high: number(exclusiveMaximum) }));
  if (maxLength !== undefined) said.push(t("at most {most} characters", { most: count(maxLength) }));
  if (minItems === maxItems && minItems !== undefined) {
    said.push(t("{most} items", { most: count(minItems) }));
  } else if (maxItems !== undefined) said.push(t("at most {most} items", { most: count(maxItems) }));
  return said;
}
