import { listed } from "./listed.ts";
import { isApiFailure } from "../../evidence/scope.ts";
import { mapAt, objectAt, objectsAt, stringAt } from "../../evidence/json.ts";
import type { Api, Json } from "../../model/api.ts";
import type { LabObject } from "../../model/lab-journal.ts";
import { uidOf } from "./json.ts";
import { LAB_KINDS, type LabKind } from "./kinds.ts";
import { RUN_LABEL } from "./names.ts";

/** An object in a lab's namespace that the run did not make. */
export interface Stranger {
  object: LabObject;
  /** Whether it is about to go by itself: it is being deleted, or the garbage collector looks after it. */
  isGoing: boolean;
}

/** What controllers put into every namespace: Kubernetes' own, OpenShift's and Istio's. It is nobody's work, and is made anew. */
const EVERYWHERE: readonly string[] = [
  "ServiceAccount default",
  "ConfigMap kube-root-ca.crt",
  "ServiceAccount builder",
  "ServiceAccount deployer",
  "ConfigMap openshift-service-ca.crt",
  "RoleBinding system:deployers",
  "RoleBinding system:image-builders",
  "RoleBinding system:image-pullers",
  "ConfigMap istio-ca-root-cert",
];

/** Set by the token controller on the Secrets that it makes for an account. */
const OF_ACCOUNT = "kubernetes.io/service-account.uid";

/**
 * What stands in a namespace of a run, of the kinds that a lab may make, and is neither the run's, nor owned by what is, nor made by
 * Kubernetes itself. `made`: uids of the run's objects, gone ones too. Kinds that may not be listed are not seen. Throws ApiError
 * where a kind could not be listed for another reason.
 */
export async function strangersIn(
  api: Pick<Api, "list">,
  namespace: string,
  { run, made }: { run: string; made: readonly string[] },
): Promise<Stranger[]> {
  const kinds = LAB_KINDS.filter(({ namespaced }) => namespaced);
  const lists = await Promise.all(kinds.map(async (kind) => (await itemsIn(api, namespace, kind)).map(thingOf(kind))));
  const known = new Set(made);
  let left = lists.flat();
  for (let before = -1; before !== left.length;) {
    before = left.length;
    left = left.filter((thing) => {
      if (!isOurs(thing, run, known)) return true;
      known.add(thing.uid);
      return false;
    });
  }
  return left.map(({ object, isGoing }) => ({ object: { ...object, namespace }, isGoing }));
}

interface Thing {
  object: Omit<LabObject, "namespace">;
  uid: string;
  run: string | undefined;
  /** Uids of its owners, and of the account that it is a token of. */
  owners: string[];
  isGoing: boolean;
}

function thingOf({ group, version, resource, kind }: LabKind): (item: Json) => Thing {
  return (item) => {
    const metadata = objectAt(item, "metadata") ?? {};
    const account = new Map(mapAt(metadata, "annotations")).get(OF_ACCOUNT);
    const owners = objectsAt(metadata, "ownerReferences").map(([owner]) => stringAt(owner, "uid") ?? "");
    return {
      object: { group, version, resource, kind, name: stringAt(metadata, "name") ?? "" },
      uid: uidOf(item),
      run: new Map(mapAt(metadata, "labels")).get(RUN_LABEL),
      owners: account === undefined ? owners : [...owners, account],
      isGoing: owners.length > 0 || stringAt(metadata, "deletionTimestamp") !== null,
    };
  };
}

function isOurs({ object: { kind, name }, run: label, owners }: Thing, run: string, known: Set<string>): boolean {
  return label === run || EVERYWHERE.includes(`${kind} ${name}`) || owners.some((uid) => known.has(uid));
}

async function itemsIn(api: Pick<Api, "list">, namespace: string, kind: LabKind): Promise<Json[]> {
  try {
    return await listed(api, kind, { namespace });
  } catch (error) {
    // 404 is of a kind that the server does not serve.
    if (isApiFailure(error) && (error.status === 403 || error.status === 404)) return [];
    throw error;
  }
}
