import type { ReactNode } from "react";
import { Link } from "wouter";
import { RefreshCw } from "lucide-react";
import type { Failure } from "@/api/call";
import { t } from "@/i18n/text";
import { Button } from "./Button";
import { Command } from "./Commands";
import "./answer.css";

interface AnswerProps<T> {
  of: { data: T | undefined; failure: Failure | undefined; loading: boolean; refresh: () => void };
  children: (data: T) => ReactNode;
}

/** What a query gave: its data, or that it loads, or why it failed. Old data stays, with a note. */
export function Answer<T>({ of, children }: AnswerProps<T>) {
  if (of.data !== undefined) {
    return (
      <>
        {of.failure && <FailureNote failure={of.failure} again={of.refresh} />}
        {children(of.data)}
      </>
    );
  }
  return of.failure ? <FailureNote failure={of.failure} again={of.refresh} /> : <Loading />;
}

/** A place where something will be; it says so after a moment, so that nothing flickers. */
export function Loading({ label }: { label?: string }) {
  return (
    <div className="loading" role="status">
      {label ?? t("Loading…")}
    </div>
  );
}

/** Why something failed: what happened, every fault, what to do. */
export function FailureNote({ failure, again }: { failure: Failure; again?: () => void }) {
  const { problem } = failure;
  const hint = typeof problem.hint === "string" ? problem.hint : undefined;
  return (
    <div className="failure" role="alert">
      <p>
        <strong>{failure.status === 404 ? t("There is no such thing.") : t("That did not work.")}</strong>{" "}
        {failure.message}
      </p>
      {!!problem.errors?.length && (
        <ul>
          {problem.errors.map((error, index) => (
            <li key={index}>
              <code>{error.pointer || "/"}</code> {error.message}
            </li>
          ))}
        </ul>
      )}
      {hint && <p>{hint}</p>}
      {again && (failure.status === 0 || failure.status >= 500) && (
        <Button icon={RefreshCw} onClick={again}>
          {t("Try again")}
        </Button>
      )}
    </div>
  );
}

interface EmptyProps {
  /** What is not there. */
  title: string;
  /** What brings it about. */
  children?: ReactNode;
  /** The command that makes the first one. */
  command?: string;
}

/** Nothing is here, and what to do to have something. */
export function Empty({ title, children, command }: EmptyProps) {
  return (
    <div className="empty">
      <p>
        <strong>{title}</strong>
      </p>
      {children && <p className="muted">{children}</p>}
      {command && <Command line={command} />}
    </div>
  );
}

/** The page of an address that leads nowhere. */
export function NotFound() {
  return (
    <Empty title={t("There is no page at this address.")}>
      <Link href="/">{t("Go to the overview")}</Link>
    </Empty>
  );
}
