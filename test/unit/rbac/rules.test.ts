import { describe, expect, test } from "vitest";
import type { PolicyRule } from "../../../src/model/access.ts";
import { ruleAllows, type ResourceRequest } from "../../../src/rbac/rules.ts";
import { rule } from "./fixture.ts";

function request(parts: Partial<ResourceRequest>): ResourceRequest {
  return { verb: "get", group: "", resource: "secrets", subresource: "", namespace: "a", name: "db", ...parts };
}

describe("a rule is matched exactly, apart from a few wildcards", () => {
  test.each<[string, PolicyRule, Partial<ResourceRequest>, boolean]>([
    ["the same verb", rule("get", "secrets"), {}, true],
    ["another verb", rule("get", "secrets"), { verb: "list" }, false],
    ["verb *", rule("*", "secrets"), { verb: "deletecollection" }, true],
    ["a verb in capitals", rule("GET", "secrets"), {}, false],
    ["a verb with a star", rule("get*", "secrets"), {}, false],
    ["no verb", { ...rule("", "secrets"), verbs: [] }, {}, false],

    ["the core group", rule("get", "secrets", [], [""]), {}, true],
    ["group *", rule("get", "secrets", [], ["*"]), {}, true],
    ["group v1", rule("get", "secrets", [], ["v1"]), {}, false],
    ["group core", rule("get", "secrets", [], ["core"]), {}, false],
    ["no group", rule("get", "secrets", [], []), {}, false],
    ["another group's resource", rule("get", "jobs", [], [""]), { group: "batch", resource: "jobs" }, false],

    ["resource *", rule("get", "*"), {}, true],
    ["resource * and a subresource", rule("get", "*"), { resource: "pods", subresource: "exec" }, true],
    ["a resource in capitals", rule("get", "Secrets"), {}, false],
    ["the singular", rule("get", "secret"), {}, false],
    ["secrets/*", rule("get", "secrets/*"), {}, false],
    ["*/*", rule("get", "*/*"), {}, false],
    ["a resource without its subresource", rule("get", "pods"), { resource: "pods", subresource: "log" }, false],
    ["pods/log", rule("get", "pods/log"), { resource: "pods", subresource: "log" }, true],
    ["pods/log for the pod itself", rule("get", "pods/log"), { resource: "pods" }, false],
    ["*/log", rule("get", "*/log"), { resource: "pods", subresource: "log" }, true],
    ["*/log for the pod itself", rule("get", "*/log"), { resource: "pods" }, false],
    ["*/og", rule("get", "*/og"), { resource: "pods", subresource: "log" }, false],
    [
      "pods/* and a subresource",
      rule("create", "pods/*"),
      { verb: "create", resource: "pods", subresource: "exec" },
      false,
    ],
    ["*/* and a subresource", rule("get", "*/*"), { resource: "pods", subresource: "log" }, false],

    ["its name", rule("get", "secrets", ["db"]), {}, true],
    ["another name", rule("get", "secrets", ["db"]), { name: "api" }, false],
    ["name *", rule("get", "secrets", ["*"]), {}, false],
    ["a name with a star", rule("get", "secrets", ["d*"]), {}, false],
    ["a name in capitals", rule("get", "secrets", ["DB"]), {}, false],
    ["a list without a name", rule("list", "secrets", ["db"]), { verb: "list", name: "" }, false],
    ["a list with field selector metadata.name", rule("list", "secrets", ["db"]), { verb: "list" }, true],
    ["a watch with field selector metadata.name", rule("watch", "secrets", ["db"]), { verb: "watch" }, true],
    [
      'resourceNames [""] and a request without a name',
      rule("list", "secrets", [""]),
      { verb: "list", name: "" },
      true,
    ],
    ['resourceNames [""] and a request with a name', rule("get", "secrets", [""]), {}, false],
    [
      "deletecollection, which carries no name",
      rule("deletecollection", "secrets", ["db"]),
      { verb: "deletecollection", name: "" },
      false,
    ],
  ])("%s", (_, candidate, asked, allowed) => {
    expect(ruleAllows(candidate, request(asked))).toBe(allowed);
  });
});

describe("non-resource URLs are exact or a prefix before trailing stars", () => {
  test.each([
    ["*", "/healthz", true],
    ["/healthz", "/healthz", true],
    ["/healthz", "/healthz/ping", false],
    ["/healthz*", "/healthz", true],
    ["/healthz/*", "/healthz", false],
    ["/healthz/*", "/healthz/ping", true],
    ["/logs/***", "/logs/x", true],
    ["/*/ping", "/healthz/ping", false],
    ["/HEALTHZ", "/healthz", false],
  ])("%s and %s", (url, path, allowed) => {
    const candidate = { ...rule("get", ""), resources: [], apiGroups: [], nonResourceURLs: [url] };
    expect(ruleAllows(candidate, { verb: "get", path })).toBe(allowed);
  });

  test("a resource rule of all stars covers no path", () => {
    expect(ruleAllows(rule("*", "*", [], ["*"]), { verb: "get", path: "/healthz" })).toBe(false);
  });
});
