import { expect, test } from "vitest";
import { ApiError } from "../../../../src/cluster/errors.ts";
import type { ActorAnswer, ActorRequest, Json } from "../../../../src/model/api.ts";
import { openCanaries } from "../../../../src/scenarios/lab/canary.ts";
import { openStage, type OpenStage } from "../../../../src/scenarios/lab/open-stage.ts";
import { place } from "../labs/stage.ts";

const failure = (status: number | null): ApiError => new ApiError({ message: "m", next: "n", reason: "r", status });

const USER = "system:serviceaccount:lab:reader";

interface Played {
  stage: OpenStage;
  canaries: ReturnType<typeof openCanaries>;
  created: [string, Json][];
  sent: ActorRequest[];
  tokens: string[];
  closed: number;
}

/** What a server says to SelfSubjectReview, by version; others are not served. */
const served =
  (username: string | null, version = "v1") =>
  (path: string): Partial<ActorAnswer> =>
    path.includes(`/${version}/`) ? { status: 201, body: { status: { userInfo: { username } } } } : { status: 404 };

function play({
  name = "t",
  get = (): Json => ({}),
  answer = {},
  review = served(USER),
  signal = new AbortController().signal,
} = {}): Played {
  const canaries = openCanaries();
  let now = 0;
  const played = { canaries, created: [], sent: [], tokens: [], closed: 0 } as unknown as Played;
  played.stage = openStage({
    ...{ place, twin: { name }, canaries, signal },
    operator: {
      get: async () => get(),
      create: async (path, object) => {
        played.created.push([path, object]);
        return { status: { token: "the token" } };
      },
    },
    connect: async (token) => {
      played.tokens.push(token);
      return {
        send: async (request) => {
          played.sent.push(request);
          const said = request.path.endsWith("/selfsubjectreviews") ? review(request.path) : answer;
          return { status: 200, reason: null, message: null, body: {}, ...said } satisfies ActorAnswer;
        },
        close: async () => void (played.closed += 1),
      };
    },
    make: async (object) => object,
    now: () => new Date(now),
    sleep: async (ms) => void (now += ms),
    say: () => undefined,
  });
  return played;
}

const account = { namespace: "lab", name: "reader" };
const bound = { kind: "Secret", name: "s", uid: "u" } as const;
const get = { method: "GET", path: "/api/v1/pods" } as const;

test("an actor has a token of ten minutes that is bound to an object, and a connection of its own", async () => {
  const played = play();
  const actor = await played.stage.actAs(account, bound);
  expect(played.created).toEqual([
    [
      "/api/v1/namespaces/lab/serviceaccounts/reader/token",
      {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { audiences: [], expirationSeconds: 600, boundObjectRef: { apiVersion: "v1", ...bound } },
      },
    ],
  ]);
  expect([actor.user, played.tokens]).toEqual(["system:serviceaccount:lab:reader", ["the token"]]);
  await played.stage.close();
  expect(played.closed).toBe(1);
});

test("nobody acts whom the server takes for somebody else, or who cannot be told", async () => {
  const actAs = async (review: (path: string) => Partial<ActorAnswer>) => {
    const played = play({ review });
    const acting = played.stage.actAs(account, bound);
    await acting.catch(() => undefined);
    await played.stage.close();
    expect(played.closed).toBe(1);
    return acting;
  };
  for (const version of ["v1", "v1beta1", "v1alpha1"]) expect((await actAs(served(USER, version))).user).toBe(USER);
  await expect(actAs(served("kubernetes-admin"))).rejects.toThrow(`token of ${USER} for kubernetes-admin`);
  await expect(actAs(served(null))).rejects.toThrow("cannot be told");
  await expect(actAs(served(USER, "v2"))).rejects.toThrow("has no SelfSubjectReview");
  await expect(actAs(() => ({ status: 403, message: "no" }))).rejects.toThrow("cannot be told: no");
  await expect(actAs(() => ({ status: null, message: "no answer" }))).rejects.toThrow("cannot be told: no answer");
});

