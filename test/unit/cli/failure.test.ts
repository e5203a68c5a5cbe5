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

test("what is suggested is called as the program was", () => {
  const unknown = new UsageError('unknown command "x" for "kubectl cronaudit"', ["Or: kubectl cronaudit stale"]);
  expect(failureLines(unknown, "npx kubectl-cronaudit")).toEqual([
    'error: unknown command "x" for "npx kubectl-cronaudit"',
    "Or: npx kubectl-cronaudit stale",
    "See 'npx kubectl-cronaudit --help' for usage.",
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

test("an answer that is none of the API's keeps its own opening", () => {
  const unexpected = "Server returned an unexpected response: h did not answer with JSON";
  expect(lines(Object.assign(new Error(unexpected), { name: "ApiError" }))).toEqual([unexpected]);
});

test("the next step may have lines, which stay lines, as an install hint's do", () => {
  const next = "Not installed.\n\nbrew install it\n\u001b[2J";
  expect(lines(Object.assign(new Error("error: x"), { name: "ApiError", next }))).toEqual([
    "error: x",
    "       Not installed.",
    "",
    "       brew install it",
    "       ^[[2J",
  ]);
});

test("a wrong command line of a verb leads to that verb's help", () => {
  const error = new UsageError("x");
  error.verb = "stale";
  expect(lines(error).at(-1)).toBe("See 'kubectl cronaudit stale --help' for usage.");
  error.verb = "";
  expect(lines(error).at(-1)).toBe("See 'kubectl cronaudit --help' for usage.");
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

test("what a failure suggests is spelled as the user called the program", () => {
  const error = Object.assign(new Error("cannot read x"), {
    name: "EvidenceError",
    next: "write one first: kubectl cronaudit snapshot FILE",
  });
  expect(failureLines(error, "npx kubectl-cronaudit")).toEqual([
    "error: cannot read x",
    "       write one first: npx kubectl-cronaudit snapshot FILE",
  ]);
});
