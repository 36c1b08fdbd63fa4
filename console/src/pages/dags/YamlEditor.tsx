import { useMemo, useRef, useState, type DragEvent } from "react";
import { n, t } from "@/i18n/text";
import type { Fault } from "./plan";
import "./dags.css";

interface Props {
  label: string;
  text: string;
  onText: (text: string) => void;
  faults: Fault[];
}

/** A text with line numbers to write in, or to drop a file on; what is wrong in it is below, by line. */
export function YamlEditor({ label, text, onText, faults }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState(false);
  const lines = useMemo(() => text.split("\n").length, [text]);

  const onDrop = (event: DragEvent) => {
    const file = event.dataTransfer.files[0];
    setOver(false);
    if (!file) return;
    event.preventDefault();
    void file.text().then(onText);
  };
  const goTo = ({ line, column }: Fault) => {
    const element = area.current;
    if (!element) return;
    const start = text.split("\n", line - 1).reduce((sum, each) => sum + each.length + 1, 0);
    element.focus();
    element.setSelectionRange(start + column - 1, start + column - 1);
    element.scrollTop = (element.scrollHeight / lines) * Math.max(0, line - 5);
  };
  return (
    <div className="stack tight">
      <div
        className={over ? "dag-editor over" : "dag-editor"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <div ref={gutter} className="dag-gutter" aria-hidden translate="no">
          <Numbers lines={lines} faults={faults} />
        </div>
        <textarea
          ref={area}
          aria-label={label}
          aria-invalid={faults.length > 0}
          placeholder={t("Paste YAML here, or drop a file.")}
          translate="no"
          spellCheck={false}
          autoCapitalize="off"
          wrap="off"
          value={text}
          onChange={(event) => onText(event.target.value)}
          onScroll={(event) => {
            if (gutter.current) gutter.current.scrollTop = event.currentTarget.scrollTop;
          }}
        />
      </div>
      {faults.length > 0 && <FaultList faults={faults} onGo={goTo} />}
    </div>
  );
}

function Numbers({ lines, faults }: { lines: number; faults: Fault[] }) {
  const faulty = new Set(faults.map(({ line }) => line));
  return Array.from({ length: lines }, (_, at) => (
    <div key={at} className={faulty.has(at + 1) ? "faulty" : undefined}>
      {at + 1}
    </div>
  ));
}

function FaultList({ faults, onGo }: { faults: Fault[]; onGo: (fault: Fault) => void }) {
  return (
    <section className="dag-faults" aria-label={t("Faults")}>
      <p role="status">
        <strong>{n(faults.length, "{count} fault to mend:", "{count} faults to mend:")}</strong>
      </p>
      <ul>
        {faults.map((fault, at) => (
          <li key={at}>
            <button type="button" onClick={() => onGo(fault)}>
              {t("Line {line}, column {column}", { line: fault.line, column: fault.column })}
            </button>
            <span translate="no">{fault.message}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
