import { useRef, useState, type KeyboardEvent } from "react";
import type { Cell } from "@/api/schema";
import { t } from "@/i18n/text";
import { cellInWords, STATES } from "./cells";
import "./heatmap.css";

interface Props {
  label: string;
  cells: readonly Cell[];
  /** The first number of the chosen cell. */
  chosen: number | undefined;
  onChoose: (cell: Cell) => void;
}

/**
 * A cell for each piece of a range, filled from below by how much of it is in which state. One stop
 * of the tab key: the arrows walk over the cells, Enter chooses one.
 */
export function HeatMap({ label, cells, chosen, onChoose }: Props) {
  const grid = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const [told, setTold] = useState<number>();
  const stop = Math.min(at, cells.length - 1);
  const seen = told === undefined ? undefined : cells[told];

  const onKeyDown = (event: KeyboardEvent) => {
    const step = stepOf(event.key, grid.current);
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(cells.length - 1, stop + step));
    setAt(next);
    (grid.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <>
      <div
        ref={grid}
        className="heatmap"
        role="group"
        aria-label={label}
        onKeyDown={onKeyDown}
        onPointerLeave={() => setTold(undefined)}
      >
        {cells.map((cell, index) => (
          <button
            key={cell.low}
            type="button"
            className="heatmap-cell"
            tabIndex={index === stop ? 0 : -1}
            aria-label={cellInWords(cell)}
            aria-pressed={cell.low === chosen}
            onClick={() => {
              setAt(index);
              onChoose(cell);
            }}
            onFocus={() => setTold(index)}
            onPointerEnter={() => setTold(index)}
          >
            <Fill of={cell} />
          </button>
        ))}
      </div>
      <p className="heatmap-told small" aria-hidden>
        {seen ? cellInWords(seen) : <span className="muted">{t("Point at a cell to read it, choose it to do something.")}</span>}
      </p>
    </>
  );
}

/** Pieces in the order of the legend, from above; what there is of is at least visible. */
function Fill({ of }: { of: Cell }) {
  const total = of.high - of.low;
  return STATES.filter((state) => of[state] > 0).map((state) => (
    <span key={state} className={`heatmap-${state}`} style={{ flexGrow: Math.max(of[state] / total, 0.12) }} />
  ));
}

function stepOf(key: string, grid: HTMLElement | null): number | undefined {
  switch (key) {
    case "ArrowRight":
      return 1;
    case "ArrowLeft":
      return -1;
    case "ArrowDown":
      return columnsOf(grid);
    case "ArrowUp":
      return -columnsOf(grid);
    case "Home":
      return -Infinity;
    case "End":
      return Infinity;
    default:
      return undefined;
  }
}

function columnsOf(grid: HTMLElement | null): number {
  const cells = [...(grid?.children ?? [])] as HTMLElement[];
  const top = cells[0]?.offsetTop;
  const second = cells.findIndex((cell) => cell.offsetTop !== top);
  return second === -1 ? cells.length : second;
}
