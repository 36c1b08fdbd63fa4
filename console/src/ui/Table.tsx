import { useRef, type KeyboardEvent, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { n, t } from "@/i18n/text";
import { Button } from "./Button";
import { CopyRows } from "./CopyRows";
import "./table.css";

export interface Column<T> {
  /** What tells the column apart; also its class, for widths in a page's own CSS. */
  key: string;
  head: ReactNode;
  cell: (row: T) => ReactNode;
  align?: "end";
  /** Left out on a narrow screen. */
  minor?: boolean;
}

interface Props<T> {
  /** What the rows are, for those who do not see them. */
  label: string;
  columns: Column<T>[];
  rows: T[];
  rowKey: (row: T) => string | number;
  /** Where a row leads: its first cell is the link, and Enter goes there. */
  href?: (row: T) => string;
  /** Rows that are chosen, by key; with it each row has a checkbox, and `x` ticks it. */
  chosen?: ReadonlySet<string | number>;
  onChoose?: (chosen: Set<string | number>) => void;
  more?: (() => void) | undefined;
  loadingMore?: boolean;
  /** What to show instead of no rows. */
  empty?: ReactNode;
}

const SHORT = 8; // rows below which counting and copying them is no help

/**
 * Rows to walk by keyboard: j and k or the arrows go down and up, Enter opens, x ticks, Home and End
 * jump. On a narrow screen a row becomes a small card.
 */
export function Table<T>(props: Props<T>) {
  const { label, columns, rows, rowKey, href, chosen, onChoose, more, loadingMore, empty } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [, navigate] = useLocation();
  if (rows.length === 0) return <>{empty}</>;

  const tick = (key: string | number) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    onChoose?.(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if ((event.target as HTMLElement).closest("input:not([type=checkbox]),select,textarea")) return;
    const lines = [...(body.current?.rows ?? [])];
    const at = lines.findIndex((line) => line.contains(document.activeElement));
    const row = rows[at];
    const go = (to: number) => {
      lines[Math.max(0, Math.min(lines.length - 1, to))]?.focus();
      event.preventDefault();
    };
    if (event.key === "j" || event.key === "ArrowDown") go(at + 1);
    else if (event.key === "k" || event.key === "ArrowUp") go(at - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(lines.length - 1);
    else if (event.key === "x" && row && onChoose) tick(rowKey(row));
    else if (event.key === "Enter" && row && href && event.target === lines[at]) navigate(href(row));
  };
  const all = chosen && rows.every((row) => chosen.has(rowKey(row)));
  return (
    <div className="table-scroll">
      <table className="table" aria-label={label} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {onChoose && (
              <th className="tick">
                <input
                  type="checkbox"
                  aria-label={t("Choose all rows shown")}
                  checked={all ?? false}
                  onChange={() => onChoose(all ? new Set() : new Set(rows.map(rowKey)))}
                />
              </th>
            )}
            {columns.map(({ key, head, align, minor }) => (
              <th key={key} scope="col" className={classOf(key, align, minor)}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => {
            const key = rowKey(row);
            return (
              <tr key={key} tabIndex={index === 0 ? 0 : -1} aria-selected={chosen?.has(key)}>
                {onChoose && (
                  <td className="tick">
                    <input
                      type="checkbox"
                      aria-label={t("Choose {row}", { row: key })}
                      checked={chosen?.has(key) ?? false}
                      onChange={() => tick(key)}
                    />
                  </td>
                )}
                {columns.map(({ key: column, head, cell, align, minor }, at) => (
                  <td
                    key={column}
                    className={classOf(column, align, minor)}
                    data-head={typeof head === "string" ? head : undefined}
                  >
                    {at === 0 && href ? <Link href={href(row)}>{cell(row)}</Link> : cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {(more || rows.length > SHORT) && <div className="table-foot">
        <span className="muted small">{n(rows.length, "{count} row", "{count} rows")}</span>
        {more && (
          <Button look="quiet" onClick={more} busy={loadingMore ?? false}>
            {t("Load more")}
          </Button>
        )}
        <CopyRows rows={rows} />
      </div>}
    </div>
  );
}

function classOf(key: string, align?: "end", minor?: boolean): string {
  return `c-${key}${align ? " end" : ""}${minor ? " minor" : ""}`;
}
