import { X } from "lucide-react";
import { Link } from "wouter";
import { useAction } from "@/api/action";
import { useQuery } from "@/api/query";
import type { Operation } from "@/api/schema";
import { count } from "@/i18n/format";
import { t } from "@/i18n/text";
import { FailureNote } from "./Answer";
import { State } from "./Badge";
import { Button } from "./Button";
import { Progress } from "./Facts";
import "./operationbar.css";

interface Props {
  operation: Operation;
  /** Takes the bar away. */
  onClose?: () => void;
  onCancelled?: () => void;
}

/** How far something is that goes on by itself: done of all, what it says, a way to end it. */
export function OperationBar({ operation, onClose, onCancelled }: Props) {
  const { id, state, done, total, message, subject, cancel_requested: ending } = operation;
  const cancel = useAction("cancel_operation");
  const goesOn = state === "running";
  return (
    <section className="operationbar" aria-label={t("Operation")}>
      <div className="row">
        <State of={state} />
        <Link href={`/operations/${id}`}>{t("Operation")}</Link>
        <span translate="no" className="operationbar-text">
          {message || subject}
        </span>
        <span className="operationbar-end row">
          <strong>{t("{done} of {total}", { done: count(done), total: count(total) })}</strong>
          {goesOn && (
            <Button
              busy={cancel.busy}
              disabled={ending}
              onClick={() => void cancel.run({ operation_id: id }).then(() => onCancelled?.())}
            >
              {ending ? t("Stopping…") : t("Stop it")}
            </Button>
          )}
          {!goesOn && onClose && <Button look="quiet" icon={X} aria-label={t("Dismiss")} onClick={onClose} />}
        </span>
      </div>
      {goesOn && <Progress done={done} total={total || null} label={t("How far the operation is")} />}
      {cancel.failure && <FailureNote failure={cancel.failure} />}
    </section>
  );
}

/** The bar of one operation, followed while it goes on. */
export function FollowedOperation({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, failure, refresh } = useQuery(
    "get_operation",
    { operation_id: id },
    { topics: ["operation"], when: ({ subject }) => subject === id },
  );
  if (data) return <OperationBar operation={data} onClose={onClose} onCancelled={refresh} />;
  return failure ? <FailureNote failure={failure} again={refresh} /> : null;
}
