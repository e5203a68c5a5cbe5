import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { must, pathOf } from "../../control-plane/act.ts";
import { Canaries } from "../../control-plane/cast/values.ts";
import type { Stored } from "../../control-plane/story.ts";
import { useCluster } from "../../control-plane/test.ts";
import { exposuresOf } from "./said.ts";
import {
  copyToken,
  createPod,
  endOf,
  eventually,
  fresh,
  fromSecret,
  gated,
  hasVariable,
  holder,
  inPhase,
  inState,
  isTaken,
  lineTime,
  logOf,
  openGate,
  secret,
  statusOf,
} from "./stage.ts";

const cluster = useCluster({ needs: ["real-node", "static-tokens"] });

const KEYS = ["prepare", "proxy", "main", "shared", "file", "debug"] as const;

/** A pod with a container of every sort, each of which ends at another time and gets a key of the Secret of its own. */
function everySort(printed: string, written: string, literal: string): Stored {
  const env = (key: (typeof KEYS)[number]) => fromSecret("GIVEN", "login", key);
  const shared = fromSecret("SHARED", "login", "shared");
  const endless = { command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.2; done"] };
  const last = `echo "failed: password=${written}" >/dev/termination-log`;
  return {
    volumes: [{ name: "file", secret: { secretName: "login", items: [{ key: "file", path: "file" }] } }],
    initContainers: [
      gated("prepare", { after: last, env: [env("prepare"), { name: "API_TOKEN", value: literal }] }),
      { name: "proxy", restartPolicy: "Always", ...endless, env: [env("proxy")] },
    ],
    containers: [
      gated("main", {
        before: `echo PGPASSWORD=${printed}`,
        env: [env("main"), shared],
        volumeMounts: [{ name: "file", mountPath: "/file" }],
      }),
      gated("second", { env: [shared] }),
    ],
  };
}

/** Where the variable with the shared key stands in a container: in the first it is the second one. */
const envOf = (container: 0 | 1) =>
  `spec.containers[${String(container)}].env[${String(1 - container)}].valueFrom.secretKeyRef`;

test(
  "each window opens and closes with its containers, as processes and the node show it",
  { timeout: 240_000 },
  async () => {
    const { plane, namespace, node } = cluster;
    const canaries = new Canaries();
    const [printed, written, literal] = [canaries.password(), canaries.password(), canaries.password()];
    const values = Object.fromEntries(KEYS.map((key) => [key, fresh()])) as Record<(typeof KEYS)[number], string>;
    const { debug, ...login } = values;
    await secret(cluster, "login", login);
    await secret(cluster, "other", { debug });
    const made = await createPod(cluster, "run", everySort(printed, written, literal));
    const file = join(node.disk(made).folder, "volumes/kubernetes.io~secret/file/file");
    const thief = await holder(cluster, "create", "pods/exec");
    const has = (container: string, key: (typeof KEYS)[number], name = "GIVEN") =>
      hasVariable(cluster, thief, ["run", container], `${name}=${values[key]}`);
    const said = () => exposuresOf(cluster, "run");
    const goOn = async (container: string) => {
      openGate(cluster, made, container);
      return inState(cluster, "run", container, "terminated");
    };

    // The init container runs, and what comes after it has only been asked for.
    const { status } = await inState(cluster, "run", "prepare", "running");
    const startTime = status.startTime as string;
    const token = await copyToken(cluster, thief, "run", "prepare");
    expect([await has("prepare", "prepare"), await has("main", "main"), await isTaken(cluster, token)]).toEqual([
      true,
      null,
      true,
    ]);
    expect(readFileSync(file, "utf8") === values.file, "files are there before the container that reads them").toBe(
      true,
    );
    const initial = await said();
    const open = { opens: startTime, opensIsBound: false, closes: null, neededUntil: null };
    for (const key of ["prepare", "proxy", "main"]) {
      expect(initial.of("secret-env", `login/${key}`), key).toMatchObject(open);
    }
    expect(initial.of("secret-volume", "login/file")).toMatchObject(open);
    expect(initial.of("token-bound", "token of serviceaccount/default")).toMatchObject(open);
    expect(initial.of("literal-env", "API_TOKEN")).toMatchObject({
      opens: made["metadata"].creationTimestamp,
      neededUntil: null,
    });
    expect(initial.of("termination-message"), "nothing has ended").toBeNull();

    // It has ended, and the others run.
    const prepared = endOf(await goOn("prepare"), "prepare");
    await inState(cluster, "run", "main", "running");
    await inState(cluster, "run", "second", "running");
    expect([await has("prepare", "prepare"), await has("proxy", "proxy"), await has("main", "main")]).toEqual([
      null,
      true,
      true,
    ]);
    const second = await said();
    expect(second.of("secret-env", "login/prepare")).toMatchObject({ closes: prepared, neededUntil: prepared });
    expect(second.of("termination-message")).toMatchObject({ opens: prepared, opensIsBound: false });
    expect(second.of("literal-env", "API_TOKEN"), "it stands in the object all the same").toMatchObject({
      closes: null,
      neededUntil: prepared,
    });
    expect(second.of("secret-env", "login/main")).toMatchObject(open);
    const line = lineTime(join(node.disk(made).logs, "main/0.log"), printed);
    expect(second.of("log", "PGPASSWORD")).toMatchObject({ opens: line, opensIsBound: false, neededUntil: null });

    // The main one has ended, the others run on, and somebody looks inside.
    const ended = endOf(await goOn("main"), "main");
    const asNode = () =>
      plane.request("GET", pathOf("Secret", namespace, "other"), undefined, { token: plane.users!.realNode });
    expect((await asNode()).status, "the node, before the ephemeral container").toBe(403);
    const command = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.2; done"];
    const debugger_ = { name: "debug", image: node.images.busybox, imagePullPolicy: "Never", command };
    const ephemeralContainers = [{ ...debugger_, env: [fromSecret("GIVEN", "other", "debug")] }];
    await must(plane, "PATCH", pathOf("Pod", namespace, "run", "ephemeralcontainers"), {
      spec: { ephemeralContainers },
    });
    const debugged = statusOf(await inState(cluster, "run", "debug", "running"), "debug")!["state"].running
      .startedAt as string;
    expect(debugged > startTime).toBe(true);
    expect((await asNode()).status, "the node, since").toBe(200);
    expect([await has("main", "main"), await has("second", "shared", "SHARED"), await has("debug", "debug")]).toEqual([
      null,
      true,
      true,
    ]);
    expect(readFileSync(file, "utf8") === values.file, "files stay while any container runs").toBe(true);
    const third = await said();
    expect(third.of("secret-env", "login/main")).toMatchObject({ closes: ended, neededUntil: ended });
    expect(third.all("secret-env", "login/shared"), "by each container that gets it").toMatchObject({
      [envOf(0)]: { closes: ended, neededUntil: null },
      [envOf(1)]: open,
    });
    expect(third.of("secret-volume", "login/file")).toMatchObject({ ...open, neededUntil: ended });
    expect(third.of("log", "PGPASSWORD")).toMatchObject({ closes: null, neededUntil: ended });
    expect(third.of("token-bound", "token of serviceaccount/default")).toMatchObject(open);
    expect(third.of("secret-env", "other/debug"), "it opened with the ephemeral container").toMatchObject({
      ...open,
      opens: debugged,
    });
    const granted = third.of("node-grant", "other/debug")!;
    expect(granted.opens > startTime && granted.opens <= debugged).toBe(true);

    // The last one ends, and takes the sidecar and the ephemeral container with it.
    openGate(cluster, made, "second");
    const over = await inPhase(cluster, "run", "Succeeded");
    await eventually("the files to leave the node's disk", async () => !existsSync(file));
    for (const [container, key] of [
      ["proxy", "proxy"],
      ["second", "shared"],
      ["debug", "debug"],
    ] as const) {
      expect(await has(container, key), `exec into ${container}`).toBeNull();
    }
    const [shared, proxy, debugEnd] = ["second", "proxy", "debug"].map((name) => endOf(over, name)) as [
      string,
      string,
      string,
    ];
    const finished = [ended, shared, proxy].sort().at(-1)!;
    const last = await said();
    const through = (end: string) => ({ closes: end, closesIsBound: false, neededUntil: end });
    expect(last.all("secret-env", "login/shared")).toMatchObject({
      [envOf(0)]: { closes: ended, neededUntil: shared },
      [envOf(1)]: through(shared),
    });
    expect(last.of("secret-env", "login/proxy")).toMatchObject(through(proxy));
    expect(last.of("secret-env", "other/debug")).toMatchObject({ ...through(debugEnd), opens: debugged });
    expect(last.of("secret-volume", "login/file")).toMatchObject({ closes: finished, neededUntil: ended });
    expect(last.of("token-bound", "token of serviceaccount/default")).toMatchObject({
      opens: startTime,
      neededUntil: [finished, debugEnd].sort().at(-1)!,
    });
    expect(await isTaken(cluster, token), "the token is as good as before").toBe(true);
    expect((await asNode()).status, "and so is the node's grant").toBe(200);
    for (const key of ["login/main", "other/debug"]) expect(last.of("node-grant", key)).toMatchObject({ closes: null });
    const reader = await holder(cluster, "get", "pods/log");
    const log = await logOf(cluster, reader, "run", "main");
    expect(log.status === 200 && String(log.body).includes(printed)).toBe(true);
    expect(last.of("log", "PGPASSWORD")).toMatchObject({ opens: line, closes: null, neededUntil: ended });
    expect(last.of("termination-message")).toMatchObject({ opens: prepared, closes: null });
  },
);
