import { expect, test } from "vitest";
import { CommandError, UsageError } from "../../../src/cli/errors.ts";
import { failureLines } from "../../../src/cli/failure.ts";

const lines = (error: unknown): string[] => failureLines(error, "kubectl cronaudit");

test("a wrong command line: the error, the hints, the way to the help", () => {
  expect(lines(new UsageError("unknown flag: --x", ["Did you mean --y?"]))).toEqual([
    "error: unknown flag: --x",
    "Did you mean --y?",
    "See 'kubectl cronaudit --help' for usage.",
  ]);
});

test("kubectl's own openings are not opened twice", () => {
  const forbidden = 'Error from server (Forbidden): pods is forbidden: User "alice" cannot list resource "pods"';
  expect(lines(new CommandError(forbidden))).toEqual([forbidden]);
  expect(lines(new CommandError("error: x"))).toEqual(["error: x"]);
  const refused = "The connection to the server h:1 was refused - did you specify the right host or port?";
  expect(lines(Object.assign(new Error(refused), { name: "ApiError", next: "Start it." }))).toEqual([
    refused,
    "       Start it.",
  ]);
});

test("what a server says cannot steer the terminal", () => {
  expect(lines(new CommandError("pods \u001b[2J"))).toEqual(["error: pods ^[[2J"]);
});

test("a fault of the program shows no stack", () => {
  const shown = lines(new TypeError("x is not a function\n    at somewhere"));
  expect(shown[0]).toBe("error: this is a fault of the program (TypeError: x is not a function)");
  expect(shown.join("\n")).not.toMatch(/\bat somewhere/);
});

test.each([null, undefined, "text", 7, {}])("even %j thrown is one error", (thrown) => {
  expect(lines(thrown)[0]).toMatch(/^error: /);
});
