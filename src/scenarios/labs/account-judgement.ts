import type { Judgement, Twin } from "../lab/stage.ts";
import { namesOf } from "./account-names.ts";
import { blocked, inconclusive, succeeded } from "./judgements.ts";

/** What the account asked for: its own Secret, a list of a namespace, or the neighbour's Secret in one. */
export type Asked = "own" | "list" | "list-other" | "neighbour" | "neighbour-other";

/** One request of the account, by whomever it was sent. */
export interface AskedAnswer {
  asked: Asked;
  /** HTTP status and Status reason; null where there was no answer. */
  status: number | null;
  reason: string | null;
  /** Whether a refusal names the account, as the authorizer's does and a gateway's does not. */
  named: boolean;
  /** Whether the answer held the canary. */
  hasCanary: boolean;
}

/** All requests of the account; `token` is false where its pod has none. */
export interface AccountAnswers {
  token: boolean;
  answers: readonly AskedAnswer[];
}

const WORDS: Readonly<Record<Asked, string>> = {
  own: "its own Secret",
  list: "the list of its namespace's Secrets",
  "list-other": "the list of the other namespace's Secrets",
  neighbour: "the neighbour's Secret in its namespace",
  "neighbour-other": "the neighbour's Secret in the other namespace",
};

/** Blocked only where every request but that for the own Secret was refused by the authorizer, and that one was not. */
export function judgeAsked(twin: Pick<Twin, "name">, { token, answers }: AccountAnswers): Judgement {
  if (!token) return blocked("no-token", "the pod holds no token of its account: there is nothing to act with");
  const got = answers.filter(({ hasCanary }) => hasCanary).map(({ asked }) => WORDS[asked]);
  if (got.length > 0) return succeeded(`read what it does not need: ${got.join(", ")}`);
  const own = answers.find(({ asked }) => asked === "own");
  if (own?.status !== 200) return inconclusive(`its own Secret could not be read: ${inWords(own)}`);
  const others = (Object.keys(WORDS) as Asked[]).filter((asked) => asked !== "own");
  const odd = others.filter((asked) => !isForbidden(answers.find((one) => one.asked === asked)));
  if (odd.length === 0)
    return blocked("least-privilege", `403, only ${namesOf(twin).own}: every other request is Forbidden`);
  const said = odd.map((asked) => `${WORDS[asked]}: ${inWords(answers.find((one) => one.asked === asked))}`);
  return inconclusive(`not refused by the authorizer, and without the canary: ${said.join("; ")}`);
}

function isForbidden(answer: AskedAnswer | undefined): boolean {
  return answer?.status === 403 && answer.reason === "Forbidden" && answer.named;
}

function inWords(answer: AskedAnswer | undefined): string {
  if (answer === undefined) return "not asked";
  if (answer.status === null) return answer.reason === null ? "no answer" : `no answer (${answer.reason})`;
  const words = [String(answer.status), answer.reason].filter((part) => part !== null).join(" ");
  return answer.status === 403 && !answer.named ? `${words}, which does not name the account` : words;
}
