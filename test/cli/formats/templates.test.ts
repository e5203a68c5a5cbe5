import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../run.ts";
import { temporary } from "../temporary.ts";
import { printed, reportOf } from "./reports.ts";

const file = "database.yaml";

test("jsonpath finds what -o json prints", async () => {
  const report = await reportOf([], file);
  const ids = report.items.map((item) => (item as { id: string }).id);
  expect(await printed([], file, "jsonpath={.items[*].id}")).toBe(ids.join(" "));
  expect(await printed([], file, 'jsonpath={range .items[*]}{.id}{"\\n"}{end}')).toBe(
    ids.map((id) => `${id}\n`).join(""),
  );
  expect(JSON.parse(await printed([], file, "jsonpath-as-json={.items[*].id}"))).toEqual(ids);
  expect(JSON.parse(await printed([], file, "jsonpath={@}"))).toEqual(report);
  expect(await printed([], file, "jsonpath={.kind} of {.metadata.takenAt}")).toBe(
    `${report.kind} of ${report.metadata.takenAt}`,
  );
});

test("custom columns have a row for each item, and no header where none is wanted", async () => {
  const report = await reportOf(["stale"], file);
  const table = await printed(["stale"], file, "custom-columns=NAME:.object.name,GOES:.retention.deletesAt,X:.x");
  const rows = table
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));
  expect(rows[0]).toEqual(["NAME", "GOES", "X"]);
  const wanted = report.items.map((item) => {
    const { object, retention } = item as { object: { name: string }; retention: { deletesAt: string | null } };
    return [object.name, retention.deletesAt ?? "<nil>", "<none>"];
  });
  expect(rows.slice(1)).toEqual(wanted);
  const bare = await printed(["stale"], file, "custom-columns=NAME:.object.name", "--no-headers");
  expect(bare.split("\n").filter(Boolean)).toEqual(wanted.map(([name]) => name));
});

test("template and columns may be in files", async () => {
  const folder = temporary();
  writeFileSync(join(folder, "template"), "{.items[0].id}\n");
  writeFileSync(join(folder, "columns"), "ID    SEVERITY\n.id   {.severity}\n");
  const report = await reportOf([], file);
  const [first] = report.items as { id: string; severity: string }[];
  expect(await printed([], file, `jsonpath-file=${join(folder, "template")}`)).toBe(`${first!.id}\n`);
  const columns = await printed([], file, `custom-columns-file=${join(folder, "columns")}`);
  expect(columns.split("\n")[1]!.split(/ +/)).toEqual([first!.id, first!.severity]);
});

test.each([
  ["jsonpath={.items", "error: error parsing jsonpath {.items, unclosed action"],
  ["jsonpath={.items[a]}", "error: error parsing jsonpath {.items[a]}, invalid array index a"],
  ["jsonpath-as-json=", "error: template format specified but no template given"],
  ["custom-columns=ID", "error: unexpected custom-columns spec: ID, expected <header>:<json-path-expr>"],
  ["custom-columns=ID:{.a}{.b}", "error: unexpected path string, expected a 'name1.name2' or"],
  ["jsonpath-file=nowhere", "error: error reading --template nowhere: no such file or directory"],
])("-o %s fails before anything is looked at", async (output, message) => {
  // Were it looked for, the missing evidence would be the error.
  const { stdout, stderr, exit } = await run(["-f", "no-such-evidence", "-o", output]);
  expect({ stdout, exit }).toEqual({ stdout: "", exit: 2 });
  expect(stderr.startsWith(message), stderr).toBe(true);
});

test("a template that does not fit the report writes nothing", async () => {
  for (const template of ["{.kind}{.items[0].id}{.items[999]}", "{.kind}{.items[?(@.since>1)]}", "{.kind}{end}"]) {
    const { stdout, stderr, exit } = await run(["-f", file, "-o", `jsonpath=${template}`]);
    expect({ stdout, exit }).toEqual({ stdout: "", exit: 2 });
    expect(stderr).toContain("error: error executing jsonpath");
  }
});

test("an error quotes no more of a template than its beginning", async () => {
  for (const template of [`{.kind}${"x".repeat(9000)}{.items`, `{.kind[0]}${"x".repeat(9000)}`]) {
    const { stderr } = await run(["-f", file, "-o", `jsonpath=${template}`]);
    expect(stderr).toMatch(/^error: error (?:parsing|executing) jsonpath "?\{\.kind/);
    expect(stderr.length).toBeLessThan(1000);
  }
});

test("names cannot break lines or steer a terminal, and the template's own text can", async () => {
  const text = await printed(["stale"], "hostile.json", 'jsonpath={range .items[*]}{.object.name}{"\\n"}{end}');
  expect(text.split("\n")).toHaveLength((await reportOf(["stale"], "hostile.json")).items.length + 1);
  expect(text.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u202a-\u202e]/);
});
