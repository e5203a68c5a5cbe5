import { expect, test } from "vitest";
import { run } from "./run.ts";

/** Two containers of one pod, and another pod, each with a value of its own under the same name. */
const alike = JSON.stringify({
  apiVersion: "v1",
  kind: "List",
  items: [pod("import-1", ["load", "dump"]), pod("import-2", ["load"])],
});

function pod(name: string, containers: string[]): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "warehouse", uid: `uid-${name}`, creationTimestamp: "2026-11-20T00:00:00Z" },
    spec: {
      restartPolicy: "Never",
      containers: containers.map((container) => ({
        name: container,
        image: "registry.test/a:1",
        env: [{ name: "WAREHOUSE_PASSWORD", value: `kX9-canary-${name}-${container}` }],
      })),
    },
    status: { phase: "Succeeded" },
  };
}

test.each([40, 60, 100, 200])(
  "a terminal of %d columns shows which credential is in which namespace",
  async (columns) => {
    for (const given of [
      { argv: ["-f", "-"], stdin: alike, names: ["WAREHOUSE_PASSWORD", "WAREHOUSE_PASSWORD", "WAREHOUSE_PASSWORD"] },
      { argv: ["-f", "database.yaml"], stdin: "", names: ["DB_PASSWORD"] },
    ]) {
      const { stdout } = await run([...given.argv, "--color", "never"], { terminal: columns, stdin: given.stdin });
      const lines = stdout.split("\n");
      const header = lines.findIndex((line) => line.startsWith("SEVERITY"));
      const rows = lines.slice(header, lines.indexOf("", header)).filter((line) => !line.startsWith("Left out"));
      expect(Math.max(...rows.map((line) => line.length))).toBeLessThanOrEqual(columns);
      const credentials = rows.filter((line) => /_PASSWORD|WAREHOUSE_…|WAREHOUSE_P/.test(line));
      expect(credentials.map((line) => /\b(DB_PASSWORD|WAREHOUSE_\w*)/.exec(line)?.[1] ?? "")).toHaveLength(
        given.names.length,
      );
      for (const line of credentials) expect(line).toMatch(/\((database|warehouse)\)/);
    }
  },
);

test("what a width leaves out is named", async () => {
  const leftOut = async (terminal: number) =>
    /^Left out.*$/m.exec((await run(["-f", "database.yaml"], { terminal })).stdout)?.[0] ?? null;
  expect(await leftOut(40)).toBe("Left out for want of width: SINCE, UNTIL, READERS. -o wide has them.");
  expect(await leftOut(100)).toBeNull();
});

test("lines of credentials that share a name can be told apart", async () => {
  const { stdout } = await run(["-f", "-", "-o", "json"], { stdin: alike });
  const { items } = JSON.parse(stdout) as { items: { what: string }[] };
  const what = items.map((item) => item.what).filter((text) => text.startsWith("WAREHOUSE"));
  expect(what).toHaveLength(3);
  expect(new Set(what).size).toBe(3);
  expect(what.join()).toMatch(/container dump in 1 pod \(warehouse\)/);
});

test("what goes away soon says when at any width", async () => {
  for (const terminal of [40, 60, 100, 200]) {
    const { stdout } = await run(["-f", "database.yaml"], { terminal });
    expect(stdout).toMatch(/^GOES AWAY SOON {3}job\/report-1 \(payments\): (in|within) 23m/m);
  }
});
