/** Names and words of campaigns. */

import type { CampaignSummary, FormatView, ProductView, VariantView } from "@/api/schema";
import { locale, t } from "@/i18n/text";

/** What a campaign is called: its own id, or the brief's file where none could be read. */
export function campaignName(of: Pick<CampaignSummary, "campaign_id" | "brief_key">): string {
  return of.campaign_id || (of.brief_key.split("/").at(-1) ?? of.brief_key);
}

const FORMATS: Record<string, string> = {
  "instagram-square": "Instagram square",
  "instagram-story": "Instagram story",
  "facebook-feed": "Facebook feed",
  "twitter-card": "Twitter card",
  "linkedin-post": "LinkedIn post",
};

/** A format's name as people know it; it is not translated. */
export function formatName(preset: string): string {
  return FORMATS[preset] ?? preset;
}

/** 1080 × 1920. */
export function sizeText({ width, height }: { width: number; height: number }): string {
  return `${width} × ${height}`;
}

/** Millionths of a US dollar as people write them: cents always, more places where they count. */
export function money(micros: number): string {
  return new Intl.NumberFormat(locale(), {
    style: "currency",
    currency: "USD",
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  }).format(micros / 1_000_000);
}

/** 5.3:1, as contrast is told. */
export function ratio(value: number): string {
  const shown = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 });
  return `${shown.format(Math.floor(value * 10) / 10)}:1`;
}

/** The address of a stored object; one that names its version may be kept for ever. */
export function objectAddress(key: string, version?: string | null): string {
  const path = key.split("/").map(encodeURIComponent).join("/");
  return `/api/v1/objects/${path}${version ? `?version=${encodeURIComponent(version)}` : ""}`;
}

/** A variant with the product and the format that it is of. */
export interface Shot {
  id: string;
  product: ProductView;
  variant: VariantView;
  format: FormatView | undefined;
}

/** All variants of a run in the order of the page. */
export function shotsOf(items: ProductView[], formats: FormatView[]): Shot[] {
  return items.flatMap((product) =>
    product.variants.map((variant) => ({
      id: `${product.idx}/${variant.preset}`,
      product,
      variant,
      format: formats.find(({ preset }) => preset === variant.preset),
    })),
  );
}

export function altText({ product, variant }: Shot): string {
  return t("{product}, {format}", { product: product.name, format: formatName(variant.preset) });
}

/** The least contrast of large text, and of any text, by WCAG. */
export const LEGIBLE = 4.5;

export type Check = "size" | "contrast" | "safe" | "whole" | "glyphs";

/** Whether a variant is what it should be; undefined where a check does not apply. */
export function checksOf({ variant, format }: Shot): Record<Check, boolean | undefined> {
  return {
    size: format && format.width === variant.width && format.height === variant.height,
    contrast: variant.contrast === null ? undefined : variant.contrast >= LEGIBLE,
    safe: variant.safe_zone,
    whole: variant.product_kept >= 0.995,
    glyphs: variant.missing_glyphs.length === 0,
  };
}

export function checkWord(check: Check): string {
  switch (check) {
    case "size":
      return t("Size");
    case "contrast":
      return t("Legible");
    case "safe":
      return t("Text in the safe area");
    case "whole":
      return t("Product whole");
    case "glyphs":
      return t("All characters");
  }
}
