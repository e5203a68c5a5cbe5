import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, inject } from "vitest";
import "./global-setup.ts";
import { nodeLacks } from "./node/lacks.ts";
import type { RealNode } from "./node/node.ts";
import { realNodeOf } from "./node/start.ts";
import { sayNotRun } from "./not-run.ts";
import { attachPlane, startPlane } from "./plane.ts";
import type { Capability, ControlPlane } from "./provider.ts";

export interface ClusterOptions {
  /** What the tests cannot do without; `real-node` starts one for the plane where none runs yet, in about five seconds. */
  needs?: Capability[];
  /** Starts a plane for the calling file or block alone, for tests that judge a whole cluster; about four seconds. */
  own?: boolean;
  /** Runs once, before the first test; a beforeAll would run even where the tests are skipped. */
  once?: (plane: ControlPlane) => Promise<void>;
  /** How long `once` may take, in milliseconds, where that is longer than a hook may. */
  onceTimeout?: number;
}

export interface Cluster {
  /** Usable from the first test on. */
  readonly plane: ControlPlane;
  /** Fresh for each test, and deleted after it. */
  readonly namespace: string;
  /** The plane's real node, for tests that need `real-node`; usable from the first test on. */
  readonly node: RealNode;
}

async function createNamespace(plane: ControlPlane): Promise<string> {
  const name = `t-${randomBytes(5).toString("hex")}`;
  const created = await plane.request("POST", "/api/v1/namespaces", { metadata: { name } });
  if (created.status !== 201) throw new Error(`cannot create namespace ${name}: ${created.body.message}`);
  const account = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  for (let tries = 0; tries < 200; tries++) {
    if ((await plane.request("GET", account)).status === 200) return name;
    await sleep(50);
  }
  throw new Error(`namespace ${name} got no default ServiceAccount in 10 s; are the controllers stopped?`);
}

/** Why the tests are skipped; where it is the machine's fault, that is said aloud, once a run. */
function reasonFor(lacking: Capability[], directory: string): string {
  const why = lacking.includes("real-node") ? nodeLacks() : null;
  if (why === null) return `this cluster cannot: ${lacking.join(", ")}`;
  try {
    writeFileSync(join(directory, "no-real-node"), why, { flag: "wx" });
    sayNotRun(`the tests of real containers: ${why}`);
  } catch {
    // Another file of this run has said it.
  }
  return why;
}

/**
 * The cluster of this run for the tests of the calling file or describe block. Each test gets a namespace of its own.
 * Where there is no cluster, or it lacks one of `needs`, the tests are skipped and say why.
 */
export function useCluster({ needs = [], own = false, once, onceTimeout }: ClusterOptions = {}): Cluster {
  const provided = inject("controlPlane");
  let plane: ControlPlane | null = null;
  let lacking: Promise<Capability[]> | null = null;
  let namespace: string | null = null;
  let node: RealNode | null = null;

  /** What the cluster lacks; `once` runs only where that is nothing. */
  async function open(directory: string): Promise<Capability[]> {
    const opened = own ? await startPlane() : attachPlane(directory);
    plane = opened;
    const lacking = needs.filter((need) => !opened.capabilities.has(need));
    if (lacking.length > 0) return lacking;
    if (needs.includes("real-node")) node = await realNodeOf(opened);
    await once?.(opened);
    return lacking;
  }

  beforeEach(async (context) => {
    if ("missing" in provided) return context.skip(provided.missing);
    lacking ??= open(provided.directory);
    const without = await lacking;
    if (without.length > 0) return context.skip(reasonFor(without, provided.directory));
    if (plane !== null) namespace = await createNamespace(plane);
  }, onceTimeout);
  afterEach(async () => {
    if (plane !== null && namespace !== null) await plane.request("DELETE", `/api/v1/namespaces/${namespace}`);
    namespace = null;
  });
  afterAll(() => plane?.stop());

  return {
    get plane() {
      if (plane === null) throw new Error("the cluster is there only while tests run; prepare it with `once`");
      return plane;
    },
    get namespace() {
      if (namespace === null) throw new Error("a test's namespace exists only while the test runs");
      return namespace;
    },
    get node() {
      if (node === null) throw new Error('the real node is there only while tests run that need "real-node"');
      return node;
    },
  };
}
