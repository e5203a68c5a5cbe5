import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isRead, type Edge } from "../../../src/rbac/edge.ts";
import { edges as registered } from "../../../src/rbac/edges/index.generated.ts";
import { attacks } from "../../cluster/attacks/index.ts";
import { rightsIn } from "../../cluster/readers/table.ts";

const edges: readonly Edge[] = registered;

/** What accounts with one verb each read on the control plane; reader-table.test.ts keeps the file true. */
const table = readFileSync(join(import.meta.dirname, "../../cluster/readers/table.txt"), "utf8");
const measured = new Set(rightsIn(table).reading.map(({ verb, path }) => `${verb} ${path}`));

test("every edge is carried out on the control plane, or says why that cannot be", () => {
  const done = new Set(attacks.flatMap(({ edge, also }) => [edge, ...(also === undefined ? [] : [also])]));
  const read = (edge: Edge): boolean => isRead(edge) && measured.has(edge.name);
  const silent = edges.filter((edge) => edge.notDemonstrated === null && !done.has(edge.id) && !read(edge));
  expect(
    silent.map(({ id }) => id),
    "neither carried out nor explained",
  ).toEqual([]);
  const shown = new Set(attacks.filter(({ accepted }) => accepted === undefined).map(({ edge }) => edge));
  const modest = edges.filter((edge) => edge.notDemonstrated !== null && (shown.has(edge.id) || read(edge)));
  expect
    .soft(
      modest.map(({ id }) => id),
      "carried out, and yet called not demonstrated",
    )
    .toEqual([]);
  const bold = edges.filter((edge) => edge.notDemonstrated === null && !shown.has(edge.id) && !read(edge));
  const also = new Set(attacks.map((attack) => attack.also));
  expect
    .soft(
      bold.map(({ id }) => id).filter((id) => !also.has(id)),
      "only accepted, and called demonstrated",
    )
    .toEqual([]);
});
