import type { ReactNode } from "react";
import type { Bar } from "./lanes";

interface Props {
  /** What the lane is of. */
  name: ReactNode;
  /** What the bars say, in words. */
  words: ReactNode;
  bars: Bar[];
  from: number;
  to: number;
  /** A moment with a mark. */
  mark?: number | undefined;
}

/** One line of time: bars at their places, and the same in words. */
export function Track({ name, words, bars, from, to, mark }: Props) {
  const place = (time: number) => (100 * (time - from)) / (to - from);
  return (
    <li className="task-lane">
      <span className="row task-lane-name">{name}</span>
      <span className="task-track" aria-hidden>
        {bars.map((bar, index) => (
          <span
            key={index}
            className={`task-bar ${bar.tone}${bar.waits ? " waits" : ""}`}
            style={{
              insetInlineStart: `min(${place(bar.from)}%, calc(100% - 3px))`,
              inlineSize: `max(3px, ${place(bar.to) - place(bar.from)}%)`,
            }}
          />
        ))}
        {mark !== undefined && (
          <span className="task-mark" style={{ insetInlineStart: `min(${place(mark)}%, calc(100% - 5px))` }} />
        )}
      </span>
      <span className="task-lane-words small">{words}</span>
    </li>
  );
}
