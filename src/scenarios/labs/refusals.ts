import type { Answer } from "../lab/stage.ts";

/** What of an answer tells who gave it. */
type Said = Pick<Answer, "status" | "reason">;

/** 401 of the API server itself: what a gateway in between answers has no reason (model/api.ts ActorAnswer). */
export function isUnauthorized({ status, reason }: Said): boolean {
  return status === 401 && reason === "Unauthorized";
}

/** 404 of the API server itself. */
export function isNotFound({ status, reason }: Said): boolean {
  return status === 404 && reason === "NotFound";
}

/** 409 of the API server itself. */
export function isConflict({ status, reason }: Said): boolean {
  return status === 409 && reason === "Conflict";
}

/** Whether a refusal says whom it refuses, as the authorizer's does (apiserver responsewriters ForbiddenStatusError). */
export function namesUser({ message }: Pick<Answer, "message">, user: string): boolean {
  return message?.includes(`User "${user}"`) === true;
}
