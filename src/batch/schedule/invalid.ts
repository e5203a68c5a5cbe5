/** Why the controller cannot use a schedule, in words. Thrown by the readers of its parts, and by nothing that is exported. */
export class InvalidSchedule extends Error {}
