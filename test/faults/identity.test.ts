import { writeFile } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/cluster/index.ts";
import { makeCertificate } from "./certificate.ts";
import { forbidden, notFound, unauthorized } from "./faults.ts";
import { honest } from "./honest.ts";
import { connectOptions } from "./options.ts";
import { type FaultServer, type Seen, startFaultServer } from "./server.ts";

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer();
});
afterEach(() => server.reset());
afterAll(() => server.close());

type Overrides = Parameters<typeof connectOptions>[0];

async function open(user: object | undefined, overrides: Overrides = {}) {
  const kubeconfig = await server.kubeconfig(user === undefined ? {} : { user });
  return connect(connectOptions({ kubeconfig, ...overrides }));
}

function header(seen: Seen | undefined, name: string): string[] {
  return (seen?.rawHeaders ?? []).filter(
    (_, at, all) => at % 2 === 1 && all[at - 1]?.toLowerCase() === name.toLowerCase(),
  );
}

const authorizations = (): string[] => server.seen.map((seen) => header(seen, "authorization").join());

describe("who we are", () => {
  test.each([
    ["a token", { token: "t1" }, {}, "Bearer t1"],
    [
      "a user name and password",
      { username: "u", password: "p" },
      {},
      `Basic ${Buffer.from("u:p").toString("base64")}`,
    ],
    ["--token before the kubeconfig's token", { token: "t1" }, { token: "t2" }, "Bearer t2"],
    ["--token before a password", { username: "u", password: "p" }, { token: "t2" }, "Bearer t2"],
    ["--token before a plugin, which does not run", { exec: plugin("no-such-program") }, { token: "t2" }, "Bearer t2"],
    ["nothing", {}, {}, ""],
  ] as [string, object, Overrides, string][])("is told by %s", async (_, user, overrides, expected) => {
    const api = await open(user, overrides);
    expect(await api.whoami()).toBe("alice");
    expect(authorizations()).toEqual([expected]);
    await api.close();
  });

  test("a token file is read again after a 401 and trimmed", async () => {
    const file = server.file("token");
    await writeFile(file, "old\n");
    const api = await open({ tokenFile: file });
    expect(await api.version()).toBe("v1.36.4");
    await writeFile(file, "new\n");
    server.when(/./, (request, response) =>
      request.headers.authorization === "Bearer new" ? honest(request, response) : unauthorized(request, response),
    );
    expect(await api.version()).toBe("v1.36.4");
    expect(authorizations()).toEqual(["Bearer old", "Bearer old", "Bearer new"]);
    await api.close();
  });

  test("a token file that did not change is not tried twice", async () => {
    const file = server.file("token");
    await writeFile(file, "old\n");
    server.when(/./, unauthorized);
    const api = await open({ tokenFile: file });
    await expect(api.version()).rejects.toMatchObject({ status: 401, fatal: true });
    expect(server.seen).toHaveLength(1);
    await api.close();
  });

  test("impersonation sends each group and extra value as a header of its own", async () => {
    const user = { token: "t", "as-user-extra": { "acme.com/Ünit": ["a", "b"] } };
    const api = await open(user, { as: "bob", asUid: "7", asGroup: ["g1", "g2"] });
    await api.whoami();
    const [seen] = server.seen;
    expect(header(seen, "Impersonate-User")).toEqual(["bob"]);
    expect(header(seen, "Impersonate-Uid")).toEqual(["7"]);
    expect(header(seen, "Impersonate-Group")).toEqual(["g1", "g2"]);
    expect(header(seen, "Impersonate-Extra-acme.com%2F%C3%9Cnit")).toEqual(["a", "b"]);
    await api.close();
  });

  test("an unknown or forbidden SelfSubjectReview is no error", async () => {
    for (const [handler, requests] of [
      [notFound, 3],
      [forbidden, 1],
    ] as const) {
      server.reset();
      server.when(/selfsubjectreviews/, handler);
      const api = await open(undefined);
      expect(await api.whoami()).toBe(null);
      expect(server.seen).toHaveLength(requests);
      expect(JSON.parse(server.seen[0]?.body ?? "")).toEqual({
        apiVersion: "authentication.k8s.io/v1",
        kind: "SelfSubjectReview",
      });
      await api.close();
    }
  });

  test("the request log masks what could let one act as us", async () => {
    const lines: string[] = [];
    const api = await open(undefined, { verbosity: 8, log: (line) => lines.push(line) });
    await api.version();
    const text = lines.join("\n");
    expect(text).toMatch(/GET https:\/\/127\.0\.0\.1:\d+\/version 200 OK in \d+ milliseconds/);
    expect(text).toContain("Authorization: <masked>");
    expect(text).toMatch(/content-type: application\/json/i);
    expect(text).not.toContain("test-token");
    expect(text).not.toContain("gitVersion");
    await api.close();
  });

  test("the server's clock is compared with ours", async () => {
    const ahead = new Date(Date.now() + 3_600_000);
    server.when(/version/, (_, response) =>
      response.writeHead(200, { "Content-Type": "application/json", Date: ahead.toUTCString() }).end("{}"),
    );
    const api = await open(undefined);
    expect(api.skewMs()).toBe(null);
    expect(await api.version()).toBe(null);
    expect(Math.abs((api.skewMs() ?? 0) - 3_600_000)).toBeLessThan(3000);
    await api.close();
  });
});

