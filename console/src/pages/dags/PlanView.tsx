import { Minus, Pencil, Plus, type LucideIcon } from "lucide-react";
import type { FieldChange, PlannedChange } from "@/api/schema";
import { n, t } from "@/i18n/text";
import { FailureNote } from "@/ui/Answer";
import { Badge, type Tone } from "@/ui/Badge";
import type { Plan, Planned } from "./plan";
import "./dags.css";

/** What a deploy would change, with its warnings, or why it cannot be done. */
export function PlanView({ planned }: { planned: Planned }) {
  const { plan, failure, faults, busy } = planned;
  return (
    <section className="stack tight" aria-label={t("Plan")} aria-busy={busy}>
      {failure && faults.length === 0 && <FailureNote failure={failure} />}
      {plan && <Changes plan={plan} />}
      {!plan && busy && <p className="muted small">{t("Looking at it…")}</p>}
    </section>
  );
}

function Changes({ plan }: { plan: Plan }) {
  const { changes, warnings, before, dag } = plan;
  return (
    <>
      <p role="status">
        {before === 0 ? (
          <strong>
            {n(
              changes.length,
              "DAG {dag} is new: {count} part.",
              "DAG {dag} is new: {count} parts.",
              { dag },
            )}
          </strong>
        ) : changes.length === 0 ? (
          <strong>{t("Nothing changes: version {before} of {dag} says the same.", { before, dag })}</strong>
        ) : (
          <strong>
            {n(
              changes.length,
              "{count} change to version {before} of {dag}:",
              "{count} changes to version {before} of {dag}:",
              { before, dag },
            )}
          </strong>
        )}
      </p>
      {warnings.map((warning) => (
        <p key={warning} className="dag-note">
          <Badge tone="warn">{t("warning")}</Badge> <span translate="no">{warning}</span>
        </p>
      ))}
      <ul className="dag-changes">
        {changes.map((change) => (
          <Change key={`${change.what} ${change.name}`} change={change} />
        ))}
      </ul>
    </>
  );
}

const KINDS: Record<PlannedChange["kind"], [Tone, LucideIcon, () => string]> = {
  add: ["good", Plus, () => t("new")],
  change: ["idle", Pencil, () => t("changed")],
  remove: ["bad", Minus, () => t("removed")],
};

const PARTS: Record<PlannedChange["what"], () => string> = {
  dag: () => t("DAG"),
  dataset: () => t("dataset"),
  source: () => t("source"),
  job: () => t("job"),
};

function Change({ change: { kind, what, name, fields, warning, error } }: { change: PlannedChange }) {
  const [tone, icon, word] = KINDS[kind];
  return (
    <li>
      <span className="row">
        <Badge tone={tone} icon={icon}>
          {word()}
        </Badge>
        <span>
          {PARTS[what]()} <code>{name}</code>
        </span>
      </span>
      {kind === "change" && fields.length > 0 && (
        <ul className="dag-fields">
          {fields.map((field) => (
            <Field key={field.field} of={field} />
          ))}
        </ul>
      )}
      {warning && (
        <p className="dag-note">
          <Badge tone="warn">{t("warning")}</Badge> <span translate="no">{warning}</span>
        </p>
      )}
      {error && (
        <p className="dag-note">
          <Badge tone="bad">{t("cannot be done")}</Badge> <span translate="no">{error}</span>
        </p>
      )}
    </li>
  );
}

function Field({ of: { field, before, after } }: { of: FieldChange }) {
  return (
    <li>
      <code>{field}</code>
      {": "}
      <code className="dag-removed">{JSON.stringify(before)}</code>
      {" → "}
      <code className="dag-added">{JSON.stringify(after)}</code>
    </li>
  );
}
