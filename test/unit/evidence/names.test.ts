import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createContext } from "../../../src/evidence/context.ts";
import { KINDS } from "../../../src/evidence/kinds/index.ts";
import { podWith, projected } from "./projected.ts";

const PIECE = 4;

/** No part of a canary may look like a word that a name is made of, nor like the digits of a fingerprint. */
const canary = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."qxzjvkwQXZJVKW79"), minLength: 8, maxLength: 20 }),
  fc.stringMatching(/^[QXZJVK][qxzjvk]{3,6}[QXZJVK][qxzjvk]{3,6}[79]?$/),
  fc.stringMatching(/^[qxzjvk]{4,8}[-._/+=:@][qxzjvk]{4,8}$/),
);

/** What makes the text around a canary look like an option, an assignment, a login or a document. */
const before = fc.constantFrom(
  ..."|-p|-P|-a|-u|-ua:|-pMy|-w|-D|-|--|--opt|--password|--password=|--token=|-password=|password|PGPASSWORD=|export X=|x=|a:|p@".split(
    "|",
  ),
  ...'http://u:|postgres://u:|u:p@|user:|jdbc:oracle:thin:a/|db:5432:*:a:|Bearer |Basic |password: |token = |?api_key=|{"token":"|{"'.split(
    "|",
  ),
  ..."$|${X:-|<|{{|vault:|env:|# |'|\"".split("|"),
);
const after = fc.constantFrom(
  ..."|Password|password|_PASSWORD|-password|.token|Token|Pw|pw|Secret|-secret-key|AccessKey|=|=1|Password=1|_TOKEN=abcdef12|.password=x9|Key=abcdef12".split(
    "|",
  ),
  ...'@h|@h/db|@tcp(h)/x|"}|":"hunter22"}|Password":"hunter22"}|}|>|}}|\'|"| x|;ls|`'.split("|"),
);
const word = (secret: string): fc.Arbitrary<string> => fc.tuple(before, after).map(([a, b]) => a + secret + b);
const plain = fc.constantFrom(
  ..."mysql mysqldump sshpass 7z cqlsh curl redis-cli mongodump mc aws alias set configure aws_secret_access_key sh -c -p -a -u -P --password --token -db-password mydb hunter22 login docker https://h | ;".split(
    " ",
  ),
);
const line = (secret: string): fc.Arbitrary<string[]> =>
  fc.array(fc.oneof(word(secret), plain), { minLength: 1, maxLength: 6 });
const script = (secret: string): fc.Arbitrary<string> => line(secret).map((words) => words.join(" "));
const anyText = (secret: string): fc.Arbitrary<string> =>
  fc.oneof(
    word(secret),
    script(secret),
    script(secret).map((text) => `sh -c '${text}'`),
  );

/** An object that has the canary in places of all kinds that hold values: no key and no name of the object has it. */
const carrying = (secret: string): fc.Arbitrary<Record<string, unknown>> => {
  const text = anyText(secret);
  const handler = fc.record({
    exec: fc.record({ command: line(secret) }),
    httpGet: fc.record({ path: text, httpHeaders: fc.tuple(text).map(([value]) => [{ name: "X-Api-Key", value }]) }),
  });
  const json = fc
    .tuple(text, text)
    .map(([a, b]) => JSON.stringify({ kind: a, [b]: { [`${b}Password`]: a, token: "hunter22hunter22" } }));
  const container = fc.record(
    {
      command: line(secret),
      args: fc.oneof(
        line(secret),
        script(secret).map((one) => ["sh", "-ec", one]),
      ),
      env: fc.tuple(text, text, json).map(([a, b, c]) => [
        { name: "DB_PASSWORD", value: a },
        { name: "NOTE", value: b },
        { name: "CONFIG", value: c },
        { name: "WRAPPED", value: Buffer.from(c).toString("base64") },
        { name: "TWICE", value: "--password=$(NOTE)" },
      ]),
      livenessProbe: handler,
      lifecycle: fc.record({ preStop: handler }),
    },
    { requiredKeys: [] },
  );
  return fc.record({ container, text, json }).map((parts) => {
    const volumes = [
      { name: "a", csi: { driver: "d", volumeAttributes: { password: parts.text, note: parts.json } } },
      { name: "b", flexVolume: { driver: "d", options: { password: parts.text } } },
      { name: "c", gitRepo: { repository: parts.text } },
    ];
    const annotations = { "example.com/token": parts.text, note: parts.json };
    const message = { terminated: { message: parts.json, reason: `failed: ${parts.text}` } };
    const status = {
      reason: `failed: ${parts.text}`,
      containerStatuses: [{ name: "backup", state: message, lastState: message }],
    };
    const pod = podWith(parts.container, { volumes }, { status });
    const applied = JSON.stringify({ apiVersion: "v1", kind: "Pod", [parts.text]: parts.text, spec: pod["spec"] });
    const meta = { ...(pod["metadata"] as object), labels: { password: secret } };
    return { ...pod, metadata: { ...meta, annotations: { ...annotations, "example.com/applied": applied } } };
  });
};

function pieces(secret: string): string[] {
  const all = Array.from({ length: Math.max(0, secret.length - PIECE + 1) }, (_, i) => secret.slice(i, i + PIECE));
  return all.map((piece) => piece.toLowerCase());
}

describe("names, paths and reasons", () => {
  test("have no piece of what stands in the place of a value", async () => {
    const { context, notes } = await createContext("key");
    let literals = 0;
    fc.assert(
      fc.property(
        canary.chain((secret) => fc.tuple(fc.constant(secret), carrying(secret))),
        ([secret, raw]) => {
          const pod = KINDS.pods.project(raw, context);
          literals += pod.template.literals.length;
          const shown = JSON.stringify(pod).toLowerCase() + [...notes].join().toLowerCase();
          expect(pieces(secret).filter((piece) => shown.includes(piece))).toEqual([]);
        },
      ),
      { numRuns: 3000 },
    );
    // Without findings there would be no names to search.
    expect(literals).toBeGreaterThan(10_000);
  }, 120_000);

  test.each([
    "-pQxzjvkPassword",
    "-pMyQxzjvkPassword=1",
    "--optqxzjvk=postgres://u:hunter22@h/x",
    "qxzjvk_TOKEN=abcdef12",
  ])("keep their finding when their text is left out: %s", async (argument) => {
    const { object } = await projected("pods", podWith({ args: ["app", argument, "hunter22"] }));
    expect(object.template.literals.length).toBeGreaterThan(0);
    expect(JSON.stringify(object)).not.toMatch(/qxzjvk/i);
  });
});
