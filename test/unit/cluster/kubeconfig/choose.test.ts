import { describe, expect, test } from "vitest";
import { chooseTarget } from "../../../../src/cluster/kubeconfig/choose.ts";
import { parseKubeconfig } from "../../../../src/cluster/kubeconfig/parse.ts";
import { serverUrl } from "../../../../src/cluster/kubeconfig/server.ts";
import { validateTarget } from "../../../../src/cluster/kubeconfig/validate.ts";
import type { ConnectOptions } from "../../../../src/cluster/options.ts";
import { connectOptions } from "../../../faults/options.ts";

const file = `
current-context: prod
clusters:
- { name: prod, cluster: { server: "https://prod:6443", tls-server-name: prod.test, certificate-authority-data: Q0E= } }
- { name: lab, cluster: { server: "https://lab:6443", insecure-skip-tls-verify: true } }
users:
- { name: alice, user: { token: t, as: carol, as-groups: [g] } }
- { name: bob, user: { username: u, password: p } }
contexts:
- { name: prod, context: { cluster: prod, user: alice, namespace: shop } }
- { name: lab, context: { cluster: lab, user: bob } }
- { name: dangling, context: { cluster: gone, user: gone } }
`;

function choose(overrides: Partial<ConnectOptions> = {}, text = file) {
  const target = chooseTarget(parseKubeconfig(text, "/etc/kube/config"), connectOptions(overrides));
  validateTarget(target, connectOptions(overrides));
  return target;
}

describe("which cluster and user", () => {
  test("the current context's", () => {
    expect(choose()).toMatchObject({
      context: "prod",
      namespace: "shop",
      cluster: { server: "https://prod:6443", "tls-server-name": "prod.test" },
      user: { token: "t", as: "carol", "as-groups": ["g"] },
    });
  });

  test("its name is the server's alone, unless a flag chose the server", () => {
    expect(choose().knownAs).toBe("prod");
    expect(choose({ server: "https://lab:6443" }).knownAs).toBe("");
    expect(choose({ cluster: "lab" }).knownAs).toBe("");
  });

  test.each([
    [{ context: "lab" }, { context: "lab", namespace: "default", cluster: { server: "https://lab:6443" } }],
    [{ namespace: "other" }, { namespace: "other" }],
    [{ cluster: "lab" }, { context: "prod", cluster: { server: "https://lab:6443" }, user: { token: "t" } }],
    [{ user: "bob" }, { cluster: { server: "https://prod:6443" }, user: { username: "u" } }],
    [{ as: "dave", asGroup: ["h"], asUid: "1" }, { user: { as: "dave", "as-groups": ["h"], "as-uid": "1" } }],
  ] as [Partial<ConnectOptions>, object][])("%j overrides", (overrides, expected) => {
    expect(choose(overrides)).toMatchObject(expected);
  });

  test("--server leaves the kubeconfig's tls-server-name behind", () => {
    expect(choose({ server: "https://other" }).cluster).not.toHaveProperty("tls-server-name");
    expect(choose({ server: "https://other", tlsServerName: "n" }).cluster["tls-server-name"]).toBe("n");
  });

  test("--insecure-skip-tls-verify and --certificate-authority displace the kubeconfig's trust", () => {
    expect(choose({ insecureSkipTlsVerify: true }).cluster).toEqual({
      server: "https://prod:6443",
      "tls-server-name": "prod.test",
      "insecure-skip-tls-verify": true,
    });
    const authority = import.meta.filename;
    expect(choose({ context: "lab", certificateAuthority: authority }).cluster).toEqual({
      server: "https://lab:6443",
      "insecure-skip-tls-verify": false,
      "certificate-authority": authority,
    });
  });

  test("--server alone is enough where there is no kubeconfig", () => {
    expect(choose({ server: "https://s", token: "t" }, "")).toMatchObject({
      context: null,
      cluster: { server: "https://s" },
    });
  });
});

