import { bytes } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Dialog } from "@/ui/Dialog";
import { Facts } from "@/ui/Facts";
import { SafeArea } from "./SafeArea";
import { altText, objectAddress, ratio, sizeText, type Shot } from "./words";

/** Two images side by side, with what was measured on each. */
export function Compare({ shots, safe, onClose }: { shots: Shot[]; safe: boolean; onClose: () => void }) {
  return (
    <Dialog wide title={t("Compare")} onClose={onClose}>
      <div className="cr-compare">
        {shots.map((shot) => (
          <figure key={shot.id} className="stack tight">
            <figcaption>
              <strong translate="no">{altText(shot)}</strong>
            </figcaption>
            <div className="cr-frame">
              <img
                src={objectAddress(shot.variant.key, shot.variant.version)}
                width={shot.variant.width}
                height={shot.variant.height}
                alt={altText(shot)}
              />
              {safe && shot.format && <SafeArea of={shot.format} />}
            </div>
            <Measured of={shot} />
          </figure>
        ))}
      </div>
    </Dialog>
  );
}

function Measured({ of: { variant } }: { of: Shot }) {
  return (
    <Facts
      of={[
        [t("Size"), `${sizeText(variant)} · ${bytes(variant.bytes)}`],
        [t("Layout"), <span translate="no">{variant.layout}</span>],
        [t("Contrast"), variant.contrast !== null && ratio(variant.contrast)],
      ]}
    />
  );
}
