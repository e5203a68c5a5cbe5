import fc from "fast-check";
import { expect, test } from "vitest";
import { createContext } from "../../../src/evidence/context.ts";
import { KINDS } from "../../../src/evidence/kinds/index.ts";
import type { Json } from "../../../src/model/api.ts";

const VOLUMES = ["kube-api-access-abcde", "kube-api-access-fghij", "data"];
const VALUES = ["Zx81hunterQQ", "7fKq2mZ4Lw", ...VOLUMES];

const mount = fc.record({ name: fc.constantFrom(...VOLUMES), mountPath: fc.constantFrom("/a", "/b") });
const variable = fc.record({
  name: fc.constantFrom("DB_PASSWORD", "MODE", ...VOLUMES),
  value: fc.constantFrom(...VALUES),
});
const container = fc.record({
  name: fc.constantFrom("main", "other", ...VOLUMES),
  image: fc.constantFrom("a:1", "b:1"),
  env: fc.uniqueArray(variable, { selector: ({ name }) => name, maxLength: 3 }),
  volumeMounts: fc.array(mount, { maxLength: 2 }),
});
const volume = fc.oneof(
  fc.record({
    name: fc.constantFrom(...VOLUMES),
    projected: fc.constant({ sources: [{ serviceAccountToken: { path: "token", expirationSeconds: 3607 } }] }),
  }),
  fc.record({ name: fc.constantFrom(...VOLUMES), secret: fc.record({ secretName: fc.constantFrom("s", "t") }) }),
);
const spec = fc.record(
  {
    containers: fc.uniqueArray(container, { selector: ({ name }) => name, minLength: 1, maxLength: 2 }),
    volumes: fc.uniqueArray(volume, { selector: ({ name }) => name, maxLength: 2 }),
    nodeName: fc.constantFrom("n-1", "n-2"),
    serviceAccountName: fc.constantFrom("a", "b"),
  },
  { requiredKeys: ["containers"] },
);
const annotations = fc.constantFrom({}, { "cronaudit/ignore": "DB_PASSWORD" });
const pods = fc.array(fc.tuple(spec, annotations), { minLength: 2, maxLength: 8 });

const podOf = ([spec, annotations]: [object, object], at: number): Json => ({
  metadata: { name: `pod-${String(at)}`, namespace: "database", uid: `uid-${String(at)}`, annotations },
  spec,
});

test("a pod is read the same after others as alone", async () => {
  await fc.assert(
    fc.asyncProperty(pods, async (drawn) => {
      const { context: shared } = await createContext(null);
      // Fingerprints are to be compared: the key is the same.
      const alone = async () => ({ ...(await createContext(null)).context, mask: shared.mask });
      for (const [at, one] of drawn.entries()) {
        const raw = podOf(one, at);
        expect(KINDS.pods.project(raw, shared)).toEqual(KINDS.pods.project(raw, await alone()));
      }
    }),
    { numRuns: 300 },
  );
});

test("pods that differ in the name of their token's volume share one template", async () => {
  const { context } = await createContext(null);
  const of = (name: string): object => ({
    containers: [{ name: "main", image: "a:1", volumeMounts: [{ name, mountPath: "/a" }] }],
    volumes: [{ name, projected: { sources: [{ serviceAccountToken: { path: "token" } }] } }],
  });
  const [one, other, third] = [VOLUMES[0]!, VOLUMES[1]!, "data"].map((name, at) =>
    KINDS.pods.project(podOf([of(name), {}], at), context),
  );
  expect(one!.template).toBe(other!.template);
  expect(third!.template.tokens).toEqual(one!.template.tokens);
});
