import { join } from "node:path";
import { expect, test } from "vitest";
import { checkOfLine } from "../../../src/explain/checks/index.ts";
import { classIds, edgesReading } from "../../../src/explain/edge-classes.ts";
import type { ExposureReport, TriageReport } from "../../../src/model/report.ts";
import { partsOf, type Edge } from "../../../src/rbac/edge.ts";
import { edges } from "../../../src/rbac/edges/index.generated.ts";
import { run } from "../../cli/run.ts";

const recorded = join(import.meta.dirname, "../../../examples/threat-model.jsonl");

async function reported<T>(...argv: string[]): Promise<T> {
  const { stdout } = await run([...argv, "-f", recorded, "-o", "json"]);
  return JSON.parse(stdout) as T;
}

/** Nodes read what is bound to them by their own authorizer, and no rule says so. */
const BY_PLACE = "node-authorizer";

test("a class names every edge through which its readers are found", async () => {
  const { items } = await reported<ExposureReport>("exposure", "--all", "--all-readers");
  const named = new Map(classIds().map((id) => [id as string, new Set(edgesReading(id).map((edge) => edge.id))]));
  const seen = new Set<string>();
  const wrong = items.flatMap(({ carriers, readers }) => {
    const classes = [...new Set(carriers.map((carrier) => carrier.class))];
    const through = readers.items.flatMap((reader) => reader.through);
    through.forEach((edge) => seen.add(edge));
    return through
      .filter((edge) => edge !== BY_PLACE && !classes.some((id) => named.get(id)!.has(edge)))
      .map((edge) => `${classes.join(", ")}: ${edge}`);
  });
  expect([...new Set(wrong)]).toEqual([]);
  expect(seen.size).toBeGreaterThan(20);
});

test("every direct read is said to read some class", () => {
  const named = new Set(classIds().flatMap((id) => edgesReading(id)));
  const reads = (edges as readonly Edge[]).filter((edge) => partsOf(edge).length > 0);
  expect(reads.filter((edge) => !named.has(edge)).map(({ id }) => id)).toEqual([]);
});

test("every line of the triage is an exposure or has a check", async () => {
  const [triage, exposure] = await Promise.all([
    reported<TriageReport>("--all"),
    reported<ExposureReport>("exposure", "--all"),
  ]);
  const exposures = new Set(exposure.items.map(({ id }) => id));
  const others = triage.items.map(({ id }) => id).filter((id) => !exposures.has(id));
  expect(others.filter((id) => checkOfLine(id) === null)).toEqual([]);
  expect(new Set([...exposures].map(checkOfLine))).toEqual(new Set(["exposed-credential"]));
  expect(new Set(others.map(checkOfLine)).size).toBeGreaterThan(4);
});
