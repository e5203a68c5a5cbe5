import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AccessItem, Way } from "../../src/model/report.ts";
import { isRead, type Edge } from "../../src/rbac/edge.ts";
import { edges as registered } from "../../src/rbac/edges/index.generated.ts";
import { accessReport, ALL_WAYS } from "../../src/rbac/report.ts";
import { readsSecrets } from "../../src/rbac/steps.ts";
import { everything } from "../selection.ts";
import { chainText, reachText, readCase, subjectText, type Evidence } from "./read-case.ts";

const edges: readonly Edge[] = registered;
const ROOT = join(import.meta.dirname, "edges");

/** Set to 1 to write want.json anew; the difference is then reviewed like code. */
const BLESS = process.env["CRONAUDIT_BLESS"] === "1";

/** Reads of what carries literals are no ways to a Secret: they belong to the readers of exposure (carrier-readers.test.ts). */
const ids = edges.filter((edge) => !isRead(edge) || readsSecrets(edge)).map(({ id }) => id);

/** want.json: the evidence where it is not a whole cluster of 1.36, every way that has the edge, and what waits for one. */
interface Want {
  evidence?: Partial<Evidence>;
  ways: object[];
  latent: object[];
}

test("every folder is an edge's", () => {
  expect(readdirSync(ROOT).sort()).toEqual(ids.toSorted());
});

describe.each(ids)("edge %s", (id) => {
  const cases = existsSync(join(ROOT, id)) ? readdirSync(join(ROOT, id)).sort() : [];

  test("has a bad and a good case", () => {
    expect(cases.filter((name) => name.startsWith("bad."))).not.toEqual([]);
    expect(cases.filter((name) => name.startsWith("good."))).not.toEqual([]);
  });

  test.each(cases)("%s", async (name) => {
    const folder = join(ROOT, id, name);
    const why = readFileSync(join(folder, "README.md"), "utf8");
    expect(why.trim().split("\n"), "README.md says in one line why the case exists").toHaveLength(1);
    const want = join(folder, "want.json");
    const wanted = existsSync(want) ? (JSON.parse(readFileSync(want, "utf8")) as Want) : { ways: [], latent: [] };
    const { evidence = {} } = wanted;
    const snapshot = await readCase(join(folder, "cluster.yaml"), { version: "v1.36.4", from: "cluster", ...evidence });
    const { items } = accessReport(snapshot, everything(), { question: { ...ALL_WAYS, allSubjects: true } });
    const found: Want = {
      ...(wanted.evidence === undefined ? {} : { evidence }),
      ways: items.flatMap((item) => item.ways.filter((way) => way.edges.includes(id)).map((way) => shown(item, way))),
      latent: items.flatMap((item) => latentOf(item, id)),
    };
    if (BLESS) writeFileSync(want, `${JSON.stringify(found, null, 2)}\n`);
    expect(found).toEqual(JSON.parse(readFileSync(want, "utf8")));
    expect(found.ways.length > 0).toBe(name.startsWith("bad."));
  });
});

/** The part of a way that a case fixes. */
function shown({ subject }: AccessItem, { edges, effect, scope, chain, note }: Way): object {
  return {
    subject: subjectText(subject),
    edges: edges.join(" > "),
    effect,
    opens: reachText(scope),
    chain: chainText(chain),
    note,
  };
}

function latentOf({ subject, ineffective }: AccessItem, id: string): object[] {
  return ineffective
    .filter(({ why }) => why.startsWith(`${id}: `))
    .map(({ why, chain }) => ({ subject: subjectText(subject), why, chain: chainText(chain) }));
}
