import { Search, X } from "lucide-react";
import { useEffect, useId, useState, type ReactNode } from "react";
import { t } from "@/i18n/text";
import { Button } from "./Button";
import { useUrlState } from "./url";
import { Views } from "./Views";
import "./filters.css";

/** The line of filters above a list. */
export function Filters({ children }: { children: ReactNode }) {
  return (
    <div className="filters" role="search">
      {children}
      <Views />
    </div>
  );
}

interface TextProps {
  /** The query parameter of the page's address that holds it. */
  name: string;
  label: string;
  placeholder?: string;
}

/** A text filter; the address follows when the typing rests. `/` goes to it. */
export function TextFilter({ name, label, placeholder }: TextProps) {
  const [kept, keep] = useUrlState(name);
  const [typed, setTyped] = useState(kept);
  const id = useId();
  useEffect(() => setTyped(kept), [kept]);
  useEffect(() => {
    if (typed === kept) return undefined;
    const timer = setTimeout(() => keep(typed.trim()), 250);
    return () => clearTimeout(timer);
  }, [typed, kept, keep]);
  return (
    <span className="filter text">
      <label htmlFor={id} className="unseen">
        {label}
      </label>
      <Search size={15} aria-hidden />
      <input
        id={id}
        type="search"
        data-filter=""
        placeholder={placeholder ?? label}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === "Enter" && keep(typed.trim())}
      />
    </span>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  options: { value: string; label: string }[];
  /** The word for no choice. */
  any?: string;
  initial?: string;
  /** The options are names that the server gave, and no texts of the page. */
  named?: boolean;
}

/** One of a few values. */
export function ChoiceFilter({ name, label, options, any, initial = "", named }: ChoiceProps) {
  const [kept, keep] = useUrlState(name, initial);
  const id = useId();
  return (
    <span className="filter">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={kept} onChange={(event) => keep(event.target.value)}>
        {initial === "" && <option value="">{any ?? t("any")}</option>}
        {options.map(({ value, label: word }) => (
          <option key={value} value={value} translate={named ? "no" : undefined}>
            {word}
          </option>
        ))}
      </select>
    </span>
  );
}

/** A filter that the address holds and another page set: shown, and removable. */
export function GivenFilter({ name, label }: { name: string; label: string }) {
  const [kept, keep] = useUrlState(name);
  if (!kept) return null;
  return (
    <span className="filter given">
      <span>
        {label} <strong translate="no">{kept}</strong>
      </span>
      <Button look="quiet" icon={X} aria-label={t("Remove the filter {label}", { label })} onClick={() => keep("")} />
    </span>
  );
}