test("every request has an Audit-ID of its run, its number and its twin, and no two have the same", async () => {
  const long = "5-hardened-token-kept-pod-deleted-and-something-that-is-longer-still";
  for (const name of ["1-default", long]) {
    const played = play({ name });
    for (const actor of [await played.stage.actAs(account, bound), await played.stage.actAs(account, bound)]) {
      for (let n = 0; n < 3; n++) await actor.request(get, () => String(n));
    }
    const ids = played.sent.map(({ auditId }) => auditId);
    expect(ids.slice(0, 2)).toEqual([1, 2].map((n) => `cronaudit-r00000001-${String(n)}-${name}`.slice(0, 64)));
    const asked = played.sent.filter(({ method }) => method === "GET").map(({ auditId }) => auditId);
    expect(new Set(ids).size).toBe(8);
    expect([asked.length, played.stage.steps.map(({ auditId }) => auditId)]).toEqual([6, asked]);
  }
});

test("a refusal is an answer, and so is none at all", async () => {
  const refused = { status: 403, reason: "Forbidden", message: "no" };
  const actor = await play({ answer: refused }).stage.actAs(account, bound);
  expect(await actor.request(get, () => "refused")).toMatchObject(refused);
  const broken = play({ answer: { status: null, reason: "Timeout", message: "no answer within 1s" } });
  const other = await broken.stage.actAs(account, bound);
  await other.request(get, () => "something");
  expect(broken.stage.steps).toMatchObject([{ status: null, shows: "no answer: no answer within 1s" }]);
});

test("what is asked again until it changes is one step", async () => {
  const { stage } = play();
  const actor = await stage.actAs(account, bound);
  for (const shows of ["there", "there", "there", "gone", "gone", "there"]) await actor.request(get, () => shows);
  expect(stage.steps.map(({ shows, auditId }) => `${shows} ${auditId!}`)).toEqual([
    "there cronaudit-r00000001-4-t",
    "gone cronaudit-r00000001-6-t",
    "there cronaudit-r00000001-7-t",
  ]);
});

test("no canary gets into a step, whoever writes it there", async () => {
  const { stage, canaries } = play();
  const canary = stage.canary();
  const actor = await stage.actAs(account, bound);
  await actor.request({ method: "GET", path: `/x/${canary.value}` }, () => `found ${canary.value}`);
  const text = { act: canary.value, reason: canary.value, shows: canary.value };
  stage.record({ as: null, by: "container", auditId: null, status: null, ...text });
  expect(JSON.stringify([stage.steps, canary])).not.toContain(canary.value);
  expect(stage.steps[0]!.shows).toBe(`found <canary ${canary.fingerprint}>`);
  expect(canaries.mask("nothing")).toBe("nothing");
});

test("the operator finds an object, none, or the error", async () => {
  const finds = (get: () => Json): Promise<Json | null> => play({ get }).stage.find("/x");
  const fails = (error: Error) => (): Json => {
    throw error;
  };
  expect(await finds(() => ({ kind: "Pod" }))).toEqual({ kind: "Pod" });
  expect(await finds(fails(failure(404)))).toBe(null);
  await expect(finds(fails(failure(403)))).rejects.toMatchObject({ status: 403 });
  await expect(finds(fails(new Error("other")))).rejects.toThrow("other");
  await expect(play({ get: fails(failure(404)) }).stage.list("/x")).rejects.toMatchObject({ status: 404 });
});

test("waiting ends with what was found, with the time, or with the run", async () => {
  let tries = 0;
  const third = async (): Promise<number | null> => (++tries === 3 ? tries : null);
  expect(await play().stage.wait("it", 10, third)).toBe(3);
  let asked = 0;
  const never = async (): Promise<null> => (asked++, null);
  expect([await play().stage.wait("it", 2, never), asked]).toEqual([null, 9]);
  const abort = new AbortController();
  abort.abort(new Error("interrupted"));
  await expect(play({ signal: abort.signal }).stage.wait("it", 2, never)).rejects.toThrow("interrupted");
});
