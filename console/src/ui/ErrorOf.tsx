import { t } from "@/i18n/text";
import { Badge } from "./Badge";
import { Sentence } from "./Reasons";
import "./errorof.css";

interface Told {
  message: string;
  code: string;
  fault: string;
  hint: string;
  detail: string;
  problems: { pointer: string; message: string }[];
}

/** The error of an attempt as the API keeps it, with what is missing left empty. */
export function told(error: Record<string, unknown> | null): Told {
  const text = (name: string) => (typeof error?.[name] === "string" ? error[name] : "");
  const problems = Array.isArray(error?.problems) ? (error.problems as Record<string, unknown>[]) : [];
  return {
    message: text("message"),
    code: text("code"),
    fault: text("fault"),
    hint: text("hint"),
    detail: text("detail"),
    problems: problems.map(({ pointer, message }) => ({
      pointer: String(pointer ?? ""),
      message: String(message ?? ""),
    })),
  };
}

const FAULTS: Record<string, () => string> = {
  headgate: () => t("The operator or Headgate is at fault."),
  input: () => t("What it was given is at fault: mend that first."),
  provider: () => t("A provider is at fault: it may work later."),
  state: () => t("Nobody is at fault: the state of things did not allow it."),
};

/** Why something failed: what happened, whose fault it is, what to do, every fault, the trace. */
export function ErrorOf({ error, brief }: { error: Record<string, unknown>; brief?: boolean }) {
  const { message, code, fault, hint, detail, problems } = told(error);
  return (
    <div className="errorof">
      <p className="errorof-message" translate="no">
        {message || code}
      </p>
      {hint && <Sentence text={hint} />}
      {problems.length > 0 && (
        <ul className="errorof-problems">
          {problems.map((problem, index) => (
            <li key={index} translate="no">
              <code>{problem.pointer || "/"}</code> {problem.message}
            </li>
          ))}
        </ul>
      )}
      <p className="row small muted">
        {code && (
          <Badge tone="bad">
            <span translate="no">{code}</span>
          </Badge>
        )}
        {FAULTS[fault]?.()}
      </p>
      {!brief && detail && (
        <pre className="errorof-detail" tabIndex={0} aria-label={t("The trace")}>
          {detail}
        </pre>
      )}
    </div>
  );
}
