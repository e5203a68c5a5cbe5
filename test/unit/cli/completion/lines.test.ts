import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answerLines } from "../../../../src/cli/completion/lines.ts";

const lines = (words: string[], quoting = false, files = false): string[] =>
  answerLines({ candidates: words.map((word) => ({ word, description: word })), files }, quoting).split("\n");

/** Text of every kind that a kubeconfig or a file may hold in place of a name. */
const hostile = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({
    unit: fc.constantFrom("a", "\n", "\t", "\r", "\u001b", "[", "2", "J", ":", "4", "$", "(", "`", "'", '"', " ", "\\"),
    maxLength: 12,
  }),
  fc.constantFrom("\u202egro.elpmaxe", "a\u200bb", ":4", "_activeHelp_ x", "\u{e0041}", "\ud800", "-", "~", "#", "a;b"),
);

test("whatever names there are, each line is a word and a description, and the last the directive", () => {
  fc.assert(
    fc.property(fc.array(hostile, { maxLength: 6 }), fc.boolean(), (words, quoting) => {
      const text = answerLines(
        { candidates: words.map((word) => ({ word, description: word })), files: false },
        quoting,
      );
      expect(text.isWellFormed()).toBe(true);
      const all = text.split("\n");
      expect(all.pop()).toBe("");
      expect(all.pop()).toMatch(/^:\d+$/);
      for (const line of all) {
        expect(line).toMatch(/^[^\t]+(\t[^\t]+)?$/);
        expect(line.replace("\t", "")).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u{e0000}-\u{e007f}]/u,
        );
        const [word, description = ""] = line.split("\t");
        expect(words).toContain(word);
        expect(description).not.toMatch(/[`$\\"]/);
      }
    }),
  );
});

test("a shell takes every word for itself, even where it evaluates them", () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 40 }), (words) => {
      const shown = lines(words)
        .slice(0, -2)
        .map((line) => line.split("\t")[0]!);
      // What kubectl's scripts of old did with words: expanded once more, by compgen -W.
      const { stdout } = spawnSync("bash", ["-c", `printf '%s\\0' ${shown.join(" ")}`], { encoding: "utf8", cwd: "/" });
      expect(stdout.split("\0").slice(0, -1)).toEqual(shown.length === 0 ? [""] : shown);
    }),
    { numRuns: 40 },
  );
});

test("a script that quotes gets the odd names as well", () => {
  const odd = ["my cluster", "$(reboot)", "it's", "a;b", "{a,b}", "~"];
  expect(lines(odd)).toEqual([":36", ""]);
  expect(lines(odd, true).map((line) => line.split("\t")[0])).toEqual([...odd, ":36", ""]);
  const plain = ["arn:aws:eks:eu-west-1:123:cluster/x", "kubernetes-admin@kubernetes", "a+b%c,d=e.f_g", "größe"];
  expect(lines(plain).map((line) => line.split("\t")[0])).toEqual([...plain, ":36", ""]);
});

test("no space where all words have to go on, files where they are wanted, and an end", () => {
  expect(lines(["cronjob/", "job/"]).at(-2)).toBe(":38");
  expect(lines(["cronjob/", "cleanup"]).at(-2)).toBe(":36");
  expect(lines([], false, true).at(-2)).toBe(":32");
  const many = Array.from({ length: 5000 }, (_, index) => `name-${String(index)}`);
  expect(lines(many).length).toBe(502);
  expect(lines(["x".repeat(300)])[0]!.split("\t")[1]!.length).toBeLessThan(100);
});
