import { expect, test } from "vitest";
import type { Edge } from "../../../src/rbac/edge.ts";
import { edges as registered } from "../../../src/rbac/edges/index.generated.ts";
import { attacks } from "../../cluster/attacks/index.ts";

const edges: readonly Edge[] = registered;

test("every edge is carried out on the control plane, or says why that cannot be", () => {
  const done = new Set(attacks.flatMap(({ edge, also }) => [edge, ...(also === undefined ? [] : [also])]));
  const silent = edges.filter(({ id, notDemonstrated }) => notDemonstrated === null && !done.has(id));
  expect(
    silent.map(({ id }) => id),
    "neither carried out nor explained",
  ).toEqual([]);
  const shown = new Set(attacks.filter(({ accepted }) => accepted === undefined).map(({ edge }) => edge));
  const modest = edges.filter(({ id, notDemonstrated }) => notDemonstrated !== null && shown.has(id));
  expect
    .soft(
      modest.map(({ id }) => id),
      "carried out, and yet called not demonstrated",
    )
    .toEqual([]);
  const bold = edges.filter(({ id, notDemonstrated }) => notDemonstrated === null && !shown.has(id));
  const also = new Set(attacks.map((attack) => attack.also));
  expect
    .soft(
      bold.map(({ id }) => id).filter((id) => !also.has(id)),
      "only accepted, and called demonstrated",
    )
    .toEqual([]);
});
