import type { LucideIcon } from "lucide-react";
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { LoaderCircle } from "lucide-react";
import "./button.css";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon?: LucideIcon;
  /** plain: most buttons; main: the one thing to do here; danger: what cannot be undone; quiet: in rows. */
  look?: "plain" | "main" | "danger" | "quiet";
  busy?: boolean;
  children?: ReactNode;
}

/** A button. One with an icon alone needs an `aria-label`. */
export function Button({ icon: Icon, look = "plain", busy, children, disabled, ...rest }: Props) {
  return (
    <button
      type="button"
      className={`button ${look}${children ? "" : " icon-only"}`}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      title={children ? undefined : rest["aria-label"]}
      {...rest}
    >
      {busy ? <LoaderCircle size={15} className="turning" aria-hidden /> : Icon && <Icon size={15} aria-hidden />}
      {children}
    </button>
  );
}
