import { Link } from "wouter";
import { t } from "@/i18n/text";
import { Badge, State } from "@/ui/Badge";
import { Card } from "@/ui/Page";
import type { Found } from "./Overview";

type Dag = Found["dags"][number];

/** Each DAG as a small card that leads to it, with its state in a sentence. */
export function DagCards({ dags }: { dags: Dag[] }) {
  return (
    <Card title={t("DAGs")} actions={<Link href="/graph">{t("The whole graph")}</Link>}>
      <ul className="dag-cards">
        {dags.map((dag) => (
          <li key={dag.name}>
            <p className="row spread">
              <Link href={`/dags/${dag.name}`} translate="no">
                {dag.name}
              </Link>
              <DagState of={dag.state} />
            </p>
            <p className="small" translate="no">
              {dag.sentence}
            </p>
            <p className="muted small">{t("version {version}", { version: dag.version })}</p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function DagState({ of }: { of: Dag["state"] }) {
  switch (of) {
    case "failing":
      return <Badge tone="bad">{t("failing")}</Badge>;
    case "held":
    case "paused":
    case "waiting":
      return <State of={of} />;
    case "working":
      return <Badge tone="busy">{t("at work")}</Badge>;
    case "idle":
      return <Badge tone="idle">{t("idle")}</Badge>;
  }
}
