import { t } from "@/i18n/text";
import { ChoiceFilter } from "@/ui/Filters";

const HOURS = ["1", "6", "24"] as const;

/** How far back a queue's charts look. */
export function Hours() {
  const words = { "1": t("1 hour"), "6": t("6 hours"), "24": t("24 hours") };
  return (
    <ChoiceFilter
      name="hours"
      label={t("Last")}
      initial="1"
      options={HOURS.map((value) => ({ value, label: words[value] }))}
    />
  );
}

/** The hours that an address asks for. */
export function hoursOf(chosen: string): number {
  return Number(HOURS.find((known) => known === chosen) ?? "1");
}
