import { useEffect, type ReactNode } from "react";
import { Link } from "wouter";
import { t } from "@/i18n/text";
import "./page.css";

interface Props {
  /** The heading, and the tab's title. */
  title: string;
  /** The title is a name that the server gave, and no text of this page. */
  named?: boolean;
  /** Under the heading: what this is, or how it is, in one line. */
  about?: ReactNode;
  /** Where this belongs, from the outside in. */
  trail?: { label: string; path: string; named?: boolean }[];
  /** Beside the heading, such as a state's badge. */
  beside?: ReactNode;
  actions?: ReactNode;
  /** In front of the tab's title while something goes on, such as "34 %". */
  progress?: string | undefined;
  children: ReactNode;
}

/** A page: one heading, what can be done on it, its content. */
export function Page({ title, named, about, trail, beside, actions, progress, children }: Props) {
  useEffect(() => {
    document.title = `${progress ? `${progress} · ` : ""}${title} · Headgate`;
  }, [title, progress]);
  return (
    <article className="page">
      <header className="page-head">
        <div className="stack tight">
          {trail && (
            <nav className="trail" aria-label={t("Where this belongs")}>
              {trail.map(({ label, path, named: given }) => (
                <Link key={path} href={path} translate={given ? "no" : undefined}>
                  {label}
                </Link>
              ))}
            </nav>
          )}
          <div className="row">
            <h1 translate={named ? "no" : undefined}>{title}</h1>
            {beside}
          </div>
          {about && <div className="muted">{about}</div>}
        </div>
        {actions && <div className="row page-actions">{actions}</div>}
      </header>
      {children}
    </article>
  );
}

interface CardProps {
  title?: string;
  /** Right of the title. */
  actions?: ReactNode;
  /** Without padding: for a table or a picture that fills it. */
  flush?: boolean;
  children: ReactNode;
}

/** A part of a page with a heading of its own. */
export function Card({ title, actions, flush, children }: CardProps) {
  return (
    <section className={flush ? "card flush" : "card"} aria-label={title}>
      {(title || actions) && (
        <header>
          <h2>{title}</h2>
          {actions && <div className="row">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
