/** JSON that a person writes. */

export type Parsed = { ok: true; value: unknown } | { ok: false; fault: string };

/** The value of a JSON text, or the browser's word on where it goes wrong. */
export function parsed(text: string): Parsed {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, fault: error instanceof Error ? error.message : String(error) };
  }
}
