import type { Result } from "@/api/call";
import { useQuery } from "@/api/query";
import { t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { Commands } from "@/ui/Commands";
import { Card, Page } from "@/ui/Page";
import { Attention } from "./Attention";
import { DagCards } from "./DagCards";
import { EndedTasks } from "./EndedTasks";
import { FirstSteps } from "./FirstSteps";
import { FlowCharts } from "./FlowCharts";
import { NewestOperations } from "./NewestOperations";
import { OverviewFigures } from "./OverviewFigures";
import "./overview.css";

export type Found = Result<"get_overview">;

/** How all is: the figures, what needs somebody, how work flows, the DAGs, what ended last. */
export default function Overview() {
  const overview = useQuery(
    "get_overview",
    {},
    { topics: ["operation", "dead_letter", "task", "dag"], every: 4000 },
  );
  return (
    <Page
      title={t("Overview")}
      actions={<Commands cli="headgate status" api="GET /api/v1/overview" />}
    >
      <Answer of={overview}>{(found) => <Shown found={found} />}</Answer>
    </Page>
  );
}

function Shown({ found }: { found: Found }) {
  const { kpis, attention, dags, ended, operations } = found;
  const nothingRan = ended.length === 0 && kpis.running === 0 && kpis.waiting === 0;
  return (
    <>
      {nothingRan && <FirstSteps deployed={dags.length > 0} />}
      <OverviewFigures kpis={kpis} />
      {!(nothingRan && attention.items.length === 0) && <Attention of={attention} />}
      {!nothingRan && <FlowCharts />}
      {dags.length > 0 && <DagCards dags={dags} />}
      {!nothingRan && (
        <div className="overview-lists">
          <Card title={t("Ended last")} flush>
            <EndedTasks tasks={ended} />
          </Card>
          <Card title={t("Operations")} flush>
            <NewestOperations operations={operations} />
          </Card>
        </div>
      )}
    </>
  );
}
