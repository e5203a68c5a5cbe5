import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ApiError, connect, type ConnectOptions } from "../../src/cluster/index.ts";
import { loadKubeconfig } from "../../src/cluster/kubeconfig/load.ts";
import { parseKubeconfig } from "../../src/cluster/kubeconfig/parse.ts";
import type { Kubeconfig } from "../../src/cluster/kubeconfig/types.ts";
import { useCluster } from "../control-plane/test.ts";
import * as faults from "../faults/faults.ts";
import { connectOptions } from "../faults/options.ts";
import { type Certificate, type FaultServer, startFaultServer } from "../faults/server.ts";

const cluster = useCluster();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kubectl-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  status: number;
  stdout: string;
  stderr: string;
}

/** What kubectl answers, in an environment that holds nothing but a home and PATH. */
function kubectl(args: string[], env: Record<string, string> = {}): Promise<Said> {
  return new Promise((resolve) => {
    const surroundings = { HOME: folder, PATH: process.env["PATH"] ?? "", ...env };
    execFile(cluster.plane.kubectl, args, { env: surroundings }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
    });
  });
}

const name = fc.constantFrom("red", "blue", "green");
const path = fc.constantFrom("x.crt", "../x.crt", "sub/x.crt", "/abs/x.crt");
const optional = { requiredKeys: [] as [] };
const entries = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.record({ name, [key]: value }), { selector: (entry) => entry["name"], maxLength: 3 });
const config = fc.record(
  {
    "current-context": fc.constantFrom("", "red", "blue"),
    clusters: entries(
      "cluster",
      fc.record(
        {
          server: fc.constantFrom("https://a", "https://b:6443/path"),
          "tls-server-name": fc.constantFrom("a.test", "b.test"),
          "certificate-authority": path,
          "certificate-authority-data": fc.constant("Q0E="),
          "insecure-skip-tls-verify": fc.boolean(),
          "proxy-url": fc.constant("http://proxy.test"),
        },
        optional,
      ),
    ),
    users: entries(
      "user",
      fc.record(
        {
          token: fc.constantFrom("t1", "t2"),
          tokenFile: path,
          username: fc.constantFrom("u1", "u2"),
          password: fc.constantFrom("p1", "p2"),
          "client-certificate": path,
          "client-key-data": fc.constant("S0VZ"),
          as: fc.constant("carol"),
          "as-groups": fc.constantFrom(["g1"], ["g1", "g2"]),
          exec: fc.record({
            apiVersion: fc.constant("client.authentication.k8s.io/v1"),
            command: fc.constantFrom("plugin", "./plugin", "bin/plugin", "/abs/plugin"),
            args: fc.constantFrom(["a"], ["a", "b"]),
            env: fc.constantFrom([{ name: "A", value: "1" }], [{ name: "B", value: "2" }]),
            interactiveMode: fc.constantFrom("Never", "IfAvailable"),
            provideClusterInfo: fc.boolean(),
          }),
        },
        optional,
      ),
    ),
    contexts: entries(
      "context",
      fc.record({ cluster: name, user: name, namespace: fc.constantFrom("n1", "n2") }, optional),
    ),
  },
  optional,
);

/** kubectl leaves out what is false, and an entry of nothing. */
function comparable({ currentContext, clusters, users, contexts }: Kubeconfig): unknown {
  const plain = (map: Map<string, object>): unknown =>
    Object.fromEntries([...map].map(([key, value]) => [key, dropFalse(value)]));
  return { currentContext, clusters: plain(clusters), users: plain(users), contexts: plain(contexts) };
}

function dropFalse(value: object): object {
  const kept = Object.entries(value).filter(([, each]) => each !== false);
  return Object.fromEntries(
    kept.map(([key, each]): [string, unknown] => [key, key === "exec" ? dropFalse(each as object) : each]),
  );
}

describe("kubeconfigs", () => {
  test("several files merge as kubectl config view merges them", async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(config, { minLength: 1, maxLength: 4 }), async (configs) => {
        const root = join(folder, `merge-${(round += 1)}`);
        mkdirSync(root);
        // In one folder, because config view shows relative paths without saying whose they are.
        const files = configs.map((content, index) => {
          const file = join(root, `config-${index}`);
          writeFileSync(file, JSON.stringify(content));
          return file;
        });
        const list = ["", join(root, "missing"), ...files, files[0]].join(delimiter);
        const said = await kubectl(["config", "view", "--raw", "-o", "json"], { KUBECONFIG: list });
        expect(said.stderr).toBe("");
        const theirs = parseKubeconfig(said.stdout, join(root, "merged"));
        expect(comparable(loadKubeconfig(null, { KUBECONFIG: list }))).toEqual(comparable(theirs));
      }),
      { numRuns: 40, seed: 20261122 },
    );
  });

  test.each([
    ["users: [{ name: a }, { name: a }]"],
    ["users: [{ name: a, user: { token: [1] } }]"],
    ["clusters: 7"],
    ["users: [ {"],
    ["- a"],
  ])("what kubectl cannot read is refused as well: %s", async (text) => {
    const file = join(folder, "broken");
    writeFileSync(file, text);
    const said = await kubectl(["config", "view"], { KUBECONFIG: file });
    expect(said).toMatchObject({ status: 1, stderr: expect.stringContaining(`error loading config file "${file}"`) });
    expect(() => loadKubeconfig(null, { KUBECONFIG: file })).toThrow(`error: error loading config file "${file}"`);
  });
});

