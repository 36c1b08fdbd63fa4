import { Check, Copy, Terminal } from "lucide-react";
import { useEffect, useId, useRef, useState } from "react";
import { t } from "@/i18n/text";
import { Button } from "./Button";
import { copy } from "./clipboard";
import { openBelow } from "./popover";
import "./commands.css";

/** A line to copy. */
export function Command({ line }: { line: string }) {
  return (
    <span className="command">
      <code>{line}</code>
      <CopyButton text={line} label={t("Copy the command")} />
    </span>
  );
}

/** Copies a text, and says so. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <>
      <Button
        look="quiet"
        icon={copied ? Check : Copy}
        aria-label={label}
        onClick={() => void copy(text).then(setCopied)}
      />
      <span role="status" className="unseen">
        {copied ? t("Copied") : ""}
      </span>
    </>
  );
}

interface Props {
  /** The command line that does or shows the same, where there is one. */
  cli: string;
  /** The call of the HTTP API: "POST /api/v1/jobs/x/pause". */
  api: string;
  /** Its body. */
  body?: unknown;
}

/** A button that shows how the command line and the API do what is beside it. */
export function Commands({ cli, api, body }: Props) {
  const id = useId();
  const popover = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const curl = curlOf(api, body);
  return (
    <span className="commands">
      <Button
        look="quiet"
        icon={Terminal}
        aria-label={t("As a command and as an API call")}
        aria-expanded={open}
        aria-controls={id}
        onClick={(event) => popover.current && openBelow(event.currentTarget, popover.current)}
      />
      <div
        ref={popover}
        id={id}
        popover="auto"
        className="popover"
        onToggle={(event) => setOpen(event.newState === "open")}
      >
        <CommandList cli={cli} curl={curl} />
      </div>
    </span>
  );
}

/** The two forms of an act, for a dialog that does it. */
export function CommandForms({ cli, api, body }: Props) {
  return (
    <details className="forms">
      <summary>{t("As a command and as an API call")}</summary>
      <CommandList cli={cli} curl={curlOf(api, body)} />
    </details>
  );
}

function CommandList({ cli, curl }: { cli: string; curl: string }) {
  return (
    <dl>
      <dt>{t("Command line")}</dt>
      <dd>
        <Command line={cli} />
      </dd>
      <dt>{t("HTTP API")}</dt>
      <dd>
        <Command line={curl} />
      </dd>
    </dl>
  );
}

function curlOf(api: string, body: unknown): string {
  const [method = "GET", path = "/"] = api.split(" ", 2);
  const quoted = `'${location.origin}${path}'`;
  if (method === "GET") return `curl ${quoted}`;
  if (body === undefined) return `curl -X ${method} ${quoted}`;
  const json = JSON.stringify(body).replaceAll("'", "'\\''");
  return `curl -X ${method} ${quoted} -H 'content-type: application/json' -d '${json}'`;
}
