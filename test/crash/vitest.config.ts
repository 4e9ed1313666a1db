import { defineConfig } from "vitest/config";

// A run of its own: it kills for minutes, and `npm test` must stay short.
export default defineConfig({ test: { include: ["test/crash/*.crash.ts"] } });
