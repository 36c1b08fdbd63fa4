import { t } from "@/i18n/text";
import { Field } from "./Field";

const LEAST = 0.001;
const MOST = 100_000;

/** The rate in a text: undefined for none, null for what is no rate. */
export function rateOf(text: string): number | null | undefined {
  if (!text.trim()) return undefined;
  const rate = Number(text.trim().replace(",", "."));
  return rate >= LEAST && rate <= MOST ? rate : null;
}

interface Props {
  value: string;
  onChange: (value: string) => void;
  /** What is counted: tasks, letters. */
  unit: string;
}

/** How many a second, at most; empty for as fast as it goes. */
export function RateField({ value, onChange, unit }: Props) {
  return (
    <Field
      label={t("At most so many a second ({unit})", { unit })}
      about={t("Empty: as fast as it goes. A provider that just recovered may want 5.")}
      fault={rateOf(value) === null ? t("A number from {least} to {most}.", { least: LEAST, most: MOST }) : undefined}
    >
      <input inputMode="decimal" autoComplete="off" value={value} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}
