import { Ban } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { useAction } from "@/api/action";
import { useQuery } from "@/api/query";
import type { Operation as Found } from "@/api/schema";
import { percent } from "@/i18n/format";
import { t } from "@/i18n/text";
import { Answer } from "@/ui/Answer";
import { Button } from "@/ui/Button";
import { Commands } from "@/ui/Commands";
import { Confirm } from "@/ui/Dialog";
import { Facts, Json } from "@/ui/Facts";
import { Card, Page } from "@/ui/Page";
import { Span, Time } from "@/ui/Time";
import { say } from "@/ui/Toasts";
import { HowFar } from "./HowFar";
import { Problems } from "./Problems";
import { pageOf, Kind, kindWord, OperationState } from "./words";
import "./operations.css";

/** One operation: how far it is, what went wrong, what came of it. */
export default function Operation({ id }: { id: string }) {
  const operation = useQuery(
    "get_operation",
    { operation_id: id },
    { topics: ["operation"], when: ({ subject }) => subject === id },
  );
  const { data } = operation;
  const [asking, setAsking] = useState(false);
  const running = data?.state === "running";
  return (
    <Page
      title={data ? (kindWord(data.kind) ?? data.kind) : t("Operation")}
      named={data !== undefined && !kindWord(data.kind)}
      trail={[{ label: t("Operations"), path: "/operations" }]}
      beside={data && <OperationState of={data} />}
      progress={running && data.total ? percent(data.done / data.total) : undefined}
      about={data && <span translate="no">{data.subject}</span>}
      actions={
        <>
          {running && data.cancellable && !data.cancel_requested && (
            <Button icon={Ban} look="danger" onClick={() => setAsking(true)}>
              {t("Cancel…")}
            </Button>
          )}
          <Commands cli={`headgate operation show ${id}`} api={`GET /api/v1/operations/${id}`} />
        </>
      }
    >
      <Answer of={operation}>{(found) => <Shown operation={found} />}</Answer>
      {asking && data && (
        <CancelDialog operation={data} onClose={() => setAsking(false)} onDone={operation.refresh} />
      )}
    </Page>
  );
}

function Shown({ operation }: { operation: Found }) {
  const { state, message, kind, actor, created_at: from, updated_at: to, id, problems, result } = operation;
  const page = pageOf(operation);
  return (
    <>
      <Card title={t("Progress")}>
        <div className="stack">
          <HowFar of={operation} />
          {message && <p translate="no">{message}</p>}
          {state === "running" && !operation.cancellable && (
            <p className="muted small">{t("It cannot be cancelled as a whole; its tasks can, one by one.")}</p>
          )}
          <Facts
            of={[
              [t("What"), <Kind of={kind} />],
              [t("Asked by"), <Link href={`/operations?actor=${encodeURIComponent(actor)}`} translate="no">{actor}</Link>],
              [t("Asked"), <Time at={from} />],
              [state === "running" ? t("Runs for") : t("Took"), <Span from={from} to={state === "running" ? null : to} />],
              [t("Last news"), <Time at={to} />],
              [t("Id"), <code>{id}</code>],
              [t("See"), page && <Link href={page[0]}>{page[1]}</Link>],
            ]}
          />
        </div>
      </Card>
      {problems.length > 0 && <Problems of={problems} />}
      {result && state !== "running" && (
        <Card title={t("Result")}>
          <details>
            <summary className="muted">{t("As the server keeps it")}</summary>
            <Json value={result} />
          </details>
        </Card>
      )}
    </>
  );
}

interface CancelProps {
  operation: Found;
  onClose: () => void;
  onDone: () => void;
}

function CancelDialog({ operation: { id, done, total }, onClose, onDone }: CancelProps) {
  const cancel = useAction("cancel_operation");
  const confirm = async () => {
    if (!(await cancel.run({ operation_id: id }))) return;
    say(t("The operation ends."));
    onDone();
    onClose();
  };
  return (
    <Confirm
      title={t("Cancel this operation?")}
      verb={t("Cancel the operation")}
      danger
      busy={cancel.busy}
      failure={cancel.failure}
      onConfirm={() => void confirm()}
      onClose={onClose}
      cli={`headgate operation cancel ${id}`}
      api={`POST /api/v1/operations/${id}/cancel`}
    >
      <p>
        {total
          ? t("{done} of {total} are done and stay done. The others are left as they are.", { done, total })
          : t("What is done stays done.")}
      </p>
    </Confirm>
  );
}
