import { Bookmark, Trash2 } from "lucide-react";
import { useId, useRef, useState, type FormEvent } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { t } from "@/i18n/text";
import { Button } from "./Button";
import { openBelow } from "./popover";
import "./views.css";

interface View {
  name: string;
  /** The query of the page's address. */
  search: string;
}

const KEY = "headgate.views.";

function kept(path: string): View[] {
  return JSON.parse(localStorage.getItem(KEY + path) ?? "[]") as View[];
}

/** The views of this page that a reader named, to come back to; kept in this browser. */
export function Views() {
  const [path] = useLocation();
  const search = useSearch();
  const [views, setViews] = useState(() => kept(path));
  const [name, setName] = useState("");
  const popover = useRef<HTMLDivElement>(null);
  const id = useId();

  const keep = (next: View[]) => {
    setViews(next);
    localStorage.setItem(KEY + path, JSON.stringify(next));
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const called = name.trim();
    if (!called) return;
    keep([...views.filter((view) => view.name !== called), { name: called, search }]);
    setName("");
  };
  return (
    <span className="views">
      <Button
        look="quiet"
        icon={Bookmark}
        aria-controls={id}
        onClick={(event) => popover.current && openBelow(event.currentTarget, popover.current)}
      >
        {t("Views")}
      </Button>
      <div ref={popover} id={id} popover="auto" className="popover">
        {views.length === 0 && <p className="muted">{t("Name a set of filters to come back to it.")}</p>}
        <ul>
          {views.map((view) => (
            <li key={view.name} className="row spread">
              <Link
                href={view.search ? `${path}?${view.search}` : path}
                aria-current={view.search === search ? "true" : undefined}
                translate="no"
              >
                {view.name}
              </Link>
              <Button
                look="quiet"
                icon={Trash2}
                aria-label={t("Forget the view {name}", { name: view.name })}
                onClick={() => keep(views.filter((other) => other !== view))}
              />
            </li>
          ))}
        </ul>
        <form className="row" onSubmit={save}>
          <input
            aria-label={t("Name of this view")}
            placeholder={t("Name of this view")}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit">{t("Save")}</Button>
        </form>
      </div>
    </span>
  );
}
