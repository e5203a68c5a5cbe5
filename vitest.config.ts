import { defineConfig } from "vitest/config";

const setupFiles = ["test/draws.ts"];

/** One project per suite: each brings its own globalSetup, so a unit run never starts a control plane. */
export default defineConfig({
  test: {
    projects: [
      // Time-outs end what hangs; they measure nothing.
      { test: { name: "unit", setupFiles, include: ["test/unit/**/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "cases", setupFiles, include: ["test/cases/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "cli", setupFiles, include: ["test/cli/**/*.test.ts"], testTimeout: 30_000 } },
      { test: { name: "faults", setupFiles, include: ["test/faults/**/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "shells", setupFiles, include: ["test/shells/**/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "browser", setupFiles, include: ["test/browser/**/*.test.ts"], testTimeout: 60_000 } },
      {
        test: {
          name: "release",
          setupFiles,
          include: ["test/release/**/*.test.ts"],
          // Each file unpacks executables of 150 MB.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: "cluster",
          setupFiles,
          include: ["test/cluster/**/*.test.ts"],
          globalSetup: ["test/control-plane/global-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
