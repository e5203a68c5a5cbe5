import { describe, expect, test } from "vitest";
import { findInCommand } from "../../../src/credentials/command.ts";
import { findInOutput } from "../../../src/credentials/output.ts";
import { checkRules } from "../../../src/credentials/own-rules-file.ts";
import { OwnValues, masksOwn } from "../../../src/credentials/own-rules-values.ts";
import { compileRules } from "../../../src/credentials/own-rules.ts";
import { findInValue } from "../../../src/credentials/values.ts";

function rulesOf(lists: object) {
  return compileRules(checkRules({ apiVersion: "cronaudit/v1", kind: "Rules", ...lists }), "rules.yaml");
}

const inValue = (lists: object, name: string, value: string, namespace = "database"): string[] =>
  new OwnValues(rulesOf(lists), namespace)
    .inValue(name, value, findInValue(name, value))
    .map((one) => `${one.name} ${one.verdict.kind} ${one.verdict.confidence} ${one.text}`);

describe("names", () => {
  const doors = { names: [{ words: ["door code"] }] };
  test.each(["DOOR_CODE", "frontDoorCode", "door-code", "app.door.code.v2"])("by words: %s", (name) => {
    expect(inValue(doors, name, "tulip")).toEqual([`${name} password likely tulip`]);
  });
  test.each(["OUTDOOR_CODE", "DOOR", "CODE_DOOR", "DOOR_ZIP_CODE"])("by words not: %s", (name) => {
    expect(inValue(doors, name, "tulip")).toEqual([]);
  });

  const globs = { names: [{ names: ["*_codeword", "PIN?"], kind: "token", confidence: "certain" }] };
  test.each(["SHOP_CODEWORD", "shop_codeword", "PIN1"])("by globs over the whole name, in any case: %s", (name) => {
    expect(inValue(globs, name, "tulip")).toEqual([`${name} token certain tulip`]);
  });
  test.each(["CODEWORD", "SHOP_CODEWORDS", "PIN", "PIN12"])("by globs not: %s", (name) => {
    expect(inValue(globs, name, "tulip")).toEqual([]);
  });

  test.each(["", " ", "$(DOOR)", "{{ .Values.code }}", "none", "true", "/run/secrets/code", "https://example.com"])(
    "of what is no value: %j",
    (value) => {
      expect(inValue(doors, "DOOR_CODE", value)).toEqual([]);
    },
  );

  test("hold in their namespaces alone", () => {
    const payments = { names: [{ words: ["door code"], namespaces: ["pay*"] }] };
    expect(inValue(payments, "DOOR_CODE", "tulip", "payments")).toHaveLength(1);
    expect(inValue(payments, "DOOR_CODE", "tulip", "database")).toEqual([]);
  });

  test("raise what was only possible, and take nothing from what is surer", () => {
    const shop = { names: [{ names: ["SHOP"], kind: "token", confidence: "possible" }] };
    const url = "postgres://u:kX9canary4fQz@db/x";
    expect(inValue(shop, "SHOP", url)).toEqual(inValue({}, "SHOP", url));
    expect(inValue({ names: [{ names: ["APP_KEY"] }] }, "APP_KEY", "correct-horse-7-battery")).toEqual([
      "APP_KEY password likely correct-horse-7-battery",
    ]);
  });

  test("are looked for among the keys of JSON", () => {
    expect(inValue(doors, "CONFIG", '{"lobby":{"door_code":"tulip"},"port":"80"}')).toEqual([
      "door code password likely tulip",
    ]);
  });
});

describe("patterns", () => {
  const licence = {
    patterns: [{ pattern: "ACME-(?P<id>[0-9A-Z]{8})", group: "id", confidence: "certain", kind: "token" }],
  };
  test("find what they mean wherever it stands, each time", () => {
    expect(inValue(licence, "NOTE", "use ACME-TULIP123 or ACME-TULIP456.")).toEqual([
      "NOTE token certain TULIP123",
      "NOTE token certain TULIP456",
    ]);
  });

  test("say so with the operator's words, where the program would have found it as well", () => {
    const rules = rulesOf({ patterns: [{ pattern: "tulip-[0-9]{4}", because: "opens the tulip" }] });
    const found = new OwnValues(rules, null).inValue(
      "DB_PASSWORD",
      "tulip-4711",
      findInValue("DB_PASSWORD", "tulip-4711"),
    );
    expect(found).toEqual([
      {
        name: "DB_PASSWORD",
        text: "tulip-4711",
        verdict: { kind: "secret-key", confidence: "likely", because: "opens the tulip" },
      },
    ]);
    expect(rules.used).toEqual(new Map([["patterns[0]", 1]]));
  });

  test("keep texts out of what is kept, and only possible ones do not", () => {
    expect(masksOwn(rulesOf(licence), "registry.example/app:ACME-TULIP123")).toBe(true);
    expect(masksOwn(rulesOf({ patterns: [{ pattern: "app", confidence: "possible" }] }), "app")).toBe(false);
  });
});

describe("in a command line", () => {
  const rules = { names: [{ words: ["door code"] }], patterns: [{ pattern: "ACME-[0-9A-Z]{8}" }] };
  const inCommand = (...line: string[]): string[] =>
    new OwnValues(rulesOf(rules), null)
      .inCommand(line, findInCommand(line, []))
      .map(({ index, name, text }) => `${String(index)} ${name} ${text}`);
  test.each([
    [["open", "--door-code", "tulip"], ["2 door code tulip"]],
    [["open", "--door-code=tulip"], ["1 door code tulip"]],
    [["DOOR_CODE=tulip", "open"], ["0 door code tulip"]],
    [["java", "-Ddoor.code=tulip"], ["1 door code tulip"]],
    [
      ["sh", "-c", "DOOR_CODE='tulip' open --door-code \"rose\" && true"],
      ["2 door code tulip", "2 door code rose"],
    ],
    [["open", "--door-code", "--verbose"], []],
    [["open", "--licence", "ACME-TULIP123"], ["2 argument ACME-TULIP123"]],
  ])("%j: %j", (line, found) => {
    expect(inCommand(...line)).toEqual(found);
  });
});

test("in what a program printed, variables by name and anything by pattern", () => {
  const values = new OwnValues(
    rulesOf({ names: [{ words: ["door code"] }], patterns: [{ pattern: "ACME-[0-9A-Z]{8}" }] }),
    null,
  );
  const lines = ["starting", "DOOR_CODE='tulip'", "licence: ACME-TULIP123 accepted", '{"doorCode":"rose"}'];
  expect(
    values
      .inOutput(lines, "log", findInOutput(lines, "log"))
      .map((one) => `${String(one.line)} ${one.name} ${one.text}`),
  ).toEqual(["1 door code tulip", "2 log ACME-TULIP123", "3 door code rose"]);
});

test("patterns that others would back-track on are linear in a value of 1 MiB", { timeout: 60_000 }, () => {
  const values = new OwnValues(
    rulesOf({ patterns: [{ pattern: "(a*)*b(x+x+)+y" }], names: [{ names: ["*a*a*a*a*b"] }] }),
    null,
  );
  const started = performance.now();
  values.inValue("a".repeat(1 << 16), "a".repeat(1 << 20), []);
  values.inCommand([`${"a".repeat(1 << 19)}"`, "'".repeat(1 << 16)], []);
  expect(performance.now() - started).toBeLessThan(20_000);
});
