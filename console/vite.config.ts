import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `npm run dev` serves the console with hot reload in front of a server started by `headgate up`.
const server = "http://127.0.0.1:8400";

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { "@": new URL("src", import.meta.url).pathname } },
  base: "/",
  build: {
    outDir: "../src/headgate/web/console/bundle",
    emptyOutDir: true,
    assetsInlineLimit: 0, // the content security policy allows no data: scripts or fonts
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    target: "es2023",
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/objects", "/openapi.json", "/healthz", "/metrics"].map((path) => [path, server]),
    ),
  },
});
