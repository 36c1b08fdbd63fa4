import type { ReactNode } from "react";
import "./facts.css";

/** Names and what they are; entries of `false`, null or undefined are left out. */
export function Facts({ of }: { of: [string, ReactNode][] }) {
  const shown = of.filter(([, value]) => value !== null && value !== undefined && value !== false);
  return (
    <dl className="facts">
      {shown.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface FigureProps {
  label: string;
  value: ReactNode;
  /** Below the figure. */
  about?: ReactNode;
  tone?: "good" | "warn" | "bad" | undefined;
}

/** Large figures in a row. */
export function Figures({ children }: { children: ReactNode }) {
  return <dl className="figures">{children}</dl>;
}

/** One figure of a row. */
export function Figure({ label, value, about, tone }: FigureProps) {
  return (
    <div className={`figure ${tone ?? ""}`}>
      <dt>{label}</dt>
      <dd className="value">{value}</dd>
      {about && <dd className="muted small">{about}</dd>}
    </div>
  );
}

/** A value as JSON to read, folded open. */
export function Json({ value }: { value: unknown }) {
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return (
    <pre className="json" tabIndex={0}>
      {text}
    </pre>
  );
}

/** How far something is: done of total, or busy where no total is known. */
export function Progress({ done, total, label }: { done: number; total: number | null; label: string }) {
  return total ? (
    <progress className="progress" value={done} max={total} aria-label={label} />
  ) : (
    <progress className="progress" aria-label={label} />
  );
}
