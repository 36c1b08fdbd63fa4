import { Link } from "wouter";
import { t } from "@/i18n/text";
import { Command } from "@/ui/Commands";
import { Card } from "@/ui/Page";

/** What to do first, where nothing has run yet. */
export function FirstSteps({ deployed }: { deployed: boolean }) {
  return (
    <Card title={deployed ? t("Nothing has run yet") : t("Nothing is deployed yet")}>
      <ol className="first-steps">
        <li>
          <p>{t("See it work: an example, from its input to its results.")}</p>
          <Command line="headgate demo creative" />
        </li>
        <li>
          <p>{t("Describe your own jobs and datasets in a file, and deploy it.")}</p>
          <Command line="headgate dag apply dag.yaml" />
        </li>
        <li>
          <p>{t("Give it work: send an event to a source, or drop a file. What it sets off appears here.")}</p>
          <p className="row">
            <Link href="/dags">{t("The DAGs")}</Link>
            <Link href="/api">{t("The HTTP API")}</Link>
          </p>
        </li>
      </ol>
    </Card>
  );
}
