/// <reference types="vitest/config" />
import babel from "@rolldown/plugin-babel";
import react, { reactCompilerPreset } from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import type { Plugin } from "vite";

// The bundle runs in WebKitGTK, WKWebView and WebView2 under a policy without inline styles or scripts:
// one script, one stylesheet, no module preload helper, nothing inlined but small images.
export default defineConfig({
  plugins: [englishOnly(), react(), babel({ presets: [reactCompilerPreset()] })],
  build: {
    target: ["safari17.5", "chrome123"],
    cssTarget: ["safari17.5", "chrome123"],
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
  server: { port: 5183, strictPort: true },
  test: {
    environment: "happy-dom",
    setupFiles: ["src/test-setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    // A busy machine is slow, not wrong.
    testTimeout: 60_000,
    css: { modules: { classNameStrategy: "non-scoped" } },
  },
});

/** The component kit brings its own words in thirty languages; the window speaks one, so the others are left out (half a megabyte). */
function englishOnly(): Plugin {
  return {
    name: "english-only",
    enforce: "pre",
    load(id) {
      return /react-(aria|stately|aria-components)\/.*\/intl\/(.*\/)?(?!en-)[a-z]{2}-[A-Z]{2}\.mjs/.test(id) ? "export default {};" : null;
    },
  };
}
