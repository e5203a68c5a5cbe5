import { defineConfig } from "vitest/config";

/** One project per suite: each brings its own globalSetup, so a unit run never starts a control plane. */
export default defineConfig({
  test: {
    projects: [
      // Time-outs end what hangs; they measure nothing.
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "cases", include: ["test/cases/*.test.ts"], testTimeout: 60_000 } },
      { test: { name: "cli", include: ["test/cli/**/*.test.ts"], testTimeout: 30_000 } },
      { test: { name: "faults", include: ["test/faults/**/*.test.ts"], testTimeout: 60_000 } },
      {
        test: {
          name: "cluster",
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
