import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { classes } from "../../src/exposure/classes/index.generated.ts";
import { exposureReport } from "../../src/exposure/report.ts";
import type { Carrier } from "../../src/model/report.ts";
import { everything } from "../selection.ts";
import { readWithLogs } from "./read-logs.ts";

const ROOT = join(import.meta.dirname, "classes");

/** Set to 1 to write want.json anew; the difference is then reviewed like code. */
const BLESS = process.env["CRONAUDIT_BLESS"] === "1";


describe.each(classes.map(({ id }) => id))("class %s", (id) => {
  const cases = existsSync(join(ROOT, id)) ? readdirSync(join(ROOT, id)).sort() : [];

  test("has a bad and a good case", () => {
    expect(cases.filter((name) => name.startsWith("bad."))).not.toEqual([]);
    expect(cases.filter((name) => name.startsWith("good."))).not.toEqual([]);
  });

  test.each(cases)("%s", async (name) => {
    const folder = join(ROOT, id, name);
    const why = readFileSync(join(folder, "README.md"), "utf8");
    expect(why.trim().split("\n"), "README.md says in one line why the case exists").toHaveLength(1);
    const report = exposureReport(await readWithLogs(folder), everything());
    const found = report.items.flatMap(({ credential, carriers }) =>
      carriers.filter((carrier) => carrier.class === id).map((carrier) => shown(credential.name, carrier)),
    );
    found.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    const want = join(folder, "want.json");
    if (BLESS) writeFileSync(want, `${JSON.stringify(found, null, 2)}\n`);
    expect(found).toEqual(JSON.parse(readFileSync(want, "utf8")));
    expect(found.length > 0).toBe(name.startsWith("bad."));
  });
});

/** The part of a carrier that a case fixes; a bound says so, and what it cannot precede. */
function shown(credential: string, carrier: Carrier): object {
  const { path, opens, opensNotBefore, opensIsBound, closes, closesBecause, closesIsBound } = carrier;
  return {
    credential,
    object: `${carrier.object.kind.toLowerCase()}/${carrier.object.name}`,
    path,
    opens,
    ...(opensIsBound ? { opensNotBefore } : {}),
    closes,
    closesBecause,
    ...(closesIsBound ? { closesIsBound } : {}),
  };
}
