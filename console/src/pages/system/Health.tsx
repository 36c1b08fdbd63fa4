import { Link } from "wouter";
import { useQuery } from "@/api/query";
import { t } from "@/i18n/text";
import { FailureNote, Loading } from "@/ui/Answer";
import { Badge } from "@/ui/Badge";
import { Command, Commands } from "@/ui/Commands";
import { Facts } from "@/ui/Facts";
import { Card, Page } from "@/ui/Page";
import { Time } from "@/ui/Time";
import "./health.css";
import { Components } from "./Components";
import { useHealth } from "./useHealth";

const EVERY_MS = 5000;

/** The server itself: whether its parts work, what it is, and what to do when something is wrong. */
export default function Health() {
  const status = useQuery("get_status", {}, { every: EVERY_MS });
  const health = useHealth(EVERY_MS);
  return (
    <Page
      title={t("Health")}
      beside={health.found && <Overall ok={health.found.status === "ok"} />}
      about={t("The server, its database, and what it keeps files in.")}
      actions={<Commands cli="headgate doctor" api="GET /healthz" />}
    >
      {health.failure && <FailureNote failure={health.failure} again={health.refresh} />}
      {health.found ? (
        <Components health={health.found} status={status.data} />
      ) : (
        !health.failure && <Loading />
      )}
      {status.data && (
        <div className="columns">
          <Card title={t("Server")}>
            <Facts
              of={[
                [t("Version"), <span translate="no">{status.data.version}</span>],
                [t("Started"), <Time at={status.data.started_at} as="moment" />],
                [t("Address"), <code>{status.data.url}</code>],
                [t("Data folder"), <code>{status.data.home}</code>],
                [t("API"), <Link href="/api">{t("What it can be asked")}</Link>],
                [t("Metrics"), <a href="/metrics">{t("Figures for Prometheus")}</a>],
              ]}
            />
          </Card>
          <WhenWrong />
        </div>
      )}
      {!status.data && <WhenWrong />}
    </Page>
  );
}

function Overall({ ok }: { ok: boolean }) {
  return ok ? (
    <Badge tone="good">{t("works")}</Badge>
  ) : (
    <Badge tone="bad">{t("does not work")}</Badge>
  );
}

function WhenWrong() {
  return (
    <Card title={t("When something is wrong")}>
      <dl className="health-lines">
        <dt>{t("Checks this installation, and says how to mend what is not right:")}</dt>
        <dd>
          <Command line="headgate doctor" />
        </dd>
        <dt>{t("Shows what runs, waits and failed, and what needs somebody:")}</dt>
        <dd>
          <Command line="headgate status" />
        </dd>
      </dl>
    </Card>
  );
}
