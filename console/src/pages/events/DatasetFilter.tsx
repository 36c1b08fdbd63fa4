import { useEffect, useId, useState } from "react";
import { useQuery } from "@/api/query";
import { t } from "@/i18n/text";
import { useUrlState } from "@/ui/url";

const OFFERED = 20;

/** The dataset whose events are meant, with names to choose from. */
export function DatasetFilter() {
  const [kept, keep] = useUrlState("dataset");
  const [typed, setTyped] = useState(kept);
  const [asked, setAsked] = useState(false);
  const id = useId();
  const offered = useQuery("list_datasets", asked ? { q: typed, limit: OFFERED } : undefined);
  const names = offered.data?.items.map(({ name }) => name) ?? [];
  useEffect(() => setTyped(kept), [kept]);
  const change = (text: string) => {
    setTyped(text);
    if (!text || names.includes(text)) keep(text);
  };
  return (
    <span className="filter">
      <label htmlFor={id}>{t("Dataset")}</label>
      <input
        id={id}
        type="search"
        list={`${id}-names`}
        placeholder={t("any")}
        value={typed}
        onFocus={() => setAsked(true)}
        onChange={(event) => change(event.target.value.trim())}
        onKeyDown={(event) => event.key === "Enter" && keep(typed)}
        onBlur={() => keep(typed)}
      />
      <datalist id={`${id}-names`}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </span>
  );
}
