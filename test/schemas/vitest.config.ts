import { defineConfig } from "vitest/config";

// A run of its own: the full descriptions are no part of the project.
export default defineConfig({ test: { include: ["test/schemas/*.specs.ts"] } });
