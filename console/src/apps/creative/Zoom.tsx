import { ChevronLeft, ChevronRight, Download, Maximize, Minimize } from "lucide-react";
import { useEffect } from "react";
import { bytes } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { useUrlState } from "@/ui/url";
import { altText, formatName, objectAddress, sizeText, type Shot } from "./words";

interface Props {
  shots: Shot[];
  id: string;
  /** To another image, or with "" out of the dialog. */
  onMove: (id: string) => void;
}

/** One image large; the arrow keys go to the next, and it can be seen pixel by pixel. */
export function Zoom({ shots, id, onMove }: Props) {
  const [original, setOriginal] = useUrlState("original");
  const at = shots.findIndex((shot) => shot.id === id);
  const shot = shots[at];
  const step = (by: number) => onMove(shots[(at + by + shots.length) % shots.length]?.id ?? id);
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (event.key === "ArrowRight") step(1);
      else if (event.key === "ArrowLeft") step(-1);
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", heard);
    return () => removeEventListener("keydown", heard);
  });
  if (!shot) return null;
  const { variant } = shot;
  const address = objectAddress(variant.key, variant.version);
  return (
    <Dialog
      wide
      title={altText(shot)}
      onClose={() => {
        setOriginal("");
        onMove("");
      }}
      actions={
        <>
          <Button icon={ChevronLeft} aria-label={t("The image before")} onClick={() => step(-1)} />
          <Button icon={ChevronRight} aria-label={t("The next image")} onClick={() => step(1)} autoFocus />
          <Button
            icon={original ? Minimize : Maximize}
            aria-pressed={original === "on"}
            onClick={() => setOriginal(original ? "" : "on")}
          >
            {t("Original size")}
          </Button>
          <a className="button plain" href={address} download={`${shot.product.idx + 1}-${variant.preset}.jpg`}>
            <Download size={15} aria-hidden />
            {t("Download")}
          </a>
        </>
      }
    >
      <p className="muted small" role="status">
        {t("{at} of {total}", { at: at + 1, total: shots.length })} ·{" "}
        <span translate="no">{formatName(variant.preset)}</span> · {sizeText(variant)} · {bytes(variant.bytes)}
      </p>
      <div className={original ? "cr-large original" : "cr-large"} tabIndex={original ? 0 : undefined}>
        <img src={address} width={variant.width} height={variant.height} alt={altText(shot)} />
      </div>
    </Dialog>
  );
}
