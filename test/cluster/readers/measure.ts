import { randomBytes } from "node:crypto";
import { actAs, allow, must, pathOf, waitFor, type Actor } from "../../control-plane/act.ts";
import type { ControlPlane } from "../../control-plane/provider.ts";
import { sender } from "./answer.ts";
import { carrierKinds, makeCarrier, partsIn, type CarrierKind, type Carrying, type Part } from "./carriers.ts";
import { forms, VERBS, type Form, type Verb } from "./forms.ts";

/** One request that was sent, and what its answer held. */
export interface Measured {
  /** `pods/status`. */
  resource: string;
  verb: Verb;
  form: string;
  /** `finished pod`. */
  carrier: string;
  status: number;
  /** Of the values in the object, those that the answer held. */
  parts: Part[];
}

/** How many requests are under way at once. */
const AT_ONCE = 12;

/** Sends every verb in every form to every carrier and each of its subresources, as an account that holds that verb alone. */
export async function measure(plane: ControlPlane): Promise<Measured[]> {
  const { send, close } = sender(plane);
  try {
    const all: Measured[] = [];
    for (const carrier of carrierKinds) all.push(...(await measureCarrier(plane, send, carrier)));
    return all;
  } finally {
    close();
  }
}

/** The subresources of a carrier that discovery lists, and "" for itself. */
export async function subresourcesOf(plane: ControlPlane, { apiVersion, resource }: CarrierKind): Promise<string[]> {
  const { resources } = await must(plane, "GET", apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`);
  const paths = (resources as { name: string }[]).map(({ name }) => name.split("/"));
  return paths.filter(([name]) => name === resource).map(([, subresource = ""]) => subresource);
}

interface Attempt {
  subresource: string;
  verb: Verb;
  form: Form;
  actor: Actor;
}

async function measureCarrier(
  plane: ControlPlane,
  send: ReturnType<typeof sender>["send"],
  carrier: CarrierKind,
): Promise<Measured[]> {
  const namespace = `readers-${randomBytes(4).toString("hex")}`;
  await must(plane, "POST", pathOf("Namespace", null), { metadata: { name: namespace } });
  await waitFor("the namespace's default account", async () => {
    return (await plane.request("GET", pathOf("ServiceAccount", namespace, "default"))).status === 200;
  });
  const attempts = (await subresourcesOf(plane, carrier)).flatMap((subresource) =>
    VERBS.map((verb) => ({ subresource, verb })),
  );
  const accounts = await inParallel(attempts, (one) => accountFor(plane, namespace, carrier, one));
  const all = attempts.flatMap((one, index) =>
    forms[one.verb].map((form): Attempt => ({ ...one, form, actor: accounts[index]! })),
  );
  const idle: Carrying[] = [];
  const once = async ({ subresource, verb, form, actor }: Attempt): Promise<Measured> => {
    const carrying = idle.pop() ?? (await makeCarrier(plane, carrier, namespace));
    const { name } = carrying;
    const path = pathOf(carrier.kind, namespace);
    const { resourceVersion } = (await must(plane, "GET", `${path}?limit=1`))["metadata"];
    if (form.afterwards === true) {
      await must(plane, "DELETE", `${path}/${name}?propagationPolicy=Background&gracePeriodSeconds=0`);
      await waitFor("the deletion", async () => (await plane.request("GET", `${path}/${name}`)).status === 404);
    }
    const sent = form.request({ carrier, subresource, namespace, name, resourceVersion });
    // A watch is left once it has said what there is to say.
    const enough = (text: string) => partsIn(text, carrying).length === (carrying.message === "" ? 2 : 3);
    const { status, text } = await send(actor.token, sent, enough);
    const untouched =
      form.afterwards !== true && (sent.method === "GET" || sent.path.includes("dryRun") || status >= 400);
    if (untouched) idle.push(carrying);
    const resource = subresource === "" ? carrier.resource : `${carrier.resource}/${subresource}`;
    return { resource, verb, form: form.title, carrier: carrier.title, status, parts: partsIn(text, carrying) };
  };
  // What deletes all there is comes last, one by one, and spares nothing for the next.
  const [last, first] = [true, false].map((whole) => all.filter(({ verb }) => (verb === "deletecollection") === whole));
  const measured = await inParallel(first!, once);
  for (const attempt of last!) {
    idle.length = 0;
    measured.push(await once(attempt));
  }
  await must(plane, "DELETE", pathOf("Namespace", null, namespace));
  return measured;
}

/** An account that holds one verb on one resource or subresource in the namespace, and may use it already. */
async function accountFor(
  plane: ControlPlane,
  namespace: string,
  { resource, apiVersion }: CarrierKind,
  { subresource, verb }: Pick<Attempt, "subresource" | "verb">,
): Promise<Actor> {
  const name = ["only", verb, subresource].filter((part) => part !== "").join("-");
  const group = apiVersion === "v1" ? "" : "batch";
  const actor = await actAs(plane, namespace, name);
  await allow(plane, {
    name,
    namespace,
    subjects: [{ kind: "ServiceAccount", namespace, name }],
    verbs: [verb],
    resources: [subresource === "" ? resource : `${resource}/${subresource}`],
    apiGroups: [group],
  });
  const review = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { verb, group, resource, subresource, namespace, name: "any" } },
  };
  await waitFor(`the authorizer to grant ${verb} ${resource}/${subresource}`, async () => {
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    return (await actor.request("POST", path, review)).body.status?.allowed === true;
  });
  return actor;
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
