import { X } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";
import type { Failure } from "@/api/call";
import { t } from "@/i18n/text";
import { FailureNote } from "./Answer";
import { Button } from "./Button";
import { CommandForms } from "./Commands";
import "./dialog.css";

const FIELDS = [".dialog-body input", ".dialog-body select", ".dialog-body textarea"].join(",");

interface DialogProps {
  title: string;
  onClose: () => void;
  /** The buttons at its end. */
  actions?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

/** A modal dialog while it is rendered. Escape closes it, and focus goes back to where it was. */
export function Dialog({ title, onClose, actions, wide, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    // Without a field the browser's own choice stays: the first button, which only closes.
    dialog?.querySelector<HTMLElement>(FIELDS)?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      aria-labelledby={id}
      className={wide ? "dialog wide" : "dialog"}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      <div className="dialog-box">
        <header>
          <h2 id={id}>{title}</h2>
          <Button look="quiet" icon={X} aria-label={t("Close")} onClick={onClose} />
        </header>
        <div className="dialog-body stack">{children}</div>
        {actions && <footer>{actions}</footer>}
      </div>
    </dialog>
  );
}

interface ConfirmProps {
  title: string;
  /** The verb, on the button. */
  verb: string;
  danger?: boolean;
  busy: boolean;
  failure: Failure | undefined;
  /** Whether it can be done now. */
  ready?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  cli: string;
  api: string;
  body?: unknown;
  children: ReactNode;
}

/** Asks before something is done, and shows the same as a command and as an API call. */
export function Confirm(props: ConfirmProps) {
  const { title, verb, danger, busy, failure, ready = true, onConfirm, onClose, children } = props;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button look={danger ? "danger" : "main"} busy={busy} disabled={!ready} onClick={onConfirm} autoFocus>
            {verb}
          </Button>
        </>
      }
    >
      {children}
      {failure && <FailureNote failure={failure} />}
      <CommandForms cli={props.cli} api={props.api} body={props.body} />
    </Dialog>
  );
}
