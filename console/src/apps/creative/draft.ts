/**
 * A brief while it is written: the JSON itself, edited by pointers.
 *
 * What was dropped stays as it is, also what no field is for; only the server judges it.
 */

import type { BriefDocument, FaultView } from "@/api/schema";

export type Draft = Record<string, unknown>;

export const NEW: Draft = { campaign_id: "", campaign_message: "", products: [{ name: "" }] };

const KEPT = "headgate.creative.draft";

export function keptDraft(): Draft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    return isObject(kept) ? kept : NEW;
  } catch {
    return NEW;
  }
}

export function keepDraft(draft: Draft): void {
  if (draft === NEW) sessionStorage.removeItem(KEPT);
  else sessionStorage.setItem(KEPT, JSON.stringify(draft));
}

/** What a text holds that was dropped, or why it is no brief. */
export function parsed(text: string): { draft: Draft } | { fault: string } {
  try {
    const found: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isObject(found) ? { draft: found } : { fault: "A brief is a JSON object: { … }" };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** The value at a JSON pointer, as a field shows it. */
export function textAt(draft: Draft, pointer: string): string {
  const found = valueAt(draft, pointer);
  const one = Array.isArray(found) && found.length === 1 ? (found as unknown[])[0] : found;
  if (one === undefined || one === null) return "";
  return typeof one === "string" ? one : JSON.stringify(one);
}

/** The draft with another value at a pointer; undefined removes it. */
export function withValue(draft: Draft, pointer: string, value: unknown): Draft {
  return changed(draft, partsOf(pointer), value) as Draft;
}

export function productsOf(draft: Draft): unknown[] {
  const { products } = draft;
  return Array.isArray(products) ? (products as unknown[]) : [];
}

/** The draft as the server is asked about it: whether it is a brief is the server's to say. */
export function asBrief(draft: Draft): BriefDocument {
  return draft as unknown as BriefDocument;
}

/** The run that a submitted brief began. */
export function runOf(operation: unknown): string {
  return isObject(operation) ? String(operation["id"]) : "";
}

/** The faults at a pointer and below it. */
export function faultsAt(faults: FaultView[], pointer: string): FaultView[] {
  return faults.filter((f) => f.pointer === pointer || f.pointer.startsWith(`${pointer}/`));
}

function valueAt(draft: Draft, pointer: string): unknown {
  let found: unknown = draft;
  for (const part of partsOf(pointer)) {
    if (Array.isArray(found)) found = (found as unknown[])[Number(part)];
    else found = isObject(found) ? found[part] : undefined;
  }
  return found;
}

function changed(at: unknown, [part, ...rest]: string[], value: unknown): unknown {
  if (part === undefined) return value;
  if (Array.isArray(at)) {
    const next = [...(at as unknown[])];
    const made = changed(next[Number(part)], rest, value);
    if (made === undefined) next.splice(Number(part), 1);
    else next[Number(part)] = made;
    return next;
  }
  const next = isObject(at) ? { ...at } : {};
  const made = changed(next[part], rest, value);
  if (made === undefined) delete next[part];
  else next[part] = made;
  return next;
}

function partsOf(pointer: string): string[] {
  const parts = pointer.split("/").slice(1);
  return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
