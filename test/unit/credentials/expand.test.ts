import { expect, test } from "vitest";
import { expand } from "../../../src/credentials/expand.ts";

const variables: Record<string, string | null> = { VAR: "value", EMPTY: "", OTHER: "$(VAR)", SECRET: null };

/** The cases that Kubernetes tests its own expansion with (third_party/forked/golang/expansion), by what they show. */
test.each([
  ["a variable", "foo-$(VAR)-bar", "foo-value-bar"],
  ["two in a row", "$(VAR)$(VAR)", "valuevalue"],
  ["an empty one", "[$(EMPTY)]", "[]"],
  ["an unknown one stays", "$(NOPE)", "$(NOPE)"],
  ["one whose value is elsewhere stays", "a$(SECRET)b", "a$(SECRET)b"],
  ["what comes out is not expanded again", "$(OTHER)", "$(VAR)"],
  ["$$ is a dollar sign", "$$(VAR)", "$(VAR)"],
  ["three dollar signs", "$$$(VAR)", "$value"],
  ["four dollar signs", "$$$$(VAR)", "$$(VAR)"],
  ["an open reference stays", "$(VAR", "$(VAR"],
  ["a dollar sign at the end", "foo$", "foo$"],
  ["a dollar sign before something else", "$VAR ${VAR}", "$VAR ${VAR}"],
  ["after an open one", "$(VAR $(VAR)", "$(VAR $(VAR)"],
])("%s", (_what, text, expected) => {
  expect(expand(text, (name) => variables[name])).toBe(expected);
});
