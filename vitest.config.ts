import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/github/permissions-of-the-suite.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: "v8",
      include: ["src/**"],
      reporter: ["text-summary"],
      thresholds: {
        lines: 85,
        functions: 85,
        branches: 75,
        // What decides is tested most.
        "src/core/**": { lines: 96, functions: 96, branches: 90 },
        "src/governance/**": { lines: 95, functions: 95, branches: 87 },
      },
    },
  },
});
