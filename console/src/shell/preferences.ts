/** What a reader chose for this browser: colours and language. */

export type Theme = "auto" | "light" | "dark";

export function theme(): Theme {
  const kept = localStorage.getItem("headgate.theme");
  return kept === "light" || kept === "dark" ? kept : "auto";
}

export function setTheme(next: Theme): void {
  localStorage.setItem("headgate.theme", next);
  applyTheme();
}

export function applyTheme(): void {
  const chosen = theme();
  document.documentElement.style.colorScheme = chosen === "auto" ? "light dark" : chosen;
}

/** The language asked for in the URL (`?lang=`, kept from then on), chosen before, or the browser's. */
export function language(): string {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked) localStorage.setItem("headgate.language", asked);
  return localStorage.getItem("headgate.language") ?? navigator.language;
}
