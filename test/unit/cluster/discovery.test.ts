import { expect, test } from "vitest";
import { discover } from "../../../src/cluster/discovery.ts";
import { ApiError } from "../../../src/cluster/errors.ts";
import type { Request, Transport } from "../../../src/cluster/transport.ts";
import type { Json } from "../../../src/model/api.ts";

const VERBS = ["delete", "get", "list", "watch"];
const refused = (fatal = false): ApiError =>
  new ApiError({ status: 503, reason: "ServiceUnavailable", message: "no", next: "", fatal });

function transport(answers: Record<string, Json | ApiError>) {
  const asked: Request[] = [];
  const send = (request: Request): Promise<Json> => {
    asked.push(request);
    const answer = answers[request.path] ?? refused();
    return answer instanceof ApiError ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { transport: { send } as unknown as Transport, asked };
}

const resource = (name: string, kind: string, scope = "Namespaced") => ({
  resource: name,
  responseKind: { group: "", version: "", kind },
  scope,
  verbs: VERBS,
});

const aggregated = (items: Json[]): Json => ({ kind: "APIGroupDiscoveryList", items });

test("two answers tell everything; the version that comes first is the preferred one; what is stale is told", async () => {
  const { transport: to, asked } = transport({
    "/api": aggregated([{ metadata: {}, versions: [{ version: "v1", resources: [resource("pods", "Pod")] }] }]),
    "/apis": aggregated([
      {
        metadata: { name: "example.com" },
        versions: [
          { version: "v2", freshness: "Current", resources: [resource("widgets", "Widget")] },
          {
            version: "v1",
            freshness: "Current",
            resources: [resource("widgets", "Widget"), resource("olds", "Old", "Cluster")],
          },
        ],
      },
      { metadata: { name: "down.example.com" }, versions: [{ version: "v1", freshness: "Stale", resources: [] }] },
    ]),
  });
  expect(await discover(to)).toEqual({
    resources: [
      { group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: true, verbs: VERBS },
      { group: "example.com", version: "v1", resource: "olds", kind: "Old", namespaced: false, verbs: VERBS },
      { group: "example.com", version: "v2", resource: "widgets", kind: "Widget", namespaced: true, verbs: VERBS },
    ],
    unseen: ["down.example.com/v1"],
  });
  expect(asked.map(({ path }) => path)).toEqual(["/api", "/apis"]);
});

test("an older server is asked group by group", async () => {
  const list = (...names: string[]): Json => ({
    kind: "APIResourceList",
    resources: names.map((name) => ({ name, kind: name, namespaced: true, verbs: VERBS })),
  });
  const { transport: to } = transport({
    "/api": { kind: "APIVersions", versions: ["v1"] },
    "/apis": {
      kind: "APIGroupList",
      groups: [
        {
          name: "example.com",
          preferredVersion: { groupVersion: "example.com/v1" },
          versions: [{ groupVersion: "example.com/v1beta1" }, { groupVersion: "example.com/v1" }],
        },
        { name: "down", preferredVersion: { groupVersion: "down/v1" }, versions: [{ groupVersion: "down/v1" }] },
      ],
    },
    "/api/v1": list("pods", "pods/log"),
    "/apis/example.com/v1": list("widgets"),
    "/apis/example.com/v1beta1": list("widgets", "extras"),
  });
  const { resources, unseen } = await discover(to);
  expect(resources.map(({ version, resource: name }) => `${name} ${version}`)).toEqual([
    "pods v1",
    "extras v1beta1",
    "widgets v1",
  ]);
  expect(unseen).toEqual(["down/v1"]);
});

test("answers that are none are unseen, and what ends every request is thrown", async () => {
  expect(await discover(transport({}).transport)).toEqual({ resources: [], unseen: ["/api", "/apis"] });
  const odd = transport({ "/api": aggregated([{ versions: "x" }, { versions: [{ resources: [{}] }] }]), "/apis": {} });
  expect(await discover(odd.transport)).toEqual({ resources: [], unseen: [] });
  await expect(discover(transport({ "/api": refused(true) }).transport)).rejects.toThrow("no");
});
