import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { scripts } from "../../src/cli/completion/scripts/index.ts";
import { canType, place, SHELLS, write } from "./shell.ts";

test.each(SHELLS.filter(canType))("%s reads its script, and it says how to load it", (shell) => {
  const at = place();
  const file = write(at, "script", scripts[shell]);
  const { status, stderr } = spawnSync(shell, [shell === "fish" ? "--no-execute" : "-n", file], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(scripts[shell].split("\n").slice(0, 5).join("\n")).toContain(`kubectl-cronaudit completion ${shell}`);
});

test("bash's script says nothing when it is sourced by one without programmable completion, or twice", () => {
  const at = place();
  const file = write(at, "script", scripts.bash);
  const { status, stdout, stderr } = spawnSync("bash", ["-c", `. ${file}; . ${file}; complete -p kubectl-cronaudit`], {
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain("__kubectl_cronaudit_complete");
});

test("PowerShell's script is balanced, and names no command but those it needs", () => {
  // No PowerShell is among Debian's packages, so this is all that is known of it.
  const code = scripts.powershell.replace(/^\s*#.*$/gm, "");
  const bare = code.replace(/'(?:[^']|'')*'|"(?:[^"`]|`.)*"/g, "");
  expect(bare).not.toMatch(/['"]/);
  const open: string[] = [];
  const partner: Record<string, string> = { ")": "(", "]": "[", "}": "{" };
  for (const sign of bare.replace(/[^()[\]{}]/g, "")) {
    if (sign in partner) expect(open.pop()).toBe(partner[sign]);
    else open.push(sign);
  }
  expect(open).toEqual([]);
  const commands = [...bare.matchAll(/\b[A-Z][A-Za-z]+-[A-Z]\w+/g)].map(([name]) => name);
  const known = ["ForEach-Object", "Register-ArgumentCompleter", "Select-Object", "Where-Object"];
  expect([...new Set(commands)].sort()).toEqual(known);
  expect(code).not.toMatch(/Invoke-Expression|iex\b/);
});

test("bash's script takes quotes off as bash does", () => {
  const at = place();
  const file = write(at, "script", scripts.bash);
  const part = fc.string({
    unit: fc.constantFrom("a", " ", "'", '"', "\\", "$", "`", "!", "~", "é", "=", ":", "*"),
    maxLength: 8,
  });
  const word = fc.array(
    fc.oneof(
      part.map((text) => `'${text.replaceAll("'", "")}'`),
      // A backslash in double quotes stands for itself, unless one of four signs follows.
      part.map((text) => `"${text.replace(/(["$`])/g, "\\$1").replace(/\\$/, "\\\\")}"`),
      part.map((text) => text.replace(/./gu, "\\$&")),
      fc.constantFrom("a", "--x=", "é"),
    ),
    { minLength: 1, maxLength: 3 },
  );
  const words = fc.array(
    word.map((parts) => parts.join("")),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(words, (all) => {
      // bash itself decides which of them are whole words, and what they are without quotes.
      const code = `. ${file}
        while IFS= read -r -d '' word; do
          __kubectl_cronaudit_plain "$word"
          printf '%s\\0%s\\0' "$plain" "$quote"
        done`;
      const own = spawnSync("bash", ["-c", code], { input: all.map((one) => `${one}\0`).join(""), encoding: "utf8" });
      const theirs = all.map((one) => spawnSync("bash", ["-c", `printf %s ${one}`], { encoding: "utf8" }));
      const found = own.stdout.split("\0");
      for (const [index, { status, stdout }] of theirs.entries()) {
        if (status !== 0) continue;
        expect([found[2 * index], found[2 * index + 1], all[index]]).toEqual([stdout, "", all[index]]);
      }
    }),
    { numRuns: 5 },
  );
});
