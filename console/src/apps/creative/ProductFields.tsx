import { Plus, Trash2 } from "lucide-react";
import { t } from "@/i18n/text";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Page";
import { say } from "@/ui/Toasts";
import { productsOf } from "./draft";
import { DraftField, useEditing, useFault } from "./DraftField";
import { OwnPicture } from "./OwnPicture";

/** The products of a draft. */
export function ProductFields() {
  const { draft, change } = useEditing();
  const products = productsOf(draft);
  const fault = useFault("/products");
  const remove = (at: number) => {
    const before = draft["products"];
    change(`/products/${at}`, undefined);
    say(t("Product {number} was removed.", { number: at + 1 }), {
      undo: () => change("/products", before),
    });
  };
  return (
    <Card
      title={t("Products")}
      actions={
        <Button icon={Plus} onClick={() => change("/products", [...products, { name: "" }])}>
          {t("Add a product")}
        </Button>
      }
    >
      <div className="stack">
        {products.length === 0 && <p className="cr-fault">{fault}</p>}
        {products.map((_, at) => (
          <fieldset key={at} className="cr-product-fields">
            <legend>{t("Product {number}", { number: at + 1 })}</legend>
            <div className="stack">
              <DraftField pointer={`/products/${at}/name`} label={t("Name")} needed />
              <DraftField
                pointer={`/products/${at}/description`}
                label={t("Description")}
                about={t("Goes into the prompt of its picture.")}
                lines={2}
              />
              <OwnPicture pointer={`/products/${at}/existing_assets`} />
            </div>
            <Button
              look="quiet"
              icon={Trash2}
              aria-label={t("Remove product {number}", { number: at + 1 })}
              onClick={() => remove(at)}
            />
          </fieldset>
        ))}
      </div>
    </Card>
  );
}
