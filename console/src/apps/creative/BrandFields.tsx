import { t } from "@/i18n/text";
import { Badge } from "@/ui/Badge";
import { Field } from "@/ui/Field";
import { Card } from "@/ui/Page";
import { contrast } from "./contrast";
import { textAt } from "./draft";
import { DraftField, useEditing, useFault } from "./DraftField";
import { LEGIBLE, ratio } from "./words";

const PLAIN = "#808080"; // what a picker shows where no colour was chosen

/** The brand of a draft: its name and colours, and whether text in them can be read. */
export function BrandFields() {
  return (
    <Card title={t("Brand")}>
      <div className="stack">
        <DraftField pointer="/brand/name" label={t("Brand name")} />
        <div className="cr-colours">
          <ColourField pointer="/brand/primary_color" label={t("Main colour")} />
          <ColourField pointer="/brand/background_color" label={t("Background")} />
          <ColourField pointer="/brand/text_color" label={t("Text colour")} />
        </div>
        <ContrastHint />
      </div>
    </Card>
  );
}

function ColourField({ pointer, label }: { pointer: string; label: string }) {
  const { draft, change, touch } = useEditing();
  const value = textAt(draft, pointer);
  const set = (next: string) => {
    touch(pointer);
    change(pointer, next || undefined);
  };
  return (
    <div className="cr-colour">
      <Field label={label} fault={useFault(pointer)}>
        <input
          type="text"
          value={value}
          placeholder={t("as the layout chooses")}
          autoComplete="off"
          spellCheck={false}
          onBlur={() => touch(pointer)}
          onChange={(event) => set(event.target.value.trim())}
        />
      </Field>
      <input
        type="color"
        className="cr-picker"
        aria-label={t("Pick: {label}", { label })}
        value={/^#[0-9a-f]{6}$/i.test(value) ? value : PLAIN}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  );
}

function ContrastHint() {
  const { draft } = useEditing();
  const text = textAt(draft, "/brand/text_color");
  const behind = textAt(draft, "/brand/background_color") || textAt(draft, "/brand/primary_color");
  const found = contrast(text, behind);
  if (found === undefined) {
    return (
      <p className="muted small">
        {t("With a text colour and a background, the contrast between them is shown here.")}
      </p>
    );
  }
  const legible = found >= LEGIBLE;
  return (
    <p className="row small" role="status">
      <Badge tone={legible ? "good" : "warn"}>{ratio(found)}</Badge>
      {legible
        ? t("Text in these colours can be read well.")
        : t("Text in these colours is hard to read; the layout will put something behind it.")}
    </p>
  );
}
