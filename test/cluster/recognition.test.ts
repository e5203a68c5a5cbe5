import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExposureReport } from "../../src/model/report.ts";
import { list, must, pathOf, waitFor } from "../control-plane/act.ts";
import { podAnnotations } from "../control-plane/pod-annotations.ts";
import { useCluster } from "../control-plane/test.ts";
import { fill, randomFrom } from "../corpus/shapes.ts";
import { samples, type Sample } from "./recognition/kinds.ts";
import { APPLIED, configMap, container, lastWords, podParts, putter } from "./recognition/objects.ts";
import type { Planted, PodParts, Use } from "./recognition/objects.ts";
import { reportOf } from "./program.ts";

const cluster = useCluster({ own: true, needs: ["fake-node"] });

/** Those of every pod; the fake node serves one log for all, and last words for those that are no init containers. */
const CONTAINERS = ["before", "main", "second"];

/** The classes of what stands in an object, or was written by a container, as text. */
const CLASSES = new Set("literal-env literal-args literal-annotation configmap-env termination-message log".split(" "));

const IMAGE = "registry.example.com/app:1";
const request = { httpGet: { port: 80, path: "/" } };
const main = { name: "main", image: IMAGE };
const podSpec = (more: object): object => ({ spec: { restartPolicy: "Never", containers: [main], ...more } });
const inJob = (template: object): object => ({ spec: { template } });
const inCronJob = (template: object): object => ({
  spec: { schedule: "0 3 * * *", jobTemplate: inJob(template) },
});
const withDebugger = podSpec({ ephemeralContainers: [{ name: "debugger", image: IMAGE }] });
const before = (more: object): object => podSpec({ initContainers: [{ name: "before", image: IMAGE, ...more }] });

/**
 * Combinations that no cluster has, and why: what the API server says of them. Of the kinds, any can stand in any carrier: the
 * server takes a private key with its ends of lines as a header's value too. Termination messages and logs are of pods alone.
 */
const REFUSED: [what: string, kind: string, object: object, reason: RegExp][] = [
  [
    "an ephemeral container in a new pod",
    "Pod",
    withDebugger,
    /ephemeralContainers: Forbidden: cannot be set on create/,
  ],
  [
    "one in a Job's template",
    "Job",
    inJob(withDebugger),
    /Forbidden: ephemeral containers not allowed in pod template/,
  ],
  [
    "one in a CronJob's",
    "CronJob",
    inCronJob(withDebugger),
    /Forbidden: ephemeral containers not allowed in pod template/,
  ],
  [
    "an init container's probe",
    "Pod",
    before({ livenessProbe: request }),
    /livenessProbe: Forbidden: may not be set for init/,
  ],
  ["its hook", "Pod", before({ lifecycle: { preStop: request } }), /lifecycle: Forbidden: may not be set for init/],
];

/** A CronJob, a Job and a bare pod for one kind, each with a ConfigMap used in another way. */
function workloads(sample: Sample, node: string | null, planted: Planted[]): object[] {
  const { kind } = sample;
  const parts = (object: string, prefix: string, use: Use): PodParts =>
    podParts(sample, use, node, putter(sample, `${object}/${kind}`, prefix, planted));
  const template = ({ annotations, spec }: PodParts): object => ({ metadata: { annotations }, spec });
  const bare = parts("Pod", "", "env");
  const annotations = { ...bare.annotations, ...lastWords(sample, `Pod/${kind}`, planted) };
  const inJob = parts("Job", "spec.template.", "envFrom");
  const inCronJob = parts("CronJob", "spec.jobTemplate.spec.template.", "volume");
  return [
    ...(["env", "envFrom", "volume"] as const).map((use) => configMap(sample, use, planted)),
    { apiVersion: "v1", kind: "Pod", metadata: { name: kind, annotations }, spec: bare.spec },
    { apiVersion: "batch/v1", kind: "Job", metadata: { name: kind }, spec: { template: template(inJob) } },
    {
      ...{ apiVersion: "batch/v1", kind: "CronJob", metadata: { name: kind } },
      spec: { schedule: "0 3 * * *", suspend: true, jobTemplate: { spec: { template: template(inCronJob) } } },
    },
  ];
}