describe("the words of errors", () => {
  const open: FaultServer[] = [];
  afterEach(async () => {
    for (const server of open.splice(0)) await server.close();
  });

  async function start(certificate?: Certificate): Promise<FaultServer> {
    const server = await startFaultServer(certificate);
    open.push(server);
    return server;
  }

  /** Both ask for the same; ours is checked against the first line of kubectl's, or the first of `upTo` characters. */
  async function same(
    kubeconfig: string,
    flags: string[],
    overrides: Partial<ConnectOptions>,
    upTo?: RegExp,
  ): Promise<void> {
    const said = await kubectl(["--kubeconfig", kubeconfig, ...flags, "get", "--raw", "/api/v1/pods"]);
    expect(said.status).toBe(1);
    const theirs = said.stderr.split("\n")[0] ?? "";
    const ours = await connect(connectOptions({ kubeconfig, ...overrides }))
      .then((api) => api.get("/api/v1/pods").finally(() => api.close()))
      .then(
        () => null,
        (error: unknown) => error as ApiError,
      );
    const cut = (text: string | undefined): string | undefined =>
      upTo === undefined ? text : upTo.exec(text ?? "")?.[0];
    expect(cut(theirs)).toBeTruthy();
    expect(cut(ours?.message.split("\n")[0])).toBe(cut(theirs));
  }

  test.each([
    ["401", faults.unauthorized],
    ["403", faults.forbidden],
    ["404", faults.notFound],
    ["409", faults.conflict],
    ["429", faults.tooMany(Infinity, faults.notFound)],
    ["500", faults.serverError],
  ])("%s", async (_, handler) => {
    const server = await start();
    server.when(/pods/, handler);
    await same(await server.kubeconfig(), [], {});
  });

  test("a context, cluster or user that does not exist", async () => {
    const kubeconfig = await (await start()).kubeconfig();
    await same(kubeconfig, ["--context", "nope"], { context: "nope" });
    await same(kubeconfig, ["--cluster", "nope"], { cluster: "nope" });
    await same(kubeconfig, ["--user", "nope"], { user: "nope" });
  });

  test("a kubeconfig or authority that is not there", async () => {
    await same(join(folder, "none"), [], {});
    const kubeconfig = await (
      await start()
    ).kubeconfig({ cluster: { "certificate-authority-data": "", "certificate-authority": "no.crt" } });
    await same(kubeconfig, [], {}, /unable to read certificate-authority.*/);
  });

  test("a server that refuses, or whose name is unknown", async () => {
    const kubeconfig = await (await start()).kubeconfig();
    await same(kubeconfig, ["--server", "https://127.0.0.1:1"], { server: "https://127.0.0.1:1" });
    const server = "https://nowhere.invalid";
    await same(
      kubeconfig,
      ["--server", server],
      { server },
      /^Unable to connect to the server: dial tcp: lookup nowhere.invalid/,
    );
  });

  test.each([
    ["expired", /^.*has expired or is not yet valid/],
    ["not-yet-valid", /^.*has expired or is not yet valid/],
    ["other-authority", /^.*certificate signed by unknown authority/],
    ["other-host", /^.*x509: certificate is valid for/],
  ] as [Certificate, RegExp][])("a certificate that is %s", async (certificate, upTo) => {
    const kubeconfig = await (await start(certificate)).kubeconfig();
    // Go says otherwise where it was asked for an address and the certificate has none.
    const named = certificate === "other-host" ? "api.test" : null;
    await same(kubeconfig, named === null ? [] : ["--tls-server-name", named], { tlsServerName: named }, upTo);
  });

  test("a credential plugin that is not installed, or fails", async () => {
    const server = await start();
    const exec = { apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never" };
    for (const command of ["no-such-program", "/usr/bin/false"]) {
      const kubeconfig = await server.kubeconfig({ user: { exec: { ...exec, command } } });
      await same(kubeconfig, [], { env: { PATH: process.env["PATH"] } });
    }
  });
});
