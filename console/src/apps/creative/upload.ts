/** Pictures of one's own, brought to where briefs can name them. */

import { Failure, newKey } from "@/api/call";
import type { Problem } from "@/api/schema";
import { objectAddress } from "./words";

export const ASSETS = "existing-assets/";
const ODD = /[^\p{L}\p{N}._-]+/gu;

/** A key of its own for a file, below `existing-assets/`; two files of one name stay two. */
export function keyFor(file: File, campaign: string): string {
  const folder = campaign.replace(ODD, "-").replace(/^[.-]+/, "") || "uploads";
  return `${ASSETS}${folder}/${newKey().slice(0, 8)}-${file.name.replace(ODD, "-").slice(-80)}`;
}

/** Store a file; throws a `Failure`. */
export async function upload(file: File, key: string): Promise<void> {
  let response: Response;
  try {
    const headers = { "content-type": file.type || "application/octet-stream" };
    response = await fetch(objectAddress(key), { method: "PUT", headers, body: file });
  } catch {
    throw new Failure(0, {});
  }
  if (!response.ok) {
    const said = (await response.json().catch(() => ({}))) as Partial<Problem>;
    throw new Failure(response.status, said);
  }
}
