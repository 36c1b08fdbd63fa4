import { n, t } from "@/i18n/text";
import { stateWord } from "./Badge";
import "./outcomes.css";

export interface Mark {
  /** How it ended, as the API names it. */
  outcome: string;
  seconds: number;
}

const WELL = new Set(["succeeded", "skipped", "merged", "replayed"]);
const ILL = new Set(["dead", "failed"]);

/** How the newest attempts ended, oldest first: a bar each, as high as it took long. */
export function Outcomes({ marks }: { marks: readonly Mark[] }) {
  if (marks.length === 0) return <span className="muted small">{t("no runs yet")}</span>;
  const most = Math.max(...marks.map(({ seconds }) => seconds), 0.001);
  return (
    <svg
      className="outcomes"
      role="img"
      aria-label={inWords(marks)}
      viewBox={`0 0 ${marks.length * 5} 20`}
      width={marks.length * 5}
      height={20}
    >
      <title>{inWords(marks)}</title>
      {marks.map(({ outcome, seconds }, at) => {
        const height = 4 + Math.round(14 * Math.sqrt(Math.max(seconds, 0) / most));
        const tone = ILL.has(outcome) ? "ill" : WELL.has(outcome) ? "well" : "other";
        return (
          <g key={at} className={tone}>
            <rect x={at * 5} y={20 - height} width={3.6} height={height} rx={1} />
            {/* A shape beside the colour. */}
            {tone === "ill" && <rect x={at * 5} y={0} width={3.6} height={2.4} />}
          </g>
        );
      })}
    </svg>
  );
}

function inWords(marks: readonly Mark[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of marks) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const parts = [...counts].map(([outcome, many]) =>
    t("{many} {state}", { many, state: stateWord(outcome) }),
  );
  return n(marks.length, "The last run: {parts}", "The last {count} runs: {parts}", {
    parts: parts.join(", "),
  });
}
