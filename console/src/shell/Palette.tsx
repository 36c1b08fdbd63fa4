import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { useLocation } from "wouter";
import { t } from "@/i18n/text";
import { Dialog } from "@/ui/Dialog";
import { areas, type Found } from "./area";

const PAUSE_MS = 150;

/** Goes anywhere by a few letters: to pages at once, to things of the server as they are found. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found[]>([]);
  const [at, setAt] = useState(0);
  const [, navigate] = useLocation();
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useEffect(() => input.current?.focus(), []);

  const pages = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    return areas
      .flatMap(({ links }) => links)
      .map(({ label, path }) => ({ label: label(), kind: t("page"), path }))
      .filter(({ label }) => label.toLowerCase().includes(wanted));
  }, [text]);
  useEffect(() => {
    const wanted = text.trim();
    setFound([]);
    if (!wanted) return undefined;
    const ended = new AbortController();
    const timer = setTimeout(() => {
      for (const { find } of areas) {
        // What one area cannot find now takes nothing from the others.
        void find?.(wanted, ended.signal).then(
          (more) => !ended.signal.aborted && setFound((now) => [...now, ...more]),
          () => {},
        );
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [text]);

  const all = [...pages, ...found];
  const chosen = Math.min(at, all.length - 1);
  const go = (to: Found | undefined) => {
    if (!to) return;
    onClose();
    navigate(to.path);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(chosen + 1, all.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(chosen - 1, 0));
    else if (event.key === "Enter") go(all[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t("Find or go to")} onClose={onClose}>
      <input
        ref={input}
        className="palette-input"
        type="text"
        role="combobox"
        aria-expanded={all.length > 0}
        aria-controls={id}
        aria-activedescendant={all[chosen] && `${id}-${chosen}`}
        aria-label={t("A page, a job, a dataset, the number of a task")}
        placeholder={t("A page, a job, a dataset, the number of a task")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={id} role="listbox" aria-label={t("Found")} className="palette-list">
        {all.map((entry, index) => (
          <li
            key={`${entry.kind} ${entry.path}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            ref={(element) => {
              if (index === chosen) element?.scrollIntoView({ block: "nearest" });
            }}
            onClick={() => go(entry)}
            onPointerMove={() => setAt(index)}
          >
            <span>{entry.label}</span>
            <span className="muted small">{entry.kind}</span>
          </li>
        ))}
      </ul>
      {all.length === 0 && <p className="muted">{t("Nothing has this name.")}</p>}
    </Dialog>
  );
}
