import { execFileSync } from "node:child_process";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { openCanaries } from "../../../../src/scenarios/lab/canary.ts";
import { FINGERPRINT } from "../../../../src/scenarios/lab/workload.ts";

test("a canary is known by its keyed hash, and is not shown by mistake", () => {
  const { mint, fingerprint } = openCanaries();
  const [one, other] = [mint(), mint()];
  expect([one.is(one.value), one.is(other.value), one.is("")]).toEqual([true, false, false]);
  expect(one.fingerprint).toMatch(/^[0-9a-f]{32}$/);
  expect(one.fingerprint).toBe(fingerprint(one.value));
  expect(openCanaries().fingerprint(one.value), "another run has another key").not.toBe(one.fingerprint);
  for (const shown of [JSON.stringify(one), inspect(one), Object.values({ ...one }).join()]) {
    expect(shown.includes(one.value)).toBe(false);
  }
});

test("no canary is left by the mask: as it is, in base64 wherever it stands, or cut", () => {
  const { mint, mask } = openCanaries();
  const { value, fingerprint } = mint();
  const shown = `<canary ${fingerprint}>`;
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  expect(mask(`a ${value} b ${value}`)).toBe(`a ${shown} b ${shown}`);
  expect(mask(`data: ${base64(value)}.`)).toBe(`data: ${shown}.`);
  for (const before of ["", "u", "u:", "u:p", "postgres://u:"])
    for (const after of ["", "@", "@h", "@host"]) {
      const masked = mask(`{"value":"${base64(before + value + after)}"}`);
      expect(masked).toContain(shown);
      // At most the first two digits and the last one share a character with what stands around them.
      expect(masked.length - shown.length).toBeLessThan(`{"value":""}`.length + base64(before + after).length + 8);
    }
  for (const form of [value, base64(value), base64(`u${value}`).slice(2), base64(`u:${value}`).slice(3)])
    for (let length = 0; length <= value.length; length++) {
      const masked = mask(`refused: ${form.slice(0, length)}…`);
      if (length >= 8) expect(masked, String(length)).toBe(`refused: ${shown}…`);
      else expect(masked).toBe(`refused: ${form.slice(0, length)}…`);
    }
  expect(mask("nothing")).toBe("nothing");
});

test("a shell tells the same fingerprints", () => {
  for (let n = 0; n < 8; n++) {
    const { mint, fingerprint } = openCanaries();
    const env = Object.fromEntries(mint().hashing.map(({ name, value }) => [name, value]));
    for (const text of ["x", "p%s\\041 'q' \"r\" $s", "-n", "ü".repeat(50), mint().value]) {
      const args = ["-c", `${FINGERPRINT}\nfingerprint "$1"`, "sh", text];
      const told = execFileSync("sh", args, { env: { ...env, PATH: process.env["PATH"] } });
      expect(told.toString()).toBe(fingerprint(text));
    }
  }
});
