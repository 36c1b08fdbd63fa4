import type { CampaignDetail } from "@/api/schema";
import { bytes, percent } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Empty } from "@/ui/Answer";
import { Badge } from "@/ui/Badge";
import { Card } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { checksOf, formatName, ratio, shotsOf, sizeText, type Check, type Shot } from "./words";

/** What was measured on each image, and whether that is as it should be. */
export function Checks({ of }: { of: CampaignDetail }) {
  const warned = of.items.filter(({ warnings }) => warnings.length > 0);
  return (
    <>
      <Card flush>
        <Table
          label={t("Checks of the images")}
          columns={columns()}
          rows={shotsOf(of.items, of.formats)}
          rowKey={({ id }) => id}
          empty={<Empty title={t("No image was made yet.")} />}
        />
      </Card>
      {warned.length > 0 && (
        <Card title={t("Warnings")}>
          <ul className="stack tight" translate="no">
            {warned.flatMap(({ idx, name, warnings }) =>
              warnings.map((warning) => (
                <li key={`${idx} ${warning}`}>
                  <strong>{name}</strong> {warning}
                </li>
              )),
            )}
          </ul>
        </Card>
      )}
    </>
  );
}

function columns(): Column<Shot>[] {
  return [
    {
      key: "image",
      head: t("Image"),
      cell: ({ product, variant }) => (
        <span translate="no">
          {product.name}, {formatName(variant.preset)}
        </span>
      ),
    },
    {
      key: "size",
      head: t("Size"),
      cell: (shot) => <Mark of={shot} check="size" value={sizeText(shot.variant)} />,
    },
    {
      key: "contrast",
      head: t("Contrast"),
      cell: (shot) =>
        shot.variant.contrast === null ? (
          <span className="muted">–</span>
        ) : (
          <Mark of={shot} check="contrast" value={ratio(shot.variant.contrast)} />
        ),
    },
    {
      key: "safe",
      head: t("Safe area"),
      cell: (shot) => <Mark of={shot} check="safe" value={shot.variant.safe_zone ? t("inside") : t("text leaves it")} />,
    },
    {
      key: "whole",
      head: t("Product kept"),
      cell: (shot) => <Mark of={shot} check="whole" value={percent(shot.variant.product_kept)} />,
    },
    {
      key: "glyphs",
      head: t("Characters"),
      cell: (shot) => (
        <Mark
          of={shot}
          check="glyphs"
          value={shot.variant.missing_glyphs.length ? shot.variant.missing_glyphs.join(" ") : t("all drawn")}
        />
      ),
    },
    { key: "bytes", head: t("File"), align: "end", minor: true, cell: ({ variant }) => bytes(variant.bytes) },
  ];
}

function Mark({ of, check, value }: { of: Shot; check: Check; value: string }) {
  return <Badge tone={checksOf(of)[check] ? "good" : "warn"}>{value}</Badge>;
}
