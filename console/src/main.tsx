import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { speak } from "./i18n/text";
import { applyTheme, language } from "./shell/preferences";
import { Shell } from "./shell/Shell";
import "./ui/base.css";

applyTheme();
await speak(language());
createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <Shell />
  </StrictMode>,
);
