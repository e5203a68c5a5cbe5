import type { ActorApi, ApiFailure, Json, Writer } from "../../model/api.ts";
import type { LabStep } from "../../model/lab.ts";
import { openActor } from "./actor.ts";
import type { Canaries } from "./canary.ts";
import { objectAt, stringAt } from "../../evidence/json.ts";
import { itemsOf } from "./json.ts";
import { requireUser } from "./require-user.ts";
import type { Actor, Place, Stage, Twin } from "./stage.ts";

/** What the stage of one twin is made from. */
export interface StageSetup {
  place: Place;
  twin: Pick<Twin, "name">;
  canaries: Canaries;
  /** The operator's own connection. */
  operator: Pick<Writer, "get" | "create">;
  /** The same server with this token and nothing of the operator's (cluster/ connectActor). */
  connect(token: string): Promise<ActorApi>;
  /** Labels, journals and makes an object (lab/make.ts). */
  make(object: Json): Promise<Json>;
  now(): Date;
  /** Rejects when the run is interrupted. */
  sleep(ms: number): Promise<void>;
  signal: AbortSignal;
  say(text: string): void;
}

/** A stage and what was done on it so far. */
export interface OpenStage extends Stage {
  /** Grows while the attack goes on; holds no canary. */
  readonly steps: readonly LabStep[];
  /** Ends the connections of all actors. */
  close(): Promise<void>;
}

/** The shortest that the API server gives a token for (TokenRequest, validation of expirationSeconds). */
const TOKEN_SECONDS = 600;
const POLL_MS = 250;
/** Kubernetes itself takes any length; older servers cut an Audit-ID at 64 characters. */
const LONGEST_ID = 64;

/** The stage for one twin's attack. */
export function openStage(setup: StageSetup): OpenStage {
  const { place, twin, canaries, operator, signal } = setup;
  const steps: LabStep[] = [];
  const actors: Actor[] = [];
  let requests = 0;

  const auditId = (): string => `cronaudit-${place.run}-${String(++requests)}-${twin.name}`.slice(0, LONGEST_ID);
  const record = (step: Omit<LabStep, "at">): void => {
    const { act, shows, reason } = step;
    const reasonShown = reason === null ? null : canaries.mask(reason);
    const done = { ...step, act: canaries.mask(act), reason: reasonShown, shows: canaries.mask(shows) };
    // What is asked again until it changes is one step: the last of its answers.
    const before = steps.at(-1);
    if (before !== undefined && isSame(before, done)) steps.pop();
    steps.push({ at: setup.now().toISOString(), ...done });
  };

  return {
    place,
    steps,
    record,
    make: setup.make,
    say: (text) => setup.say(canaries.mask(text)),
    canary: () => canaries.mint(),
    async find(path) {
      try {
        return await operator.get(path);
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    list: async (path) => itemsOf(await operator.get(path)),
    async wait(_what, seconds, probe) {
      const end = setup.now().getTime() + seconds * 1000;
      for (;;) {
        signal.throwIfAborted();
        const found = await probe();
        if (found !== null) return found;
        if (setup.now().getTime() >= end) return null;
        await setup.sleep(POLL_MS);
      }
    },
    async actAs({ namespace, name }, boundTo) {
      const boundObjectRef = { apiVersion: "v1", ...boundTo };
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
      const spec = { audiences: [], expirationSeconds: TOKEN_SECONDS, boundObjectRef };
      const review = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec };
      const token = stringAt(objectAt(await operator.create(path, review, false), "status"), "token");
      if (token === null) throw new Error(`the server gave no token for ${namespace}/${name}`);
      const user = `system:serviceaccount:${namespace}:${name}`;
      const api = await setup.connect(token);
      const actor = openActor({ user, api, auditId, record });
      actors.push(actor);
      await requireUser(api, user, auditId);
      return actor;
    },
    async close() {
      await Promise.all(actors.map((actor) => actor.close()));
    },
  };
}

function isMissing(error: unknown): boolean {
  const { name, status } = error as ApiFailure;
  return (name as string) === "ApiError" && status === 404;
}

function isSame(one: LabStep, other: Omit<LabStep, "at">): boolean {
  return (
    one.as === other.as &&
    one.by === other.by &&
    one.act === other.act &&
    one.status === other.status &&
    one.reason === other.reason &&
    one.shows === other.shows
  );
}
