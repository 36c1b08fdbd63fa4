import { t } from "@/i18n/text";
import "./dags.css";

/** What the shapes of a graph mean. */
export function GraphLegend() {
  return (
    <ul className="dag-legend small muted" aria-label={t("What the shapes mean")}>
      <li>
        <span className="dag-shape source" aria-hidden /> {t("a source brings events in")}
      </li>
      <li>
        <span className="dag-shape dataset" aria-hidden /> {t("a dataset")}
      </li>
      <li>
        <span className="dag-shape job" aria-hidden /> {t("a job makes datasets from datasets")}
      </li>
      <li>
        <span className="dag-line" aria-hidden /> {t("failures, or all of it for any part")}
      </li>
    </ul>
  );
}
