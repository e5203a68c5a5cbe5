import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseTimeout } from "../../../src/cli/duration.ts";
import { asCalled, connectionFlags, pasteable, programName } from "../../../src/cli/invocation.ts";
import { shellQuote } from "../../../src/output/shell.ts";
import { nearest } from "../../../src/cli/nearest.ts";
import { defaults } from "../../../src/cli/parse.ts";

test.each([
  // As a script: npm's link, or a clone.
  ["/home/a/bin/kubectl-cronaudit", {}, "kubectl cronaudit"],
  ["/home/a/bin/kubectl-cronaudit", { _: "/usr/bin/kubectl", PATH: "/usr/bin:/home/a/bin" }, "kubectl cronaudit"],
  ["/home/a/bin/kubectl-cronaudit", { _: "/usr/bin/sh", PATH: "/usr/bin:/home/a/bin" }, "kubectl cronaudit"],
  ["/home/a/bin/kubectl-cronaudit", { _: "/home/a/bin/kubectl-cronaudit", PATH: "/home/a/bin" }, "kubectl-cronaudit"],
  ["/home/a/bin/kubectl-cronaudit", { _: "./kubectl-cronaudit", PATH: "/usr/bin" }, "./kubectl-cronaudit"],
  ["/my tools/kubectl-cronaudit", { _: "/my tools/kubectl-cronaudit" }, "'/my tools/kubectl-cronaudit'"],
  ["/repo/node_modules/.bin/kubectl-cronaudit", { npm_command: "exec" }, "npx kubectl-cronaudit"],
  ["/repo/bin/kubectl-cronaudit.js", {}, "npx kubectl-cronaudit"],
  ["/repo/bin/kubectl-cronaudit.js", { npm_command: "run-script" }, "npx kubectl-cronaudit"],
])("what is suggested can be pasted where the script was started from: %s %j", (startedAs, env, expected) => {
  expect(programName({ startedAs, env })).toBe(expected);
});

test.each([
  ["/home/a/.krew/bin/kubectl-cronaudit", {}, "kubectl cronaudit"],
  ["/home/a/.krew/bin/kubectl-cronaudit", { _: "/usr/bin/kubectl" }, "kubectl cronaudit"],
  ["/home/a/.krew/bin/kubectl-cronaudit", { _: "/usr/bin/make", npm_command: "run-script" }, "kubectl cronaudit"],
  ["C:\\krew\\bin\\kubectl-cronaudit.exe", {}, "kubectl cronaudit"],
  ["kubectl-cronaudit", {}, "kubectl-cronaudit"],
  ["kubectl-cronaudit", { _: "/usr/bin/sh" }, "kubectl-cronaudit"],
  ["kubectl-cronaudit.exe", {}, "kubectl-cronaudit"],
  ["./kubectl-cronaudit", { _: "./kubectl-cronaudit" }, "./kubectl-cronaudit"],
  ["dist/kubectl-cronaudit-linux-x64", {}, "dist/kubectl-cronaudit-linux-x64"],
  ["/opt/kubectl-cronaudit-linux-x64", {}, "/opt/kubectl-cronaudit-linux-x64"],
  ["/opt/kubectl-cronaudit", { _: "/opt/kubectl-cronaudit", PATH: "/usr/bin" }, "/opt/kubectl-cronaudit"],
  ["/opt/kubectl-cronaudit", { _: "/opt/kubectl-cronaudit", PATH: "/usr/bin:/opt" }, "kubectl-cronaudit"],
])("and where the executable was: %s %j", (startedAs, env, expected) => {
  expect(programName({ startedAs, env, isExecutable: true })).toBe(expected);
});

test("texts name the program as it was called, and leave kubectl's own commands alone", () => {
  const text =
    "kubectl cronaudit stale; kubectl cronaudit.; kubectl get pods; kubectl_complete-cronaudit; kubectl cronaudits";
  expect(asCalled(text, "npx $&")).toBe(
    "npx $& stale; npx $&.; kubectl get pods; kubectl_complete-cronaudit; kubectl cronaudits",
  );
});

test("a suggested command keeps the flags that lead to the same evidence, and no token", () => {
  const options = { ...defaults(), filename: "my dump.json", context: "prod", token: "s3cr3t", "as-group": ["a", "b"] };
  expect(pasteable("kubectl cronaudit", "stale -n x", options)).toBe(
    "kubectl cronaudit stale -n x -f 'my dump.json' --context prod --as-group a --as-group b",
  );
});

test.each([
  ["snapshot e.gz", {}, "snapshot e.gz"],
  ["snapshot e.gz", { namespace: "team" }, "snapshot e.gz -n team"],
  ["snapshot e.gz", { namespace: "team", as: "pr" }, "snapshot e.gz -n team --as pr"],
  ["access sa/x -n other", { namespace: "team" }, "access sa/x -n other"],
  ["", { namespace: "team" }, "-n team"],
  ["snapshot e.gz", { namespace: "team", "all-namespaces": true }, "snapshot e.gz"],
  ["snapshot e.gz", { "list-secrets": true }, "snapshot e.gz --list-secrets"],
  ["exposure cj/x", { "compare-secrets": true }, "exposure cj/x --compare-secrets"],
  ["stale", { "compare-secrets": true }, "stale"],
  ["stale", { filename: "d.json", "fingerprint-key": "k" }, "stale -f d.json --fingerprint-key k"],
  ["stale", { "request-timeout": "2m", "chunk-size": 50 }, "stale --request-timeout 2m --chunk-size 50"],
])("a suggested command asks the namespace that was asked, in the same way: %s %j", (args, given, expected) => {
  expect(pasteable("kubectl cronaudit", args, { ...defaults(), ...given })).toBe(`kubectl cronaudit ${expected}`);
});

test("kubectl is led to the same cluster, by flags that kubectl knows", () => {
  const options = {
    ...defaults(),
    context: "my prod",
    as: "pr",
    "as-group": ["g"],
    token: "s3cr3t",
    filename: "d.json",
  };
  expect(connectionFlags(options).join(" ")).toBe("--context 'my prod' --as pr --as-group g");
});

test("a shell gives back the word that was quoted", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ minLength: 1 }).filter((word) => !/[\0\ud800-\udfff]/.test(word)),
        { minLength: 1, maxLength: 5 },
      ),
      (list) => {
        const script = `printf '%s\\0' ${list.map(shellQuote).join(" ")}`;
        const back = execFileSync("sh", ["-c", script], { encoding: "utf8" });
        expect(back).toBe(list.map((word) => `${word}\0`).join(""));
      },
    ),
    { numRuns: 40 },
  );
});

test.each([
  ["30", 30_000],
  ["0", 0],
  ["30s", 30_000],
  ["1m30s", 90_000],
  ["500ms", 500],
  ["1.5h", 5_400_000],
  ["0s", 0],
])("clientcmd.ParseTimeout: %s", (timeout, milliseconds) => {
  expect(parseTimeout(timeout)).toBe(milliseconds);
});

test.each(["-1", "abc", "1x", "1m30", "1d", "s", "1e3s", " 1s"])("clientcmd.ParseTimeout refuses: %s", (timeout) => {
  expect(() => parseTimeout(timeout)).toThrow("Timeout must be a single integer in seconds");
});

test.each([
  ["nmespace", "namespace"],
  ["namepsace", "namespace"],
  ["out", "output"],
  ["xyz", null],
  ["", null],
])("the nearest name to %s is %s", (typed, expected) => {
  expect(nearest(typed, ["namespace", "output", "context"])).toBe(expected);
});
