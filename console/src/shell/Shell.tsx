import { Menu, Monitor, Moon, Search, Sun, X } from "lucide-react";
import { Component, Suspense, useEffect, useState, type ReactNode } from "react";
import { Link, Route, Switch, useLocation } from "wouter";
import { t } from "@/i18n/text";
import { FailureNote, Loading, NotFound } from "@/ui/Answer";
import { Failure } from "@/api/call";
import { Button } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Toasts } from "@/ui/Toasts";
import { areas, GROUPS, here } from "./area";
import { ConnectionState } from "./ConnectionState";
import { Palette } from "./Palette";
import { setTheme, theme, type Theme } from "./preferences";
import "./shell.css";

const NAMES: Record<(typeof GROUPS)[number], () => string> = {
  operate: () => t("Operate"),
  data: () => t("Data"),
  apps: () => t("Apps"),
  admin: () => t("Admin"),
};

/** Navigation, the bar above, and the page that the address names. */
export function Shell() {
  const [path] = useLocation();
  const [menu, setMenu] = useState(false);
  const [palette, setPalette] = useState(false);
  useEffect(() => setMenu(false), [path]);
  useKeys(() => setPalette(true));
  return (
    <div className={menu ? "shell menu-open" : "shell"}>
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault(); // what stands after `#` belongs to the page
          document.getElementById("main")?.focus();
        }}
      >
        {t("Skip to the page")}
      </a>
      <header className="bar">
        <Button
          look="quiet"
          icon={menu ? X : Menu}
          aria-label={t("Menu")}
          aria-expanded={menu}
          aria-controls="nav"
          onClick={() => setMenu(!menu)}
        />
        <Link href="/" className="brand" translate="no">
          <img src="/favicon.svg" width={22} height={22} alt="" />
          Headgate
        </Link>
        <button type="button" className="find" onClick={() => setPalette(true)}>
          <Search size={15} aria-hidden />
          <span>{t("Find or go to…")}</span>
          <kbd aria-hidden>{navigator.platform.startsWith("Mac") ? "⌘K" : "Ctrl K"}</kbd>
        </button>
        <span className="bar-end">
          <ConnectionState />
          <ThemeSwitch />
        </span>
      </header>
      <nav id="nav" className="nav" aria-label={t("Main")}>
        <Navigation path={path} />
      </nav>
      <main id="main" tabIndex={-1}>
        <Guard key={path}>
          <Suspense fallback={<Loading />}>
            <Switch>
              {areas.flatMap(({ routes }) =>
                routes.map(({ path: pattern, page: Shown }) => (
                  <Route key={pattern} path={pattern}>
                    {(params) => <Shown {...params} />}
                  </Route>
                )),
              )}
              <Route>
                <Page title={t("Not found")}>
                  <NotFound />
                </Page>
              </Route>
            </Switch>
          </Suspense>
        </Guard>
      </main>
      <Toasts />
      {palette && <Palette onClose={() => setPalette(false)} />}
    </div>
  );
}

function Navigation({ path }: { path: string }) {
  const links = areas.flatMap((area) => area.links);
  // The longest path that this address is below: `/dags/x` belongs to `/dags`.
  const current = links
    .filter((link) => path === link.path || (link.path !== "/" && path.startsWith(`${link.path}/`)))
    .sort((a, b) => b.path.length - a.path.length)[0];
  return (
    <>
      {GROUPS.map((group) => {
        const shown = areas.filter((area) => area.group === group).flatMap((area) => area.links);
        if (shown.length === 0) return null;
        return (
          <section key={group} aria-labelledby={`nav-${group}`}>
            <h2 id={`nav-${group}`}>{NAMES[group]()}</h2>
            <ul>
              {shown.map((link) => (
                <li key={link.path}>
                  <Link href={link.path} aria-current={link === current ? "page" : undefined}>
                    <link.icon size={16} aria-hidden />
                    {link.label()}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      <p className="nav-foot small muted" translate="no">
        {here.version && `Headgate ${here.version}`}
      </p>
    </>
  );
}

const THEMES: [Theme, typeof Sun, () => string][] = [
  ["auto", Monitor, () => t("Colours: as the system")],
  ["light", Sun, () => t("Colours: light")],
  ["dark", Moon, () => t("Colours: dark")],
];

function ThemeSwitch() {
  const [chosen, choose] = useState(theme);
  const at = THEMES.findIndex(([name]) => name === chosen);
  const [, icon, label] = THEMES[at] ?? THEMES[0]!;
  return (
    <Button
      look="quiet"
      icon={icon}
      aria-label={label()}
      onClick={() => {
        const next = THEMES[(at + 1) % THEMES.length]![0];
        setTheme(next);
        choose(next);
      }}
    />
  );
}

function useKeys(openPalette: () => void): void {
  useEffect(() => {
    const heard = (event: globalThis.KeyboardEvent) => {
      const typing = (event.target as Element).closest?.("input,select,textarea,[contenteditable]");
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") openPalette();
      else if (event.key === "/" && !typing)
        document.querySelector<HTMLInputElement>("[data-filter]")?.focus();
      else return;
      event.preventDefault();
    };
    addEventListener("keydown", heard);
    return () => removeEventListener("keydown", heard);
  }, [openPalette]);
}

/** Keeps a page that breaks from taking the rest with it. */
class Guard extends Component<{ children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    // A bundle that was replaced by a newer one has lost its parts: the page is to be loaded anew.
    const gone = /dynamically imported module|Importing a module/.test(error.message);
    return (
      <Page title={gone ? t("A newer console is there") : t("This page broke")}>
        {gone ? (
          <p>{t("The server was updated. Load the page again.")}</p>
        ) : (
          <FailureNote failure={new Failure(0, { detail: error.message })} />
        )}
        <div>
          <Button look="main" onClick={() => location.reload()}>
            {t("Load the page again")}
          </Button>
        </div>
      </Page>
    );
  }
}
