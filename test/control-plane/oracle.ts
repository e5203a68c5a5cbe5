import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Request } from "../../src/rbac/rules.ts";
import type { Identity } from "../../src/rbac/subjects.ts";
import { buildOracle } from "./oracle-build.ts";
import type { Questions } from "./oracle-questions.ts";

/** Objects as an API server serves them, and requests to decide over them. */
export interface OracleCase {
  /** Roles, ClusterRoles, their bindings and Pods. */
  objects: readonly object[];
  /** Pods, as namespace and name, that are deleted after all objects were seen. */
  deleted?: readonly (readonly [string, string])[];
  users: readonly Identity[];
  /** `user` is an index of `users`. */
  requests: readonly { user: number; request: Request }[];
}

/** What allows a request, as one digit: 1 the privileged group or RBAC, plus 2 the Node authorizer. */
export type Digit = "0" | "1" | "2" | "3";

/** An identity without a name is somebody whom no binding names. */
const NOBODY = "nobody has this name";
const IN_FLIGHT = 32;

function lineOf({ objects, deleted = [], users, requests }: OracleCase): string {
  const asked = requests.map(({ user, request }) => {
    if ("path" in request) return [String(user), request.verb, request.path];
    const { verb, group, resource, subresource, namespace, name } = request;
    return [String(user), verb, group, resource, subresource, namespace, name];
  });
  const named = users.map(({ name, groups }) => ({ name: name === "" ? NOBODY : name, groups }));
  return `${JSON.stringify({ objects, deleted, users: named, requests: asked })}\n`;
}

interface Waiting {
  resolve: (answer: Record<string, unknown>) => void;
  reject: (error: Error) => void;
}

/** The answers to many questions, in order. They are drawn as answers come, so that never more than a few are in flight. */
export async function* inOrder<T, A>(
  questions: Iterable<T>,
  ask: (question: T) => Promise<A>,
): AsyncGenerator<[asked: T, answer: A]> {
  const flying: [T, Promise<A>][] = [];
  for (const asked of questions) {
    const answer = ask(asked);
    // A death rejects all that fly, and only the first of them is awaited then.
    answer.catch(() => undefined);
    flying.push([asked, answer]);
    if (flying.length < IN_FLIGHT) continue;
    const [first, firstAnswer] = flying.shift()!;
    yield [first, await firstAnswer];
  }
  for (const [asked, answer] of flying) yield [asked, await answer];
}

/** Kubernetes' own code in a process that answers questions. */
export class Oracle {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting: Waiting[] = [];
  #ended: Error | null = null;
  #said = "";

  private constructor(program: string) {
    this.#child = spawn(program, [], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-4000);
    });
    // A write to a process that died says EPIPE; its end says why.
    this.#child.stdin.on("error", () => undefined);
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#answered(line));
    this.#child.once("error", (error) => this.#end(error.message));
    this.#child.once("close", (code, signal) => this.#end(signal ?? `status ${String(code)}`));
  }

  /** Builds the program where it is missing and starts it; throws GoMissing without Go 1.26. The version is that of the Kubernetes linked: `v1.36.4`. */
  static async start(log: (line: string) => void): Promise<{ oracle: Oracle; version: string }> {
    const oracle = new Oracle(await buildOracle(log));
    const { kubernetes } = await oracle.#next();
    return { oracle, version: typeof kubernetes === "string" ? kubernetes : "unknown" };
  }

  /** What Kubernetes decides, one digit a request. Throws where it refuses the case, or died. */
  async ask(asked: OracleCase): Promise<string> {
    return (await this.#send<{ decisions: string }>(lineOf(asked))).decisions;
  }

  /** What Kubernetes answers to a question of the kind. Throws where it cannot be asked, or died. */
  question<Kind extends keyof Questions>(
    ask: Kind,
    asked: Questions[Kind]["asked"],
  ): Promise<Questions[Kind]["answer"]> {
    return this.#send(`${JSON.stringify({ ask, ...asked })}\n`);
  }

  /** Answers a stream of cases in order. */
  answers<T extends OracleCase>(cases: Iterable<T>): AsyncGenerator<[asked: T, decisions: string]> {
    return inOrder(cases, (asked) => this.ask(asked));
  }

  /** Ends the process and waits until it is gone; one that still owes an answer is killed. */
  async stop(): Promise<void> {
    if (this.#ended !== null) return;
    const gone = new Promise((resolve) => this.#child.once("close", resolve));
    if (this.#waiting.length > 0) this.#child.kill("SIGKILL");
    this.#child.stdin.end();
    await gone;
  }

  async #send<Answer>(line: string): Promise<Answer> {
    const next = this.#next();
    if (this.#ended === null) this.#child.stdin.write(line);
    const answer = await next;
    if (typeof answer["error"] === "string") throw new Error(`the oracle refuses a case: ${answer["error"]}`);
    return answer as Answer;
  }

  #next(): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== null) reject(this.#ended);
      else this.#waiting.push({ resolve, reject });
    });
  }

  #answered(line: string): void {
    this.#waiting.shift()?.resolve(JSON.parse(line) as Record<string, unknown>);
  }

  #end(how: string): void {
    const said = this.#said.trim();
    this.#ended ??= new Error(`the oracle ended with ${how}${said === "" ? "" : `: ${said}`}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
