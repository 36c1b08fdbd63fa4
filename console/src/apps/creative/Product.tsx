import { RefreshCw, RotateCcw } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useAction } from "@/api/action";
import type { CampaignDetail, ProductView } from "@/api/schema";
import { t } from "@/i18n/text";
import { FailureNote } from "@/ui/Answer";
import { Button } from "@/ui/Button";
import { say } from "@/ui/Toasts";
import { AnotherPicture } from "./AnotherPicture";
import { Picture } from "./Picture";
import { StepBar } from "./StepBar";
import { Tile, Waiting } from "./Tile";
import type { Shot } from "./words";

interface Props {
  run: CampaignDetail;
  product: ProductView;
  shots: Shot[];
  safe: boolean;
  picked: string[];
  onPick: (id: string) => void;
  onZoom: (id: string) => void;
  refresh: () => void;
}

/** One product of a run: how far it is, its picture, its images, and having them made again. */
export function Product({ run, product, shots, safe, picked, onPick, onZoom, refresh }: Props) {
  const again = useAgain(run.run_id, product, refresh);
  const idle = product.state === "done" || product.state === "failed";
  return (
    <section className="card" aria-label={product.name}>
      <header>
        <h2 translate="no">{product.name}</h2>
        {idle && (
          <div className="row">
            <AnotherPicture run={run} product={product} refresh={refresh} />
            {product.compose_event && product.variants.length > 0 && (
              <Button icon={RefreshCw} busy={again.busy} onClick={() => again.compose()}>
                {t("Compose all again")}
              </Button>
            )}
          </div>
        )}
      </header>
      <div className="stack">
        <StepBar of={product} at={run.created_at} />
        {product.failure && <Failed of={product} refresh={refresh} />}
        {again.failure && <FailureNote failure={again.failure} />}
        <Picture of={product} />
        <div className="cr-gallery" hidden={product.state === "failed" && shots.length === 0}>
          {run.formats.map((format) => {
            const shot = shots.find(({ variant }) => variant.preset === format.preset);
            return shot ? (
              <Tile
                key={format.preset}
                shot={shot}
                safe={safe}
                picked={picked.includes(shot.id)}
                onPick={() => onPick(shot.id)}
                onZoom={() => onZoom(shot.id)}
                onAgain={idle ? () => again.compose([format.preset]) : undefined}
              />
            ) : (
              <Waiting key={format.preset} format={format} failed={product.state === "failed"} />
            );
          })}
        </div>
      </div>
    </section>
  );
}

function useAgain(run: string, product: ProductView, refresh: () => void) {
  const { run: act, busy, failure } = useAction("run_product_again");
  const compose = (presets?: string[]) =>
    void act(
      { run_id: run, idx: product.idx },
      { step: "compose", ...(presets && { presets }) },
    ).then((done) => {
      if (done === undefined) return;
      say(t("{product} is being composed again.", { product: product.name }));
      refresh();
    });
  return { compose, busy, failure };
}

function Failed({ of, refresh }: { of: ProductView; refresh: () => void }) {
  const redrive = useAction("redrive_dead_letter");
  const [asked, setAsked] = useState(false);
  const { failure } = of;
  if (!failure) return null;
  const letter = failure.dead_letter;
  return (
    <div className="failure">
      <p>
        <strong>{t("This product failed.")}</strong> <span translate="no">{failure.message}</span>
      </p>
      {failure.hint && <p translate="no">{failure.hint}</p>}
      {redrive.failure && <FailureNote failure={redrive.failure} />}
      {letter !== null && (
        <div className="row">
          <Button
            icon={RotateCcw}
            busy={redrive.busy || asked}
            onClick={() =>
              void redrive.run({ letter_id: letter }).then((done) => {
                if (done === undefined) return;
                setAsked(true);
                say(t("{product} is tried again.", { product: of.name }));
                refresh();
              })
            }
          >
            {t("Try again")}
          </Button>
          <Link href={`/dead-letters/${letter}`}>{t("Look at the dead letter")}</Link>
        </div>
      )}
    </div>
  );
}
