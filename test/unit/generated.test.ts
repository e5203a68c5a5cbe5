import { join } from "node:path";
import { expect, test } from "vitest";
import { docFiles } from "../../scripts/docs.ts";
import { outdated } from "../../scripts/generated-files.ts";
import { schemaFiles } from "../../scripts/schema.ts";

const root = join(import.meta.dirname, "../..");

test("docs/schema is what the types say (npm run generate)", { timeout: 30_000 }, async () => {
  expect(await outdated(schemaFiles(), root)).toEqual([]);
});

test("docs/cli.md, the manual page and the roles are what the code says (npm run generate)", async () => {
  expect(await outdated(docFiles(), root)).toEqual([]);
});

test("a file that differs or is missing is named", async () => {
  const files = new Map([
    ["docs/rbac.yaml", "other"],
    ["docs/nowhere.md", "new"],
  ]);
  expect(await outdated(files, root)).toEqual(["docs/rbac.yaml", "docs/nowhere.md"]);
});
