import { Copy } from "lucide-react";
import { useId, useRef } from "react";
import { t } from "@/i18n/text";
import { Button } from "./Button";
import { copy } from "./clipboard";
import { openBelow } from "./popover";
import { say } from "./Toasts";

/** Copies the rows that a table shows, as the API gave them. */
export function CopyRows({ rows }: { rows: readonly unknown[] }) {
  const popover = useRef<HTMLDivElement>(null);
  const id = useId();
  const take = (text: string) => {
    popover.current?.hidePopover();
    void copy(text).then(() => say(t("Copied {count} rows", { count: rows.length })));
  };
  return (
    <>
      <Button
        look="quiet"
        icon={Copy}
        aria-controls={id}
        onClick={(event) => popover.current && openBelow(event.currentTarget, popover.current)}
      >
        {t("Copy rows")}
      </Button>
      <div ref={popover} id={id} popover="auto" className="popover">
        <div className="row">
          <Button onClick={() => take(JSON.stringify(rows, null, 2))}>{t("as JSON")}</Button>
          <Button onClick={() => take(csv(rows))}>{t("as CSV")}</Button>
        </div>
      </div>
    </>
  );
}

/** RFC 4180; what is no plain value is JSON in its cell. */
function csv(rows: readonly unknown[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row as object)))];
  const cell = (value: unknown): string => {
    const text =
      value === null || value === undefined
        ? ""
        : typeof value === "object"
          ? JSON.stringify(value)
          : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map((row) => names.map((name) => cell((row as Record<string, unknown>)[name])));
  return [names.map(cell), ...lines].map((line) => line.join(",")).join("\r\n");
}
