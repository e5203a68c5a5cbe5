import { pathOf } from "../../control-plane/act.ts";
import type { Attack } from "./attack.ts";
import { runVictim, VICTIM } from "./streams.ts";

/** The name in the request is the pod's, with a port or with the first that it declares; resourceNames are compared with all of it. */
const TARGET = `${VICTIM}:8080`;
const PLAIN = VICTIM;

export const attacks: Attack[] = [
  { method: "GET", verb: "get", name: TARGET },
  { method: "POST", verb: "create", name: TARGET },
  { method: "GET", verb: "get", name: PLAIN },
].map(({ method, verb, name }) => ({
  edge: "pods-proxy",
  elsewhere: true,
  how: `${verb}, named ${name}: asks an application that has the Secret, and answers whoever reaches it`,
  rights: (stage) => [stage.here(verb, "pods/proxy", name)],
  arrange: (stage) => runVictim(stage),
  attack: async (stage) => String(await stage.send(method, `${pathOf("Pod", stage.namespace, name)}/proxy/env`)),
}));
