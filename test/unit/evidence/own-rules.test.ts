import { PassThrough, Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { applyRules } from "../../../src/credentials/own-rules-apply.ts";
import { checkRules } from "../../../src/credentials/own-rules-file.ts";
import { compileRules } from "../../../src/credentials/own-rules.ts";
import type { OwnRules } from "../../../src/credentials/own-rules.ts";
import { createContext } from "../../../src/evidence/context.ts";
import { readEvidence, writeSnapshot } from "../../../src/evidence/file.ts";
import { KINDS } from "../../../src/evidence/kinds/index.ts";
import { logLiterals } from "../../../src/evidence/log-lines.ts";
import { forKnown } from "../../../src/evidence/own-rules.ts";
import type { Json } from "../../../src/model/api.ts";
import type { Literal } from "../../../src/model/workload.ts";
import { podWith, snapshotOf } from "./projected.ts";

const CANARY = "kX9canary4fQz81";
const env = (names: string[]) => names.map((name, i) => ({ name, value: `${CANARY}${String(i)}` }));
const rulesOf = (lists: object): OwnRules =>
  compileRules(checkRules({ apiVersion: "cronaudit/v1", kind: "Rules", ...lists }), "rules.yaml");

const annotated = (value: unknown, names = ["DB_PASSWORD", "SMTP_PASSWORD"]): Json =>
  podWith(
    { env: env(names) },
    {},
    {
      metadata: { name: "p", namespace: "database", uid: "u1", annotations: { "cronaudit/ignore": value } },
    },
  );

async function pod(raw: Json, rules: OwnRules | null = null) {
  const { context, notes } = await createContext(null, false, rules);
  return { object: KINDS.pods.project(raw, context), notes: [...notes], context };
}

/** Names of literals, those that are ignored with by what. */
const shown = (literals: readonly Literal[]): string[] =>
  literals.map(({ name, ignored }) =>
    ignored === undefined ? name : `${name}: ${ignored.by} ${ignored.entries.join()}`,
  );
const OWN = "annotation metadata.annotations[cronaudit/ignore]";

describe("an ignore annotation names", () => {
  test.each([
    ["DB_PASSWORD", [`DB_PASSWORD: ${OWN}`, "SMTP_PASSWORD"]],
    [" ,SMTP_PASSWORD\n", ["DB_PASSWORD", `SMTP_PASSWORD: ${OWN}`]],
    ["spec.containers[backup].env[DB_PASSWORD]", [`DB_PASSWORD: ${OWN}`, "SMTP_PASSWORD"]],
    ["spec.containers[0].env[0].value", [`DB_PASSWORD: ${OWN}`, "SMTP_PASSWORD"]],
    ["*", [`DB_PASSWORD: ${OWN}`, `SMTP_PASSWORD: ${OWN}`]],
    ["x y *", [`DB_PASSWORD: ${OWN}`, `SMTP_PASSWORD: ${OWN}`]],
    ["*_PASSWORD", ["DB_PASSWORD", "SMTP_PASSWORD"]],
    ["db_password", ["DB_PASSWORD", "SMTP_PASSWORD"]],
    ["DB_PASS.ORD", ["DB_PASSWORD", "SMTP_PASSWORD"]],
    ["(a+)+$", ["DB_PASSWORD", "SMTP_PASSWORD"]],
    ["\u001b[31mDB_PASSWORD\u001b[0m", ["DB_PASSWORD", "SMTP_PASSWORD"]],
    ["\u0000*\u202e", ["DB_PASSWORD", "SMTP_PASSWORD"]],
    ["", ["DB_PASSWORD", "SMTP_PASSWORD"]],
    [7, ["DB_PASSWORD", "SMTP_PASSWORD"]],
    [["*"], ["DB_PASSWORD", "SMTP_PASSWORD"]],
  ])("%j", async (value, literals) => {
    expect(shown((await pod(annotated(value))).object.template.literals)).toEqual(literals);
  });

  test("nothing where it is longer than anybody reviews, and a note says so", async () => {
    const { object, notes } = await pod(annotated(`*,${"x,".repeat(2048)}`));
    expect(shown(object.template.literals)).toEqual(["DB_PASSWORD", "SMTP_PASSWORD"]);
    expect(notes).toEqual([
      "Pod database/p: metadata.annotations[cronaudit/ignore] is longer than 4096 characters, and is not honoured",
    ]);
    const huge = await pod(annotated("*".repeat(4 << 20)));
    expect(huge.notes).toHaveLength(1);
  });

  test("nothing that is kept of it: the snapshot has no word of the annotation", async () => {
    const { object } = await pod(annotated(`DB_PASSWORD tulip-${CANARY}`));
    expect(JSON.stringify(object)).not.toContain("tulip");
    expect(JSON.stringify(object)).not.toContain(CANARY);
  });
});

test("an annotation on a template covers what stands below it, and the object's own covers all", async () => {
  const note = { note: `password=${CANARY}` };
  const spec = { containers: [{ name: "backup", env: env(["DB_PASSWORD"]) }] };
  const cronJob = (own: object, ofJobs: object, ofPods: object): Json => ({
    metadata: { name: "c", namespace: "database", uid: "u", annotations: { ...note, ...own } },
    spec: {
      jobTemplate: {
        metadata: { annotations: { ...note, ...ofJobs } },
        spec: { template: { metadata: { annotations: { ...note, ...ofPods } }, spec } },
      },
    },
  });
  const ignored = async (raw: Json): Promise<string[]> => {
    const { context } = await createContext(null);
    const { job, annotationLiterals } = KINDS.cronjobs.project(raw, context);
    return [...job.template.literals, ...annotationLiterals].flatMap(({ field, ignored }) =>
      ignored === undefined ? [] : `${field} by ${ignored.entries.join()}`,
    );
  };
  const all = { "cronaudit/ignore": "*" };
  const [own, jobs, pods] = ["", "jobTemplate.", "template."].map(
    (at) => `${at}metadata.annotations[cronaudit/ignore]`,
  );
  const inEnv = "spec.containers[backup].env[DB_PASSWORD]";
  const notes = ["", "jobTemplate.", "template."].map((at) => `${at}metadata.annotations[note]`);
  expect(await ignored(cronJob({}, {}, all))).toEqual([`${inEnv} by ${pods!}`, `${notes[2]!} by ${pods!}`]);
  expect(await ignored(cronJob({}, all, {}))).toEqual([inEnv, notes[1]!, notes[2]!].map((at) => `${at} by ${jobs!}`));
  expect(await ignored(cronJob(all, {}, all))).toEqual([
    `${inEnv} by ${own!},${pods!}`,
    `${notes[0]!} by ${own!}`,
    `${notes[1]!} by ${own!}`,
    `${notes[2]!} by ${own!},${pods!}`,
  ]);
});

test("a ConfigMap's annotation counts for its data, a pod's for its log", async () => {
  const { context } = await createContext(null);
  const meta = { name: "m", namespace: "database", uid: "u2", annotations: { "cronaudit/ignore": "*" } };
  const { literals } = KINDS.configmaps.project({ metadata: meta, data: { password: CANARY } }, context);
  expect(shown(literals)).toEqual([`password: ${OWN}`]);
  const { meta: known } = KINDS.pods.project(annotated("DB_PASSWORD"), context);
  const log = { container: "backup", previous: false, fromStart: true, cut: false };
  const text = `2026-11-20T03:00:00Z DB_PASSWORD=${CANARY}\n2026-11-20T03:00:00Z SMTP_PASSWORD=${CANARY}x\n`;
  const read = logLiterals({ ...log, text }, new Map(), forKnown(known, context));
  expect(shown(read.literals)).toEqual([`DB_PASSWORD: ${OWN}`, "SMTP_PASSWORD"]);
});

describe("the operator's rules", () => {
  const rules = {
    names: [{ words: ["door code"], namespaces: ["database"] }],
    patterns: [{ pattern: "ACME-[0-9A-Z]{8}", confidence: "certain" }],
    allow: [{ reason: "public", values: ["ACME-PUBLIC00"] }],
  };
  const licence = "ACME-TULIP123";

  test("find in every place what they mean, and keep it out of what is kept", async () => {
    const raw = podWith(
      {
        image: `registry.example/${licence}`,
        env: [
          { name: "DOOR_CODE", value: "tulip" },
          { name: "NOTE", value: `use ${licence}` },
        ],
        args: [`--licence=${licence}`],
        livenessProbe: { httpGet: { path: `/${licence}`, httpHeaders: [{ name: "X-Door-Code", value: "rose" }] } },
      },
      { volumes: [{ name: "v", csi: { driver: "d", volumeAttributes: { doorCode: "daisy" } } }] },
      {
        metadata: {
          ...{ name: "p", namespace: "database", uid: "u1", labels: { licence } },
          annotations: {
            licence,
            "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify({ kind: "Pod", door_code: "lily" }),
          },
        },
        status: {
          containerStatuses: [{ name: "backup", state: { terminated: { message: `DOOR_CODE=aster\n${licence}` } } }],
        },
      },
    );
    const { object } = await pod(raw, rulesOf(rules));
    const { template, annotationLiterals, messageLiterals } = object;
    const found = [...template.literals, ...annotationLiterals, ...messageLiterals];
    expect(found.map(({ field, name }) => `${field} ${name}`).sort()).toMatchInlineSnapshot(`
      [
        "metadata.annotations[kubectl.kubernetes.io/last-applied-configuration] door code",
        "metadata.annotations[licence] licence",
        "spec.containers[backup].args argument",
        "spec.containers[backup].env[DOOR_CODE] DOOR_CODE",
        "spec.containers[backup].env[NOTE] NOTE",
        "spec.containers[backup].livenessProbe.httpGet.httpHeaders X-Door-Code",
        "spec.containers[backup].livenessProbe.httpGet.path httpGet.path",
        "spec.volumes[v].csi.volumeAttributes[doorCode] doorCode",
        "status.containerStatuses[backup].state.terminated.message door code",
        "status.containerStatuses[backup].state.terminated.message message",
      ]
    `);
    expect(JSON.stringify(object)).not.toMatch(/ACME-TULIP|tulip|rose|daisy|lily|aster/);
  });

  test("hold in their namespaces", async () => {
    const raw = podWith({ env: [{ name: "DOOR_CODE", value: "tulip" }] });
    const elsewhere = { ...raw, metadata: { name: "p", namespace: "payments", uid: "u1" } };
    expect((await pod(raw, rulesOf(rules))).object.template.literals).toHaveLength(1);
    expect((await pod(elsewhere, rulesOf(rules))).object.template.literals).toEqual([]);
  });

  test("go by values, which is settled when all objects are known", async () => {
    const compiled = rulesOf(rules);
    const raw = podWith({
      env: [
        { name: "NOTE", value: "ACME-PUBLIC00" },
        { name: "OTHER", value: licence },
      ],
    });
    const { object } = await pod(raw, compiled);
    const { pods, notes } = applyRules(snapshotOf({ pods: [object] }), compiled, true);
    expect(shown(pods[0]!.template.literals)).toEqual(["NOTE: file allow[0]", "OTHER"]);
    expect(notes).toEqual([
      "Rules file rules.yaml: used, with how often: patterns[0] (2), allow[0] (1)",
      "Rules file rules.yaml: never matched in this evidence: names[0]; correct or remove what is not needed",
    ]);
  });
});

test("a snapshot file keeps what was ignored, and reads it back", async () => {
  const compiled = rulesOf({ allow: [{ reason: "ours", names: ["SMTP_PASSWORD"] }] });
  const { object } = await pod(annotated("DB_PASSWORD"), compiled);
  const snapshot = applyRules(snapshotOf({ pods: [object] }), compiled, true);
  const target = new PassThrough({ highWaterMark: 1 << 24 });
  await writeSnapshot(snapshot, target, { compress: false });
  target.end();
  const chunks: Buffer[] = [];
  for await (const chunk of target) chunks.push(chunk as Buffer);
  const options = { now: new Date("2026-11-22T05:41:09Z"), toolVersion: "0.1.0", fingerprintKey: null };
  const source = () => ({ stream: Readable.from([Buffer.concat(chunks)]), name: "evidence" });
  const back = await readEvidence(source(), options);
  expect(shown(back.pods[0]!.template.literals)).toEqual([`DB_PASSWORD: ${OWN}`, "SMTP_PASSWORD: file allow[0]"]);
  const other = rulesOf({ allow: [{ reason: "other", names: ["DB_PASSWORD"] }] });
  const again = await readEvidence(source(), { ...options, rules: other });
  expect(shown(again.pods[0]!.template.literals)).toEqual([
    "DB_PASSWORD: file allow[0],metadata.annotations[cronaudit/ignore]",
    "SMTP_PASSWORD",
  ]);
});

describe("a name of which reports show less", () => {
  const reason = "no door of ours";
  const raw = podWith(
    {
      args: [`--acme-token=${CANARY}`, "--zebra-password", `${CANARY}2`],
      env: [{ name: "SETTINGS", value: JSON.stringify({ acmeQuuxToken: `${CANARY}3` }) }],
    },
    {},
    {
      metadata: { name: "p", namespace: "database", uid: "u1", annotations: { note: `zebraPassword=${CANARY}4\nx=1` } },
    },
  );

  async function reasons(lists: object): Promise<string[]> {
    const rules = rulesOf(lists);
    const { object } = await pod(raw, rules);
    const [marked] = applyRules(snapshotOf({ pods: [object] }), rules, true).pods;
    const all = [...marked!.template.literals, ...marked!.annotationLiterals];
    expect(JSON.stringify(all)).not.toMatch(/acme|zebra|quux/i);
    return all.map(({ ignored }) => ignored?.entries.join() ?? "");
  }

  test.each<[object, number[]]>([
    [{ notNames: [{ names: ["acme-token"], reason }] }, [1, 0, 0, 0]],
    [{ notNames: [{ names: ["acmeQuuxToken"], reason }] }, [0, 0, 1, 0]],
    [{ notNames: [{ words: ["zebra"], reason }] }, [0, 1, 0, 1]],
    [{ allow: [{ names: ["ZEBRA-password"], reason }] }, [0, 1, 0, 0]],
    [{ allow: [{ names: ["zebra*"], classes: ["literal-annotation"], reason }] }, [0, 0, 0, 1]],
    [{ allow: [{ names: ["acme*"], values: ["never"], reason }] }, [0, 0, 0, 0]],
    [{ allow: [{ names: ["never"], values: [".+"], reason }] }, [0, 0, 0, 0]],
    [{ notNames: [{ names: ["acme-token"], namespaces: ["other"], reason }] }, [0, 0, 0, 0]],
  ])("is compared as it was written: %j", async (lists, expected) => {
    const said = await reasons(lists);
    // Variables before arguments, and those before annotations.
    const [settings, token, password, note] = said;
    const entry = `${Object.keys(lists)[0]!}[0]`;
    expect([token, password, settings, note]).toEqual(expected.map((one) => (one === 1 ? entry : "")));
  });
});
