import { X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { t } from "@/i18n/text";
import { Button } from "./Button";
import "./toasts.css";

interface Toast {
  id: number;
  text: string;
  tone: "good" | "bad";
  undo?: () => void;
}

let toasts: Toast[] = [];
let last = 0;
const heard = new Set<() => void>();
const STAY_MS = 6000;

function change(next: Toast[]): void {
  toasts = next;
  for (const each of heard) each();
}

/** Say at the edge of the page what was done, with a way back where there is one. */
export function say(text: string, options: { tone?: "good" | "bad"; undo?: () => void } = {}): void {
  const id = ++last;
  const { tone = "good", undo } = options;
  change([...toasts.slice(-2), { id, text, tone, ...(undo && { undo }) }]);
  setTimeout(() => dismiss(id), tone === "bad" ? 2 * STAY_MS : STAY_MS);
}

function dismiss(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      heard.add(listener);
      return () => heard.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, tone, undo }) => (
        <div key={id} className={`toast ${tone}`}>
          <span>{text}</span>
          {undo && (
            <Button
              look="quiet"
              onClick={() => {
                dismiss(id);
                undo();
              }}
            >
              {t("Undo")}
            </Button>
          )}
          <Button look="quiet" icon={X} aria-label={t("Dismiss")} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
