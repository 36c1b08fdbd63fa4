import { Download, RefreshCw, TriangleAlert } from "lucide-react";
import type { FormatView } from "@/api/schema";
import { bytes } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { SafeArea } from "./SafeArea";
import { altText, checkWord, checksOf, formatName, objectAddress, ratio, sizeText, type Check, type Shot } from "./words";

interface Props {
  shot: Shot;
  safe: boolean;
  picked: boolean;
  onPick: () => void;
  onZoom: () => void;
  onAgain: (() => void) | undefined;
}

/** One image at its true shape, with what it was checked for and what can be done with it. */
export function Tile({ shot, safe, picked, onPick, onZoom, onAgain }: Props) {
  const { variant, format } = shot;
  const name = altText(shot);
  const address = objectAddress(variant.key, variant.version);
  return (
    <figure className="cr-tile" style={{ flexGrow: aspect(variant), flexBasis: basis(variant) }}>
      <div className="cr-frame">
        <button type="button" className="cr-zoom" data-tile="" onClick={onZoom} aria-label={t("Look closer: {name}", { name })}>
          <img src={address} width={variant.width} height={variant.height} alt={name} loading="lazy" decoding="async" />
        </button>
        {safe && format && <SafeArea of={format} />}
      </div>
      <figcaption>
        <span className="cr-tile-name">
          <strong translate="no">{formatName(variant.preset)}</strong>
          <span className="muted small">
            {sizeText(variant)} · {bytes(variant.bytes)}
          </span>
        </span>
        <span className="row cr-tile-acts">
          <Verdict of={shot} />
          <label className="cr-tick small">
            <input type="checkbox" checked={picked} onChange={onPick} aria-label={t("Compare {name}", { name })} />
            {t("Compare")}
          </label>
          <a
            className="button quiet icon-only"
            href={address}
            download={`${shot.product.idx + 1}-${variant.preset}.jpg`}
            aria-label={t("Download {name}", { name })}
            title={t("Download")}
          >
            <Download size={15} aria-hidden />
          </a>
          {onAgain && (
            <Button look="quiet" icon={RefreshCw} aria-label={t("Compose again: {name}", { name })} onClick={onAgain} />
          )}
        </span>
      </figcaption>
    </figure>
  );
}

/** The place of an image that is not there yet, in its shape. */
export function Waiting({ format, failed }: { format: FormatView; failed: boolean }) {
  return (
    <figure className="cr-tile" style={{ flexGrow: aspect(format), flexBasis: basis(format) }}>
      <div className={failed ? "cr-frame cr-blank" : "cr-frame cr-blank cr-coming"} style={{ aspectRatio: aspect(format) }}>
        {failed && <TriangleAlert size={20} aria-hidden />}
      </div>
      <figcaption>
        <span className="cr-tile-name">
          <strong translate="no">{formatName(format.preset)}</strong>
          <span className="muted small">{sizeText(format)}</span>
        </span>
        <span className="muted small">{failed ? t("was not made") : t("not there yet")}</span>
      </figcaption>
    </figure>
  );
}

/** What the checks found, in one badge: the contrast, or the first thing that is wrong. */
function Verdict({ of }: { of: Shot }) {
  const wrong = Object.entries(checksOf(of)).find(([, fine]) => fine === false);
  const { contrast } = of.variant;
  if (wrong) return <Badge tone="warn">{t("check: {what}", { what: checkWord(wrong[0] as Check) })}</Badge>;
  return (
    <Badge tone="good" title={t("Size, contrast, safe area, product and characters are as they should be.")}>
      {contrast === null ? t("checked") : t("legible {ratio}", { ratio: ratio(contrast) })}
    </Badge>
  );
}

function aspect({ width, height }: { width: number; height: number }): number {
  return width / height;
}

// Equal heights in a row: shapes grow by their widths from a common height.
function basis(of: { width: number; height: number }): string {
  return `calc(var(--cr-height) * ${aspect(of)})`;
}
