import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ApiError } from "../../../../src/cluster/errors.ts";
import { chooseTarget } from "../../../../src/cluster/kubeconfig/choose.ts";
import { kubeconfigFiles, loadKubeconfig } from "../../../../src/cluster/kubeconfig/load.ts";
import { connectOptions } from "../../../faults/options.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "sub"), { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function failure(text: string): ApiError {
  try {
    loadKubeconfig(write("bad", text), {});
  } catch (error) {
    expect(error).toBeInstanceOf(ApiError);
    return error as ApiError;
  }
  throw new Error("it was accepted");
}

test("a name that two files give different servers is known to mean either", () => {
  const cluster = (name: string, server: string): string =>
    `clusters: [{ name: ${name}, cluster: { server: "${server}" } }]`;
  const files = [cluster("kubernetes", "https://a"), cluster("kubernetes", "https://b"), cluster("other", "https://c")];
  const shared = (...texts: string[]) =>
    loadKubeconfig(null, { KUBECONFIG: texts.map((text, at) => write(String(at), text)).join(delimiter) }).sharedNames;
  expect(shared(...files)).toEqual(new Set(["kubernetes"]));
  expect(shared(files[0]!, files[0]!, files[2]!)).toBe(undefined);
  const contexts = "contexts: [{ name: b, context: { cluster: kubernetes } }]";
  const config = loadKubeconfig(null, {
    KUBECONFIG: [write("1", files[0]!), write("2", `${files[1]!}\n${contexts}`)].join(delimiter),
  });
  expect(chooseTarget(config, connectOptions({ context: "b" }))).toMatchObject({
    ...{ clusterName: "kubernetes", knownAs: "", cluster: { server: "https://a" } },
  });
});

describe("which files are read", () => {
  test("--kubeconfig alone, before KUBECONFIG and the home's", () => {
    const env = { KUBECONFIG: "a", HOME: "/home/x" };
    expect(kubeconfigFiles("f", env)).toEqual(["f"]);
    expect(kubeconfigFiles(null, env)).toEqual(["a"]);
    expect(kubeconfigFiles(null, { HOME: "/home/x" })).toEqual([join("/home/x", ".kube", "config")]);
    expect(kubeconfigFiles(null, {})).toEqual([]);
  });

  test("KUBECONFIG is a list without its empty and repeated parts", () => {
    expect(kubeconfigFiles(null, { KUBECONFIG: ["", "a", "b", "a", ""].join(delimiter) })).toEqual(["a", "b"]);
  });

  test("a missing file is passed over in KUBECONFIG and refused after --kubeconfig", () => {
    const missing = join(folder, "none");
    const there = write("there", "current-context: x");
    expect(loadKubeconfig(null, { KUBECONFIG: [missing, there].join(delimiter) }).currentContext).toBe("x");
    expect(() => loadKubeconfig(missing, {})).toThrow(`error: stat ${missing}: no such file or directory`);
  });

  test("a folder is refused", () => {
    expect(() => loadKubeconfig(folder, {})).toThrow(`open ${folder}: is a directory`);
  });
});

describe("merging", () => {
  test("the first file wins with the whole of an entry, and with its current-context", () => {
    const one = write("one", "current-context: ''\nusers: [{ name: red, user: { username: u } }]");
    const two = write(
      "two",
      "current-context: second\nusers: [{ name: red, user: { password: p } }, { name: blue, user: { token: t } }]",
    );
    const three = write("three", "current-context: third\nusers: [{ name: blue, user: { token: other } }]");
    const merged = loadKubeconfig(null, { KUBECONFIG: [one, two, three].join(delimiter) });
    expect(merged.currentContext).toBe("second");
    expect(Object.fromEntries(merged.users)).toEqual({
      red: { username: "u", "as-groups": [], "as-user-extra": {} },
      blue: { token: "t", "as-groups": [], "as-user-extra": {} },
    });
  });

  test("relative paths are taken from their own file, a plugin's command only where it has a slash", () => {
    const file = write(
      "sub/config",
      `clusters: [{ name: c, cluster: { server: s, certificate-authority: ca.crt } }]
users:
- { name: cert, user: { client-certificate: ../c.crt, client-key: /abs/c.key } }
- { name: token, user: { tokenFile: t } }
- { name: path, user: { exec: { command: gke-plugin } } }
- { name: near, user: { exec: { command: ./plugin } } }`,
    );
    const { clusters, users } = loadKubeconfig(null, { KUBECONFIG: file });
    expect(clusters.get("c")?.["certificate-authority"]).toBe(join(folder, "sub", "ca.crt"));
    expect(users.get("cert")).toMatchObject({
      "client-certificate": join(folder, "c.crt"),
      "client-key": "/abs/c.key",
    });
    expect(users.get("token")?.tokenFile).toBe(join(folder, "sub", "t"));
    expect(users.get("path")?.exec?.command).toBe("gke-plugin");
    expect(users.get("near")?.exec?.command).toBe(join(folder, "sub", "plugin"));
  });

  test("an empty file is an empty kubeconfig", () => {
    expect(loadKubeconfig(write("empty", ""), {}).clusters.size).toBe(0);
  });
});

describe("a file that cannot be used", () => {
  test.each([
    ["users: [{ name: a, user: { token: 12345canary } ]", "yaml: line 1"],
    ["users:\n- name: a\n  user:\n    token: canary\n   bad: [canary", "yaml: line"],
    ["users: [{ name: a, user: { token: [canary] } }]", "users[0].user.token must be a string"],
    ["clusters: canary", "clusters must be a list"],
    ["- canary", "the file must be a mapping"],
    ["clusters: [canary]", "clusters[0] must be a mapping"],
    ["clusters: [{ name: a, cluster: { insecure-skip-tls-verify: canary } }]", "must be true or false"],
    ["users: [{ name: a, user: { as-groups: [1] } }]", "users[0].user.as-groups[0] must be a string"],
    ["users: [{ name: a }, { name: a }]", 'duplicate name "a" in users'],
  ])("%s is refused without showing a value", (text, message) => {
    const error = failure(text);
    expect(error.message).toMatch(/^error: error loading config file "/);
    expect(error.message).toContain(message);
    expect(`${error.message}${error.next}`).not.toContain("canary");
    expect(error).toMatchObject({ fatal: true, status: null });
  });

  test("aliases that multiply are refused", () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `l${n + 1}: &l${n + 1} [${Array(10).fill(`*l${n}`).join(",")}]`,
    );
    expect(failure(["l0: &l0 [a]", ...levels].join("\n")).message).toContain("too many aliases");
  });
});
