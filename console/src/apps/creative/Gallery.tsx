import { Columns2 } from "lucide-react";
import { useRef, type KeyboardEvent } from "react";
import type { CampaignDetail } from "@/api/schema";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { useUrlState } from "@/ui/url";
import { Compare } from "./Compare";
import { Product } from "./Product";
import { shotsOf } from "./words";
import { Zoom } from "./Zoom";

/** The images of a run by product; arrows walk through them, Enter looks closer. */
export function Gallery({ of, refresh }: { of: CampaignDetail; refresh: () => void }) {
  const [safe, setSafe] = useUrlState("safe");
  const [zoomed, zoom] = useUrlState("zoom");
  const [picks, pick] = useUrlState("pick");
  const [comparing, compare] = useUrlState("compare");
  const gallery = useRef<HTMLDivElement>(null);
  const shots = shotsOf(of.items, of.formats);
  const picked = shots.filter(({ id }) => picks.split(",").includes(id)).slice(0, 2);
  const toggle = (id: string) => {
    const now = picked.map((shot) => shot.id);
    // A third one takes the place of the second.
    const next = now.includes(id) ? now.filter((one) => one !== id) : [...now.slice(0, 1), id];
    pick(next.join(","));
  };
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const tiles = [...(gallery.current?.querySelectorAll<HTMLElement>("[data-tile]") ?? [])];
    const at = tiles.findIndex((tile) => tile === document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = tiles[at + step];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  return (
    <div className="stack" ref={gallery} onKeyDown={walk}>
      <div className="row spread">
        <label className="cr-switch">
          <input
            type="checkbox"
            role="switch"
            checked={safe === "on"}
            onChange={(event) => setSafe(event.target.checked ? "on" : "")}
          />
          {t("Show the safe areas")}
        </label>
        <span className="row">
          <span className="muted small" role="status">
            {picked.length === 0
              ? t("Tick two images to compare them.")
              : t("{count} of 2 ticked", { count: picked.length })}
          </span>
          <Button icon={Columns2} disabled={picked.length !== 2} onClick={() => compare("on")}>
            {t("Compare")}
          </Button>
        </span>
      </div>
      {of.items.map((product) => (
        <Product
          key={product.idx}
          run={of}
          product={product}
          shots={shots.filter((shot) => shot.product === product)}
          safe={safe === "on"}
          picked={picked.map(({ id }) => id)}
          onPick={toggle}
          onZoom={zoom}
          refresh={refresh}
        />
      ))}
      {shots.some(({ id }) => id === zoomed) && <Zoom shots={shots} id={zoomed} onMove={zoom} />}
      {comparing && picked.length === 2 && (
        <Compare shots={picked} safe={safe === "on"} onClose={() => compare("")} />
      )}
    </div>
  );
}
