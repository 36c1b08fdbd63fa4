import { useMemo } from "react";
import { n, t } from "@/i18n/text";
import { counted, diffLines, hunks, type DiffLine } from "./diff";
import "./dags.css";

interface Props {
  label: string;
  before: string;
  after: string;
}

const SIGNS: Record<DiffLine["sign"], string> = { same: " ", added: "+", removed: "−" };

/** What changed between two texts, line by line. */
export function LineDiff({ label, before, after }: Props) {
  const lines = useMemo(() => diffLines(before, after), [before, after]);
  const { added, removed } = counted(lines);
  if (added + removed === 0) return <p className="muted">{t("The text is the same.")}</p>;
  return (
    <figure className="dag-diff">
      <figcaption className="row small">
        <span className="dag-added">{n(added, "{count} line added", "{count} lines added")}</span>
        <span className="dag-removed">
          {n(removed, "{count} line removed", "{count} lines removed")}
        </span>
      </figcaption>
      <div className="dag-diff-scroll" tabIndex={0} role="region" aria-label={label}>
        <table translate="no">
          <tbody>
            {hunks(lines).map((line, at) =>
              line ? <Line key={at} line={line} /> : <Gap key={at} />,
            )}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function Line({ line: { sign, text, before, after } }: { line: DiffLine }) {
  return (
    <tr className={sign}>
      <td className="number">{before}</td>
      <td className="number">{after}</td>
      <td className="sign">{SIGNS[sign]}</td>
      <td>
        <code>{text || " "}</code>
      </td>
    </tr>
  );
}

function Gap() {
  return (
    <tr className="gap" aria-hidden>
      <td colSpan={4}>⋯</td>
    </tr>
  );
}
