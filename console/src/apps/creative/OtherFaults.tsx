import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Page";
import { productsOf, textAt } from "./draft";
import { useEditing } from "./DraftField";
import { faultWord } from "./faultWords";

const FIELDS = [
  "/campaign_id", "/campaign_message", "/audience", "/region",
  "/brand/name", "/brand/primary_color", "/brand/background_color", "/brand/text_color",
]; // prettier-ignore
const OF_PRODUCT = ["name", "description", "existing_assets"];

/** The faults of a draft that no field shows: of what was dropped and has no place in the form. */
export function OtherFaults() {
  const { draft, faults, change } = useEditing();
  const products = productsOf(draft);
  const shown = [
    ...FIELDS,
    ...products.flatMap((_, at) => OF_PRODUCT.map((name) => `/products/${at}/${name}`)),
  ];
  const rest = faults.filter(
    ({ pointer }) =>
      !shown.some((field) => pointer === field || pointer.startsWith(`${field}/`)) &&
      !(pointer === "/products" && products.length === 0),
  );
  if (rest.length === 0) return null;
  return (
    <Card title={t("Elsewhere in the brief")}>
      <ul className="stack tight">
        {rest.map((fault) => (
          <li key={fault.pointer + fault.code} className="row spread">
            <span>
              <code>{fault.pointer || "/"}</code> <span className="cr-fault">{faultWord(fault)}</span>{" "}
              <code className="muted">{textAt(draft, fault.pointer).slice(0, 80)}</code>
            </span>
            <Button onClick={() => change(fault.pointer, undefined)}>
              {t("Remove {place}", { place: fault.pointer })}
            </Button>
          </li>
        ))}
      </ul>
    </Card>
  );
}
