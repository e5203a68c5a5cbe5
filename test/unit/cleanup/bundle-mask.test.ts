import { beforeAll, expect, test } from "vitest";
import { maskObject } from "../../../src/cleanup/bundle/mask-object.ts";
import { maskOutput, maskText, maskWhole } from "../../../src/cleanup/bundle/mask-text.ts";
import { createMask } from "../../../src/evidence/mask.ts";
import type { Mask } from "../../../src/evidence/mask.ts";
import type { Json } from "../../../src/model/api.ts";
import { Canaries } from "../../control-plane/cast/values.ts";

let mask: Mask;
beforeAll(async () => {
  mask = await createMask("a key of this test alone");
});

const fingerprint = (text: string): string => `<masked:${mask.fingerprint(text)}>`;
const words = (text: string, names: string[] = []): string =>
  maskText(text, { mask, credentials: [], names: new Set(names) });

test.each([
  "Job has reached the specified backoff limit",
  'Error: exec: "backup": executable file not found in $PATH',
  "BackoffLimitExceeded, see https://docs.example.com/errors/42",
  "Back-off 5m0s restarting failed container=main".replace("5m0s", "50"),
  "",
])("what Kubernetes says stays: %s", (text) => {
  expect(words(text)).toBe(text);
});

test("words that may be secrets go, with the fingerprints of reports", () => {
  const secret = new Canaries().password();
  expect(words(`the word is ${secret}, he said`)).toBe(`the word is ${fingerprint(secret)}, he said`);
  expect(words("pin 123456 port 8080")).toBe(`pin ${fingerprint("123456")} port 8080`);
  expect(words("Tr0ub4dor&3")).toBe(`${fingerprint("Tr0ub4dor")}&3`);
});

test("names that the object shows stay in its texts", () => {
  expect(words("Created pod: backup-29921885-7krf9", ["backup-29921885-7krf9"])).toBe(
    "Created pod: backup-29921885-7krf9",
  );
});

test("a recognised credential goes even if it is a plain word", () => {
  expect(maskText("password=hunter", { mask, credentials: ["hunter"], names: new Set() })).toBe(
    `password=${fingerprint("hunter")}`,
  );
});

test("a whole value says which credentials it holds", () => {
  const url = "postgres://u:hunter22Xy@db/x";
  const held = maskWhole("DATABASE_URL", url, mask);
  expect(held).toBe(`<masked:${mask.fingerprint(url)} holds ${mask.fingerprint("hunter22Xy")}>`);
  expect(maskWhole("X", "", mask)).toBe("");
});

test("a key over several lines is masked in each of them, and the times of lines stay", () => {
  const body = new Canaries().password();
  const lines = ["-----BEGIN PRIVATE KEY-----", body, "-----END PRIVATE KEY-----"];
  const log = lines.map((line, i) => `2026-01-02T03:04:0${String(i)}.5Z ${line}`).join("\n");
  const masked = maskOutput(log, { mask, credentials: [], names: new Set() });
  expect(masked).not.toContain(body);
  expect(masked.split("\n").map((line) => line.slice(0, 22))).toEqual(log.split("\n").map((line) => line.slice(0, 22)));
});

test("of kinds that only their controllers know, metadata and structure stay", () => {
  const secret = new Canaries().password();
  const raw: Json = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Workflow",
    metadata: { name: "w", namespace: "n", uid: "u", annotations: { note: secret } },
    spec: { name: secret, pin: 4711, enabled: true, [secret]: { value: secret }, list: [secret] },
  };
  const masked = maskObject(raw, mask);
  const text = JSON.stringify(masked);
  expect(text).not.toContain(secret);
  expect(text).not.toContain("4711");
  expect(masked).toMatchObject({ kind: "Workflow", metadata: { name: "w", namespace: "n", uid: "u" } });
  expect(text).toContain(":true");
});

test("hostile JSON neither stops nor passes", () => {
  let deep: unknown = "x".repeat(10);
  for (let i = 0; i < 5000; i++) deep = { a: deep };
  const raw = JSON.parse(
    '{"apiVersion":"v1","kind":"Pod","metadata":{"name":7,"__proto__":{"x":"y"}},"spec":[1,"two",null]}',
  ) as Json;
  expect(() => maskObject({ ...raw, deep }, mask)).not.toThrow();
  expect(({} as { x?: string }).x).toBeUndefined();
});
