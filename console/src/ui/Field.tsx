import { useId, type ReactElement, type ReactNode, cloneElement } from "react";
import "./filters.css";

interface Props {
  label: string;
  /** Below the field. */
  about?: ReactNode;
  /** What is wrong with it. */
  fault?: string | undefined;
  /** One input, select or textarea. */
  children: ReactElement<{ id?: string; "aria-describedby"?: string; "aria-invalid"?: boolean }>;
}

/** A field of a form with its label, its explanation and its fault. */
export function Field({ label, about, fault, children }: Props) {
  const id = useId();
  const more = `${id}-more`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {cloneElement(children, {
        id,
        ...((about || fault) && { "aria-describedby": more }),
        ...(fault && { "aria-invalid": true }),
      })}
      {(about || fault) && (
        <div id={more} className="small">
          {fault ? <span className="fault">{fault}</span> : <span className="muted">{about}</span>}
        </div>
      )}
    </div>
  );
}
