import { useId } from "react";
import { t } from "@/i18n/text";
import { ChoiceFilter, Filters, GivenFilter, TextFilter } from "@/ui/Filters";
import { useUrlState } from "@/ui/url";
import { BETWEEN } from "./asked";
import { DatasetFilter } from "./DatasetFilter";

/** Which events are meant: of which dataset, kind, place and time. */
export function EventFilters() {
  const [when] = useUrlState("when");
  return (
    <div className="events-filters">
      <Filters>
        <DatasetFilter />
        <ChoiceFilter
          name="kind"
          label={t("Kind")}
          options={[
            { value: "update", label: t("update") },
            { value: "invalidate", label: t("invalidation") },
          ]}
        />
        <TextFilter name="key" label={t("How the key begins")} />
        <TextFilter name="range" label={t("Range, as 10-19")} />
        <ChoiceFilter
          name="when"
          label={t("Time")}
          options={[
            { value: "15", label: t("last 15 minutes") },
            { value: "60", label: t("last hour") },
            { value: "1440", label: t("last day") },
            { value: "10080", label: t("last week") },
            { value: BETWEEN, label: t("between…") },
          ]}
        />
        {when === BETWEEN && (
          <>
            <MomentFilter name="from" label={t("From")} />
            <MomentFilter name="to" label={t("To")} />
          </>
        )}
        <GivenFilter name="task" label={t("From task")} />
      </Filters>
    </div>
  );
}

function MomentFilter({ name, label }: { name: string; label: string }) {
  const [kept, keep] = useUrlState(name);
  const id = useId();
  return (
    <span className="filter">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="datetime-local" value={kept} onChange={(event) => keep(event.target.value)} />
    </span>
  );
}
