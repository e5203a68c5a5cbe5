import type { ControlPlane } from "../../control-plane/provider.ts";
import type { Stored } from "../../control-plane/story.ts";

/** What changes by itself while nothing happens. */
const RESTLESS = ["events", "leases"];

/** The namespaces that each test gets and that go while the next one runs. */
const OF_TESTS = /^t-[0-9a-f]{10}$/;

/**
 * Every object of every kind that the server serves and lists, by kind and name, with all that stands in it but status, managed
 * fields and resourceVersion.
 */
export async function wholeCluster(plane: ControlPlane): Promise<Map<string, string>> {
  const held = new Map<string, string>();
  for (const path of await collections(plane)) {
    const { status, body } = await plane.request("GET", path);
    // Kinds that are reviews, or are metrics of nothing, give no list.
    if (status !== 200) continue;
    for (const object of (body["items"] as Stored[] | undefined) ?? []) {
      const { metadata } = object;
      const { namespace = "", name } = metadata as { namespace?: string; name: string };
      if (OF_TESTS.test(namespace) || OF_TESTS.test(name)) continue;
      held.set(
        `${path} ${namespace}/${name}`,
        JSON.stringify({ ...object, status: null, metadata: settled(metadata) }),
      );
    }
  }
  return held;
}

function settled(metadata: Stored): Stored {
  return { ...metadata, managedFields: null, resourceVersion: null };
}

async function collections(plane: ControlPlane): Promise<string[]> {
  const groups = (await plane.request("GET", "/apis")).body["groups"] as {
    preferredVersion: { groupVersion: string };
  }[];
  const roots = ["/api/v1", ...groups.map(({ preferredVersion }) => `/apis/${preferredVersion.groupVersion}`)];
  const lists = await Promise.all(
    roots.map(async (root) => {
      const { resources = [] } = (await plane.request("GET", root)).body as {
        resources?: { name: string; verbs: string[] }[];
      };
      return resources
        .filter(({ name, verbs }) => verbs.includes("list") && !RESTLESS.includes(name))
        .map(({ name }) => `${root}/${name}`);
    }),
  );
  return lists.flat();
}

/** What is in one and not, or not so, in the other. */
export function differences(before: Map<string, string>, after: Map<string, string>): string[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => before.get(key) !== after.get(key));
}