/** As people do it, so that every object has its last applied configuration as well. */
function apply(objects: object[]): void {
  const { plane, namespace } = cluster;
  const args = ["--kubeconfig", plane.adminKubeconfig, "-n", namespace, "apply", "-f", "-"];
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const { status, stderr } = spawnSync(plane.kubectl, args, { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`kubectl apply: ${stderr}`);
}

/** Each kind once in the log of every container, which the fake node serves from one file. */
async function writeLog(): Promise<Planted[]> {
  const lines = ["starting"];
  const planted = samples.map(({ kind, name, shape }): Planted => {
    const value = fill(shape, randomFrom(`log ${kind}`));
    const path = `log[main]:line ${String(lines.length + 1)}`;
    lines.push(...`${name}=${value}`.split("\n"), "next");
    return { kind, class: "log", object: "", path, value };
  });
  const text = lines.map((line) => `2026-01-02T03:04:05.5Z stdout F ${line}\n`).join("");
  await writeFile(join(cluster.plane.directory, "container.log"), text);
  return planted;
}

/** The names of the finished pods, by the name that `Planted` has for them. */
async function finishedPods(): Promise<Map<string, string>> {
  const { plane, namespace } = cluster;
  return waitFor("the pods to finish", async (note) => {
    const pods = await list(plane, "Pod", namespace);
    const done = pods.filter(({ status }) => status.phase === "Succeeded");
    note(`${String(done.length)} of ${String(pods.length)} pods`);
    if (done.length < 2 * samples.length) return null;
    return new Map(
      done.map(({ metadata }) => {
        const job = metadata.labels?.["batch.kubernetes.io/job-name"] as string | undefined;
        return [job === undefined ? `Pod/${metadata.name}` : `Job/${job}`, metadata.name];
      }),
    );
  });
}

/** A debugger's container, which is added to a pod that exists. */
async function addEphemeral(sample: Sample, planted: Planted[]): Promise<void> {
  const { plane, namespace } = cluster;
  const put = putter(sample, `Pod/${sample.kind}`, "", planted);
  const ephemeralContainers = [container(sample, "spec.ephemeralContainers[0]", "debugger", put)];
  await must(plane, "PATCH", pathOf("Pod", namespace, sample.kind, "ephemeralcontainers"), {
    spec: { ephemeralContainers },
  });
}

/** `class Kind/name path`, and what kind of credential was found there. */
type Place = string;
const placeOf = (carrier: string, object: string, path: string): Place => `${carrier} ${object} ${path}`;

/** What the last applied configuration has of a place. Keys that are not made of known words have numbers there, as kubectl sorts them. */
function copied(path: string): string {
  return `${APPLIED}.${path.replace(/\[quux\.test\/[a-z-]+\]$/, "[#0]").replace(/\[rig\.test\/[a-z-]+\]$/, "[#1]")}`;
}

/** Where the program must find something, and what: the places themselves, their copies, and what a Job's pod has of it. */
function expectedPlaces(planted: Planted[], pods: Map<string, string>): Map<Place, string> {
  const expected = new Map<Place, string>();
  for (const { kind, class: carrier, object, path } of planted) {
    const expect = (carrier: string, object: string, path: string) =>
      expected.set(placeOf(carrier, object, path), kind);
    if (carrier === "log") {
      for (const pod of pods.values())
        for (const container of CONTAINERS) expect(carrier, `Pod/${pod}`, path.replace("main", container));
    } else expect(carrier, object, path);
    const isApplied = !/^(log|termination-message)$/.test(carrier) && !path.startsWith("spec.ephemeral");
    if (isApplied) expect(carrier === "configmap-env" ? carrier : "literal-annotation", object, copied(path));
    if (object.startsWith("Job/"))
      expect(carrier, `Pod/${pods.get(object) ?? ""}`, path.replace(/^spec\.template\./, ""));
    if (carrier === "termination-message") {
      expect(carrier, object, path.replace("[0]", "[1]"));
      const annotation = `metadata.annotations[${podAnnotations.terminationMessage}]`;
      for (const copy of [annotation, copied(annotation)]) expect("literal-annotation", object, copy);
    }
  }
  return expected;
}

function foundPlaces({ items }: ExposureReport): Map<Place, string> {
  return new Map(
    items.flatMap(({ credential, carriers }) =>
      carriers.map(({ class: carrier, object, path }) => [
        placeOf(carrier, `${object.kind}/${object.name ?? ""}`, path),
        credential.kind,
      ]),
    ),
  );
}

test("every kind of credential is found in each place where a workload can have it", async () => {
  const { plane, namespace } = cluster;
  const planted = await writeLog();
  apply(samples.flatMap((sample) => workloads(sample, plane.node, planted)));
  const pods = await finishedPods();
  for (const sample of samples) await addEphemeral(sample, planted);

  const report = await reportOf<ExposureReport>(plane.adminKubeconfig, ["exposure", "-n", namespace, "--scan-logs"]);
  const [expected, found] = [expectedPlaces(planted, pods), foundPlaces(report)];
  const counted = Map.groupBy(expected.values(), (kind) => kind);
  expect(new Set([...counted.values()].map(({ length }) => length)).size, "no kind is left out anywhere").toBe(1);
  const wrong = [...expected].filter(([place, kind]) => found.get(place) !== kind);
  expect(wrong.map(([place, kind]) => `${place}: ${kind}, not ${found.get(place) ?? "found"}`)).toEqual([]);
  const others = [...found].filter(([place]) => CLASSES.has(place.split(" ")[0]!) && !expected.has(place));
  expect(others, "nothing else is one").toEqual([]);
  const text = JSON.stringify(report);
  const words = planted.flatMap(({ value }) => value.match(/[A-Za-z0-9]{12,}/g) ?? []);
  expect(words.filter((word) => text.includes(word))).toHaveLength(0);
});

test("what is left out cannot be: the API server refuses it, with this reason", async () => {
  const { plane, namespace } = cluster;
  for (const [what, kind, object, reason] of REFUSED) {
    const path = `${pathOf(kind, namespace)}?dryRun=All`;
    const answer = await plane.request("POST", path, { metadata: { name: "x" }, ...object });
    expect([what, answer.status]).toEqual([what, 422]);
    expect(answer.body.message, what).toMatch(reason);
  }
  await must(plane, "POST", pathOf("Pod", namespace), { metadata: { name: "x" }, ...podSpec({}) });
  const path = `${pathOf("Pod", namespace, "x", "ephemeralcontainers")}?dryRun=All`;
  for (const field of ["livenessProbe", "lifecycle"]) {
    const more = field === "lifecycle" ? { preStop: request } : request;
    const ephemeralContainers = [{ name: "debugger", image: IMAGE, [field]: more }];
    const spec = { spec: { ephemeralContainers } };
    const answer = await plane.request("PATCH", path, spec, { contentType: "application/merge-patch+json" });
    expect(answer.body.message).toContain(`${field}: Forbidden: cannot be set for an Ephemeral Container`);
  }
});
