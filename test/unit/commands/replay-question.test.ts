import { describe, expect, test } from "vitest";
import type { Context } from "../../../src/cli/command.ts";
import type { Options } from "../../../src/cli/flags.ts";
import { defaults } from "../../../src/cli/parse.ts";
import { readReplay, readWords } from "../../../src/commands/replay-question.ts";

const context = (options: Partial<Options>, words: string[] = []): Context => ({
  options: { ...defaults(), ...options },
  words,
  io: undefined as never,
  program: "kubectl cronaudit",
});

describe("words", () => {
  test.each<[string, string[], string[]]>([
    ["", [], []],
    ["5 1", ["completed-pod", "stale-accumulation"], []],
    ["1 completed-pod", ["completed-pod"], []],
    ["Image-Substitution cronjob/backup", ["image-substitution"], ["cronjob/backup"]],
    ["cronjob/backup 3", ["concurrent-rotation"], ["cronjob/backup"]],
    ["2 cronjob backup 3", ["over-permissive-account"], ["cronjob", "backup", "3"]],
    ["pods,jobs", [], ["pods,jobs"]],
    ["sa/backup user:alice", [], ["sa/backup", "user:alice"]],
  ])("%s", (line, adversaries, words) => {
    expect(readWords(line.split(" ").filter((word) => word !== ""))).toEqual({ adversaries, words });
  });

  test.each([
    ["0", "there is no adversary 0"],
    ["6", "there is no adversary 6"],
    ["stale", '"stale" is neither an adversary nor a type of object'],
    ["image-substitute", '"image-substitute" is neither an adversary nor a type of object'],
  ])("%s is an error", (word, message) => {
    expect(() => readWords([word])).toThrow(message);
  });
});

describe("--as", () => {
  test("with a prefix is a position, and does not reach the connection", () => {
    const asked = readReplay(context({ as: "user:alice", "as-group": ["dev", "ops"] }, ["1"]));
    expect(asked.position).toEqual([
      { what: "user", name: "alice" },
      { what: "group", name: "dev" },
      { what: "group", name: "ops" },
    ]);
    expect(asked.context.options).toMatchObject({ as: null, "as-group": [] });
  });

  test.each(["sa/backup", "serviceaccount:backup", "group:dev"])("%s is one, too", (as) => {
    expect(readReplay(context({ as })).position).toHaveLength(1);
  });

  test.each(["alice", "system:serviceaccount:database:backup", "oidc:user:alice"])("%s impersonates", (as) => {
    const asked = readReplay(context({ as, "as-group": ["dev"], "as-uid": "7" }));
    expect(asked.position).toEqual([]);
    expect(asked.context.options).toMatchObject({ as, "as-group": ["dev"], "as-uid": "7" });
  });

  test("a position has no uid", () => {
    expect(() => readReplay(context({ as: "user:alice", "as-uid": "7" }))).toThrow("--as-uid goes with a user");
  });
});

test("--verify asks a cluster", () => {
  expect(() => readReplay(context({ verify: true, filename: "x" }))).toThrow("--verify cannot be used with -f");
});