/** An exec entry that runs this JavaScript, with the given parts replaced. */
function plugin(script: string, parts: object = {}): object {
  const runs = script.includes(";") ? { command: process.execPath, args: ["-e", script] } : { command: script };
  const apiVersion = "client.authentication.k8s.io/v1";
  return { apiVersion, interactiveMode: "Never", env: null, ...runs, ...parts };
}

function prints(status: object, before = ""): string {
  const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status };
  return `${before}; process.stdout.write(JSON.stringify(${JSON.stringify(credential)}));`;
}

describe("a credential plugin", () => {
  test("gives a token, once for many requests, and is told about the cluster", async () => {
    const file = server.file("info.json");
    const script = prints(
      { token: "from-plugin" },
      `require("fs").appendFileSync(${JSON.stringify(file)}, process.env.KUBERNETES_EXEC_INFO + "\\n" + process.env.EXTRA + "\\n")`,
    );
    const exec = plugin(script, { provideClusterInfo: true, env: [{ name: "EXTRA", value: "yes" }] });
    const execConfig = { audience: "x" };
    const extensions = [{ name: "client.authentication.k8s.io/exec", extension: execConfig }];
    const kubeconfig = await server.kubeconfig({ user: { exec }, cluster: { extensions } });
    const api = await connect(connectOptions({ kubeconfig, env: { PATH: process.env["PATH"] } }));
    await api.whoami();
    await api.version();
    expect(authorizations()).toEqual(["Bearer from-plugin", "Bearer from-plugin"]);
    const { readFileSync } = await import("node:fs");
    const [info = "", extra, ...more] = readFileSync(file, "utf8").trim().split("\n");
    expect(more).toEqual([]);
    expect(extra).toBe("yes");
    expect(JSON.parse(info)).toEqual({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      spec: {
        interactive: false,
        cluster: {
          server: server.url,
          "certificate-authority-data": Buffer.from(server.authority.certificate).toString("base64"),
          config: execConfig,
        },
      },
    });
    await api.close();
  });

  test("gives a certificate", async () => {
    const client = makeCertificate({ name: "erin", issuer: server.authority });
    const status = { clientCertificateData: client.certificate, clientKeyData: client.key };
    const api = await open({ exec: plugin(prints(status)) });
    expect(await api.whoami()).toBe("alice");
    expect(server.seen[0]?.clientName).toBe("erin");
    await api.close();
  });

  test("runs again after its credential expired, and after a 401", async () => {
    const expired = { token: "short", expirationTimestamp: "2020-01-01T00:00:00Z" };
    const file = server.file("runs");
    const count = `require("fs").appendFileSync(${JSON.stringify(file)}, "x")`;
    const { readFileSync } = await import("node:fs");
    const first = await open({ exec: plugin(prints(expired, count)) });
    await first.version();
    await first.version();
    expect(readFileSync(file, "utf8")).toBe("xx");
    await first.close();

    server.when(/./, unauthorized);
    const second = await open({ exec: plugin(prints({ token: "long" }, count)) });
    await expect(second.version()).rejects.toMatchObject({ status: 401 });
    expect(readFileSync(file, "utf8")).toBe("xxxx");
    await second.close();
  });

  test("runs once for requests that come together", async () => {
    const file = server.file("together");
    const count = `require("fs").appendFileSync(${JSON.stringify(file)}, "x")`;
    const api = await open({ exec: plugin(prints({ token: "t" }, count)) });
    const answers = await Promise.all(Array.from({ length: 12 }, () => api.whoami()));
    expect(answers).toEqual(Array<string>(12).fill("alice"));
    const { readFileSync } = await import("node:fs");
    expect(readFileSync(file, "utf8")).toBe("x");
    await api.close();
  });

  test("is heard while it still runs", async () => {
    const said: string[] = [];
    const script = `process.stderr.write("open https://login.test and enter ABCD\\n"); setTimeout(() => {}, 60000);`;
    const abort = new AbortController();
    const stderr = {
      write(text: string) {
        said.push(text);
        abort.abort();
        return true;
      },
    };
    const api = await open({ exec: plugin(script) }, { stderr, signal: abort.signal });
    await expect(api.version()).rejects.toMatchObject({ reason: "Canceled", fatal: true });
    expect(said.join("")).toBe("open https://login.test and enter ABCD\n");
    await api.close();
  });

  const unable = "Unable to connect to the server: getting credentials: ";
  test.each([
    [
      "is not installed",
      plugin("no-such-program", { installHint: "brew install\u001b[31m it" }),
      `${unable}exec: executable no-such-program not found`,
      /brew installU\+001B\[31m it$/,
    ],
    [
      "fails",
      plugin("process.exit(3);"),
      `${unable}exec: executable ${process.execPath} failed with exit code 3`,
      /above/,
    ],
    [
      "prints no JSON",
      plugin("console.log('canary');"),
      `${unable}decoding stdout: the exec plugin did not print JSON`,
      /./,
    ],
    [
      "prints null",
      plugin("console.log('null');"),
      `${unable}decoding stdout: the exec plugin did not print JSON`,
      /./,
    ],
    [
      "speaks another version",
      plugin(prints({ token: "canary" }), { apiVersion: "client.authentication.k8s.io/v1beta1" }),
      `${unable}exec plugin is configured to use API version client.authentication.k8s.io/v1beta1, ` +
        "plugin returned version client.authentication.k8s.io/v1",
      /apiVersion/,
    ],
    ["gives nothing", plugin(prints({})), `${unable}exec plugin didn't return a token or cert/key pair`, /./],
    [
      "gives half a certificate",
      plugin(prints({ clientKeyData: "canary" })),
      `${unable}exec plugin returned only certificate or key, not both`,
      /./,
    ],
    [
      "wants a terminal where there is none",
      plugin("0;", { interactiveMode: "Always" }),
      `${unable}exec plugin cannot support interactive mode: standard input is not a terminal`,
      /terminal/,
    ],
    [
      "is of a version that was removed",
      plugin("0;", { apiVersion: "client.authentication.k8s.io/v1alpha1" }),
      `${unable}exec plugin: invalid apiVersion "client.authentication.k8s.io/v1alpha1"`,
      /v1beta1/,
    ],
  ] as [string, object, string, RegExp][])(
    "that %s is reported in client-go's words",
    async (_, exec, message, next) => {
      const failing = (async () => (await open({ exec })).version())();
      const error = await failing.then(
        () => null,
        (reason: unknown) => reason as { message: string; next: string },
      );
      expect(error).toMatchObject({ name: "ApiError", reason: "CredentialPlugin", fatal: true, message });
      expect(error?.next).toMatch(next);
      expect(`${error?.message}${error?.next}`).not.toContain("canary");
      expect(server.seen).toEqual([]);
    },
  );
});
