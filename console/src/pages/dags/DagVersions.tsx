import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useQuery } from "@/api/query";
import type { DagDetail, DagVersion } from "@/api/schema";
import { t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Card } from "@/ui/Page";
import { Table, type Column } from "@/ui/Table";
import { Time } from "@/ui/Time";
import { useUrlState } from "@/ui/url";
import { LineDiff } from "./LineDiff";
import { RollbackDialog } from "./RollbackDialog";

const MOST = 200;

/** All versions of a DAG, what each changed, and a way back to it. */
export function DagVersions({ dag }: { dag: DagDetail }) {
  const { name } = dag;
  const versions = useQuery(
    "list_dag_versions",
    { name, limit: MOST },
    { topics: ["dag"], when: ({ subject }) => subject === name },
  );
  const [shown, setShown] = useUrlState("version", String(dag.version));
  const [back, setBack] = useState<number>();
  return (
    <Answer of={versions}>
      {(list) => (
        <div className="stack">
          <Card flush title={t("Versions")}>
            <Table
              label={t("Versions")}
              columns={columns(Number(shown), (to) => setShown(String(to)), setBack)}
              rows={list}
              rowKey={({ version }) => version}
            />
          </Card>
          <Changes key={shown} dag={name} version={Number(shown)} />
          {back !== undefined && <RollbackDialog dag={dag} version={back} onClose={() => setBack(undefined)} />}
        </div>
      )}
    </Answer>
  );
}

function columns(
  shown: number,
  onShow: (version: number) => void,
  onBack: (version: number) => void,
): Column<DagVersion>[] {
  return [
    {
      key: "version",
      head: t("Version"),
      cell: ({ version, current }) => (
        <span className="row">
          <strong>{version}</strong>
          {current && <Badge tone="good">{t("runs now")}</Badge>}
        </span>
      ),
    },
    { key: "at", head: t("Deployed"), cell: ({ deployed_at }) => <Time at={deployed_at} /> },
    { key: "by", head: t("By"), cell: ({ deployed_by }) => <span translate="no">{deployed_by}</span> },
    {
      key: "acts",
      head: <span className="unseen">{t("What to do")}</span>,
      align: "end",
      cell: ({ version, current }) => (
        <span className="row dag-acts">
          <Button
            look="quiet"
            aria-pressed={version === shown}
            aria-label={t("Show the changes of version {version}", { version })}
            onClick={() => onShow(version)}
          >
            {t("Changes")}
          </Button>
          {!current && (
            <Button
              look="quiet"
              icon={Undo2}
              aria-label={t("Roll back to version {version}…", { version })}
              onClick={() => onBack(version)}
            >
              {t("Roll back…")}
            </Button>
          )}
        </span>
      ),
    },
  ];
}

function Changes({ dag, version }: { dag: string; version: number }) {
  const text = useQuery("get_dag_version", { name: dag, version });
  const before = useQuery("get_dag_version", version > 1 ? { name: dag, version: version - 1 } : undefined);
  return (
    <Card
      title={
        version > 1
          ? t("What version {version} changed", { version })
          : t("The first version")
      }
    >
      <Answer of={text}>
        {({ source }) =>
          version === 1 ? (
            <LineDiff label={t("Changed lines")} before="" after={source} />
          ) : (
            <Answer of={before}>
              {({ source: earlier }) => <LineDiff label={t("Changed lines")} before={earlier} after={source} />}
            </Answer>
          )
        }
      </Answer>
    </Card>
  );
}
