import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenize } from "../../../../src/cli/argv.ts";
import { completionRequest } from "../../../../src/cli/completion/request.ts";
import { optionsOf, readLine } from "../../../../src/cli/completion/line.ts";
import { parse } from "../../../../src/cli/parse.ts";
import { commands } from "../../../../src/commands/index.ts";

const word = fc.oneof(
  fc.constantFrom("exposure", "help", "-A", "-n", "-nfoo", "-Av6", "-o=json", "--all", "--all=false", "--output"),
  fc.constantFrom("--class", "log", "--", "-", "cronjob/x", "user:a", "--namespace=x=y", "-Aojson", "--as-group"),
  fc.string({ maxLength: 6 }),
);

test("flags, values and words are told apart as the parser does", () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (argv) => {
      let tokens;
      try {
        tokens = tokenize(argv);
      } catch {
        return;
      }
      const { given, words, hasVerb, isHelp, command } = readLine([...argv, ""], commands);
      const flags = new Map<string, string[]>();
      for (const token of tokens) {
        if (token.kind === "flag") flags.set(token.name, [...(flags.get(token.name) ?? []), token.value]);
      }
      expect(new Map(given)).toEqual(flags);
      const all = tokens.filter((token) => token.kind === "word").map(({ text }) => text);
      const verb = isHelp ? ["help"] : hasVerb ? [command.name] : [];
      expect([...verb, ...words]).toEqual(all);
    }),
  );
});

test("the verb is the parser's, and so are the options", async () => {
  const lines = [
    ["exposure", "-n", "a", "--class=log", "--class", "literal-env", "--all"],
    ["-A", "stale", "--context", "dev", "--all=false"],
    ["access", "--as-group", "x", "--as-group=y", "-f", "file"],
    ["cronjob/backup", "-n", "database"],
  ];
  for (const argv of lines) {
    const parsed = await parse(argv, commands);
    const line = readLine([...argv, ""], commands);
    expect(line.command.name).toBe(parsed.command.name);
    expect(line.words).toEqual(parsed.words);
    expect(optionsOf(line.given)).toEqual(parsed.options);
  }
});

test("a request is told by its first word, or by the name that kubectl looks for", () => {
  const own = { startedAs: "/usr/bin/kubectl-cronaudit" };
  expect(completionRequest(["__complete", "a", ""], own)).toEqual({ words: ["a", ""], quoting: false });
  expect(completionRequest(["__complete-quoting", ""], own)).toEqual({ words: [""], quoting: true });
  expect(completionRequest(["exposure", "__complete"], own)).toBeNull();
  expect(completionRequest([], own)).toBeNull();
  for (const startedAs of ["/x/kubectl_complete-cronaudit", "C:\\krew\\kubectl_complete-cronaudit.exe"]) {
    expect(completionRequest(["__complete", ""], { startedAs })).toEqual({ words: ["__complete", ""], quoting: false });
  }
});
