import type { ActorApi } from "../../model/api.ts";
import type { LabStep } from "../../model/lab.ts";
import type { Actor, Answer } from "./stage.ts";

/** What an actor is made from. */
export interface ActorSetup {
  user: string;
  api: ActorApi;
  /** A new Audit-ID. */
  auditId(): string;
  record(step: Omit<LabStep, "at">): void;
}

/** Somebody with a connection of their own, each of whose requests becomes a step. */
export function openActor({ user, api, auditId, record }: ActorSetup): Actor {
  return {
    user,
    async request(request, shows) {
      const id = auditId();
      const answer: Answer = { ...(await api.send({ ...request, auditId: id })), auditId: id };
      record({
        as: user,
        by: "driver",
        act: `${request.method} ${request.path}`,
        auditId: id,
        status: answer.status,
        reason: answer.reason,
        shows: answer.status === null ? `no answer: ${answer.message ?? "the connection broke"}` : shows(answer),
      });
      return answer;
    },
    close: () => api.close(),
  };
}