describe("what is refused", () => {
  test.each([
    [{ context: "nope" }, 'error: context "nope" does not exist'],
    [{ cluster: "nope" }, 'error: cluster "nope" does not exist'],
    [{ user: "nope" }, 'error: auth info "nope" does not exist'],
    [{ context: "dangling" }, 'error: invalid configuration: no server found for cluster "gone"'],
    [{ context: "lab", asUid: "7" }, "requesting uid, groups or user-extra for bob without impersonating a user"],
    [
      { certificateAuthority: "/no/such" },
      "unable to read certificate-authority /no/such for prod due to open /no/such: no such file",
    ],
    [{ certificateAuthority: import.meta.filename, insecureSkipTlsVerify: true }, "insecure flag is not allowed"],
  ] as [Partial<ConnectOptions>, string][])("%j", (overrides, message) => {
    expect(() => choose(overrides)).toThrow(message);
  });

  test.each([
    [{ context: "lab", asGroup: ["g"] }, file, "Add --as: --as-group and --as-uid go with a user to impersonate."],
    [{}, user("{ token: t, as-groups: [g] }"), "Correct the kubeconfig entry."],
    [{ certificateAuthority: "/no/such" }, file, "Check the path after --certificate-authority."],
    [
      { certificateAuthority: import.meta.filename, insecureSkipTlsVerify: true },
      file,
      "Leave out --insecure-skip-tls-verify or --certificate-authority.",
    ],
    [
      { env: { KUBECONFIG: "/no/such/config" } },
      "",
      "/no/such/config (KUBECONFIG) does not exist. " +
        "Point KUBECONFIG or --kubeconfig at a kubeconfig, or read a snapshot with -f.",
    ],
    [{ env: { HOME: "/no/such" }, context: "x" }, "", "Contexts: none. /no/such/.kube/config does not exist."],
  ] as [Partial<ConnectOptions>, string, string][])("the next step names what is at fault: %j", (given, text, next) => {
    expect(() => choose(given, text)).toThrow(expect.objectContaining({ next }));
  });

  test.each([
    ["", "error: no configuration has been provided"],
    [
      "current-context: gone\nclusters: [{ name: a, cluster: { server: s } }]",
      "context was not found for specified context: gone",
    ],
    ["clusters: [{ name: a, cluster: { server: s } }]", "error: current-context is not set"],
    [
      user("{ token: canary, username: u }"),
      "more than one authentication method found for u; found [token basicAuth]",
    ],
    [user("{ client-certificate-data: canary }"), "client-key-data or client-key must be specified for u"],
    [user("{ client-certificate-data: a, client-certificate: a, client-key: k }"), "are both specified for u"],
    [
      user("{ client-certificate: /no/c, client-key: /no/k }"),
      "unable to read client-cert /no/c for u due to open /no/c",
    ],
    [
      user("{ exec: { apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never } }"),
      "command must be specified",
    ],
    [
      user("{ exec: { apiVersion: client.authentication.k8s.io/v1, command: c } }"),
      "interactiveMode must be specified",
    ],
    [user("{ exec: { command: c, interactiveMode: Never } }"), "apiVersion must be specified for u"],
    [
      user("{ exec: { apiVersion: a/v1, command: c, interactiveMode: Often } }"),
      'invalid interactiveMode for u: "Often"',
    ],
    [
      user("{ exec: { apiVersion: a/v1, command: c, interactiveMode: Never }, auth-provider: { name: gcp } }"),
      "authProvider cannot",
    ],
  ])("%s", (text, message) => {
    let error: unknown;
    try {
      choose({}, text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ name: "ApiError", fatal: true, message: expect.stringContaining(message) });
    expect(JSON.stringify(error)).not.toContain("canary");
  });

  test("a v1beta1 plugin may leave its mode out", () => {
    expect(() =>
      choose({}, user("{ exec: { apiVersion: client.authentication.k8s.io/v1beta1, command: c } }")),
    ).not.toThrow();
  });
});

function user(entry: string): string {
  return `current-context: c
clusters: [{ name: k, cluster: { server: "https://s" } }]
users: [{ name: u, user: ${entry} }]
contexts: [{ name: c, context: { cluster: k, user: u } }]`;
}

describe("the server's URL", () => {
  test.each([
    [{ server: "https://h:6443/" }, false, "https://h:6443"],
    [{ server: "https://h/k8s/clusters/c-1/" }, false, "https://h/k8s/clusters/c-1"],
    [{ server: "localhost:8080" }, false, "http://localhost:8080"],
    [{ server: "h:6443", "certificate-authority-data": "Q0E=" }, false, "https://h:6443"],
    [{ server: "h:6443" }, true, "https://h:6443"],
    [{ server: "https://user:canary@h?x=1" }, false, "https://h"],
    [{ server: "https://[::1]:6443" }, false, "https://[::1]:6443"],
  ])("%j, certificate %s: %s", (cluster, certified, expected) => {
    expect(serverUrl(cluster, certified)).toBe(expected);
  });

  test.each(["https://", "ftp://h", "https://h:99999", "https://u:canary@:1"])("%s is refused", (server) => {
    expect(() => serverUrl({ server }, false)).toThrow(/host must be a URL or a host:port pair/);
    expect(() => serverUrl({ server }, false)).not.toThrow(/canary/);
  });
});
