import type { FormatView } from "@/api/schema";
import { t } from "@/i18n/text";

/** The part of a format that no platform covers, drawn over an image that fills its parent. */
export function SafeArea({ of }: { of: FormatView }) {
  const [left = 0, top = 0, width = 0, height = 0] = of.safe;
  const x = (pixels: number) => `${(100 * pixels) / of.width}%`;
  const y = (pixels: number) => `${(100 * pixels) / of.height}%`;
  return (
    <span className="cr-safe">
      <span
        className="cr-safe-box"
        role="img"
        aria-label={t("Safe area: {width} × {height} px", { width, height })}
        style={{ left: x(left), top: y(top), width: x(width), height: y(height) }}
      />
    </span>
  );
}
