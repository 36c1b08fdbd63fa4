import { ImagePlus } from "lucide-react";
import { useState } from "react";
import { useAction } from "@/api/action";
import type { CampaignDetail, ProductView } from "@/api/schema";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Dialog";
import { say } from "@/ui/Toasts";
import { money } from "./words";

interface Props {
  run: CampaignDetail;
  product: ProductView;
  refresh: () => void;
}

/** Has another picture made of a product, after saying what that replaces and costs. */
export function AnotherPicture({ run, product, refresh }: Props) {
  const [open, setOpen] = useState(false);
  const again = useAction("run_product_again");
  if (!product.picture_event) return null;
  const confirm = async () => {
    const done = await again.run({ run_id: run.run_id, idx: product.idx }, { step: "picture" });
    if (done === undefined) return;
    setOpen(false);
    say(t("Another picture of {product} is being made.", { product: product.name }));
    refresh();
  };
  return (
    <>
      <Button icon={ImagePlus} onClick={() => setOpen(true)}>
        {t("Another picture")}
      </Button>
      {open && (
        <Confirm
          title={t("Make another picture of {product}?", { product: product.name })}
          verb={t("Make another picture")}
          busy={again.busy}
          failure={again.failure}
          onConfirm={() => void confirm()}
          onClose={() => setOpen(false)}
          cli={`headgate dataset invalidate creative.to_generate --key ${product.picture_event}`}
          api={`POST /api/v1/creative/campaigns/${run.run_id}/products/${product.idx}/again`}
          body={{ step: "picture" }}
        >
          <p>
            {t(
              "It is made from another seed, for {cost}. It takes the place of this picture and of the {count} images that were made of it; they stay until the new ones are there.",
              { cost: money(run.price_of_a_picture_micros), count: run.formats.length },
            )}
          </p>
        </Confirm>
      )}
    </>
  );
}
