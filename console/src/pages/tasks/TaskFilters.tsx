import { useQuery } from "@/api/query";
import { t } from "@/i18n/text";
import { ChoiceFilter, Filters, GivenFilter, TextFilter } from "@/ui/Filters";
import { useUrlState } from "@/ui/url";

const MOST_JOBS = 200;

/** Which tasks: by DAG, job, partition, time, and what other pages asked for. */
export function TaskFilters() {
  const { data } = useQuery("list_jobs", { limit: MOST_JOBS }, { topics: ["dag"] });
  const [dag] = useUrlState("dag");
  const [job] = useUrlState("job");
  const [since] = useUrlState("since");
  const names = data?.items.map(({ job: name }) => name) ?? [];
  const dags = [...new Set(names.map((name) => name.split(".")[0] ?? ""))];
  const jobs = names.filter((name) => !dag || name.startsWith(`${dag}.`));
  const given = (list: string[], value: string) =>
    (value && !list.includes(value) ? [value, ...list] : list).map((name) => ({ value: name, label: name }));
  return (
    <div className="task-filters">
      <Filters>
      <TextFilter name="partition" label={t("How the partition begins")} placeholder={t("Partition begins with…")} />
      <ChoiceFilter named name="dag" label={t("DAG")} options={given(dags, dag)} />
      <ChoiceFilter named name="job" label={t("Job")} options={given(jobs, job)} />
      <ChoiceFilter
        name="since"
        label={t("Made")}
        any={t("any time")}
        options={[
          { value: "15m", label: t("last 15 minutes") },
          { value: "1h", label: t("last hour") },
          { value: "24h", label: t("last 24 hours") },
          { value: "7d", label: t("last 7 days") },
          ...(/^\d{4}-/.test(since) ? [{ value: since, label: t("since {time}", { time: since }) }] : []),
        ]}
      />
      <ChoiceFilter
        name="order"
        label={t("Order")}
        initial="newest"
        options={[
          { value: "newest", label: t("newest first") },
          { value: "oldest", label: t("oldest first") },
        ]}
      />
      <GivenFilter name="until" label={t("made before")} />
      <GivenFilter name="worker" label={t("by the worker")} />
      <GivenFilter name="error_code" label={t("with the error")} />
      </Filters>
    </div>
  );
}
